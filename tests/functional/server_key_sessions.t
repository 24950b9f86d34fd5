Browsers that sign in with an API key:

  $ naevus synth pictures --images 1 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_key_sessions.py" pictures/images
  without --keys nobody needs to sign in
  a key begins a session: no user, the key as actor, for pictures and WebSockets too
  it is held to its token and to the key's role, and ends by signing out
  it ends with its key, revoked or expired, at the next request
  a wrong key is told so, and too many of them are stopped

Those who sign in to the server, and the patients whose pictures they send, over real sockets:

  $ naevus synth pictures --images 7 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_people.py" pictures/images
  without --keys nobody needs to sign in, and the page is told so
  signing in gives a cookie that scripts can't read and other sites can't use
  a wrong name and a wrong password are told alike
  what another site makes a browser send is refused: no token, a wrong one, a foreign page
  each may do what their role allows, and what they do is theirs
  users are added and removed by an admin; a new password ends their sessions; the last admin stays
  a session ends after 8 hours without a request, or after its week, and is forgotten
  a patient's lesions: a place on the body, notes, and the predictions filed under them, over time
  erasing a patient takes predictions, lesions and files, names the models that learned from them, and leaves the others
  predictions are erased when their time is over, with the pictures that no other has
  too many attempts to sign in: 429 with Retry-After, and others are served
  over TLS the cookie is for this host and for TLS alone

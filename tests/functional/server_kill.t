A server that is killed while it is asked, and whose machine loses power:

  $ python3 "$NAEVUS_TESTS/server_kill.py"
  kill -9 at random moments: all that was answered is there, once and whole, and the log of changes is unbroken
  the same where the machine loses what was not synced
  the same on PostgreSQL, which crashes at the same time

Two servers on one PostgreSQL and one folder of pictures:

  $ naevus synth pictures --images 12 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_postgresql.py" pictures/images
  what one replica keeps, changes or erases is so on the other
  an Idempotency-Key asked for on both at once is answered once
  PostgreSQL crashes under load: both answer again by themselves, and what was answered is kept
  kill -9 of a replica under load: the other answers on, and what was answered is kept
  all that both and their forerunners did stands in one unbroken log

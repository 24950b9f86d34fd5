A disk that is full, while a server keeps on it what it answers:

  $ on_small_disk small 8000 'python3 "$NAEVUS_TESTS/server_full_disk.py" small 2> log.txt'
  a full disk: 503 that says so, and what was answered can be read; with room again all of it is there, and the next is kept, also after kill -9

An hour of requests in small, and what it leaves in memory:

  $ python3 "$NAEVUS_TESTS/server_memory.py"
  requests leave nothing behind: memory, descriptors and threads stay what they are

The library that loses what was not synced, by which tests kill programs, held to programs whose faults are known:

  $ python3 "$NAEVUS_TESTS/durable_faults.py"
  bytes are kept by the file's fsync, names by the folder's: either alone loses the file
  a later write, or a shorter file, counts when it was synced
  renames and removals without the folder's fsync are undone; a file renamed before its bytes were synced is empty
  a file is there when every folder above it was synced
  what one program left is judged with what the next one syncs
  SQLite keeps every commit with synchronous=FULL, loses the last ones with NORMAL, and anything with OFF

Keys of the detector's API: the secret goes to standard output alone, and only once.

  $ naevus key create 'reading room' --role reviewer > secret.txt
  key [0-9a-f]{16} for 'reading room' \(reviewer\): kept nowhere and shown this once (re)
  $ grep -Ecx 'nv_[A-Za-z0-9_-]{43}' secret.txt
  1
  $ naevus key create watch --days 30 --json | python3 -c 'import json, sys; key = json.load(sys.stdin); print(sorted(key), key["role"], key["revoked_at"])'
  ['created_at', 'expires_at', 'id', 'name', 'revoked_at', 'role', 'secret'] clinician None
  $ naevus key list
  [0-9a-f]{16}  reviewer   reading room  valid (re)
  [0-9a-f]{16}  clinician  watch  valid until 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (re)
  $ grep -ac "$(cut -c4- secret.txt)" naevus-data/naevus.db
  0
  [1]
  $ naevus key revoke $(naevus key list | head -1 | cut -d' ' -f1)
  key [0-9a-f]{16} is revoked (re)
  $ naevus key list --json | python3 -c 'import json, sys; print([key["revoked_at"] is None for key in json.load(sys.stdin)])'
  [False, True]
  $ naevus key revoke 0000
  naevus: 0000: there is no such key
          naevus key list shows them
  [1]
  $ naevus key create ''
  naevus: name: a key needs a name, for who or what it is
  [1]

What is kept is for its owner alone:

  $ stat -c %a naevus-data
  700

Users: the password comes from standard input, or is asked for on the terminal and not shown.

  $ echo 'a long password' | naevus user add 'Dr Grey' --role admin
  Dr Grey is added (admin)
  $ python3 - <<'PY'
  > import os, pty, sys
  > def add(name, *typed):
  >     process, terminal = pty.fork()
  >     if process == 0:
  >         os.execvp("naevus", ["naevus", "user", "add", name])
  >     shown = b""
  >     for line in typed:
  >         while not shown.endswith(b": "):
  >             shown += os.read(terminal, 100)
  >         os.write(terminal, line)
  >         shown += os.read(terminal, 2)
  >     try:
  >         while part := os.read(terminal, 1000):
  >             shown += part
  >     except OSError:
  >         pass
  >     print(shown.decode().replace("\r", "").strip(), "→", os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
  > add("Mo", b"longg\x7f enough to guess\n", b"long enough to guess\n")
  > add("Bo", b"one long password\n", b"another password\n")
  > add("Jo", b"half a passw\x03")
  > PY
  Password: 
  Again: 
  Mo is added (clinician) → 0
  Password: 
  Again: 
  naevus: the two passwords differ
          try again → 2
  Password: 
  naevus: stopped on request → 130
  $ echo short | naevus user add Al
  naevus: password: a password has 12 to 1024 bytes
  [1]
  $ naevus user add Al < /dev/null
  naevus: no password was given
          type it when asked, or send it as a line to standard input
  [2]
  $ echo 'another password' | naevus user add Mo
  naevus: Mo: there is a user of this name
  [1]
  $ naevus user list
  [0-9a-f]{16}  admin      Dr Grey (re)
  [0-9a-f]{16}  clinician  Mo (re)
  $ echo 'a better password' | naevus user password Mo
  Mo has a new password, and is signed out everywhere
  $ echo 'a better password' | naevus user password mo
  naevus: mo: there is no such user
          naevus user list shows them
  [1]
  $ naevus user remove Mo
  Mo is removed
  $ naevus user remove Mo
  naevus: Mo: there is no such user
          naevus user list shows them
  [1]
  $ naevus user list --json | grep -c '"name": "Dr Grey"'
  1

The audit log of all that, and one that was tampered with:

  $ naevus audit verify
  7 entries, all as they were written; head [0-9a-f]{64} (re)
  $ cp -r naevus-data tampered
  $ sqlite3 tampered/naevus.db "UPDATE audit SET action = 'key.create' WHERE entry = 3"
  .*the audit log only grows.* (re)
  [19]
  $ sqlite3 tampered/naevus.db "DROP TRIGGER audit_no_update; UPDATE audit SET action = 'key.create' WHERE entry = 3"
  $ naevus audit verify --data tampered
  entry 3 was changed; the 2 before it are as they were written
  [1]
  $ naevus audit verify --data tampered --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["broken"])'
  {'entry': 3, 'problem': 'was changed'}

Backup and restore:

  $ naevus backup -o monday/
  monday/: 0 predictions, 0 pictures, 0 models
  $ naevus backup -o monday
  naevus: monday: is not an empty folder
          name a new one for the backup
  [2]
  $ naevus restore monday --data again
  again: 0 predictions, 0 pictures, 0 models
  $ diff <(naevus key list) <(naevus key list --data again) && diff <(naevus user list) <(naevus user list --data again)
  $ naevus audit verify --data again
  8 entries, all as they were written; head [0-9a-f]{64} (re)
  $ naevus restore monday --data again
  naevus: again: is not an empty folder
          a backup is restored where nothing is yet
  [2]
  $ echo x >> monday/naevus.db
  $ naevus restore monday --data third
  naevus: monday/naevus.db: is damaged: it is not what was backed up
          take another backup
  [1]
  $ naevus restore nowhere --data third
  naevus: nowhere: is no complete backup: it has no manifest.json
          take another backup
  [1]
  $ test -e third
  [1]

What is not there, not ours or too new is told:

  $ naevus key list --data nowhere
  naevus: nowhere/naevus.db: there is no database
          name the data folder with --data
  [1]
  $ naevus key list --database mysql://host/name
  naevus: --database: is not the address of a PostgreSQL database
          write postgresql://USER@HOST/NAME, or leave it out to use SQLite
  [2]
  $ naevus key list --database 'postgresql://me:secret@/naevus?host=/nowhere'
  naevus: postgresql:///naevus: .* (re)
  [1]
  $ sqlite3 again/naevus.db "INSERT INTO naevus_schema VALUES (12, '3.0.0', 0)"
  $ naevus key list --data again
  naevus: again/naevus\.db: was written by naevus 3\.0\.0 \(schema 12\); this is naevus 0\.1\.0 \(schema \d+\) (re)
          use naevus 3.0.0 or later
  [1]

A full disk is named, and takes nothing that was answered:

  $ on_small_disk small 700 'for n in $(seq 2000); do naevus key create $n --data small/data 2> error.txt || break; echo $n; done > made.txt; naevus key list --data small/data | wc -l > kept.txt; naevus audit verify --data small/data > verified.txt'
  $ cat error.txt
  naevus: small/data/naevus.db: the disk is full
          free some space there; what was answered before is kept
  $ test $(grep -c '^nv_' made.txt) -eq $(cat kept.txt) && cut -d, -f2 verified.txt
   all as they were written; head [0-9a-f]{64} (re)

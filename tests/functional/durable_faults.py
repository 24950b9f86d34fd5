#!/usr/bin/env python3
"""Holds tests/tools/durable.cpp to programs that sync too little, and to some that sync enough.

Each is killed (kill -9) where it believes to be done; then what a loss of power would have left is looked at.
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import itertools
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from durable import Durable

BEGIN = """
import os, signal, sqlite3
def write(name, content, sync=True):
    with open(name, "wb", buffering=0) as file:
        file.write(content)
        if sync:
            os.fsync(file)
def sync(folder="."):
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
def die():
    os.kill(os.getpid(), signal.SIGKILL)
"""
number = itertools.count()


def left_by(*programs):
    """Of programs that die one after the other: the folder that each leaves to the next, and what the machine would have kept of the last."""
    n = next(number)
    durable = Durable(f"real{n}", f"mirror{n}")
    for program in programs:
        ended = subprocess.run([sys.executable, "-c", BEGIN + program + "\ndie()"], cwd=durable.folder, env=durable.variables)
        assert ended.returncode == -signal.SIGKILL, ended
    durable.lose_power(f"left{n}")
    return Path(f"left{n}"), durable.folder


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def holds(program, expected, *before):
    left, real = left_by(*before, program)
    assert files(left) == expected, (program, files(left), files(real))
    return left, real


def bytes_and_names():
    _, real = holds('write("a", b"1", sync=False)', {})
    assert files(real) == {"a": b"1"}  # the process's death alone loses nothing
    holds('write("a", b"1", sync=False); sync()', {"a": b""})
    holds('write("a", b"1")', {})
    holds('write("a", b"1"); sync()', {"a": b"1"})
    print("bytes are kept by the file's fsync, names by the folder's: either alone loses the file")
    holds('write("a", b"12"); sync(); write("a", b"3456", sync=False)', {"a": b"12"})
    holds('write("a", b"12"); sync(); os.truncate("a", 1)', {"a": b"12"})
    holds('write("a", b"1234"); sync(); write("a", b"56")', {"a": b"56"})
    print("a later write, or a shorter file, counts when it was synced")


def renames():
    before = 'write("a", b"old"); sync(); write("a.tmp", b"new")\n'
    holds(before + 'os.rename("a.tmp", "a")', {"a": b"old"})
    holds(before + 'os.rename("a.tmp", "a"); sync()', {"a": b"new"})
    holds('write("a", b"old"); sync(); write("a.tmp", b"new", sync=False); os.rename("a.tmp", "a"); sync()', {"a": b""})
    holds('write("a", b"1"); sync(); os.unlink("a")', {"a": b"1"})
    holds('write("a", b"1"); sync(); os.unlink("a"); sync()', {})
    holds('write("a", b"1"); sync(); os.link("a", "b"); os.unlink("a"); sync(); write("b", b"2")', {"b": b"2"})
    print("renames and removals without the folder's fsync are undone; a file renamed before its bytes were synced is empty")


def folders():
    make = 'os.makedirs("x/y"); write("x/y/a", b"1"); sync("x/y")\n'
    holds(make, {})
    holds(make + 'sync("x")', {})
    holds(make + "sync()", {})
    holds(make + 'sync("x"); sync()', {"x/y/a": b"1"})
    holds(make + 'sync("x"); sync(); os.rename("x/y", "x/z")', {"x/y/a": b"1"})
    holds(make + 'sync("x"); sync(); os.rename("x/y", "x/z"); sync("x")', {"x/z/a": b"1"})
    print("a file is there when every folder above it was synced")


def several_programs():
    holds('write("b", b"2"); sync()', {"a": b"1", "b": b"2"}, 'write("a", b"1")')
    holds('write("b", b"2"); sync()', {"a": b"", "b": b"2"}, 'write("a", b"1", sync=False)')
    print("what one program left is judged with what the next one syncs")


def databases():
    program = """
sql = sqlite3.connect("naevus.db", isolation_level=None)
sql.execute("PRAGMA journal_mode = WAL")
sql.execute("PRAGMA synchronous = {mode}")
sql.execute("PRAGMA wal_autocheckpoint = 20")
sql.execute("CREATE TABLE numbers (n INTEGER, filling BLOB)")
for n in range({count}):
    sql.execute("INSERT INTO numbers VALUES (?, zeroblob(1000))", (n,))
"""

    def kept(mode, count):
        left, _ = left_by(program.format(mode=mode, count=count))
        with sqlite3.connect(left / "naevus.db") as sql:
            assert sql.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return [n for (n,) in sql.execute("SELECT n FROM numbers ORDER BY n")]

    for count in (1, 50, 203):
        assert kept("FULL", count) == list(range(count))
    lost = kept("NORMAL", 203)
    assert lost == list(range(len(lost))) and len(lost) < 203, lost
    try:
        assert len(kept("OFF", 203)) < 203
    except sqlite3.DatabaseError:  # no table, or no database
        pass
    print("SQLite keeps every commit with synchronous=FULL, loses the last ones with NORMAL, and anything with OFF")


if __name__ == "__main__":
    bytes_and_names()
    renames()
    folders()
    several_programs()
    databases()

#!/usr/bin/env python3
"""Fills the disk of `naevus serve` while it is asked, and makes room again.

usage: server_full_disk.py FOLDER [--rounds N] [--seed N]   (on_small_disk made it; 3 rounds where they are left out)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import json
import os
import random
import signal
import sys
from pathlib import Path

from server_kill import PREDICTIONS, Ledger, Process, audited, check, models, noise
from serving import Server


def number(name, otherwise):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else otherwise


def fill(server, ledger, chance, name):
    """Asks until the disk is full; what the refusals say."""
    refused = []
    for k in range(100_000):
        key, picture = f"{name}-{k}", noise(chance)
        status, fields, content = server.ask("POST", PREDICTIONS, picture, Idempotency_Key=key)
        if status == 201:
            ledger.told(key, picture, json.loads(content))
            prediction = json.loads(content)["id"]
            status, fields, content = server.ask("POST", f"{PREDICTIONS}/{prediction}/feedback", json.dumps({"verdict": "agrees"}))
            if status == 201:
                ledger.feedback.setdefault(prediction, []).append(json.loads(content))
        if status != 201:
            ledger.unheard[key] = picture
            refused.append((status, fields, json.loads(content)))
            if len(refused) == 10:
                return refused
    raise AssertionError("the disk does not fill")


def main():
    disk, chance, ledger, home = Path(sys.argv[1]), random.Random(number("--seed", 1)), Ledger(), Process()
    assert os.path.ismount(disk), "this test needs a file system of its own"
    home.folder = disk / "data"
    ledger.serving = {models(home)[0]["version"]}
    ballast = disk / "ballast"
    for turn in range(number("--rounds", 3)):
        killed = turn % 2 == 1
        server = Server(data=str(home.folder))
        try:
            space = os.statvfs(disk)
            ballast.write_bytes(bytes(max(0, space.f_bavail * space.f_frsize - chance.randint(0, 400_000))))
            for status, fields, said in fill(server, ledger, chance, turn):
                assert (status, said["type"]) == (503, "urn:naevus:problem:disk-full"), said
                assert "disk is full" in said["detail"] and fields["Retry-After"], said
            assert server.status("GET", "/v2/health/ready") == 200
            for answer, _, _ in ledger.kept.values():
                assert server.json("GET", f"{PREDICTIONS}/{answer['id']}") == answer
            if killed:
                assert server.end(signal.SIGKILL) == -signal.SIGKILL
            ballast.unlink()
            if killed:
                server = Server(data=str(home.folder))
            check(server, home.folder, ledger, set(ledger.kept))
            assert server.end() == 0
        finally:
            server.process.kill()
            server.process.wait()
        audited(home.folder, [])
    print("a full disk: 503 that says so, and what was answered can be read; with room again all of it is there, and the next is kept, also after kill -9")


if __name__ == "__main__":
    main()

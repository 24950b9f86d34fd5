#!/usr/bin/env python3
"""Kills `naevus serve` (kill -9) at random moments under load, and looks whether all that it answered with success is there afterwards.

usage: server_kill.py [--rounds N] [--seed N] [process | power | postgresql]…
process: what is left is what the system's cache and disk hold. power: what was synced alone is left (durable.py), and the
next round begins there. postgresql: the database is ended as by a crash at the same time, and of the pictures' folder what
was synced alone is left. Without any of them: all three. --rounds: of each, 3 where it is left out.
Prints a sentence for each that holds, and ends with a trace at the first that does not.
"""

import argparse
import hashlib
import http.client
import io
import json
import random
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import quote

from durable import Durable
from PIL import Image
from postgresql import PostgreSQL
from serving import Server, serving

CLIENTS = 4
PATIENCE = 120  # seconds; a loaded machine is slow
PREDICTIONS = "/api/v1/predictions"


def noise(chance):
    """A picture that nobody has sent before, and of which no half can be missed."""
    width, height = chance.randint(16, 96), chance.randint(16, 96)
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), chance.randbytes(width * height * 3)).save(out, "PNG")
    return out.getvalue()


SHARED = [noise(random.Random(seed)) for seed in range(3)]  # several clients send these, and erase them beside each other


class Ledger:
    """What clients were told, and what they asked without being told."""

    def __init__(self):
        self.lock = threading.Lock()
        self.kept = {}  # id: (answer, key, picture)
        self.feedback = {}  # id of the prediction: answers
        self.unheard = {}  # key: picture
        self.erased, self.erasing = set(), set()  # ids
        self.serving = set()  # versions of the model that may serve
        self.heard = dict.fromkeys(("predictions", "feedback", "erasures", "promotions"), 0)

    def told(self, key, picture, answer):
        with self.lock:
            self.unheard.pop(key, None)
            self.kept[answer["id"]] = answer, key, picture
            self.heard["predictions"] += 1


class Load:
    """Clients that ask for predictions, say what they think of them, erase some, and promote models, until the server is dead."""

    def __init__(self, server, ledger, models, chance, name):
        self.server, self.ledger, self.models, self.name, self.wrong = server, ledger, models, name, []
        asks = [lambda seed=chance.random(), k=k: self.read(k, random.Random(seed)) for k in range(CLIENTS)]
        asks.append(lambda seed=chance.random(): self.promote(random.Random(seed)))
        self.threads = [threading.Thread(target=self.until_dead, args=(ask,)) for ask in asks]
        for thread in self.threads:
            thread.start()

    def until_dead(self, ask):
        try:
            ask()
        except (OSError, http.client.HTTPException):
            pass
        except Exception as problem:
            self.wrong.append(repr(problem))

    def wait_for(self, count):
        """Until so many predictions were answered."""
        goal, deadline = len(self.ledger.kept) + count, time.monotonic() + PATIENCE
        while len(self.ledger.kept) < goal:
            assert time.monotonic() < deadline, ("nothing is answered any more", self.wrong)
            time.sleep(0.001)

    def end(self):
        for thread in self.threads:
            thread.join()
        assert not self.wrong, self.wrong

    def ask(self, method, path, body, expect, **fields):
        """The answer, or nothing where the database was gone."""
        status, _, content = self.server.ask(method, path, body, **fields)
        if status == 503:
            time.sleep(0.02)
            return None
        assert status == expect, (status, content)
        return json.loads(content)

    def read(self, client, chance):
        ledger, mine = self.ledger, []
        for k in range(1_000_000):
            turn = chance.random()
            if mine and turn < 0.3:
                prediction = chance.choice(mine)
                other = "nv" if ledger.kept[prediction][0]["predicted"] == "mel" else "mel"
                said = {"verdict": "corrects", "label": other} if turn < 0.15 else {"verdict": "agrees"}
                if answer := self.ask("POST", f"{PREDICTIONS}/{prediction}/feedback", json.dumps(said | {"comment": f"{self.name} {k}"}), 201):
                    with ledger.lock:
                        ledger.feedback.setdefault(prediction, []).append(answer)
                        ledger.heard["feedback"] += 1
            elif mine and turn < 0.34:
                prediction = mine.pop(chance.randrange(len(mine)))
                with ledger.lock:
                    ledger.erasing.add(prediction)
                if self.ask("DELETE", f"{PREDICTIONS}/{prediction}", None, 200):
                    with ledger.lock:
                        ledger.erasing.remove(prediction)
                        ledger.erased.add(prediction)
                        ledger.heard["erasures"] += 1
            else:
                key, picture = f"{self.name}-{client}-{k}", chance.choice(SHARED) if turn > 0.9 else noise(chance)
                with ledger.lock:
                    ledger.unheard[key] = picture
                if answer := self.ask("POST", PREDICTIONS, picture, 201, Idempotency_Key=key):
                    ledger.told(key, picture, answer)
                    mine.append(answer["id"])

    def promote(self, chance):
        while True:
            time.sleep(chance.uniform(0, 0.2))
            model = chance.choice(self.models)
            with self.ledger.lock:
                self.ledger.serving.add(model["version"])
            if self.ask("POST", f"/api/v1/models/{model['id']}/promote", None, 200):
                with self.ledger.lock:
                    self.ledger.serving = {model["version"]}
                    self.ledger.heard["promotions"] += 1


def listed(server):
    found, cursor = [], ""
    while cursor is not None:
        page = server.json("GET", f"{PREDICTIONS}?limit=1000" + (f"&cursor={quote(cursor)}" if cursor else ""))
        found += page["predictions"]
        cursor = page["next"]
    return found


def file_of(folder, picture):
    name = hashlib.blake2b(picture, digest_size=32).hexdigest()
    return Path(folder) / "pictures" / name[:2] / name[2:]


def settle_what_was_unheard(server, ledger):
    """What clients do whose server was gone: ask once more, under the same key."""
    for key, picture in list(ledger.unheard.items()):
        status, _, content = server.ask("POST", PREDICTIONS, picture, Idempotency_Key=key)
        assert status in (200, 201), (status, content)
        ledger.told(key, picture, json.loads(content))
    for prediction in ledger.erasing:
        assert server.status("DELETE", f"{PREDICTIONS}/{prediction}") in (200, 404)
    ledger.erased |= ledger.erasing
    ledger.erasing = set()


def check(server, folder, ledger, wanted):
    """That all of it is there, once; looks closely at the wanted predictions."""
    settle_what_was_unheard(server, ledger)
    there = {prediction: entry for prediction, entry in ledger.kept.items() if prediction not in ledger.erased}
    found = listed(server)
    assert len(found) == len(there), (len(found), len(there))
    for one in found:
        assert there[one["id"]][0] == one, one
    for prediction in wanted & there.keys():
        answer, key, picture = there[prediction]
        status, fields, content = server.ask("POST", PREDICTIONS, picture, Idempotency_Key=key)  # the server holds it to the kept picture
        assert (status, fields["Idempotency-Replayed"], json.loads(content)) == (200, "true", answer), (status, content)
        assert file_of(folder, picture).read_bytes() == picture
        given = {one["id"]: one for one in server.json("GET", f"{PREDICTIONS}/{prediction}/feedback")["feedback"]}
        for one in ledger.feedback.get(prediction, []):
            assert given[one["id"]] | {"superseded": False} == one, (given, one)
    for prediction in wanted & ledger.erased:
        assert server.status("GET", f"{PREDICTIONS}/{prediction}") == 404
    serves = {one["version"] for one in server.json("GET", "/api/v1/models")["models"] if one["serves"]}
    assert len(serves) == 1 and serves <= ledger.serving, (serves, ledger.serving)
    ledger.serving = serves
    expected, deadline = {file_of(folder, picture) for _, _, picture in there.values()}, time.monotonic() + PATIENCE
    while {path for path in (Path(folder) / "pictures").rglob("*") if path.is_file() and len(path.name) == 62} != expected:
        assert time.monotonic() < deadline, "the next start leaves a picture that no prediction has"
        time.sleep(0.05)


def audited(folder, options):
    said = subprocess.run(["naevus", "audit", "verify", "--json", "--data", folder, *options], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    return json.loads(said.stdout)["entries"]


class Process:
    """The server dies, the machine goes on."""

    name, sentence = "process", "kill -9 at random moments: all that was answered is there, once and whole, and the log of changes is unbroken"

    def __init__(self):
        self.folder, self.options, self.variables = Path(self.name), [], None

    def watch(self):
        pass

    def crash(self, process, chance, starting=False):
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL, process.returncode

    def end(self):
        pass


class Power(Process):
    """The machine dies, and keeps what was synced."""

    name, sentence = "power", "the same where the machine loses what was not synced"

    def __init__(self):
        super().__init__()
        self.lives = 0

    def watch(self):
        mirror = self.folder.with_suffix(".mirror")
        shutil.rmtree(mirror, ignore_errors=True)
        self.durable = Durable(self.folder, mirror)
        self.durable.settle()
        self.variables = self.durable.variables

    def crash(self, process, chance, starting=False):
        super().crash(process, chance, starting)
        self.lives += 1
        left = Path(f"{self.name}{self.lives}")
        self.durable.lose_power(left)
        shutil.rmtree(self.folder)
        shutil.rmtree(self.durable.mirror)
        self.folder = left


class Database(Power):
    """The database crashes beside it."""

    name, sentence = "postgresql", "the same on PostgreSQL, which crashes at the same time"

    def __init__(self):
        super().__init__()
        self.postgresql = PostgreSQL()
        self.options = ["--database", self.postgresql.new_database("killed")]

    def crash(self, process, chance, starting=False):
        first = chance.random() < 0.5 and not starting  # who starts without a database ends by itself
        if first:
            self.postgresql.stop()
            time.sleep(chance.uniform(0, 0.3))
        super().crash(process, chance, starting)
        if not first:
            self.postgresql.stop()
        self.postgresql.start()

    def end(self):
        self.postgresql.end()


def models(home):
    """Two models of which one says the other's opposite; the first serves."""
    made = []

    def naevus(*words):
        return subprocess.run(["naevus", *words, "--data", home.folder, *home.options], check=True, capture_output=True).stdout

    subprocess.run(["make_network", "network.onnx"], check=True)
    for file, std in (("half.onnx", "255,255,255"), ("quarter.onnx", "127.5,127.5,127.5")):
        subprocess.run(["naevus", "adopt", "network.onnx", "--classes", "nv,mel", "--malignant", "mel", "--mean", "0,0,0", "--std", std, "--layout", "nchw", "--name", "by-hand", "-o", file],
                       check=True, capture_output=True)  # fmt: skip
        made.append(json.loads(naevus("models", "add", file, "--json")))
    naevus("models", "promote", made[0]["id"])
    return made


def rounds(kind, count, seed):
    home, ledger, chance = kind(), Ledger(), random.Random(seed)
    try:
        made = models(home)
        ledger.serving = {made[0]["version"]}
        for turn in range(count):
            before = set(ledger.kept)
            home.watch()
            server = Server(*home.options, data=str(home.folder), env=home.variables)
            load = Load(server, ledger, made, chance, f"{seed}-{turn}")
            load.wait_for(chance.randint(0, 60))
            time.sleep(chance.uniform(0, 0.05))
            home.crash(server.process, chance)
            load.end()
            if chance.random() < 0.3:  # and once more, while it looks what the first death has left
                home.watch()
                again = subprocess.Popen(["naevus", "serve", "--port", "0", "--data", home.folder, *home.options], stdout=subprocess.DEVNULL, env=home.variables)
                time.sleep(chance.uniform(0, 0.5))
                home.crash(again, chance, starting=True)
            with serving(*home.options, data=str(home.folder)) as server:
                check(server, home.folder, ledger, set(ledger.kept) - before)
            audited(home.folder, home.options)
        with serving(*home.options, data=str(home.folder)) as server:
            check(server, home.folder, ledger, set(ledger.kept))
        # To promote the model that serves changes nothing.
        assert audited(home.folder, home.options) >= sum(count for what, count in ledger.heard.items() if what != "promotions")
        assert ledger.heard["predictions"] > 0 and ledger.heard["feedback"] > 0, ledger.heard
    finally:
        home.end()
    print(home.sentence)
    return ledger


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="*", choices=["process", "power", "postgresql", []])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    for kind in (Process, Power, Database):
        if not asked.kinds or kind.name in asked.kinds:
            begin = time.monotonic()
            ledger = rounds(kind, asked.rounds, asked.seed)
            if asked.verbose:
                print(f"  {asked.rounds} rounds, {time.monotonic() - begin:.0f} s, {ledger.heard}")


if __name__ == "__main__":
    main()

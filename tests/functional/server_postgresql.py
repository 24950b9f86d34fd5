#!/usr/bin/env python3
"""Two `naevus serve` on one PostgreSQL and one folder of pictures, as replicas behind a load balancer are.

usage: server_postgresql.py PICTURES [--rounds N]   (a folder as `naevus synth` makes it)
--rounds: how often the database crashes, and how often a replica; 3 where it is left out.
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import http.client
import json
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from postgresql import PostgreSQL
from serving import Server


class Load:
    """Clients that ask for predictions without a pause; each turns to another replica where one is gone."""

    def __init__(self, replicas, pictures, clients=4):
        self.replicas, self.pictures = replicas, pictures
        self.answered, self.refused, self.lost, self.wrong = {}, 0, 0, []
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(random.Random(seed),)) for seed in range(clients)]
        for thread in self.threads:
            thread.start()

    def ask(self, chance):
        while not self.ending.is_set():
            try:
                status, _, content = chance.choice(self.replicas).ask("POST", "/api/v1/predictions", chance.choice(self.pictures))
            except (OSError, http.client.HTTPException):  # that replica is gone
                with self.lock:
                    self.lost += 1
                self.ending.wait(0.02)
                continue
            with self.lock:
                if status == 201:
                    said = json.loads(content)
                    self.answered[said["id"]] = said
                elif status == 503:
                    self.refused += 1
                else:
                    self.wrong.append((status, content))
            if status != 201:
                self.ending.wait(0.05)

    def wait_for_more(self, count):
        """Until so many further predictions were answered with success."""
        goal, deadline = len(self.answered) + count, time.monotonic() + 120
        while len(self.answered) < goal:
            assert time.monotonic() < deadline, "nothing is answered any more"
            time.sleep(0.01)

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        assert not self.wrong, self.wrong[0]
        for one in self.replicas:
            for said in self.answered.values():
                assert one.json("GET", "/api/v1/predictions/" + said["id"]) == said


def one_house(first, second, pictures):
    made = [server.predict(pictures[k % len(pictures)], f"?patient_key=p-{k}") for k, server in enumerate([first, second] * 3)]
    for said in made:
        assert first.json("GET", "/api/v1/predictions/" + said["id"]) == second.json("GET", "/api/v1/predictions/" + said["id"]) == said
    listed = [server.json("GET", "/api/v1/predictions?limit=100")["predictions"] for server in (first, second)]
    assert listed[0] == listed[1] and [one["id"] for one in listed[0]] == [one["id"] for one in made[::-1]]
    path = "/api/v1/predictions/" + made[0]["id"]
    second.json("POST", path + "/feedback", json.dumps({"verdict": "agrees"}), expect=201)
    assert [one["verdict"] for one in first.json("GET", path + "/feedback")["feedback"]] == ["agrees"]
    second.json("DELETE", path)
    assert first.status("GET", path) == 404
    print("what one replica keeps, changes or erases is so on the other")


def once(first, second, pictures):
    said, lock = [], threading.Lock()

    def ask(server, key):
        status, headers, content = server.ask("POST", "/api/v1/predictions", pictures[key], Idempotency_Key=f"key {key}")
        with lock:
            said.append((key, status, headers["Idempotency-Replayed"], json.loads(content)))

    threads = [threading.Thread(target=ask, args=(server, key)) for key in range(4) for server in (first, second) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for key in range(4):
        mine = [one for one in said if one[0] == key]
        assert sorted(status for _, status, _, _ in mine) == [200] * 5 + [201], mine
        assert all((status == 200) == (replayed == "true") for _, status, replayed, _ in mine)
        assert len({json.dumps(answer, sort_keys=True) for _, _, _, answer in mine}) == 1
    assert second.status("POST", "/api/v1/predictions", pictures[1], Idempotency_Key="key 0") == 422
    print("an Idempotency-Key asked for on both at once is answered once")


def database_restarts(postgresql, first, second, pictures, chance, rounds):
    load = Load([first, second], pictures)
    for _ in range(rounds):
        load.wait_for_more(5)
        time.sleep(chance.uniform(0, 0.3))
        postgresql.stop()
        time.sleep(chance.uniform(0, 1))
        postgresql.start()
    load.wait_for_more(10)
    load.end()
    assert load.lost == 0
    for server in (first, second):
        server.predict(pictures[0])
    print("PostgreSQL crashes under load: both answer again by themselves, and what was answered is kept")
    return len(load.answered)


def replica_dies(start, first, second, pictures, chance, rounds):
    replicas = [first, second]
    load = Load(replicas, pictures)
    for _ in range(rounds):
        load.wait_for_more(5)
        time.sleep(chance.uniform(0, 0.3))
        assert replicas[0].end(signal.SIGKILL) == -signal.SIGKILL
        load.wait_for_more(5)  # by the other
        replicas[0] = start()
    load.wait_for_more(5)
    load.end()
    assert load.refused == 0 and load.lost > 0, (load.refused, load.lost)
    print("kill -9 of a replica under load: the other answers on, and what was answered is kept")
    return replicas, len(load.answered)


def main():
    pictures = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.jpg"))]
    rounds = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else 3
    chance = random.Random(1)
    postgresql = PostgreSQL()
    replicas = []
    try:
        url = postgresql.new_database("replicas")

        def start():
            with open("log.txt", "a") as log:  # it tells of the database that was lost
                replicas.append(Server("--database", url, "--threads", "1", data="shared", stderr=log))
            return replicas[-1]

        first, second = start(), start()
        assert "and PostgreSQL" in first.line and not Path("shared/naevus.db").exists()
        one_house(first, second, pictures)
        once(first, second, pictures)
        answered = database_restarts(postgresql, first, second, pictures, chance, rounds)
        (first, second), more = replica_dies(start, first, second, pictures, chance, rounds)
        assert first.end() == second.end() == 0
        verified = subprocess.run(["naevus", "audit", "verify", "--json", "--data", "shared", "--database", url], capture_output=True, text=True, check=False)
        assert verified.returncode == 0, verified.stdout
        assert json.loads(verified.stdout)["entries"] > answered + more
        print("all that both and their forerunners did stands in one unbroken log")
    finally:
        for one in replicas:
            if one.process.poll() is None:
                one.process.kill()
                one.process.wait()
        postgresql.end()


if __name__ == "__main__":
    main()

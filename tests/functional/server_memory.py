#!/usr/bin/env python3
"""Asks `naevus serve` many things in a row, and looks whether its memory, its descriptors and its threads grow with them.

usage: server_memory.py [--requests N] [--clients N] [--model FILE]
--requests: 4,000 where it is left out; 100,000 is more than an hour at half of what one core answers. --model: else one of a few numbers, which costs
next to nothing. Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import argparse
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from server_kill import PREDICTIONS, noise
from serving import form, serving

ROOM = 16  # MiB by which memory may still grow after the first third: the database's caches, the allocator's


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def sample(server):
    """MiB of the server, MiB of the largest of its decoders, descriptors, threads."""
    task = Path(f"/proc/{server.process.pid}")
    return resident(server.process.pid), max(map(resident, server.children())), len(list((task / "fd").iterdir())), len(list((task / "task").iterdir()))


class Client(threading.Thread):
    """Goes on asking over one connection, which it makes anew now and then."""

    def __init__(self, port, pictures, seed, count):
        super().__init__()
        self.port, self.pictures, self.chance, self.count, self.done, self.problem = port, pictures, random.Random(seed), count, 0, None
        self.connection, self.mine, self.seed = None, [], seed

    def run(self):
        try:
            while self.done < self.count:
                self.turn()
                self.done += 1
        except Exception as problem:
            self.problem = problem

    def ask(self, expect, method, path, body=None, **fields):
        if self.connection is None or self.chance.random() < 0.02:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.connection.request(method, path, body, {name.replace("_", "-"): value for name, value in fields.items()})
        response = self.connection.getresponse()
        content = response.read()
        assert response.status == expect, (method, path, response.status, content)
        if response.getheader("Connection") == "close":
            self.connection = None
        return json.loads(content)

    def turn(self):
        chance, kind = self.chance, self.chance.random()
        picture = chance.choice(self.pictures)
        if kind < 0.6 or not self.mine:
            key = {"Idempotency_Key": f"{self.seed}-{self.done}"} if kind < 0.3 else {}
            if kind < 0.5:
                said = self.ask(201, "POST", f"{PREDICTIONS}?patient_key=p-{chance.randrange(50)}", picture, **key)
            else:
                said = self.ask(201, "POST", PREDICTIONS, **form([("image", picture), ("age", b"61")]))
            self.mine.append(said["id"])
        elif kind < 0.7:
            self.ask(201, "POST", f"{PREDICTIONS}/{chance.choice(self.mine)}/feedback", json.dumps({"verdict": "unsure"}))
        elif kind < 0.8:
            self.ask(200, "GET", f"{PREDICTIONS}/{chance.choice(self.mine)}")
        elif kind < 0.85:
            self.ask(200, "GET", f"{PREDICTIONS}?limit=20&patient_key=p-{chance.randrange(50)}")
        elif kind < 0.9:
            self.ask(422, "POST", PREDICTIONS, picture[: len(picture) // 2])
        elif kind < 0.93:
            self.ask(404, "GET", f"/nowhere/{chance.random()}")
        elif kind < 0.96:
            self.ask(400, "POST", f"{PREDICTIONS}?age={chance.randrange(200, 10**9)}", picture)
        else:
            self.ask(200, "DELETE", f"{PREDICTIONS}/{self.mine.pop(chance.randrange(len(self.mine)))}")


def network():
    subprocess.run(["make_network", "network.onnx"], check=True)
    words = ["--classes", "nv,mel", "--malignant", "mel", "--mean", "0,0,0", "--std", "255,255,255", "--layout", "nchw", "--name", "by-hand", "-o", "by-hand.onnx"]
    subprocess.run(["naevus", "adopt", "network.onnx", *words], check=True, capture_output=True)
    return "by-hand.onnx"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--model")
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    pictures = [noise(random.Random(seed)) for seed in range(300)]
    with serving(asked.model or network(), data="memory") as server:
        clients = [Client(server.port, pictures, seed, asked.requests // asked.clients) for seed in range(asked.clients)]
        begin, samples, step = time.monotonic(), [], asked.requests / 60
        for client in clients:
            client.start()
        while any(client.is_alive() for client in clients):
            done = sum(client.done for client in clients)
            if done >= step * len(samples):
                samples.append((done, *sample(server)))
                if asked.verbose:
                    print(f"{time.monotonic() - begin:.0f} s: {done} requests, {samples[-1][1]:.1f} MiB, decoder {samples[-1][2]:.1f} MiB, {samples[-1][3]} descriptors", file=sys.stderr)
            time.sleep(0.05)
        problems = [client.problem for client in clients if client.problem]
        assert not problems, problems
    late = samples[len(samples) // 3 :]
    done, memory, decoder, descriptors, threads = zip(*late, strict=True)
    if asked.verbose:
        slope = statistics.linear_regression(done, memory).slope
        print(f"after the first third: {slope * 2**20:.0f} bytes a request, {min(memory):.1f} to {max(memory):.1f} MiB", file=sys.stderr)
    assert max(memory) < memory[0] + ROOM and max(decoder) < decoder[0] + ROOM, late
    assert max(descriptors) <= descriptors[0] + 2 * asked.clients and max(threads) <= threads[0], late
    print("requests leave nothing behind: memory, descriptors and threads stay what they are")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Crowds `naevus serve`: clients that dawdle, vanish or talk nonsense, and good ones that are served meanwhile.

usage: server_crowd.py PICTURES [--full] [--seed N]   (a folder as `naevus synth` makes it)
--full: 1,000 slow clients for five minutes and 10,000 malformed requests.
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import http.client
import os
import random
import re
import resource
import selectors
import socket
import struct
import sys
import threading
import time
from pathlib import Path

from serving import form, serving

HEADER_PATIENCE = 10  # seconds that the server waits for a header


def head_of(server, length, name="image/jpeg"):
    return b"POST /api/v1/predictions HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (server.port, name.encode(), length)


def connect(server, k=0):
    """From one of the addresses 127.0.0.2 to .9, since one address may hold 256 connections."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60, source_address=(f"127.0.0.{2 + k % 8}", 0))
    connection.setblocking(True)
    return connection


class Slow(threading.Thread):
    """So many connections on which a byte is sent every few seconds, half of them in a header, half in a body; one that the server ends is made anew."""

    def __init__(self, server, count, picture):
        super().__init__()
        self.server, self.count, self.ending = server, count, threading.Event()
        head = head_of(server, 32 << 20)  # as large as may be: what is announced must take no room
        self.messages = [(b"GET /v2/health/ready HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 400, 0), (head + picture, len(head))]
        self.there, self.ended = threading.Event(), 0

    def run(self):
        selector = selectors.DefaultSelector()

        def enter(k):
            connection = connect(self.server, k)
            message, at = self.messages[k % 2]
            connection.sendall(message[: at + 1])
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ, [k, message, at + 1])

        for k in range(self.count):
            enter(k)
        self.there.set()
        last = time.monotonic()
        while not self.ending.wait(0.05):
            for key, _ in selector.select(0):  # an answer or the end: it is over either way
                self.leave(selector, key.fileobj)
                enter(key.data[0])
            if time.monotonic() - last < 2.5:
                continue
            last = time.monotonic()
            for key in list(selector.get_map().values()):
                _, message, at = key.data
                try:
                    key.fileobj.send(message[at : at + 1])
                    key.data[2] = at + 1
                except OSError:
                    pass  # seen by the selector
        for key in list(selector.get_map().values()):
            self.leave(selector, key.fileobj)

    def leave(self, selector, connection):
        selector.unregister(connection)
        connection.close()
        self.ended += 1


class Good(threading.Thread):
    """Asks for predictions, each on a connection of its own, and notes how long they took."""

    def __init__(self, server, pictures):
        super().__init__()
        self.server, self.pictures, self.ending = server, pictures, threading.Event()
        self.seconds, self.wrong = [], []

    def run(self):
        k = 0
        while not self.ending.wait(0.05):
            begin = time.monotonic()
            try:
                status = self.server.status("POST", "/api/v1/predictions", self.pictures[k % len(self.pictures)])
            except (OSError, http.client.HTTPException) as error:
                status = repr(error)
            if status != 201:
                self.wrong.append(status)
            self.seconds.append(time.monotonic() - begin)
            k += 1


def memory(server):
    """MiB of the server that are in memory, without its children."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text())[1]) / 1024


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def descriptors_again(server, before):
    """Waits until no more are open than there were: a server ends its side some seconds after the client's."""
    deadline = time.monotonic() + 60
    while descriptors(server) > before:
        assert time.monotonic() < deadline, (before, descriptors(server))
        time.sleep(0.1)


def vanish(server, count, picture, chance):
    """Clients that are gone amid their body: some close, some reset the connection."""
    for k in range(count):
        connection = connect(server, k)
        message = head_of(server, len(picture)) + picture
        connection.sendall(message[: chance.randrange(len(message) - len(picture), len(message))])
        if k % 2:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    for k in range(20):  # the request came whole, nobody waits for its answer
        with connect(server, k) as connection:
            connection.sendall(head_of(server, len(picture)) + picture)


def crowd(server, pictures, full, chance):
    for picture in pictures:
        server.predict(picture)
    open_before, sizes = descriptors(server), []
    for _ in range(2):
        slow = Slow(server, 1000, pictures[0])
        slow.start()
        assert slow.there.wait(120), "not everybody was let in"
        good = Good(server, pictures)
        good.start()
        vanish(server, 200, pictures[0], chance)
        time.sleep(150 if full else HEADER_PATIENCE + 2)  # those who dawdle in the header are shown out and come back
        assert descriptors(server) > 900, descriptors(server)
        good.ending.set()
        good.join()
        sizes.append(memory(server))
        slow.ending.set()
        slow.join()
        assert slow.ended > 1000, slow.ended
        assert not good.wrong, good.wrong
        assert len(good.seconds) >= 5 and max(good.seconds) < HEADER_PATIENCE, (len(good.seconds), max(good.seconds))
        if "--verbose" in sys.argv:
            good.seconds.sort()
            print(f"{len(good.seconds)} good, median {good.seconds[len(good.seconds) // 2]:.3f} s, most {good.seconds[-1]:.3f} s, {sizes} MiB, {slow.ended} slow ended", file=sys.stderr)
        descriptors_again(server, open_before)
    assert sizes[1] < sizes[0] * 1.1 + 32, sizes
    print("1,000 slow clients and 200 that vanish: good ones are served, memory is steady, no descriptor is left")


def malformed(server, picture, count, seed):
    """Requests that were whole once: cut, doubled, shuffled, their bytes and numbers changed."""
    good = [
        b"POST /api/v1/predictions?age=5 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % (server.port, len(picture)) + picture,
        b"GET /api/v1/predictions?limit=3 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n\r\n" % server.port,
        b"POST /v2/models/x/infer HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2;x=y\r\n1}\r\n0\r\nX: y\r\n\r\n" % server.port,
        b"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n\x82\x85\0\0\0\0hello" % server.port,
    ]
    body = form([("image", picture), ("age", b"61")])
    good.append(b"POST /api/v1/predictions HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (server.port, body["Content_Type"].encode(), len(body["body"])) + body["body"])
    numbers = [b"0", b"-1", b"1", b"99999999999999999999", b"0x10", b"2147483648", b"4294967296", b" ", b""]
    chance = random.Random(seed)
    statuses = {}
    for k in range(count):
        sent = bytearray(chance.choice(good))
        head = min(len(sent), sent.find(b"\r\n\r\n") + 200)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(max(1, min(head, len(sent))))
            kind = chance.randrange(7)
            if kind == 0:
                sent[at : at + chance.randint(1, 9)] = b""
            elif kind == 1:
                sent[at : at + 1] = bytes([chance.randrange(256)])
            elif kind == 2:
                sent[at:at] = chance.choice([b"\r\n", b"\0", b"\n", b":", b" ", b"\r\nContent-Length: 3", b"\r\nTransfer-Encoding: chunked", b"%00", b"A" * 20000, b"\r\nX: y" * 200])
            elif kind == 3:
                found = list(re.finditer(rb"\d+", bytes(sent[:head])))
                if found:
                    one = chance.choice(found)
                    sent[one.start() : one.end()] = chance.choice(numbers)
            elif kind == 4:
                del sent[at:]
            elif kind == 5:
                lines = bytes(sent[:head]).split(b"\r\n")
                chance.shuffle(lines)
                sent[:head] = b"\r\n".join(lines)
            else:
                sent[at:at] = sent[:at]
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                answer = b""
                while len(answer) < 1 << 20 and (more := connection.recv(65536)):
                    answer += more
        except OSError:  # the server had closed already
            answer = b""
        status = answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/1.") else "none" if not answer else "other"
        statuses[status] = statuses.get(status, 0) + 1
        assert status != "other" and status != "500", (k, bytes(sent[:300]), answer[:300])
        assert server.process.poll() is None, (k, bytes(sent[:300]))
        if k % 100 == 0:
            assert server.status("GET", "/v2/health/ready") == 200
    server.predict(picture)
    if "--verbose" in sys.argv:
        print(statuses, file=sys.stderr)
    print("malformed requests are answered 4xx or given up, and the next one is served")


def main():
    pictures = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.jpg"))]
    full = "--full" in sys.argv
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 1
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    # As a system gives it, unasked: fewer descriptors than the server has connections.
    with serving(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (512, most))) as server:
        crowd(server, pictures, full, random.Random(seed))
        malformed(server, pictures[0], 10_000 if full else 300, seed)


if __name__ == "__main__":
    main()

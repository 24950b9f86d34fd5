#!/usr/bin/env python3
"""Drives `naevus clean review --page`: as a browser does, and as no browser would.

usage: review_page.py FOLDER (as `naevus clean` wrote it, with 3 open near copies and 3 impossible values)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import atexit
import csv
import http.client
import io
import json
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

KINDS = "near_copy,impossible_value"


class Page:
    """A running review of one reviewer."""

    def __init__(self, folder, reviewer="ada", preexec=None):
        command = ["naevus", "clean", "review", folder, "--page", "--reviewer", reviewer, "--kind", KINDS]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=preexec)
        atexit.register(self.process.kill)  # a check that fails leaves nothing running
        self.line = self.process.stdout.readline()
        port, self.token = re.search(r"http://127\.0\.0\.1:(\d+)/([0-9a-f]{32})/", self.line).groups()
        self.port = int(port)

    def ask(self, method, path, body=None, token=None, **fields):
        """Status, header fields and body of one request; the fields' `_` stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        connection.request(method, f"/{self.token if token is None else token}/{path}", body, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.headers, content

    def status(self, *arguments, **fields):
        return self.ask(*arguments, **fields)[0]

    def json(self, path):
        status, _, content = self.ask("GET", path)
        assert status == 200, content
        return json.loads(content)

    def post(self, path, content):
        status, _, answer = self.ask("POST", path, json.dumps(content), Content_Type="application/json")
        return status, json.loads(answer)

    def raw(self, sent):
        """A connection on which these bytes were sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(sent)
        return connection

    def end(self, sent=signal.SIGINT):
        self.process.send_signal(sent)
        rest, _ = self.process.communicate(timeout=30)
        return self.process.returncode, rest.strip().splitlines()[-1:]


@contextmanager
def review(folder, **how):
    page = Page(folder, **how)
    try:
        yield page
        assert page.process.poll() is None, "the server ended"
    finally:
        if page.process.poll() is None:
            page.process.kill()
            page.process.wait()


def answers(folder):
    with open(folder / "answers.csv", newline="") as file:
        return [(row["image"].split("/")[-1], row["answer"], row["label"]) for row in csv.DictReader(file)]


def secrets(page):
    another = "0" * 32 if page.token != "0" * 32 else "1" * 32
    for token in ("", another, page.token[:-1], page.token + "0", page.token.upper() + "é".encode().hex()):
        for path in ("", "review.js", "session", "next", "picture?finding=0"):
            assert page.status("GET", path, token=token) == 403, token
        assert page.status("POST", "answer", '{"finding": 0, "choice": "drop"}', token=token, Content_Type="application/json") == 403
    for target in (b"/", b"*", b"//", b"/" + page.token.encode(), b"http://127.0.0.1/"):
        with page.raw(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (target, page.port)) as connection:
            assert connection.recv(99).startswith(b"HTTP/1.1 403"), target
    print("the address of another run, a wrong or missing secret: 403")


def hosts(page):
    for host in ("evil.example", f"evil.example:{page.port}", "127.0.0.1", f"127.0.0.1:{page.port + 1}", ""):
        assert page.status("GET", "session", Host=host) == 403, host
    for origin in ("null", "https://evil.example", f"http://evil.example:{page.port}", f"https://127.0.0.1:{page.port}"):
        assert page.status("POST", "answer", "{}", Content_Type="application/json", Origin=origin) == 403, origin
    assert page.status("GET", "session", Host=f"localhost:{page.port}", Origin=f"http://localhost:{page.port}") == 200
    print("another host's name, another page's origin: 403")


def nonsense(page):
    for kind in ("", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        assert page.status("POST", "answer", '{"finding": 0, "choice": "drop"}', Content_Type=kind) == 415
    for method in ("PUT", "DELETE", "HEAD", "OPTIONS", "BREW"):
        assert page.status(method, "session") == 405, method
    assert page.status("GET", "../etc/passwd") == page.status("GET", "answer") == page.status("POST", "next", "", Content_Type="application/json") == 404
    for said in (None, [], 3, {}, {"finding": 0}, {"finding": -1, "choice": "keep"}, {"finding": 99, "choice": "keep"}, {"finding": "0", "choice": "keep"},
                 {"finding": 0, "choice": "burn"}, {"finding": 0, "choice": "relabel"}, {"finding": 0, "choice": "relabel", "label": "a,\n\"b"},
                 {"finding": 2**64, "choice": "keep"}, {"finding": 3, "choice": "same_lesion"}):  # fmt: skip
        status, told = page.post("answer", said)
        assert status == 400 and told["error"], said
    for body in ("", "{", "[" * 9000, "\xff", '{"finding": 0, "choice": "keep"'):
        assert page.status("POST", "answer", body.encode("latin-1"), Content_Type="application/json") == 400
    for path in ("finding?n=6", "finding?n=x", "finding?n=99999999999999999999", "picture?finding=6", "picture?finding=3&which=second"):
        assert page.status("GET", path) == 400, path
    _, headers, _ = page.ask("GET", "")
    assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"] and headers["Cache-Control"] == "no-store"
    print("forms, odd methods and answers that make no sense are refused")


def limits(page):
    at_most = 16 << 10
    assert page.status("POST", "answer", b" " * at_most, Content_Type="application/json") == 400
    assert page.status("POST", "answer", b" " * (at_most + 1), Content_Type="application/json") == 413
    assert page.status("POST", "answer", iter([b" " * 5000] * 4), Content_Type="application/json") == 413  # chunked
    assert page.status("GET", "session", Cookie="x" * 7000) == 200
    assert page.status("GET", "session", Cookie="x" * 9000) == 431
    assert page.status("GET", "session?" + "x" * 20000) == 431
    print("the largest body and header, and no larger")


def rubbish(page):
    rubbish = (b"\0" * 5000, b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
               b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")  # fmt: skip
    for sent in rubbish:
        with page.raw(sent) as connection:
            assert re.match(rb"HTTP/1.1 4\d\d ", connection.recv(99)), sent
    begun = f"POST /{page.token}/answer HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n".encode()
    for half in (begun, begun[:40], begun + b'{"finding": 0,'):
        page.raw(half).close()
    slow = [page.raw(begun[: 1 + k]) for k in range(20)]
    begin = time.time()
    assert page.status("GET", "session") == 200 and time.time() - begin < 5
    silent = [page.raw(b"") for _ in range(20)]  # more than are served at once
    assert page.status("GET", "session") == 200 and time.time() - begin < 20
    for connection in slow:  # given up, not kept for ever
        assert connection.recv(99) == b""
    for connection in slow + silent:
        connection.close()
    print("rubbish, half requests and 40 silent clients: the next one is served")


def likeness(first, second):
    """Mean difference of the grey levels of two pictures."""
    one, other = (picture.convert("L").resize((64, 64)) for picture in (first, second))
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


def pictures(page):
    shown = {}
    for which in ("first", "second", "second_as_it_is"):
        status, headers, content = page.ask("GET", f"picture?finding=0&which={which}")
        assert status == 200 and headers["Content-Type"] == "image/jpeg"
        shown[which] = Image.open(io.BytesIO(content))
        assert max(shown[which].size) <= 480
    assert likeness(shown["first"], shown["second"]) < 0.5 * likeness(shown["first"], shown["second_as_it_is"])
    print("the second picture lies as the first one does")


def lost_picture(page):
    card = page.json("finding?n=5")["finding"]
    path = Path(card["images"][0]["name"])
    path = path if path.exists() else Path("cleaned") / path
    path.rename("elsewhere")
    status, _, content = page.ask("GET", "picture?finding=5")
    assert status == 500 and path.name in json.loads(content)["error"]
    Path("elsewhere").rename(path)
    assert page.status("GET", "picture?finding=4") == page.status("GET", "picture?finding=5") == 200
    print("a picture that is lost is named, and no other suffers")


def full_disk(folder):
    """The log may grow by half a line alone; then there is room again."""
    log = folder / "answers.csv"
    size = log.stat().st_size
    with review(folder, preexec=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN)) as page:
        resource.prlimit(page.process.pid, resource.RLIMIT_FSIZE, (size + 20, resource.RLIM_INFINITY))
        status, told = page.post("answer", {"finding": 0, "choice": "keep"})
        assert status == 500 and "answers.csv" in told["error"]
        assert page.json("progress")["progress"]["answered"] == 0 and log.stat().st_size == size
        resource.prlimit(page.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert page.post("answer", {"finding": 0, "choice": "keep"})[0] == 200
        assert len(answers(folder)) == 1
    print("an answer that the disk has no room for is refused, and can be given again")


def main():
    folder = Path(sys.argv[1])
    whole = (folder / "clean.csv").read_bytes()
    with review(folder) as page:
        for check in (secrets, hosts, nonsense, limits, rubbish, pictures, lost_picture):
            check(page)
        assert answers(folder) == []
    copy = Path("copy")
    shutil.copytree(folder, copy)
    full_disk(copy)

    page = Page(folder)
    near = [page.json(f"finding?n={k}")["finding"] for k in range(3)]
    assert [one["number"] for one in near] == [1, 2, 3] and near[0]["of"] == 6 and all(one["pair"] and one["same_lesion"] for one in near)
    assert page.post("answer", {"finding": 0, "choice": "drop"})[0] == 200
    assert page.post("answer", {"finding": 1, "choice": "not_sure"})[0] == 200
    page.end(signal.SIGKILL)
    assert [said for _, said, _ in answers(folder)] == ["drop", "not_sure"] and (folder / "clean.csv").read_bytes() == whole
    page = Page(folder)
    assert page.json("next")["finding"]["images"] == near[2]["images"] and page.json("progress")["progress"]["total"] == 4
    print("answers outlive kill -9, and the next run goes on")

    labels = page.json("session")["labels"]
    was = page.json("finding?n=3")["finding"]["images"][0]["label"]
    other = next(label for label in labels if label != was)
    for said in ({"finding": 2, "choice": "keep"}, {"finding": 3, "choice": "drop"}):
        assert page.post("answer", said)[0] == 200
    assert page.post("back", {})[1]["finding"]["answer"] == {"choice": "drop", "label": ""}
    assert page.post("answer", {"finding": 3, "choice": "relabel", "label": other})[0] == 200
    code, last = page.end()
    assert code == 0 and answers(folder)[-1][1:] == ("relabel", other)
    with open(folder / "clean.csv", newline="") as file:
        assert {row["image"]: row["label"] for row in csv.DictReader(file)}[list(csv.DictReader(open(folder / "answers.csv")))[-1]["image"]] == other
    print("back: the newer answer counts")
    print("Ctrl-C:", *last)


if __name__ == "__main__":
    main()

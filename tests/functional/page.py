#!/usr/bin/env python3
"""The page that `naevus serve` gives out of its own program, over HTTP as browsers ask and as nobody should.

Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import gzip
import hashlib
import json
import re
import socket
import subprocess
from html.parser import HTMLParser

from serving import serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Loaded(HTMLParser):
    """What a document loads before anything of it is used."""

    def __init__(self, document):
        super().__init__()
        self.paths = []
        self.inline = 0
        self.feed(document.decode())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "script":
            self.inline += "src" not in given
            self.paths += filter(None, [given.get("src")])
        elif tag == "style" or "style" in given:
            self.inline += 1
        elif tag == "link":
            self.paths.append(given["href"])


def fetched(server, path, **fields):
    status, header, body = server.ask("GET", path, **fields)
    assert status == 200, (path, status, body[:300])
    return header, body


def files(server):
    """Paths that the document names, and those that these name in turn."""
    found, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        header, body = fetched(server, path)
        if re.match(r"text/(html|javascript|css)", header["Content-Type"]):
            waiting += ["/assets/" + name for name in re.findall(r"\bassets/([\w.-]+)", body.decode())]
            waiting += ["/assets/" + name for name in re.findall(r"[\"'`(]\./([\w.-]+-[\w-]{8}\.\w+)", body.decode())]
    return sorted(found | {path for path in Loaded(fetched(server, "/")[1]).paths})


def headers(server, paths):
    for path in paths:
        header, body = fetched(server, path, **BROWSER)
        policy = dict(part.strip().split(" ", 1) for part in header["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'", path
        assert policy["script-src"] == "'self' 'wasm-unsafe-eval'" and policy["style-src"] == "'self'", path
        assert not any("*" in sources or "http" in sources or "unsafe-inline" in sources or "'unsafe-eval'" in sources for sources in policy.values()), path
        assert header["Cross-Origin-Opener-Policy"] == "same-origin" and header["Cross-Origin-Embedder-Policy"] == "require-corp", path
        assert header["Cross-Origin-Resource-Policy"] == "same-origin" and header["Referrer-Policy"] == "no-referrer", path
        assert header["X-Content-Type-Options"] == "nosniff" and "camera=(self)" in header["Permissions-Policy"], path
        assert "microphone=()" in header["Permissions-Policy"] and "geolocation=()" in header["Permissions-Policy"], path
        assert all(len(header.get_all(name)) == 1 for name in set(header)), path
        assert header["Cache-Control"] == ("public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"), path
        assert header["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"' and header["Vary"] == "Accept-Encoding", path
    kinds = {path.rsplit(".")[-1]: fetched(server, path)[0]["Content-Type"].split(";")[0] for path in paths}
    assert kinds["js"] == "text/javascript" and kinds["css"] == "text/css" and kinds["/"] == "text/html" and kinds["webmanifest"] == "application/manifest+json", kinds
    assert kinds.get("wasm", "application/wasm") == "application/wasm", kinds
    document = Loaded(fetched(server, "/")[1])
    assert document.inline == 0 and all(path.startswith("/") and not path.startswith("//") for path in document.paths), document.paths
    print("every file of the page has the headers that keep it alone, and is told how long it lasts")


def codings(server, paths):
    for path in paths:
        plain_header, plain = fetched(server, path)
        header, packed = fetched(server, path, Accept_Encoding="gzip, deflate, br, zstd")
        assert header["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain_header, path
        assert gzip.decompress(packed) == plain and header["ETag"] != plain_header["ETag"], path
        assert server.ask("HEAD", path)[1]["Content-Length"] == str(len(plain)), path
        status, header, body = server.ask("HEAD", path, Accept_Encoding="gzip")
        assert (status, header["Content-Length"], body) == (200, str(len(packed)), b""), path
    for accepted, packed in [("*", True), ("GZIP;q=0.001", True), ("br, gzip;q=1.0, identity;q=0.5", True), ("gzip;q=0.5, *;q=0", True), ("gzip;q=0", False), ("gzip;q=0, *", False),
                             ("*;q=0", False), ("identity", False), ("br", False), ("", False), ("gzip;q=0.2, identity;q=0.7", False), ("gzip;q=many", False), ("gzipped", False)]:  # fmt: skip
        assert (fetched(server, "/", Accept_Encoding=accepted)[0]["Content-Encoding"] == "gzip") == packed, accepted
    print("compressed for those who take it, else as it is: the same bytes")


def known(server, paths):
    for path in paths:
        for accepted in ("gzip", "identity"):
            tag = fetched(server, path, Accept_Encoding=accepted)[0]["ETag"]
            for sent in (tag, "W/" + tag, f'"other", {tag}', "*"):
                status, header, body = server.ask("GET", path, Accept_Encoding=accepted, If_None_Match=sent)
                assert (status, body, header["ETag"]) == (304, b"", tag), (path, sent, status)
                assert header["Vary"] == "Accept-Encoding" and header["Cache-Control"] and "Content-Length" not in header and "Content-Encoding" not in header
            for sent in ('"other"', tag[1:-1], tag[:-2] + '"', ""):
                assert server.status("GET", path, Accept_Encoding=accepted, If_None_Match=sent) == 200, (path, sent)
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    tag = fetched(server, "/")[0]["ETag"]
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nIf-None-Match: {tag}\r\n"
    connection.sendall((request + "\r\n" + request + "Connection: close\r\n\r\n").encode())
    assert connection.makefile("rb").read().count(b"HTTP/1.1 304 Not Modified") == 2
    print("what a browser has already is not sent again")


def addresses(server):
    document = fetched(server, "/")[1]
    for address in ("/history", "/history/", "/patients/a%20b?from=1", "/review", "/nowhere", "/v1", "/apis", "/m%C3%A9tier"):
        header, body = fetched(server, address, **BROWSER)
        assert body == document and header["Cache-Control"] == "no-cache", address
        assert server.ask("HEAD", address, **BROWSER)[0] == 200, address
        for fields in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}, {"Accept": "text/html;q=0, */*"}):
            status, header, _ = server.ask("GET", address, **fields)
            assert status == 404 and header["Content-Type"] == "application/problem+json", (address, fields, status)
    for address in ("/api", "/api/v1", "/api/v1/nothing", "/api/v1/predictions/7/8", "/v2/nothing", "/metrics/x", "/assets", "/assets/nothing.js", "/assets/a/b", "/index.html/x", "/assets/index.html"):
        status, header, _ = server.ask("GET", address, **BROWSER)
        assert status == 404 and header["Content-Type"] == "application/problem+json", (address, status)
    print("its own addresses lead to the page, those of the API and missing files to a 404")


def refusals(server, paths):
    for path in [*paths, "/history"]:
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            status, header, _ = server.ask(method, path, **BROWSER)
            assert status == 405 and header["Allow"] == "GET, HEAD, OPTIONS", (method, path, status)
    for target in (b"/assets/../index.html", b"/../../etc/passwd", b"/assets/%2e%2e/index.html", b"/%2e%2e/%2E%2E/etc/passwd", b"/assets/..%2findex.html", b"/assets%2f..", b"/assets/%00", b"/index.html%00.js",
                   b"/assets/./x", b"//etc/passwd", b"/assets//x", b"/%", b"/\\..\\x%0d%0aSet-Cookie:x", b"etc/passwd", b"/index\0.html", b"/" + b"a" * 20000, b"/assets/" + b"%61" * 8000):  # fmt: skip
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(b"GET " + target + f" HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode())
            answer = connection.makefile("rb").read()
        assert re.match(rb"HTTP/1.1 4(00|31) ", answer) and b"root:" not in answer and b"Set-Cookie" not in answer, (target[:60], answer[:200])
    assert server.status("GET", "/", Host=f"localhost:{server.port}") == 200
    assert server.status("GET", "/", Host=f"evil.example:{server.port}") == 421
    assert server.status("GET", "/", Origin="https://evil.example") == 403
    print("other methods, addresses that lead elsewhere and other sites are refused")


def first_load(server):
    taken = {"/": len(fetched(server, "/", Accept_Encoding="gzip")[1])}
    for path in Loaded(fetched(server, "/")[1]).paths:
        taken[path] = len(fetched(server, path, Accept_Encoding="gzip")[1])
    assert sum(taken.values()) <= 150 * 1024 and len(taken) > 1, taken
    print("what the page loads at first takes at most 150 KiB")


def is_public():
    with serving("--keys", data="keyed") as server:
        for path in files(server):
            fetched(server, path, Accept_Encoding="gzip")
        fetched(server, "/history", **BROWSER)
        assert server.status("GET", "/api/v1/predictions", **BROWSER) == 401
        made = subprocess.run(["naevus", "key", "create", "--role", "viewer", "--data", "keyed", "--json", "Reader"], capture_output=True, check=True)
        secret = json.loads(made.stdout)["secret"]
        metrics = server.ask("GET", "/metrics", key=secret)[2].decode()
        assert 'route="/{page}"' in metrics and 'route="/assets/{name}"' in metrics and "/history" not in metrics, metrics
    print("with keys on the page is there for everybody, what it shows is not")


def main():
    with serving() as server:
        paths = files(server)
        headers(server, paths)
        codings(server, paths)
        known(server, paths)
        addresses(server)
        refusals(server, paths)
        first_load(server)
    is_public()


if __name__ == "__main__":
    main()

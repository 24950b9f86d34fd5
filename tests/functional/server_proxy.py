#!/usr/bin/env python3
"""Drives `naevus serve --trusted-proxy` as a proxy does, and as those who would like to pass for one.

usage: server_proxy.py
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import http.client
import json
import re
import socket
import subprocess
from contextlib import contextmanager

from server_ws import WebSocket
from serving import Asks, serving

PROXY = "127.0.0.2"  # any address of 127.0.0.0/8 is this machine's, to bind and to call from
GOOD = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "203.0.113.9", "Host": "clinic.example"}


class Proxy(Asks):
    """What stands at an address and passes requests on, with its fields or without some (None)."""

    def __init__(self, server, address=PROXY):
        self.server, self.address = server, address

    def ask(self, method, path, body=None, more=(), **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120, source_address=(self.address, 0))
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in [*(GOOD | fields).items(), *more]:
            if value is not None:
                connection.putheader(name.replace("_", "-"), value)
        body = body.encode() if isinstance(body, str) else body
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.headers, content

    def kind(self, expect, *arguments, **fields):
        return self.json(*arguments, expect=expect, **fields)["type"].removeprefix("urn:naevus:problem:")

    def sign_in(self, name="nobody", password="wrong", **fields):
        return self.ask("POST", "/api/v1/sessions", json.dumps({"name": name, "password": password}), **fields)


@contextmanager
def behind(*options, address="0.0.0.0"):
    with serving("--address", address, "--name", "clinic.example", "--trusted-proxy", PROXY, "--trusted-proxy", "10.0.0.0/8", *options, data="proxied") as server:
        assert "behind a proxy; keys on" in server.line, server.line
        yield server, Proxy(server)


def others(server):
    for fields in (b"", b"X-Forwarded-For: 127.0.0.2\r\nX-Forwarded-Proto: https\r\nForwarded: for=127.0.0.2;proto=https\r\n"):
        for address in ("127.0.0.1", "127.0.0.3"):
            with socket.create_connection(("127.0.0.1", server.port), timeout=60, source_address=(address, 0)) as connection:
                answer = connection.recv(4096)  # before anything was said
                assert answer.startswith(b"HTTP/1.1 403 ") and b"not-the-proxy" in answer, answer
                try:
                    connection.sendall(b"GET /v2/health/live HTTP/1.1\r\nHost: clinic.example\r\n" + fields + b"\r\n")
                    assert b"200" not in connection.recv(4096)
                except OSError:  # closed
                    pass


def only_the_proxy():
    with behind() as (server, proxy):
        others(server)
        status, headers, _ = proxy.ask("GET", "/v2/health/ready")
        assert status == 200 and headers["Strict-Transport-Security"]
        assert proxy.kind(401, "GET", "/api/v1/predictions") == "key"
    print("who is not the proxy is turned away, whatever they say; who comes through it needs a key")


def asked_over_https(proxy):
    live = ("GET", "/v2/health/live")
    for said in (None, "http", "", "https, http", "http, https"):
        assert proxy.kind(403, *live, X_Forwarded_Proto=said) == "not-https", said
    assert proxy.kind(403, *live, more=[("X-Forwarded-Proto", "http")]) == "not-https"
    assert proxy.kind(403, *live, X_Forwarded_Proto=None, Forwarded="proto=https", X_Forwarded_Scheme="https") == "not-https"
    assert proxy.status(*live, X_Forwarded_Proto="https, https") == 200
    print("what was not asked over HTTPS is refused, and so is a proxy that does not say")


def called_by_name(server, proxy):
    live = ("GET", "/v2/health/live")
    for host in ("clinic.example", "clinic.example:443", f"clinic.example:{server.port}", "CLINIC.example"):
        assert proxy.status(*live, Host=host) == 200, host
    assert proxy.status(*live, Host="10.0.0.5:8080", X_Forwarded_Host="clinic.example") == 200
    for wrong in ({"Host": "evil.example"}, {"X_Forwarded_Host": "evil.example"}, {"X_Forwarded_Host": "clinic.example, evil.example"}, {"Host": "clinic.example:80"}):
        assert proxy.kind(421, *live, **wrong) == "wrong-host", wrong
    assert proxy.kind(400, *live, X_Forwarded_Host="clinic.example", more=[("X-Forwarded-Host", "clinic.example")]) == "bad-host"
    assert proxy.sign_in(Origin="https://clinic.example")[0] == 401
    for wrong in ("http://clinic.example", "https://evil.example", "https://clinic.example:8443"):
        assert proxy.sign_in(Origin=wrong)[0] == 403, wrong
    print("Host, or what the proxy says it was, is a name of ours, and Origin that name over HTTPS")


def cookies(proxy):
    subprocess.run(["naevus", "user", "add", "viewer", "--role", "viewer", "--data", "proxied"], input="the viewer's password", text=True, check=True, capture_output=True)
    status, headers, _ = proxy.sign_in("viewer", "the viewer's password")
    assert status == 201, status
    cookie = headers["Set-Cookie"]
    assert re.fullmatch(r"__Host-naevus-session=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Secure", cookie), cookie
    assert proxy.status("GET", "/api/v1/predictions", Cookie=cookie.split(";")[0]) == 200
    print("a session's cookie is for TLS alone")


def clients(server, proxy):
    def guesses(client, most=40):
        """Whether somebody who guesses passwords is stopped; each guess is for another name."""
        return any(proxy.sign_in(f"{client(k)}-{k}", X_Forwarded_For=client(k))[0] == 429 for k in range(most))

    def one(address):
        return proxy.sign_in(address, X_Forwarded_For=address)[0]

    # What a client says of itself stands before what the proxy says of it, and counts for nothing.
    assert guesses(lambda k: f"192.0.2.{k}, 10.0.0.9, 198.51.100.1")
    assert one("198.51.100.1") == 429 and one("192.0.2.1") == one("198.51.100.2") == 401
    # Two proxies: the inner one adds the outer one's address.
    assert guesses(lambda k: f"192.0.2.{k}, 198.51.100.3, 10.0.0.{k}")
    assert one("198.51.100.3") == 429 and one("10.0.0.1") == 401
    # One that is not trusted is a client, whomever it asks for.
    assert guesses(lambda k: f"192.0.2.{k}, 172.16.0.1")
    # IPv6, and a client's port.
    assert guesses(lambda k: f"2001:db8::{k}, [2001:DB8::77]:{4000 + k}")
    assert one("2001:db8::77") == 429 and one("2001:db8::1") == 401
    assert proxy.kind(400, "GET", "/v2/health/live", X_Forwarded_For="203.0.113.9, unknown") == "forwarded"
    assert proxy.status("GET", "/v2/health/live", X_Forwarded_For=None) == 200
    print("a client is the last address that no proxy has; a forged one gets nobody further, or stopped")


def many_connections(server, proxy):
    made = json.loads(subprocess.run(["naevus", "key", "create", "--role", "admin", "--data", "proxied", "--json", "live"], capture_output=True, check=True).stdout)
    key = {"Authorization": "Bearer " + made["secret"]}

    def camera(client):
        fields = GOOD | key | {"X_Forwarded_For": client}
        return WebSocket(server.port, "/api/v1/live", source=PROXY, **fields)

    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=60, source_address=(PROXY, 0)) for _ in range(300)]
    assert proxy.status("GET", "/v2/health/live") == 200
    mine = [camera("198.51.100.9") for _ in range(256)]
    assert {one.status for one in mine} == {101}
    over = camera("198.51.100.9")
    assert over.status == 503 and b"Retry-After" in over.header
    others = camera("198.51.100.10")
    assert others.status == 101
    for one in (*mine, over, others, *idle):
        one.close()
    print("the proxy may hold many connections; of one client's requests 256 are taken at once")


def both_families():
    with behind(address="::") as (server, proxy):  # IPv4 comes as ::ffff:127.0.0.2
        others(server)
        assert proxy.status("GET", "/v2/health/live") == 200
    print("the proxy is known on a socket of both families")


def main():
    only_the_proxy()
    with behind() as (server, proxy):
        asked_over_https(proxy)
        called_by_name(server, proxy)
        cookies(proxy)
    with behind() as (server, proxy):
        clients(server, proxy)
        many_connections(server, proxy)
    both_families()


if __name__ == "__main__":
    main()

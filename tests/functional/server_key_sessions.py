#!/usr/bin/env python3
"""Drives sessions that API keys begin: for browsers, which send cookies by themselves but no key.

usage: server_key_sessions.py PICTURES   (a folder as `naevus synth` makes it)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import json
import re
import sqlite3
import sys
import time
from pathlib import Path

from server_people import Person, run
from server_ws import WebSocket
from serving import serving


def key(role, *options):
    return json.loads(run("naevus", "key", "create", "--role", role, "--data", "data", "--json", *options, role))


def ask_in(server, secret):
    return server.ask("POST", "/api/v1/sessions", json.dumps({"key": secret}))


def sign_in(server, secret):
    status, headers, content = ask_in(server, secret)
    assert status == 201, (status, content)
    assert re.fullmatch(r"naevus-session=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict", headers["Set-Cookie"]), headers["Set-Cookie"]
    assert headers["Cache-Control"] == "no-store" and headers["Location"] == "/api/v1/sessions/current"
    said = json.loads(content)
    return Person(server, headers["Set-Cookie"].split(";")[0], said["csrf_token"]), said


def nobody_needs_to():
    with serving(data="open") as server:
        assert ask_in(server, "nv_" + "A" * 43)[0] == 409
    print("without --keys nobody needs to sign in")


def signing_in(server, picture):
    made = key("clinician")
    person, said = sign_in(server, made["secret"])
    assert said.keys() == {"needed", "actor", "role", "csrf_token", "ends_at"} and (said["actor"], said["role"]) == ("key:" + made["id"], "clinician")
    assert person.json("GET", "/api/v1/sessions/current") == said
    assert made["secret"] not in person.cookie and person.cookie.split("=")[1] not in Path("data/naevus.db").read_bytes().decode("latin-1")
    kept = person.json("POST", "/api/v1/predictions", picture, expect=201)
    assert person.status("GET", f"/api/v1/predictions/{kept['id']}/picture?size=small") == 200  # as <img> asks
    with sqlite3.connect("data/naevus.db") as database:
        assert database.execute("SELECT actor FROM predictions WHERE id = ?", (kept["id"],)).fetchall() == [(said["actor"],)]
        began = database.execute("SELECT actor, details FROM audit WHERE action = 'session.begin'").fetchall()
    assert [(actor, json.loads(details)) for actor, details in began] == [(said["actor"], {"key": made["id"]})]
    camera = WebSocket(server.port, "/api/v1/live", Cookie=person.cookie, Origin=f"http://127.0.0.1:{server.port}")
    assert camera.status == 101
    camera.close()
    assert WebSocket(server.port, "/api/v1/live", Cookie=person.cookie).status == 403
    print("a key begins a session: no user, the key as actor, for pictures and WebSockets too")
    return person, made


def held_to(server, person, picture):
    """What any session is held to: its token, its role."""
    other = sign_in(server, key("clinician")["secret"])[0]
    for token in ("", other.token, person.token[:-1]):
        assert Person(server, person.cookie, token).kind(403, "POST", "/api/v1/predictions", picture) == "csrf", token
    assert Person(server, person.cookie, "").kind(403, "DELETE", "/api/v1/sessions/current") == "csrf"
    assert server.status("POST", "/api/v1/sessions", json.dumps({"key": "x"}), Origin="https://evil.example") == 403
    assert person.kind(403, "GET", "/api/v1/users") == person.kind(403, "POST", "/api/v1/models/rollback") == "role"
    viewer = sign_in(server, key("viewer")["secret"])[0]
    assert viewer.status("GET", "/api/v1/predictions") == 200 and viewer.kind(403, "POST", "/api/v1/predictions", picture) == "role"
    assert other.status("DELETE", "/api/v1/sessions/current") == 204 and other.kind(401, "GET", "/api/v1/predictions") == "session"
    assert person.status("GET", "/api/v1/predictions") == 200
    print("it is held to its token and to the key's role, and ends by signing out")


def ends_with_its_key(server, person, made):
    run("naevus", "key", "revoke", made["id"], "--data", "data")
    assert person.kind(401, "GET", "/api/v1/predictions") == person.kind(401, "GET", "/api/v1/sessions/current") == "session"
    assert json.loads(ask_in(server, made["secret"])[2])["status"] == 401
    expiring = key("viewer", "--days", "1")
    late, said = sign_in(server, expiring["secret"])
    assert said["ends_at"] == expiring["expires_at"]
    assert late.status("GET", "/api/v1/predictions") == 200
    with sqlite3.connect("data/naevus.db", timeout=60) as database:
        database.execute("UPDATE api_keys SET expires_at = ? WHERE id = ?", (int(time.time() * 1000) - 1, expiring["id"]))
    database.close()
    assert late.kind(401, "GET", "/api/v1/predictions") == "session"
    print("it ends with its key, revoked or expired, at the next request")


def wrong(server):
    # Each server counts this address's guesses anew.
    told = set()
    viewer = key("viewer")
    for secret in ("nv_" + "A" * 43, viewer["id"], viewer["secret"][:-1], viewer["secret"] + "A"):
        status, headers, content = ask_in(server, secret)
        assert status == 401 and headers["Set-Cookie"] is None
        told.add(json.loads(content)["detail"])
    assert len(told) == 1
    for body in ({"key": 1}, {"key": None}, {"key": "x", "name": "viewer"}, {"key": "x", "password": "y"}, {"key": "x" * 201}, {"key": "x", "remember": True}):
        assert server.status("POST", "/api/v1/sessions", json.dumps(body)) == 400, body
    statuses = [ask_in(server, "nv_guess")[:2] for _ in range(20)]
    assert {status for status, _ in statuses} == {401, 429} and all(headers["Retry-After"] for status, headers in statuses if status == 429)
    assert server.status("GET", "/api/v1/predictions", key=viewer["secret"]) == 200
    print("a wrong key is told so, and too many of them are stopped")


def main():
    picture = sorted(Path(sys.argv[1]).glob("*.jpg"))[0].read_bytes()
    nobody_needs_to()
    with serving("--keys") as server:
        person, made = signing_in(server, picture)
        held_to(server, person, picture)
        ends_with_its_key(server, person, made)
    with serving("--keys") as server:
        wrong(server)
    run("naevus", "audit", "verify", "--data", "data")


if __name__ == "__main__":
    main()

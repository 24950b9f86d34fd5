#!/usr/bin/env python3
"""Drives `naevus serve` as the people who sign in to it do: sessions, users, patients and their lesions.

usage: server_people.py PICTURES   (a folder as `naevus synth` makes it)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import json
import re
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from server_ws import WebSocket
from serving import Asks, form, serving

HOUR = 3_600_000
PASSWORDS = {role: f"the {role}'s password" for role in ("viewer", "clinician", "reviewer", "admin")}


class Person(Asks):
    """Somebody who has signed in, or whose cookie or token was tampered with."""

    def __init__(self, server, cookie, token):
        self.server, self.cookie, self.token = server, cookie, token

    def ask(self, method, path, body=None, **fields):
        if method not in ("GET", "HEAD") and self.token:
            fields.setdefault("X_CSRF_Token", self.token)
        body = json.dumps(body) if isinstance(body, dict) else body
        return self.server.ask(method, path, body, Cookie=self.cookie, **fields)

    def kind(self, expect, *arguments, **fields):
        """What a refusal is called."""
        return self.json(*arguments, expect=expect, **fields)["type"].removeprefix("urn:naevus:problem:")


def sign_in(server, name, password, expect=201):
    status, headers, content = server.ask("POST", "/api/v1/sessions", json.dumps({"name": name, "password": password}))
    assert status == expect, (status, content)
    if status != 201:
        assert headers["Set-Cookie"] is None
        return headers, json.loads(content)
    said = json.loads(content)
    return Person(server, headers["Set-Cookie"].split(";")[0], said["csrf_token"]), headers, said


def run(*command, **how):
    return subprocess.run(command, capture_output=True, text=True, check=True, **how).stdout


def add_users(data):
    for role, password in PASSWORDS.items():
        run("naevus", "user", "add", role, "--role", role, "--data", data, input=password)


def database(data, statement, *values):
    with sqlite3.connect(f"{data}/naevus.db", timeout=60) as connection:
        return connection.execute(statement, values).fetchall()


def nobody_needs_to():
    with serving(data="open") as server:
        assert server.json("GET", "/api/v1/sessions/current") == {"needed": False, "actor": "local", "role": "admin"}
        assert server.status("POST", "/api/v1/sessions", json.dumps({"name": "a", "password": "b"})) == 409
        assert server.status("DELETE", "/api/v1/sessions/current") == 404
    print("without --keys nobody needs to sign in, and the page is told so")


def signing_in(server):
    viewer, headers, said = sign_in(server, "viewer", PASSWORDS["viewer"])
    assert re.fullmatch(r"naevus-session=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict", headers["Set-Cookie"]), headers["Set-Cookie"]
    assert headers["Cache-Control"] == "no-store" and headers["Location"] == "/api/v1/sessions/current"
    assert said["role"] == "viewer" and said["user"]["name"] == "viewer" and said["actor"] == "user:" + said["user"]["id"]
    assert viewer.json("GET", "/api/v1/sessions/current") == said and said["needed"] is True
    assert viewer.status("GET", "/api/v1/predictions") == 200
    assert viewer.cookie.split("=")[1] not in Path("people/naevus.db").read_bytes().decode("latin-1")
    for cookie in ("", "naevus-session=", "naevus-session=" + "A" * 43, viewer.cookie + "A", viewer.cookie.replace("naevus", "Naevus"), "x" + viewer.cookie):
        assert Person(server, cookie, "").status("GET", "/api/v1/predictions") == 401, cookie
    assert Person(server, "a=b; " + viewer.cookie + "; c=d", "").status("GET", "/api/v1/predictions") == 200
    for body in ("", "[]", "{}", '{"name": "viewer"}', '{"name": 1, "password": "x"}', '{"name": "viewer", "password": "x", "remember": true}', json.dumps({"name": "x" * 201, "password": "x"})):
        assert server.status("POST", "/api/v1/sessions", body) == 400, body
    assert server.status("POST", "/api/v1/sessions", "x" * (17 << 10)) == 413
    print("signing in gives a cookie that scripts can't read and other sites can't use")
    return viewer


def wrong_passwords(server):
    answers = set()
    for name, password in (("viewer", "wrong"), ("viewer", PASSWORDS["admin"]), ("nobody", PASSWORDS["viewer"]), ("Viewer", PASSWORDS["viewer"]), ("viewer", "")):
        _, said = sign_in(server, name, password, expect=401)
        answers.add((said["type"], said["detail"], said.get("advice")))
    assert len(answers) == 1, answers
    print("a wrong name and a wrong password are told alike")


def forgery(server):
    clinician = sign_in(server, "clinician", PASSWORDS["clinician"])[0]
    other = sign_in(server, "clinician", PASSWORDS["clinician"])[0]
    path = "/api/v1/patients/forged/lesions"
    for token in ("", other.token, clinician.token[:-1], clinician.token.upper(), clinician.token + "0", "0" * 64):
        assert Person(server, clinician.cookie, token).kind(403, "POST", path, {}) == "csrf", token
    for method, where in (("PUT", "/api/v1/predictions/x/lesion"), ("PATCH", "/api/v1/lesions/x"), ("DELETE", "/api/v1/lesions/x"), ("DELETE", "/api/v1/sessions/current")):
        assert Person(server, clinician.cookie, "").kind(403, method, where, "{}") == "csrf", (method, where)
    origin = f"http://127.0.0.1:{server.port}"
    for wrong in ("https://evil.example", "null", origin + "0", origin.replace("http", "https")):
        assert clinician.kind(403, "POST", path, {}, Origin=wrong) == "wrong-origin"
        assert server.status("POST", "/api/v1/sessions", "{}", Origin=wrong) == 403
        assert WebSocket(server.port, "/api/v1/live", Origin=wrong, Cookie=clinician.cookie).status == 403
    assert WebSocket(server.port, "/api/v1/live", Cookie=clinician.cookie).status == 403
    live = WebSocket(server.port, "/api/v1/live", Cookie=clinician.cookie, Origin=origin)
    assert live.status == 101
    live.close()
    assert clinician.json("GET", path) == {"lesions": []}
    assert clinician.json("POST", path, {}, expect=201, Origin=origin)["actor"].startswith("user:")
    assert clinician.status("DELETE", "/api/v1/sessions/current") == 204 and clinician.status("GET", path) == 401
    print("what another site makes a browser send is refused: no token, a wrong one, a foreign page")


def roles(server, picture):
    people = {role: sign_in(server, role, PASSWORDS[role])[0] for role in PASSWORDS}
    least = {("GET", "/api/v1/predictions"): "viewer", ("GET", "/api/v1/patients"): "viewer", ("GET", "/api/v1/lesions/x"): "viewer", ("POST", "/api/v1/predictions"): "clinician",
             ("POST", "/api/v1/patients/x/lesions"): "clinician", ("PATCH", "/api/v1/lesions/x"): "clinician", ("DELETE", "/api/v1/lesions/x"): "clinician",
             ("PUT", "/api/v1/predictions/x/lesion"): "clinician", ("GET", "/api/v1/review"): "reviewer", ("GET", "/api/v1/users"): "admin", ("POST", "/api/v1/users"): "admin",
             ("DELETE", "/api/v1/users/x"): "admin", ("DELETE", "/api/v1/patients/y"): "admin"}  # fmt: skip
    order = list(PASSWORDS)
    for (method, path), role in least.items():
        for one, person in people.items():
            refused = order.index(one) < order.index(role)
            assert (person.status(method, path, "{}") == 403) == refused, (method, path, one)
    said = people["clinician"].json("POST", "/api/v1/predictions", picture, expect=201)
    path = f"/api/v1/predictions/{said['id']}/feedback"
    actor = people["clinician"].json("GET", "/api/v1/sessions/current")["actor"]
    assert people["clinician"].json("POST", path, {"verdict": "agrees"}, expect=201)["reader"] == actor
    print("each may do what their role allows, and what they do is theirs")
    return people


def users(server, people):
    admin, viewer = people["admin"], people["viewer"]
    listed = admin.json("GET", "/api/v1/users")["users"]
    assert [user["name"] for user in listed] == sorted(PASSWORDS) and "password" not in json.dumps(listed)
    wanted = {"name": "Dr Grün", "role": "reviewer", "password": "a password of hers"}
    made = admin.json("POST", "/api/v1/users", wanted, expect=201)
    for wrong in (wanted, {}, wanted | {"name": "x", "role": "root"}, wanted | {"name": "x", "password": "short"}, wanted | {"name": ""}, wanted | {"x": 1}, wanted | {"name": "a\0b"}):
        assert admin.status("POST", "/api/v1/users", wrong) == 400, wrong
    hers = sign_in(server, "Dr Grün", "a password of hers")[0]
    path = f"/api/v1/users/{made['id']}/password"
    assert viewer.status("PUT", path, {"password": "taken over by a viewer"}) == 403
    assert hers.status("PUT", path, {"password": "a newer one of hers"}) == 400
    assert hers.kind(403, "PUT", path, {"password": "a newer one of hers", "old_password": "wrong"}) == "old-password"
    assert hers.status("PUT", path, {"password": "short", "old_password": "a password of hers"}) == 400
    assert hers.status("GET", "/api/v1/review") == 200
    assert hers.status("PUT", path, {"password": "a newer one of hers", "old_password": "a password of hers"}) == 204
    assert hers.kind(401, "GET", "/api/v1/review") == "session"
    hers = sign_in(server, "Dr Grün", "a newer one of hers")[0]
    assert admin.status("PUT", path, {"password": "set by an admin"}) == 204
    assert hers.status("GET", "/api/v1/review") == 401
    hers = sign_in(server, "Dr Grün", "set by an admin")[0]
    assert admin.status("DELETE", "/api/v1/users/" + made["id"]) == 204
    assert hers.status("GET", "/api/v1/review") == 401
    assert admin.status("DELETE", "/api/v1/users/" + made["id"]) == admin.status("PUT", path, {"password": "set by an admin"}) == 404
    own = admin.json("GET", "/api/v1/sessions/current")["user"]["id"]
    assert admin.kind(409, "DELETE", "/api/v1/users/" + own) == "last-admin" and admin.status("GET", "/api/v1/users") == 200
    print("users are added and removed by an admin; a new password ends their sessions; the last admin stays")


def expiry(server):
    person, _, said = sign_in(server, "viewer", PASSWORDS["viewer"])
    now = int(time.time() * 1000)
    ids = {row[0] for row in database("people", "SELECT id FROM sessions")}

    def aged(idle, lasts):
        database("people", "UPDATE sessions SET seen_at = ?, ends_at = ?", now - idle, now + lasts)
        return person.status("GET", "/api/v1/predictions")

    assert aged(8 * HOUR - HOUR, HOUR) == 200
    assert database("people", "SELECT MAX(seen_at) FROM sessions")[0][0] >= now  # it was used
    assert aged(8 * HOUR, HOUR) == 401
    assert aged(0, HOUR) == 200
    assert aged(0, -1) == 401
    sign_in(server, "viewer", PASSWORDS["viewer"])
    assert not ids & {row[0] for row in database("people", "SELECT id FROM sessions")}, "what has ended is kept"
    print("a session ends after 8 hours without a request, or after its week, and is forgotten")


def files():
    """What pictures the server keeps."""
    return {path.read_bytes() for path in Path("people/pictures").rglob("*") if path.is_file()}


def patient(server, people, pictures):
    clinician, admin = people["clinician"], people["admin"]
    key, other = "P-17 ß", "P-18"
    lesions = f"/api/v1/patients/{quote(key)}/lesions"
    point = {"view": "posterior", "x": 0.25, "y": 0.4}
    lesion = clinician.json("POST", lesions, {"point": point, "site": "back", "note": "größer seit Mai"}, expect=201)
    assert (lesion["point"], lesion["site"], lesion["note"], lesion["predictions"], lesion["patient_key"]) == (point, "back", "größer seit Mai", 0, key)
    for wrong in ({"point": {}}, {"point": 1}, {"point": point | {"x": 1.01}}, {"point": point | {"y": -0.1}}, {"point": point | {"x": "0"}}, {"point": point | {"view": "inside"}},
                  {"point": point | {"z": 0}}, {"site": "x" * 101}, {"note": "x" * 4001}, {"note": 1}, {"colour": "red"}):  # fmt: skip
        assert clinician.status("POST", lesions, wrong) == clinician.status("PATCH", "/api/v1/lesions/" + lesion["id"], wrong) == 400, wrong
    for wrong in ("%2F", "a%2Fb", "%ff", "x" * 101, ".", "..", "%00", "%0A"):
        assert clinician.status("POST", f"/api/v1/patients/{wrong}/lesions", {}) in (400, 404), wrong
    for wrong in ("a/b", ".a", "..", "a\nb", "x" * 101):
        assert clinician.status("POST", "/api/v1/predictions?patient_key=" + quote(wrong, safe=""), pictures[0]) == 400

    def predict(n, query=""):
        return clinician.json("POST", "/api/v1/predictions" + query, pictures[n], expect=201)

    filed = predict(0, "?lesion=" + lesion["id"])
    assert filed["patient"] == {"site": "back", "patient_key": key, "lesion": lesion["id"]}
    said = form([("image", pictures[1]), ("patient_key", key.encode()), ("site", b"left shoulder"), ("lesion", lesion["id"].encode())])
    formed = clinician.json("POST", "/api/v1/predictions", expect=201, **said)
    assert formed["patient"]["site"] == "left shoulder"
    later, nobodys, shared = predict(2, "?patient_key=" + quote(key)), predict(3), predict(4, "?patient_key=" + quote(key))
    others = predict(4, "?patient_key=" + other)
    for query in ("lesion=" + "0" * 32, f"lesion={lesion['id']}&patient_key={other}"):
        assert clinician.status("POST", "/api/v1/predictions?" + query, pictures[6]) == 400
    assert files() >= set(pictures[:5]) and pictures[6] not in files(), "what was refused left its picture"

    def file(prediction, lesion_id, expect=200):
        return clinician.json("PUT", f"/api/v1/predictions/{prediction['id']}/lesion", {"lesion": lesion_id}, expect=expect)

    assert file(later, lesion["id"])["patient"]["lesion"] == lesion["id"]
    assert file(nobodys, lesion["id"])["patient"]["patient_key"] == key
    file(others, lesion["id"], expect=400)
    file(later, "0" * 32, expect=400)
    file({"id": "0" * 32}, lesion["id"], expect=404)
    seen, cursor = [], ""
    while cursor is not None:
        page = clinician.json("GET", f"/api/v1/predictions?limit=3&lesion={lesion['id']}" + (f"&cursor={quote(cursor)}" if cursor else ""))
        seen, cursor = seen + [one["id"] for one in page["predictions"]], page["next"]
    assert seen == [one["id"] for one in (nobodys, later, formed, filed)]
    assert "lesion" not in file(later, None)["patient"]
    assert clinician.json("GET", lesions)["lesions"][0]["predictions"] == 3

    changed = clinician.json("PATCH", "/api/v1/lesions/" + lesion["id"], {"note": "excised", "point": None})
    assert (changed["note"], changed["point"], changed["site"]) == ("excised", None, "back") and clinician.json("GET", "/api/v1/lesions/" + lesion["id"]) == changed
    mistaken = clinician.json("POST", lesions, {}, expect=201)
    file(later, mistaken["id"])
    assert clinician.status("DELETE", "/api/v1/lesions/" + mistaken["id"]) == 204
    assert clinician.status("GET", "/api/v1/lesions/" + mistaken["id"]) == clinician.status("DELETE", "/api/v1/lesions/" + mistaken["id"]) == 404
    assert clinician.json("GET", "/api/v1/predictions/" + later["id"])["patient"] == {"patient_key": key}
    print("a patient's lesions: a place on the body, notes, and the predictions filed under them, over time")
    found, cursor = {}, ""
    while cursor is not None:
        page = clinician.json("GET", "/api/v1/patients?limit=1" + (f"&cursor={quote(cursor)}" if cursor else ""))
        assert len(page["patients"]) <= 1
        found, cursor = found | {one["key"]: (one["predictions"], one["lesions"]) for one in page["patients"]}, page["next"]
    assert found == {"forged": (0, 1), "x": (0, 3), key: (5, 1), other: (1, 0)}, found
    return key, [filed, formed, later, nobodys, shared], others, lesion, admin


def erasure(server, pictures, key, own, others, lesion, admin):
    assert set(pictures[:5]) <= files()
    with sqlite3.connect("people/naevus.db") as connection:  # as if a model had learned from the first
        hashes = dict(connection.execute("SELECT id, picture FROM predictions"))
        connection.execute("INSERT INTO model_pictures (model, picture) SELECT seq, ? FROM models", (hashes[own[0]["id"]],))
    name, version = re.search(r"model (\S+) v(\d+)", server.line).groups()
    erased = admin.json("DELETE", "/api/v1/patients/" + quote(key))
    assert erased == {"predictions": 5, "lesions": 1, "pictures_removed": 4, "models_trained_on_them": [{"name": name, "version": version}]}, erased
    assert not set(pictures[:4]) & files() and pictures[4] in files()
    for one in own:
        assert admin.status("GET", "/api/v1/predictions/" + one["id"]) == admin.status("GET", f"/api/v1/predictions/{one['id']}/feedback") == 404
    assert admin.status("GET", "/api/v1/lesions/" + lesion["id"]) == admin.status("DELETE", "/api/v1/patients/" + quote(key)) == 404
    assert admin.json("GET", "/api/v1/predictions/" + others["id"])["patient"]["patient_key"] == "P-18"
    audit = json.dumps(database("people", "SELECT actor, action, object, details FROM audit"), ensure_ascii=False)
    assert "patient.erase" in audit and "session.begin" in audit and "user.password" in audit
    for personal in ("P-17", "P-18", "Mai", "excised", "Grün", "shoulder"):
        assert personal not in audit, personal
    print("erasing a patient takes predictions, lesions and files, names the models that learned from them, and leaves the others")


def guessing():
    """Too many guesses of one address are stopped; what they cost is bounded."""
    with serving("--keys", data="guessed") as server:
        run("naevus", "user", "add", "viewer", "--role", "viewer", "--data", "guessed", input=PASSWORDS["viewer"])
        results, lock = [], threading.Lock()

        def guess():
            status, headers, _ = server.ask("POST", "/api/v1/sessions", json.dumps({"name": "viewer", "password": "guessed"}))
            with lock:
                results.append((status, headers["Retry-After"]))

        threads = [threading.Thread(target=guess) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {status for status, _ in results} == {401, 429} and all(retry for status, retry in results if status == 429), results
        assert [status for status, _ in results].count(401) >= 10, results
        right = json.dumps({"name": "viewer", "password": PASSWORDS["viewer"]})
        said = [server.ask("POST", "/api/v1/sessions", right) for _ in range(20)]
        refused = [json.loads(content)["type"] for status, _, content in said if status == 429]
        assert refused and set(refused) == {"urn:naevus:problem:sign-in-rate"}, said
        key = json.loads(run("naevus", "key", "create", "k", "--role", "viewer", "--data", "guessed", "--json"))["secret"]
        assert server.status("GET", "/api/v1/predictions", key=key) == 200
        assert server.json("GET", "/api/v1/sessions/current", key=key)["actor"].startswith("key:")
        assert server.status("DELETE", "/api/v1/sessions/current", key=key) == 404
    print("too many attempts to sign in: 429 with Retry-After, and others are served")


def over_tls():
    with serving("--tls", "self-signed", "--keys", data="secured", scheme="https") as server:
        run("naevus", "user", "add", "viewer", "--role", "viewer", "--data", "secured", input=PASSWORDS["viewer"])
        context = ssl.create_default_context(cafile="secured/tls/self-signed.pem")
        base = f"https://127.0.0.1:{server.port}/api/v1/"
        said = json.dumps({"name": "viewer", "password": PASSWORDS["viewer"]}).encode()
        with urllib.request.urlopen(urllib.request.Request(base + "sessions", said), context=context, timeout=60) as answer:
            cookie = answer.headers["Set-Cookie"]
        assert re.fullmatch(r"__Host-naevus-session=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Secure", cookie), cookie
        request = urllib.request.Request(base + "sessions/current", headers={"Cookie": cookie.split(";")[0]})
        with urllib.request.urlopen(request, context=context, timeout=60) as answer:
            assert json.load(answer)["user"]["name"] == "viewer"
    print("over TLS the cookie is for this host and for TLS alone")


def retention(pictures):
    """Predictions are made old in the database, as if they had been made long ago."""
    with serving(data="kept") as server:
        old, also_old, new = (server.predict(picture)["id"] for picture in (pictures[0], pictures[1], pictures[1]))
    with sqlite3.connect("kept/naevus.db") as connection:
        long_ago = int((time.time() - 40 * 86400) * 1000)
        connection.execute("UPDATE predictions SET created_at = ? WHERE id IN (?, ?)", (long_ago, old, also_old))
    connection.close()
    with serving("--keep-days", "60", data="kept") as server:
        time.sleep(1)
        assert server.status("GET", "/api/v1/predictions/" + old) == 200
    with serving("--keep-days", "30", data="kept") as server:
        deadline = time.monotonic() + 60
        while server.status("GET", "/api/v1/predictions/" + old) != 404 or server.status("GET", "/api/v1/predictions/" + also_old) != 404:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert server.status("GET", "/api/v1/predictions/" + new) == 200
    assert [path.read_bytes() for path in Path("kept/pictures").rglob("*") if path.is_file()] == [pictures[1]]
    said = subprocess.run(["naevus", "audit", "verify", "--data", "kept"], capture_output=True, text=True, check=True).stdout
    assert "all as they were written" in said
    print("predictions are erased when their time is over, with the pictures that no other has")


def main():
    pictures = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.jpg"))[:7]]
    nobody_needs_to()
    # Each server counts the guesses of this address anew.
    with serving("--keys", data="people") as server:
        add_users("people")
        signing_in(server)
        wrong_passwords(server)
    with serving("--keys", data="people") as server:
        forgery(server)
        people = roles(server, pictures[5])
    with serving("--keys", "--idle-hours", "8", data="people") as server:
        for person in people.values():
            person.server = server
        users(server, people)
        expiry(server)
    with serving("--keys", data="people") as server:
        people = {role: sign_in(server, role, PASSWORDS[role])[0] for role in ("clinician", "admin")}
        erasure(server, pictures, *patient(server, people, pictures))
    run("naevus", "audit", "verify", "--data", "people")
    retention(pictures)
    guessing()
    over_tls()


if __name__ == "__main__":
    main()

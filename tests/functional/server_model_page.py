#!/usr/bin/env python3
"""Drives what a page needs of the models: the file that a browser can run itself, and why which model answered when.

usage: server_model_page.py
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import hashlib
import json
import subprocess
import threading
from pathlib import Path

from server_models import models, naevus, promote
from serving import serving

HISTORY = "/api/v1/models/history"


def file_of(model):
    return f"/api/v1/models/{model['id']}/file"


def files(server, made):
    for model, name in zip(made, ("half.onnx", "quarter.onnx", "denoised.onnx"), strict=True):
        status, headers, content = server.ask("GET", file_of(model))
        assert status == 200 and content == Path(name).read_bytes() and hashlib.sha256(content).hexdigest() == model["id"]
        assert headers["Content-Type"] == "application/octet-stream" and headers["ETag"] == f'"{model["id"]}"'
        assert headers["Cache-Control"] == "private, no-cache" and headers["X-Content-Type-Options"] == "nosniff"
        assert model["id"] in headers["Content-Disposition"]
        for held in (headers["ETag"], "W/" + headers["ETag"], f'"{made[0]["id"]}", "{made[1]["id"]}", "{made[2]["id"]}"'):
            status, fields, content = server.ask("GET", file_of(model), If_None_Match=held)
            assert (status, content, fields["ETag"]) == (304, b"", headers["ETag"])
    assert server.status("GET", file_of(made[0]), If_None_Match=f'"{made[1]["id"]}"') == 200
    status, headers, content = server.ask("HEAD", file_of(made[0]))
    assert (status, content) == (200, b"") and int(headers["Content-Length"]) == Path("half.onnx").stat().st_size
    print("a model's file comes whole under the hash that is its name; who has it is told so")


def many(server, made):
    wrong = []

    def fetch(model, expected):
        for _ in range(5):
            if server.ask("GET", file_of(model))[2] != expected:
                wrong.append(model["id"])

    threads = [threading.Thread(target=fetch, args=(model, Path(name).read_bytes())) for model, name in zip(made[:2] * 8, ("half.onnx", "quarter.onnx") * 8, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong
    print("many fetch two models at once, and each gets the one that it asked for")


def no_file(server, made):
    for id in ("0" * 64, "x", "%2e%2e"):
        assert server.status("GET", f"/api/v1/models/{id}/file") in (400, 404)
    assert server.status("GET", file_of(made[0]) + "?x=1") == 400 and server.status("POST", file_of(made[0])) == 405
    kept = Path("data/models") / (made[1]["id"] + ".onnx")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert server.json("GET", file_of(made[1]), expect=503)["type"].endswith("storage")
    kept.write_bytes(whole)
    assert server.ask("GET", file_of(made[1]))[2] == whole
    print("no such model, or a damaged file: refused, and no byte of it sent")


def reasons(server, made):
    def rolled_back(**said):
        return server.json("POST", "/api/v1/models/rollback", **said)

    first = server.json("GET", HISTORY)["changes"]
    assert [(one["kind"], one["model"]["version"], one["actor"], one["reason"]) for one in first] == [("promoted", "1", "local", "first of all")]
    promote(server, made[1], body=json.dumps({"reason": "  größer, \t<b>besser</b>\n"}))
    promote(server, made[1], body=json.dumps({"reason": "again: it answers already"}))
    rolled_back(body=json.dumps({"reason": ""}))
    server.json("PUT", f"/api/v1/models/{made[2]['id']}/shadow")
    server.json("DELETE", f"/api/v1/models/{made[2]['id']}/shadow")
    server.json("PUT", f"/api/v1/models/{made[1]['id']}/shadow")
    promote(server, made[1])
    naevus("models", "rollback", "--reason", "it misses what the old one found")
    naevus("models", "promote", made[2]["id"], "--reason", "x" * 1000)
    expected = [("promoted", "3", "x" * 1000), ("rolled_back", "1", "it misses what the old one found"), ("shadow_ended", "2", ""), ("promoted", "2", ""), ("shadow", "2", ""),
                ("shadow_ended", "3", ""), ("shadow", "3", ""), ("rolled_back", "1", ""), ("promoted", "2", "größer, \t<b>besser</b>"), ("promoted", "1", "first of all")]  # fmt: skip
    seen, cursor = [], ""
    while cursor is not None:
        page = server.json("GET", HISTORY + "?limit=3" + (f"&cursor={cursor}" if cursor else ""))
        assert len(page["changes"]) <= 3
        seen, cursor = seen + page["changes"], page["next"]
    assert [(one["kind"], one["model"]["version"], one["reason"]) for one in seen] == expected, seen
    assert [one["at"] for one in seen] == sorted((one["at"] for one in seen), reverse=True)
    ids = {model["version"]: model["id"] for model in made}
    assert all(one["model"] == {"id": ids[one["model"]["version"]], "name": "by-hand", "version": one["model"]["version"]} for one in seen)
    audit = subprocess.run(["sqlite3", "data/naevus.db", "SELECT * FROM audit"], capture_output=True, text=True, check=True).stdout
    assert "model.promote" in audit and "besser" not in audit and "misses" not in audit and "xxx" not in audit
    naevus("audit", "verify")
    print("who changed which model answers, when and why, by pages; reasons are not in the audit log")


def refusals(server, made):
    path = f"/api/v1/models/{made[0]['id']}/promote"
    before = server.json("GET", HISTORY)
    for body in ("x", "[]", '{"reason": 1}', '{"reason": null}', '{"why": "x"}', json.dumps({"reason": "x" * 1001}), json.dumps({"reason": "a\0b"}), b'{"reason": "\xff"}'):
        for where in (path, "/api/v1/models/rollback"):
            assert server.status("POST", where, body) == 400, body
    assert server.status("POST", path, "x" * (9 << 10)) == 413
    for query in ("?limit=0", "?limit=x", "?cursor=x", "?cursor=-1", "?kind=promoted"):
        assert server.status("GET", HISTORY + query) == 400, query
    assert server.status("DELETE", HISTORY) == 405
    for words in (("--reason", "x" * 1001), ("--reason", "a\udcff")):
        assert subprocess.run(["naevus", "models", "rollback", *words, "--data", "data"], capture_output=True).returncode == 1
    assert server.json("GET", HISTORY) == before
    print("a reason that is no text or too long changes nothing")


def started_with():
    """Why a server's own choices were made stands there too."""
    with serving("half.onnx") as server:
        change = server.json("GET", HISTORY + "?limit=1")["changes"][0]
        assert (change["model"]["version"], change["reason"]) == ("1", "named when the server was started")
    with serving(data="shipped") as server:
        changes = server.json("GET", HISTORY)["changes"]
        assert len(changes) == 1 and "came with naevus" in changes[0]["reason"]
    print("a model that a server was started with is promoted for that reason")


def roles(made):
    def key(role):
        return json.loads(naevus("key", "create", "--role", role, "--json", role))

    with serving("--keys") as server:
        viewer, admin = key("viewer"), key("admin")
        for path in (HISTORY, file_of(made[0])):
            assert server.status("GET", path) == 401 and server.status("GET", path, key=viewer["secret"]) == 200
        promote(server, made[1], key=admin["secret"], body=json.dumps({"reason": "by key"}))
        newest = server.json("GET", HISTORY + "?limit=1", key=viewer["secret"])["changes"][0]
        assert (newest["actor"], newest["reason"]) == ("key:" + admin["id"], "by key")
    print("reading takes a viewer; a change has its key's name")


def main():
    made = models()
    naevus("models", "promote", made[0]["id"], "--reason", "first of all")
    with open("server.log", "w") as log, serving(stderr=log) as server:
        files(server, made)
        many(server, made)
        no_file(server, made)
        reasons(server, made)
        refusals(server, made)
    started_with()
    roles(made)


if __name__ == "__main__":
    main()

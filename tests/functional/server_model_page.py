#!/usr/bin/env python3
"""Drives what a page needs of the models: the file that a browser can run itself.

usage: server_model_page.py
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import hashlib
import json
import threading
from pathlib import Path

from server_models import models, naevus
from serving import serving


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


def roles(made):
    with serving("--keys") as server:
        viewer = json.loads(naevus("key", "create", "--role", "viewer", "--json", "viewer"))["secret"]
        assert server.status("GET", file_of(made[0])) == 401 and server.status("GET", file_of(made[0]), key=viewer) == 200
    print("it takes a viewer")


def main():
    made = models()
    with open("server.log", "w") as log, serving("half.onnx", stderr=log) as server:
        files(server, made)
        many(server, made)
        no_file(server, made)
    roles(made)


if __name__ == "__main__":
    main()

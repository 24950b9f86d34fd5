#!/usr/bin/env python3
"""Drives `naevus serve` while its model changes: promotion, rollback and shadow, by HTTP and by the command line.

usage: server_models.py
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import http.client
import io
import json
import random
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import onnx
from PIL import Image
from serving import Server, serving

PATIENCE = 120  # seconds; a loaded machine is slow


def naevus(*arguments, data="data"):
    return subprocess.run(["naevus", *arguments, "--data", data], capture_output=True, check=True, text=True).stdout


def picture(red):
    out = io.BytesIO()
    Image.new("RGB", (80, 60), (red, 0, 0)).save(out, "PNG")
    return out.getvalue()


def models(data="data"):
    """Three models of one name. They call a picture nv whose red is above 1/2, 1/4 and 1/4; the third denoises it first."""
    subprocess.run(["make_network", "network.onnx"], check=True)
    made = []
    for file, std, steps in (("half.onnx", "255,255,255", ()), ("quarter.onnx", "127.5,127.5,127.5", ()), ("denoised.onnx", "127.5,127.5,127.5", ("--denoise", "median"))):
        subprocess.run(["naevus", "adopt", "network.onnx", "--classes", "nv,mel", "--malignant", "mel", "--mean", "0,0,0", "--std", std, "--layout", "nchw", "--name", "by-hand", *steps, "-o", file],
                       check=True, capture_output=True)  # fmt: skip
        made.append(json.loads(naevus("models", "add", file, "--json", data=data)))
    assert [model["version"] for model in made] == ["1", "2", "3"]
    return made


def until(true, what):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def promote(server, model, expect=200, **fields):
    return server.json("POST", f"/api/v1/models/{model['id']}/promote", expect=expect, **fields)


def listed(made):
    """The command line without a server."""
    text = naevus("models", "list")
    assert [line.split()[-1] for line in text.splitlines()] == ["v1", "v2", "v3"] and "serves" not in text, text
    assert "by-hand v1 is promoted" in naevus("models", "promote", made[0]["id"][:12])
    for wrong in (("promote", "0" * 12), ("promote", made[0]["id"][:4]), ("rollback",), ("shadow", made[0]["id"]), ("shadow",), ("show", "x")):
        assert subprocess.run(["naevus", "models", *wrong, "--data", "data"], capture_output=True).returncode in (1, 2), wrong
    shown = json.loads(naevus("models", "show", made[0]["id"], "--json"))
    assert shown["serves"] and not shown["shadow"] and shown["origin"] == "file"
    print("the command line enters, lists and promotes models")


def under_load(server, made):
    """Ten promotions and rollbacks while four clients ask."""
    sent = [picture(red) for red in (20, 90, 230)]
    expected = {}
    for number, content in enumerate(sent):
        Path(f"{number}.png").write_bytes(content)
        for file, version in (("half.onnx", "1"), ("quarter.onnx", "2")):
            said = subprocess.run(["naevus", "predict", "--json", "--model", file, f"{number}.png"], capture_output=True, check=True)
            expected[number, version] = json.loads(said.stdout)["probabilities"]
    seen, problems, done = {}, [], threading.Event()
    lock = threading.Lock()

    def ask(number):
        while not done.is_set() and not problems:
            number = (number + 1) % len(sent)
            try:
                said = server.predict(sent[number])
                version = said["model"]["version"]
                wanted = expected[number, version]
                assert all(abs(said["probabilities"][name] - p) < 1e-6 for name, p in wanted.items()), (version, said, wanted)
                with lock:
                    seen[version] = seen.get(version, 0) + 1
            except Exception as problem:
                problems.append(repr(problem))

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for client in clients:
        client.start()
    for turn in range(10):
        version = "2" if turn % 2 == 0 else "1"
        changed = promote(server, made[1]) if version == "2" else server.json("POST", "/api/v1/models/rollback")
        assert changed["serves"] and changed["version"] == version
        assert server.json("GET", "/v2/models/by-hand")["versions"] == [version]
        assert server.predict(sent[0])["model"]["version"] == version
        answered = seen.get(version, 0)
        until(lambda: problems or seen.get(version, 0) > answered + 3, f"nobody is answered by version {version}")  # noqa: B023
    done.set()
    for client in clients:
        client.join()
    assert not problems, problems
    assert set(seen) == {"1", "2"}
    print("ten promotions and rollbacks under load: every request answered, each by one of the two models, with its own probabilities")


def refusals(server, made):
    models = "/api/v1/models"
    for path in (f"{models}/{'0' * 64}", f"{models}/x", f"{models}/%ff%ff"):
        assert server.status("GET", path) == 404
        assert server.status("POST", path + "/promote") == server.status("PUT", path + "/shadow") == server.status("DELETE", path + "/shadow") == 404
    assert server.status("POST", f"{models}/rollback") == 409  # nothing served before the first
    assert server.status("PUT", f"{models}/{made[0]['id']}/shadow") == 409  # it answers
    assert server.status("DELETE", f"{models}/{made[1]['id']}/shadow") == 409  # it does not look on
    assert server.status("POST", f"{models}/{made[1]['id']}/promote", b"x") == 400  # no JSON
    assert promote(server, made[0])["serves"]  # again: nothing changes
    kept = Path("data/models") / (made[1]["id"] + ".onnx")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-100])
    assert "damaged" in promote(server, made[1], expect=422)["detail"]
    assert "can't serve" in Path("server.log").read_text()
    assert server.predict(picture(230))["model"]["version"] == "1"
    kept.write_bytes(whole)
    shown = server.json("GET", f"{models}/{made[0]['id']}")
    assert shown["serves"] and shown["card"]["classes"] == ["mel", "nv"] and "seen" not in shown["card"]
    assert [(one["version"], one["serves"]) for one in server.json("GET", models)["models"]] == [("1", True), ("2", False), ("3", False)]
    print("a model that is not there, damaged, or has its part already is refused, and the old one goes on")


def shadow(server, made):
    def counts(model):
        all_of_it = server.json("GET", f"/api/v1/models/{model['id']}")["agreement"]
        return all_of_it[0] if all_of_it else {"pictures": 0, "same_class": 0, "same_decision": 0}

    for one in made[1:]:  # the third wants its pictures prepared otherwise
        assert server.json("PUT", f"/api/v1/models/{one['id']}/shadow")["shadow"]
        sent = {230: 0, 90: 0}  # by red; the shadow says the same of the first alone

        def looked_at(red, sent=sent, one=one):
            assert server.predict(picture(red))["model"]["version"] == "1"
            sent[red] += 1
            counted = counts(one)
            return counted["same_class"] if red == 230 else counted["pictures"] - counted["same_class"]

        until(lambda: looked_at(230) >= 3, "the shadow does not look on")  # noqa: B023
        counted = counts(one)
        assert counted["pictures"] == counted["same_class"] == counted["same_decision"] <= sent[230]
        until(lambda: looked_at(90) >= 3, "the shadow says the same of what it does not")  # noqa: B023
        counted = counts(one)
        assert counted["same_class"] <= sent[230] and counted["pictures"] - counted["same_class"] <= sent[90]
        assert counted["same_decision"] == counted["pictures"]
    assert counts(made[2])["pictures"] and server.json("GET", f"/api/v1/models/{made[2]['id']}")["agreement"][0]["with"]["version"] == "1"
    assert "the same class" in naevus("models", "show", made[2]["id"])
    text = server.ask("GET", "/metrics")[2].decode()
    for labels in ('class="same",decision="same"', 'class="other",decision="same"'):
        assert float(re.search(re.escape("naevus_shadow_pictures_total{" + labels + "}") + r" (\S+)", text)[1]) >= 3
    assert re.findall(r'naevus_model_info\{.*version="(\d+)"\} 1', text) == ["1"], text
    assert not server.json("DELETE", f"/api/v1/models/{made[2]['id']}/shadow")["shadow"]
    print("a shadow looks at what was answered, also where it wants it prepared otherwise, and its agreement is counted")


def elsewhere(server, made):
    """What the command line or another server on the same data promotes is followed."""

    def follows(version):
        until(lambda: server.predict(picture(90))["model"]["version"] == version, f"version {version} is not followed")

    naevus("models", "promote", made[1]["id"])
    follows("2")
    naevus("models", "rollback")
    follows("1")
    # One that loads, but wants larger pictures than a decoder makes: the command line can't know.
    network = onnx.load("network.onnx")
    for axis in (2, 3):
        network.graph.input[0].type.tensor_type.shape.dim[axis].dim_value = 2100
    onnx.save(network, "large-network.onnx")
    adopted = ["naevus", "adopt", "large-network.onnx", "--classes", "nv,mel", "--mean", "0,0,0", "--std", "1,1,1", "--layout", "nchw", "--name", "by-hand", "-o", "large.onnx"]
    subprocess.run(adopted, check=True, capture_output=True)
    large = json.loads(naevus("models", "add", "large.onnx", "--json"))
    assert "larger pictures" in promote(server, large, expect=422)["detail"]
    naevus("models", "promote", large["id"])
    until(lambda: "the old model goes on" in Path("server.log").read_text(), "it was not tried")
    assert server.predict(picture(90))["model"]["version"] == "1"
    naevus("models", "promote", made[1]["id"])
    follows("2")
    naevus("models", "rollback")
    naevus("models", "rollback")
    follows("1")
    with serving() as other:
        assert "by-hand v1" in other.line
        promote(other, made[2])
        follows("3")
        server.json("POST", "/api/v1/models/rollback")
        until(lambda: other.predict(picture(90))["model"]["version"] == "1", "the other server does not follow")
    print("what is promoted by the command line or by another server is followed, where it can serve")


def limits_stay(server, made):
    """An answer of the model that came with naevus keeps that model's limits while another serves."""
    with serving(data="shipped") as other:
        shipped = other.json("GET", "/api/v1/models")["models"]
        assert len(shipped) == 1 and shipped[0]["serves"]
        first = other.predict(picture(90), Idempotency_Key="once")
        assert "threshold" in first["malignant"]
        added = json.loads(naevus("models", "add", "half.onnx", "--json", data="shipped"))
        promote(other, added)
        assert "threshold" not in other.predict(picture(90))["malignant"]
        assert other.json("GET", "/api/v1/predictions/" + first["id"]) == first
        assert other.json("POST", "/api/v1/predictions", picture(90), Idempotency_Key="once") == first
    with serving("quarter.onnx", data="shipped") as other:
        assert "by-hand v2" in other.line
        assert other.json("POST", "/api/v1/models/rollback")["version"] == "1"
    print("an answer keeps the limits of the model that gave it; a model named to `serve` is promoted")


def killed(made, seed=1):
    """A promotion that was answered holds after kill -9."""
    chance, wanted = random.Random(seed), "1"
    for turn in range(4):
        server = Server()
        answers = []

        def change(server=server, answers=answers, turn=turn):
            try:
                answers.append(promote(server, made[turn % 2])["version"])
            except (OSError, http.client.HTTPException):  # the server is dead
                pass

        thread = threading.Thread(target=change)
        thread.start()
        if turn < 2:
            thread.join()
        else:
            time.sleep(chance.uniform(0, 0.5))
        server.end(signal.SIGKILL)
        thread.join()
        wanted = {answers[0]} if answers else {"1", "2"}
        with serving() as again:
            version = again.predict(picture(90))["model"]["version"]
            assert version in wanted and [one["version"] for one in again.json("GET", "/api/v1/models")["models"] if one["serves"]] == [version]
    naevus("audit", "verify")
    print("kill -9 keeps what was promoted")


def roles(made):
    def key(role):
        return json.loads(naevus("key", "create", "--role", role, "--json", role))["secret"]

    with serving("--keys") as server:
        reviewer, admin = key("reviewer"), key("admin")
        path = f"/api/v1/models/{made[1]['id']}"
        assert server.status("GET", "/api/v1/models") == server.status("POST", path + "/promote") == 401
        assert server.status("GET", "/api/v1/models", key=key("viewer")) == server.status("GET", path, key=reviewer) == 200
        for method, below in (("POST", path + "/promote"), ("POST", "/api/v1/models/rollback"), ("PUT", path + "/shadow"), ("DELETE", path + "/shadow")):
            assert server.status(method, below, key=reviewer) == 403
        assert server.status("POST", path + "/promote", key=admin) == 200
    print("reading takes a viewer, changing an admin")


def main():
    made = models()
    listed(made)
    with open("server.log", "w") as log, serving(stderr=log) as server:
        assert "model by-hand v1" in server.line, server.line
        refusals(server, made)
        under_load(server, made)
        shadow(server, made)
        elsewhere(server, made)
        limits_stay(server, made)
    killed(made)
    roles(made)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Drives `naevus serve`: as clients do, and as no client would.

usage: server.py PICTURES   (a folder as `naevus synth` makes it)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import hashlib
import http.client
import json
import os
import random
import re
import signal
import socket
import ssl
import stat
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

from server_ws import WebSocket
from serving import Server, form, serving

CODES = {"above_threshold", "below_threshold", "refused", "none"}


def answers(server, pictures):
    for path in pictures[:4]:
        said = server.predict(path.read_bytes())
        alone = json.loads(subprocess.run(["naevus", "predict", "--json", path], capture_output=True, check=True).stdout)
        assert said["predicted"] == alone["predicted"] and said["probabilities"].keys() == alone["probabilities"].keys()
        assert all(abs(p - alone["probabilities"][c]) < 1e-6 for c, p in said["probabilities"].items())
        assert abs(sum(said["probabilities"].values()) - 1) < 1e-5
        assert abs(said["malignant"]["score"] - alone["malignant"]) < 1e-6
        assert said["decision"]["code"] in CODES and said["decision"]["words"]
        if "above_threshold" in alone and said["decision"]["code"] != "refused":
            assert (said["decision"]["code"] == "above_threshold") == alone["above_threshold"]
        assert said["out_of_distribution"]["unlike_training"] == alone.get("unlike_training", False)
    print("answers are those of `naevus predict`, with decision, out-of-distribution and quality in words")


def ways_in(server, picture):
    raw = server.predict(picture, "?age=61&sex=female&site=back&patient_key=p-1", Content_Type="image/jpeg")
    assert raw["patient"] == {"age": 61, "sex": "female", "site": "back", "patient_key": "p-1"}
    said = form([("image", picture), ("age", b"61"), ("sex", b"female"), ("site", b"back"), ("patient_key", b"p-1")])
    formed = server.json("POST", "/api/v1/predictions", expect=201, **said)
    for one in (raw, formed):
        for name in ("id", "created_at"):
            one.pop(name)
    assert raw == formed
    print("a picture as the body or in a form, with what is known of the patient: one answer")


def bad_input(server, picture):
    def refused(expect, *arguments, **fields):
        status, headers, content = server.ask(*arguments, **fields)
        said = json.loads(content)
        assert status == expect == said["status"], (expect, content)
        assert headers["Content-Type"] == "application/problem+json"
        assert said["type"].startswith("urn:naevus:problem:") and said["detail"] and said["request_id"] == headers["X-Request-Id"]
        return said["detail"] + " " + said.get("advice", "")

    post = ("POST", "/api/v1/predictions")
    assert "no bytes" in refused(400, *post, b"")
    assert "GIF" in refused(422, *post, b"GIF89a" + bytes(50))
    refused(422, *post, b"no picture")
    refused(422, *post, picture[: len(picture) // 2])
    refused(415, *post, picture, Content_Type="text/html")
    refused(413, *post, bytes(33 << 20))
    for query in ("age=x", "age=-1", "age=121", "age=6.5", "sex=F", "site=" + "x" * 101, "patient_key=%ff", "colour=red"):
        assert query.split("=")[0] in refused(400, "POST", "/api/v1/predictions?" + query, picture)
    refused(400, *post, **form([("picture", picture)]))
    refused(400, *post, **form([("age", b"61")]))
    refused(400, *post, b"--X", Content_Type="multipart/form-data; boundary=XX")
    refused(400, *post, picture, Content_Type="multipart/form-data")
    assert "nothing at /nowhere" in refused(404, "GET", "/nowhere")
    for path in ("/api/v1/predictions/" + "0" * 32, "/api/v1/predictions/x", "/api/v1/predictions/x/feedback"):
        refused(404, "GET", path)
    for query in ("limit=0", "limit=1001", "limit=x", "cursor=x", "from=yesterday", "from=2026-02-30", "until=2026-01-01T25:00:00Z", "sort=up"):
        refused(400, "GET", "/api/v1/predictions?" + query)
    status, headers, _ = server.ask("PUT", "/api/v1/predictions", b"")
    assert status == 405 and headers["Allow"] == "POST, GET, HEAD, OPTIONS"
    status, headers, _ = server.ask("OPTIONS", "/api/v1/predictions")
    assert status == 204 and headers["Allow"] == "POST, GET, HEAD, OPTIONS"
    refused(421, "GET", "/v2", Host="evil.example")
    refused(403, *post, picture, Origin="https://evil.example")
    print("what can't be answered is refused: what is wrong, where, and what to do")


def history(server, pictures):
    before = {one["id"] for one in server.json("GET", "/api/v1/predictions?limit=1000")["predictions"]}
    made = [server.predict(pictures[k % len(pictures)].read_bytes(), f"?patient_key=history-{k % 2}")["id"] for k in range(7)]
    seen, cursor = [], ""
    while cursor is not None:
        page = server.json("GET", "/api/v1/predictions?limit=3" + (f"&cursor={quote(cursor)}" if cursor else ""))
        seen += [one["id"] for one in page["predictions"]]
        cursor = page["next"]
        if len(seen) == 3:
            server.predict(pictures[0].read_bytes())  # comes too late for this walk
    assert seen[:7] == made[::-1] and set(seen[7:]) == before
    mine = server.json("GET", "/api/v1/predictions?patient_key=history-1&from=2020-01-01")["predictions"]
    assert [one["id"] for one in mine] == made[1::2][::-1]
    assert server.json("GET", "/api/v1/predictions?until=2020-01-01T00:00:00Z")["predictions"] == []
    assert server.json("GET", "/api/v1/predictions/" + made[0])["id"] == made[0]

    erased = server.json("DELETE", "/api/v1/predictions/" + made[0])
    assert erased["erased"] == made[0] and erased["models_trained_on_it"] == []
    assert server.status("GET", "/api/v1/predictions/" + made[0]) == server.status("DELETE", "/api/v1/predictions/" + made[0]) == 404
    print("the history comes by pages, each prediction once; one that is erased is gone")


def idempotency(server, pictures):
    key = {"Idempotency_Key": "once"}
    first = server.predict(pictures[0].read_bytes(), **key)
    status, headers, content = server.ask("POST", "/api/v1/predictions", pictures[0].read_bytes(), **key)
    assert status == 200 and headers["Idempotency-Replayed"] == "true" and json.loads(content) == first
    assert server.status("POST", "/api/v1/predictions", pictures[1].read_bytes(), **key) == 422
    print("an Idempotency-Key gives the first answer again, and not for another picture")


def feedback(server, pictures):
    said = server.predict(pictures[0].read_bytes())
    path = f"/api/v1/predictions/{said['id']}/feedback"
    other = next(name for name in said["probabilities"] if name != said["predicted"])
    for body in ("", "[]", "{", "{}", "[" * 100, '{"verdict": 1e999}', '{"verdict": 1}', '{"verdict": "maybe"}', '{"verdict": "agrees", "x": 1}',
                 '{"verdict": "corrects", "label": "wart"}', json.dumps({"verdict": "agrees", "comment": "x" * 4001})):  # fmt: skip
        assert server.status("POST", path, body) == 400, body
    kept = server.json("POST", path, json.dumps({"verdict": "corrects", "label": other, "histopathology": True, "comment": "Größe"}), expect=201)
    assert kept["label"] == other and kept["comment"] == "Größe" and kept["reader"] == "local"
    server.json("POST", path, json.dumps({"verdict": "agrees"}), expect=201)
    assert [(one["verdict"], one["superseded"]) for one in server.json("GET", path)["feedback"]] == [("corrects", True), ("agrees", False)]
    queue = server.json("GET", "/api/v1/review?limit=5")["queue"]
    assert len(queue) == 5 and said["id"] not in [item["prediction"]["id"] for item in queue]
    print("feedback is kept, the newer one counts, and the review queue has what nobody has read")


def inference_protocol(server):
    assert "binary_tensor_data" in server.json("GET", "/v2")["extensions"]
    name = re.search(r"model (\S+) v", server.line)[1]
    base = f"/v2/models/{name}"
    model = server.json("GET", base)
    assert model["versions"] == ["1"] and server.json("GET", base + "/versions/1") == model
    assert server.json("GET", base + "/versions/1/ready")["ready"] and server.json("GET", "/v2/health/ready")["ready"]
    assert server.status("GET", base + "/versions/2") == server.status("GET", "/v2/models/other") == 404
    _, height, width, _ = model["inputs"][0]["shape"]
    pixels = random.Random(1).randbytes(2 * height * width * 3)
    given = {"name": "image", "shape": [2, height, width, 3], "datatype": "UINT8"}
    plain = server.json("POST", base + "/infer", json.dumps({"id": "a", "inputs": [given | {"data": list(pixels)}], "outputs": [{"name": "probabilities"}]}))
    assert plain["id"] == "a" and plain["outputs"][0]["shape"][0] == 2
    header = json.dumps({"inputs": [given | {"parameters": {"binary_data_size": len(pixels)}}], "outputs": [{"name": "probabilities", "parameters": {"binary_data": True}}]}).encode()
    fields = {"Inference_Header_Content_Length": str(len(header)), "Content_Type": "application/octet-stream"}
    status, headers, content = server.ask("POST", base + "/infer", header + pixels, **fields)
    assert status == 200, content
    at = int(headers["Inference-Header-Content-Length"])
    count = json.loads(content[:at])["outputs"][0]["parameters"]["binary_data_size"] // 4
    assert max(abs(a - b) for a, b in zip(struct.unpack(f"<{count}f", content[at:]), plain["outputs"][0]["data"], strict=True)) < 1e-6
    wrong = [{}, {"inputs": []}, {"inputs": [given]}, {"inputs": [given | {"data": [0]}]}, {"inputs": [given | {"data": [256] * len(pixels)}]}, {"inputs": 3},
             {"inputs": [given | {"shape": [2, 3]}]}, {"inputs": [given | {"shape": [0, height, width, 3], "data": []}]}, {"inputs": [given | {"datatype": "FP32"}]},
             {"inputs": [given | {"shape": [33, height, width, 3]}]}, {"inputs": [given | {"data": [0] * (len(pixels) + 1)}]},
             {"inputs": [given | {"data": list(pixels)}], "outputs": [{"name": "logits"}] * 2}]  # fmt: skip
    for request in wrong:
        assert server.status("POST", base + "/infer", json.dumps(request)) == 400, str(request)[:200]
    assert server.status("POST", base + "/infer", header + pixels[1:], **fields) == 400
    assert server.status("POST", base + "/infer", header, Inference_Header_Content_Length="x") == 400
    print("the Open Inference Protocol: JSON and binary tensors give one answer")


def live(server, pictures):
    camera = WebSocket(server.port, "/api/v1/live")
    assert camera.status == 101 and b"permessage-deflate" not in camera.header
    for k in range(40):
        camera.send(pictures[k % len(pictures)].read_bytes())
    numbers, said = [], {"dropped": 0}
    while not numbers or numbers[-1] != 39:
        said = json.loads(camera.receive())
        assert said["answer"]["predicted"] and "id" not in said["answer"]
        numbers.append(said["frame"])
    assert numbers == sorted(set(numbers)) and said["dropped"] == 40 - len(numbers), (numbers, said["dropped"])
    camera.send(b"no picture")
    assert json.loads(camera.receive())["answer"]["status"] == 422
    camera.close()
    assert WebSocket(server.port, "/api/v1/live", Origin="https://evil.example").status == 403
    assert WebSocket(server.port, "/api/v1/live", Host="evil.example").status == 421
    assert server.status("GET", "/api/v1/live") == 426
    large = WebSocket(server.port, "/api/v1/live")
    try:
        large.send(bytes(5 << 20))
        large.receive()
        raise AssertionError("a frame over the limit was answered")
    except (EOFError, OSError):
        pass
    print("live: the newest frame is answered, stale ones are dropped and counted")


def metrics(server):
    _, headers, content = server.ask("GET", "/metrics")
    text = content.decode()
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for name in ('naevus_stage_seconds_count{stage="decode"}', 'naevus_stage_seconds_count{stage="infer"}', 'naevus_stage_seconds_count{stage="store"}', "naevus_batch_size_count",
                 'naevus_requests_total{route="/api/v1/predictions",status="201"}', 'naevus_refusals_total{reason="picture"}', 'naevus_refusals_total{reason="wrong-origin"}'):  # fmt: skip
        assert float(re.search(re.escape(name) + r" (\S+)", text)[1]) > 0, name
    assert "/nowhere" not in text
    print("metrics count what was asked, answered and refused, by route and reason")


def lost_decoders(server, picture):
    for child in server.children():
        os.kill(child, signal.SIGKILL)
    results = [server.status("POST", "/api/v1/predictions", picture) for _ in range(6)]
    assert 422 in results and results[-1] == 201, results
    print("decoders that are killed are replaced")


def overload(pictures):
    picture = max(pictures, key=lambda path: path.stat().st_size).read_bytes()
    with serving("--threads", "1", "--queue", "2") as server:
        results, retry = [], set()
        lock = threading.Lock()

        def ask():
            status, headers, _ = server.ask("POST", "/api/v1/predictions", picture)
            with lock:
                results.append(status)
                retry.add(headers["Retry-After"])

        for _ in range(20):
            threads = [threading.Thread(target=ask) for _ in range(24)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if 503 in results:
                break
        assert set(results) == {201, 503} and retry - {None}, results
        assert server.status("POST", "/api/v1/predictions", picture) == 201
    print("a full queue: 503 with Retry-After, and the next is served")


def draining(picture):
    server = Server("--threads", "1")
    idle = socket.create_connection(("127.0.0.1", server.port))
    statuses, threads = [], []

    def ask():
        try:
            statuses.append(server.status("POST", "/api/v1/predictions", picture))
        except OSError:  # it came when nobody was let in any more
            statuses.append(0)

    for _ in range(8):
        threads.append(threading.Thread(target=ask))
        threads[-1].start()
    while not statuses:
        time.sleep(0.001)
    assert server.end() == 0
    for thread in threads:
        thread.join()
    assert idle.recv(1) == b""
    assert statuses.count(201) >= 1 and set(statuses) <= {201, 503, 0}, statuses
    # A picture whose prediction a crash has prevented, as the picture folder names it.
    name = hashlib.blake2b(b"stray", digest_size=32).hexdigest()
    stray = Path("data/pictures") / name[:2] / name[2:]
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"stray")
    with serving() as again:
        kept = again.json("GET", "/api/v1/predictions?limit=1000")["predictions"]
        assert len(kept) >= statuses.count(201)
        deadline = time.monotonic() + 60
        while stray.exists():
            assert time.monotonic() < deadline, "the next start leaves a picture that no prediction has"
            time.sleep(0.05)
    print("SIGTERM: what is under way is answered and kept, exit code 0")


def tls():
    with serving("--tls", "self-signed", "--keys", data="secured", scheme="https") as server:
        context = ssl.create_default_context(cafile="secured/tls/self-signed.pem")
        for name in ("127.0.0.1", "localhost"):
            connection = http.client.HTTPSConnection(name, server.port, timeout=60, context=context)
            for _ in range(2):
                connection.request("GET", "/v2/health/ready")
                response = connection.getresponse()
                assert json.loads(response.read())["ready"] and response.headers["Strict-Transport-Security"]
            connection.close()
        assert stat.S_IMODE(os.stat("secured/tls/self-signed.key").st_mode) == 0o600
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
            try:
                assert not plain.recv(99).startswith(b"HTTP")
            except ConnectionResetError:
                pass
        certificate = Path("secured/tls/self-signed.pem").read_bytes()
    with serving("--tls", "self-signed", "--keys", data="secured", scheme="https"):
        assert Path("secured/tls/self-signed.pem").read_bytes() == certificate
    with serving("--tls", "self-signed", "--address", "0.0.0.0", data="secured", scheme="https", stderr=subprocess.DEVNULL) as server:
        assert "keys on" in server.line and "loopback" not in server.line
        context = ssl.create_default_context(cafile="secured/tls/self-signed.pem")
        connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=60, context=context)
        connection.request("GET", "/api/v1/predictions")
        assert connection.getresponse().status == 401
        connection.close()
    print("off loopback: TLS and keys; our own certificate is kept")


def keys(picture):
    def key(role):
        return json.loads(subprocess.run(["naevus", "key", "create", "--role", role, "--data", "keyed", "--json", role], capture_output=True, check=True).stdout)

    with serving("--keys", data="keyed") as server:
        assert "keys on" in server.line
        made = {role: key(role) for role in ("viewer", "clinician", "reviewer", "admin")}
        secret = {role: one["secret"] for role, one in made.items()}
        assert server.status("GET", "/v2/health/live") == 200
        for path in ("/api/v1/predictions", "/metrics", "/api/v1/review"):
            assert server.status("GET", path) == server.status("GET", path, key="nv_wrong") == 401
        post = ("POST", "/api/v1/predictions", picture)
        assert server.status(*post, key=secret["viewer"]) == 403
        said = server.predict(picture, key=secret["clinician"])
        path = "/api/v1/predictions/" + said["id"]
        assert server.status("GET", path, key=secret["viewer"]) == 200
        assert server.status("GET", "/api/v1/review", key=secret["clinician"]) == 403
        assert server.status("GET", "/api/v1/review", key=secret["reviewer"]) == 200
        assert server.status("DELETE", path, key=secret["reviewer"]) == 403
        assert server.status("DELETE", path, key=secret["admin"]) == 200
        subprocess.run(["naevus", "key", "revoke", made["admin"]["id"], "--data", "keyed"], check=True, capture_output=True)
        assert server.status("GET", "/metrics", key=secret["admin"]) == 401
        assert WebSocket(server.port, "/api/v1/live").status == 401
    with serving("--rate", "2") as server:
        results = [server.ask("GET", "/v2/models/x") for _ in range(12)]
        assert any(status == 429 and headers["Retry-After"] for status, headers, _ in results)
        assert server.status("GET", "/v2/health/live") == 200
    print("keys: none, wrong, revoked or of too low a role is refused; a rate is held")


def main():
    pictures = sorted(Path(sys.argv[1]).glob("*.jpg"))
    picture = pictures[0].read_bytes()
    with serving() as server:
        assert re.fullmatch(r"naevus \d+\.\d+  http://127\.0\.0\.1:\d+   model \S+ v1   data data   \(loopback only; keys off\)\n", server.line), server.line
        answers(server, pictures)
        ways_in(server, picture)
        bad_input(server, picture)
        history(server, pictures)
        idempotency(server, pictures)
        feedback(server, pictures)
        inference_protocol(server)
        live(server, pictures)
        metrics(server)
        lost_decoders(server, picture)
    overload(pictures)
    draining(picture)
    keys(picture)
    tls()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Drives `naevus serve` with pictures like those that the model was calibrated on, and with darker and with blurred ones.

usage: server_drift.py PICTURES MODEL   (pictures beside those that the model was calibrated on)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import io
import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageFilter
from serving import serving

DRIFT = "/api/v1/drift"


def changed(file, change):
    out = io.BytesIO()
    change(Image.open(file)).save(out, "JPEG", quality=95)
    return out.getvalue()


def darker(picture):
    return picture.point(lambda value: value * 0.6)


def blurred(picture):
    return picture.filter(ImageFilter.GaussianBlur(2))


def verdicts(report):
    return {one["measure"]: one["verdict"] for one in report["measures"]}


def gauges(server, name="naevus_drift_psi"):
    text = server.ask("GET", "/metrics")[2].decode()
    return {measure: float(value) for measure, value in re.findall(name + r'\{measure="(\w+)"\} (\S+)', text)}


def fresh(server, files, change):
    """What the drift is of such pictures alone."""
    time.sleep(0.01)
    since = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for file in files:
        server.predict(changed(file, change))
    report = server.json("GET", f"{DRIFT}?since={since}")
    assert report["answers"] == len(files) and report["since"] == since, report
    return report


def without_reference():
    subprocess.run(["make_network", "network.onnx"], check=True)
    subprocess.run(["naevus", "adopt", "network.onnx", "--classes", "nv,mel", "--malignant", "mel", "--mean", "0,0,0", "--std", "255,255,255", "--layout", "nchw", "-o", "plain.onnx"],
                   check=True, capture_output=True)  # fmt: skip
    with serving("plain.onnx", data="plain") as server:
        refused = server.json("GET", DRIFT, expect=409)
        assert refused["type"].endswith("no-reference") and "naevus calibrate" in refused["advice"], refused
        assert not gauges(server)


def main():
    files = sorted(Path(sys.argv[1]).glob("*.jpg"))
    with serving(sys.argv[2]) as server:
        empty = server.json("GET", DRIFT)
        assert empty["answers"] == 0 and empty["verdict"] == "unknown" and all(one["psi"] is None for one in empty["measures"]), empty
        assert not gauges(server)
        print("without an answer nothing is claimed")

        same = fresh(server, files, lambda picture: picture)
        assert same["verdict"] in ("stable", "unproven"), same
        assert set(verdicts(same)) == {"predicted", "malignant", "ood_score", "sharpness", "brightness", "contrast", "entropy", "blockiness", "lesion_area"}
        for one in same["measures"]:
            bins = len(one["classes"]) if one["measure"] == "predicted" else len(one["edges"]) + 1
            assert len(one["reference"]) == len(one["current"]) == bins and sum(one["current"]) <= len(files), one
        print("pictures as those that the model was calibrated on: nothing has moved")

        few = fresh(server, files[:10], lambda picture: picture)
        assert any(one["psi"] > 0.25 for one in few["measures"]) and few["verdict"] in ("stable", "unproven"), few
        print("ten answers raise no alarm, whatever their index")

        dark = fresh(server, files, darker)
        assert verdicts(dark)["brightness"] == "shifted" and dark["verdict"] == "shifted", dark
        assert verdicts(dark)["sharpness"] != "shifted", dark
        soft = fresh(server, files, blurred)
        assert verdicts(soft)["sharpness"] == "shifted" and verdicts(soft)["brightness"] != "shifted", soft
        print("darker pictures shift the brightness, blurred ones the sharpness")

        told = {one["measure"]: one["psi"] for one in server.json("GET", DRIFT)["measures"]}
        shown, proven = gauges(server), gauges(server, "naevus_drift_proven")
        assert shown.keys() == told.keys() == proven.keys() and all(abs(shown[measure] - psi) < 1e-6 for measure, psi in told.items()), (shown, told)
        assert proven["sharpness"] == 1, proven
        print("/metrics tells the same")

        model = server.json("GET", "/api/v1/models")["models"][0]["id"]
        assert server.json("GET", f"{DRIFT}?model={model}")["answers"] == 3 * len(files) + 10
        assert server.json("GET", f"{DRIFT}?since=2099-01-01")["answers"] == 0
        assert server.status("GET", f"{DRIFT}?model={'0' * 64}") == 404
        assert server.status("GET", f"{DRIFT}?since=yesterday") == server.status("GET", f"{DRIFT}?x=1") == 400
        assert server.status("POST", DRIFT) == 405
    without_reference()
    print("a model whose card has no reference says so, and how to give it one")

    made = subprocess.run(["naevus", "key", "create", "--role", "viewer", "--data", "data", "--json", "page"], capture_output=True, check=True).stdout
    key = json.loads(made)["secret"]
    with serving(sys.argv[2], "--keys") as server:
        assert server.status("GET", DRIFT) == 401 and server.status("GET", DRIFT, key=key) == 200
        assert server.json("GET", DRIFT, key=key)["answers"] == 3 * len(files) + 10
    print("a viewer may ask; what was measured outlives the server")


if __name__ == "__main__":
    main()

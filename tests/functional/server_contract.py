#!/usr/bin/env python3
"""Holds `naevus serve` to api/openapi.yaml (schemathesis) and to the Open Inference Protocol as Triton's client speaks it.

usage: server_contract.py PICTURES   (a folder as `naevus synth` makes it)
"""

import re
import subprocess
import sys
from pathlib import Path

import numpy
import tritonclient.http
from serving import serving

CONTRACT = Path(__file__).resolve().parents[2] / "api" / "openapi.yaml"
# What a schema can tell of a good request is not all: bytes that it calls a picture are mostly none.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method"


def contract(server):
    command = ["schemathesis", "run", str(CONTRACT), "--url", f"http://127.0.0.1:{server.port}", "--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", "30",
               "--seed", "1", "--generation-deterministic", "--no-color", "--warnings", "off"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    print("every answer is one that api/openapi.yaml tells")


def triton(server):
    name = re.search(r"model (\S+) v", server.line)[1]
    client = tritonclient.http.InferenceServerClient(f"127.0.0.1:{server.port}")
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(name) and client.is_model_ready(name, "1")
    assert not client.is_model_ready("another")
    model = client.get_model_metadata(name)
    assert client.get_server_metadata()["name"] == "naevus" and model["platform"] == "openvino"
    _, height, width, _ = model["inputs"][0]["shape"]
    pixels = numpy.random.default_rng(1).integers(0, 256, (3, height, width, 3), numpy.uint8)
    results = []
    for binary in (True, False):
        given = tritonclient.http.InferInput("image", pixels.shape, "UINT8")
        given.set_data_from_numpy(pixels, binary_data=binary)
        wanted = [tritonclient.http.InferRequestedOutput(output["name"], binary_data=binary) for output in model["outputs"]]
        answer = client.infer(name, [given], outputs=wanted, request_id="seven")
        assert answer.get_response()["id"] == "seven"
        results.append([answer.as_numpy(output["name"]) for output in model["outputs"]])
    for first, second in zip(*results, strict=True):
        numpy.testing.assert_allclose(first, second, rtol=1e-6)
    numpy.testing.assert_allclose(results[0][0].sum(1), 1, rtol=1e-5)
    given = tritonclient.http.InferInput("image", [1, height, width, 3], "UINT8")
    given.set_data_from_numpy(pixels[1:2])
    alone = client.infer(name, [given]).as_numpy("probabilities")
    assert (alone[0] == results[0][0][1]).all()  # to the last bit, whoever was in the batch
    try:
        client.infer("another", [given])
        raise AssertionError("a model that is not there has answered")
    except tritonclient.http.InferenceServerException as error:
        assert "404" in str(error.status())
    print("Triton's client: metadata, health, JSON and binary tensors")


def main():
    picture = sorted(Path(sys.argv[1]).glob("*.jpg"))[0].read_bytes()
    with serving("--workspace", ".", data="contract-data") as server:
        triton(server)
        for age in (1, 2, 3):
            server.predict(picture, f"?age={age}")
        contract(server)


if __name__ == "__main__":
    main()

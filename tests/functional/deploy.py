#!/usr/bin/env python3
"""Holds what deploy/ says to the program: its flags, its probes, and what it leaves in logs and environments.

usage: deploy.py PICTURES   (a folder as `naevus synth` makes it)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import http.client
import json
import os
import re
import ssl
import subprocess
import sys
from pathlib import Path

import yaml

from postgresql import PostgreSQL
from serving import serving

ROOT = Path(__file__).resolve().parents[2]
SERVICE = (ROOT / "deploy/naevus.service").read_text()
CONTAINER = (ROOT / "deploy/Containerfile").read_text()
MANIFEST = list(yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text()))
POD = next(one for one in MANIFEST if one["kind"] == "Deployment")["spec"]["template"]["spec"]
REPLICA = POD["containers"][0]


def flags_of(command):
    return set(re.findall(r"--[a-z-]+", subprocess.run(["naevus", command, "--help"], capture_output=True, text=True, check=True).stdout))


def flags_exist():
    known = flags_of("serve")
    commands = [re.search(r"^ExecStart=.* serve (.*)$", SERVICE, re.M)[1].split(), REPLICA["args"], json.loads(re.search(r"^ENTRYPOINT (.*)$", CONTAINER, re.M)[1])[2:],
                json.loads(re.search(r"^CMD (.*)$", CONTAINER, re.M)[1])]  # fmt: skip
    for command in commands:
        used = {word.split("=")[0] for word in command if word.startswith("-")}
        assert used and used <= known, (command, used - known)
    for flag in re.findall(r"--[a-z-]+", "\n".join(line for line in SERVICE.splitlines() if line.startswith("#"))):
        assert flag in known | {"--now"}, flag
    retrain = (ROOT / "deploy/naevus-retrain.service").read_text()
    used = set(re.findall(r"--[a-z-]+", re.search(r"^ExecStart=.* retrain (.*)$", retrain, re.M)[1]))
    assert used and used <= flags_of("retrain"), used
    print("every flag in deploy/ is one that the program has")


def manifest_is_whole():
    volumes = {one["name"] for one in POD["volumes"]}
    assert volumes == {one["name"] for one in REPLICA["volumeMounts"]}
    claims = {one["metadata"]["name"] for one in MANIFEST if one["kind"] == "PersistentVolumeClaim"}
    assert {one["persistentVolumeClaim"]["claimName"] for one in POD["volumes"] if "persistentVolumeClaim" in one} == claims
    labels = next(one for one in MANIFEST if one["kind"] == "Deployment")["spec"]["template"]["metadata"]["labels"]
    for one in MANIFEST:
        selector = one["spec"].get("selector")
        assert selector is None or selector.get("matchLabels", selector) == labels, one["kind"]
    ports = {one["name"]: one["containerPort"] for one in REPLICA["ports"]}
    assert f"--port={ports['https']}" in REPLICA["args"]
    service = next(one for one in MANIFEST if one["kind"] == "Service")
    assert all(one["targetPort"] in ports for one in service["spec"]["ports"])
    user = POD["securityContext"]["runAsUser"]
    assert re.search(r"^USER (\d+)$", CONTAINER, re.M)[1] == str(user) and f"--uid {user}" in CONTAINER
    drain = 30  # seconds, ServerOptions
    assert POD["terminationGracePeriodSeconds"] > drain and int(re.search(r"TimeoutStopSec=(\d+)", SERVICE)[1]) > drain
    print("the manifest's parts name each other rightly, and both give the server its time to stop")


def manifest_serves(pictures):
    with serving("--tls", "self-signed", data="certified", scheme="https"):
        pass  # it leaves a certificate
    postgresql = PostgreSQL()
    try:
        given = {"--database": postgresql.new_database("naevus"), "--tls-cert": "certified/tls/self-signed.pem", "--tls-key": "certified/tls/self-signed.key", "--threads": "1"}
        words = [f"{flag}={given.get(flag, value)}" for flag, value in (word.split("=", 1) for word in REPLICA["args"]) if flag not in ("--port", "--data")]
        environment = dict(os.environ, PGPASSWORD="pa55word", XDG_CACHE_HOME=os.path.abspath("cache"))
        with open("log.txt", "w+") as log, serving("-v", *words, data="kept", scheme="https", stderr=log, env=environment) as server:
            context = ssl.create_default_context(cafile="certified/tls/self-signed.pem")
            context.check_hostname = False

            def ask(method, path, body=None, fields=()):
                connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=60, context=context)
                connection.request(method, path, body, {"Host": "clinic.example", **dict(fields)})
                response = connection.getresponse()
                content = response.read()
                connection.close()
                return response.status, content

            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                asked = REPLICA[probe]["httpGet"]
                host = {one["name"]: one["value"] for one in asked["httpHeaders"]}
                assert asked["scheme"] == "HTTPS" and ask("GET", asked["path"], fields=host)[0] == 200, probe
            assert ask("GET", "/v2/health/live", fields={"Host": "10.1.2.3"})[0] == 421
            created = subprocess.run(["naevus", "key", "create", "--role", "admin", "--json", "Dr Grey", "--data", "kept", "--database", given["--database"]], capture_output=True, text=True, check=True)
            secret = json.loads(created.stdout)["secret"]
            bearer = {"Authorization": "Bearer " + secret}
            assert ask("POST", "/api/v1/predictions?patient_key=Ann-Other&site=left-ear", pictures[0])[0] == 401
            status, content = ask("POST", "/api/v1/predictions?patient_key=Ann-Other&site=left-ear", pictures[0], bearer)
            assert status == 201, content
            said = json.loads(content)
            path = "/api/v1/predictions/" + said["id"]
            assert ask("POST", path + "/feedback", json.dumps({"verdict": "agrees", "comment": "Ann-Other again"}), bearer)[0] == 201
            assert ask("GET", "/Ann-Other?left-ear", fields=bearer)[0] == 404
            assert ask("POST", "/api/v1/predictions?age=Ann-Other", pictures[0], bearer)[0] == 400
            assert ask("POST", "/api/v1/predictions", b"Ann-Other", bearer)[0] == 422
            assert ask("GET", "/metrics", fields=bearer)[0] == 200
        written = Path("log.txt").read_text()
        assert written.count("/api/v1/predictions") >= 4 and " 401 " in written, written
        for private in ("Ann-Other", "left-ear", "Dr Grey", secret, secret[3:], "pa55word", said["id"]):
            assert private not in written, private
    finally:
        postgresql.end()
    print("with the manifest's flags the probes are answered, keys are asked for, and the log tells of nobody")


def main():
    pictures = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.jpg"))]
    flags_exist()
    manifest_is_whole()
    manifest_serves(pictures)


if __name__ == "__main__":
    main()

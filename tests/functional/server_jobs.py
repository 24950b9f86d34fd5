#!/usr/bin/env python3
"""Drives `naevus serve --workspace workspace` through jobs: clean, train, retrain; their events, findings and models.

usage: server_jobs.py   (in a folder with workspace/split.csv, recipe.toml, endless.toml and three/manifest.csv)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import csv
import http.client
import io
import json
import os
import subprocess
import time

from PIL import Image
from serving import serving

PATIENCE = 300  # seconds; a loaded machine is slow
JOBS = "/api/v1/jobs"
CLEAN = {"kind": "clean", "manifest": "three/manifest.csv"}
TRAIN = {"kind": "train", "manifest": "split.csv", "config": "recipe.toml", "name": "small"}


def start(server, asked, expect=201, **fields):
    return server.json("POST", JOBS, json.dumps(asked), expect=expect, **fields)


def events(server, job, last=0, until=None):
    """(number, name, data) of each event of the stream, to its end or until that is true of one."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", f"{JOBS}/{job['id']}/events", headers={"Last-Event-ID": str(last)} if last else {})
    response = connection.getresponse()
    assert response.status == 200 and response.headers["Content-Type"] == "text/event-stream"
    told, event = [], {}
    for line in response:
        line = line.decode().rstrip("\n")
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            event[name] = value
        elif event:
            told.append((int(event.get("id", 0)), event["event"], json.loads(event["data"])))
            event = {}
            if until and until(told[-1]):
                break
    connection.close()
    return told


def ended(server, job):
    """The job at its end, and what happened in it."""
    told = events(server, job)
    job = told[-1][2]
    assert told[-1][1] == "job" and job["state"] in ("done", "failed", "cancelled"), told[-1]
    assert job == server.json("GET", f"{JOBS}/{job['id']}")
    return job, [data for _, name, data in told if name == "happened"]


def running(server, job):
    """Waits until it has done something."""
    told = events(server, job, until=lambda told: told[1] == "happened" and told[2]["event"] == "start")
    assert told[-1][2].get("event") == "start", told[-1]


def refusals(server):
    os.symlink("/etc/hostname", "workspace/outside.csv")
    for wrong in ({"kind": "burn", "manifest": "split.csv"}, {"manifest": "split.csv"}, {"kind": 3}, {"kind": "clean"}, {"kind": "retrain", "manifest": "split.csv"},
                  *({**CLEAN, **more} for more in ({"manifest": "/etc/passwd"}, {"manifest": "../data/naevus.db"}, {"manifest": "outside.csv"}, {"manifest": "three"}, {"manifest": ""},
                                                   {"manifest": 1}, {"manifest": "a\nb"}, {"with_model": "yes"}, {"output": "x"}, {"policy": "--help"})),
                  *({**TRAIN, **more} for more in ({"labels": "--resume"}, {"labels": "../ham7"}, {"name": "a/b"}, {"epochs": 3}, {"config": "none.toml"}))):  # fmt: skip
        said = start(server, wrong, expect=400)
        assert said["detail"], wrong
    for body in ("", "{", "[]", "[" * 5000, json.dumps({**CLEAN, "manifest": "x" * 20000})):
        assert server.status("POST", JOBS, body) in (400, 413), body[:40]
    for path in ("/api/v1/jobs/x", "/api/v1/jobs/x/events", "/api/v1/jobs/x/report", "/api/v1/jobs/x/findings", "/api/v1/jobs/x/clean.csv", "/api/v1/jobs/x/original.csv"):
        assert server.status("GET", path) == 404, path
    assert server.status("GET", JOBS + "?limit=0") == server.status("GET", JOBS + "?cursor=x") == server.status("GET", JOBS + "?page=1") == 400
    assert server.json("GET", JOBS) == {"jobs": [], "next": None}
    os.remove("workspace/outside.csv")
    files = [file["name"] for file in server.json("GET", "/api/v1/workspace")["files"]]
    assert files == ["endless.toml", "recipe.toml", "split.csv", "three/manifest.csv"], files


def settled(server, path, name="clean.csv"):
    _, headers, content = server.ask("GET", path + "/" + name)
    assert headers["Content-Type"].startswith("text/csv")
    return {os.path.basename(row["image"]) for row in csv.DictReader(io.StringIO(content.decode()))}


def cleaning(server):
    job = start(server, CLEAN)
    assert job["state"] == "queued" and job["arguments"] == {"manifest": "three/manifest.csv"}
    job, happened = ended(server, job)
    assert job["state"] == "done" and job["result"]["pictures"] == 242 and happened[0]["event"] == "begun", job
    path = f"{JOBS}/{job['id']}"
    page = server.json("GET", path + "/findings?limit=1")
    assert sum(kind["total"] for kind in page["progress"]["kinds"]) >= 1 and len(page["findings"]) == 1
    found, cursor = [], ""
    while cursor is not None:
        page = server.json("GET", path + f"/findings?limit=2{cursor}")
        found += page["findings"]
        cursor = None if page["next"] is None else f"&after={page['next']}"
    assert len(found) == page["progress"]["total"] == len({one["finding"] for one in found})
    of_kind = server.json("GET", path + f"/findings?kind={found[0]['kind']}")["findings"]
    assert [one["finding"] for one in of_kind] == [one["finding"] for one in found if one["kind"] == found[0]["kind"]]
    before = settled(server, path)
    one = next(one for one in found if not one["pair"] and os.path.basename(one["images"][0]["name"]) in before)
    assert one["images"][0]["name"].startswith("three/images/")
    picture = f"{path}/findings/{one['finding']}/picture"
    status, headers, content = server.ask("GET", picture)
    assert status == 200 and headers["Content-Type"] == "image/jpeg" and Image.open(io.BytesIO(content)).size == (40, 40)
    for wrong, code in (("?which=third", 400), ("?size=9", 400)):
        assert server.status("GET", picture + wrong) == code
    for number in ("99999", "x", "-1", "99999999999999999999"):
        assert server.status("GET", f"{path}/findings/{number}/picture") in (400, 404)
        assert server.status("PUT", f"{path}/findings/{number}/answer", '{"choice": "keep"}') in (400, 404)
    answer = f"{path}/findings/{one['finding']}/answer"
    for wrong in ("", "{}", '{"choice": "burn"}', '{"choice": "relabel"}', '{"choice": "relabel", "label": "<script>"}', '{"choice": "keep", "x": 1}'):
        assert server.status("PUT", answer, wrong) == 400, wrong
    said = server.json("PUT", answer, '{"choice": "drop"}')
    assert said["finding"]["answer"] == {"choice": "drop", "label": ""} and said["progress"]["answered"] == 1
    assert before - settled(server, path) == {os.path.basename(one["images"][0]["name"])}
    assert before < settled(server, path, "original.csv") and len(settled(server, path, "original.csv")) == 242
    server.json("PUT", answer, '{"choice": "keep"}')  # the newer one counts
    assert settled(server, path) == before
    status, headers, report = server.ask("GET", path + "/report")
    assert status == 200 and b"<html" in report and headers["Cross-Origin-Embedder-Policy"] == "require-corp" and headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"] and "sandbox" in headers["Content-Security-Policy"] and "script-src" not in headers["Content-Security-Policy"]
    return job, one


def training(server):
    job, happened = ended(server, start(server, TRAIN))
    assert job["state"] == "done", job
    assert [said["epoch"] for said in happened if said["event"] == "epoch"] == [1, 2, 3] and all("validation_loss" in said for said in happened if said["event"] == "epoch")
    model = job["result"]["model"]
    assert 0 <= job["result"]["balanced_accuracy"] <= 1
    assert server.json("GET", f"/api/v1/models/{model}")["name"] == "small"
    assert server.json("POST", f"/api/v1/models/{model}/promote")["serves"]
    with open("workspace/three/images/0001.png", "rb") as picture:
        assert server.predict(picture.read())["model"]["name"] == "small"
    assert server.status("GET", f"{JOBS}/{job['id']}/report") == 200
    assert server.status("GET", f"{JOBS}/{job['id']}/findings") == 404
    return job


def cancelling(server):
    endless, waiting = start(server, {**TRAIN, "config": "endless.toml"}), start(server, CLEAN)
    running(server, endless)
    assert server.json("DELETE", f"{JOBS}/{waiting['id']}")["state"] == "cancelled"
    assert server.status("DELETE", f"{JOBS}/{waiting['id']}") == 409
    assert server.json("DELETE", f"{JOBS}/{endless['id']}")["cancelling"]
    assert ended(server, endless)[0]["state"] == "cancelled"

    def jobs(*arguments):
        return subprocess.run(["naevus", "jobs", *arguments, "--data", "data"], capture_output=True, text=True)

    again = start(server, {**TRAIN, "config": "endless.toml"})
    running(server, again)
    listed = json.loads(jobs("list", "--json").stdout)
    assert [job["state"] for job in listed[:3]] == ["running", "cancelled", "cancelled"] and "running" in jobs("list").stdout
    assert again["id"] in jobs("show", again["id"]).stdout
    assert jobs("cancel", again["id"]).stdout == "it is asked to stop\n"
    assert ended(server, again)[0]["state"] == "cancelled"
    assert jobs("cancel", again["id"]).returncode == jobs("show", "none").returncode == 1


def failing(server):
    with open("workspace/broken.csv", "wb") as file:
        file.write(b"image,label,split\na.jpg,nv,tr\xff\xfe\n")  # bytes that are no text, in what the program says of them
    job, _ = ended(server, start(server, {**CLEAN, "manifest": "broken.csv"}))
    assert job["state"] == "failed" and "broken.csv:2" in job["problem"] and "tr\ufffd" in job["problem"], job
    assert server.status("GET", f"{JOBS}/{job['id']}/report") == 404


def cut_off(server, job):
    whole = events(server, job)
    happened = [one for one in whole if one[1] == "happened"]
    rest = events(server, job, last=happened[1][0])
    assert rest == whole[2:]
    assert server.status("GET", f"{JOBS}/{job['id']}/events?after=x") == 400


def ending():
    with serving("--workspace", "workspace") as server:
        job = start(server, {**TRAIN, "config": "endless.toml"})
        running(server, job)
        begun = time.monotonic()
    assert time.monotonic() - begun < PATIENCE
    with open("workspace/endless.toml", "w") as recipe, open("workspace/recipe.toml") as short:
        recipe.write(short.read())
    with serving("--workspace", "workspace") as server:
        job, _ = ended(server, job)
        # A run does not go on with another recipe: that is said, and what was trained is not thrown away.
        assert job["state"] == "failed" and "epochs" in job["problem"], job
        assert os.path.exists(f"data/jobs/{job['id']}/run/config.toml")
        return server


def retraining(server):
    job, _ = ended(server, start(server, {"kind": "retrain", "manifest": "split.csv", "config": "recipe.toml", "if_confirmed": 5}))
    assert job["state"] == "done" and job["result"] == {"promoted": False, "nothing_to_do": True}, job


def roles(job, finding):
    keys = {role: subprocess.run(["naevus", "key", "create", role, "--role", role, "--data", "data"], capture_output=True, check=True, text=True).stdout.split()[-1]
            for role in ("viewer", "clinician", "reviewer", "admin")}  # fmt: skip
    asked, path = json.dumps(CLEAN), f"{JOBS}/{job['id']}"
    with serving("--workspace", "workspace", "--keys") as server:
        for role in ("viewer", "clinician"):
            for where in (JOBS, path, path + "/events", path + "/report", path + "/findings", path + "/clean.csv", path + "/original.csv"):
                assert server.status("GET", where, key=keys[role]) == 403
        assert server.status("GET", path, key=keys["reviewer"]) == 200
        assert server.status("PUT", f"{path}/findings/{finding['finding']}/answer", '{"choice": "keep"}', key=keys["reviewer"]) == 200
        for role, expect in (("reviewer", 403), ("admin", 201)):
            assert server.status("POST", JOBS, asked, key=keys[role]) == expect
        assert server.status("GET", "/api/v1/workspace", key=keys["reviewer"]) == server.status("DELETE", path, key=keys["reviewer"]) == 403


def main():
    with serving() as server:
        assert "--workspace" in start(server, CLEAN, expect=409)["advice"]
        assert server.json("GET", "/api/v1/workspace") == {"workspace": False, "files": []}
    print("without a workspace there are no jobs, and the answer says what to do")
    with serving("--workspace", "workspace") as server:
        refusals(server)
        print("what lies outside the workspace, and what makes no sense, is refused")
        cleaned, finding = cleaning(server)
        print("a cleaning: followed to its end, its findings answered, the manifest follows")
        trained = training(server)
        print("a training: its epochs are told as they end, its model is entered and can be promoted")
        cancelling(server)
        print("a job that waits is cancelled at once, one that runs stops; the command line sees and stops them too")
        failing(server)
        print("a job that fails says why")
        cut_off(server, trained)
        print("a client that was cut off goes on behind what it knows")
    ending()
    print("the server's end stops a job, and the next server goes on with it")
    with serving("--workspace", "workspace") as server:
        retraining(server)
    print("a retraining without new labels does nothing, and says so")
    roles(cleaned, finding)
    print("reading takes a reviewer, starting and stopping an admin")


if __name__ == "__main__":
    main()

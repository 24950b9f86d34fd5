#!/usr/bin/env python3
"""Drives `naevus gallery` and what `naevus serve` shows of it: similar cases, thumbnails, another model, erasure.

usage: server_gallery.py GALLERY PICTURES   (folders as `naevus synth` makes them)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image
from serving import Server, serving

GALLERY = Path("data/gallery.naevus")
PATIENCE = 120  # seconds; a loaded machine is slow


def naevus(*arguments, expect=0):
    done = subprocess.run(["naevus", *arguments], capture_output=True, text=True)
    assert done.returncode == expect, (done.args, done.returncode, done.stderr)
    return done


def split(folder):
    """A manifest of every third row as the test part, one row that can't be read, and one without a label."""
    with open(folder / "manifest.csv") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row["split"] = "test" if number % 3 == 2 else "train"
    (folder / "images" / "broken.jpg").write_bytes(b"no picture")
    rows.append({"image": "images/broken.jpg", "label": "nv", "split": "train"})
    shutil.copy(folder / rows[0]["image"], folder / "images" / "again.jpg")
    rows.append({"image": "images/again.jpg", "label": rows[0]["label"], "split": "train"})
    with open(folder / "split.csv", "w") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return rows


def made(folder, rows):
    refused = naevus("gallery", str(folder / "split.csv"), expect=2)
    assert "licence" in refused.stderr and not GALLERY.exists(), refused.stderr
    assert naevus("gallery", str(folder / "split.csv"), "--licence", "CC0", "--part", "test", expect=2).stderr
    done = naevus("gallery", str(folder / "split.csv"), "--data", "data", "--licence", "CC0", "--measure", "--json", expect=1)  # one is broken
    said = json.loads(done.stdout)
    train = [row for row in rows if row["split"] == "train"]
    assert said["pictures"] == len(train) - 2 and said["same_files"] == 1 and said["licences"] == {"CC0": len(train) - 2}, said
    assert [one["image"] for one in said["skipped"]] == ["images/broken.jpg"] and "broken.jpg" in done.stderr
    precision = said["precision"]
    assert precision["pictures"] == sum(row["split"] == "test" for row in rows) and 0 <= precision["low"] <= precision["value"] <= precision["high"] <= 1, precision
    print("a gallery of the training part, its licence said; what can't be read is named; what is near is measured by the test part")


def similar(server, id, query="", expect=200, **fields):
    return server.json("GET", f"/api/v1/predictions/{id}/similar{query}", expect=expect, **fields)


def shown(server, folder, rows):
    first = server.predict((folder / rows[0]["image"]).read_bytes())  # it is in the gallery: it is not its own neighbour
    others = similar(server, first["id"], "?n=50")["cases"]
    assert len(others) == sum(row["split"] == "train" for row in rows) - 3, len(others)
    assert max(case["similarity"] for case in others) < 0.99999
    # The same picture as another file: nearest is itself.
    out = io.BytesIO()
    Image.open(folder / rows[0]["image"]).save(out, "PNG")
    copy = server.predict(out.getvalue())
    answer = similar(server, copy["id"])
    near = answer["cases"]
    assert len(near) == 5 and near[0]["similarity"] > 0.999 and near[0]["label"] == rows[0]["label"] and near[0]["licence"] == "CC0", near
    assert near[0]["source"] == "synthetic" and 0 <= answer["precision"]["value"] <= 1
    assert [case["similarity"] for case in near] == sorted((case["similarity"] for case in near), reverse=True)
    status, fields, jpeg = server.ask("GET", near[0]["thumbnail"])
    thumbnail = Image.open(io.BytesIO(jpeg))
    assert status == 200 and fields["Content-Type"] == "image/jpeg" and max(thumbnail.size) == 160, thumbnail.size
    ours = Image.open(folder / rows[0]["image"]).convert("RGB").resize(thumbnail.size, Image.Resampling.LANCZOS)
    apart = sum(abs(a - b) for a, b in zip(ours.tobytes(), thumbnail.tobytes(), strict=True)) / len(ours.tobytes())
    assert apart < 6, apart
    for query in ("?n=0", "?n=51", "?n=x", "?m=1"):
        similar(server, copy["id"], query, expect=400)
    similar(server, "0" * 32, expect=404)
    assert server.status("GET", f"/api/v1/gallery/{'0' * 64}/thumbnail") == 404
    print("the nearest cases with their labels, licences and thumbnails; a picture is not its own neighbour")
    return copy


def another_model(server, copy, folder):
    subprocess.run(["make_network", "network.onnx"], check=True)
    naevus("adopt", "network.onnx", "--classes", "nv,mel", "--malignant", "mel", "--mean", "0,0,0", "--std", "255,255,255", "--layout", "nchw", "-o", "by-hand.onnx")
    other = json.loads(naevus("models", "add", "by-hand.onnx", "--json", "--data", "data").stdout)["id"]
    server.json("POST", f"/api/v1/models/{other}/promote")
    stale = similar(server, copy["id"], expect=409)
    assert stale["type"].endswith("gallery-stale") and "naevus gallery" in stale["advice"], stale
    server.json("POST", "/api/v1/models/rollback")
    similar(server, copy["id"])
    whole = GALLERY.read_bytes()
    GALLERY.write_bytes(whole[:-40])
    assert "naevus gallery" in similar(server, copy["id"], expect=409)["advice"]
    GALLERY.unlink()
    assert "naevus gallery" in similar(server, copy["id"], expect=404)["advice"]
    GALLERY.write_bytes(whole)
    similar(server, copy["id"])
    print("another model's gallery, a damaged one and none: what is wrong, and the command that makes it")


def labelled(server, pictures, patient):
    ids = []
    for picture in pictures:
        ids.append(server.predict(picture.read_bytes(), f"?patient_key={patient}")["id"])
        server.json("POST", f"/api/v1/predictions/{ids[-1]}/feedback", json.dumps({"verdict": "corrects", "label": "mel", "histopathology": True}), expect=201)
    return ids


def cases():
    """As the gallery's file names them."""
    content = GALLERY.read_bytes()
    begin = content.index(b"\n") + 1
    length = int.from_bytes(content[begin : begin + 8], "little")
    return json.loads(content[begin + 8 : begin + 8 + length])["cases"]


def erased(server, pictures):
    """Pictures of ours that came into the gallery go with their predictions, and a crash right after the answer brings none back."""
    ids = labelled(server, pictures[:3], "P1") + labelled(server, pictures[3:6], "P2")
    naevus("feedback", "export", "-o", "feedback.csv", "--data", "data")
    naevus("gallery", "feedback.csv", "--data", "data", "--licence", "ours")
    before = {one["picture"] for one in cases()}
    assert len(before) == 6 and all(one["kept"] for one in cases())
    thumbnails = [case["thumbnail"] for case in similar(server, ids[0], "?n=50")["cases"]]
    assert len(thumbnails) == 5
    assert server.json("DELETE", f"/api/v1/predictions/{ids[1]}")["picture_removed"]
    assert len(cases()) == 5 and sum(server.status("GET", path) == 404 for path in thumbnails) == 1
    server.json("DELETE", "/api/v1/patients/P2")
    assert len(cases()) == 2
    # A picture that another prediction has as well stays with it.
    twice = server.predict(pictures[0].read_bytes(), "?patient_key=P9")["id"]
    assert not server.json("DELETE", f"/api/v1/predictions/{twice}")["picture_removed"]
    assert len(cases()) == 2
    server.json("DELETE", f"/api/v1/predictions/{ids[0]}")
    server.end(signal.SIGKILL)
    assert len(cases()) == 1
    print("what is erased, by prediction or by patient, is in no gallery when the answer comes")
    return ids[2]


def unfinished(last):
    """A crash between the erasure in the database and the gallery: the next start ends it."""
    kept, before = cases()[0]["picture"], GALLERY.read_bytes()
    Path(f"data/pictures/{kept[:2]}/{kept[2:]}").unlink()

    def starts():
        with serving() as server:
            deadline = time.monotonic() + PATIENCE
            while GALLERY.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not GALLERY.exists()
            similar(server, last, expect=404)

    starts()
    # Also where the pictures that no prediction has can't be looked for.
    GALLERY.write_bytes(before)
    Path("data/pictures").rename("aside")
    Path("data/pictures").symlink_to("pictures")
    starts()
    Path("data/pictures").unlink()
    Path("aside").rename("data/pictures")
    print("an erasure that a crash broke off is ended at the next start")


def roles():
    keys = {role: json.loads(naevus("key", "create", "--role", role, "--data", "data", "--json", role).stdout)["secret"] for role in ("viewer", "clinician")}
    with serving("--keys") as server:
        for path in ("/api/v1/predictions/x/similar", "/api/v1/gallery/x/thumbnail"):
            assert [server.status("GET", path), server.status("GET", path, key=keys["viewer"]), server.status("GET", path, key=keys["clinician"])] == [401, 403, 404]
            assert server.status("POST", path, key=keys["clinician"]) == 405
    print("it takes a clinician")


def main():
    folder, pictures = Path(sys.argv[1]), sorted(Path(sys.argv[2]).glob("*.jpg"))
    rows = split(folder)
    made(folder, rows)
    with serving() as server:
        copy = shown(server, folder, rows)
        another_model(server, copy, folder)
    server = Server()
    try:
        last = erased(server, pictures)
    finally:
        server.process.kill()
        server.process.wait()
    unfinished(last)
    roles()


if __name__ == "__main__":
    main()

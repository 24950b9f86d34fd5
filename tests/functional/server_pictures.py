#!/usr/bin/env python3
"""Drives what `naevus serve` shows of the pictures that it keeps: upright, small or large, of any format, until they are erased.

usage: server_pictures.py PICTURES   (a folder as `naevus synth` makes it)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import io
import json
import subprocess
import sys
import threading
from pathlib import Path

from PIL import Image, ImageOps
from server_medical import as_dicom
from serving import serving


def enlarged(path):
    return Image.open(path).convert("RGB").resize((2000, 1500), Image.Resampling.BICUBIC)


def sent(picture):
    """The same picture in every format, and as JPEGs that are to be turned and carry what nobody else is to see."""
    files = {}
    for name, how in {"jpeg": {"quality": 97}, "png": {}, "webp": {"quality": 97}, "tiff": {}, "bmp": {}}.items():
        out = io.BytesIO()
        picture.save(out, name, **how)
        files[name] = out.getvalue()
    for orientation, undo in ((6, Image.Transpose.ROTATE_90), (3, Image.Transpose.ROTATE_180), (5, Image.Transpose.TRANSPOSE)):
        exif = Image.Exif()
        exif[0x0112], exif[0x010E], exif[0x013B] = orientation, "Jane Doe, left shoulder", "Jane Doe"
        out = io.BytesIO()
        picture.transpose(undo).save(out, "JPEG", quality=97, exif=exif, comment=b"Jane Doe", icc_profile=b"Jane Doe" * 20)
        files[f"orientation {orientation}"] = out.getvalue()
    Path("large.jpg").write_bytes(files["jpeg"])
    files["dicom"] = as_dicom("large.jpg", "large.dcm", "SOPClassUID=1.2.840.10008.5.1.4.1.1.77.1.7", "Modality=DMS")
    return files


def apart(a, b):
    return sum(abs(x - y) for x, y in zip(a.tobytes(), b.tobytes(), strict=True)) / len(a.tobytes())


def path_of(prediction, query=""):
    return f"/api/v1/predictions/{prediction['id']}/picture{query}"


def shown(server, path, **fields):
    status, headers, content = server.ask("GET", path, **fields)
    assert status == 200 and headers["Content-Type"] == "image/jpeg", (status, content)
    assert headers["Cache-Control"] == "private, no-cache" and headers["ETag"], dict(headers)
    for nothing in (b"Exif", b"ICC_PROFILE", b"Doe"):
        assert nothing not in content, nothing
    picture = Image.open(io.BytesIO(content))
    assert picture.mode == "RGB" and not picture.getexif() and "icc_profile" not in picture.info and "comment" not in picture.info
    return picture, headers["ETag"]


def formats(server, picture):
    for name, file in sent(picture).items():
        said = server.predict(file)
        for query, size in (("", (1600, 1200)), ("?size=large", (1600, 1200)), ("?size=small", (256, 192))):
            answer, _ = shown(server, path_of(said, query))
            assert answer.size == size, (name, answer.size)
            assert apart(answer, picture.resize(size, Image.Resampling.BILINEAR)) < 3, name
    print("every format is shown as an upright JPEG without metadata, small or large")


def never_enlarged(server, pictures):
    original = ImageOps.exif_transpose(Image.open(pictures[0])).convert("RGB").resize((200, 90))
    out = io.BytesIO()
    original.save(out, "PNG")
    said = server.predict(out.getvalue())
    for query in ("", "?size=small"):
        answer, _ = shown(server, path_of(said, query))
        assert answer.size == (200, 90) and apart(answer, original) < 3
    print("a small picture keeps its size")


def kept_by_a_browser(server, pictures):
    said, other = (server.predict(path.read_bytes()) for path in pictures[:2])
    tags = {query: shown(server, path_of(said, query))[1] for query in ("?size=large", "?size=small")}
    assert len({*tags.values(), shown(server, path_of(other))[1]}) == 3
    for query, tag in tags.items():
        for held in (tag, f'"x", {tag}', "*"):
            status, headers, content = server.ask("GET", path_of(said, query), If_None_Match=held)
            assert (status, content, headers["ETag"], headers["Cache-Control"]) == (304, b"", tag, "private, no-cache")
            assert headers["Content-Length"] is None
        assert server.status("GET", path_of(other, query), If_None_Match=tag) == 200
    status, headers, content = server.ask("HEAD", path_of(said))
    assert status == 200 and content == b"" and int(headers["Content-Length"]) > 1000
    assert server.json("DELETE", "/api/v1/predictions/" + said["id"])["picture_removed"]
    for query, tag in tags.items():
        assert server.status("GET", path_of(said, query)) == server.status("GET", path_of(said, query), If_None_Match=tag) == 404
    print("a browser that has it is told so, and that it is gone once it was erased")


def refusals(server, pictures):
    said = server.predict(pictures[0].read_bytes())
    for query in ("?size=huge", "?size=", "?width=3", "?size=small&x=1"):
        assert server.json("GET", path_of(said, query), expect=400)["type"].endswith("parameter"), query
    for id in ("0" * 32, "x"):
        assert server.status("GET", path_of({"id": id})) == 404
    assert server.status("GET", path_of({"id": "%ff"})) == 400
    assert server.status("GET", path_of(said), b"x") == 413
    assert server.status("POST", path_of(said)) == 405
    # What became of the file on the disk: it is not the picture that was sent.
    kept = next(path for path in Path("data/pictures").rglob("*") if path.is_file() and path.read_bytes() == pictures[0].read_bytes())
    kept.write_bytes(kept.read_bytes() + b"x")
    assert server.json("GET", path_of(said), expect=503)["type"].endswith("storage")
    print("other sizes, no such prediction, a damaged file: refused")


def busy(picture):
    """A full queue, as for predictions."""
    out = io.BytesIO()
    picture.resize((6000, 4500)).save(out, "JPEG")
    with serving("--threads", "1", "--queue", "2", data="busy") as server:
        said = server.predict(out.getvalue())
        results, lock = set(), threading.Lock()

        def ask():
            status, headers, content = server.ask("GET", path_of(said))
            with lock:
                results.add((status, headers["Content-Type"], bool(headers["Retry-After"])))

        for _ in range(20):
            threads = [threading.Thread(target=ask) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if len(results) > 1:
                break
        assert results == {(200, "image/jpeg", False), (503, "application/problem+json", True)}, results
    print("a full queue: 503 with Retry-After")


def roles(pictures):
    def key(role):
        made = subprocess.run(["naevus", "key", "create", "--role", role, "--data", "keyed", "--json", role], capture_output=True, check=True)
        return json.loads(made.stdout)["secret"]

    with serving("--keys", data="keyed") as server:
        clinician = key("clinician")
        path = path_of(server.predict(pictures[0].read_bytes(), key=clinician))
        assert [server.status("GET", path), server.status("GET", path, key=key("viewer")), server.status("GET", path, key=clinician)] == [401, 403, 200]
    print("it takes a clinician")


def main():
    pictures = sorted(Path(sys.argv[1]).glob("*.jpg"))
    large = enlarged(pictures[0])
    with open("server.log", "w") as log, serving(stderr=log) as server:
        formats(server, large)
        never_enlarged(server, pictures)
        kept_by_a_browser(server, pictures)
        refusals(server, pictures)
    busy(large)
    roles(pictures)


if __name__ == "__main__":
    main()

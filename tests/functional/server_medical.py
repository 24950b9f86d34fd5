#!/usr/bin/env python3
"""Drives what `naevus serve` has for hospitals: DICOM in, FHIR out, and the overlay that shows where a model looked.

usage: server_medical.py PICTURES   (a folder as `naevus synth` makes it)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import json
import subprocess
import sys
from pathlib import Path

from fhir.resources.R4B.diagnosticreport import DiagnosticReport
from serving import serving


def as_dicom(jpeg, name, *changes):
    """The JPEG in a VL Photographic image, by DCMTK."""
    subprocess.run(["img2dcm", "-vlp", "-k", "PatientName=Doe^Jane", jpeg, name], check=True)
    if changes:
        subprocess.run(["dcmodify", "-nb", *(word for change in changes for word in ("-m", change)), name], check=True)
    return Path(name).read_bytes()


def dicom(server, picture, data):
    jpeg = server.predict(picture.read_bytes())
    file = as_dicom(picture, "mole.dcm", "SOPClassUID=1.2.840.10008.5.1.4.1.1.77.1.7", "Modality=DMS")
    said = server.predict(file, Content_Type="application/dicom")
    assert said["picture_format"] == "dicom" and said["probabilities"] == jpeg["probabilities"] and said["quality"] == jpeg["quality"]
    ct = as_dicom(picture, "ct.dcm", "SOPClassUID=1.2.840.10008.5.1.4.1.1.2", "Modality=CT")
    assert "a CT image" in server.json("POST", "/api/v1/predictions", ct, expect=422)["detail"]
    assert "ends early" in server.json("POST", "/api/v1/predictions", file[: len(file) // 2], expect=422)["detail"]
    assert b"Doe" in file
    for path in Path(data).rglob("*"):
        if path.is_file() and "pictures" not in path.parts:
            assert b"Doe" not in path.read_bytes(), path
    print("DICOM: a photograph is answered as the JPEG in it, a CT is refused, and nobody's name is in the database")


def fhir(server, pictures):
    for query in ("", "?sex=female&site=back&patient_key=p-1&age=61", "?site=back"):
        said = server.predict(pictures[1].read_bytes(), query)
        status, headers, content = server.ask("GET", f"/api/v1/predictions/{said['id']}/fhir")
        assert status == 200 and headers["Content-Type"] == "application/fhir+json"
        report = json.loads(content)
        DiagnosticReport.model_validate_json(content)  # which holds what is contained to its own kind, too
        assert report["id"] == said["id"] and report["status"] == "preliminary" and report["issued"] == said["created_at"]
        contained = {one["id"]: one for one in report["contained"]}
        assert [one["reference"] for one in report["result"]] == ["#classes", "#malignancy"]
        assert {c["code"]["text"]: c["valueQuantity"]["value"] for c in contained["classes"]["component"]} == said["probabilities"]
        assert contained["classes"]["valueCodeableConcept"]["text"] == said["predicted"] in report["conclusion"]
        malignancy = contained["malignancy"]
        assert malignancy["valueQuantity"]["value"] == said["malignant"]["score"] and malignancy["status"] == "preliminary"
        assert malignancy["referenceRange"][0]["high"]["value"] == said["malignant"]["threshold"]
        code = {"above_threshold": "H", "refused": "IND"}.get(said["decision"]["code"])
        assert malignancy["interpretation"][0]["text"] == said["decision"]["words"]
        assert [c["code"] for c in malignancy["interpretation"][0].get("coding", [])] == ([code] if code else [])
        notes = " ".join(note["text"] for note in contained["classes"]["note"])
        assert all(finding["words"] in notes for finding in said["quality"]["findings"]) and "learned from" in notes
        assert contained["model"]["deviceName"][0]["name"] == said["model"]["name"] and contained["model"]["version"][0]["value"] == said["model"]["version"]
        assert report["conclusion"].endswith("not a diagnosis.")
        assert ("patient" in contained) == ("subject" in report) == bool(query)
        if "p-1" in query:
            assert contained["patient"] == {"resourceType": "Patient", "id": "patient", "identifier": [{"value": "p-1"}], "gender": "female"}
            assert contained["classes"]["bodySite"]["text"] == "back"
    server.json("GET", f"/api/v1/predictions/{'0' * 32}/fhir", expect=404)
    for broken in ({**report, "unknown": 1}, {**report, "contained": [{"resourceType": "Observation", "id": "classes", "code": {}}]}):
        try:
            DiagnosticReport.model_validate(broken)
            raise AssertionError("the validation lets all through")
        except ValueError:
            pass
    print("FHIR: each answer is a preliminary DiagnosticReport, valid by the published structure")


def saliency(server, picture):
    assert "saliency" not in server.predict(picture.read_bytes()) and "saliency" not in server.predict(picture.read_bytes(), "?saliency=0")
    said = server.predict(picture.read_bytes(), "?saliency=1&age=50", Idempotency_Key="seen")
    link = said["saliency"]
    again = server.json("POST", "/api/v1/predictions?saliency=1&age=50", picture.read_bytes(), Idempotency_Key="seen")
    assert again["saliency"] == link == f"/api/v1/predictions/{said['id']}/saliency"
    overlays = {}
    for label in said["probabilities"]:
        status, headers, overlays[label] = server.ask("GET", f"{link}?class={label}")
        assert status == 200 and headers["Content-Type"] == "image/png" and overlays[label].startswith(b"\x89PNG")
    assert len(set(overlays.values())) > len(overlays) // 2
    subprocess.run(["naevus", "predict", "--saliency", "alone.png", picture], check=True, capture_output=True)
    assert server.ask("GET", link)[2] == overlays[said["predicted"]] == Path("alone.png").read_bytes()
    assert server.json("GET", link + "?class=zebra", expect=400)["advice"].startswith("there are akiec, bcc")
    assert server.status("GET", link + "?colour=red") == server.status("POST", "/api/v1/predictions?saliency=yes", picture.read_bytes()) == 400
    assert server.status("GET", f"/api/v1/predictions/{'0' * 32}/saliency") == 404
    gone = server.predict(picture.read_bytes(), "?saliency=1")
    server.json("DELETE", "/api/v1/predictions/" + gone["id"])
    assert server.status("GET", gone["saliency"]) == 404
    print("saliency: the overlay that `naevus predict --saliency` draws, of any class, until the prediction is erased")
    return link


def another_model(link, picture, data):
    subprocess.run(["make_network", "network.onnx"], check=True)
    subprocess.run(["naevus", "adopt", "network.onnx", "--classes", "nv,mel", "--malignant", "mel", "--mean", "0,0,0", "--std", "255,255,255", "--layout", "nchw", "-o", "by-hand.onnx"],
                   check=True, capture_output=True)  # fmt: skip
    with serving("by-hand.onnx", data=data) as server:
        assert "no longer served" in server.json("GET", link, expect=410)["detail"]
        link = server.predict(picture.read_bytes(), "?saliency=1")["saliency"]
        assert server.json("GET", link, expect=422)["detail"]
    print("where a model looked that is no longer served, or that can't tell, is not made up")


def keys(picture):
    def key(role):
        made = subprocess.run(["naevus", "key", "create", "--role", role, "--data", "keyed", "--json", role], capture_output=True, check=True)
        return json.loads(made.stdout)["secret"]

    with serving("--keys", data="keyed") as server:
        viewer, clinician = key("viewer"), key("clinician")
        said = server.predict(picture.read_bytes(), "?saliency=1", key=clinician)
        report = f"/api/v1/predictions/{said['id']}/fhir"
        assert server.status("GET", report) == server.status("GET", said["saliency"]) == 401
        assert server.status("GET", report, key=viewer) == 200 and server.status("GET", said["saliency"], key=viewer) == 403
        assert server.status("GET", said["saliency"], key=clinician) == 200
    print("keys: a viewer reads reports, a clinician sees overlays too")


def main():
    pictures = sorted(Path(sys.argv[1]).glob("*.jpg"))
    with serving(data="medical-data") as server:
        dicom(server, pictures[0], "medical-data")
        fhir(server, pictures)
        link = saliency(server, pictures[2])
    another_model(link, pictures[3], "medical-data")
    keys(pictures[0])


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Whether the detector learns from its readers: serve, correct, retrain, again.

    naevus import FOLDER -o all.csv
    bench/loop/loop.py all.csv --config recipe.toml --labels ham7 --out loop [--poison 0.2]

Half of the pictures are the frozen test part, a tenth validates, a tenth trains the first model. Each further tenth is sent to the running
server, and one of two readers says of every answer what the picture's label says: agrees or corrects. After each tenth: naevus retrain. With
--poison the second reader gives a wrong class for that share of what they read, and the first of those tenths is the last. Pictures of one
lesion stay together.

Prints, after each step, the balanced accuracy of the model that answers, on the frozen test part, and what the gate said.
"""
import argparse
import csv
import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/functional"))
from serving import serving  # noqa: E402


def naevus(*arguments, may_fail=False):
    done = subprocess.run(["naevus", *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    if done.returncode and not (may_fail and done.returncode == 1):
        sys.exit(f"naevus {arguments[0]} failed with {done.returncode}")
    return done.stdout


def dealt(rows, shares, seed):
    """Rows by share, each label in proportion; those of one lesion together."""
    lesions = {}
    for number, row in enumerate(rows):
        lesions.setdefault((row["label"], row.get("lesion_id") or f"row {number}"), []).append(row)
    by_label = {}
    for (label, _), group in sorted(lesions.items()):
        by_label.setdefault(label, []).append(group)
    parts = [[] for _ in shares]
    for _, groups in sorted(by_label.items()):
        random.Random(seed).shuffle(groups)
        for k, group in enumerate(groups):
            place, part = (k + 0.5) / len(groups) * sum(shares), 0
            while place > sum(shares[: part + 1]):
                part += 1
            parts[part] += group
    return parts


def write(rows, path):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, ["image", "label", "split", "lesion_id", "age", "sex", "site"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


class Loop:
    def __init__(self, options):
        self.options, self.out = options, Path(options.out)
        manifest = Path(options.manifest)
        with open(manifest, newline="") as file:
            rows = [{**row, "image": str((manifest.parent / row["image"]).resolve())} for row in csv.DictReader(file) if row["label"]]
        shares = [5, 1, 1] + [1] * options.steps
        test, validation, start, *self.steps = dealt(rows, shares, options.seed)
        for rows in self.steps:
            random.Random(options.seed).shuffle(rows)  # as they would come, not class by class
        for name, part in (("test", test), ("validation", validation), ("train", start)):
            for row in part:
                row["split"] = name
        self.out.mkdir(parents=True, exist_ok=True)
        self.base, self.data = self.out / "base.csv", self.out / "data"
        write(test + validation + start, self.base)
        self.classes = sorted({row["label"] for row in rows})
        self.labels = ["--labels", options.labels] if options.labels else []

    def score(self, model):
        said = json.loads(naevus("evaluate", model, self.base, *self.labels, "--part", "test", "--json"))
        return said["balanced_accuracy"]

    def first_model(self):
        folder = self.out / "start"
        if not (folder / "model.onnx").exists():
            labels = ["--labels", self.options.labels] if self.options.labels else []
            naevus("train", self.options.config, "--manifest", self.base.resolve(), *labels, "--name", "loop", "--out", folder, "--resume",
                   *(["--epochs", self.options.start_epochs] if self.options.start_epochs else []))
        return folder / "model.onnx"

    def read(self, server, keys, number, row):
        """One picture is sent, and its reader says what it is."""
        reader, rng, truth = number % 2, random.Random(f"{self.options.seed} {number}"), row["label"]
        key = keys[reader]
        answer = server.predict(Path(row["image"]).read_bytes(), key=key)
        if reader == 1 and rng.random() < self.options.poison:
            truth = rng.choice([name for name in self.classes if name != truth])
        called = answer["predicted"]
        said = {"verdict": "agrees"} if called == truth else {"verdict": "corrects", "label": truth}
        path = f"/api/v1/predictions/{answer['id']}/feedback"
        server.json("POST", path, json.dumps(said), expect=201, key=key, Content_Type="application/json")

    def feed(self, rows, keys, model):
        with serving(*model, "--keys", data=str(self.data)) as server, ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda item: self.read(server, keys, *item), enumerate(rows)))

    def run(self):
        first = self.first_model()
        keys = [naevus("key", "create", name, "--data", self.data).strip() for name in ("first reader", "second reader")]
        steps = [{"step": "start", "learned": 0, "balanced_accuracy": self.score(first)}]
        self.tell(steps[0])
        for number, rows in enumerate(self.steps[:1] if self.options.poison else self.steps, 1):
            self.feed(rows, keys, [str(first)] if number == 1 else [])
            said = json.loads(naevus("retrain", self.base, "--config", self.options.config, *self.labels, "--data", self.data, "--json", may_fail=True))
            served = said["candidate" if said["promoted"] else "served"]["sha256"]
            steps.append({"step": f"tenth {number}", "learned": said["learned"], "promoted": said["promoted"], "left_out": said["left_out"],
                          "readers": said["readers"], "reference": said["reference"], "gate": said["gate"],
                          "balanced_accuracy": self.score(self.data / "models" / f"{served}.onnx"),
                          "candidate": self.score(self.data / "models" / f"{said['candidate']['sha256']}.onnx")})
            self.tell(steps[-1])
        (self.out / "loop.json").write_text(json.dumps(steps, indent=1) + "\n")

    def tell(self, step):
        score = step["balanced_accuracy"]
        interval = f" [{score['low']:.3f}, {score['high']:.3f}]" if score["low"] is not None else ""  # none where no resample differs
        print(f"{step['step']:<9} learned {step['learned']:>5}  balanced accuracy {score['value']:.3f}{interval}", end="")
        if "promoted" not in step:
            return print(flush=True)
        print(f"  candidate {step['candidate']['value']:.3f}  {'promoted' if step['promoted'] else 'not promoted'}", flush=True)
        for reader in sorted(step["readers"], key=lambda one: one["doubted"]):
            print(f"    a reader: {reader['doubted']} of {reader['labels']} labels doubted (reference {step['reference']['doubted']} of "
                  f"{step['reference']['labels']}), {'believed' if reader['believed'] else 'not believed'}")
        for condition in step["gate"]["conditions"]:
            print(f"    {'yes' if condition['holds'] else 'no '}  {condition['name']}: {condition['text']}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("manifest")
    parser.add_argument("--config", required=True)
    parser.add_argument("--labels", default="")
    parser.add_argument("--out", required=True)
    parser.add_argument("--start-epochs", type=int, help="of the first model's training, where the recipe's are too few")
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--poison", type=float, default=0)
    parser.add_argument("--seed", type=int, default=1)
    Loop(parser.parse_args()).run()


main()

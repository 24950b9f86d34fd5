#!/usr/bin/env python3
"""Finds the copies of a set of make_set.py with naevus clean, imagededup's hashes and CleanVision, and prints one table.

usage: peers.py SET --naevus build/ci/bin/naevus [--model models/naevus-7.onnx] [--only NAME,NAME]

A pair counts as found when a tool names a copy together with its original (or with another copy of that original that
is pixel-equal to it). Precision: of the named pairs, those that are of one original. Tools that turn no picture can't
find mirrored and turned copies: that is part of the figure.
"""

import argparse
import collections
import csv
import os
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path


def read_truth(folder):
    rows = [r for r in csv.DictReader(open(folder / "truth.csv", newline="")) if r["kind"] in ("copy", "leak")]
    return {Path(r["image"]).name: r for r in rows}


def naevus_clean(folder, program, model):
    """Runs all of `naevus clean`, and says what it found besides copies."""
    with tempfile.TemporaryDirectory() as out:
        command = [program, "clean", folder / "manifest.csv", "-o", out] + (["--model", model] if model else [])
        code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
        if code not in (0, 1):  # 1: some pictures can't be read, as it should be
            sys.exit(f"naevus clean ended with {code}")
        rows = list(csv.DictReader(open(Path(out) / "issues.csv", newline="")))
    truth = {Path(r["image"]).name: r["kind"] for r in csv.DictReader(open(folder / "truth.csv", newline=""))}
    for found, wanted in (("unreadable", "broken"), ("leak", "leak")) + ((("off_topic", "off_topic"),) if model else ()):
        named = {Path(r["image"]).name for r in rows if r["kind"] == found} | \
                {Path(r["other"]).name for r in rows if r["kind"] == found and found == "leak"}
        true = {name for name, kind in truth.items() if kind == wanted}
        right = named & true
        # A leak between a copy and its original's other copy is one too, though truth.csv lists it as a copy.
        wrong = {name for name in named - true if truth.get(name) != "copy"} if found != "leak" else set()
        print(f"  {found}: {len(right)} of {len(true)} found, {len(wrong)} others named")
    return [(Path(r["image"]).name, Path(r["other"]).name, "exact" if r["kind"] == "exact_copy" else "altered")
            for r in rows if r["kind"] in ("exact_copy", "near_copy")]


def imagededup(folder, method):
    # Its package imports torch for the one method (CNN) that is not used here.
    def stand_in(attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return type(attribute, (), {})
    for name in ("torch", "torch.nn", "torch.utils", "torch.utils.data", "torchvision", "torchvision.transforms",
                 "torchvision.models", "torchvision.models.vision_transformer",
                 "imagededup.methods.cnn", "imagededup.utils.models"):
        if name not in sys.modules:
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].__getattr__ = stand_in
    from imagededup import methods
    hasher = getattr(methods, method)(verbose=False)
    found = hasher.find_duplicates(image_dir=str(folder / "images"))
    return list({tuple(sorted((a, b))) + ("altered",) for a, others in found.items() for b in others})


def cleanvision(folder, everything):
    from cleanvision import Imagelab
    lab = Imagelab(data_path=str(folder / "images"))
    lab.find_issues(None if everything else {"exact_duplicates": {}, "near_duplicates": {}}, verbose=False)
    pairs = set()
    for kind in ("exact_duplicates", "near_duplicates"):
        for group in lab.info[kind]["sets"]:
            names = sorted(Path(path).name for path in group)
            for i, a in enumerate(names):
                pairs |= {(a, b, "exact" if kind == "exact_duplicates" else "altered") for b in names[i + 1:]}
    return list(pairs)


def score(pairs, truth):
    """Recall of as-is copies and of altered ones, precision of all pairs, precision of those called exact."""
    origin = lambda name: truth[name]["other"].split("/")[-1] if name in truth else name
    parent = {}
    def root(name):
        while parent.get(name, name) != name:
            name = parent[name]
        return name
    for a, b, kind in pairs:  # exact pairs are named with one member of their group: the others follow
        if kind == "exact":
            parent[root(a)] = root(b)
    linked = {frozenset((root(a), root(b))) for a, b, kind in pairs if root(a) != root(b)}
    is_found = lambda a, b: root(a) == root(b) or frozenset((root(a), root(b))) in linked
    found, total = collections.Counter(), collections.Counter()
    for name, row in truth.items():
        kind = "exact" if row["alteration"] == "as_is" else "altered"
        upright = "upright" if row["symmetry"] == "upright" else "turned"
        hit = is_found(name, origin(name))
        for key in (kind, kind + " " + upright, row["alteration"]):
            total[key] += 1
            found[key] += hit
    right = [(a, b, k) for a, b, k in pairs if origin(a) == origin(b)]
    wrong = [(a, b, k) for a, b, k in pairs if origin(a) != origin(b)]
    exact = [(a, b) for a, b, k in pairs if k == "exact"]
    exact_right = [(a, b) for a, b in exact if origin(a) == origin(b)]
    return found, total, right, wrong, exact, exact_right


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("--naevus", required=True, help="the program, as in build/release/bin/naevus")
    parser.add_argument("--model", help="for naevus: looks for pictures off the topic too")
    parser.add_argument("--only", help="names of tools, joined by commas")
    parser.add_argument("--missed", action="store_true", help="name what was missed and what was wrong")
    args = parser.parse_args()
    tools = {
        "naevus": lambda: naevus_clean(args.set, args.naevus, args.model),
        "imagededup PHash": lambda: imagededup(args.set, "PHash"),
        "imagededup DHash": lambda: imagededup(args.set, "DHash"),
        "CleanVision duplicates": lambda: cleanvision(args.set, False),
        "CleanVision all checks": lambda: cleanvision(args.set, True),
    }
    truth = read_truth(args.set)
    print(f"{'tool':24s} {'recall as is':>12s} {'recall altered':>14s} {'(upright':>9s} {'turned)':>8s} {'precision':>9s}"
          f" {'exact prec.':>11s} {'pairs':>6s} {'seconds':>8s} {'processor':>9s}")
    for name, find in tools.items():
        if args.only and name not in args.only.split(","):
            continue
        begin, cpu = time.time(), sum(os.times()[:4])
        pairs = find()
        seconds, cpu = time.time() - begin, sum(os.times()[:4]) - cpu
        found, total, right, wrong, exact, exact_right = score(pairs, truth)
        recall = lambda key: found[key] / max(1, total[key])
        share = lambda part, whole: f"{len(part) / len(whole):.4f}" if whole else "-"
        print(f"{name:24s} {recall('exact'):12.4f} {recall('altered'):14.4f} {recall('altered upright'):9.4f}"
              f" {recall('altered turned'):8.4f} {share(right, pairs):>9s} {share(exact_right, exact):>11s}"
              f" {len(pairs):6d} {seconds:8.1f} {cpu:9.1f}", flush=True)
        if args.missed:
            for pair in wrong:
                print("wrong:", *pair)
    return 0


if __name__ == "__main__":
    sys.exit(main())

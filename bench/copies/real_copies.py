#!/usr/bin/env python3
"""Finds the pictures that public sets share, whose ids are hidden from the search, and compares with the ids.

usage: real_copies.py --near-copies build/ci/bin/near_copies [--data ../shared/data] [--pairs OUT.csv]

For each two sets: the ids that both have, how many of them are found (recall), the found pairs with different ids, and
how many of those are one lesion by HAM10000's own table. Pairs with different ids go to OUT.csv to be looked at: public
sets hold the same photograph under several ids. Then isic9 alone: its byte-identical pairs must come out as exact.
"""

import argparse
import collections
import csv
import hashlib
import subprocess
import tempfile
from pathlib import Path


def listing(paths):
    file = tempfile.NamedTemporaryFile("w", suffix=".txt")
    file.write("".join(f"{path}\n" for path in paths))
    file.flush()
    return file


def find(program, *sets):
    lists = [listing(paths) for paths in sets]
    run = subprocess.run([program, *(file.name for file in lists)], check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    print("   ", run.stderr.strip().split("\n")[-1])
    return list(csv.DictReader(run.stdout.splitlines()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--near-copies", required=True)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared/data")
    parser.add_argument("--pairs", type=Path)
    args = parser.parse_args()
    pictures = lambda folder: sorted((args.data / folder).rglob("ISIC_*.jpg"))
    sets = {"ham10000": pictures("ham10000/images"), "ham10000_200x150": pictures("ham10000_200x150/images"),
            "isic9": pictures("isic9"), "isic2017": pictures("isic2017")}
    identity = lambda path: Path(path).name[:12]
    with open(args.data / "ham10000_200x150/HAM10000_metadata.csv", newline="") as file:
        lesions = {row["image_id"]: row["lesion_id"] for row in csv.DictReader(file)}
    odd = []
    for one, other in (("ham10000", "ham10000_200x150"), ("isic9", "ham10000"), ("isic9", "ham10000_200x150"),
                       ("isic2017", "isic9")):
        common = set(map(identity, sets[one])) & set(map(identity, sets[other]))
        pairs = find(args.near_copies, sets[one], sets[other])
        same = {identity(p["a"]) for p in pairs if identity(p["a"]) == identity(p["b"])}
        different = [p for p in pairs if identity(p["a"]) != identity(p["b"])]
        kinds = collections.Counter()
        for pair in different:
            a, b = lesions.get(identity(pair["a"])), lesions.get(identity(pair["b"]))
            kinds["unknown lesion" if a is None or b is None else "one lesion" if a == b else "two lesions"] += 1
        odd += [{"sets": f"{one} {other}", **p} for p in different]
        print(f"{one} / {other}: {len(common)} common ids, recall {len(same & common) / len(common):.4f};"
              f" different ids: {len(different)} ({', '.join(f'{n} {k}' for k, n in kinds.items())})", flush=True)

    by_content = collections.defaultdict(list)
    for path in sets["isic9"]:
        by_content[hashlib.sha256(path.read_bytes()).hexdigest()].append(str(path))
    pairs = find(args.near_copies, sets["isic9"])
    exact = {frozenset((p["a"], p["b"])) for p in pairs if p["kind"] == "exact"}
    identical = {frozenset((group[0], other)) for group in by_content.values() for other in group[1:]}
    print(f"isic9: {len(identical)} byte-identical pairs, {len(identical & exact)} found as exact, {len(exact - identical)}"
          f" more exact, {len(pairs) - len(exact)} altered")
    if args.pairs:
        with open(args.pairs, "w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=odd[0].keys())
            writer.writeheader()
            writer.writerows(odd)


if __name__ == "__main__":
    main()

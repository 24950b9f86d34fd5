#!/usr/bin/env python3
"""Blurs pictures by known amounts and counts how many `naevus clean` then calls blurred.

usage: blurred.py FOLDER [--naevus build/ci/bin/naevus] [--pictures 200] [--seed 1]

The pictures are drawn from all of FOLDER's. sigma: of the Gaussian, as a share of the picture's longer side; 0 is the
picture as it was, so that its line counts false alarms (of pictures in focus). Needs Pillow.
"""

import argparse
import csv
import random
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageFilter

SHARES = (0, 0.004, 0.007, 0.01, 0.015, 0.02)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--naevus", type=Path, default=Path("build/ci/bin/naevus"))
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = sorted(p for p in options.folder.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    drawn = random.Random(options.seed).sample(files, min(options.pictures, len(files)))
    print("| sigma / side | called blurred |\n| ---: | ---: |")
    for share in SHARES:
        with tempfile.TemporaryDirectory() as folder:
            pictures = Path(folder) / "pictures"
            pictures.mkdir()
            for number, path in enumerate(drawn):
                picture = Image.open(path).convert("RGB")
                if share:
                    picture = picture.filter(ImageFilter.GaussianBlur(share * max(picture.size)))
                picture.save(pictures / f"{number}.png")
            command = [options.naevus, "clean", pictures, "-o", Path(folder) / "cleaned"]
            subprocess.run(command, check=True, capture_output=True)
            with open(Path(folder) / "cleaned/issues.csv", newline="") as issues:
                found = sum(row["kind"] == "blurred" for row in csv.DictReader(issues))
        print(f"| {share:g} | {found} of {len(drawn)} |", flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Corrupts a data set with known truth, for measuring how well copies, leaks and rubbish are found.

usage: make_set.py SEED OUT [--source ../shared/data/ham10000]

OUT/images     every picture of the source (links), the copies, the broken files and the off-topic pictures
OUT/manifest.csv   image,label,split,lesion_id: what a user would have
OUT/truth.csv      image,kind,other,symmetry,alteration: what was done; kinds copy, leak, broken, off_topic

1,000 copies: the eight symmetries x seven alterations, evenly, each of another original, in the original's part.
300 leaks: a copy, altered in the same ways, of a training picture that stands in the test part, or the other way.
50 broken files, 200 off-topic pictures drawn by this script. "As is" and quarter turns are stored as PNG.
"""

import argparse
import csv
import io
import math
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

# The eight symmetries of the square, Pillow's own operations.
SYMMETRIES = {
    "upright": None,
    "mirrored": Image.Transpose.FLIP_LEFT_RIGHT,
    "upside_down": Image.Transpose.FLIP_TOP_BOTTOM,
    "half_turn": Image.Transpose.ROTATE_180,
    "quarter_turn_left": Image.Transpose.ROTATE_90,
    "quarter_turn_right": Image.Transpose.ROTATE_270,
    "transposed": Image.Transpose.TRANSPOSE,
    "transversed": Image.Transpose.TRANSVERSE,
}
QUARTER_TURNS = {"quarter_turn_left", "quarter_turn_right", "transposed", "transversed"}
ALTERATIONS = ["as_is", "jpeg60", "resized60", "cropped8", "brighter15", "darker15", "colour_cast"]
COPIES, LEAKS, BROKEN, OFF_TOPIC = 1000, 300, 50, 200


def recompress(picture, quality):
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def alter(picture, alteration, rng):
    width, height = picture.size
    if alteration == "jpeg60":
        return recompress(picture, 60)
    if alteration == "resized60":
        return picture.resize((round(width * 0.6), round(height * 0.6)), rng.choice([Image.BILINEAR, Image.BICUBIC, Image.LANCZOS]))
    if alteration == "cropped8":  # 92 % of each side, anywhere
        w, h = round(width * 0.92), round(height * 0.92)
        x, y = rng.randint(0, width - w), rng.randint(0, height - h)
        return picture.crop((x, y, x + w, y + h))
    if alteration in ("brighter15", "darker15"):
        factor = 1.15 if alteration == "brighter15" else 0.85
        return picture.point(lambda v: min(255, round(v * factor)))
    if alteration == "colour_cast":
        factors = [rng.uniform(0.85, 1.15) for _ in range(3)]
        values = np.asarray(picture, dtype=np.float64) * factors
        return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    return picture


def write_copy(source, symmetry, alteration, folder, name, rng):
    picture = alter(Image.open(source).convert("RGB"), alteration, rng)
    if SYMMETRIES[symmetry] is not None:
        picture = picture.transpose(SYMMETRIES[symmetry])
    if alteration == "as_is" or symmetry in QUARTER_TURNS:
        file = f"{name}.png"
        picture.save(folder / file)
    else:
        file = f"{name}.jpg"
        picture.save(folder / file, quality=60 if alteration == "jpeg60" else 92)
    return file


def write_broken(source, folder, name, kind, rng):
    """Nothing at all, noise, a file cut short, a page of text, a header alone, damaged data."""
    content = source.read_bytes()
    if kind == 0:
        content = b""
    elif kind == 1:
        content = bytes(rng.randrange(256) for _ in range(rng.randint(100, 20000)))
    elif kind == 2:
        content = content[: rng.randint(len(content) // 5, len(content) * 4 // 5)]
    elif kind == 3:
        content = b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n"
    elif kind == 4:
        content = content[:200]
    else:
        buffer = io.BytesIO()
        Image.open(source).save(buffer, "PNG")
        content = bytearray(buffer.getvalue())
        for _ in range(40):
            content[rng.randrange(len(content) // 4, len(content))] ^= rng.randint(1, 255)
    (folder / f"{name}.jpg").write_bytes(bytes(content))
    return f"{name}.jpg"


def draw_off_topic(kind, rng):
    """Not skin: pages of text, charts, scenes, checkerboards, gradients, noise, interfaces, radiographs."""
    size = 224
    picture = Image.new("RGB", (size, size), tuple(rng.randint(0, 255) for _ in range(3)))
    draw = ImageDraw.Draw(picture)
    colour = lambda: tuple(rng.randint(0, 255) for _ in range(3))
    if kind == 0:  # a page of text
        draw.rectangle((0, 0, size, size), fill=(250, 250, 245))
        for y in range(12, size - 10, 12):
            draw.text((10, y), " ".join("".join(rng.choice("aeionrstlmdu") for _ in range(rng.randint(2, 9))) for _ in range(7)), fill=(20, 20, 25))
    elif kind == 1:  # a bar chart
        draw.rectangle((0, 0, size, size), fill=(255, 255, 255))
        bar = colour()
        for x in range(20, 200, 20):
            draw.rectangle((x, rng.randint(30, 190), x + 12, 200), fill=bar)
        draw.line((15, 200, 210, 200), fill=(0, 0, 0), width=2)
    elif kind == 2:  # a landscape
        for y in range(size):
            draw.line((0, y, size, y), fill=(90 + y // 3, 140 + y // 3, 235))
        hills = [(0, size)] + [(x, 120 + 40 * math.sin(x / rng.uniform(15, 40)) + rng.randint(-8, 8)) for x in range(0, size + 8, 8)] + [(size, size)]
        draw.polygon(hills, fill=(40, rng.randint(90, 150), 50))
        draw.ellipse((170, 20, 205, 55), fill=(255, 240, 120))
    elif kind == 3:  # a checkerboard
        # Some fields are left out, so that no two are the same picture in other colours.
        a, b, step = colour(), colour(), rng.choice([14, 16, 28])
        for y in range(0, size, step):
            for x in range(0, size, step):
                draw.rectangle((x, y, x + step, y + step), fill=a if (x + y) // step % 2 and rng.random() < 0.8 else b)
    elif kind == 4:  # a gradient
        corners = np.random.default_rng(rng.randrange(2**32)).integers(0, 256, (4, 4, 3), dtype=np.uint8)
        picture = Image.fromarray(corners).resize((size, size), Image.BICUBIC)
    elif kind == 5:  # noise
        picture = Image.fromarray(np.random.default_rng(rng.randrange(2**32)).integers(0, 256, (size, size, 3), dtype=np.uint8))
    elif kind == 6:  # a window of a program
        draw.rectangle((0, 0, size, 22), fill=colour())
        for _ in range(9):
            x, y = rng.randint(0, 180), rng.randint(25, 190)
            draw.rounded_rectangle((x, y, x + rng.randint(20, 80), y + rng.randint(12, 40)), 5, fill=colour(), outline=(0, 0, 0))
    else:  # a radiograph
        draw.rectangle((0, 0, size, size), fill=(8, 8, 8))
        top, step = rng.randint(10, 50), rng.randint(18, 28)
        for k in range(rng.randint(5, 8)):
            y, grey, bend = top + step * k, rng.randint(90, 210), rng.randint(40, 90)
            draw.arc((rng.randint(10, 30), y, rng.randint(95, 108), y + bend), 180, 350, fill=(grey,) * 3, width=rng.randint(4, 9))
            draw.arc((rng.randint(116, 126), y, rng.randint(195, 215), y + bend), 190, 360, fill=(grey,) * 3, width=rng.randint(4, 9))
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(1, 3)))
    return picture


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--source", type=Path, default=Path(__file__).resolve().parents[3] / "shared/data/ham10000")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    folder = args.out / "images"
    folder.mkdir(parents=True)
    with open(args.source / "HAM10000_metadata.csv", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["image_id"])
    manifest, truth = [], []
    for row in rows:
        row["file"], row["split"] = f"{row['image_id']}.jpg", "test" if rng.random() < 0.2 else "train"
        (folder / row["file"]).symlink_to((args.source / "images" / row["file"]).resolve())
        manifest.append((row["file"], row["dx"], row["split"], row["lesion_id"]))

    chosen = rng.sample(rows, COPIES + LEAKS)
    cells = [(s, a) for a in ALTERATIONS for s in SYMMETRIES]
    for i, row in enumerate(chosen):
        symmetry, alteration = cells[i % len(cells)]
        # A name that tells nothing, as in the wild.
        name = f"IMG_{rng.randrange(10**8):08d}_{i}"
        file = write_copy(folder / row["file"], symmetry, alteration, folder, name, rng)
        leak = i >= COPIES
        split = {"train": "test", "test": "train"}[row["split"]] if leak else row["split"]
        manifest.append((file, row["dx"], split, f"COPY_{i}"))
        truth.append((file, "leak" if leak else "copy", row["file"], symmetry, alteration))
    for i, row in enumerate(rng.sample(rows, BROKEN)):
        file = write_broken(folder / row["file"], folder, f"IMG_{rng.randrange(10**8):08d}_b{i}", i % 6, rng)
        manifest.append((file, row["dx"], row["split"], f"BROKEN_{i}"))
        truth.append((file, "broken", "", "", ""))
    for i in range(OFF_TOPIC):
        file = f"IMG_{rng.randrange(10**8):08d}_o{i}.jpg"
        draw_off_topic(i % 8, rng).save(folder / file, quality=92)
        manifest.append((file, rng.choice(rows)["dx"], rng.choice(["train", "test"]), f"OTHER_{i}"))
        truth.append((file, "off_topic", "", "", ""))

    rng.shuffle(manifest)
    with open(args.out / "manifest.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "label", "split", "lesion_id"])
        writer.writerows((f"images/{image}", *rest) for image, *rest in manifest)
    with open(args.out / "truth.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "kind", "other", "symmetry", "alteration"])
        writer.writerows((f"images/{image}", kind, f"images/{other}" if other else "", *rest) for image, kind, other, *rest in truth)
    print(f"{args.out}: {len(manifest)} pictures, {COPIES} copies, {LEAKS} leaks, {BROKEN} broken, {OFF_TOPIC} off-topic")


if __name__ == "__main__":
    main()

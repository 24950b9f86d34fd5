#!/usr/bin/env python3
"""Golden numbers of naevus' resize: its formula as two dense matrices in double precision, and Pillow's beside it.

Writes resize.json (triangle; Pillow's BILINEAR) and resize_filters.json (area, lanczos): per case the sizes, the input bytes
(hexadecimal, rows of RGB), the exact value of every output before rounding, and Pillow's bytes. An implementation is right
when |output - exact| <= 0.5 + 0.001 everywhere, and outside 0..255 limited to it.

Pillow's LANCZOS limits its values to 0..255 between the passes too, so it is asked for floating-point channels, which it does
not limit. Its BOX is the area filter where the input's sides are multiples of the output's; there are no bytes elsewhere.
Needs: pip install pillow==13.0.0 numpy
"""
import json
import pathlib

import numpy as np
from PIL import Image


def triangle(distance, scale):
    return np.maximum(0, 1 - distance / max(scale, 1.0))


def area(distance, scale):
    return np.clip((scale + 1) / 2 - distance, 0, min(scale, 1.0))


def lanczos(distance, scale):
    x = distance / max(scale, 1.0)
    return np.where(x < 3, np.sinc(x) * np.sinc(x / 3), 0)


def matrix(n, m, weigh):
    scale = n / m
    centre = (np.arange(m)[:, None] + 0.5) * scale
    weight = weigh(np.abs(np.arange(n)[None] + 0.5 - centre), scale)
    return weight / weight.sum(1, keepdims=True)


def resized(pixels, out_w, out_h, weigh):
    h, w, _ = pixels.shape
    exact = np.einsum("ij,jkc,lk->ilc", matrix(h, out_h, weigh), pixels.astype(float), matrix(w, out_w, weigh))
    return [round(float(v), 4) for v in exact.reshape(-1)]


def pillow_float(pixels, out_w, out_h):
    channels = [np.asarray(Image.fromarray(pixels[..., c].astype(np.float32)).resize((out_w, out_h), Image.LANCZOS)) for c in range(3)]
    return np.clip(np.floor(np.stack(channels, -1) + 0.5), 0, 255).astype(np.uint8)


def write(name, cases):
    path = pathlib.Path(__file__).with_name(name)
    path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
    print(name, path.stat().st_size, "bytes")


rng = np.random.default_rng(1)
cases = []
for (w, h), (out_w, out_h) in [((31, 17), (7, 5)), ((7, 5), (31, 17)), ((1, 1), (4, 3)), ((1, 9), (5, 2)), ((33, 2), (2, 11)),
                               ((48, 32), (16, 16)), ((12, 10), (12, 10)), ((20, 20), (13, 19)), ((64, 3), (1, 1))]:
    pixels = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
    if w > 30:
        pixels[:, : w // 2] = np.where(pixels[:, : w // 2] > 127, 255, 0)  # hard edges
    pillow = np.asarray(Image.fromarray(pixels).resize((out_w, out_h), Image.BILINEAR))
    cases.append({"width": w, "height": h, "out_width": out_w, "out_height": out_h, "pixels": pixels.tobytes().hex(),
                  "exact": resized(pixels, out_w, out_h, triangle), "pillow": pillow.tobytes().hex()})
write("resize.json", cases)

cases = []
for (w, h), (out_w, out_h) in [((24, 18), (8, 6)), ((20, 20), (13, 9)), ((5, 4), (12, 11)), ((48, 6), (16, 6)), ((33, 2), (2, 11)), ((7, 1), (1, 1))]:
    pixels = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
    pixels[:, : w // 2] = np.where(pixels[:, : w // 2] > 127, 255, 0)
    for name, weigh in {"area": area, "lanczos": lanczos}.items():
        pillow = ""
        if name == "lanczos":
            pillow = pillow_float(pixels, out_w, out_h).tobytes().hex()
        elif w % out_w == 0 and h % out_h == 0:
            pillow = np.asarray(Image.fromarray(pixels).resize((out_w, out_h), Image.BOX)).tobytes().hex()
        cases.append({"filter": name, "width": w, "height": h, "out_width": out_w, "out_height": out_h,
                      "pixels": pixels.tobytes().hex(), "exact": resized(pixels, out_w, out_h, weigh), "pillow": pillow})
write("resize_filters.json", cases)

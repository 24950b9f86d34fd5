#!/usr/bin/env python3
"""Golden numbers of naevus' resize: its formula as two dense matrices in double precision, and Pillow's BILINEAR beside it.

Writes resize.json: per case the sizes, the input bytes (hexadecimal, rows of RGB), the exact value of every output before
rounding, and Pillow's bytes. An implementation is right when |output - exact| <= 0.5 + 0.001 everywhere.
Needs: pip install pillow==13.0.0 numpy
"""
import json
import pathlib

import numpy as np
from PIL import Image


def matrix(n, m):
    scale = n / m
    support = max(scale, 1.0)
    centre = (np.arange(m)[:, None] + 0.5) * scale
    weight = np.maximum(0, 1 - np.abs(np.arange(n)[None] + 0.5 - centre) / support)
    return weight / weight.sum(1, keepdims=True)


rng = np.random.default_rng(1)
cases = []
for (w, h), (out_w, out_h) in [((31, 17), (7, 5)), ((7, 5), (31, 17)), ((1, 1), (4, 3)), ((1, 9), (5, 2)), ((33, 2), (2, 11)),
                               ((48, 32), (16, 16)), ((12, 10), (12, 10)), ((20, 20), (13, 19)), ((64, 3), (1, 1))]:
    pixels = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
    if w > 30:
        pixels[:, : w // 2] = np.where(pixels[:, : w // 2] > 127, 255, 0)  # hard edges
    exact = np.einsum("ij,jkc,lk->ilc", matrix(h, out_h), pixels.astype(float), matrix(w, out_w))
    pillow = np.asarray(Image.fromarray(pixels).resize((out_w, out_h), Image.BILINEAR))
    cases.append({"width": w, "height": h, "out_width": out_w, "out_height": out_h, "pixels": pixels.tobytes().hex(),
                  "exact": [round(float(v), 4) for v in exact.reshape(-1)], "pillow": pillow.tobytes().hex()})
path = pathlib.Path(__file__).with_name("resize.json")
path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(path.stat().st_size, "bytes")

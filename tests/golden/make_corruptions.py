#!/usr/bin/env python3
"""Makes corruptions.json: the common corruptions as the package imagecorruptions 1.1.2 has them.

What draws nothing is kept pixel by pixel (hexadecimal, rows of RGB). Of what does, the mean and the spread over many
seeds are kept of: the mean and the standard deviation of the values, the PSNR against the picture, and the mean step
between neighbours along and across the rows (which tells the spectrum).

    python3 -m venv venv && venv/bin/pip install numpy==1.26.4 scipy==1.13.1 scikit-image==0.21.0 \
        opencv-python-headless==4.10.0.84 pillow==10.4.0 'setuptools<70' imagecorruptions==1.1.2
    venv/bin/python tests/golden/make_corruptions.py
"""
import json
import pathlib
import warnings

import numpy as np

warnings.filterwarnings("ignore")
from imagecorruptions import corrupt, corruptions  # noqa: E402

filtered = corruptions.gaussian  # the package asks scikit-image for a name that it has given up since


def gaussian(*arguments, multichannel=False, **options):
    return filtered(*arguments, channel_axis=-1 if multichannel else None, **options)


corruptions.gaussian = gaussian

DRAWS_NOTHING = ["defocus_blur", "zoom_blur", "brightness", "contrast", "pixelate", "jpeg_compression"]
DRAWS = ["gaussian_noise", "shot_noise", "impulse_noise", "glass_blur", "motion_blur", "snow", "frost", "fog", "elastic_transform"]
SEEDS = 40


def picture(width, height, rng):
    """Skin with a dark, ragged spot and fine grain."""
    y, x = np.mgrid[:height, :width]
    angle = np.arctan2(y - height / 2, x - width / 2)
    radius = np.hypot((x - width / 2) / width, (y - height / 2) / height)
    inside = radius < 0.25 + 0.05 * np.sin(5 * angle)
    colour = np.where(inside[..., None], [95, 60, 50], [215, 165, 145]) + 12 * np.sin(x / 5)[..., None]
    return np.clip(colour + rng.normal(0, 6, (height, width, 3)), 0, 255).astype(np.uint8)


def statistics(before, after):
    a, b = before.astype(float), after.astype(float)
    return [b.mean(), b.std(), 10 * np.log10(255**2 / np.mean((a - b) ** 2)), np.abs(np.diff(b, axis=1)).mean(), np.abs(np.diff(b, axis=0)).mean()]


rng = np.random.default_rng(1)
small, large = picture(40, 34, rng), picture(96, 72, rng)
golden = {"small": {"width": 40, "height": 34, "pixels": small.tobytes().hex()},
          "large": {"width": 96, "height": 72, "pixels": large.tobytes().hex()},
          "pixels": [], "statistics": []}
for kind in DRAWS_NOTHING:
    for severity in range(1, 6):
        golden["pixels"].append({"kind": kind, "severity": severity, "pixels": corrupt(small, severity, kind).tobytes().hex()})
for kind in DRAWS:
    for severity in range(1, 6):
        runs = []
        for seed in range(SEEDS):
            np.random.seed(seed)
            runs.append(statistics(large, corrupt(large, severity, kind)))
        golden["statistics"].append({"kind": kind, "severity": severity, "seeds": SEEDS,
                                     "mean": [round(v, 6) for v in np.mean(runs, 0)],
                                     "spread": [round(v, 6) for v in np.std(runs, 0, ddof=1)]})
path = pathlib.Path(__file__).with_name("corruptions.json")
rows = lambda name: f'"{name}": [\n' + ",\n".join(json.dumps(item, separators=(",", ":")) for item in golden[name]) + "\n]"
path.write_text("{\n" + ",\n".join([f'"{name}": {json.dumps(golden[name], separators=(",", ":"))}' for name in ("small", "large")]
                                   + [rows("pixels"), rows("statistics")]) + "\n}\n")
print(path, path.stat().st_size, "bytes")

#!/usr/bin/env python3
"""naevus's augmentation against torchvision v2 doing the same: milliseconds for a 224-pixel picture on one core.

usage: compare.py AUGMENT_BENCH PICTURES... [--rounds N]

All measure by turns, a second of the processor's time each, in every round: whatever else the machine does meets them
alike. torchvision runs twice, on uint8 tensors and on PIL images, and the faster one counts. Ends with 1 if naevus is
less than 3 times as fast.
Needs torch, torchvision and Pillow from PyPI (measured with 2.15.0, 0.29.2 and 13.0.0).

usual  mirror, rotation by any angle, scale, shift, shear, brightness, contrast, saturation, hue, blur for a tenth of the
       pictures, cutout for half of them: naevus's defaults and cutout
all    and perspective, elastic distortion, noise, and JPEG for half of the pictures
Left out on torchvision's side, as it has no such step: aspect and white balance.
"""
import argparse
import statistics
import subprocess
import time

import torch
import torchvision
from PIL import Image
from torchvision.transforms import InterpolationMode, v2


def steps(kind, tensors):
    bilinear = InterpolationMode.BILINEAR
    geometry = [
        v2.RandomHorizontalFlip(0.5),
        v2.RandomAffine(180, translate=(0.1, 0.1), scale=(0.8, 1.2), shear=(-5, 5), interpolation=bilinear),
    ]
    colour = [
        v2.ColorJitter(0.15, 0.15, 0.15, 0.02),
        v2.RandomApply([v2.GaussianBlur(9, (0.3, 1.5))], 0.1),
    ]
    to_tensor = [] if tensors else [v2.PILToTensor()]
    erase = [v2.RandomErasing(0.5, scale=(0.0025, 0.11), ratio=(1, 1), value=128)]
    if kind == "usual":
        return v2.Compose(geometry + colour + to_tensor + erase)
    geometry += [v2.RandomPerspective(0.2, p=1, interpolation=bilinear), v2.ElasticTransform(50, 5, bilinear)]
    jpeg = [v2.RandomApply([v2.JPEG((30, 95))], 0.5)]
    noise = [v2.ToDtype(torch.float32, scale=True), v2.GaussianNoise(0, 0.024), v2.ToDtype(torch.uint8, scale=True)]
    return v2.Compose(geometry + colour + to_tensor + noise + jpeg + erase)


def milliseconds(transform, pictures):
    count, begin = 0, time.process_time()
    while (passed := time.process_time() - begin) < 1:
        for picture in pictures:
            transform(picture)
        count += len(pictures)
    return 1000 * passed / count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("pictures", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    images = [Image.open(p).convert("RGB").resize((224, 224), Image.BILINEAR) for p in args.pictures]
    tensors = [v2.functional.pil_to_tensor(image) for image in images]
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, {len(images)} pictures, ms a picture")
    print(f"{'':8}{'naevus':>10}{'tensors':>10}{'PIL':>10}{'times as fast':>16}")
    enough = True
    for kind in ("usual", "all"):
        on_tensors, on_pil = steps(kind, True), steps(kind, False)
        rows = []
        for _ in range(args.rounds):
            own = float(subprocess.run([args.bench, "--set", kind, *args.pictures], check=True, text=True,
                                       stdout=subprocess.PIPE).stdout)
            rows.append((own, milliseconds(on_tensors, tensors), milliseconds(on_pil, images)))
        own, tensor, pil = (statistics.median(column) for column in zip(*rows))
        ratio = statistics.median(min(t, p) / o for o, t, p in rows)
        enough &= ratio >= 3
        print(f"{kind:8}{own:10.3f}{tensor:10.3f}{pil:10.3f}{ratio:16.1f}")
    raise SystemExit(0 if enough else 1)


if __name__ == "__main__":
    main()

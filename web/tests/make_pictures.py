#!/usr/bin/env python3
"""make_pictures.py same SOURCE FOLDER: one picture in all the ways that it may be stored in, for both answerers.
make_pictures.py measured SOURCE FOLDER: pictures that differ in what is measured of them, as PNG and as raw RGBA."""

import io
import struct
import sys
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFilter


def display_p3():
    """The smallest profile that says Display P3: three primaries (adapted to D50), white and sRGB's curve (ICC.1:2022)."""

    def fixed(*values):
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    def text(words):
        coded = words.encode("utf-16-be")
        return b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(coded), 28) + coded

    def xyz(*values):
        return b"XYZ \0\0\0\0" + fixed(*values)

    curve = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"desc": text("Display P3"),
        b"cprt": text("none"),
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2920, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1571, 0.0666, 0.7841),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        content += b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", offset + len(body), len(content))
        body += content
    size = offset + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x04300000, b"mntr", b"RGB ", b"XYZ ") + b"\0" * 12 + b"acsp"
    head = head.ljust(68, b"\0") + fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def turned(picture, orientation):
    """As a camera writes it that was held so: the tag makes it upright again."""
    ways = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    for way in ways.get(orientation, []):
        picture = picture.transpose(way)
    return picture


def with_alpha(picture):
    """A soft round hole in a corner, through which white is seen."""
    y, x = numpy.mgrid[0 : picture.height, 0 : picture.width]
    distance = numpy.hypot(x - 0.2 * picture.width, y - 0.3 * picture.height)
    out = picture.convert("RGBA")
    out.putalpha(Image.fromarray(numpy.clip(2 * distance, 0, 255).astype(numpy.uint8)))
    return out


def same(source, folder):
    """Upright, aside from the middle and unlike its mirror image, so that every turn gives another answer."""
    usual = source.resize((600, 450), Image.Resampling.LANCZOS)

    def save(name, picture, **how):
        picture.save(folder / name, **how)

    save("224.jpg", source.resize((224, 224), Image.Resampling.LANCZOS), quality=95)
    save("600x450.jpg", usual, quality=90)
    save("full-chroma.jpg", usual, quality=90, subsampling=0)
    save("half-chroma.jpg", usual, quality=90, subsampling=1)
    save("low-quality.jpg", usual, quality=40)
    save("12-megapixels.jpg", source.resize((4000, 3000), Image.Resampling.BICUBIC), quality=90)
    save("odd-sides.jpg", usual.crop((3, 5, 534, 402)), quality=90)
    save("small.jpg", usual.resize((97, 121)), quality=90)
    for orientation in range(1, 9):
        tag = Image.Exif()
        tag[0x0112] = orientation
        save(f"exif-{orientation}.jpg", turned(usual, orientation), quality=90, exif=tag)
    save("display-p3.jpg", usual, quality=90, icc_profile=display_p3())
    save("display-p3.png", usual, icc_profile=display_p3())
    save("progressive.jpg", usual, quality=90, progressive=True)
    save("grey.jpg", usual.convert("L"), quality=90)
    save("cmyk.jpg", usual.convert("CMYK"), quality=90)
    save("plain.png", usual)
    save("alpha.png", with_alpha(usual))
    save("palette.png", usual.quantize(64))
    save("grey-16-bit.png", Image.fromarray(numpy.asarray(usual.convert("L")).astype(numpy.uint16) * 257))
    save("lossless.webp", usual, lossless=True)
    save("lossy.webp", usual, quality=85)
    save("plain.bmp", usual)


def in_round_field(picture):
    """As through a dermatoscope: black outside a circle."""
    mask = Image.new("L", picture.size)
    side = 0.48 * max(picture.size)
    middle = (picture.width / 2, picture.height / 2)
    ImageDraw.Draw(mask).ellipse([middle[0] - side, middle[1] - side, middle[0] + side, middle[1] + side], fill=255)
    return Image.composite(picture, Image.new("RGB", picture.size, (9, 7, 8)), mask)


def blocky(picture):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=10)
    return Image.open(out).convert("RGB")


def measured(source, folder):
    usual = source.resize((600, 450), Image.Resampling.LANCZOS)
    lesion = usual.crop((200, 125, 400, 325))
    pictures = {
        "usual": usual,
        "large": source.resize((1999, 1501), Image.Resampling.BICUBIC),
        "twice": source.resize((448, 600)),
        "three-times": source.resize((675, 901)),
        "small": source.resize((101, 67)),
        "narrow": source.resize((31, 240)),
        "blurred": usual.filter(ImageFilter.GaussianBlur(4)),
        "dark": usual.point(lambda level: level * 0.2),
        "pale": usual.point(lambda level: 215 + level * 0.15),
        "overexposed": usual.point(lambda level: min(255, level * 1.9)),
        "blocky": blocky(usual),
        "round-field": in_round_field(usual),
        "large-round-field": in_round_field(source.resize((1200, 900))),
        "grey": Image.new("RGB", (300, 300), (128, 128, 128)),
        "black": Image.new("RGB", (300, 240)),
        "cut-off": lesion,
        "tiny-lesion": Image.composite(usual, usual.crop((0, 0, 60, 45)).resize(usual.size), Image.new("L", usual.size, 20)),
    }
    for name, picture in pictures.items():
        picture.save(folder / f"{name}.png")
        (folder / f"{name}.{picture.width}x{picture.height}.rgba").write_bytes(picture.convert("RGBA").tobytes())


if __name__ == "__main__":
    what, source, folder = sys.argv[1:]
    {"same": same, "measured": measured}[what](Image.open(source).convert("RGB"), Path(folder))

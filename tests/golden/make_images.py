#!/usr/bin/env python3
"""Draws a small picture, saves it in every form that naevus reads, and writes what Pillow and tifffile read back.

Writes images/* and images.json: per file the size and the hash of the pixels (naevus::image::pixel_hash).
Needs: pip install pillow==13.0.0 numpy xxhash tifffile imagecodecs
"""
import io
import json
import pathlib
import struct
import zlib

import numpy as np
import tifffile
import xxhash
from PIL import Image, ImageOps

here = pathlib.Path(__file__).parent
folder = here / "images"
folder.mkdir(exist_ok=True)
W, H = 37, 29
expected = {}


def drawn(levels=256):
    """A dark blot on skin, with fine stripes: [H, W, 4], the last an alpha that falls to the right."""
    y, x = np.mgrid[0:H, 0:W].astype(float)
    blot = np.clip(1.3 - np.hypot((x - 20) / 12, (y - 12) / 9), 0, 1)
    stripe = 0.06 * np.sin(x * 1.7 + y * 0.9)
    rgb = np.stack([0.9 - 0.5 * blot, 0.7 - 0.5 * blot + stripe, 0.6 - 0.45 * blot - stripe], -1)
    picture = np.concatenate([rgb, (1 - x / W)[..., None]], -1)
    return np.clip(picture * levels, 0, levels - 1).astype(np.uint16)


full, wide = drawn().astype(np.uint8), drawn(65536)
rgb = Image.fromarray(full[..., :3].copy())
rgba = Image.fromarray(full)
grey = rgb.convert("L")


def hash_of(pixels):
    inner = xxhash.xxh3_128_hexdigest(np.ascontiguousarray(pixels).tobytes())
    return xxhash.xxh3_128_hexdigest(f"{pixels.shape[1]}x{pixels.shape[0]}:{inner}".encode())


def over_white(picture):
    wide_picture = picture.astype(int)
    alpha = wide_picture[..., 3:]
    return ((wide_picture[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def add(name, content, pixels=None):
    """Without pixels, Pillow says what they are."""
    (folder / name).write_bytes(content)
    if pixels is None:
        picture = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            pixels = over_white(np.asarray(picture.convert("RGBA")))
        elif picture.mode.startswith("I;16"):
            pixels = np.repeat((np.asarray(picture) >> 8).astype(np.uint8)[..., None], 3, -1)
        else:
            pixels = np.asarray(picture.convert("RGB"))
    expected[name] = {"width": pixels.shape[1], "height": pixels.shape[0], "pixel_hash": hash_of(pixels)}


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(orientation, order="<"):
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(order + "IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples, depth, color_type, interlaced=False, extra=b"", after=b""):
    """A PNG of samples [H, W, C]; what Pillow does not write: 16-bit colour, Adam7, low depths."""
    def packed(part):
        rows = []
        for row in part:
            flat = row.reshape(-1)
            if depth == 16:
                rows.append(flat.astype(">u2").tobytes())
            elif depth == 8:
                rows.append(flat.astype(np.uint8).tobytes())
            else:
                bits = (flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1
                rows.append(np.packbits(bits.reshape(-1).astype(np.uint8)).tobytes())
        return b"".join(b"\0" + row for row in rows)

    adam7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    parts = [samples[y::dy, x::dx] for y, x, dy, dx in adam7] if interlaced else [samples]
    data = b"".join(packed(part) for part in parts if part.size)
    head = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], depth, color_type, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + extra + png_chunk(b"IDAT", zlib.compress(data, 9)) + after
            + png_chunk(b"IEND", b""))


def tiff(samples, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, samples, metadata=None, software=False, **options)
    return out.getvalue()


# JPEG
for name, sampling in ("444", "4:4:4"), ("422", "4:2:2"), ("420", "4:2:0"):
    add(f"ycc{name}.jpg", saved(rgb, "JPEG", quality=85, subsampling=sampling))
add("progressive.jpg", saved(rgb, "JPEG", quality=85, progressive=True))
add("grey.jpg", saved(grey, "JPEG", quality=85))
add("rgb.jpg", saved(rgb, "JPEG", quality=85, keep_rgb=True))
add("restart.jpg", saved(rgb, "JPEG", quality=85, restart_marker_blocks=3))
inks = Image.merge("CMYK", [*ImageOps.invert(rgb).split(), ImageOps.invert(grey).point(lambda v: v // 3)])
cmyk = saved(inks, "JPEG", quality=85)
add("cmyk.jpg", cmyk)
adobe = cmyk.index(b"Adobe")
add("ycck.jpg", cmyk[:adobe + 11] + b"\x02" + cmyk[adobe + 12:])
for orientation in range(1, 9):
    add(f"orientation{orientation}.jpg", saved(rgb, "JPEG", quality=85,
                                               exif=b"Exif\0\0" + exif(orientation, "<>"[orientation % 2])))
add("broken_exif.jpg", saved(rgb, "JPEG", quality=85, exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"))

# PNG
for depth in 1, 2, 4, 8:
    level = full[..., 1:2].astype(int) >> (8 - depth)
    add(f"grey{depth}.png", png(level, depth, 0))
    colors = np.stack([full.reshape(-1, 4)[i * 61 % (W * H), :3] for i in range(2**depth)])
    palette = png_chunk(b"PLTE", colors.tobytes())
    add(f"palette{depth}.png", png(level, depth, 3, extra=palette))
    add(f"palette{depth}_alpha.png", png(level, depth, 3, extra=palette + png_chunk(b"tRNS", bytes([0, 100]))))
add("grey16.png", png(wide[..., 1:2], 16, 0))
add("rgb8.png", png(full[..., :3], 8, 2), full[..., :3])
add("rgb16.png", png(wide[..., :3], 16, 2), (wide[..., :3] >> 8).astype(np.uint8))
add("rgba8.png", png(full, 8, 6), over_white(full))
add("rgba16.png", png(wide, 16, 6), over_white((wide >> 8).astype(np.uint8)))
add("grey_alpha8.png", png(full[..., [1, 3]], 8, 4), over_white(full[..., [1, 1, 1, 3]]))
add("interlaced8.png", png(full[..., :3], 8, 2, interlaced=True), full[..., :3])
add("interlaced_palette2.png", png(full[..., 1:2] >> 6, 2, 3, interlaced=True,
                                   extra=png_chunk(b"PLTE", full[:1, :4, :3].tobytes())))
add("orientation6.png", png(full[..., :3], 8, 2, extra=png_chunk(b"eXIf", exif(6, ">"))), np.rot90(full[..., :3], -1))
add("orientation8_late.png", png(full[..., :3], 8, 2, after=png_chunk(b"eXIf", exif(8))), np.rot90(full[..., :3]))
key = struct.pack(">HHH", *(int(v) for v in full[3, 4, :3]))
keyed = np.where((full[..., :3] == full[3, 4, :3]).all(-1, keepdims=True), 255, full[..., :3]).astype(np.uint8)
add("rgb8_key.png", png(full[..., :3], 8, 2, extra=png_chunk(b"tRNS", key)), keyed)
profile = png_chunk(b"iCCP", b"wrong\0\0" + zlib.compress(b"no profile"))
add("bad_profile.png", png(full[..., :3], 8, 2, extra=profile + png_chunk(b"gAMA", struct.pack(">I", 100000))), full[..., :3])

# WebP
add("lossy.webp", saved(rgb, "WEBP", quality=80))
add("lossless.webp", saved(rgb, "WEBP", lossless=True), full[..., :3])
add("lossless_alpha.webp", saved(rgba, "WEBP", lossless=True, exact=True), over_white(full))
add("lossy_alpha.webp", saved(rgba, "WEBP", quality=80))
add("orientation3.webp", saved(rgb, "WEBP", lossless=True, exif=exif(3)), full[::-1, ::-1, :3])

# TIFF
for name, options in ("raw", {}), ("lzw", {"compression": "lzw"}), ("deflate", {"compression": "zlib"}):
    add(f"{name}8.tif", tiff(full[..., :3], photometric="rgb", rowsperstrip=8, **options), full[..., :3])
add("predictor8.tif", tiff(full[..., :3], photometric="rgb", compression="lzw", predictor=True), full[..., :3])
add("grey8.tif", tiff(full[..., 1], photometric="minisblack"), full[..., [1, 1, 1]])
add("grey8_white.tif", tiff(255 - full[..., 1], photometric="miniswhite"), full[..., [1, 1, 1]])
add("rgba8.tif", tiff(full, photometric="rgb", extrasamples=["unassalpha"]))
upper = (wide >> 8).astype(np.uint8)
add("grey16.tif", tiff(wide[..., 1], photometric="minisblack", rowsperstrip=5), upper[..., [1, 1, 1]])
add("grey16_big_endian.tif", tiff(wide[..., 1], photometric="minisblack", byteorder=">"), upper[..., [1, 1, 1]])
add("rgb16.tif", tiff(wide[..., :3], photometric="rgb", compression="lzw", rowsperstrip=7), upper[..., :3])
add("rgba16.tif", tiff(wide, photometric="rgb", extrasamples=["unassalpha"]), over_white(upper))
add("rgb16_planar.tif", tiff(np.moveaxis(wide[..., :3], -1, 0), photometric="rgb", planarconfig="separate"), upper[..., :3])
add("rgb16_tiles.tif", tiff(wide[..., :3], photometric="rgb", tile=(16, 16), compression="zlib"), upper[..., :3])
add("rgb8_tiles.tif", tiff(full[..., :3], photometric="rgb", tile=(16, 16), compression="zlib"), full[..., :3])
add("rgb8_planar.tif", tiff(np.moveaxis(full[..., :3], -1, 0), photometric="rgb", planarconfig="separate"), full[..., :3])
add("big.tif", tiff(full[..., :3], photometric="rgb", bigtiff=True, compression="zlib"), full[..., :3])
add("orientation8.tif", tiff(full[..., :3], photometric="rgb", extratags=[(274, 3, 1, 8, True)]), np.rot90(full[..., :3]))
add("palette8.tif", saved(rgb.quantize(16), "TIFF"))
add("bilevel.tif", saved(grey.convert("1"), "TIFF"))
add("jpeg.tif", tiff(full[..., :3], photometric="rgb", compression="jpeg"))

# BMP
add("rgb24.bmp", saved(rgb, "BMP"), full[..., :3])
add("palette8.bmp", saved(rgb.quantize(200), "BMP"))
add("grey8.bmp", saved(grey, "BMP"))
add("bilevel.bmp", saved(grey.convert("1"), "BMP"))
rows = full[..., [2, 1, 0, 3]]


def bmp(rows_stored, height, bits=32, masks=()):
    data = rows_stored if isinstance(rows_stored, bytes) else rows_stored.tobytes()
    begin = 54 + 4 * len(masks)
    return (struct.pack("<2sIHHI", b"BM", begin + len(data), 0, 0, begin)
            + struct.pack("<IiiHHIIiiII", 40, W, height, 1, bits, 3 if masks else 0, len(data), 2835, 2835, 0, 0)
            + struct.pack(f"<{len(masks)}I", *masks) + data)


add("rgbx32.bmp", bmp(rows[::-1], H), full[..., :3])
five = full[..., :3].astype(int) >> 3
packed = (five[..., 0] << 10 | five[..., 1] << 5 | five[..., 2]).astype("<u2")
packed = np.pad(packed[::-1], ((0, 0), (0, W % 2)))
add("rgb15.bmp", bmp(packed, H, bits=16), ((five * 255 + 15) // 31).astype(np.uint8))
swapped = np.ascontiguousarray(full[::-1]).tobytes()  # red in the lowest byte, said by masks
add("masks32.bmp", bmp(swapped, H, masks=(0xFF, 0xFF00, 0xFF0000)), full[..., :3])
indices = np.pad(full[::-1, :, 1], ((0, 0), (0, -W % 4))).tobytes()
colors = np.stack([full.reshape(-1, 4)[i * 61 % (W * H), :3] for i in range(256)])
core_data = np.ascontiguousarray(colors[:, ::-1]).tobytes() + indices
add("core8.bmp", struct.pack("<2sIHHI", b"BM", 26 + len(core_data), 0, 0, 26 + 768)
    + struct.pack("<IHHHH", 12, W, H, 1, 8) + core_data, colors[full[..., 1]])
add("top_down32.bmp", bmp(rows, -H), full[..., :3])

# What is refused.
frames = [rgb, ImageOps.mirror(rgb)]
refused = here / "images" / "refused"
refused.mkdir(exist_ok=True)
for kind in "gif", "webp", "png":
    (refused / f"animated.{kind}").write_bytes(saved(frames[0], kind.upper(), save_all=True, append_images=frames[1:]))

(here / "images.json").write_text(json.dumps(expected, indent=1) + "\n")
print(len(expected), "files,", sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()), "bytes")

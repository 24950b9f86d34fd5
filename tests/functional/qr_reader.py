"""Reads what a camera would see of a terminal: a QR code in half-block characters, decoded by ZBar (libzbar0)."""

import ctypes
import re

HALVES = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}  # 1: light
WHITE_ON_BLACK = "\x1b[38;5;231;48;5;16m"


def modules(screen):
    """Rows of modules, light 1, of the code among what was written on the terminal."""
    lines = [re.sub("\x1b\\[[0-9;]*m", "", line).rstrip("\r") for line in screen.split("\n")]
    lines = [line for line in lines if line and set(line) <= set(HALVES)]
    assert lines and len({len(line) for line in lines}) == 1, screen
    rows = [[HALVES[cell][half] for cell in line] for line in lines for half in (0, 1)]
    for quiet in (*rows[:4], *rows[len(rows[0]) - 4 :], *(row[:4] + row[-4:] for row in rows)):
        assert all(quiet), "the quiet zone of 4 modules is not light"
    return rows


def decode(rows, scale=4):
    """The texts of all QR codes in a picture of these modules."""
    zbar = ctypes.CDLL("libzbar.so.0")
    for name in ("zbar_image_scanner_create", "zbar_image_create", "zbar_image_first_symbol", "zbar_symbol_next"):
        getattr(zbar, name).restype = ctypes.c_void_p
    zbar.zbar_symbol_get_data.restype = ctypes.c_char_p
    width, height = len(rows[0]) * scale, len(rows) * scale
    grey = b"".join(bytes(255 * row[x // scale] for x in range(width)) * scale for row in rows)
    picture, scanner = ctypes.c_void_p(zbar.zbar_image_create()), ctypes.c_void_p(zbar.zbar_image_scanner_create())
    zbar.zbar_image_set_format(picture, ctypes.c_ulong(int.from_bytes(b"Y800", "little")))
    zbar.zbar_image_set_size(picture, width, height)
    zbar.zbar_image_set_data(picture, grey, ctypes.c_ulong(len(grey)), None)
    assert zbar.zbar_scan_image(scanner, picture) >= 0
    texts, symbol = [], zbar.zbar_image_first_symbol(picture)
    while symbol:
        texts.append(zbar.zbar_symbol_get_data(ctypes.c_void_p(symbol)).decode())
        symbol = zbar.zbar_symbol_next(ctypes.c_void_p(symbol))
    return texts

"""Makes pictures of QR codes as people take them: clean, small, turned, compressed, on a page, spoilt."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image, ImageFilter

from tests.verifier import files


def code(text: str | bytes, scale: int = 6) -> Image.Image:
    """Return a clean QR code in grey, `scale` pixels to the module, with its quiet zone."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return Image.fromarray(made.to_image(scale=scale)).copy()


def beside(*pictures: Image.Image) -> Image.Image:
    """Return the pictures in a row on white."""
    row = Image.new("L", (sum(one.width + 60 for one in pictures), max(one.height for one in pictures) + 60), 255)
    left = 30
    for one in pictures:
        row.paste(one, (left, 30))
        left += one.width + 60
    return row


def photo(text: str, *, turned: float = 0, scale: int = 6, blur: float = 0.7) -> Image.Image:
    """Return a code as a phone sees it: on a table, turned, a little out of focus."""
    table = Image.new("L", (1200, 900), 150)
    paper = beside(code(text, scale)).rotate(turned, expand=True, fillcolor=150, resample=Image.Resampling.BICUBIC)
    table.paste(paper, (180, 90))
    return table.filter(ImageFilter.GaussianBlur(blur))


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(text: str) -> bytes:
    """Return a photo of a code as a JPEG of quality 60."""
    return saved(photo(text, turned=7), "JPEG", quality=60)


def spoilt(text: str) -> Image.Image:
    """Return a code of which more is missing than can be mended, its three corners intact."""
    picture = code(text)
    middle = picture.width // 2
    picture.paste(0, (middle - 30, middle - 30, middle + 60, middle + 60))
    return picture


def pdf_page(picture: Image.Image, *, pages_before: int = 0) -> bytes:
    """Return a PDF whose last page is the picture, as a scanner makes it."""
    blank = Image.new("L", (300, 300), 255)
    pages = [*[blank] * pages_before, picture]
    return saved(pages[0], "PDF", save_all=True, append_images=pages[1:])


def claims(width: int, height: int) -> bytes:
    """Return a PNG whose header claims so many pixels and that has none."""
    header = files.chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + files.chunk(b"IDAT", zlib.compress(b"\0")) + files.chunk(b"IEND", b"")

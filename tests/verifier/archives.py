"""Makes ZIP archives, good and hostile."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from tests.verifier import files


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these names and contents."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


def bomb(size: int) -> bytes:
    """Return an archive of some kilobytes with one file that unpacks to `size` zeros."""
    return archive(("bomb.json", bytes(size)))


def lying(name: bytes = b"small.json") -> bytes:
    """Return an archive whose directory says that its file is ten bytes long; it unpacks to 64 MB."""
    packed = files.deflated_zeros(1 << 26)[2:-4]  # without zlib's own frame
    check = zlib.crc32(bytes(10))
    sizes = struct.pack("<III", check, len(packed), 10)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0) + name
    central = (
        b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    )  # fmt: skip
    start = len(local) + len(packed)
    return local + packed + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), start, 0)


def encrypted(content: bytes) -> bytes:
    """Return an archive whose file says that it is encrypted."""
    data = bytearray(archive(("secret.json", content)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)

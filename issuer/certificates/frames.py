"""The messages between a pool and its workers: bytes with a length before them. It opens and waits for nothing.

A frame is four bytes of length, big-endian, and that many bytes. A request's frame holds a frame of JSON (the values)
and then the credential; an answer's frame holds one byte, `PDF` or `ERROR`, and then the file or the error as JSON.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from datetime import date
from typing import Any, BinaryIO

from credentials.errors import PlauditError
from issuer.certificates import errors
from issuer.certificates.content import CertificateInput
from issuer.certificates.receipt import ReceiptInput

_LENGTH = struct.Struct(">I")
HEAD = _LENGTH.size
#: Longer than any certificate or credential of ours; a length above it means that the other side is not a worker.
LONGEST = 64 << 20
PDF, ERROR = b"P", b"E"
_CERTIFICATE, _RECEIPT = "certificate", "receipt"


def frame(body: bytes) -> bytes:
    """The body with its length before it."""
    return _LENGTH.pack(len(body)) + body


def length(head: bytes) -> int:
    """The length that a frame's first bytes announce; raises ValueError above LONGEST."""
    (announced,) = _LENGTH.unpack(head)
    if announced > LONGEST:
        raise ValueError(f"a frame of {announced} bytes")
    return int(announced)


def read(stream: BinaryIO) -> bytes | None:
    """The next frame's body, waiting for it; None at the end of the stream."""
    head = stream.read(HEAD)
    return stream.read(length(head)) if len(head) == HEAD else None


#: What can be drawn: a certificate, or the receipt of a verification.
Drawable = CertificateInput | ReceiptInput


def request(values: Drawable, credential: bytes) -> bytes:
    """The body that asks for one certificate or receipt."""
    kind = _RECEIPT if isinstance(values, ReceiptInput) else _CERTIFICATE
    return frame(json.dumps({kind: asdict(values)}, default=date.isoformat).encode()) + credential


def parse_request(body: bytes) -> tuple[Drawable, bytes]:
    """What `request` was given."""
    end = HEAD + length(body[:HEAD])
    asked: dict[str, Any] = json.loads(body[HEAD:end])
    if _RECEIPT in asked:
        return ReceiptInput.from_json(asked[_RECEIPT]), body[end:]
    values: dict[str, Any] = asked[_CERTIFICATE]
    for name in ("start", "end", "awarded"):
        values[name] = date.fromisoformat(values[name])
    return CertificateInput(**values | {"skills": tuple(values["skills"])}), body[end:]


def failure(error: PlauditError) -> bytes:
    """The body that says why there is no certificate."""
    return ERROR + json.dumps(errors.to_mapping(error)).encode()


def parse_answer(body: bytes) -> bytes:
    """The PDF of an answer; raises the error that it carries instead."""
    if body[:1] == PDF:
        return body[1:]
    raise errors.from_mapping(json.loads(body[1:]))

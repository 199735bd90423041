"""Takes the body of a request apart: uploads stay in memory, and nothing larger than its limit is looked at."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Request, request

from verifier.config import MAX_UPLOAD
from verifier.problems import InputTooLarge


class PrivateRequest(Request):
    """A request that keeps uploads in memory: nothing of them ever reaches a disk, whatever happens to us."""

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        return BytesIO()


def upload() -> bytes | None:
    """Return the uploaded file's bytes; its name and declared type are never looked at. None when none was chosen."""
    sent = request.files.get("file")
    data = sent.read() if sent else b""
    return data or None


def body(limit: int = MAX_UPLOAD) -> bytes:
    """Return the request's body. A chunked one that is too long arrives cut off at the limit, without an error."""
    data = request.get_data(cache=False)
    if len(data) > limit:
        raise InputTooLarge(f"More than {limit} bytes were sent.")
    return data


def text(name: str) -> bytes:
    """Return a form's text as it was typed."""
    return request.form.get(name, "").encode("utf-8", "surrogatepass")

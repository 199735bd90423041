"""Takes the body of a request apart: uploads stay in memory, and nothing larger than its limit is looked at."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Request, request

from verifier import intake
from verifier.config import MAX_UPLOAD
from verifier.problems import InputTooLarge
from verifier.reading import leads


class PrivateRequest(Request):
    """A request that keeps uploads in memory: nothing of them ever reaches a disk, whatever happens to us."""

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        return BytesIO()


def upload() -> bytes | None:
    """Return the uploaded file's bytes; its name and declared type are never looked at. None when none was chosen.

    A page may have several fields for a file, a camera's beside the usual one: the first that is not empty counts.
    """
    return next((data for sent in request.files.getlist("file") if (data := sent.read())), None)


#: Where a form and an app that shares something put text: the form's own field, and those of the share target.
_TYPED = ("credential", "url", "text")


def typed() -> str:
    """Return what was typed, pasted or shared, the first of its fields that holds something.

    Apps share a link as text with words around it: then the one address in the text counts.
    """
    for name in _TYPED:
        text = request.form.get(name, "")
        if text.strip():
            return text if name == "credential" else _shared(text)
    return ""


def _shared(text: str) -> str:
    addresses = {lead.text for lead in leads.in_text(text).found}
    return addresses.pop() if len(addresses) == 1 and not intake.is_written_credential(text.encode()) else text


def asker() -> str:
    """Tell who is asking: the address of the connection. What a client can write itself is not believed."""
    return request.remote_addr or ""


def body(limit: int = MAX_UPLOAD) -> bytes:
    """Return the request's body. A chunked one that is too long arrives cut off at the limit, without an error."""
    data = request.get_data(cache=False)
    if len(data) > limit:
        raise InputTooLarge(f"More than {limit} bytes were sent.")
    return data


def text(name: str) -> bytes:
    """Return a form's text as it was typed."""
    return request.form.get(name, "").encode("utf-8", "surrogatepass")

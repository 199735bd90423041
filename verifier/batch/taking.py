"""Turns what is handed in for many at once into tasks: a list of links and credentials, or a ZIP archive of files.

It judges nothing. What is past the limit is counted, so that the answer can say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from credentials import strict_json
from credentials.errors import PlauditError
from verifier import intake
from verifier.document.glance import InPdf
from verifier.many import Task
from verifier.problems import BatchNotRead, NothingGiven, RequestNotUnderstood
from verifier.reading import codes, names

#: A page of results that a person still reads through.
MAX_ITEMS = 200
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check; `given` says which it is, as text that may be shown."""

    given: str
    task: Task


@dataclass(frozen=True, slots=True)
class Batch:
    """What is checked, and how many things past the limit are not."""

    items: tuple[Item, ...]
    left_out: int = 0


def from_bytes(data: bytes, reader: intake.FileReader) -> Batch:
    """Read a ZIP archive or a text with one link or token in a line; raises `BatchNotRead` for anything else."""
    if data.startswith(_ZIP):
        return _from_archive(data, reader)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BatchNotRead("The bytes are no ZIP archive and no text in UTF-8.") from error
    return from_lines(text)


def from_lines(text: str) -> Batch:
    """Read one link, compact token or JSON credential in each line; empty lines do not count."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return _batch([_from_text(line) for line in lines])


def from_json(data: bytes) -> Batch:
    """Read the API's body: `{"items": […]}`, each an address, a token or a credential as an object."""
    body: Any = strict_json.loads(data)
    items = body.get("items") if isinstance(body, dict) and body.keys() == {"items"} else None
    if not isinstance(items, list) or not all(isinstance(item, str | dict) for item in items):
        raise RequestNotUnderstood('The body is not {"items": […]} with addresses, tokens and credentials.')
    return _batch([_from_text(item) if isinstance(item, str) else _from_object(item) for item in items])


def _batch(items: Sequence[Item]) -> Batch:
    if not items:
        raise NothingGiven("There is nothing in what was handed in.")
    return Batch(tuple(items[:MAX_ITEMS]), max(0, len(items) - MAX_ITEMS))


def _from_text(text: str) -> Item:
    address = intake.address_in(text)
    return Item(codes.shown(address) if address else "pasted text", lambda judge: judge.pasted(text))


def _from_object(credential: Any) -> Item:
    return Item("pasted JSON", lambda judge: judge.handed_in(strict_json.dumps(credential)))


def _from_archive(data: bytes, reader: intake.FileReader) -> Batch:
    unpacked = reader.read_archive(data)
    if not unpacked.files:
        raise NothingGiven("There is no file in the archive.")
    items = tuple(Item(names.shown(name), _task(found)) for name, found in unpacked.files)
    return Batch(items, unpacked.left_out)


def _task(found: intake.Contents | InPdf | PlauditError) -> Task:
    if isinstance(found, PlauditError):
        return _failing(found)
    return lambda judge: judge.found(found)


def _failing(problem: PlauditError) -> Task:
    def fail(_judge: object) -> Any:
        raise problem

    return fail

"""The pinned JSON-LD contexts and JSON Schemas, and the one loader that reads them; it fetches nothing.

Every file has a row in MANIFEST.json (url, file, sha256, source, licence) and is believed only when its bytes have the
row's digest. URLs match exactly: a context is a constant, never something to look up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

#: Where our own extension of Open Badges lives.
PLAUDIT_CONTEXT: Final = "https://w3id.org/plaudit/v1"
PLAUDIT_VOCABULARY: Final = "https://w3id.org/plaudit/vocab#"
OPEN_BADGES_SCHEMA: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
COMPLETION_SCHEMA: Final = "https://w3id.org/plaudit/completion/v1.json"

FOLDER: Final = Path(__file__).resolve().parent
_CONTEXTS: Final = "contexts/"
_JSON_SCHEMAS: Final = "json/"
#: Bytes that were published at a URL, each version a file: what others take digests of. Nothing is processed from them.
_PUBLISHED: Final = "published/"
_FOLDERS: Final = (_CONTEXTS, _JSON_SCHEMAS, _PUBLISHED)


class SchemaIntegrityError(Exception):
    """A pinned file is missing, or its bytes are not the ones that the manifest names. Nothing may be signed."""


class Row(NamedTuple):
    """One row of MANIFEST.json; `file` is relative to this folder, `sha256` lower-case hex."""

    url: str
    file: str
    sha256: str
    source: str
    licence: str


@cache
def rows() -> tuple[Row, ...]:
    """The rows of MANIFEST.json in their order; raises `SchemaIntegrityError` when it cannot be read."""
    try:
        return tuple(Row(**row) for row in json.loads((FOLDER / "MANIFEST.json").read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise SchemaIntegrityError(f"schemas/MANIFEST.json cannot be read: {error}") from error


def contexts() -> Mapping[str, dict[str, Any]]:
    """All pinned contexts by exact URL, each loaded and checked when it is first asked for. Do not change them."""
    return _CONTEXTS_BY_URL


def context(url: str) -> dict[str, Any] | None:
    """The pinned context document of exactly this URL; None when there is none."""
    return contexts().get(url)


def json_schema(url_or_name: str) -> dict[str, Any]:
    """The JSON Schema of this URL or file name (`completion.schema.json`); raises `KeyError`. Do not change it."""
    for row in rows():
        if row.file.startswith(_JSON_SCHEMAS) and url_or_name in (row.url, Path(row.file).name):
            return _load(row)
    raise KeyError(url_or_name)


@cache
def published(url: str) -> tuple[bytes, ...]:
    """Every version of the bytes published at exactly this URL that is held here, for comparing digests; may be none.

    A context that came by a package is written anew there: equal as JSON, with other bytes. Such copies do not count.
    """
    return tuple(
        _read(row) for row in rows() if row.url == url and (row.file.startswith(_PUBLISHED) or row.source == row.url)
    )


def check_manifest() -> None:
    """Check every file against its row, and that no file lacks one; raises `SchemaIntegrityError` naming the file."""
    pinned = rows()
    for row in pinned:
        _read(row)
    known = {row.file for row in pinned}
    for path in sorted(path for folder in _FOLDERS for path in FOLDER.glob(f"{folder}*")):
        if path.relative_to(FOLDER).as_posix() not in known:
            raise SchemaIntegrityError(f"schemas/{path.relative_to(FOLDER).as_posix()} has no row in MANIFEST.json")


class _Contexts(Mapping[str, dict[str, Any]]):
    """Lazy, so that importing this package reads no file."""

    def __getitem__(self, url: str) -> dict[str, Any]:
        return _load(_context_rows()[url])

    def __iter__(self) -> Iterator[str]:
        return iter(_context_rows())

    def __len__(self) -> int:
        return len(_context_rows())


_CONTEXTS_BY_URL = _Contexts()


@cache
def _context_rows() -> Mapping[str, Row]:
    return {row.url: row for row in rows() if row.file.startswith(_CONTEXTS)}


@cache
def _load(row: Row) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_read(row))
    return document


def _read(row: Row) -> bytes:
    try:
        data = (FOLDER / row.file).read_bytes()
    except OSError as error:
        raise SchemaIntegrityError(f"schemas/{row.file} cannot be read: {error.strerror}") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != row.sha256:
        raise SchemaIntegrityError(f"schemas/{row.file} is not the pinned file (its SHA-256 is {digest})")
    return data

"""Lists of known issuers in the format of the Digital Credentials Consortium: reads them. It fetches and trusts none.

An operator's list of registries is an array of `{"name", "type", …}`: type `dcc-legacy` names by `url` a JSON file of
issuers by DID; type `oidf` names by `trustAnchorEC` the entity configuration of an OpenID Federation. Two members are
our own: `file`, a copy of the registry beside the list, and `jwks`, the federation's keys as the operator knows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, strict_json

LEGACY: Final = "dcc-legacy"
FEDERATION: Final = "oidf"
#: Registries that are asked; each costs time for somebody who waits.
MAX_REGISTRIES: Final = 16
#: In characters: an organisation's name or its address is one line.
_MAX_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry of the operator's list. Of `url` (a JSON file's, or an entity configuration's) and `file` one is
    there; `jwks` are keys pinned by the operator, None when the registry's own word is taken."""

    name: str
    kind: str
    url: str | None
    file: str | None = None
    jwks: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a registry says of one issuer; `url` is its home page."""

    did: str
    name: str
    url: str | None
    location: str | None


def read_list(body: bytes) -> tuple[Registry, ...]:
    """The registries of an operator's list; raises `errors.DomainEvidenceMalformed` with the first thing wrong."""
    rows = _loads(body)
    if not isinstance(rows, list) or len(rows) > MAX_REGISTRIES:
        raise errors.DomainEvidenceMalformed(f"it is not a list of at most {MAX_REGISTRIES} registries")
    return tuple(_registry(row, number) for number, row in enumerate(rows))


def read_registry(body: bytes) -> Mapping[str, Entry]:
    """A registry's issuers by DID; raises `errors.DomainEvidenceMalformed`.

    An entry that is not an object with a name is passed over: one clerk's slip must not hide all the others.
    """
    found = _loads(body)
    issuers = found.get("registry") if isinstance(found, dict) else None
    if not isinstance(issuers, dict):
        raise errors.DomainEvidenceMalformed("it has no object called registry", pointer="/registry")
    return {
        did: Entry(did, name, _text(row.get("url")), _text(row.get("location")))
        for did, row in issuers.items()
        if isinstance(row, dict) and (name := _text(row.get("name")))
    }


def _registry(row: Any, number: int) -> Registry:
    kind = row.get("type", LEGACY) if isinstance(row, dict) else None
    name = _text(row.get("name")) if isinstance(row, dict) else None
    if name is None or kind not in (LEGACY, FEDERATION):
        raise errors.DomainEvidenceMalformed(f"registry {number} has no name or no known type", pointer=f"/{number}")
    url, file = _text(row.get("url" if kind == LEGACY else "trustAnchorEC")), _text(row.get("file"))
    jwks = row.get("jwks")
    if (url is None) == (file is None or kind == FEDERATION) or not isinstance(jwks, dict | None):
        raise errors.DomainEvidenceMalformed(f"registry {number} does not say where it is", pointer=f"/{number}")
    return Registry(name, kind, url, file, jwks)


def _loads(body: bytes) -> Any:
    try:
        return strict_json.loads(body)
    except errors.PlauditError as error:
        raise errors.DomainEvidenceMalformed(f"it is not JSON: {error.detail}") from error


def _text(value: Any) -> str | None:
    """One printable line, or None: what a registry says is shown to people."""
    return value if isinstance(value, str) and 0 < len(value) <= _MAX_TEXT and value.isprintable() else None

"""Refuses documents that say the same to JSON-LD in a form that hides parts of them from a plain reader.

RDF canonicalisation signs meaning, not form: `"https://schema.org/name"` signs like `name`, `[["x"]]` like `"x"`,
one node may be torn into several objects, and a context may give a class and a member the same IRI, so that `Criteria`
signs like `criteria`. Whoever holds a credential could so rewrite what they want nobody to see,
and the signature would still fit. What display reads in either form (a list of one, a number as text, text with a
language) is not refused here. Proofs over the JSON itself (JCS) need none of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import schemas
from credentials import errors, findings

#: Keywords that a compacted credential still holds: its contexts, and texts with a language (VCDM 2.0, 11.1).
_KEYWORDS = ("@context", "@value", "@language", "@direction")

_Path = tuple[str | int, ...]


def check(value: Any, path: _Path = ()) -> None:
    """Raise `errors.NotCompacted` at the first place that is not written plainly."""
    if isinstance(value, Mapping):
        _check_object(value, path)
        for name, item in value.items():
            if name != "@context":
                check(item, (*path, name))
    elif isinstance(value, list):
        _check_list(value, path)
        for number, item in enumerate(value):
            check(item, (*path, number))


def _check_object(value: Mapping[str, Any], path: _Path) -> None:
    for name in value:
        if (":" in name or name.startswith("@")) and name not in _KEYWORDS:
            raise errors.NotCompacted(f"the member {name[:80]!r} is not a term", pointer=findings.pointer(path))
        if name[:1].isupper() and name in _class_names():
            raise errors.NotCompacted(f"{name[:80]!r} is a class, not a member", pointer=findings.pointer(path))
    if "@value" in value and not ("@language" in value or "@direction" in value):
        raise errors.NotCompacted("a plain value is wrapped in an object", pointer=findings.pointer(path))


def _check_list(value: list[Any], path: _Path) -> None:
    seen: set[str] = set()
    for item in value:
        if isinstance(item, list):
            raise errors.NotCompacted("a list stands in a list", pointer=findings.pointer(path))
        identifier = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(identifier, str) and identifier in seen:
            raise errors.NotCompacted("one thing is torn into two objects", pointer=findings.pointer(path))
        if isinstance(identifier, str):
            seen.add(identifier)


@cache
def _class_names() -> frozenset[str]:
    """The terms, in capitals, that a pinned context maps to the IRI of a member."""
    found: set[str] = set()
    for document in schemas.contexts().values():
        names: dict[str, set[str]] = {}
        for name, identifier in _terms(document.get("@context")):
            names.setdefault(identifier, set()).add(name)
        found.update(name for alike in names.values() if len(alike) > 1 for name in alike if name[:1].isupper())
    return frozenset(found)


def _terms(context: Any) -> Iterator[tuple[str, str]]:
    """Every term of a context and of the contexts inside it, with its IRI as it is written there."""
    for part in context if isinstance(context, list) else [context]:
        if not isinstance(part, Mapping):
            continue
        for name, definition in part.items():
            identifier = definition.get("@id") if isinstance(definition, Mapping) else definition
            if isinstance(identifier, str):
                yield name, identifier
            if isinstance(definition, Mapping):
                yield from _terms(definition.get("@context"))

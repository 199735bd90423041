"""Reads members of a signed document in every form that JSON-LD does not tell apart. It guesses and checks nothing.

A list of one is its only item, text with its language is that text, and a number may be written as text. What has
another shape is read as absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from credentials import errors, timestamps, vcdm


def single(value: Any) -> Mapping[str, Any]:
    """`value` when it is one object (or a list of just one), else an empty one: of several, none is chosen."""
    found = objects(value)
    return found[0] if len(found) == 1 else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """Every object of a member that holds one or a list."""
    return [item for item in vcdm.as_list(value) if isinstance(item, Mapping)]


def plain(value: Any) -> Any:
    """A single value, also when it stands in a list of one or with its language: JSON-LD does not tell these apart."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value.get("@value") if isinstance(value, Mapping) else value


def text(value: Any) -> str | None:
    """Text that is not empty."""
    found = plain(value)
    return found if isinstance(found, str) and found else None


def by_language(value: Any) -> dict[str, str]:
    """Texts with a language of their own (VCDM 2.0, 11.1), by BCP 47 tag; the first one of each language."""
    found: dict[str, str] = {}
    for item in objects(value):
        language, words = item.get("@language"), item.get("@value")
        if isinstance(language, str) and language and isinstance(words, str) and words:
            found.setdefault(language, words)
    return found


def words(value: Any, language: str | None = None) -> str | None:
    """Text; of several languages the one in `language`, else the first that is written."""
    found = by_language(value)
    return text(value) or found.get(language or "") or next(iter(found.values()), None)


def count(value: Any) -> int | None:
    """A whole number; JSON-LD signs 2, 2.0 and "2" of a typed member alike."""
    found = plain(value)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 9:
        return int(found)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    return int(found) if found == int(found) else None


def day(value: Any) -> str | None:
    """The calendar day as it was signed; a day has no zone, so none is converted."""
    found = text(value)
    return found[:10] if found is not None and moment(found) is not None else None


def moment(value: Any) -> datetime | None:
    """A time with its zone."""
    try:
        return timestamps.parse(plain(value))
    except errors.MalformedTimestamp:
        return None

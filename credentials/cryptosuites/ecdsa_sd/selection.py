"""Cuts out of a JSON document what JSON pointers name, with the ids and types on the way; it knows no meaning.

Source: RFC 6901; Data Integrity ECDSA Cryptosuites 1.0, 3.4 (selectJsonLd and its helpers).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from credentials import errors

#: Members that every object on the way to a selected value keeps: without them the value is somebody else's, or means
#: something else. They are kept whole. The specification keeps ids and types; an inner context matters as much.
_KEPT: Final = frozenset({"@context", "@id", "@type", "id", "type"})
#: Stand for another member of the proof or for the meaning of words, never for content.
_NOT_CONTENT: Final = frozenset({"@context", "proof"})
_POINTER: Final = re.compile(r"(?:/(?:[^/~]|~[01])*)*", re.DOTALL)
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,5}", re.ASCII)

#: Steps to what is selected; an empty branch is selected whole.
_Branch = dict[str, Any]


def parse(pointer: str) -> list[str]:
    """The steps of a JSON pointer; raises `errors.InvalidPointer`."""
    if not _POINTER.fullmatch(pointer):
        raise errors.InvalidPointer(f"{pointer[:100]!r} is not a JSON pointer", pointer=pointer)
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def select(document: Mapping[str, Any], pointers: Iterable[str]) -> dict[str, Any]:
    """A new document with what the pointers name; arrays become dense, the order of members stays.

    Raises `errors.InvalidPointer` for a pointer that leads nowhere, or into `@context` or `proof`.
    """
    whole: list[_Branch] = []
    root: _Branch = {}
    for pointer in pointers:
        steps = parse(pointer)
        _check_leads_somewhere(document, steps, pointer)
        _mark(root, steps, whole)
    return dict(_cut(document, root, {id(branch) for branch in whole}))


def _check_leads_somewhere(document: Mapping[str, Any], steps: list[str], pointer: str) -> None:
    if steps and steps[0] in _NOT_CONTENT:
        raise errors.InvalidPointer(f"{steps[0]} is always there; it cannot be selected", pointer=pointer)
    value: Any = document
    for step in steps:
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and _INDEX.fullmatch(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            raise errors.InvalidPointer(f"there is nothing at {pointer[:100]!r} in the document", pointer=pointer)


def _mark(root: _Branch, steps: list[str], whole: list[_Branch]) -> None:
    branch = root
    for step in steps:
        branch = branch.setdefault(step, {})
    whole.append(branch)


def _cut(value: Any, branch: _Branch, whole: set[int]) -> Any:
    if id(branch) in whole:
        return copy.deepcopy(value)
    if isinstance(value, list):
        return [_cut(item, branch[str(index)], whole) for index, item in enumerate(value) if str(index) in branch]
    return {
        name: copy.deepcopy(member) if name in _KEPT else _cut(member, branch[name], whole)
        for name, member in value.items()
        if name in branch or name in _KEPT
    }

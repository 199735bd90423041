"""Names places in a claims set: JSON pointers, and the claim paths of SD-JWT VC; changes nothing.

Source: RFC 6901 (JSON Pointer); SD-JWT VC, "Claim Path".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from credentials import errors

#: One place: names of members and positions in arrays, from the top.
Path: TypeAlias = tuple[str | int, ...]
#: What callers may write: an RFC 6901 pointer, or a claim path, where None stands for every element of an array.
Selector: TypeAlias = str | Sequence[str | int | None]

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_STRAY_TILDE = re.compile(r"~(?![01])")


def below(pointer: str, step: str | int) -> str:
    """The pointer of a member or an element of what stands at `pointer`."""
    if type(step) is str and ("~" in step or "/" in step):
        step = step.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{step}"


def pointer_of(path: Path) -> str:
    """`path` as an RFC 6901 pointer."""
    pointer = ""
    for step in path:
        pointer = below(pointer, step)
    return pointer


def steps_of(pointer: str) -> list[str]:
    """The steps of an RFC 6901 pointer, unescaped; raises `errors.DisclosurePathUnknown` for what is none."""
    if not pointer.startswith("/") or _STRAY_TILDE.search(pointer):
        raise errors.DisclosurePathUnknown(f"{pointer[:80]!r} is not a JSON pointer to something in the claims")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]


def find(claims: Any, selector: Selector) -> list[Path]:
    """Every place in `claims` that `selector` names, at least one; raises `errors.DisclosurePathUnknown`."""
    steps = steps_of(selector) if isinstance(selector, str) else list(selector)
    found = list(_find(claims, steps, 0)) if steps else []
    if not found:
        raise errors.DisclosurePathUnknown(f"{selector!r} names nothing in these claims")
    return found


def _find(value: Any, steps: Sequence[str | int | None], position: int) -> Iterator[Path]:
    if position == len(steps):
        yield ()
        return
    for step, item in _taken(value, steps[position]):
        for rest in _find(item, steps, position + 1):
            yield (step, *rest)


def _taken(value: Any, step: str | int | None) -> list[tuple[str | int, Any]]:
    """What one step leads to. A pointer writes positions as digits, a claim path as integers."""
    if isinstance(value, dict):
        return [(step, value[step])] if isinstance(step, str) and step in value else []
    if not isinstance(value, list):
        return []
    if step is None:
        return list(enumerate(value))
    if isinstance(step, str):
        step = int(step) if _INDEX.fullmatch(step) else -1
    return [(step, value[step])] if 0 <= step < len(value) else []

"""What a corrected credential says of its own corrections, as typed values for display. Reading only, and no judging.

`credentials.corrections` says what the member holds; what has another shape is read as absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials.corrections import MAX_CORRECTIONS, Change, Correction
from credentials.verify.reading import count, moment, objects, plain, text

#: There are 24 things that can be corrected (`credentials.corrections`).
MAX_CHANGES: Final = 40


def corrections(document: Mapping[str, Any]) -> tuple[Correction, ...]:
    """Every correction that says which version came of it, when and why, by version."""
    found = [_correction(item) for item in objects(document.get("correction"))[:MAX_CORRECTIONS]]
    return tuple(sorted((item for item in found if item is not None), key=lambda item: item.version))


def version(document: Mapping[str, Any]) -> int:
    """The number of this version: 1 for a credential that was never corrected."""
    return max((item.version for item in corrections(document)), default=1)


def changes(value: Any) -> tuple[Change, ...]:
    """The changes of a member `change`; one that names no field is none."""
    return tuple(
        Change(field, _value(item.get("before")), _value(item.get("after")))
        for item in objects(value)[:MAX_CHANGES]
        if (field := text(item.get("changed")))
    )


def _correction(item: Mapping[str, Any]) -> Correction | None:
    number, at, reason = count(item.get("versionNumber")), moment(item.get("corrected")), text(item.get("reason"))
    if number is None or number < 2 or at is None or reason is None:
        return None
    return Correction(number, at, reason, changes(item.get("change")))


def _value(value: Any) -> str | None:
    """Text, which may be empty: where there was nothing, nothing is said as empty text."""
    found = plain(value)
    return found if isinstance(found, str) else None

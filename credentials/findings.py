"""Checks a document against a pinned JSON Schema and words each finding; decides nothing about what happens next.

Validators are compiled once per schema and process (jsonschema-rs; compiling the Open Badges schema costs more than
a thousand checks with it). `format` is asserted: a date that is not in the calendar is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

import schemas

#: More findings than this help nobody; the rest of a broken document is not looked at.
MAX_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a document: where (RFC 6901 pointer), a stable code, and a sentence for a person."""

    pointer: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


def pointer(path: Iterable[str | int]) -> str:
    """RFC 6901 pointer of a path of member names and positions; the whole document is the empty string."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


@lru_cache(maxsize=16)
def _validator(schema_id: str) -> Any:
    return jsonschema_rs.validator_for(schemas.json_schema(schema_id), validate_formats=True)


def check(document: Any, schema_id: str) -> list[Finding]:
    """All findings of the pinned schema `schema_id` about `document`, at most `MAX_FINDINGS`; an empty list is good."""
    found: list[Finding] = []
    for error in _validator(schema_id).iter_errors(document):
        found.append(_finding(error))
        if len(found) == MAX_FINDINGS:
            break
    return found


def fitting(schema_id: str) -> Callable[[Any], bool]:
    """What says of a document whether `check` would find nothing, sooner than `check` says it."""
    is_valid: Callable[[Any], bool] = _validator(schema_id).is_valid
    return is_valid


def _finding(error: Any) -> Finding:
    """The finding of one validator error; a missing member is pointed at where it should stand."""
    kind = error.kind
    path = list(error.instance_path)
    if kind.name == "required":
        return Finding(pointer([*path, kind.property]), "missing", "This is required and is missing.")
    code, message = _CODES.get(kind.name, ("invalid", "This does not have the form that its schema asks for."))
    if kind.name == "enum":
        message = f"This must be one of: {', '.join(map(str, kind.options))}."
    elif kind.name == "additionalProperties":
        message = f"There are members that the schema does not know: {', '.join(kind.unexpected)}."
    elif kind.name in ("minimum", "maximum", "minItems", "maxItems", "maxLength"):
        message = message.format(kind.limit)
    elif kind.name == "pattern" and kind.pattern == r"\S":
        code, message = "empty", "This must not be empty."
    return Finding(pointer(path), code, message)


_CODES = {
    "enum": ("not_allowed", ""),
    "additionalProperties": ("unknown_member", ""),
    "minimum": ("too_small", "This must be {} or more."),
    "maximum": ("too_large", "This must be {} or less."),
    "minItems": ("too_few", "There must be {} or more."),
    "maxItems": ("too_many", "There must be {} or fewer."),
    "maxLength": ("too_long", "This must be {} characters or shorter."),
    "uniqueItems": ("repeated", "The same item stands here twice."),
    "type": ("wrong_type", "This has the wrong JSON type."),
    "pattern": ("malformed", "This is not written in the form that is asked for."),
    "format": ("malformed", "This is not written in the form that is asked for."),
}

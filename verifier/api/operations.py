"""What each endpoint of the API takes and gives, beside its code: `openapi` makes the description out of it.

Addresses and methods are not written here; they come from the routes themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

Json = dict[str, Any]
View = TypeVar("View", bound=Callable[..., Any])

#: Bytes as they are: OpenAPI 3.1 gives them no schema, and their media type says the rest.
BYTES: Final[Json] = {}


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint. `takes` and `gives` map a media type to a schema; `example` is a body of the first type.

    `statuses` are those of the problems that it may answer with; `asks` are parameters of the address. `curl` shows
    the call, behind `curl -s ` and the address of this installation.
    """

    summary: str
    gives: Mapping[str, Json]
    takes: Mapping[str, Json] = field(default_factory=dict)
    about: str = ""
    example: Any = None
    answer: Any = None
    asks: tuple[Json, ...] = ()
    statuses: tuple[int, ...] = (400, 413, 415, 422, 429, 503)
    curl: tuple[str, ...] = ()
    tag: str = "Verify"


_ATTRIBUTE = "__operation__"


def described(operation: Operation) -> Callable[[View], View]:
    """Say of a view what it takes and gives."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, operation)
        return view

    return mark


def of(view: Callable[..., Any]) -> Operation | None:
    """What was said of a view; None when nothing was."""
    found = getattr(view, _ATTRIBUTE, None)
    return found if isinstance(found, Operation) else None

"""English text that remembers how it was put together, so that another language can say it. It translates nothing.

A `Sentence` is an ordinary `str`: it prints, compares and serialises as its English text. Beside that it keeps the
message with its placeholders, which is what a catalog of translations is asked for, and the values, so that a day is
written as the reader's language writes days. `credentials.languages` puts it into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NOTHING: Mapping[str, Any] = {}


def english_day(value: date) -> str:
    """Return `2 May 2026`; a datetime by its own calendar day."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


class Sentence(str):
    """A sentence or a term of ours. `Sentence("It expired on %(day)s.", day=end)` reads "It expired on 2 May 2026."

    Values: a date or datetime is a calendar day; a `Sentence` is translated where it stands; numbers are numbers; any
    other text (a domain, a name) is never touched. Without values, `%` has no meaning.
    """

    __slots__ = ("message", "plural", "values")

    #: The English text with its placeholders.
    message: str
    #: The same for other numbers than one; None when nothing is counted.
    plural: str | None
    #: By placeholder. What is counted is called `number`.
    values: Mapping[str, Any]

    def __new__(cls, message: str, plural: str | None = None, /, **values: Any) -> Sentence:
        """`plural` goes with a value `number`: `Sentence("%(number)s page", "%(number)s pages", number=3)`."""
        if values:
            chosen = plural if plural is not None and values["number"] != 1 else message
            made = super().__new__(cls, chosen % {name: _english(value) for name, value in values.items()})
        else:
            made = super().__new__(cls, message)
        made.message, made.plural, made.values = message, plural, values or _NOTHING
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str | None], dict[str, Any]]:
        """Copies and pickles are made anew out of message and values."""
        return (self.message, self.plural), dict(self.values)


def _english(value: Any) -> Any:
    return english_day(value) if isinstance(value, date) else value

"""Reads single cells: dates, numbers, addresses, lists, choices. Each reader returns a value or raises `CellError`.

ASCII digits only: Python's `int` and `float` would take "٥", "5_0" and "1e3" for numbers.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from credentials.record import MAX_HOURS, MIN_HOURS
from issuer.services.importing.columns import Column

#: Bounds of the completion schema (a test compares).
MAX_LINE, MAX_NAME, MAX_TEXT, MAX_ITEMS, MAX_TEAM = 300, 200, 8_000, 40, 1_000
#: Micro-internships did not exist before; an earlier year is a typing error.
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_SLASHED = re.compile(r"[0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4}")
_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,2})?")
_COUNT = re.compile(r"[0-9]{1,6}")
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\".]+(?:\.[^\s@<>()\[\]\\,;:\".]+)+")
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!#-;=?-\[\]_a-z~]*)?")
_LANGUAGE = re.compile(r"[a-z]{2,4}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_DIGEST = re.compile(r"sha(?:256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==)")
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}


class CellError(Exception):
    """One cell cannot be read: a code, why, and what to do about it."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.remedy = code, reason, remedy


def read(column: Column, text: str) -> Any:
    """Return the record's value for a cell that is not empty; raises `CellError`."""
    return _READERS[column.kind](column, unicodedata.normalize("NFC", text))


def _line(_: Column, text: str, limit: int = MAX_LINE) -> str:
    if "\r" in text or "\n" in text:
        raise CellError("line_break", "There is a line break in it.", "Write it in one line.")
    _refuse_controls(text)
    return _within(text, limit)


def _name(column: Column, text: str) -> str:
    return _line(column, text, MAX_NAME)


def _text(_: Column, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_controls(text.replace("\n", "").replace("\t", ""))
    return _within(text, MAX_TEXT)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise CellError("too_long", f"It has {len(text)} characters.", f"Shorten it to at most {limit}.")
    return text


def _refuse_controls(text: str) -> None:
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise CellError(
                "control_character", f"It holds the invisible control character U+{ord(character):04X}.",
                "Type the text again without it.",
            )  # fmt: skip


def _email(column: Column, text: str) -> str:
    _line(column, text)
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise CellError("not_an_email", "This is not an e-mail address.", "Write it like name@example.org.")
    return text


def _url(_: Column, text: str) -> str:
    if len(text) > 2_000 or not _URL.fullmatch(text):
        raise CellError(
            "not_a_link", "This is not a web address.", "Write it like https://example.org/work, or leave it empty."
        )
    return text


def _date(_: Column, text: str) -> str:
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif _SLASHED.fullmatch(text):
        raise CellError(
            "ambiguous_date", "With slashes nobody can say which is the day and which the month.",
            "Write it like 2026-03-31 or 31.03.2026.",
        )  # fmt: skip
    else:
        raise CellError("not_a_date", "This is not a date.", "Write it like 2026-03-31 or 31.03.2026.")
    try:
        value = date(year, month, day)
    except ValueError:
        raise CellError("no_such_day", _no_such_day(year, month, day), "Correct the date.") from None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise CellError("implausible_date", f"The year {year} cannot be meant.", "Correct the year.")
    return value.isoformat()


def _no_such_day(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"There is no month {month}."
    return f"{calendar.month_name[month]} {year} has no day {day}."


def _hours(_: Column, text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise CellError(
            "not_a_number", "This is not a number of hours.",
            f"Write the digits 0-9, like 31 or 7.5, from {MIN_HOURS} to {MAX_HOURS}.",
        )  # fmt: skip
    value = float(text.replace(",", "."))
    if not MIN_HOURS <= value <= MAX_HOURS:
        raise CellError(
            "out_of_range", f"{text} hours cannot be meant.", f"Write a number from {MIN_HOURS} to {MAX_HOURS}."
        )
    return int(value) if value.is_integer() else value


def _count(_: Column, text: str) -> int:
    if not _COUNT.fullmatch(text) or not 1 <= int(text) <= MAX_TEAM:
        raise CellError(
            "not_a_number", "This is not a number of people.", f"Write a whole number from 1 to {MAX_TEAM}."
        )
    return int(text)


def _choice(column: Column, text: str) -> str:
    wanted = " ".join(text.casefold().replace("_", " ").split())
    for choice in column.choices:
        if wanted in (choice, choice.replace("-", " ")):
            return choice
    raise CellError("not_a_choice", "This is not one of the possible values.", f"Use: {', '.join(column.choices)}.")


def _list(column: Column, text: str) -> list[str]:
    items = [" ".join(item.split()) for item in _line(column, text, MAX_TEXT).split("|")]
    items = list(dict.fromkeys(item for item in items if item))
    if not items:
        raise CellError("empty", "There is nothing between the separators.", "Write at least one, separated by |.")
    if len(items) > MAX_ITEMS:
        raise CellError("too_many", f"There are {len(items)} of them.", f"Keep at most {MAX_ITEMS}.")
    for item in items:
        _within(item, MAX_LINE)
    return items


def _yes_no(_: Column, text: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    raise CellError("not_yes_or_no", "This is neither yes nor no.", "Write yes or no.")


def _language(_: Column, text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise CellError("not_a_language", "This is not a language tag.", "Write it like en, de or pt-BR.")
    return text


_READERS: dict[str, Callable[[Column, str], Any]] = {
    "line": _line,
    "name": _name,
    "text": _text,
    "email": _email,
    "url": _url,
    "date": _date,
    "hours": _hours,
    "count": _count,
    "choice": _choice,
    "list": _list,
    "yes_no": _yes_no,
    "language": _language,
}

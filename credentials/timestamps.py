"""Reads and writes points in time as XML Schema dateTimeStamp; it never asks what time it is.

Source: VCDM 2.0, 4.9 and its regular expression for dateTimeStamp; XML Schema 1.1 part 2, 3.4.28.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from credentials import errors

_STAMP = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])"
    r"T(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])(?:\.(?P<fraction>[0-9]{1,32}))?"
    r"|(?P<midnight>24:00:00(?:\.0{1,32})?))"
    r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
)
#: The form that nearly all have, which `datetime` reads by itself.
_WHOLE_SECONDS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")


def parse(text: Any) -> datetime:
    """Return the aware datetime that `text` names, cut to microseconds; raises `errors.MalformedTimestamp`.

    A zone is demanded; 24:00:00 is the next day's midnight, as XML Schema says; leap seconds do not exist there.
    """
    if not isinstance(text, str):
        raise errors.MalformedTimestamp(f"{str(text)[:60]!r} is not a date and time with a zone")
    try:
        if _WHOLE_SECONDS.fullmatch(text):
            return datetime.fromisoformat(text)
        return _parse_any(text)
    except (ValueError, OverflowError) as error:
        raise errors.MalformedTimestamp(f"{text!r} names no day of the calendar") from error


def _parse_any(text: str) -> datetime:
    match = _STAMP.fullmatch(text)
    if match is None:
        raise errors.MalformedTimestamp(f"{str(text)[:60]!r} is not a date and time with a zone")
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if match["midnight"]:
        return datetime(year, month, day, tzinfo=_zone(match["zone"])) + timedelta(days=1)
    micros = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    clock = int(match["hour"]), int(match["minute"]), int(match["second"])
    return datetime(year, month, day, *clock, micros, tzinfo=_zone(match["zone"]))


def format(moment: datetime) -> str:
    """Write an aware datetime as UTC in whole seconds, rounded down: `2026-03-01T12:00:00Z`.

    Raises `errors.MalformedTimestamp` for a datetime without a zone: it names no point in time.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise errors.MalformedTimestamp("a datetime without a zone is not a point in time")
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-offset if text[0] == "-" else offset)

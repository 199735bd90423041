"""How values are written for a reader of the console: days, moments, long cells. Templates use them as filters.

What a credential says is put into words by `credentials.wording`, so that every page and the command line say the
same; here is only what the issuer's own rows need.
"""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from credentials import wording

LONGEST_CELL = 120


def day(value: date | datetime | str | None) -> str:
    """Return `16 June 2026`; a dash for nothing."""
    return wording.day(value) or "–"


def daytime(value: datetime | None) -> str:
    """Return `16 June 2026, 14:05 UTC`; a dash for nothing."""
    return wording.moment(value) if value else "–"


def isotime(value: datetime | None) -> str:
    """Return the machine-readable form for `<time datetime>`."""
    return wording.iso_moment(value) if value else ""


def shortened(value: str, limit: int = LONGEST_CELL) -> str:
    """Return `value` as a person can take it in: line ends made visible, cut at `limit` characters."""
    visible = value.replace("\r", "␍").replace("\n", "␊").replace("\t", "␉")
    return visible if len(visible) <= limit else visible[: limit - 1] + "…"


def install(app: Flask) -> None:
    """Make the filters known to every template of `app`."""
    for one in (day, daytime, isotime, shortened):
        app.add_template_filter(one)

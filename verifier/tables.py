"""Writes a table of verdicts as CSV and JSON to keep. Every cell is safe to open in a spreadsheet.

A spreadsheet runs a cell that begins like a formula, and names come from strangers: such a cell gets an apostrophe in
front, which a spreadsheet shows as text.
"""

from __future__ import annotations

import base64
import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from credentials import strict_json
from verifier.rows import Row

COLUMNS = ("number", "given", "status", "who", "student", "what", "hours", "dates", "where", "reason", "next")
#: What begins a formula in the spreadsheets that there are, full-width forms included; and what hides such a beginning.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def as_csv(rows: Iterable[Row]) -> bytes:
    """The table as CSV (RFC 4180) in UTF-8, with the mark that makes spreadsheets read it as such."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in _cells(row)] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.lstrip(" \u00a0\u200b\u200e\u200f\ufeff").startswith(_FORMULA) else cell


def download(data: bytes, kind: str) -> str:
    """An address that holds the data itself: the page keeps what the server does not."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def downloads(rows: Sequence[Row], answer: Any) -> dict[str, str]:
    """What the page of a table offers to save: its rows as CSV, the answer as JSON."""
    return {
        "csv": download(as_csv(rows), "text/csv;charset=utf-8"),
        "json": download(strict_json.dumps(answer), "application/json"),
    }


def _cells(row: Row) -> tuple[str, ...]:
    where = "; ".join(place.words for place in row.places)
    told = (row.word, row.who, row.student, row.what, row.hours, row.dates, where, row.reason, row.remedy)
    return (str(row.number), row.given, *told)

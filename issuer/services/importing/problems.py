"""What is wrong with a row, in the person's own terms, and the list of it as a file that is safe to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

#: How a spreadsheet program recognises something to evaluate (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Characters of a wrong value that are shown again; more does not help to find it.
SHOWN_VALUE = 120
_HEADER = ("row", "line", "column", "value", "code", "reason", "remedy")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one cell.

    `row` counts records as a spreadsheet shows them (the header is row 1), `line` is the line of the text file where
    the row begins; they differ after a cell of several lines. `column` is the header as written in the file.
    """

    row: int
    line: int
    column: str
    value: str
    code: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.reason} {self.remedy}"


def problems_csv(problems: Iterable[RowProblem]) -> bytes:
    """Write problems as CSV (UTF-8 with byte order mark, CRLF: what spreadsheet programs read best).

    A cell that a spreadsheet program would evaluate gets an apostrophe in front; every cell is quoted.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(_HEADER)
    for problem in problems:
        writer.writerow([safe_cell(str(getattr(problem, name))) for name in _HEADER])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def safe_cell(value: str) -> str:
    """Return `value` so that no spreadsheet program evaluates it; full-width forms of the signs count too."""
    start = value.lstrip(" ").translate({0xFF1D: "=", 0xFF0B: "+", 0xFF0D: "-", 0xFF20: "@"})
    return f"'{value}" if value.startswith(FORMULA_STARTS) or start.startswith(FORMULA_STARTS) else value


def shown(value: str) -> str:
    """Return a wrong value, cut to what helps, with control characters made visible."""
    cut = value if len(value) <= SHOWN_VALUE else value[:SHOWN_VALUE] + "…"
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in cut)

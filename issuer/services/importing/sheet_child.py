"""Reads the first sheet of a spreadsheet file on standard input and writes its cells as JSON: a process of its own.

The file comes from outside, and its format is a zip of XML: this process bounds itself first, holds nothing secret, and
is thrown away afterwards. It imports nothing of ours. Arguments: memory in bytes, CPU seconds, rows, columns.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

#: Exit code for a file that is no spreadsheet; the reason is on standard error.
NOT_A_SHEET = 3


def main() -> None:
    """Bound this process, read, write."""
    memory, seconds, rows, columns = (int(argument) for argument in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        found = workbook.get_sheet_by_index(0).iter_rows()
        cells = [[text(cell) for cell in row[: columns + 1]] for _, row in zip(range(rows + 2), found, strict=False)]
    except (CalamineError, ValueError, OSError) as error:
        sys.stderr.write(type(error).__name__)
        sys.exit(NOT_A_SHEET)
    json.dump(cells, sys.stdout)


def text(cell: Any) -> str:
    """Return what a cell shows, as somebody would have typed it: ISO dates, whole numbers without a point."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return repr(cell.total_seconds() / 3600)  # a duration in a sheet of hours
    return str(cell)


if __name__ == "__main__":
    main()

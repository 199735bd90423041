"""Reads a spreadsheet file (XLSX, XLS, ODS) into rows of text, in a process of its own. Judges no cell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from credentials import strict_json
from issuer.problems import BadTable

#: A sheet of 10,000 rows takes 120 MB; address space counts the interpreter and its libraries too.
MEMORY = 768 * 1024 * 1024
CPU_SECONDS, WALL_SECONDS = 10, 20
#: JSON of 10,000 rows of long texts.
MAX_OUTPUT = 64 * 1024 * 1024

_CHILD = Path(__file__).with_name("sheet_child.py")
_REMEDY = 'Save it again as "CSV UTF-8 (comma delimited)" and upload that file.'


def read_sheet(data: bytes, *, rows: int, columns: int) -> list[list[str]]:
    """Return the cells of the first sheet, at most one row and one column more than allowed, so that it shows.

    Raises `BadTable` for a file that is no spreadsheet, or one that takes too much to read.
    """
    limits = (MEMORY, CPU_SECONDS, rows, columns)
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), *map(str, limits)],
            input=data, capture_output=True, timeout=WALL_SECONDS, env={}, cwd="/", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise BadTable("this spreadsheet takes too long to read", remedy=_REMEDY) from None
    if done.returncode == 0 and len(done.stdout) <= MAX_OUTPUT:
        cells: list[list[str]] = strict_json.loads(done.stdout, max_bytes=MAX_OUTPUT)
        return cells
    if done.returncode < 0 or len(done.stdout) > MAX_OUTPUT:
        raise BadTable("this spreadsheet takes too much to read", remedy=_REMEDY)
    raise BadTable("this spreadsheet file cannot be read", remedy=_REMEDY)

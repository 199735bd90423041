"""Turns an uploaded table into completion records, or into precise words about what is wrong. Stores nothing.

`read_table` finds encoding, separator and columns; `check` judges every row. Cells are text and stay text: nothing is
ever evaluated, and `problems_csv` writes them so that a spreadsheet program does not evaluate them either.
"""

from __future__ import annotations

from issuer.services.importing.checking import ImportReport, check
from issuer.services.importing.problems import RowProblem, problems_csv
from issuer.services.importing.reading import MAX_BYTES, MAX_ROWS, Table, TableRow, read_table

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "ImportReport",
    "RowProblem",
    "Table",
    "TableRow",
    "check",
    "problems_csv",
    "read_table",
]

"""Judges every row of a table: a completion record, or all that is wrong with it. Stores nothing, reads no clock.

A row is *good*, *bad* (at least one problem), or *held*: good as data, with something that a person should look at
first. Held is what a person's name that starts like a spreadsheet formula gets: it is kept literally, as every cell is
(case CSV-01), but a signature on it is final, so somebody says yes to it by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import rfc8785

from credentials import record as records
from credentials.findings import Finding
from credentials.record import CompletionRecord
from issuer.services.importing import cells
from issuer.services.importing.cells import CellError
from issuer.services.importing.columns import COLUMNS, Column
from issuer.services.importing.problems import FORMULA_STARTS, RowProblem, shown
from issuer.services.importing.reading import Table, TableRow

#: What a record says when the file has no such column: an upload by the employer is its permission to show.
DEFAULT_KIND = "Work product"
DEFAULT_LANGUAGE = "en"

_WARN_REMEDY = "If it is right as it stands, confirm the held rows too; otherwise correct the file."


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a table holds. `good` and `held` are (row number, record); `warnings` are about held rows."""

    good: tuple[tuple[int, CompletionRecord], ...]
    held: tuple[tuple[int, CompletionRecord], ...]
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    ignored_columns: tuple[str, ...]
    blank_rows: int
    rows: int


def check(table: Table, *, already_issued: Collection[str] = frozenset()) -> ImportReport:
    """Judge every row of `table`.

    `already_issued` are the fingerprints of records that have a live credential; such rows are problems, so that the
    same file twice issues nothing twice.
    """
    good: list[tuple[int, CompletionRecord]] = []
    held: list[tuple[int, CompletionRecord]] = []
    problems: list[RowProblem] = []
    warnings: list[RowProblem] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        judged = _Row(table, row)
        record = judged.record()
        if record is not None:
            judged.refuse_repeated(record, seen, already_issued)
        problems += judged.problems
        if record is None or judged.problems:
            continue
        judged.warn_of_formulas()
        warnings += judged.warnings
        (held if judged.warnings else good).append((row.number, record))
    return ImportReport(
        tuple(good), tuple(held), tuple(problems), tuple(warnings),
        table.ignored_columns, table.blank_rows, len(table.rows),
    )  # fmt: skip


def fingerprint(record: CompletionRecord) -> str:
    """Return what makes two completions the same one: SHA-256 of the record's JCS form."""
    return hashlib.sha256(rfc8785.dumps(record.to_mapping())).hexdigest()


class _Row:
    """One row while it is judged."""

    def __init__(self, table: Table, row: TableRow) -> None:
        self._table, self._row = table, row
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []

    def record(self) -> CompletionRecord | None:
        """Read all cells and put them together; None when anything is wrong, and then `problems` says what."""
        self._refuse_extra_cells()
        values = {column.name: self._read(column) for column in COLUMNS}
        if self.problems:
            return None
        mapping = _mapping(values)
        for finding in records.check(mapping):
            self._add_finding(finding)
        return None if self.problems else CompletionRecord.from_mapping(mapping)

    def refuse_repeated(self, record: CompletionRecord, seen: dict[str, int], already_issued: Collection[str]) -> None:
        mark = fingerprint(record)
        email = COLUMNS[1]
        if mark in seen:
            reason = f"This row says the same as row {seen[mark]}."
            self._add(email, CellError("duplicate", reason, "Remove one of the two rows."))
        elif mark in already_issued:
            reason = "This completion has a credential already."
            self._add(
                email, CellError("already_issued", reason, "Remove the row; revoke the credential to issue anew.")
            )
        seen.setdefault(mark, self._row.number)

    def warn_of_formulas(self) -> None:
        for column in COLUMNS:
            text = self._cell(column)
            if column.kind == "name" and text.startswith(FORMULA_STARTS):
                reason = f"A person's name does not usually start with {text[0]!r}. It is kept literally."
                self.warnings.append(self._problem(column, CellError("looks_like_formula", reason, _WARN_REMEDY)))

    def _read(self, column: Column) -> Any:
        text = self._cell(column)
        if not text:
            if column.required:
                self._add(column, CellError("empty", "It is empty.", "Fill it in."))
            return None
        try:
            return cells.read(column, text)
        except CellError as fault:
            self._add(column, fault)
            return None

    def _cell(self, column: Column) -> str:
        place = self._table.columns.get(column.name)
        return self._row.cells[place].strip() if place is not None and place < len(self._row.cells) else ""

    def _refuse_extra_cells(self) -> None:
        extra = [cell for cell in self._row.cells[len(self._table.header) :] if cell.strip()]
        if extra:
            reason = f"The row has {len(self._row.cells)} cells, the header {len(self._table.header)}."
            remedy = "Put quotation marks round a text that holds the separator."
            column = f"column {len(self._table.header) + 1}"
            self.problems.append(
                RowProblem(self._row.number, self._row.line, column, shown(extra[0]), "too_many_cells", reason, remedy)
            )

    def _add_finding(self, finding: Finding) -> None:
        """Put a finding of the record's own rules to the column that it came from (the longest pointer that fits)."""
        fitting = [column for column in COLUMNS if (finding.pointer + "/").startswith(column.pointer + "/")]
        column = max(fitting, key=lambda column: len(column.pointer), default=COLUMNS[0])
        self._add(column, CellError(finding.code, finding.message, "Correct it."))

    def _add(self, column: Column, fault: CellError) -> None:
        self.problems.append(self._problem(column, fault))

    def _problem(self, column: Column, fault: CellError) -> RowProblem:
        place = self._table.columns.get(column.name)
        name = column.name if place is None else self._table.header[place]
        value = shown(self._cell(column))
        return RowProblem(self._row.number, self._row.line, name, value, fault.code, fault.reason, fault.remedy)


def _mapping(values: dict[str, Any]) -> dict[str, Any]:
    """Put the cells of a row into the JSON form of a completion record; what is absent is left out."""
    mapping: dict[str, Any] = {}
    for column in COLUMNS:
        value = values[column.name]
        if value is None or column.pointer.startswith("/deliverables/"):
            continue
        *parents, last = column.pointer.removeprefix("/").split("/")
        place = mapping
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = [{"name": name} for name in value] if column.name == "skills" else value
    mapping["project"].setdefault("language", DEFAULT_LANGUAGE)
    mapping.setdefault("permission", {}).setdefault("show", True)
    deliverable = {
        "title": values["deliverable_title"],
        "kind": values["deliverable_kind"] or DEFAULT_KIND,
        "url": values["deliverable_url"],
        "digest": values["deliverable_digest"],
    }
    mapping["deliverables"] = [{key: value for key, value in deliverable.items() if value is not None}]
    return mapping

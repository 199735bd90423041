"""Reads an uploaded CSV or spreadsheet file into rows of text: encoding, separator, header. Judges no cell.

Raises `BadTable` with one precise sentence when the file as a whole cannot be read.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from issuer.problems import BadTable, TableTooLarge
from issuer.services.importing.columns import REQUIRED, Column, recognise
from issuer.services.importing.problems import shown
from issuer.services.importing.sheets import read_sheet

#: A row of a real export has 0.6 kB; ten thousand of them stay well below.
MAX_BYTES = 16 * 1024 * 1024
#: One batch. Larger intakes are several files: a person confirms each, and can look through it.
MAX_ROWS = 10_000
#: Columns of a real export are under 40; more is no table of completions.
MAX_COLUMNS = 200

_DELIMITERS = (",", ";", "\t")
_DELIMITER_WORDS = {",": "comma", ";": "semicolon", "\t": "tab"}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF8_REMEDY = 'Save it again as "CSV UTF-8 (comma delimited)" and upload that file.'


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record of the file. `number`: header = 1, as a spreadsheet shows it. `line`: where it begins in the text."""

    number: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read: header as written, the place of each column that is known, and its rows of text."""

    filename: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    ignored_columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    blank_rows: int


def read_table(data: bytes, filename: str) -> Table:
    """Read a CSV file (comma, semicolon or tab; UTF-8 or UTF-16) or the first sheet of a spreadsheet.

    Raises `BadTable` or `TableTooLarge`.
    """
    if len(data) > MAX_BYTES:
        raise TableTooLarge(f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    if data.startswith((_ZIP, _OLE)):
        records, encoding, written = _sheet_records(data), "spreadsheet", "cells"
    else:
        text, encoding = _decode(data)
        delimiter = _delimiter(text)
        records, written = _records(text, delimiter), _DELIMITER_WORDS[delimiter]
    if not records:
        raise BadTable("the file is empty")
    header = tuple(cell.strip() for cell in records[0].cells)
    columns, ignored = _columns(header)
    rows = tuple(record for record in records[1:] if any(cell.strip() for cell in record.cells))
    if not rows:
        raise BadTable("the file has a header and no rows", row=2, remedy="Add one row for each student.")
    blank = len(records) - 1 - len(rows)
    return Table(filename, encoding, written, header, columns, ignored, rows, blank)


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise BadTable("the file is UTF-32 text", remedy=_UTF8_REMEDY)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_utf16(data, "utf-16")
    if 0 in data[:2] and len(data) > 1:
        # Text without a mark: in UTF-16 one of the first two bytes of an ASCII header is zero.
        return _decode_utf16(data, "utf-16-le" if data[1] == 0 else "utf-16-be")
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        raise _not_utf8(data) from None


def _decode_utf16(data: bytes, codec: str) -> tuple[str, str]:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise BadTable(f"the file is broken UTF-16 text at byte {error.start}", remedy=_UTF8_REMEDY) from None
    if "\0" in text:
        raise BadTable("the file is not text: it holds zero bytes", remedy=_UTF8_REMEDY)
    return text, "UTF-16"


def _not_utf8(data: bytes) -> BadTable:
    """Find the first cell that is not UTF-8: read byte by byte as Latin-1, then ask each cell for its bytes again."""
    text = data.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    delimiter = _delimiter(text)
    records = _records(text, delimiter)
    for record in records:
        for place, cell in enumerate(record.cells):
            try:
                cell.encode("latin-1").decode("utf-8")
            except UnicodeDecodeError:
                header = records[0].cells
                column = header[place] if place < len(header) else f"column {place + 1}"
                return BadTable(
                    f"row {record.number}, column {column}: the text is not UTF-8 "
                    f"(read as Latin-1 it would be {shown(cell)!r})",
                    row=record.number,
                    column=column,
                    value=shown(cell),
                    remedy=_UTF8_REMEDY,
                )
    return BadTable("the text is not UTF-8", remedy=_UTF8_REMEDY)


def _delimiter(text: str) -> str:
    """Choose the separator under which the header has most known columns, then most columns at all."""
    start = text[:100_000]

    def merit(delimiter: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return sum(recognise(cell) is not None for cell in header), len(header)

    return max(_DELIMITERS, key=merit)


def _records(text: str, delimiter: str) -> list[TableRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[TableRow] = []
    line = 1
    try:
        for cells in reader:
            # An empty line is a record to a spreadsheet program too, so row numbers stay as the person sees them.
            records.append(TableRow(len(records) + 1, line, tuple(cells)))
            line = reader.line_num + 1
            if len(records) > MAX_ROWS + 1:
                raise TableTooLarge(f"the file has more than {MAX_ROWS:,} rows")
    except csv.Error as error:
        raise BadTable(
            f"row {len(records) + 1} (line {line}) is not well-formed CSV: {error}",
            row=len(records) + 1,
            remedy="Look for a quotation mark that is not closed or not doubled, and save the file again.",
        ) from None
    return records


def _sheet_records(data: bytes) -> list[TableRow]:
    cells = read_sheet(data, rows=MAX_ROWS, columns=MAX_COLUMNS)
    if len(cells) > MAX_ROWS + 1:
        raise TableTooLarge(f"the sheet has more than {MAX_ROWS:,} rows")
    width = max((place for place, cell in enumerate(cells[0], 1) if cell.strip()), default=0) if cells else 0
    # A sheet is a rectangle: cells without a header on their right are no part of the row when they are empty.
    return [
        TableRow(number, number, tuple(row[:width] + [cell for cell in row[width:] if cell.strip()]))
        for number, row in enumerate(cells, start=1)
    ]


def _columns(header: tuple[str, ...]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return where each known column stands, and the headers that mean nothing to us."""
    if len(header) > MAX_COLUMNS:
        raise BadTable(f"the header has {len(header)} columns; at most {MAX_COLUMNS} are read", row=1)
    places: dict[str, int] = {}
    ignored: list[str] = []
    for place, title in enumerate(header):
        column = recognise(title)
        if column is None:
            if title:
                ignored.append(title)
        elif column.name in places:
            raise _twice(header, places[column.name], place, column)
        else:
            places[column.name] = place
    missing = [column.name for column in REQUIRED if column.name not in places]
    if missing:
        raise BadTable(
            f"row 1 has no column {' and no column '.join(missing)}",
            row=1,
            column=missing[0],
            remedy=f"Add the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} to the header row.",
        )
    return places, tuple(ignored)


def _twice(header: tuple[str, ...], first: int, second: int, column: Column) -> BadTable:
    return BadTable(
        f"row 1: the columns {header[first]!r} and {header[second]!r} both mean {column.name}",
        row=1,
        column=header[second],
        remedy="Remove or rename one of them.",
    )

"""Uploaded tables: what is read, and how exactly what is wrong is named."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from credentials.record import MAX_HOURS
from issuer.problems import BadTable, TableTooLarge
from issuer.services.importing import ImportReport, check, problems_csv, read_table, reading
from issuer.services.importing.columns import COLUMNS
from issuer.services.importing.problems import RowProblem, safe_cell
from tests.worlds.tables import GOOD_ROW, csv_bytes, rows


def judged(data: bytes) -> ImportReport:
    """Read and check."""
    return check(read_table(data, "test.csv"))


def one(**cells: str) -> ImportReport:
    """Judge one row that differs from the good one in these cells."""
    return judged(csv_bytes([{**GOOD_ROW, **cells}]))


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    """Row, column and code of every problem."""
    return [(problem.row, problem.column, problem.code) for problem in report.problems]


def test_all_of_the_sample_files_good_rows(shared_samples: Path) -> None:
    """60 of 60, and 25 of 25 of what a spreadsheet program wrote."""
    autumn = judged((shared_samples / "autumn-2026.csv").read_bytes())
    assert (len(autumn.good), autumn.problems, autumn.held, autumn.ignored_columns) == (60, (), (), ())
    excel = judged((shared_samples / "excel-export.csv").read_bytes())
    assert (len(excel.good), excel.problems, excel.ignored_columns) == (25, (), ("Internal note",))
    assert excel.good[0][1].start.isoformat() == "2026-09-25"


@pytest.mark.case("CSV-05")
def test_the_broken_sample_row_by_row(shared_samples: Path) -> None:
    """Every bad row by row, column and reason; the good ones are there."""
    report = judged((shared_samples / "broken.csv").read_bytes())
    assert codes(report) == [
        (3, "student_email", "not_an_email"),
        (4, "end_date", "no_such_day"),
        (5, "student_name", "empty"),
        (6, "hours", "not_a_number"),
        (7, "hours", "not_a_number"),
        (8, "end_date", "before_start"),
        (9, "skills", "empty"),
        (10, "student_email", "duplicate"),
        (12, "engagement_kind", "not_a_choice"),
        (13, "student_email", "line_break"),
        (14, "hours", "out_of_range"),
    ]
    assert all(problem.reason and problem.remedy for problem in report.problems)
    assert [number for number, _ in report.good] == [2, 15]
    assert [number for number, _ in report.held] == [11]
    assert [(warning.row, warning.code) for warning in report.warnings] == [(11, "looks_like_formula")]
    # After the cell of two lines in row 13 the line in the file is one further on than the row.
    assert [problem.line - problem.row for problem in report.problems if problem.row in (13, 14)] == [0, 1]


@pytest.mark.case("CSV-01")
@pytest.mark.parametrize("name", ['=HYPERLINK("https://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)"])
def test_formulas_are_kept_literally(name: str) -> None:
    """CSV-01: never evaluated, never changed; a person's name that looks like one is held for a person to see."""
    report = one(student_name=name)
    assert report.problems == ()
    assert report.held[0][1].student.name == name
    assert one(public_comment=name).good[0][1].public_comment == name


@pytest.mark.case("CSV-01")
@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1", "＝1"])
def test_exported_cells_are_not_evaluated(value: str) -> None:
    """CSV-01: on export a quotation mark in front, every cell quoted."""
    assert safe_cell(value) == "'" + value
    data = problems_csv([RowProblem(2, 2, "student_name", value, "code", "reason", "remedy")])
    record = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1]
    assert record[3] == "'" + value
    assert data.split(b"\r\n")[1].startswith(b'"2","2","student_name","\'')


@pytest.mark.case("CSV-02")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_separators(encoding: str, delimiter: str) -> None:
    """CSV-02: with or without byte order mark, in any mixture with the separators that programs write."""
    report = judged(csv_bytes([GOOD_ROW], encoding=encoding, delimiter=delimiter))
    assert report.good[0][1].student.name == GOOD_ROW["student_name"]


@pytest.mark.case("CSV-02")
def test_latin_1_is_refused_by_row_and_column() -> None:
    """CSV-02: the first cell that is not UTF-8 is named as the person sees it."""
    table = rows(3)
    table[1]["supervisor_name"] = "Jürgen Müller"
    with pytest.raises(BadTable) as caught:
        judged(_latin(table))
    assert (caught.value.row, caught.value.column) == (3, "supervisor_name")
    assert "UTF-8" in caught.value.remedy


def _latin(table: list[dict[str, str]]) -> bytes:
    plain = [{**row, "supervisor_name": row["supervisor_name"].replace("Ó", "O")} for row in table]
    return csv_bytes(plain, encoding="latin-1", delimiter=";")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet file cannot be read"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "UTF-32"),
        (b"\xff\xfea", "broken UTF-16"),
        (b"a,b\r\n1,2\r\n", "no column student_name"),
        (csv_bytes([GOOD_ROW]).split(b"\r\n")[0], "no rows"),
        (csv_bytes([GOOD_ROW]) + b'"open', "not well-formed"),
        (b"x" * (reading.MAX_BYTES + 1), "at most"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_precise_sentence(data: bytes, words: str) -> None:
    """One problem for the whole file, with a remedy, and no row looked at."""
    with pytest.raises(BadTable, match=words) as caught:
        judged(data)
    assert caught.value.remedy


def test_a_missing_column_is_named_and_a_doubled_one_too() -> None:
    """CSV-05: the header is judged before any row."""
    table = [{name: cell for name, cell in GOOD_ROW.items() if name != "hours"}]
    with pytest.raises(BadTable, match="no column hours"):
        judged(csv_bytes(table))
    with pytest.raises(BadTable, match="both mean student_name"):
        judged(csv_bytes([{**GOOD_ROW, "Full name": "x"}]))


def test_more_rows_than_a_batch_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is named; here it is set low."""
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert len(judged(csv_bytes(rows(3))).good) == 3
    with pytest.raises(TableTooLarge, match="3 rows"):
        judged(csv_bytes(rows(4)))


def test_headers_are_known_by_other_names_in_any_case() -> None:
    """Spaces, underscores and capitals do not matter; what is not known is reported, not read."""
    names = [name.replace("_", "  ").upper() for name in GOOD_ROW]
    report = judged(csv_bytes([{**GOOD_ROW, "Internal note": "secret"}], header=[*names, "Internal note"]))
    assert len(report.good) == 1
    assert report.ignored_columns == ("Internal note",)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("start_date", "05/24/2026", "ambiguous_date"),
        ("start_date", "2026-02-30", "no_such_day"),
        ("start_date", "31.13.2026", "no_such_day"),
        ("start_date", "yesterday", "not_a_date"),
        ("start_date", "٢٠٢٦-٠٥-٢٤", "not_a_date"),
        ("start_date", "1026-05-24", "implausible_date"),
        ("hours", "5_0", "not_a_number"),
        ("hours", "1e2", "not_a_number"),
        ("hours", "NaN", "not_a_number"),
        ("hours", "0", "out_of_range"),
        ("hours", str(MAX_HOURS + 1), "out_of_range"),
        ("team_size", "0", "not_a_number"),
        ("team_size", "two", "not_a_number"),
        ("student_email", "a@b", "not_an_email"),
        ("student_email", "a b@c.example", "not_an_email"),
        ("student_email", "a@c.example\nBcc: x@evil.example", "line_break"),
        ("student_name", "A\x00B", "control_character"),
        ("student_name", "A\x1bB", "control_character"),
        ("student_name", "x" * 201, "too_long"),
        ("project_title", "two\nlines", "line_break"),
        ("project_description", "x" * 8001, "too_long"),
        ("deliverable_url", "javascript:alert(1)", "not_a_link"),
        ("deliverable_url", "https://ä.example/", "not_a_link"),
        ("outcome", "perfect", "not_a_choice"),
        ("skills", " | | ", "empty"),
        ("awarded_date", "2026-06-01", "before_end"),
    ],
)
@pytest.mark.case("CSV-05")
def test_each_kind_of_wrong_cell(cell: str, value: str, code: str) -> None:
    """CSV-05: row 2, the column, the code, and nothing else."""
    report = one(**{cell: value})
    assert codes(report) == [(2, cell, code)]
    assert report.good == ()


@pytest.mark.parametrize(
    ("cell", "value", "pointer", "read"),
    [
        ("start_date", "24.05.2026", "start", "2026-05-24"),
        ("start_date", "2026-5-4", "start", "2026-05-04"),
        ("hours", "7,5", "hours", 7.5),
        ("hours", "31.0", "hours", 31),
        ("engagement_kind", "Paid_Contract", "engagement/kind", "paid contract"),
        ("hours_source", "Supervisor confirmed", "hours_source", "supervisor-confirmed"),
        ("student_name", "Jose\u0301", "student/name", "José"),
        ("student_name", "  Maya Lee ", "student/name", "Maya Lee"),
        ("student_name", "O'Brien & Søn <b>", "student/name", "O'Brien & Søn <b>"),
        ("project_description", "one\r\ntwo", "project/description", "one\ntwo"),
    ],
)
def test_cells_that_are_understood(cell: str, value: str, pointer: str, read: object) -> None:
    """What people write, and what it becomes."""
    found: object = one(**{cell: value}).good[0][1].to_mapping()
    for part in pointer.split("/"):
        assert isinstance(found, dict)
        found = found[part]
    assert found == read


def test_too_many_cells_point_at_the_separator() -> None:
    """A text with an unquoted comma shifts everything: said as what it is."""
    data = csv_bytes([GOOD_ROW]).rstrip(b"\r\n") + b",extra\r\n"
    assert [problem.code for problem in judged(data).problems] == ["too_many_cells"]


def test_blank_rows_are_counted_and_keep_their_numbers() -> None:
    """The row numbers stay those that the person sees."""
    head, first, *_ = csv_bytes(rows(1)).split(b"\r\n")
    bad = csv_bytes([{**GOOD_ROW, "hours": "x"}]).split(b"\r\n")[1]
    report = judged(b"\r\n".join([head, first, b"", b"," * 5, bad, b""]))
    assert (report.blank_rows, codes(report)) == (2, [(5, "hours", "not_a_number")])


def test_every_column_has_a_place_in_the_record() -> None:
    """And no header means two columns."""
    names = [name for column in COLUMNS for name in (column.name, *column.aliases)]
    assert len({name.replace("_", " ") for name in names}) == len(names)


def workbook(table: list[list[object]]) -> bytes:
    """Write the smallest XLSX file that holds these cells, numbers and dates as spreadsheets keep them."""
    lines = []
    for row in table:
        cells = []
        for cell in row:
            if isinstance(cell, date):
                cells.append(f'<c s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>')
            elif isinstance(cell, (int, float)):
                cells.append(f"<c><v>{cell}</v></c>")
            else:
                cells.append(f'<c t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>')
        lines.append(f"<row>{''.join(cells)}</row>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_spreadsheet_file_is_read_as_it_is() -> None:
    """Real dates and numbers in its cells; rows are numbered as the program shows them."""
    typed = {**GOOD_ROW, "start_date": date(2026, 5, 24), "hours": 7.5, "team_size": 2}
    bad = {**typed, "hours": "many", "student_name": "Somebody else"}
    report = judged(workbook([list(GOOD_ROW), list(typed.values()), list(bad.values())]))
    assert codes(report) == [(3, "hours", "not_a_number")]
    ((number, record),) = report.good
    assert (number, record.start.isoformat(), record.hours) == (2, "2026-05-24", 7.5)


def test_a_spreadsheet_that_unpacks_to_gigabytes_costs_a_child_only() -> None:
    """A zip bomb is refused with a clear word, in bounded time."""
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([list(GOOD_ROW)]))) as plain,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name in plain.namelist():
            if name.endswith("sheet1.xml"):
                with archive.open(name, "w", force_zip64=True) as part:
                    part.write(b"<worksheet><sheetData><row><c t='inlineStr'><is><t>")
                    for _ in range(1_200):
                        part.write(b"A" * 1_000_000)
            else:
                archive.writestr(name, plain.read(name))
    with pytest.raises(BadTable, match="spreadsheet"):
        judged(bomb.getvalue())

"""From a file to records in the console: what is wrong is named, and nothing is issued before the yes."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer import MAX_REQUEST_BYTES, worker
from issuer.services import batches, issuance, records
from keys.errors import SigningStopped
from tests.issuer.web.conftest import Site, csrf, row, table

PAGE = {"Accept": "text/html"}


def upload(client: FlaskClient, data: bytes, filename: str = "completions.csv") -> TestResponse:
    token = csrf(client.get("/console/upload"))
    return client.post(
        "/console/upload", data={"csrf_token": token, "file": (io.BytesIO(data), filename)}, headers=PAGE
    )


def post(client: FlaskClient, path: str, **data: str) -> TestResponse:
    token = csrf(client.get("/console/upload"))
    return client.post(path, data={"csrf_token": token, **data}, headers=PAGE)


def rows_of(page: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, as a reader sees them."""
    section = page[page.index(f">{heading}</h2>") :]
    section = section[: section.index("</table>")]
    found = re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)[1:]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", one, re.DOTALL) for one in found]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in one] for one in cells]


def issued_count(site: Site) -> int:
    return len(records.list_recent(site.instance, site.world.organisation.id, limit=1_000))


def test_from_a_file_to_records(site: Site) -> None:
    client = site.signed_in()
    answer = upload(client, table(row(), row("Zoë van der Berg", student_email="zoe@students.example")))
    assert answer.status_code == 303
    place = answer.headers["Location"]
    page = client.get(place, headers=PAGE)
    assert "Issue 2 records" in page.text
    assert issued_count(site) == 0

    preview = client.get(f"{place}/preview.png")
    assert preview.mimetype == "image/png"
    assert preview.data.startswith(b"\x89PNG")
    assert issued_count(site) == 0, "a preview issues nothing"

    assert post(client, f"{place}/confirm").status_code == 303
    waiting = client.get(place, headers=PAGE)
    assert '<meta http-equiv="refresh"' in waiting.text
    assert client.get(f"{place}/progress.json").json == {
        "state": "running", "total": 2, "rows": 2, "bad": 0, "issued": 0, "failed": 0, "done": 0,
    }  # fmt: skip

    worker.work_once(site.instance)
    assert client.get(f"{place}/progress.json").json["state"] == "done"  # type: ignore[index]
    done = client.get(place, headers=PAGE).text
    assert [cells[:3] for cells in rows_of(done, "The records")] == [
        ["Maya Lee", "Churn dashboard for a SaaS support team", "Valid"],
        ["Zoë van der Berg", "Churn dashboard for a SaaS support team", "Valid"],
    ]
    for link in re.findall(r'href="(/c/[^"]+)"', done):
        assert client.get(link, headers=PAGE).status_code == 200


def test_confirming_twice_issues_once(site: Site) -> None:
    client = site.signed_in()
    place = f"/console/batches/{site.draft(row())}"
    for _ in range(2):
        assert post(client, f"{place}/confirm").status_code == 303
    worker.work_once(site.instance)
    assert post(client, f"{place}/confirm").status_code == 303
    worker.work_once(site.instance)
    assert issued_count(site) == 1


@pytest.mark.case("CSV-05")
def test_every_bad_row_of_the_broken_sample_is_named(site: Site, shared_samples: Path) -> None:
    client = site.signed_in()
    answer = upload(client, (shared_samples / "broken.csv").read_bytes(), "broken.csv")
    page = client.get(answer.headers["Location"], headers=PAGE).text
    found = rows_of(page, "What needs attention")
    assert {(cells[0], cells[1]) for cells in found} >= {
        ("3", "student_email"), ("4", "end_date"), ("5", "student_name"), ("6", "hours"), ("7", "hours"),
        ("9", "skills"), ("12", "engagement_kind"), ("13", "student_email"), ("14", "hours"),
    }  # fmt: skip
    assert all(len(cells) == 5 and cells[3] and cells[4] for cells in found), "each has a reason and a remedy"
    assert ["4", "end_date", "31.02.2026"] in [cells[:3] for cells in found]
    assert issued_count(site) == 0


@pytest.mark.case("CSV-01")
def test_a_name_that_looks_like_a_formula_waits_for_a_yes_and_is_kept_literally(site: Site) -> None:
    client = site.signed_in()
    formula = '=HYPERLINK("https://evil.example","x")'
    batch = site.draft(row(formula), row("Zoë", student_email="z@students.example"))
    page = client.get(f"/console/batches/{batch}", headers=PAGE).text
    assert rows_of(page, "Is this what you mean?")[0][:3] == ["2", "student_name", formula]
    assert "Issue 1 record<" in page
    post(client, f"/console/batches/{batch}/confirm", include_held="yes")
    issuance.issue_batch(site.instance, batch)
    names = {record.student_name for record in records.list_recent(site.instance, site.world.organisation.id)}
    assert names == {formula, "Zoë"}


@pytest.mark.case("CSV-01")
def test_the_list_of_problems_is_safe_to_open_in_a_spreadsheet_program(site: Site) -> None:
    batch = site.draft(row(), row("X", student_email="=1+1", hours="@SUM(A1)"))
    answer = site.signed_in().get(f"/console/batches/{batch}/problems.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="problems.csv"'
    cells = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {"'=1+1", "'@SUM(A1)"} <= {cell for line in cells for cell in line}
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in cells[1:] for cell in line)


@pytest.mark.case("KEY-02", "KEY-04")
def test_while_nothing_can_be_signed_a_yes_is_not_accepted_and_the_page_says_why(site: Site) -> None:
    client = site.signed_in()
    batch, other = site.draft(row()), site.draft(row("Zoë", student_email="z@students.example"))
    post(client, f"/console/batches/{other}/confirm")
    site.instance.keyring().stop("a drill")
    answer = post(client, f"/console/batches/{batch}/confirm")
    assert answer.status_code == 503
    assert batches.get(site.instance, batch).state == "draft"
    running = client.get(f"/console/batches/{other}", headers=PAGE).text
    assert SigningStopped.title in running
    site.instance.keyring().resume()
    assert post(client, f"/console/batches/{batch}/confirm").status_code == 303
    assert SigningStopped.title not in client.get(f"/console/batches/{other}", headers=PAGE).text


def test_a_draft_can_be_discarded_and_a_confirmed_batch_cannot(site: Site) -> None:
    client = site.signed_in()
    draft = site.draft(row())
    assert post(client, f"/console/batches/{draft}/discard").status_code == 303
    assert "Nothing was issued" in client.get("/console", headers=PAGE).text
    assert "Discarded" in client.get(f"/console/batches/{draft}", headers=PAGE).text
    assert post(client, f"/console/batches/{draft}/confirm").status_code == 409
    other = site.draft(row("Zoë", student_email="z@students.example"))
    batches.confirm(site.instance, other, actor="user 1")
    assert post(client, f"/console/batches/{other}/discard").status_code == 409
    assert issued_count(site) == 0


def test_a_file_without_a_good_row_offers_no_button(site: Site) -> None:
    batch = site.draft(row(hours="many"))
    client = site.signed_in()
    page = client.get(f"/console/batches/{batch}", headers=PAGE).text
    assert "No row can be issued" in page
    assert "/confirm" not in page
    assert post(client, f"/console/batches/{batch}/confirm").status_code == 409


@pytest.mark.case("CSV-02", "CSV-05")
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"a,b,c\n1,2,3\n", "column"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"student_name\xe9,x\nJos\xe9,y\n", "UTF-8"),
        (b"\x00\x01\x02\x03" * 50, ""),
        (b'"' * 10_001, ""),
        (table(row())[:200], ""),
        (b"\xff\xfe" + b"\x00\xd8" * 9, ""),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_page_with_the_reason(site: Site, data: bytes, said: str) -> None:
    answer = upload(site.signed_in(), data)
    assert answer.status_code == 422
    notice = re.search(r'role="alert"[^>]*>(.*?)</div>', answer.text, re.DOTALL)
    assert notice is not None
    assert said in notice[1]
    assert batches.list_recent(site.instance, site.world.organisation.id) == []


def test_no_file_at_all_is_said_so(site: Site) -> None:
    answer = post(site.signed_in(), "/console/upload")
    assert answer.status_code == 422
    assert "No file was chosen" in answer.text


@pytest.mark.case("UPL-08")
def test_what_is_too_large_is_refused_unread(site: Site) -> None:
    client = site.signed_in()
    answer = client.post(
        "/console/upload", data={"file": (io.BytesIO(b"x" * (MAX_REQUEST_BYTES + 1)), "big.csv")}, headers=PAGE
    )
    assert answer.status_code == 413
    fields = client.post("/login", data={f"f{n}": "x" for n in range(10_001)}, content_type="multipart/form-data")
    assert fields.status_code == 413
    text = client.post("/login", data={"email": "x" * 600_000}, content_type="multipart/form-data")
    assert text.status_code == 413


@pytest.mark.parametrize(
    "filename", ["../../etc/passwd", "a\x00b.csv", "<img src=x>.csv", "x" * 400 + ".csv", "..", "C:\\files\\June.csv"]
)
def test_the_name_of_a_file_is_only_a_label(site: Site, filename: str) -> None:
    client = site.signed_in()
    answer = upload(client, table(row()), filename)
    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        page = client.get(answer.headers["Location"], headers=PAGE)
        assert page.status_code == 200
        assert "<img src=x>" not in page.text


def test_withdrawing_takes_a_reason_a_look_and_a_yes(site: Site) -> None:
    issued = site.issue(row())[0]
    client = site.signed_in()
    place = f"/console/records/{issued}/withdraw"
    empty = post(client, place, reason="   ", step="confirm")
    assert empty.status_code == 422
    assert "Please give a reason" in empty.text
    assert post(client, place, reason="x" * 501, step="confirm").status_code == 422
    look = post(client, place, reason="Hours were <b>booked</b> twice.", step="preview")
    assert look.status_code == 200
    assert "Hours were &lt;b&gt;booked&lt;/b&gt; twice." in look.text
    assert records.get(site.instance, issued).state == "valid", "looking changes nothing"
    assert post(client, place, reason="Hours were <b>booked</b> twice.", step="confirm").status_code == 303
    withdrawn = records.get(site.instance, issued)
    assert (withdrawn.state, withdrawn.reason) == ("revoked", "Hours were <b>booked</b> twice.")
    page = client.get(f"/console/records/{issued}", headers=PAGE).text
    assert "Withdrawn" in page
    assert f"/console/records/{issued}/suspend" not in page
    assert post(client, f"/console/records/{issued}/restore").status_code == 409


def test_a_suspended_record_can_be_restored(site: Site) -> None:
    issued = site.issue(row())[0]
    client = site.signed_in()
    assert (
        post(client, f"/console/records/{issued}/suspend", reason="A question is open.", step="confirm").status_code
        == 303
    )
    assert records.get(site.instance, issued).state == "suspended"
    assert "Restore the record" in client.get(f"/console/records/{issued}", headers=PAGE).text
    assert post(client, f"/console/records/{issued}/restore").status_code == 303
    assert records.get(site.instance, issued).state == "valid"
    changes = [change.to_state for change in records.history(site.instance, issued)]
    assert changes == ["suspended", "valid"]


def test_records_come_a_page_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("issuer.views.console.PAGE", 2)
    site.issue(*(row(f"Student {n}", student_email=f"s{n}@students.example") for n in range(5)))
    client = site.signed_in()
    path: str | None = "/console/records"
    seen: list[str] = []
    while path:
        page = client.get(path, headers=PAGE).text
        seen += re.findall(r"Student \d", page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path = html.unescape(older[1]) if older else None
    assert sorted(seen) == [f"Student {n}" for n in range(5)]


@pytest.mark.parametrize("before", ["x", "a" * 26, "é", "'; DROP TABLE credentials --", ""])
def test_a_bad_place_in_the_list_is_no_error_of_ours(site: Site, before: str) -> None:
    answer = site.signed_in().get("/console/records", query_string={"before": before}, headers=PAGE)
    assert answer.status_code == (404 if before else 200)


def test_the_example_file_passes_the_check(site: Site) -> None:
    client = site.signed_in()
    example = client.get("/console/example.csv")
    answer = upload(client, example.data, "example.csv")
    page = client.get(answer.headers["Location"], headers=PAGE).text
    assert "What needs attention" not in page
    assert "Issue 12 records" in page

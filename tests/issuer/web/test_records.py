"""A record's public pages: verified each time, the same bytes however asked for, nothing withdrawn to paste."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import text

from credentials import strict_json
from issuer.db.engine import writing
from issuer.services import did_history, organisations, records, revocation
from tests.issuer.web.conftest import Site, row

PAGE = {"Accept": "text/html"}


def words(answer_text: str) -> str:
    """What a reader sees: no tags, entities resolved, spaces collapsed."""
    main = answer_text[answer_text.index("<main") :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def verdict(answer_text: str) -> str:
    found = re.search(r'class="verdict__word">([^<]+)<', answer_text)
    assert found is not None
    return found[1]


def test_the_page_says_who_vouches_for_whom_and_that_it_was_checked(site: Site) -> None:
    issued = site.issue(row())[0]
    answer = site.anonymous().get(f"/c/{issued}", headers=PAGE)
    assert answer.status_code == 200
    assert verdict(answer.text) == "Valid"
    shown = words(answer.text)
    for expected in (
        "Acme Ltd",
        "Maya Lee",
        "Churn dashboard for a SaaS support team",
        "31 hours",
        "Óscar Ibarra",
        "Dashboard",
    ):
        assert expected in shown
    assert shown.count("Passed") == 8


def test_every_look_is_a_new_check(site: Site) -> None:
    """Bytes that were changed in the database are found out, and nothing of them is shown as fact (OUT-04)."""
    issued = site.issue(row())[0]
    client = site.anonymous()
    assert verdict(client.get(f"/c/{issued}", headers=PAGE).text) == "Valid"
    forged = records.get(site.instance, issued).credential.replace(b"Maya Lee", b"Mara Lee")
    with writing(site.instance.engine) as connection:  # by somebody who has the database file itself
        guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'credentials'"
        for guard in connection.execute(text(guards)).scalars().all():
            connection.execute(text(f'DROP TRIGGER "{guard}"'))
        connection.execute(text("UPDATE credentials SET signed = :signed"), {"signed": forged})
    answer = client.get(f"/c/{issued}", headers=PAGE)
    assert verdict(answer.text) == "Changed after signing"
    assert "Mara Lee" not in answer.text
    assert "linkedin" not in answer.text.casefold()
    assert "resume-line" not in answer.text


@pytest.mark.parametrize(
    "accept", ["application/vc+json", "application/ld+json", "application/json", "application/json, text/html;q=0.5"]
)
def test_json_is_exactly_what_was_signed(site: Site, accept: str) -> None:
    issued = site.issue(row("محمد الزهراني"))[0]
    stored = records.get(site.instance, issued).credential
    client = site.anonymous()
    negotiated = client.get(f"/c/{issued}", headers={"Accept": accept})
    assert negotiated.data == client.get(f"/c/{issued}.json").data == stored
    assert negotiated.mimetype == accept.partition(",")[0]
    assert "Accept" in negotiated.headers["Vary"]
    assert negotiated.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", ""]
)
def test_a_browser_gets_the_page(site: Site, accept: str) -> None:
    issued = site.issue(row())[0]
    assert site.anonymous().get(f"/c/{issued}", headers={"Accept": accept}).mimetype == "text/html"


def test_a_second_fetch_is_answered_with_not_modified(site: Site) -> None:
    issued = site.issue(row())[0]
    client = site.anonymous()
    first = client.get(f"/c/{issued}.json")
    again = client.get(f"/c/{issued}.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_certificate_opens_and_its_picture_is_one(site: Site) -> None:
    issued = site.issue(row())[0]
    client = site.anonymous()
    answer = client.get(f"/c/{issued}.pdf")
    assert answer.mimetype == "application/pdf"
    code = records.get(site.instance, issued).human_code.lower()
    assert answer.headers["Content-Disposition"] == f'inline; filename="certificate-{code}.pdf"'
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) == 1
    picture = client.get(f"/c/{issued}.png")
    assert picture.data.startswith(b"\x89PNG")


def test_linkedin_is_filled_in_and_the_line_can_be_copied(site: Site) -> None:
    issued = site.issue(row(project_title="R&D survey: 30% faster?"))[0]
    record = records.get(site.instance, issued)
    page = site.anonymous().get(f"/c/{issued}", headers=PAGE).text
    link = html.unescape(re.search(r'href="(https://www\.linkedin\.com/[^"]+)"', page)[1])  # type: ignore[index]
    assert urlsplit(link).path == "/profile/add"
    assert parse_qs(urlsplit(link).query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["R&D survey: 30% faster?"],
        "organizationName": ["Acme Ltd"],
        "issueYear": ["2026"],
        "issueMonth": ["6"],
        "certUrl": [record.url],
        "certId": [record.human_code],
    }
    line = html.unescape(re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)[1])  # type: ignore[index]
    assert line == (
        "Data intern, R&D survey: 30% faster? – Acme Ltd (micro-internship, 31 hours, 24 May – 11 June 2026). "
        f"Signed record: {record.url}"
    )
    assert f"/verify?url={record.url.replace(':', '%3A').replace('/', '%2F')}" in page


def test_a_simulated_project_is_not_called_an_internship(site: Site) -> None:
    issued = site.issue(row(engagement_kind="simulated"))[0]
    page = site.anonymous().get(f"/c/{issued}", headers=PAGE).text
    line = html.unescape(re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)[1])  # type: ignore[index]
    assert "simulated project" in line
    assert "internship" not in line


def test_previews_and_structured_data_say_what_was_verified(site: Site) -> None:
    issued = site.issue(row("</script><b>x"))[0]
    page = site.anonymous().get(f"/c/{issued}", headers=PAGE).text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    data = json.loads(block[1])
    assert data["@type"] == "EducationalOccupationalCredential"
    assert data["name"] == "Churn dashboard for a SaaS support team"
    assert data["recognizedBy"]["name"] == "Acme Ltd"
    url = records.get(site.instance, issued).url
    properties = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)"', page))
    assert properties["og:url"] == url
    assert properties["og:image"] == f"{url}.png"
    assert html.unescape(properties["og:title"]) == "</script><b>x · Churn dashboard for a SaaS support team"
    assert "confirms that" in properties["og:description"]


def test_a_withdrawn_record_shows_date_and_reason_and_offers_nothing_to_paste(site: Site) -> None:
    issued = site.issue(row())[0]
    site.world.clock.move(days=2)
    revocation.revoke(site.instance, issued, "The hours were booked twice & <b>wrong</b>.", actor="user 1")
    client = site.anonymous()
    answer = client.get(f"/c/{issued}", headers=PAGE)
    assert verdict(answer.text) == "Withdrawn"
    shown = words(answer.text)
    assert "25 November 2026" in shown
    assert "The hours were booked twice & <b>wrong</b>." in shown
    for absent in ("linkedin", "resume-line", "og:image", "ld+json", ".png"):
        assert absent not in answer.text.casefold()
    assert client.get(f"/c/{issued}.png").status_code == 404
    assert client.get(f"/c/{issued}.json").data == records.get(site.instance, issued).credential


def test_a_suspension_is_not_called_a_withdrawal(site: Site) -> None:
    issued = site.issue(row())[0]
    revocation.suspend(site.instance, issued, "We are looking into it.", actor="user 1")
    client = site.anonymous()
    answer = client.get(f"/c/{issued}", headers=PAGE)
    assert verdict(answer.text) == "Suspended"
    assert "We are looking into it." in words(answer.text)
    revocation.unsuspend(site.instance, issued, actor="user 1")
    assert verdict(client.get(f"/c/{issued}", headers=PAGE).text) == "Valid"


@pytest.mark.case("TPL-01", "WEB-01")
def test_hostile_names_are_shown_literally(site: Site, security_cases: Path) -> None:
    cases = json.loads((security_cases / "corpora" / "names.json").read_bytes())
    names = {case["id"]: case["in"] for case in cases if "\r" not in case["in"]}
    assert len(names) >= 7
    issued = site.issue(*(row(name, student_email=f"s{n}@students.example") for n, name in enumerate(names.values())))
    client = site.signed_in()
    for name, credential_id in zip(names.values(), issued, strict=True):
        record = records.get(site.instance, credential_id)
        signed = strict_json.loads_object(record.credential)["credentialSubject"]["identifier"][0]["identityHash"]
        for path in (
            f"/c/{credential_id}",
            f"/p/{record.portfolio_slug}",
            f"/console/records/{credential_id}",
            "/console/records",
        ):
            page = client.get(path, headers=PAGE).text
            assert signed in words(page), (path, name)
            assert "<script>alert" not in page
            assert "<img src=file" not in page
        assert client.get(f"/c/{credential_id}.json").data == record.credential


@pytest.mark.case("TPL-04")
def test_template_syntax_in_any_text_is_text(site: Site) -> None:
    syntax = "{{7*7}}{% include 'x' %}{{ config }}{{ ''.__class__.__mro__ }}"
    issued = site.issue(
        row(
            project_title=syntax,
            project_description=syntax,
            acceptance_criteria=syntax,
            public_comment=syntax,
            role=syntax,
        )
    )[0]
    revocation.suspend(site.instance, issued, syntax, actor="user 1")
    page = site.anonymous().get(f"/c/{issued}", headers=PAGE).text
    assert syntax in words(page)
    assert "49{" not in words(page)


def test_a_portfolio_shows_the_status_of_each_record(site: Site) -> None:
    first, second = site.issue(row(), row(project_title="Cash-flow model", role="Finance intern"))
    slug = records.get(site.instance, first).portfolio_slug
    assert records.get(site.instance, second).portfolio_slug == slug
    revocation.revoke(site.instance, second, "Wrong student.", actor="user 1")
    answer = site.anonymous().get(f"/p/{slug}", headers=PAGE)
    assert re.findall(r'<span class="status status--(\w+)">([^<]+)</span>', answer.text) in (
        [("good", "Valid"), ("bad", "Withdrawn")],
        [("bad", "Withdrawn"), ("good", "Valid")],
    )
    assert "Maya Lee" in words(answer.text)
    assert "maya@students.example" not in answer.text


def test_the_record_page_does_not_lead_to_the_portfolio(site: Site) -> None:
    """Whoever gets one record is not given all of them."""
    issued = site.issue(row())[0]
    assert "/p/" not in site.anonymous().get(f"/c/{issued}", headers=PAGE).text


def test_what_a_credential_points_at_is_served(site: Site) -> None:
    issued = site.issue(row())[0]
    client = site.anonymous()
    document = strict_json.loads_object(records.get(site.instance, issued).credential)
    achievement = document["credentialSubject"]["achievement"]
    for url, expected in (
        (achievement["id"], "Explain churn of 1,800 accounts"),
        (achievement["alignment"][0]["targetUrl"], achievement["alignment"][0]["targetName"]),
        (document["credentialStatus"]["statusListCredential"], "encodedList"),
    ):
        answer = client.get(url.removeprefix("http://localhost:8000"), headers=PAGE)
        assert answer.status_code == 200, url
        assert expected in html.unescape(answer.text)
        assert "Maya Lee" not in answer.text


def test_machine_documents_can_be_cached_and_read_by_any_script(site: Site) -> None:
    issued = site.issue(row())[0]
    document = strict_json.loads_object(records.get(site.instance, issued).credential)
    status_list = document["credentialStatus"]["statusListCredential"]
    client = site.anonymous()
    assert client.get("/o/acme/did.jsonl").status_code == 404, "no history is published until somebody asks"
    did_history.publish(site.instance, organisations.get(site.instance, "acme"), actor="test")
    for path, mimetype, age in (
        ("/o/acme/did.json", "application/did+json", 300),
        ("/o/acme/did.jsonl", "text/jsonl", 300),
        (status_list.removeprefix("http://localhost:8000"), "application/vc+json", 60),
        ("/contexts/plaudit/v1", "application/ld+json", 31_536_000),
        ("/schemas/completion/v1.json", "application/schema+json", 31_536_000),
        ("/schemas/credential/v1.json", "application/schema+json", 31_536_000),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, mimetype), path
        assert answer.headers["Cache-Control"] == f"public, max-age={age}"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_context_is_the_pinned_file(site: Site) -> None:
    import schemas

    served = site.anonymous().get("/contexts/plaudit/v1").data
    assert served == (schemas.FOLDER / "contexts" / "plaudit-v1.json").read_bytes()


def test_the_code_for_a_resume_leads_to_the_record_while_it_stands(site: Site) -> None:
    issued = site.issue(row())[0]
    answer = site.anonymous().get(f"/c/{issued}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    (read,) = zxingcpp.read_barcodes(drawn(answer.data))
    assert read.text == records.get(site.instance, issued).url
    revocation.revoke(site.instance, issued, "A mistake", actor="test")
    assert site.anonymous().get(f"/c/{issued}/qr.svg").status_code == 404


def drawn(svg: bytes) -> Image.Image:
    """Rasterise a QR code's SVG, whose only path is made of unit squares."""
    size = int(re.search(rb'viewBox="0 0 ([0-9]+) ', svg)[1])  # type: ignore[index]
    picture = Image.new("L", (size, size), 255)
    for x, y in re.findall(rb"M([0-9]+),([0-9]+)H", svg):
        picture.putpixel((int(x), int(y)), 0)
    return picture.resize((size * 8, size * 8), Image.Resampling.NEAREST)

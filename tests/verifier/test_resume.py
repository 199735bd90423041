"""A résumé becomes one table: every link and QR code that leads to a credential, with its place and its verdict."""

from __future__ import annotations

import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from credentials.ports import Fetched
from tests.verifier import files, pictures, resumes, situations
from tests.verifier.conftest import MakeClient
from tests.verifier.pages import Page
from tests.worlds import tokens
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier.many import Effort
from verifier.reading import leads, resume_pdf
from verifier.reading.places import Place

API = "/api/v1/verify/resume"
ONE, TWO, THREE = (f"https://employer.example/c/{name}" for name in ("one", "two", "three"))


def world() -> tuple[MemoryWeb, Issuer]:
    """Three credentials of one employer: the second is withdrawn, the third altered. And a profile that is none."""
    issuer = Issuer(MemoryWeb())
    for index, address in enumerate((ONE, TWO, THREE), 11):
        document = {**issuer.unsigned(index), "id": address}
        signed = to_bytes(issuer.issue(document))
        issuer.web.put(address, signed.replace(b'"31"', b'"91"') if address == THREE else signed)
    issuer.revoke(12)
    issuer.web.put("https://profile.example/amara", b"<!doctype html><title>Amara</title>")
    issuer.web.put("https://profile.example/data", b'{"name": "Amara"}')
    return issuer.web, issuer


def posted(client: Any, data: bytes) -> dict[str, Any]:
    response = client.post(API, data=data, content_type="application/pdf")
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    return answer


def told(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(claim["given"], claim["verdict"]) for claim in answer["claims"]]


# --- finding --------------------------------------------------------------------------------------------------------


def test_links_and_codes_are_found_with_page_and_place() -> None:
    data = resumes.pdf(resumes.link(ONE) + resumes.printed(TWO), resumes.code(THREE))
    found = resume_pdf.leads_in(data)
    assert [(lead.text, lead.by) for lead in found.found] == [(ONE, "link"), (TWO, "link"), (THREE, "QR code")]
    assert (found.pages, found.pages_read) == (2, 2)
    places = [lead.place for lead in found.found]
    assert [place.page for place in places if place] == [1, 1, 2]
    clicked, written, scanned = (place for place in places if place)
    assert clicked.right == 20, "the left margin"
    assert 25 < clicked.down < written.down < clicked.down + 15
    assert 20 <= scanned.right <= 25
    assert leads.decode(leads.encode(found)) == found


def test_the_place_on_a_turned_page_is_the_one_that_is_seen() -> None:
    import pikepdf

    out = BytesIO()
    with pikepdf.open(BytesIO(resumes.pdf(resumes.link(ONE)))) as document:
        document.pages[0].Rotate = 90
        document.save(out)
    upright = resume_pdf.leads_in(resumes.pdf(resumes.link(ONE))).found[0].place
    turned = resume_pdf.leads_in(out.getvalue()).found[0].place
    assert upright is not None
    assert turned is not None
    assert turned.down == upright.right
    assert abs(turned.right - (297 - upright.down)) <= 1


@pytest.mark.parametrize(("text", "expected"), [
    ("see https://a.example/c/1.", [("https://a.example/c/1", 1, 5)]),
    ("(https://a.example/c/(1))", [("https://a.example/c/(1)", 1, 2)]),
    ("[x](https://a.example/c), <https://b.example>", [("https://a.example/c", 1, 5), ("https://b.example", 1, 28)]),
    ("one\n\n  “https://a.example/?q=1”!", [("https://a.example/?q=1", 3, 4)]),
    ("mail amara@a.example, ftp://a.example/", []),
])  # fmt: skip
def test_links_in_a_text_are_found_with_line_and_column(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert [(lead.text, lead.place) for lead in leads.in_text(text).found] == [
        (address, Place(0, column, line)) for address, line, column in expected
    ]


@pytest.mark.case("UPL-03")
def test_malformed_pdfs_end_in_a_child_with_an_answer_in_words(client_for: MakeClient) -> None:
    client = client_for(MemoryWeb(), reader=None)
    for data in (b"%PDF-1.7\nnonsense", resumes.pdf("x")[:-200], files.pdf_with_stream(b"x", "/FlateDecode")):
        response = client.post(API, data=data, content_type="application/pdf")
        assert response.status_code in (200, 422)
        assert response.get_json().get("claims", []) == []


# --- judging --------------------------------------------------------------------------------------------------------


def test_every_claim_is_judged_and_what_is_no_credential_is_not_listed(client_for: MakeClient) -> None:
    web, _ = world()
    first = resumes.link(ONE) + resumes.printed("https://profile.example/amara") + resumes.code(TWO)
    second = resumes.link(THREE) + resumes.printed("https://profile.example/data") + resumes.link(ONE, "again")
    answer = posted(client_for(web), resumes.pdf(first, second))
    assert told(answer) == [(ONE, "valid"), (f"{TWO} (QR code)", "withdrawn"), (THREE, "altered")]
    assert [place["page"] for place in answer["claims"][0]["places"]] == [1, 2]
    assert [claim["number"] for claim in answer["claims"]] == [1, 2, 3]
    assert answer["claims"][0]["student"] == situations.STUDENT
    assert answer["claims"][0]["who"] == "Employer Example (employer.example)"
    assert answer["claims"][2]["student"] == "", "what was altered is not shown"
    assert [check["number"] for check in answer["claims"][0]["report"]["checks"]] == list(range(1, 9))
    assert answer["notOpened"] == []
    assert (answer["linksOpened"], answer["linksLeftOut"]) == (5, 0)


def test_each_address_is_asked_once(client_for: MakeClient) -> None:
    web, _ = world()
    posted(
        client_for(web), resumes.pdf(resumes.link(ONE) + resumes.printed(ONE) + resumes.code(ONE) + resumes.link(TWO))
    )
    assert sorted(web.asked) == sorted(set(web.asked))


@pytest.mark.parametrize("name", situations.ALL)
def test_a_claim_has_the_verdict_of_the_pasted_link(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    situation.web.put(ONE, situation.credential)
    answer = posted(client_for(situation.web), resumes.pdf(resumes.link(ONE)))
    expected = [] if name == "not a credential" else [(ONE, situation.verdict.id)]
    assert told(answer) == expected


def test_a_printed_link_and_our_code_for_it_are_one_claim(client_for: MakeClient) -> None:
    web, _ = world()
    answer = posted(client_for(web), resumes.pdf(resumes.link(ONE) + resumes.code(f"{ONE}#0123456789")))
    assert told(answer) == [(ONE, "valid")]
    assert answer["linksOpened"] == 1


def test_one_credential_at_two_addresses_is_one_claim(client_for: MakeClient) -> None:
    web, _ = world()
    web.put(f"{ONE}.json", web.body(ONE))
    answer = posted(client_for(web), resumes.pdf(resumes.link(ONE), resumes.code(f"{ONE}.json")))
    assert told(answer) == [(ONE, "valid")]
    assert [place["page"] for place in answer["claims"][0]["places"]] == [1, 2]


def test_what_could_not_be_opened_is_said(client_for: MakeClient) -> None:
    web, _ = world()
    web.hang(TWO)
    web.forbid("https://inside.example/")
    answer = posted(client_for(web), resumes.pdf(resumes.link(TWO) + resumes.printed("https://inside.example/")))
    assert answer["claims"] == []
    assert [(row["given"], row["verdict"], row["code"]) for row in answer["notOpened"]] == [
        (TWO, "not_opened", "unreachable"),
        ("https://inside.example/", "not_opened", "refused"),
    ]


def test_what_a_limit_left_out_is_said(client_for: MakeClient) -> None:
    web, _ = world()
    many = "\n".join(f"https://many.example/{number}" for number in range(55)).encode()
    answer = client_for(web).post(API, data=many, content_type="text/plain").get_json()
    assert (answer["linksOpened"], answer["linksLeftOut"]) == (40, 15)
    assert len(web.asked) == 40
    long = client_for(web).post("/verify/resume", data={"file": (BytesIO(resumes.pdf(*["x"] * 14)), "x")})
    assert "The pages after page 12 were not looked at." in Page(long.text).html


def test_when_time_runs_out_the_rest_is_not_checked(client_for: MakeClient) -> None:
    """One address never answers; the others are judged, and nothing is guessed of the one."""
    web, _ = world()
    release = threading.Event()

    class Silent(MemoryWeb):
        def fetch(self, url: str) -> Fetched:
            if url == TWO:
                release.wait(20)
            return web.fetch(url)

    client = client_for(Silent(), effort=Effort(seconds=1.0))
    answer = posted(client, resumes.pdf(resumes.link(ONE) + resumes.link(TWO)))
    release.set()
    assert told(answer) == [(ONE, "valid")]
    assert [(row["given"], row["verdict"], row["reason"]) for row in answer["notOpened"]] == [
        (TWO, "not_checked", "Not checked: time ran out.")
    ]


@pytest.mark.parametrize(("data", "code"), [
    (b"", "nothing_given"),
    (b"PK\x03\x04word/document.xml", "resume_not_read"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "resume_not_read"),
    (b"\xff\xfeh\0i\0", "resume_not_read"),
    (b"h\0i", "resume_not_read"),
    (b"\xff\xd8\xff\xe0", "damaged_file"),
    (pictures.claims(50_000, 50_000), "picture_too_large"),
])  # fmt: skip
def test_what_is_no_resume_is_explained(data: bytes, code: str, client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    response = client.post(API, data=data, content_type="application/octet-stream")
    assert response.get_json()["code"] == code
    assert 400 <= response.status_code < 500
    page = Page(client.post("/verify/resume", data={"file": (BytesIO(data), "x")}).text)
    assert page.heading == response.get_json()["title"]
    assert page.html.count('action="/verify/resume"') == 1, "the next try is one step away"


def test_a_picture_and_a_text_are_resumes_too(client_for: MakeClient) -> None:
    web, _ = world()
    client = client_for(web)
    row = pictures.saved(pictures.beside(pictures.code(ONE), pictures.code(TWO)))
    for data in (row, f"I did this: {ONE}, and {TWO}.".encode()):
        answer = client.post(API, data={"file": (BytesIO(data), "x")}).get_json()
        assert [claim["verdict"] for claim in answer["claims"]] in (["valid", "withdrawn"], ["withdrawn", "valid"])


def test_a_code_that_holds_the_token_itself_is_a_claim(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    small = {name: document[name] for name in ("@context", "id", "type", "issuer", "validFrom", "credentialStatus")}
    token = tokens.as_jwt({**small, "credentialSubject": {"type": ["AchievementSubject"]}}, issuer.key).decode()
    answer = posted(
        client_for(issuer.web), resumes.pdf(resumes.code(token, 120) + resumes.code("WIFI:S:home;P:secret;;"))
    )
    assert told(answer) == [("QR code", "valid")]
    assert answer["linksOpened"] == 1


def test_a_document_with_several_credentials_is_not_passed_over(client_for: MakeClient) -> None:
    web, _ = world()
    web.put("https://profile.example/all.pdf", files.pdf(web.body(ONE), web.body(TWO)))
    answer = posted(client_for(web), resumes.pdf(resumes.link("https://profile.example/all.pdf")))
    assert [row["code"] for row in answer["notOpened"]] == ["several_credentials_in_file"]


@pytest.mark.case("UPL-02")
def test_an_encrypted_resume_is_named_as_such(client_for: MakeClient) -> None:
    import pikepdf

    out = BytesIO()
    with pikepdf.open(BytesIO(resumes.pdf(resumes.link(ONE)))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    response = client_for(MemoryWeb()).post(API, data=out.getvalue(), content_type="application/pdf")
    assert response.get_json()["code"] == "encrypted_file"


@pytest.mark.case("UPL-04")
def test_other_links_of_a_document_are_left_alone(client_for: MakeClient) -> None:
    """Links to mail, to another page, to a script and to a file: none is opened, and none is listed."""
    web, _ = world()
    odd = ["mailto:amara@a.example", "#second", "javascript:app.alert(1)", "file:///etc/passwd", "tel:+49"]
    data = resumes.pdf("".join(resumes.link(address) for address in odd), '<p id="second">x</p>')
    answer = posted(client_for(web), data)
    assert (answer["claims"], answer["notOpened"], answer["linksOpened"]) == ([], [], 0)
    assert web.asked == []


@pytest.mark.slow
@pytest.mark.case("UPL-01", "UPL-03", "UPL-06", "UPL-07")
def test_every_hostile_file_is_answered_in_words(
    vectors: Path, security_cases: Path, tmp_path: Path, client_for: MakeClient
) -> None:
    subprocess.run([sys.executable, str(security_cases / "makers" / "mkbombs.py"), str(tmp_path)], check=True)
    hostile = [file for file in sorted(tmp_path.iterdir()) if file.suffix in (".pdf", ".png", ".svg", ".gif")]
    hostile += sorted((vectors / "pdf-malformed").glob("*.pdf"))
    assert len(hostile) > 150
    client = client_for(MemoryWeb(), reader=None)
    for file in hostile:
        for path in ("/api/v1/verify", API):
            response = client.post(path, data=file.read_bytes(), content_type="application/pdf")
            assert response.status_code in (200, 400, 415, 422), (file.name, path)
            if response.status_code == 200:
                assert response.get_json()["claims"] == [], file.name


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_is_one_table(client_for: MakeClient) -> None:
    web, _ = world()
    upload = resumes.pdf(resumes.link(ONE) + resumes.printed("https://profile.example/amara"), resumes.code(TWO))
    page = Page(client_for(web).post("/verify/resume", data={"file": (BytesIO(upload), "x")}).text)
    assert page.heading == "1 of 2 credentials in this résumé is valid", "never greener than what was found"
    assert page.html.count("<table") == 1
    assert page.html.count("<tr>") == 3
    text = "".join(page.plain)
    assert "Valid" in text
    assert "Withdrawn" in text
    assert "page 1, " in text
    assert "profile.example" not in page.html
    assert situations.STUDENT in page.signed
    assert "verify.example" not in page.html


def test_the_form_and_an_empty_answer(client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    assert Page(client.get("/verify/resume").text).heading == "What in this résumé is proven?"
    page = Page(client.post("/verify/resume", data={"text": "I am very good."}).text)
    assert page.heading == "No credential was found in this résumé"


@pytest.mark.case("PRV-09")
def test_nothing_of_a_resume_is_logged(client_for: MakeClient, caplog: pytest.LogCaptureFixture) -> None:
    web, _ = world()
    with caplog.at_level("DEBUG"):
        posted(client_for(web), resumes.pdf(resumes.link(ONE) + resumes.printed("https://nowhere.example/amara")))
    ours = [record for record in caplog.records if not record.name.startswith(("fontTools", "weasyprint"))]
    assert ours == []


def test_the_real_child_reads_a_resume(client_for: MakeClient) -> None:
    web, _ = world()
    answer = posted(client_for(web, reader=None), resumes.pdf(resumes.link(ONE), resumes.code(TWO)))
    assert [claim["verdict"] for claim in answer["claims"]] == ["valid", "withdrawn"]

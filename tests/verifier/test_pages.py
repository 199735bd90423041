"""The page: what a recruiter is told in each situation, and that nothing unconfirmed is shown as fact."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.verify import Verdict
from tests.verifier import files, situations
from tests.verifier.conftest import MakeClient
from tests.verifier.pages import Page
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb

ADDRESS = "https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"


def shown(client: Any, credential: bytes) -> Page:
    response = client.post("/verify", data={"credential": credential.decode()})
    assert response.status_code == 200, response.text
    return Page(response.text)


def uncarried(html: str) -> str:
    """The page without the packed credential, which is for saving and is not shown."""
    return re.sub(r'name="carried" value="[A-Za-z0-9_-]*"', "", html)


def test_the_entrance_is_one_form(client_for: MakeClient) -> None:
    page = Page(client_for(MemoryWeb()).get("/verify").text)
    assert page.heading == "Is this credential real?"
    assert page.html.count("<form") == 1
    assert page.html.count("<textarea") == 1
    assert page.html.count('type="file"') == 2, "one of them opens the camera"


@pytest.mark.case("OUT-01", "OUT-02", "OUT-03", "OUT-04", "OUT-05", "OUT-06", "OUT-08")
@pytest.mark.parametrize("name", situations.ALL)
def test_each_situation_has_its_status_in_words(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    page = shown(client_for(situation.web), situation.credential)
    assert situation.verdict.word in page.status
    assert "Checked 1 July 2026, 12:00 UTC" in page.status
    assert f"verdict--{situation.verdict.tone}" in page.html
    if situation.verdict is not Verdict.VALID:
        assert situation.verdict.remedy in page.html.replace("&#39;", "'")
        assert "verdict--good" not in page.html
        assert " confirms that " not in page.heading.replace("no longer confirms that", "")


def test_a_valid_credential_is_said_in_one_sentence(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    page = shown(client_for(situation.web), situation.credential)
    assert page.heading == (
        "Employer Example (employer.example) confirms that Nguyễn Thị Hồng Ánh completed "
        "“Checkout accessibility audit”: 31 hours, 24 May – 11 June 2026."
    )
    text = "".join(page.plain)
    assert "See the work" in text
    assert "How we checked" in text
    for detail in ("Audit report", "Accessibility intern", "Óscar Ibarra", "Clear writing; needed little direction."):
        assert detail in page.signed
    assert "taken from a time log" in page.html
    assert "private: ask to see it" in text


@pytest.mark.case("OUT-04", "LDP-21")
@pytest.mark.parametrize("name", situations.UNCONFIRMED)
def test_what_was_not_confirmed_is_not_shown(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    page = shown(client_for(situation.web), situation.credential)
    assert page.signed == []
    for text in (situations.STUDENT, situations.TITLE, "Employer Example", "Óscar", "Audit report", "91"):
        assert text not in uncarried(page.html)


def test_a_withdrawn_credential_leads_to_the_issuers_page(client_for: MakeClient) -> None:
    situation = situations.make("withdrawn")
    page = shown(client_for(situation.web), situation.credential)
    assert "no longer confirms that" in page.heading
    assert ADDRESS in page.links


def test_each_step_has_its_outcome_in_words(client_for: MakeClient) -> None:
    situation = situations.make("altered")
    page = shown(client_for(situation.web), situation.credential)
    outcomes = [text for text in page.plain if text in ("Passed", "Failed", "Not checked", "Does not apply")]
    assert outcomes == ["Passed"] * 3 + ["Failed"] + ["Not checked"] * 4


@pytest.mark.parametrize("name", situations.ALL)
def test_every_entrance_gives_the_same_page(name: str, client_for: MakeClient) -> None:
    """Pasted text, JSON file, address, PDF at an address, PDF, PNG and SVG: the same heading and the same status."""
    situation = situations.make(name)
    client = client_for(situation.web)
    text = situation.credential.decode()
    pdf = files.pdf(situation.credential)
    baked = f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"
    situation.web.put("https://elsewhere.example/c/1", situation.credential)
    situation.web.put("https://elsewhere.example/c/2", pdf)
    answers = [
        client.post("/verify", data={"credential": text}),
        client.post("/verify", data={"credential": "https://elsewhere.example/c/1"}),
        client.get("/verify", query_string={"url": "https://elsewhere.example/c/1"}),
        client.get("/verify", query_string={"url": "https://elsewhere.example/c/2"}),
        *(
            client.post("/verify", data={"credential": "", "file": (BytesIO(data), "résumé.exe")})
            for data in (situation.credential, pdf, files.png(files.itxt(situation.credential)), files.svg(baked))
        ),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    pages = [Page(answer.text) for answer in answers]
    # Only what has an address or is carried by the page itself can be checked again from there.
    shown = {(page.heading, page.status.replace("Check again", "").strip()) for page in pages}
    assert len(shown) == 1


def test_an_address_can_be_checked_again_when_it_could_not_be(client_for: MakeClient) -> None:
    situation = situations.make("issuer unreachable")
    situation.web.put(ADDRESS, situation.credential)
    page = Page(client_for(situation.web).get("/verify", query_string={"url": ADDRESS}).text)
    assert "/verify?url=https%3A%2F%2Femployer.example%2Fc%2Faaaaaaaaaaaaaaaaaaaaaaaaaa" in page.links


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"credential": ""}, 400, "nothing to check yet"),
        ({"credential": "hello"}, 415, "not a kind of file"),
        ({"credential": '{"a":1,"a":2}'}, 400, "twice"),
        ({"credential": "https://nowhere.example/c/1"}, 422, "Could not reach"),
        ({"file": (BytesIO(files.pdf()), "x.pdf")}, 422, "no credential in this file"),
    ],
)
def test_what_cannot_be_judged_is_explained(
    data: dict[str, Any], status: int, words: str, client_for: MakeClient
) -> None:
    response = client_for(MemoryWeb()).post("/verify", data=data)
    assert response.status_code == status
    page = Page(response.text)
    assert words in page.html
    assert page.html.count("<form") == 1, "the next try is one step away"
    assert "hello" not in page.html


def test_the_first_screen_is_small(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    response = client_for(situation.web).post("/verify", data={"credential": situation.credential.decode()})
    assert len(response.data) <= 20_000


# --- what is shown is what was signed -------------------------------------------------------------------------------


def _is_signed(text: str, document: dict[str, Any]) -> bool:
    """A shown string is a signed string, the day of a signed moment, or the domain or host within a signed id."""
    signed = situations.strings(document)
    inside = any(text in value for value in signed if value.startswith(("did:web:", "https://")))
    return text in signed or inside or any(value.startswith(f"{text}T") for value in signed)


def _assert_all_signed(page: Page, document: dict[str, Any]) -> None:
    for text in page.signed + [value for value in page.values if value != "2026-07-01T12:00:00Z"]:
        assert _is_signed(text, document), text


_LINES = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40).map(
    lambda text: "x" + text + "x"
)


@pytest.mark.case("LDP-21")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(_LINES, min_size=9, max_size=9))
def test_every_shown_string_is_in_the_signed_document(texts: list[str], client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    subject, achievement = document["credentialSubject"], document["credentialSubject"]["achievement"]
    subject["identifier"][0]["identityHash"], subject["role"], subject["employerComment"] = texts[:3]
    achievement["name"], achievement["description"], achievement["criteria"]["narrative"] = texts[3:6]
    document["issuer"]["name"], document["issuer"]["official"], document["evidence"][0]["name"] = texts[6:]
    signed = issuer.issue(document)
    page = shown(client_for(issuer.web), to_bytes(signed))
    assert "Valid" in page.status
    _assert_all_signed(page, signed)
    for text in texts:
        assert text in page.signed


@pytest.mark.case("LDP-21")
def test_signed_text_stands_nowhere_but_in_marked_elements(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    page = shown(client_for(situation.web), situation.credential)
    document = json.loads(situation.credential)
    subject = situations.strings(document["credentialSubject"]) - {"Completed", "name"}
    before_checks = "".join(page.plain).partition("How we checked")[0]
    for text in (text for text in subject if len(text) > 3):
        assert text not in before_checks, text
    _assert_all_signed(page, document)


@pytest.mark.case("TPL-01", "WEB-01")
def test_hostile_names_are_shown_literally(security_cases: Path, client_for: MakeClient) -> None:
    for record in json.loads((security_cases / "corpora" / "names.json").read_bytes()):
        name = record["in"]
        issuer = Issuer(MemoryWeb())
        document = issuer.unsigned()
        document["credentialSubject"]["identifier"][0]["identityHash"] = name
        document["credentialSubject"]["achievement"]["name"] = name
        document["credentialSubject"]["employerComment"] = name
        page = shown(client_for(issuer.web), to_bytes(issuer.issue(document)))
        assert page.signed.count(name) == 3, record["id"]
        assert not any(tag in page.html for tag in ("<script", "<img", "onerror="))


@pytest.mark.case("WEB-01")
@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://good.example@evil.example/"])
def test_an_odd_address_is_never_a_link(url: str, client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    document["evidence"][0]["id"] = url
    document["credentialSubject"]["achievement"]["alignment"][0]["targetUrl"] = url
    page = shown(client_for(issuer.web), to_bytes(issuer.issue(document)))
    assert url not in page.links
    assert all(link.startswith(("/", "#", "https://")) for link in page.links)


def test_a_name_from_right_to_left_carries_its_direction(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    student = {"name": "ليلى الحسن", "email": "student@students.example"}
    page = shown(client_for(issuer.web), to_bytes(issuer.issue(issuer.unsigned(student=student))))
    assert '<bdi class="verdict__student">ليلى الحسن</bdi>' in page.html, "bdi goes by the first strong character"

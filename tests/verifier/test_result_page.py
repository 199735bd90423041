"""The page of a result beyond its status: size, style, what can be saved, the work in full, who else vouches."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.verify import Outcome, Step, Verdict, verify
from tests.verifier import situations
from tests.verifier.conftest import MakeClient
from tests.verifier.pages import Page
from tests.worlds.completions import NOW
from tests.worlds.endorsements import ACHIEVEMENT, COMMENT, embedded, endorsed, party, token, unsigned
from tests.worlds.issuers import Issuer, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier import help as explained
from verifier import proof

ADDRESS = "https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"
#: What all of a page may weigh before pictures, as it is written.
BUDGET = 20_000
DIGEST = "sha256-" + "A" * 43 + "="


def paste(client: FlaskClient, credential: bytes, **more: Any) -> Any:
    response = client.post("/verify", data={"credential": credential.decode()}, **more)
    assert response.status_code == 200, response.text
    return response


def rich(issuer: Issuer) -> dict[str, Any]:
    """A credential that says everything that a page can show."""
    document = issuer.unsigned()
    achievement = document["credentialSubject"]["achievement"]
    achievement["alignment"][0] |= {"targetFramework": "ESCO", "targetCode": "S1.2"}
    achievement["resultDescription"] += [
        {
            "id": f"{ACHIEVEMENT}#rating",
            "type": ["ResultDescription"],
            "name": "Overall rating",
            "resultType": "RubricScore",
            "rubricCriterionLevel": [
                {"id": f"{ACHIEVEMENT}#r{number}", "type": ["RubricCriterionLevel"], "name": name}
                for number, name in enumerate(("Met expectations", "Exceeded expectations"))
            ],
        },
        {
            "id": f"{ACHIEVEMENT}#teamwork",
            "type": ["ResultDescription"],
            "name": "Teamwork",
            "resultType": "Result",
            "allowedValue": ["emerging", "proficient"],
        },
    ]
    document["credentialSubject"]["result"] += [
        {"type": ["Result"], "resultDescription": f"{ACHIEVEMENT}#rating", "achievedLevel": f"{ACHIEVEMENT}#r1"},
        {
            "type": ["Result"],
            "resultDescription": f"{ACHIEVEMENT}#teamwork",
            "value": "proficient",
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetName": "Teamwork",
                    "targetUrl": "https://nace.example/teamwork",
                    "targetFramework": "NACE",
                }
            ],
        },
    ]
    document["relatedResource"] = [{"id": document["evidence"][0]["id"], "digestSRI": DIGEST}]
    return document


# --- size and style -------------------------------------------------------------------------------------------------


def test_all_of_the_page_is_within_its_budget(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    assert len(paste(client_for(situation.web), situation.credential).data) <= BUDGET


@pytest.mark.parametrize("name", situations.ALL)
def test_a_page_is_sent_in_under_half_of_that(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    client = client_for(situation.web)
    plain = paste(client, situation.credential)
    packed = paste(client, situation.credential, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) <= BUDGET / 2
    assert len(plain.data) <= BUDGET + 1_500
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_small_answers_and_files_are_not_compressed(client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    for path in ("/static/record.css", "/api/openapi.json"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.case("WEB-02")
def test_the_style_is_in_the_page_and_its_hash_in_the_policy(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    response = paste(client_for(situation.web), situation.credential)
    styles = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert len(styles) == 1
    assert '<link rel="stylesheet"' not in response.text
    source = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    assert f"'sha256-{source}'" in response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    assert "&" not in styles[0], "nothing in a style may be escaped"
    assert styles[0].count("{") == styles[0].count("}")


# --- what can be saved ----------------------------------------------------------------------------------------------


def carried(page: Page) -> str:
    found = re.findall(r'name="carried" value="([^"]+)"', page.html)
    assert len(found) == 1
    return str(found[0])


def test_the_credential_can_be_saved_byte_for_byte(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    client = client_for(situation.web)
    page = Page(paste(client, situation.credential).text)
    assert "The signed credential (JSON)" in page.html
    saved = client.post("/verify/credential", data={"carried": carried(page)})
    assert saved.data == situation.credential
    assert saved.content_type == "application/vc+json"
    assert saved.headers["Content-Disposition"] == 'attachment; filename="credential.json"'


def test_a_token_is_saved_as_the_token(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    made = token(issuer).encode()
    client = client_for(issuer.web)
    page = Page(paste(client, made).text)
    saved = client.post("/verify/credential", data={"carried": carried(page)})
    assert (saved.data, saved.content_type) == (made, "application/vc+jwt")


@pytest.mark.parametrize("data", [{}, {"carried": ""}, {"carried": "eJwDAAAAAAE"}, {"carried": "x" * 70_000}])
def test_nothing_else_is_handed_out(data: dict[str, str], client_for: MakeClient) -> None:
    assert client_for(MemoryWeb()).post("/verify/credential", data=data).status_code in (400, 413, 415)


def test_what_is_no_credential_is_not_handed_out(client_for: MakeClient) -> None:
    from verifier import carrying

    packed = carrying.pack(b"<script>alert(1)</script>")
    answer = client_for(MemoryWeb()).post("/verify/credential", data={"carried": packed})
    assert answer.status_code == 415
    assert "alert(1)" not in answer.text


def test_the_certificate_is_offered_at_the_domain_that_was_checked(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    page = Page(paste(client_for(situation.web), situation.credential).text)
    assert f"{ADDRESS}.pdf" in page.links


@pytest.mark.parametrize("address", ["https://elsewhere.example/c/1", "urn:uuid:7a1b"])
def test_no_certificate_is_offered_from_elsewhere(address: str, client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    page = Page(paste(client_for(issuer.web), to_bytes(issuer.issue({**issuer.unsigned(), "id": address}))).text)
    assert not any(link.endswith(".pdf") for link in page.links)


@pytest.mark.parametrize("name", situations.UNCONFIRMED)
def test_nothing_unconfirmed_is_offered_as_proof(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    page = Page(paste(client_for(situation.web), situation.credential).text)
    assert "The signed credential" not in page.html
    assert 'href="#work"' not in page.html


def test_a_result_can_be_checked_again_and_in_another_language(client_for: MakeClient) -> None:
    situation = situations.make("status unreachable")
    client = client_for(situation.web)
    page = Page(paste(client, situation.credential).text)
    assert "Check again" in page.html
    again = client.post("/verify?lang=de", data={"carried": carried(page)})
    assert 'lang="de"' in again.text
    assert situations.TITLE in Page(again.text).heading
    situation.web.put("https://employer.example/status/revocation", Issuer(MemoryWeb()).list_credential())
    assert Verdict.VALID.word in Page(client.post("/verify", data={"carried": carried(page)}).text).status


# --- the work -------------------------------------------------------------------------------------------------------


def test_the_work_is_shown_with_its_judgements_and_frameworks(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    page = Page(paste(client_for(issuer.web), to_bytes(issuer.issue(rich(issuer)))).text)
    assert Verdict.VALID.word in page.status
    for text in (
        "Overall rating",
        "Exceeded expectations",
        "Met expectations",
        "Teamwork",
        "proficient",
        "ESCO",
        "NACE",
    ):
        assert text in page.signed
    assert {"https://nace.example/teamwork", "https://skills.example/esco/web-accessibility"} <= set(page.links)


def test_a_digest_is_shown_and_how_to_compare_it(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    page = Page(paste(client_for(issuer.web), to_bytes(issuer.issue(rich(issuer)))).text)
    assert DIGEST in page.signed
    assert f'data-digest="{DIGEST}"' in page.html
    assert "equal in every character" in page.html
    assert 'src="/static/js/file-hash.js"' in page.html


def test_a_page_without_digests_asks_for_no_script(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    assert "<script" not in paste(client_for(situation.web), situation.credential).text


def test_what_a_newer_version_changed_is_said_with_its_link(client_for: MakeClient) -> None:
    situation = situations.make("replaced")
    page = Page(paste(client_for(situation.web), situation.credential).text)
    assert Verdict.REPLACED.word in page.status
    assert ADDRESS in page.links
    assert "<del><bdi>31</bdi></del>" in page.html


def test_a_notice_s_date_and_reason_stand_in_the_status(client_for: MakeClient) -> None:
    situation = situations.make("withdrawn with a notice")
    page = Page(paste(client_for(situation.web), situation.credential).text)
    assert "The hours were booked twice." in page.status
    assert re.search(r"Withdrawn \d+ \w+ 2026", page.status)


# --- who else vouches -----------------------------------------------------------------------------------------------


def test_three_parties_vouch(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    school, platform = party(issuer.web, "school.example"), party(issuer.web, "platform.example")
    credential = endorsed(issuer, embedded(school), token(platform, ACHIEVEMENT, name="Example Platform"))
    page = Page(paste(client_for(issuer.web), to_bytes(credential)).text)
    text = "".join(page.plain)
    assert "3 parties vouch" in text
    assert "Vouches for this record." in text
    assert {"Example School", "school.example", "Example Platform", COMMENT} <= set(page.signed)
    assert "3 parties" not in page.heading + page.status


def test_what_was_not_confirmed_of_an_endorsement_is_not_shown(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    school = party(issuer.web, "school.example")
    altered = embedded(school)
    altered["issuer"]["name"] = "The Ministry"
    page = Page(paste(client_for(issuer.web), to_bytes(endorsed(issuer, altered))).text)
    assert Verdict.VALID.word in page.status
    assert "The Ministry" not in page.html
    assert COMMENT not in page.html
    assert "vouch" not in "".join(page.plain).replace("vouches for this", "")
    assert "Somebody who is not known" in page.html


_LINES = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40).map(
    lambda text: "x" + text + "x"
)


@pytest.mark.case("LDP-21")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(_LINES, min_size=8, max_size=8, unique=True))
def test_every_shown_string_of_the_work_and_its_endorsements_is_signed(
    texts: list[str], client_for: MakeClient
) -> None:
    issuer = Issuer(MemoryWeb())
    school = party(issuer.web, "school.example")
    document = rich(issuer)
    subject, achievement = document["credentialSubject"], document["credentialSubject"]["achievement"]
    achievement["resultDescription"][2]["name"] = texts[0]
    achievement["resultDescription"][2]["rubricCriterionLevel"][1]["name"] = texts[1]
    achievement["alignment"][0]["targetFramework"], subject["result"][3]["value"] = texts[2:4]
    endorsement = unsigned(school, name=texts[4])
    endorsement["credentialSubject"]["endorsementComment"] = texts[5]
    document["evidence"][0]["name"], achievement["tag"][0] = texts[6:]
    document["endorsement"] = [sign(endorsement, school.key)]
    signed = issuer.issue(document)
    page = Page(paste(client_for(issuer.web), to_bytes(signed)).text)
    assert Verdict.VALID.word in page.status
    known = situations.strings(signed)
    hosts = {"employer.example", "school.example", "files.example"}
    assert [text for text in page.signed if text not in known | hosts] == []
    assert set(texts) <= set(page.signed)


# --- every code is explained ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(explained.explanations()))
def test_every_code_has_a_page(code: str, client_for: MakeClient) -> None:
    response = client_for(MemoryWeb()).get(f"/verify/help/{code}")
    assert response.status_code == 200
    page = Page(response.text)
    assert page.heading
    assert "What to do" in page.html
    assert code in page.html
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("name", situations.ALL)
def test_every_code_on_a_page_leads_to_its_explanation(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    client = client_for(situation.web)
    page = Page(paste(client, situation.credential).text)
    leads = [link for link in page.links if link.startswith("/verify/help/")]
    assert all(client.get(link).status_code == 200 for link in leads)
    report = client.post("/api/v1/verify", data=situation.credential, content_type="application/json").get_json()
    codes = {check["code"] for check in report["checks"]} - {None, "not_reached"}
    assert {link.rsplit("/", 1)[1] for link in leads} == codes


@pytest.mark.parametrize("code", ["nothing", "a/b", "<script>"])
def test_what_is_no_code_has_no_page(code: str, client_for: MakeClient) -> None:
    response = client_for(MemoryWeb()).get(f"/verify/help/{code}")
    assert response.status_code == 404
    assert "<script>" not in response.text


def test_a_step_s_technical_detail_is_text(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    page = Page(paste(client_for(situation.web), situation.credential).text)
    text = "".join(page.plain)
    for detail in ("eddsa-rdfc-2022", "did:web:employer.example#key-1", "purpose revocation", "2026-06-21T12:00:00Z"):
        assert detail in text
    assert json.loads(situation.credential)["proof"][0]["proofValue"] not in text


# --- a credential inside a file that did not stand up ---------------------------------------------------------------


@pytest.mark.case("OUT-04")
@pytest.mark.parametrize(
    ("outcome", "verdict", "offered"),
    [
        (Outcome.PASSED, None, True),
        (Outcome.NOT_APPLICABLE, None, True),
        (Outcome.NOT_CHECKED, Verdict.CANNOT_CHECK, False),
        (Outcome.FAILED, Verdict.ALTERED, False),
    ],
)
def test_what_came_in_a_file_that_does_not_stand_up_is_not_carried_on(
    outcome: Outcome, verdict: Verdict | None, offered: bool
) -> None:
    """Judged again without its file, it would come out better, and a receipt would say so."""
    situation = situations.make("valid")
    report = verify(situation.credential, fetcher=situation.web, now=NOW)
    whole = report.with_step(Step(0, "document", "Document", outcome, None, "As found."), verdict)
    assert (proof.of(whole).carried is not None) is offered
    assert (proof.of(whole).credential is not None) is offered


def test_the_pictures_of_the_documentation_are_light() -> None:
    pictures = Path(__file__).resolve().parent.parent.parent / "docs" / "pictures"
    statuses = sorted(pictures.glob("statuses-*.png"))
    assert [picture.stem for picture in statuses] == [
        "statuses-phone-ar",
        "statuses-phone-dark",
        "statuses-phone-light",
        "statuses-wide-dark",
        "statuses-wide-light",
    ]
    assert all(picture.stat().st_size <= 150_000 for picture in statuses)

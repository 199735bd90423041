"""What an issuer says about a withdrawal or a correction, on the verifier's page: as signed, in every language."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

import verifier
from credentials import corrections, timestamps
from credentials.corrections import Change, Correction
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier.config import VerifierConfig

REASON = "50% %(reason)s <xmp>&"
HOSTILE = Change("100%(field)s %d <xmp>", "a%", "b%s")


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


@pytest.fixture
def client(issuer: Issuer) -> FlaskClient:
    return verifier.create_app(VerifierConfig.from_environ({}), fetcher=issuer.web, clock=lambda: NOW).test_client()


def shown(client: FlaskClient, credential: bytes, language: str) -> str:
    answer = client.post(f"/verify?lang={language}", data={"credential": credential.decode()})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("language", ["en", "de", "ar", "zh"])
@pytest.mark.case("WEB-01")
def test_hostile_words_of_a_correction_are_shown_literally(issuer: Issuer, client: FlaskClient, language: str) -> None:
    """On the newer version and on the replaced one; nothing in them is taken for a placeholder or for markup."""
    at = NOW - timedelta(days=1)
    old = to_bytes(issuer.issue())
    document = issuer.unsigned(8) | {"validFrom": timestamps.format(at)}
    newer = issuer.issue(document | corrections.members([Correction(2, at, REASON, (HOSTILE,))]), created=at)
    issuer.web.put(issuer.record_url, newer)
    issuer.publish_notice("replaced", reason=REASON, changes=[HOSTILE])
    issuer.revoke(7)
    for credential in (to_bytes(newer), old):
        page = shown(client, credential, language)
        for signed in (REASON, HOSTILE.field, str(HOSTILE.before), str(HOSTILE.after)):
            assert signed in html.unescape(page)
        assert "<xmp>" not in page


def test_a_replaced_credential_leads_to_the_newer_version(issuer: Issuer, client: FlaskClient) -> None:
    old = to_bytes(issuer.issue())
    issuer.correct()
    page = shown(client, old, "en")
    assert "Replaced" in page
    assert "Booked twice." in page
    assert f'href="{issuer.record_url}"' in page
    assert issuer.web.asked[-2:] == [issuer.record_url + "/standing", issuer.record_url]


def test_the_api_hands_out_the_notice(issuer: Issuer, client: FlaskClient) -> None:
    old = to_bytes(issuer.issue())
    issuer.correct()
    answer = client.post("/api/v1/verify", data=old, content_type="application/vc+json").json
    assert answer is not None
    assert answer["verdict"] == "replaced"
    assert answer["notice"] == {
        "kind": "replaced",
        "date": "2026-06-30T12:00:00Z",
        "reason": "Booked twice.",
        "changes": [{"field": "hours", "before": "31", "after": "24"}],
        "link": issuer.record_url,
    }

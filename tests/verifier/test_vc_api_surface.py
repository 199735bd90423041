"""The VC-API as `plaudit serve` offers it to everybody: verifying, stateless, and no way to a signature."""

from __future__ import annotations

from typing import Any

import pytest

import plaudit
from tests.verifier.conftest import MakeClient
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, sign
from tests.worlds.memory_web import MemoryWeb
from verifier.vc_api.few_fetches import MOST


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


def _verify(client: Any, credential: Any, **options: Any) -> Any:
    body = {"verifiableCredential": credential, "options": options} if options else {"verifiableCredential": credential}
    return client.post("/vc-api/credentials/verify", json=body)


def test_a_record_of_ours_verifies_with_its_status(client_for: MakeClient, issuer: Issuer) -> None:
    answer = _verify(client_for(issuer.web), issuer.issue())
    assert answer.status_code == 200
    assert answer.get_json()["checks"] == ["proof", "credentialStatus"]


def test_a_withdrawn_record_does_not(client_for: MakeClient, issuer: Issuer) -> None:
    credential = issuer.issue()
    issuer.revoke(7)
    client = client_for(issuer.web)
    answer = _verify(client, credential)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "status_set")
    assert _verify(client, credential, checks=["proof"]).status_code == 200


def test_no_list_is_fetched_for_a_bad_signature(client_for: MakeClient, issuer: Issuer) -> None:
    credential = issuer.issue()
    credential["name"] = "something else"
    assert _verify(client_for(issuer.web), credential).status_code == 422
    assert issuer.list_url() not in issuer.web.asked


def test_an_issuer_that_cannot_be_reached_is_no_confirmation(client_for: MakeClient, issuer: Issuer) -> None:
    """And no 503: the service itself is well."""
    credential = issuer.issue()
    issuer.web.hang(issuer.did_url)
    answer = _verify(client_for(issuer.web), credential)
    assert answer.status_code == 422
    assert answer.get_json()["verified"] is False


def test_a_list_that_breaks_down_is_no_confirmation(client_for: MakeClient, issuer: Issuer) -> None:
    credential = issuer.issue()
    issuer.web.crash(issuer.list_url(), RuntimeError("nobody foresaw this"))
    answer = _verify(client_for(issuer.web), credential)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "status_list_not_trusted")


def test_a_strangers_proof_holds_here_and_not_at_the_public_verifier(client_for: MakeClient, issuer: Issuer) -> None:
    forged = sign(issuer.unsigned(), Key("stranger"))
    client = client_for(issuer.web)
    assert _verify(client, forged, checks=["proof"]).status_code == 200
    report = client.post("/api/v1/verify", json=forged).get_json()
    assert report["verdict"] != "valid"


def test_one_request_opens_only_a_few_addresses(client_for: MakeClient) -> None:
    """Proofs may name anybody here; nobody can have a hundred hosts asked by one request."""
    web = MemoryWeb()
    credentials = []
    for number in range(8):
        issuer = Issuer(web, f"number-{number}.example")
        credentials.append(issuer.issue())
    client = client_for(web)
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}
    body = {"verifiablePresentation": {**document, "verifiableCredential": credentials[:6]}}
    assert client.post("/vc-api/presentations/verify", json=body).status_code == 200
    web.asked.clear()
    body = {"verifiablePresentation": {**document, "verifiableCredential": credentials}}
    answer = client.post("/vc-api/presentations/verify", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "too_many_fetches")
    assert len(web.asked) == MOST


@pytest.mark.parametrize("action", ["issue", "status", "derive"])
def test_nothing_is_signed_here(action: str, client_for: MakeClient) -> None:
    answer = client_for(MemoryWeb()).post(f"/vc-api/credentials/{action}", json={})
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert plaudit._is_verifiers(f"/vc-api/credentials/{action}")


def test_a_proof_dated_in_the_future_does_not_hold(client_for: MakeClient, issuer: Issuer) -> None:
    future = NOW.replace(year=NOW.year + 1)
    assert _verify(client_for(issuer.web), issuer.issue(created=future)).status_code == 422

"""A credential verifies under every kind of identifier of an issuer, by one fetch of the issuer's own file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from credentials.did import did_jwk
from credentials.verify import Outcome, Verdict
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, judge, sign
from tests.worlds.memory_web import MemoryWeb
from tests.worlds.webvh import Controller

HTTPS = "https://employer.example/issuers/1"


def by_webvh(web: MemoryWeb) -> tuple[str, Key, str]:
    """Identifier, key and the URL that is asked for."""
    key = Key("key-1")
    controller = Controller("employer.example:o:acme").create(edit=_published_key(key))
    key.verification_method = f"{controller.did}#key-1"
    web.put(controller.url, controller.log)
    return controller.did, key, controller.url


def _published_key(key: Key) -> Callable[[dict[str, Any]], None]:
    def edit(entry: dict[str, Any]) -> None:
        entry["state"]["verificationMethod"][0]["publicKeyMultibase"] = key.public.multikey

    return edit


def by_https(web: MemoryWeb) -> tuple[str, Key, str]:
    key = Key("key-1", HTTPS)
    document = {"id": HTTPS, "verificationMethod": [key.method()], "assertionMethod": [key.verification_method]}
    web.put(HTTPS, document)
    return HTTPS, key, HTTPS


def by_jwk(_web: MemoryWeb) -> tuple[str, Key, str]:
    key = Key("key-1")
    identifier = did_jwk(key.public)
    key.verification_method = f"{identifier}#0"
    return identifier, key, ""


def credential(identifier: str) -> dict[str, Any]:
    document = Issuer(MemoryWeb()).unsigned()
    document["issuer"]["id"] = identifier
    del document["credentialStatus"]
    return document


@pytest.mark.parametrize("issuer", [by_webvh, by_https, by_jwk])
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_issuers_of_every_kind(issuer: Callable[[MemoryWeb], tuple[str, Key, str]], suite: str) -> None:
    """Key, signature and issuer binding hold; a proof by another key under the same name does not."""
    web = MemoryWeb()
    identifier, key, url = issuer(web)
    report = judge(sign(credential(identifier), key, suite=suite), web, now=NOW)
    assert [report.step(step).outcome for step in ("key", "signature", "issuer")] == [Outcome.PASSED] * 3
    assert web.asked == ([url] if url else [])
    impostor = Key("impostor")
    impostor.verification_method = key.verification_method
    forged = judge(sign(credential(identifier), impostor, suite=suite), web, now=NOW)
    assert forged.verdict is not Verdict.VALID
    assert forged.step("signature").outcome is Outcome.FAILED


@pytest.mark.case("DID-07")
@pytest.mark.parametrize(("issuer", "code"), [(by_webvh, "did_log_hash"), (by_https, "did_document_id")])
def test_a_file_about_somebody_else_is_no_key(issuer: Callable[[MemoryWeb], tuple[str, Key, str]], code: str) -> None:
    """What the issuer serves is damaged: that says nothing about the credential, and nothing is confirmed."""
    web = MemoryWeb()
    identifier, key, url = issuer(web)
    other = "https://employer.example/issuers/2" if url == HTTPS else identifier.replace("acme", "globex")
    web.put(url, web.body(url).replace(identifier.encode(), other.encode()))
    report = judge(sign(credential(identifier), key), web, now=NOW)
    assert (report.step("key").outcome, report.step("key").code) == (Outcome.NOT_CHECKED, code)
    assert report.verdict is Verdict.CANNOT_CHECK

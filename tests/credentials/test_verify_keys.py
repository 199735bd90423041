"""Which key counts as whose, what is told when it does not, and how often its document is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials import errors
from credentials.presentation import build_presentation, sign_presentation
from credentials.sd_jwt import issuing, profiles
from credentials.verify import Policy, Verdict, keys, verify_presentation
from credentials.verify.forms import KeyClaim
from tests.credentials.test_verify_certificates import sd_jwt_vc
from tests.worlds import tokens
from tests.worlds.authorities import LEAF_KEY, ROOT_KEY, certify, x5c
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, Key, judge, to_bytes
from tests.worlds.memory_web import MemoryWeb
from tests.worlds.tokens import salts
from tests.worlds.webvh import Controller

LONG = "did:web:" + "a" * 300
STUDENT = "https://student.example/.well-known/did.json"


def find(key: str | None, web: MemoryWeb, *, issuer: str = "did:web:employer.example", **options: Any) -> keys.FoundKey:
    claim = KeyClaim(key, options.pop("created", None))
    return keys.find_key(claim, issuer=issuer, keys=keys.KeyDocuments(web, NOW), now=NOW, **options)


def test_another_s_key_is_told_with_both_names_and_not_looked_up(web: MemoryWeb) -> None:
    with pytest.raises(errors.IssuerMismatch) as caught:
        find(f"{LONG}#key-1", web, issuer=f"{LONG}b")
    assert caught.value.detail == f"the key is of {LONG[:200]}, the issuer is {LONG[:200]}"
    assert web.asked == []


def test_an_owner_that_no_way_leads_to_is_named(web: MemoryWeb) -> None:
    with pytest.raises(errors.DidMethodNotSupported) as caught:
        find("key-1", web, issuer="urn:" + "a" * 300)
    assert caught.value.detail == f"urn:{'a' * 196} is neither a DID nor an https URL"
    assert web.asked == []


def test_the_owner_of_a_found_key_must_be_the_issuer(web: MemoryWeb, issuer: Issuer) -> None:
    found = find(issuer.key.verification_method, web)
    assert (found.owner, found.source, found.method.id) == (issuer.did, "network", issuer.key.verification_method)
    keys.check_owner(found, issuer.did)
    with pytest.raises(errors.IssuerMismatch) as caught:
        keys.check_owner(keys.FoundKey(found.claim, found.method, LONG, "network"), f"{LONG}b")
    assert caught.value.detail == f"the key is of {LONG[:200]}, the issuer is {LONG[:200]}"


def test_a_key_is_found_for_the_purpose_that_is_asked_for(web: MemoryWeb, issuer: Issuer) -> None:
    issuer.publish_did(assertionMethod=[], authentication=[issuer.key.verification_method])
    for name in (issuer.key.verification_method, "key-1", None):
        assert find(name, web, purpose="authentication").method.id == issuer.key.verification_method
        with pytest.raises((errors.InvalidRelationship, errors.KeyIdUnknown)):
            find(name, web)


@pytest.mark.parametrize("created", [SIGNED_AT, None])
def test_a_key_is_judged_at_the_time_of_the_signature_or_now(web: MemoryWeb, issuer: Issuer, created: Any) -> None:
    """A key that ended in between was good for what says when it was signed, and not for what does not say it."""
    ended = {**issuer.key.method(), "expires": "2026-06-25T00:00:00Z"}
    issuer.publish_did(verificationMethod=[ended])
    if created is None:
        with pytest.raises(errors.KeyExpired):
            find("key-1", web, created=created)
    else:
        assert find("key-1", web, created=created).claim.created == SIGNED_AT


def test_a_key_document_is_asked_for_once_whatever_came_of_it(web: MemoryWeb, issuer: Issuer) -> None:
    documents = keys.KeyDocuments(web, NOW)
    assert documents.of(issuer.did) is documents.of(issuer.did)
    missing = "did:web:nobody.example"
    for _ in range(2):
        with pytest.raises(errors.Unreachable):
            documents.of(missing)
    assert web.asked == [issuer.did_url, "https://nobody.example/.well-known/did.json"]


def test_a_certified_key_is_called_by_the_name_that_the_certificate_bears() -> None:
    """No document lists it, so it has no other id."""
    root, leaf = certify("root", ROOT_KEY, authority=True), certify("signer", LEAF_KEY)
    name = "x509_san_dns:issuer.example"
    claim = KeyClaim("unused", None, x5c(leaf))
    documents = keys.KeyDocuments(MemoryWeb(), NOW)
    found = keys.find_key(claim, issuer=name, keys=documents, now=NOW, trust_anchors=(root,))
    assert (found.claim, found.owner, found.source) == (claim, name, "certificate")
    assert (found.method.id, found.method.controller) == (name, name)


def test_a_certificate_is_told_in_the_report_as_what_it_is() -> None:
    root, leaf = certify("root", ROOT_KEY, authority=True), certify("signer", LEAF_KEY)
    name = "x509_san_dns:issuer.example"
    report = judge(sd_jwt_vc(name, x5c(leaf)), MemoryWeb(), policy=Policy(trust_anchors=(root,)))
    assert report.step("key").sentence == "The signing key is in a certificate of an authority that is trusted here."
    assert report.step("key").details == {"keys": [name], "sources": ["certificate"]}
    assert report.step("domain").sentence == (
        "An authority that is trusted here certifies this key for issuer.example."
    )
    assert report.step("domain").details == {
        "domain": "issuer.example",
        "sources": ["certificate"],
        "certificateRevocation": "not_checked",
    }


def test_a_chain_does_not_count_for_an_issuer_with_keys_of_its_own(web: MemoryWeb, issuer: Issuer) -> None:
    """Its document alone says which keys are its."""
    root, leaf = certify("root", ROOT_KEY, authority=True), certify("signer", LEAF_KEY)
    claims = {"iss": issuer.did, "vct": "https://employer.example/vct"}
    text = issuing.issue(
        claims, disclosable=[], signer=issuer.key, salts=salts(), profile=profiles.SD_JWT_VC,
        header={"kid": issuer.key.verification_method, "x5c": x5c(leaf)},
    )  # fmt: skip
    report = judge(text.encode(), web, policy=Policy(trust_anchors=(root,)))
    assert report.verdict is Verdict.VALID
    assert report.step("key").details["sources"] == ["network"]


def test_without_a_chain_an_authority_changes_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    root = certify("root", ROOT_KEY, authority=True)
    address = "https://employer.example/issuers/1"
    key = Key("key-1", address)
    web.put(
        address, {"id": address, "verificationMethod": [key.method()], "assertionMethod": [key.verification_method]}
    )
    document = {**issuer.unsigned(), "issuer": address}
    del document["credentialStatus"]
    report = judge(tokens.as_jwt(document, key), web, policy=Policy(trust_anchors=(root,)))
    assert report.step("key").details["sources"] == ["network"]


# -- a holder's keys


def _presented(web: MemoryWeb, issuer: Issuer, **method: Any) -> Any:
    key = Key("key-1", "did:web:student.example")
    document = {
        "id": key.controller,
        "verificationMethod": [{**key.method(), **method}],
        "authentication": [key.verification_method],
    }
    web.put(STUDENT, document)
    unsigned = build_presentation([issuer.issue()], holder=key.controller)
    signed = sign_presentation(unsigned, signer=key, created=SIGNED_AT, challenge="c", domain="d")
    return verify_presentation(to_bytes(signed), fetcher=web, now=NOW, challenge="c", domain="d")


def test_a_holder_s_key_that_was_withdrawn_since_does_not_count(web: MemoryWeb, issuer: Issuer) -> None:
    assert _presented(web, issuer).verdict is Verdict.VALID
    later = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert _presented(web, issuer, revoked=later).verdict is Verdict.VALID
    report = _presented(web, issuer, revoked="2026-06-30T00:00:00Z")
    assert report.step("key").code == errors.KeyLaterWithdrawn.code
    assert report.verdict is Verdict.INVALID


def test_a_holder_may_be_named_by_a_log_on_their_own_domain(web: MemoryWeb, issuer: Issuer) -> None:
    key = Key("key-1")

    def publish(entry: dict[str, Any]) -> None:
        (method,) = entry["state"]["verificationMethod"]
        method["publicKeyMultibase"] = key.public.multikey
        entry["state"]["authentication"] = [method["id"]]

    controller = Controller("student.example").create(edit=publish)
    key.verification_method = f"{controller.did}#key-1"
    web.put(controller.url, controller.log)
    unsigned = build_presentation([issuer.issue()], holder=controller.did)
    signed = sign_presentation(unsigned, signer=key, created=SIGNED_AT, challenge="c", domain="d")
    report = verify_presentation(to_bytes(signed), fetcher=web, now=NOW, challenge="c", domain="d")
    assert report.verdict is Verdict.VALID
    assert report.holder == controller.did


def _detail(presentation: Any, web: MemoryWeb) -> str:
    report = verify_presentation(to_bytes(presentation), fetcher=web, now=NOW)
    return str(report.step("holder").details["detail"])


def test_long_names_of_holders_are_cut_short(web: MemoryWeb, issuer: Issuer) -> None:
    key = Key("key-1", f"did:web:student.example:{'a' * 300}")
    document = {
        "id": key.controller,
        "verificationMethod": [key.method()],
        "authentication": [key.verification_method],
    }
    web.put(f"https://student.example/{'a' * 300}/did.json", document)
    subject = {**issuer.unsigned()["credentialSubject"], "id": "did:example:somebody"}
    about_another = issuer.issue({**issuer.unsigned(), "credentialSubject": subject})
    asked: dict[str, Any] = {"created": SIGNED_AT, "challenge": "c", "domain": "d"}
    signed = sign_presentation(build_presentation([about_another], holder=key.controller), signer=key, **asked)
    assert _detail(signed, web) == f"a credential is about somebody else than {key.controller[:200]}"
    thief = Key("thief")
    stolen = sign_presentation(build_presentation([about_another], holder=key.controller), signer=thief, **asked)
    assert _detail(stolen, web) == f"signed by {thief.controller}, presented for {key.controller[:200]}"


def test_a_long_list_of_those_who_signed_is_cut_short(web: MemoryWeb, issuer: Issuer) -> None:
    signers = [Key(f"signer-{number}") for number in range(6)]
    presentation = build_presentation([issuer.issue()])
    for signer in signers:
        presentation = sign_presentation(presentation, signer=signer, created=SIGNED_AT, challenge="c", domain="d")
    names = ", ".join(sorted(signer.controller for signer in signers))
    assert len(names) > 300
    assert _detail(presentation, web) == f"signed by {names[:300]}, presented for None"

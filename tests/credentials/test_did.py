"""DIDs become URLs, documents and keys by one strict road."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from credentials import did, errors, strict_json
from credentials.ports import Fetched, ResolvedDocument

ISSUER = "did:web:issuer.example"
METHOD = f"{ISSUER}#key-1"
KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
OTHER_KEY = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
P256_KEY = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Web:
    """A fetcher that knows some documents and remembers what it was asked for."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        if url not in self.pages:
            raise errors.Unreachable(f"{url} does not answer")
        return Fetched(url, self.pages[url], "application/json")


def document(**changes: Any) -> dict[str, Any]:
    """A did:web document with one Multikey for assertions."""
    method = {"id": METHOD, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": KEY}
    return {"id": ISSUER, "verificationMethod": [method], "assertionMethod": [METHOD], **changes}


def with_method(**changes: Any) -> dict[str, Any]:
    """The same document, its key changed; None removes a member."""
    changed = {**document()["verificationMethod"][0], **changes}
    return document(verificationMethod=[{name: value for name, value in changed.items() if value is not None}])


def found(body: dict[str, Any], method: str = METHOD, purpose: str = "assertionMethod") -> did.VerificationMethod:
    return did.dereference(ResolvedDocument(body, "network"), method, purpose)


@pytest.mark.case("DID-09")
def test_corpus_of_did_web_names(security_cases: Path) -> None:
    """Every record of corpora/did-web.json: the exact URL, or refused; and the way back."""
    for record in json.loads((security_cases / "corpora" / "did-web.json").read_bytes()):
        if record["expect"].startswith("refused"):
            with pytest.raises(errors.MalformedDid):
                did.did_web_url(record["in"])
        else:
            url = did.did_web_url(record["in"])
            assert url == record["expect"], record["id"]
            assert did.did_web(url.removesuffix("/did.json").removesuffix("/.well-known")) == record["in"]


@pytest.mark.case("DID-01")
@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "169.254.169.254", "[::1]",
        "%5B::1%5D", "1.2.3.4.", "issuer.example.", "Issuer.example", "issuer_example", "-issuer.example", "a..b",
        "issuer.example%3a8443", "issuer.example%3A", "issuer.example%3A0", "issuer.example%3A08", "üssuer.example",
        "user@issuer.example", "user%40issuer.example", "issuer.example%00", "issuer.example#x", "issuer.example?x",
        "issuer.example:", "issuer.example::a", "issuer.example:a%2Fb", "issuer.example:%2e%2e", "issuer.example:.",
        "issuer.example:a\n", "issuer.example%3A８４", "a" * 64 + ".example", "a." * 130 + "example", "", "issuer.0x",
    ],
)  # fmt: skip
def test_hosts_that_did_web_must_not_have(host: str) -> None:
    """No addresses in any notation, no second spelling of a name, nothing that climbs out of its path."""
    with pytest.raises(errors.MalformedDid):
        did.did_web_url(f"did:web:{host}")


def test_development_origins_have_a_did() -> None:
    """did:web always means https; the in-process fetcher answers for our own origin."""
    assert did.did_web("http://localhost:8000") == "did:web:localhost%3A8000"
    assert did.did_web("https://issuer.example/o/acme/") == "did:web:issuer.example:o:acme"
    assert did.did_web_url("did:web:localhost%3A8000:o:acme") == "https://localhost:8000/o/acme/did.json"
    assert did.did_web_host("did:web:localhost%3A8000:o:acme") == "localhost"


@pytest.mark.parametrize(
    "url",
    ["ftp://issuer.example", "https://u@issuer.example", "https://issuer.example/?a", "https://issuer.example/a%2Fb",
     "https://issuer.example/#x", "https://127.0.0.1:8000", "issuer.example", "https://"],
)  # fmt: skip
def test_urls_without_a_did(url: str) -> None:
    """A URL that cannot be turned into a did:web and back has none."""
    with pytest.raises(errors.MalformedDid):
        did.did_web(url)


@pytest.mark.parametrize(
    ("identifier", "error"),
    [
        ("did:ion:EiA", errors.DidMethodNotSupported),
        ("did:WEB:issuer.example", errors.MalformedDid),
        ("http://issuer.example", errors.MalformedDid),
        ("did:web", errors.MalformedDid),
        ("did:web:" + "a." * 1500 + "example", errors.MalformedDid),
        (5, errors.MalformedDid),
    ],
)
def test_other_dids_are_refused_without_a_fetch(identifier: Any, error: type[Exception]) -> None:
    """Unknown methods say nothing about the credential; broken DIDs do. Neither is fetched."""
    web = Web({})
    with pytest.raises(error):
        did.DidResolver(web, now=NOW).resolve(identifier)
    assert web.asked == []


def test_did_web_is_fetched_and_checked() -> None:
    """One fetch of the one URL; the source is the fetcher's word."""
    web = Web({"https://issuer.example/.well-known/did.json": strict_json.dumps(document())})
    resolved = did.DidResolver(web, now=NOW).resolve(ISSUER)
    assert (resolved.document, resolved.source) == (document(), "network")
    assert web.asked == ["https://issuer.example/.well-known/did.json"]


@pytest.mark.case("DID-07", "DIP-04")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "did_document_invalid"),
        (b"[]", "did_document_invalid"),
        (b'{"id":"did:web:issuer.example","id":"did:web:evil.example"}', "did_document_invalid"),
        (strict_json.dumps(document(id="did:web:evil.example")), "did_document_id"),
        (strict_json.dumps(document(verificationMethod={})), "did_document_invalid"),
        (strict_json.dumps(document(assertionMethod=METHOD)), "did_document_invalid"),
        (strict_json.dumps(document(verificationMethod=["#key-1"])), "did_document_invalid"),
        (strict_json.dumps(document(verificationMethod=document()["verificationMethod"] * 2)), "did_document_invalid"),
    ],
)
def test_documents_of_wrong_shape_or_of_somebody_else(body: bytes, code: str) -> None:
    """What is fetched must be JSON, of the right shape, and about the DID that was asked for."""
    web = Web({"https://issuer.example/.well-known/did.json": body})
    with pytest.raises(errors.InvalidDidDocument) as caught:
        did.DidResolver(web, now=NOW).resolve(ISSUER)
    assert caught.value.code == code


@pytest.mark.case("DIP-02")
def test_key_must_be_listed_for_the_purpose() -> None:
    """A key that exists but is not under assertionMethod may not assert."""
    listed_elsewhere = document(assertionMethod=[], authentication=[METHOD])
    with pytest.raises(errors.InvalidRelationship) as caught:
        found(listed_elsewhere)
    assert caught.value.problem_type == "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
    assert found(listed_elsewhere, purpose="authentication").id == METHOD
    with pytest.raises(errors.InvalidRelationship):
        found(document(), purpose="publicKey")


@pytest.mark.case("DIP-04", "DIP-16")
@pytest.mark.parametrize(
    ("body", "error"),
    [
        (with_method(controller="did:web:evil.example"), errors.InvalidVerificationMethod),
        (with_method(controller=None), errors.InvalidVerificationMethod),
        (with_method(controller=[ISSUER]), errors.InvalidVerificationMethod),
        (with_method(publicKeyJwk={"kty": "OKP"}), errors.MultipleVerificationMaterial),
        (with_method(publicKeyMultibase=None), errors.InvalidVerificationMethod),
        (with_method(publicKeyMultibase=KEY + "x"), errors.InvalidVerificationMethod),
        (with_method(publicKeyMultibase=5), errors.InvalidVerificationMethod),
        (with_method(type="RsaVerificationKey2018"), errors.InvalidVerificationMethod),
        (with_method(type=None), errors.InvalidVerificationMethod),
        (with_method(type="Ed25519VerificationKey2020", publicKeyMultibase=P256_KEY), errors.InvalidVerificationMethod),
        (with_method(secretKeyMultibase=KEY), errors.InvalidVerificationMethod),
        (with_method(privateKeyJwk={"kty": "OKP"}), errors.InvalidVerificationMethod),
        (with_method(revoked="yesterday"), errors.InvalidVerificationMethod),
        (with_method(expires=1767225600), errors.InvalidVerificationMethod),
        (document(verificationMethod=[]), errors.InvalidVerificationMethod),
    ],
)
def test_methods_that_cannot_be_used(body: dict[str, Any], error: type[Exception]) -> None:
    """Controller, material, form, times: each is checked before the key is handed out."""
    with pytest.raises(error):
        found(body)


@pytest.mark.parametrize("method", [ISSUER, f"{ISSUER}#", "#key-1", f"{ISSUER}/x#key-1", "", f"{ISSUER}#a b", None])
def test_verification_methods_are_did_urls_with_a_fragment(method: Any) -> None:
    """What a proof names must be one key of one DID."""
    with pytest.raises(errors.MalformedDid):
        did.dereference(ResolvedDocument(document(), "network"), method, "assertionMethod")


def test_fragments_stand_for_the_documents_own_dids() -> None:
    """`#key-1` inside a document is the document's key; embedded methods count for their own list only."""
    relative = document(assertionMethod=["#key-1"])
    relative["verificationMethod"][0]["id"] = "#key-1"
    assert found(relative).id == METHOD
    embedded = document(verificationMethod=[], assertionMethod=document()["verificationMethod"])
    assert found(embedded).public_key.multikey == KEY
    with pytest.raises(errors.InvalidRelationship):
        found(embedded, purpose="authentication")


def test_a_withdrawn_key_that_is_listed_nowhere_is_called_withdrawn() -> None:
    """That says more than "not allowed": it is how our own document shows a stolen key."""
    withdrawn = {**with_method(revoked="2026-05-01T00:00:00Z"), "assertionMethod": []}
    with pytest.raises(errors.KeyLaterWithdrawn):
        found(withdrawn)


def _times(**times: str) -> did.VerificationMethod:
    return found(with_method(**times))


@pytest.mark.case("DIP-12")
@pytest.mark.parametrize(
    ("method", "error"),
    [
        (lambda: _times(), None),
        (lambda: _times(expires="2026-05-31T00:00:00Z"), None),
        (lambda: _times(expires="2026-03-01T00:00:00Z"), errors.KeyExpired),
        (lambda: _times(revoked="2026-03-01T00:00:00Z"), errors.KeyRevoked),
        (lambda: _times(revoked="2026-02-01T00:00:00Z"), errors.KeyRevoked),
        (lambda: _times(revoked="2026-05-01T00:00:00Z"), errors.KeyLaterWithdrawn),
        (lambda: _times(revoked="2026-07-01T00:00:00Z"), None),
    ],
)
def test_keys_have_their_time(method: Callable[[], did.VerificationMethod], error: type[Exception] | None) -> None:
    """Signed on 1 March, checked on 1 June: an end before counts, rotation after does not, theft always does."""
    signed_at = datetime(2026, 3, 1, tzinfo=UTC)
    if error is None:
        method().check_in_force(signed_at, NOW)
        return
    with pytest.raises(error):
        method().check_in_force(signed_at, NOW)


def test_keys_for_a_purpose_by_their_id() -> None:
    """Listed or embedded, in the short or the whole form; unknown kinds of key and other purposes are left out."""
    strange = {"id": "#strange", "type": "Unknown2030", "controller": ISSUER}
    other = {"id": "#key-2", "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": OTHER_KEY}
    own = document()["verificationMethod"][0]
    body = document(verificationMethod=[own, strange], assertionMethod=["#key-1", "#strange", other], authentication=[])
    resolved = ResolvedDocument(body, "network")
    found_keys = did.methods_for(resolved, "assertionMethod")
    assert {name: method.public_key.multikey for name, method in found_keys.items()} == {
        METHOD: KEY,
        f"{ISSUER}#key-2": OTHER_KEY,
    }
    assert did.methods_for(resolved, "authentication") == {}
    with pytest.raises(errors.InvalidDidDocument):
        did.methods_for(ResolvedDocument({}, "network"), "assertionMethod")


def test_the_did_of_a_key() -> None:
    """What stands before the fragment, when it is a DID; a place of another method has no did:web URL."""
    assert did.did_of(METHOD) == ISSUER
    for wrong in ("https://issuer.example#key-1", ISSUER, f"{ISSUER}#"):
        with pytest.raises(errors.MalformedDid):
            did.did_of(wrong)
    with pytest.raises(errors.MalformedDid):
        did.did_web_url("did:webvh:issuer.example")

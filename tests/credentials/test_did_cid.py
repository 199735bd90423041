"""https identifiers: the URL is the name, its document must say so, and the rules for keys are those of DIDs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors
from credentials.did import DidResolver, cid_host, controller_of, dereference, domain_of, syntax
from credentials.did.cid import check_cid_url
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key
from tests.worlds.memory_web import MemoryWeb

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ISSUER = "https://issuer.example/issuers/5678"
MULTIKEY = Key("key-1", ISSUER)
P256 = EcKey("key-2", "ES256", ISSUER)


def document(**changes: Any) -> dict[str, Any]:
    jwk = {
        "id": P256.verification_method,
        "type": "JsonWebKey",
        "controller": ISSUER,
        "publicKeyJwk": P256.public.to_jwk(),
    }
    return {
        "@context": "https://www.w3.org/ns/cid/v1",
        "id": ISSUER,
        "verificationMethod": [MULTIKEY.method(), {"id": P256.verification_method, **jwk}],
        "assertionMethod": [MULTIKEY.verification_method, P256.verification_method],
        **changes,
    }


def published(body: Any = None) -> MemoryWeb:
    web = MemoryWeb()
    web.put(ISSUER, document() if body is None else body)
    return web


def test_the_url_is_fetched_and_its_keys_are_found() -> None:
    web = published()
    resolved = DidResolver(web, now=NOW).resolve(ISSUER)
    assert (resolved.document["id"], resolved.source, web.asked) == (ISSUER, "network", [ISSUER])
    for key in (MULTIKEY, P256):
        assert dereference(resolved, key.verification_method, "assertionMethod").public_key == key.public
        with pytest.raises(errors.InvalidRelationship):
            dereference(resolved, key.verification_method, "authentication")


@pytest.mark.case("DID-07")
@pytest.mark.parametrize(
    "identifier",
    [
        "https://evil.example/issuers/5678",
        ISSUER + "/",
        "https://issuer.example/issuers/5679",
        "did:web:issuer.example",
    ],
)
def test_a_document_about_somebody_else(identifier: str) -> None:
    """The id is the URL that was asked for, character for character."""
    with pytest.raises(errors.DidDocumentIdMismatch) as caught:
        DidResolver(published(document(id=identifier)), now=NOW).resolve(ISSUER)
    assert caught.value.problem_type == "https://w3id.org/security#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", document(verificationMethod=["x"])])
def test_what_is_no_controlled_identifier_document(body: Any) -> None:
    with pytest.raises(errors.InvalidDidDocument):
        DidResolver(published(body), now=NOW).resolve(ISSUER)


def test_a_key_of_another_document() -> None:
    """A proof that names a key elsewhere is not answered from this document, nor a key that says it is another's."""
    resolved = DidResolver(published(), now=NOW).resolve(ISSUER)
    with pytest.raises(errors.DidDocumentIdMismatch):
        dereference(resolved, "https://evil.example/issuers/5678#key-1", "assertionMethod")
    foreign = {**MULTIKEY.method(), "controller": "https://evil.example"}
    with pytest.raises(errors.InvalidVerificationMethod):
        dereference(
            DidResolver(published(document(verificationMethod=[foreign])), now=NOW).resolve(ISSUER),
            MULTIKEY.verification_method,
            "assertionMethod",
        )


@pytest.mark.parametrize("error", [errors.Unreachable, errors.Refused])
def test_what_the_door_says_is_passed_on(error: type[errors.PlauditError]) -> None:
    web = MemoryWeb()
    web.crash(ISSUER, error("no"))
    with pytest.raises(error):
        DidResolver(web, now=NOW).resolve(ISSUER)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://issuer.example", "issuer.example"),
        ("https://issuer.example/", "issuer.example"),
        ("https://issuer.example:8443/a/b/", "issuer.example"),
        ("https://localhost:8000/o/acme", "localhost"),
        ("https://issuer.example/%E7%94%A8", "issuer.example"),
    ],
)
def test_urls_that_may_name_an_issuer(url: str, host: str) -> None:
    assert (check_cid_url(url), cid_host(url)) == (url, host)
    assert controller_of(f"{url}#key-1") == url


@pytest.mark.case("DID-01")
@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example", "HTTPS://issuer.example", "https://Issuer.example", "https://issuer.example:443/a",
        "https://issuer.example:0443", "https://issuer.example:", "https://issuer.example:99999", "https://",
        "https:///a", "https://127.0.0.1/a", "https://[::1]/a", "https://2130706433/", "https://0x7f.1/",
        "https://user@issuer.example/", "https://issuer.example@evil.example/", "https://issuer.example?a=b",
        "https://issuer.example/?a", "https://issuer.example#x", "https://issuer.example/a//b", "https://issuer.example//",
        "https://issuer.example/../a", "https://issuer.example/a/.", "https://issuer.example/%2e%2e/a",
        "https://issuer.example/%2F", "https://issuer.example/a b", "https://issuer.example\\a", "https://issuer.example./",
        "https://issuer.example/a\n", "https://issuer.exämple/", "https://issuer.example/" + "a" * 2_048, 5, None,
    ],
)  # fmt: skip
def test_urls_that_name_no_issuer(url: Any) -> None:
    """Addresses, other schemes, users, queries, and every second spelling: refused before anybody is asked."""
    with pytest.raises(errors.MalformedDid):
        check_cid_url(url)
    web = MemoryWeb()
    with pytest.raises(errors.MalformedDid):
        DidResolver(web, now=NOW).resolve(url)
    assert web.asked == []


@pytest.mark.parametrize(
    "url", [ISSUER, f"{ISSUER}#", "#key-1", "", None, "http://issuer.example#k", f"{ISSUER}#a b", f"{ISSUER}#a#b"]
)
def test_keys_are_named_by_a_url_with_a_fragment(url: Any) -> None:
    with pytest.raises(errors.MalformedDid):
        controller_of(url)


@pytest.mark.parametrize(
    ("identifier", "domain"),
    [
        ("https://issuer.example:8443/a", "issuer.example:8443"),
        ("https://issuer.example", "issuer.example"),
        ("did:web:issuer.example%3A8443:o:acme", "issuer.example:8443"),
        ("did:webvh:QmfG1Dx5wj8zxVVkdTcD81teRgV5DLuQcUvzizd75x8Zxd:issuer.example:o:acme", "issuer.example"),
        ("did:key:z6Mk", None),
        ("did:web:127.0.0.1", None),
        ("https://127.0.0.1", None),
        ("issuer.example", None),
    ],
)
def test_the_domain_that_an_identifier_stands_on(identifier: str, domain: str | None) -> None:
    assert domain_of(identifier) == domain


# --- the spelling of everything ---------------------------------------------------------------------------------------

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
HOSTS = st.tuples(LABELS, st.from_regex(r"[a-z]{2,8}", fullmatch=True)).map(".".join)
SEGMENTS = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,10}", fullmatch=True)
PORTS = st.none() | st.integers(1, 65_535).filter(lambda port: port != 443)


@given(HOSTS, PORTS, st.lists(SEGMENTS, max_size=4))
def test_places_are_written_in_one_way(host: str, port: int | None, path: list[str]) -> None:
    """A place survives the way from did:web's spelling to the URL; an https identifier of it is its own URL."""
    place = ":".join([host + (f"%3A{port}" if port else ""), *path])
    found = syntax.location(place)
    assert (found.host, found.port, found.path) == (host, str(port or ""), tuple(path))
    url = found.url("did.json")
    assert check_cid_url(url) == url
    assert cid_host(url) == host


@given(st.text(max_size=60))
def test_no_text_surprises_the_syntax(text: str) -> None:
    """Any text is a sound identifier or a malformed one; nothing else happens, and nothing is mended."""
    for read in (syntax.did_of, controller_of, check_cid_url, syntax.location, syntax.split_did):
        for candidate in (text, f"did:web:{text}", f"https://{text}", f"did:x:y#{text}"):
            try:
                read(candidate)
            except errors.MalformedDid:
                continue
            assert candidate.isascii()
            assert not set(candidate) & set(' \n\r\t\\<>"')

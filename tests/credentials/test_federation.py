"""Entity statements of OpenID Federation: one at a time, and as chains that an anchor's keys must carry."""

from __future__ import annotations

from typing import Any

import pytest

from credentials import errors
from credentials.domains import federation
from credentials.domains.federation import Statement
from tests.worlds.completions import NOW
from tests.worlds.federations import Entity, chain
from tests.worlds.issuers import Key
from tests.worlds.memory_web import MemoryWeb

LEAF, MIDDLE, ANCHOR = "https://acme.example", "https://middle.example", "https://anchor.example"


def read(token: str) -> Statement:
    return federation.read(token.encode(), NOW)


@pytest.fixture
def three() -> list[Entity]:
    return chain(MemoryWeb(), LEAF, MIDDLE, ANCHOR)


def statements(entities: list[Entity], **middle: Any) -> list[Statement]:
    leaf, intermediate, anchor = entities
    return [
        read(leaf.statement(leaf)),
        read(intermediate.statement(leaf)),
        read(anchor.statement(intermediate, **middle)),
        read(anchor.statement(anchor)),
    ]


def test_a_statement_says_who_and_with_which_keys(three: list[Entity]) -> None:
    leaf = read(three[0].statement(three[0]))
    assert (leaf.issuer, leaf.subject) == (LEAF, LEAF)
    assert leaf.hints == (MIDDLE,)
    assert leaf.organisation == "acme.example"
    assert leaf.fetch_endpoint == f"{LEAF}/fetch"
    assert not leaf.has_policy
    federation.check_own(leaf, LEAF)
    assert federation.configuration_url(LEAF) == f"{LEAF}/.well-known/openid-federation"
    assert federation.entity_of(federation.configuration_url(LEAF + "/")) == LEAF
    assert federation.fetch_url(leaf, "did:key:z6Mk#x") == f"{LEAF}/fetch?sub=did%3Akey%3Az6Mk%23x"


def test_an_endpoint_may_have_a_query_of_its_own(three: list[Entity]) -> None:
    endpoint = {"federation_entity": {"federation_fetch_endpoint": f"{LEAF}/f?a=1"}}
    leaf = read(three[0].statement(three[0], metadata=endpoint))
    assert federation.fetch_url(leaf, LEAF).startswith(f"{LEAF}/f?a=1&sub=")


@pytest.mark.parametrize("endpoint", ["http://acme.example/fetch", "https://acme.example/#x", 7, None])
def test_other_endpoints_are_none(three: list[Entity], endpoint: Any) -> None:
    leaf = read(three[0].statement(three[0], metadata={"federation_entity": {"federation_fetch_endpoint": endpoint}}))
    with pytest.raises(errors.DomainEvidenceMalformed):
        federation.fetch_url(leaf, LEAF)


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "JWT"},
        {"iss": None},
        {"sub": None},
        {"iat": None},
        {"exp": None},
        {"exp": 1},
        {"iat": 4_000_000_000, "exp": 4_000_000_001},
        {"exp": "tomorrow"},
        {"crit": ["x"]},
        {"constraints": {"naming_constraints": {}}},
        {"constraints": []},
        {"constraints": {"max_path_length": -1}},
        {"constraints": {"max_path_length": True}},
        {"constraints": {"max_path_length": "1"}},
        {"authority_hints": "https://anchor.example"},
    ],
)
def test_a_statement_that_is_not_sound_is_refused(three: list[Entity], changes: dict[str, Any]) -> None:
    with pytest.raises(errors.DomainEvidenceMalformed):
        read(three[0].statement(three[0], **changes))


@pytest.mark.parametrize("token", [b"", b"a.b.c", b"eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused(token: bytes) -> None:
    with pytest.raises(errors.DomainEvidenceMalformed):
        federation.read(token, NOW)


def test_odd_members_are_passed_over(three: list[Entity]) -> None:
    leaf = three[0]
    keys = [*leaf.jwks()["keys"] * 2, 7, {"kid": "x", "kty": "oct", "k": "AA"}, {"kty": "OKP"}]
    read_one = read(leaf.statement(leaf, jwks={"keys": keys}, metadata=[], authority_hints=[7]))
    assert list(read_one.keys) == [leaf.kid]
    assert read_one.hints == ()
    assert read_one.organisation is None
    assert read(leaf.statement(leaf, jwks={"keys": {}})).keys == {}


def test_its_own_statement_must_be_its_own(three: list[Entity]) -> None:
    leaf, middle, _ = three
    for token in (middle.statement(leaf), leaf.statement(middle), leaf.statement(leaf, jwks=middle.jwks())):
        with pytest.raises(errors.DomainEvidenceMalformed):
            federation.check_own(read(token), LEAF)
    forged = Entity(leaf.web, LEAF)
    forged.key = Key("somebody else")
    statement, keys = read(forged.statement(forged)), {forged.kid: leaf.key.public}
    with pytest.raises(errors.DomainEvidenceMalformed, match="signature"):
        federation.check_signed(statement, keys)


def test_a_chain_up_to_the_anchor_holds(three: list[Entity]) -> None:
    federation.check_chain(statements(three), ANCHOR, None)
    federation.check_chain(statements(three), ANCHOR, federation.pinned_keys(three[2].jwks()))
    federation.check_chain(statements(three, constraints={"max_path_length": 1}), ANCHOR, None)
    federation.check_chain(statements(three, metadata_policy={}), ANCHOR, None)


def test_a_chain_that_is_broken_anywhere_does_not_hold(three: list[Entity]) -> None:
    good = statements(three)
    leaf, middle, anchor = three
    stranger = Entity(MemoryWeb(), "https://stranger.example")
    broken: list[tuple[list[Statement], str]] = [
        (good[:2], "3 to"),
        ([*good[:3], good[2], good[2], good[3]], "3 to"),
        ([good[0], good[2], good[3]], "does not vouch"),
        ([good[0], read(middle.statement(leaf, jwks=stranger.jwks())), *good[2:]], "key is not one of"),
        ([*good[:3], read(stranger.statement(stranger))], "own statement"),
        (statements(three, constraints={"max_path_length": 0}), "so many"),
    ]
    for links, reason in broken:
        with pytest.raises(errors.DomainEvidenceMalformed, match=reason):
            federation.check_chain(links, ANCHOR, None)
    with pytest.raises(errors.DomainEvidenceMalformed, match="key is not one of"):
        federation.check_chain(good, ANCHOR, federation.pinned_keys(stranger.jwks()))
    assert anchor.identifier == ANCHOR


def test_an_entity_vouches_for_its_keys_of_every_role(three: list[Entity]) -> None:
    leaf, signer = three[0], Key("signs credentials")
    role = {"openid_credential_issuer": {"jwks": {"keys": [{**signer.public.to_jwk(), "kid": "1"}]}}, "odd": 7}
    assert read(leaf.statement(leaf, metadata=role)).vouches_for(signer.public)
    assert read(leaf.statement(leaf)).vouches_for(leaf.key.public)
    assert not read(leaf.statement(leaf)).vouches_for(signer.public)

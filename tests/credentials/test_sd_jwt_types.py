"""Type Metadata of SD-JWT VC: read strictly, inherited with hashes checked, and held against claims."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from credentials import errors
from credentials.sd_jwt import SD_JWT_VC, integrity, issue, present, type_metadata, type_rules, verify
from tests.credentials.sd_jwt_tokens import ISSUER, NOW, Salts

BASE = "https://types.example/base"
OWN = "https://types.example/own"
CLAIMS = {
    "vct": OWN,
    "name": "Ada",
    "iss": "https://issuer.example",
    "degrees": [{"type": "BSc"}, {"type": "MSc"}],
    "age": 30,
}
PLACES = ["/name", "/degrees/0/type", "/degrees/1/type"]


def rule(*path: Any, **more: Any) -> dict[str, Any]:
    return {"path": list(path), **more}


def library(*documents: Any) -> tuple[dict[str, bytes], Callable[[str], bytes | None]]:
    held = {document["vct"]: json.dumps(document).encode() for document in documents}
    return held, held.get


def resolved(*documents: Any, claims: Any = None) -> type_metadata.TypeMetadata:
    return type_metadata.resolve(claims or {"vct": OWN}, library(*documents)[1])


def own(**more: Any) -> dict[str, Any]:
    return {"vct": OWN, **more}


FULL = own(
    name="Completion",
    description="A finished internship",
    display=[{"locale": "en", "name": "Completion", "rendering": {"simple": {}}}],
    unknown=5,
    claims=[
        rule("name", sd="always", mandatory=True, svg_id="name_1", display=[{"locale": "en", "label": "Name"}]),
        rule("iss", sd="never", mandatory=True, unknown=[]),
        rule("degrees", None, "type", sd="always"),
        rule("degrees", 5, "type"),
        rule("age"),
    ],
)


def test_a_type_is_read_with_its_claims() -> None:
    metadata = resolved(FULL)
    assert (metadata.vct, metadata.name, metadata.description) == (OWN, "Completion", "A finished internship")
    assert metadata.chain == (OWN,)
    assert metadata.display[0]["name"] == "Completion"
    assert metadata.claims[("name",)].svg_id == "name_1"
    assert metadata.claims[("name",)].display == ({"locale": "en", "label": "Name"},)
    assert metadata.claims[("degrees", None, "type")].sd == "always"
    assert metadata.claims[("age",)].sd == "allowed"


def test_a_type_inherits_and_may_narrow() -> None:
    base = {"vct": BASE, "display": [{"locale": "en", "name": "Base"}], "claims": [rule("a"), rule("b", sd="always")]}
    metadata = resolved(own(extends=BASE, claims=[rule("a", sd="never", mandatory=True), rule("c")]), base)
    assert metadata.chain == (OWN, BASE)
    assert {path[0]: one.sd for path, one in metadata.claims.items()} == {"a": "never", "b": "always", "c": "allowed"}
    assert metadata.display == ({"locale": "en", "name": "Base"},)
    assert metadata.name is None


@pytest.mark.parametrize(
    ("inherited", "changed"),
    [
        ({"sd": "always"}, {"sd": "never"}),
        ({"sd": "never"}, {"sd": "allowed"}),
        ({"sd": "always"}, {}),
        ({"mandatory": True}, {"mandatory": False}),
        ({"mandatory": True}, {}),
    ],
)
def test_a_type_may_not_loosen_what_it_inherits(inherited: Any, changed: Any) -> None:
    base = {"vct": BASE, "claims": [rule("a", **inherited)]}
    with pytest.raises(errors.TypeMetadataMalformed):
        resolved(own(extends=BASE, claims=[rule("a", **changed)]), base)
    assert resolved(own(extends=BASE, claims=[rule("a", **inherited)]), base).claims


def test_hashes_are_checked_on_the_way() -> None:
    held, documents = library({"vct": BASE}, {"vct": OWN, "extends": BASE})
    right = integrity.of(held[BASE], "sha384")
    for expected, good in ((right, True), (integrity.of(b"else", "sha384"), False), ("", False), (5, False)):
        held[OWN] = json.dumps(own(extends=BASE, **{"extends#integrity": expected})).encode()
        claims = {"vct": OWN, "vct#integrity": integrity.of(held[OWN])}
        if good:
            assert type_metadata.resolve(claims, documents).chain == (OWN, BASE)
            continue
        with pytest.raises(errors.TypeMetadataIntegrity):
            type_metadata.resolve(claims, documents)
    with pytest.raises(errors.TypeMetadataIntegrity):
        type_metadata.resolve({"vct": OWN, "vct#integrity": integrity.of(b"else")}, documents)


def test_of_several_hashes_the_strongest_kind_counts() -> None:
    weak, strong = integrity.of(b"a"), integrity.of(b"a", "sha512")
    for good in (weak, strong, f"{weak} {strong}?x", f"{integrity.of(b'b')} {strong}", f"md5-x {weak}"):
        integrity.check(b"a", good)
    integrity.check(b"a", f"{integrity.of(b'b')} {weak}")
    wrong = (f"{weak} {integrity.of(b'b', 'sha512')}", "md5-x", weak[:-1], weak + "=", "sha256-", strong * 9, None)
    for bad in wrong:
        with pytest.raises(errors.TypeMetadataIntegrity):
            integrity.check(b"a", bad)


def test_chains_end() -> None:
    with pytest.raises(errors.TypeExtendsLimit):
        resolved(own(extends=OWN))
    with pytest.raises(errors.TypeExtendsLimit):
        resolved(own(extends=BASE), {"vct": BASE, "extends": OWN})
    longest = [{"vct": f"{OWN}{n or ''}", "extends": f"{OWN}{n + 1}"} for n in range(type_metadata.MAX_CHAIN - 1)]
    end = {"vct": f"{OWN}{type_metadata.MAX_CHAIN - 1}"}
    assert len(resolved(*longest, end).chain) == type_metadata.MAX_CHAIN
    with pytest.raises(errors.TypeExtendsLimit):
        resolved(*longest, {**end, "extends": BASE}, {"vct": BASE})


def test_a_type_nobody_describes_is_not_checked() -> None:
    for claims in ({"vct": "urn:nobody"}, {"vct": 5}, {}):
        with pytest.raises(errors.TypeMetadataUnknown):
            type_metadata.resolve(claims, lambda _: None)
    with pytest.raises(errors.TypeMetadataUnknown):
        resolved(own(extends=BASE))


@pytest.mark.parametrize(
    "document",
    [
        own(name=5),
        own(description=[]),
        own(extends=5),
        own(display={}),
        own(display=["x"]),
        own(display=[{"locale": "en"}]),
        own(display=[{"name": "x"}]),
        own(claims={}),
        own(claims=[5]),
        own(claims=[{}]),
        own(claims=[rule()]),
        own(claims=[rule("a", -1)]),
        own(claims=[rule("a", True)]),
        own(claims=[rule("a", 1.5)]),
        own(claims=[rule("a", sd="sometimes")]),
        own(claims=[rule("a", sd=None)]),
        own(claims=[rule("a", mandatory="yes")]),
        own(claims=[rule("a", svg_id="1a")]),
        own(claims=[rule("a", svg_id=5)]),
        own(claims=[rule("a", display=[{"locale": "en", "name": "x"}])]),
        own(claims=[rule("a"), rule("a")]),
        own(claims=[rule("a", svg_id="x"), rule("b", svg_id="x")]),
        own(claims=[rule(str(number)) for number in range(type_metadata.MAX_CLAIMS + 1)]),
    ],
)
def test_other_shapes_are_refused(document: Any) -> None:
    with pytest.raises(errors.TypeMetadataMalformed):
        resolved(document)


def test_a_document_is_about_the_type_that_was_asked_for_and_passes_the_byte_gate() -> None:
    with pytest.raises(errors.TypeMetadataMalformed):
        type_metadata.resolve({"vct": OWN}, lambda _: json.dumps({"vct": BASE}).encode())
    with pytest.raises(errors.DuplicateKey):
        type_metadata.resolve({"vct": OWN}, lambda _: b'{"vct":"x","vct":"x"}')
    with pytest.raises(errors.NotAnObject):
        type_metadata.resolve({"vct": OWN}, lambda _: b"[]")
    with pytest.raises(errors.JsonTooLarge):
        type_metadata.resolve({"vct": OWN}, lambda _: b" " * (type_metadata.MAX_DOCUMENT + 1))


# --- the rules against claims -----------------------------------------------------------------------------------------


def test_a_credential_of_its_type_passes_on_both_sides() -> None:
    metadata = resolved(FULL)
    type_rules.check_issuing(metadata, CLAIMS, PLACES)
    text = issue(CLAIMS, disclosable=PLACES, signer=ISSUER, salts=Salts(), profile=SD_JWT_VC)
    for shown in (text, present(text, []), present(text, ["/degrees/1/type"])):
        verified = verify(shown, ISSUER.public, now=NOW)
        type_rules.check_presented(metadata, verified.claims, verified.disclosed)


@pytest.mark.parametrize(
    ("claims", "places"),
    [
        (CLAIMS, PLACES[1:]),
        (CLAIMS, PLACES[:2]),
        (CLAIMS, [*PLACES, "/iss"]),
        ({**CLAIMS, "degrees": "BSc"}, PLACES[:1]),
        ({**CLAIMS, "degrees": ["BSc"]}, PLACES[:1]),
        ({name: item for name, item in CLAIMS.items() if name != "iss"}, PLACES),
    ],
)
def test_claims_that_break_their_type_are_refused_on_both_sides(claims: Any, places: Any) -> None:
    with pytest.raises(errors.ClaimBreaksType):
        type_rules.check_issuing(resolved(FULL), claims, places)
    with pytest.raises(errors.ClaimBreaksType):
        type_rules.check_presented(resolved(FULL), claims, places)


def test_a_mandatory_claim_may_be_kept_back_but_not_left_out() -> None:
    claims = {name: item for name, item in CLAIMS.items() if name != "name"}
    type_rules.check_presented(resolved(FULL), claims, PLACES[1:])
    with pytest.raises(errors.ClaimBreaksType):
        type_rules.check_issuing(resolved(FULL), claims, PLACES[1:])


def test_a_claim_path_selects_as_it_says() -> None:
    assert type_rules.select(CLAIMS, ("degrees", None, "type")) == [("degrees", 0, "type"), ("degrees", 1, "type")]
    assert type_rules.select(CLAIMS, ("degrees", 1)) == [("degrees", 1)]
    assert type_rules.select(CLAIMS, ("degrees", 2)) == []
    assert type_rules.select(CLAIMS, ("nobody", "type")) == []

"""ecdsa-sd-2023: any part that is chosen verifies, what is mandatory is always in it, and nothing else passes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials import errors, jsonld, multibase
from credentials.cose import cbor
from credentials.cryptosuites import ecdsa_sd
from credentials.cryptosuites.ecdsa_sd import limits, proof_value, selection
from credentials.cryptosuites.ecdsa_sd.naming import NamedDocument
from credentials.cryptosuites.ecdsa_sd.statements import Statements, of_part
from tests.credentials import generated
from tests.credentials.selections import some_pointers
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb

SIGNER, PROOF_KEY = EcKey("issuer"), EcKey("proof")
SEEDS = st.integers(0, 2**32)
#: Drawing and checking one credential takes some 20 ms.
few = settings(max_examples=40)


def issued(document: dict[str, Any], mandatory: list[str], **options: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"signer": SIGNER, "proof_key": PROOF_KEY, "hmac_key": bytes(range(32))}
    return ecdsa_sd.create_base_proof(document, mandatory_pointers=mandatory, created=SIGNED_AT, **{**given, **options})


def unsigned() -> dict[str, Any]:
    return Issuer(MemoryWeb()).unsigned()


def check(document: dict[str, Any], key: Any = None, **options: Any) -> None:
    proof = document["proof"][-1]
    ecdsa_sd.ECDSA_SD_2023.check(document, proof, (key or SIGNER).public, **options)


def parts_of(document: dict[str, Any]) -> list[Any]:
    return list(cbor.loads(multibase.decode(document["proof"][-1]["proofValue"], allowed="u")[3:], any_order=True))


def with_parts(document: dict[str, Any], parts: Any, prefix: bytes = b"\xd9\x5d\x01") -> dict[str, Any]:
    text = multibase.encode(prefix + cbor.dumps(parts), prefix="u")
    return {**document, "proof": [{**document["proof"][-1], "proofValue": text}]}


BASE = issued(unsigned(), ["/issuer", "/validFrom"])
PART = ecdsa_sd.derive(BASE, ["/credentialSubject/role", "/credentialSubject/achievement/name"])


@few
@given(SEEDS)
def test_every_selection_verifies_and_shows_what_is_mandatory(seed: int) -> None:
    random = Random(seed)
    document = generated.credential(random, controls=True)
    mandatory = some_pointers(document, random, least=0)
    base = issued(document, mandatory)
    ecdsa_sd.check_base_proof(base, base["proof"][0], SIGNER.public)
    pointers = some_pointers(document, random)
    derived = ecdsa_sd.derive(base, pointers)
    check(derived)
    whole = Statements(document, bytes(range(32)), allow_inline_contexts=False)
    labels = proof_value.decode_disclosure(derived["proof"][0]["proofValue"]).labels
    unsecured = {name: member for name, member in derived.items() if name != "proof"}
    shown = of_part(unsecured, labels, allow_inline_contexts=False)
    assert set(shown) >= {whole.lines[index] for index in whole.indexes(mandatory)}
    assert shown == [whole.lines[index] for index in whole.indexes([*mandatory, *pointers])]


@few
@given(st.data())
def test_no_changed_byte_of_a_proof_value_passes(data: st.DataObject) -> None:
    raw = bytearray(multibase.decode(PART["proof"][0]["proofValue"], allowed="u"))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    changed = {**PART["proof"][0], "proofValue": multibase.encode(bytes(raw), prefix="u")}
    with pytest.raises(errors.PlauditError):
        check({**PART, "proof": [changed]})


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, (dict, list)) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, item in items if key not in ("@context", "proof") for leaf in _leaves(item, (*path, key))]
    return [path]


@pytest.mark.parametrize("path", _leaves(PART), ids=str)
def test_no_changed_or_removed_value_of_the_document_passes(path: tuple[Any, ...]) -> None:
    for change in ("change", "remove"):
        document = deepcopy(PART)
        parent: Any = document
        for step in path[:-1]:
            parent = parent[step]
        if change == "remove":
            del parent[path[-1]]
        else:
            parent[path[-1]] = f"{parent[path[-1]]}x"
        with pytest.raises((errors.SignatureInvalid, errors.DataLoss, errors.MalformedJsonLd)):
            check(document)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "added"}, "signature_invalid"),
        ({"undefined": "added"}, "data_loss"),
        ({"evidence": [{"type": ["Evidence"], "name": "added"}]}, "signature_invalid"),
    ],
)
def test_nothing_can_be_added(change: dict[str, Any], code: str) -> None:
    assert refusal(lambda: check({**PART, **change})).code == code


@pytest.mark.parametrize(
    "change",
    [
        {"created": "2020-01-01T00:00:00Z"},
        {"proofPurpose": "authentication"},
        {"verificationMethod": "did:web:other.example#key-1"},
        {"expires": "2036-01-01T00:00:00Z"},
    ],
)
def test_options_of_the_proof_cannot_be_changed(change: dict[str, Any]) -> None:
    changed = {**PART, "proof": [{**PART["proof"][0], **change}]}
    assert isinstance(refusal(lambda: check(changed)), errors.SignatureInvalid)


def test_proof_may_not_name_other_contexts() -> None:
    proof = PART["proof"][0]
    check({**PART, "proof": [{**proof, "@context": PART["@context"]}]})
    other = {**PART, "proof": [{**proof, "@context": "https://www.w3.org/ns/credentials/v2"}]}
    assert isinstance(refusal(lambda: check(other)), errors.ProofContextMismatch)


def refusal(action: Callable[[], object]) -> errors.PlauditError:
    with pytest.raises(errors.PlauditError) as caught:
        action()
    return caught.value


def test_each_kind_of_proof_has_its_place() -> None:
    assert refusal(lambda: check(BASE)).code == "proof_is_base"
    assert refusal(lambda: ecdsa_sd.derive(PART, ["/issuer"])).code == "proof_is_not_base"
    proof = PART["proof"][0]
    assert refusal(lambda: ecdsa_sd.check_base_proof(PART, proof, SIGNER.public)).code == "proof_is_not_base"


def test_other_keys_and_algorithms_are_refused() -> None:
    assert isinstance(refusal(lambda: check(PART, EcKey("another"))), errors.SignatureInvalid)
    other = EcKey("issuer", "ES384")
    for action in (
        lambda: check(PART, other),
        lambda: ecdsa_sd.check_base_proof(BASE, BASE["proof"][0], other.public),
        lambda: issued(unsigned(), [], signer=other),
        lambda: issued(unsigned(), [], proof_key=other),
    ):
        assert isinstance(refusal(action), errors.AlgorithmKeyMismatch)


def test_signing_needs_a_whole_hmac_key() -> None:
    assert isinstance(refusal(lambda: issued(unsigned(), [], hmac_key=b"short")), errors.MalformedEncoding)


def test_chains_are_not_checked_here() -> None:
    assert isinstance(refusal(lambda: check(PART, previous=[BASE["proof"][0]])), errors.UnsupportedProof)


@pytest.mark.parametrize(
    "pointer",
    [
        "issuer",
        "/~2",
        "/nowhere",
        "/issuer/nowhere",
        "/type/9",
        "/type/01",
        "/type/x",
        "/name/x",
        "/@context",
        "/proof",
    ],
)
def test_wrong_pointers_are_named(pointer: str) -> None:
    for action in (lambda: issued(unsigned(), ["/issuer", pointer]), lambda: ecdsa_sd.derive(BASE, ["/name", pointer])):
        error = refusal(action)
        assert isinstance(error, errors.InvalidPointer)
        assert error.pointer == pointer


def _with_whole_values() -> dict[str, Any]:
    """A document with a JSON literal, a text in a language, and an ordered list."""
    return {
        "@context": generated.CONTEXTS,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": {"@value": "Zeugnis", "@language": "de"},
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "type": ["Achievement"],
                "resultDescription": [
                    {"type": ["ResultDescription"], "name": "A", "allowedValue": ["a", "b"]},
                    {"type": ["ResultDescription"], "name": "B", "allowedValue": []},
                ],
            },
        },
        "renderMethod": {"type": "JsonSchema", "jsonSchema": {"a": {"b": 1}, "id": "not an id"}},
    }


RESULT = "/credentialSubject/achievement/resultDescription/0"


@pytest.mark.parametrize("pointer", ["/name/@language", f"{RESULT}/allowedValue/0"])
def test_what_is_one_value_is_shown_whole(pointer: str) -> None:
    base = issued(_with_whole_values(), [])
    check(ecdsa_sd.derive(base, [pointer.rpartition("/")[0]]))
    assert refusal(lambda: ecdsa_sd.derive(base, [f"{RESULT}/name", pointer])).pointer == pointer


def test_pointer_without_any_statement_selects_nothing() -> None:
    assert isinstance(refusal(lambda: ecdsa_sd.derive(issued(unsigned(), []), [])), errors.InvalidPointer)


def test_whole_document_can_be_shown() -> None:
    derived = ecdsa_sd.derive(BASE, [""])
    assert {**derived, "proof": None} == {**BASE, "proof": None}
    check(derived)


def test_selection_is_dense_and_keeps_order() -> None:
    document = {"a/b": ["x", "y", "z"], "~": {"id": "i", "type": "T", "other": 1, "wanted": 2}, "left": 3}
    chosen = selection.select(document, ["/~0/wanted", "/a~1b/2", "/a~1b/0", "/a~1b/0"])
    assert chosen == {"a/b": ["x", "z"], "~": {"id": "i", "type": "T", "wanted": 2}}


def test_derived_proof_stands_as_the_base_proof_did() -> None:
    proof = {**BASE["proof"][0], "@context": BASE["@context"]}
    derived = ecdsa_sd.derive({**BASE, "proof": proof}, ["/name"])
    assert "@context" not in derived["proof"]
    check({**derived, "proof": [derived["proof"]]})


def test_base_proof_is_chosen_among_several() -> None:
    two = issued(issued(unsigned(), [], proof_id="urn:first"), ["/issuer"], proof_id="urn:second", expires=NOW)
    assert len(two["proof"]) == 2
    assert isinstance(refusal(lambda: ecdsa_sd.derive(two, ["/name"])), errors.MalformedProof)
    assert isinstance(refusal(lambda: ecdsa_sd.derive(two, ["/name"], proof_id="urn:third")), errors.NoProof)
    derived = ecdsa_sd.derive(two, ["/name"], proof_id="urn:second")
    assert [proof["id"] for proof in derived["proof"]] == ["urn:second"]
    check(derived)
    assert isinstance(refusal(lambda: ecdsa_sd.derive(unsigned(), ["/name"])), errors.NoProof)


def test_changed_documents_are_not_derived_from() -> None:
    grown = {**BASE, "evidence": [*BASE["evidence"], {"type": ["Evidence"], "name": "added"}]}
    assert isinstance(refusal(lambda: ecdsa_sd.derive(grown, ["/name"])), errors.SignatureInvalid)
    changed = {**BASE, "name": "changed"}
    for document in (grown, changed):
        action = lambda document=document: ecdsa_sd.check_base_proof(document, BASE["proof"][0], SIGNER.public)  # noqa: E731
        assert isinstance(refusal(action), errors.SignatureInvalid)


def test_two_nodes_cannot_be_passed_off_under_one_label() -> None:
    parts = parts_of(PART)
    parts[3] = dict.fromkeys(parts[3], parts[3][0])
    assert isinstance(refusal(lambda: check(with_parts(PART, parts))), errors.MalformedProof)


BAD_PARTS: list[tuple[int, Any]] = [
    (0, b"x" * 63), (0, "text"), (1, b"x" * 35), (1, b"\x80\x24" + b"\x02" * 32), (1, 7), (2, {}), (2, [b"short"]),
    (3, []), (3, {0: b"short"}), (3, {1: b"x" * 32}), (3, {"0": b"x" * 32}), (4, [1, 0]), (4, [0, 0]), (4, [-1]),
    (4, [True]), (4, {}),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value"), BAD_PARTS, ids=repr)
def test_parts_of_the_wrong_shape_are_refused(place: int, value: Any) -> None:
    parts = parts_of(PART)
    parts[place] = value
    assert isinstance(refusal(lambda: check(with_parts(PART, parts))), errors.MalformedProof)


@pytest.mark.parametrize(("place", "value"), [(2, b"short"), (2, "x" * 32), (4, "x"), (4, [1])])
def test_parts_of_a_base_proof_have_their_shapes_too(place: int, value: Any) -> None:
    parts = parts_of(BASE)
    parts[place] = value
    wrong = with_parts(BASE, parts, b"\xd9\x5d\x00")
    assert isinstance(refusal(lambda: ecdsa_sd.derive(wrong, ["/name"])), errors.MalformedProof)


def test_places_beyond_the_document_are_refused() -> None:
    parts = parts_of(PART)
    parts[4] = [*parts[4], 10_000]
    assert isinstance(refusal(lambda: check(with_parts(PART, parts))), errors.SignatureInvalid)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (7, "encoding"),
        ("z2V0", "encoding"),
        ("u2V0B", "proof_malformed"),
        ("u2V0BgA", "proof_malformed"),
        ("uAAAAgA", "proof_malformed"),
        ("u2V0BGAA", "proof_malformed"),
        ("u" + "A" * 300_000, "selection_limit"),
    ],
)
def test_other_proof_values_are_refused(value: Any, code: str) -> None:
    changed = {**PART, "proof": [{**PART["proof"][0], "proofValue": value}]}
    assert refusal(lambda: check(changed)).code == code


def test_encoding_is_the_only_one() -> None:
    raw = multibase.decode(PART["proof"][0]["proofValue"], allowed="u")
    longer = raw[:3] + b"\x98\x05" + raw[4:]
    changed = {**PART["proof"][0], "proofValue": multibase.encode(longer, prefix="u")}
    assert isinstance(refusal(lambda: check({**PART, "proof": [changed]})), errors.MalformedProof)


def test_limits_hold() -> None:
    many = ["/issuer"] * (limits.MAX_POINTERS + 1)
    assert isinstance(refusal(lambda: issued(unsigned(), many)), errors.SelectionLimit)
    parts = parts_of(PART)
    parts[2] = [b"x" * 64] * (limits.MAX_STATEMENTS + 1)
    assert isinstance(refusal(lambda: check(with_parts(PART, parts))), errors.SelectionLimit)
    large = {**PART, "evidence": [{"id": f"urn:e:{n}", "type": ["Evidence"], "name": "x"} for n in range(600)]}
    assert isinstance(refusal(lambda: check(large)), errors.SelectionLimit)


def test_nothing_is_signed_that_would_be_lost() -> None:
    error = refusal(lambda: issued({**unsigned(), "undefined": 1}, ["/issuer"]))
    assert (error.code, error.pointer) == ("data_loss", "/undefined")


INLINE = ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://vocabulary.example/"}]


def test_inline_contexts_only_where_they_are_allowed() -> None:
    document = {
        "@context": INLINE,
        "type": ["VerifiableCredential"],
        "issuer": "did:web:issuer.example",
        "credentialSubject": {"sails": [{"size": 5.5}, {"size": 6.1}], "board": {"maker": "K"}},
    }
    base = issued(document, ["/issuer"], allow_inline_contexts=True)
    derived = ecdsa_sd.derive(base, ["/credentialSubject/sails/1"], allow_inline_contexts=True)
    check(derived, allow_inline_contexts=True)
    assert derived["credentialSubject"] == {"sails": [{"size": 6.1}]}
    for action in (lambda: issued(document, []), lambda: ecdsa_sd.derive(base, ["/issuer"]), lambda: check(derived)):
        assert isinstance(refusal(action), errors.InlineContextRefused)


@pytest.mark.parametrize(
    ("terms", "subject"),
    [
        ({"said": {"@id": "https://a.example/said", "@container": "@language"}}, {"said": {"en": "x"}}),
        ({"key": "@id"}, {"key": "urn:a", "b": 1}),
        ({"knows": "urn:knows"}, {"knows": [{"id": "_:x"}, {"id": "_:x", "b": 1}, {"a": {"id": "_:x"}}]}),
        ({"knows": "urn:knows"}, {"knows": [{"id": "_:x", "b": 1}, {"id": "_:y", "b": 2}]}),
        ({}, {"id": "urn:bnid:0", "a": {"b": 1}}),
    ],
)
def test_documents_whose_nodes_cannot_be_named_are_refused(terms: dict[str, Any], subject: dict[str, Any]) -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://vocabulary.example/", **terms}],
        "id": "urn:bnid:1",
        "type": ["VerifiableCredential"],
        "credentialSubject": subject,
    }
    error = refusal(lambda: issued(document, [], allow_inline_contexts=True))
    assert isinstance(error, errors.NotSelectable)


def test_naming_leaves_the_canonical_form_as_it_was() -> None:
    document = _with_whole_values()
    named = NamedDocument(document, allow_inline_contexts=False)
    assert named.nquads == jsonld.canonical_nquads(document)
    assert "@id" not in named.document["renderMethod"]["jsonSchema"]["a"]

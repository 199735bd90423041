"""What is told of a proof that does not stand, with its place; and the exact limits of times, bindings and chains."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from credentials import cryptosuites, data_integrity, errors, jsonld, multibase
from credentials.verify import Verdict
from tests.worlds.completions import SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer, Key, judge
from tests.worlds.memory_web import MemoryWeb

KEY = Key("details")
SECOND = timedelta(seconds=1)
V2 = "https://www.w3.org/ns/credentials/v2"


def unsigned() -> dict[str, Any]:
    return Issuer(MemoryWeb()).unsigned()


def signed(document: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    return data_integrity.add_proof(document or unsigned(), signer=KEY, created=SIGNED_AT, **options)


def refused(document: dict[str, Any], key: Any = KEY.public, **changes: Any) -> tuple[type, str, str | None]:
    """Kind, detail and place of the error that checking the last proof raises; changes of None remove a member."""
    proof = {name: value for name, value in {**document["proof"][-1], **changes}.items() if value is not None}
    with pytest.raises(errors.PlauditError) as caught:
        data_integrity.check_proof(document, proof, key)
    return type(caught.value), caught.value.detail, caught.value.pointer


# -- shape


@pytest.mark.parametrize(
    "name", ["id", "type", "cryptosuite", "verificationMethod", "proofPurpose", "challenge", "nonce"]
)
def test_a_member_that_must_be_text_is_named(name: str) -> None:
    assert refused(signed(), **{name: 5}) == (errors.MalformedProof, f"{name} is not a string", f"/proof/{name}")


@pytest.mark.parametrize("name", ["verificationMethod", "proofPurpose"])
def test_a_member_that_is_missing_or_empty_is_named(name: str) -> None:
    expected = (errors.MalformedProof, f"the proof has no {name}", f"/proof/{name}")
    assert refused(signed(), **{name: None}) == expected
    assert refused(signed(), **{name: ""}) == expected


def test_a_proof_without_its_value_is_no_proof() -> None:
    assert refused(signed(), proofValue=None) == (errors.NoProof, "the proof has no proofValue", "/proof/proofValue")


@pytest.mark.parametrize("domain", [5, ["a.example", 5], {"a": 1}])
def test_a_domain_that_is_no_text_is_named(domain: Any) -> None:
    expected = (errors.MalformedProof, "domain is not a string or a list of strings", "/proof/domain")
    assert refused(signed(), domain=domain) == expected


@pytest.mark.parametrize("name", ["created", "expires"])
def test_a_time_that_is_none_is_refused_by_its_shape_alone(name: str) -> None:
    proof = {**signed()["proof"][0], name: "yesterday"}
    with pytest.raises(errors.MalformedTimestamp):
        data_integrity.check_shape(proof)


def test_the_shape_alone_says_whether_the_suite_is_known() -> None:
    with pytest.raises(errors.UnsupportedProof):
        data_integrity.check_shape({**signed()["proof"][0], "cryptosuite": "of-tomorrow-2030"})


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"type": "P" * 70}, f"the proof type {'P' * 60!r} is not checked here"),
        ({"type": None}, "the proof type 'None' is not checked here"),
        ({"type": "Ed25519Signature2020"}, "the proof type 'Ed25519Signature2020' is not checked here"),
        ({"type": "eddsa-rdfc-2022", "cryptosuite": None}, "the proof type 'eddsa-rdfc-2022' is not checked here"),
        ({"cryptosuite": "s" * 70}, f"the cryptosuite {'s' * 60!r} is not checked here"),
        ({"cryptosuite": None}, "the cryptosuite 'None' is not checked here"),
        ({"cryptosuite": "Ed25519Signature2020"}, "the cryptosuite 'Ed25519Signature2020' is not checked here"),
    ],
)
def test_a_suite_that_is_not_known_is_named(changes: dict[str, Any], detail: str) -> None:
    assert refused(signed(), **changes) == (errors.UnsupportedProof, detail, None)


def test_a_type_or_suite_that_is_no_text_names_no_suite() -> None:
    for proof in ({"type": ["DataIntegrityProof"]}, {"type": "DataIntegrityProof", "cryptosuite": ["eddsa-jcs-2022"]}):
        with pytest.raises(errors.UnsupportedProof):
            cryptosuites.of_proof(proof)


def test_a_suite_that_is_not_made_here_is_named() -> None:
    with pytest.raises(errors.UnsupportedProof) as caught:
        signed(cryptosuite="ecdsa-sd-2023")
    assert caught.value.detail == "'ecdsa-sd-2023' is not made here"


@pytest.mark.parametrize("proof", [None, []])
def test_a_document_without_proofs_is_told_so(proof: Any) -> None:
    for document in ({"proof": proof}, {}):
        with pytest.raises(errors.NoProof) as caught:
            data_integrity.proofs_of(document)
        assert (caught.value.detail, caught.value.pointer) == ("the document has no proof", "/proof")
    assert data_integrity.proofs_of({}, required=False) == []


def test_a_member_called_proof_must_hold_proofs_even_where_none_is_required() -> None:
    with pytest.raises(errors.NoProof):
        data_integrity.proofs_of({"proof": []}, required=False)
    with pytest.raises(errors.MalformedProof) as caught:
        data_integrity.proofs_of({"proof": [{}, 5]})
    assert (caught.value.detail, caught.value.pointer) == ("a proof is not an object", "/proof")


# -- purpose, times, bindings


def test_the_purpose_is_told_as_it_is_and_as_it_should_be() -> None:
    data_integrity.check_purpose({"proofPurpose": "assertionMethod"})
    for proof, made in (({"proofPurpose": "p" * 61}, repr("p" * 60)), ({}, "'None'")):
        with pytest.raises(errors.ProofPurposeMismatch) as caught:
            data_integrity.check_purpose(proof)
        assert caught.value.detail == f"made for {made}, needed for 'assertionMethod'"


def test_a_proof_ends_at_its_last_moment_and_begins_within_the_skew() -> None:
    proof = signed(expires=SIGNED_AT + SECOND)["proof"][0]
    data_integrity.check_times(proof, SIGNED_AT)
    with pytest.raises(errors.ProofExpired) as ended:
        data_integrity.check_times(proof, SIGNED_AT + SECOND)
    assert ended.value.detail == f"the signature expired at {proof['expires']}"
    data_integrity.check_times(proof, SIGNED_AT - data_integrity.CLOCK_SKEW)
    with pytest.raises(errors.ProofNotYetValid) as early:
        data_integrity.check_times(proof, SIGNED_AT - data_integrity.CLOCK_SKEW - SECOND)
    assert early.value.detail == f"the signature is dated {proof['created']}"
    data_integrity.check_times({}, SIGNED_AT)


def test_a_binding_that_does_not_fit_is_told_with_what_was_asked() -> None:
    proof = {"challenge": "c-1", "domain": "a.example"}
    data_integrity.check_binding(proof, challenge="c-1", domain="a.example")
    with pytest.raises(errors.ChallengeMismatch) as challenge:
        data_integrity.check_binding(proof, challenge="c-2", domain="a.example")
    assert challenge.value.detail == "the proof does not answer the challenge that was given"
    with pytest.raises(errors.DomainMismatch) as domain:
        data_integrity.check_binding(proof, challenge="c-1", domain="example")
    assert domain.value.detail == "the proof was not made for example"
    assert challenge.value.pointer == domain.value.pointer == "/proof"


# -- what is made


def test_every_option_stands_in_the_proof_under_its_name() -> None:
    first = signed(proof_id="urn:example:first")
    made = signed(
        first, proof_id="urn:example:second", previous_proof=("urn:example:first",), proof_purpose="authentication",
        expires=SIGNED_AT + SECOND, domain=("a.example", "b.example"), challenge="c-1",
    )["proof"]  # fmt: skip
    assert made[0] == first["proof"][0]
    value = made[1].pop("proofValue")
    assert len(multibase.decode(value)) == 64
    assert made[1] == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "id": "urn:example:second",
        "created": "2026-06-21T12:00:00Z",
        "expires": "2026-06-21T12:00:01Z",
        "verificationMethod": KEY.verification_method,
        "proofPurpose": "authentication",
        "domain": ["a.example", "b.example"],
        "challenge": "c-1",
        "previousProof": ["urn:example:first"],
    }


def test_options_that_are_not_given_do_not_stand_in_the_proof() -> None:
    (proof,) = signed()["proof"]
    assert sorted(proof) == sorted(
        ["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"]
    )
    assert proof["proofPurpose"] == "assertionMethod"
    (one,) = signed(domain="a.example", proof_id="urn:example:1")["proof"]
    assert (one["domain"], one["id"]) == ("a.example", "urn:example:1")


def test_a_document_s_hash_that_is_known_is_not_reckoned_again() -> None:
    """It takes the place of the document's; the proof verifies when it is the right one."""
    prepared = data_integrity.prepare(unsigned(), verification_method=KEY.verification_method, created=SIGNED_AT)
    known = prepared.hash_data[32:]
    assert signed(document_hash=known) == signed()
    wrong = signed(document_hash=bytes(32))
    assert refused(wrong)[0] is errors.SignatureInvalid


def test_only_keys_of_the_suite_s_kinds_may_sign() -> None:
    with pytest.raises(errors.AlgorithmKeyMismatch) as caught:
        data_integrity.prepare(unsigned(), verification_method="urn:x", created=SIGNED_AT, algorithm="ES256")
    assert caught.value.detail == "eddsa-rdfc-2022 needs a key for EdDSA, not for ES256"
    ecdsa = data_integrity.add_proof(
        unsigned(), signer=EcKey("details"), created=SIGNED_AT, cryptosuite="ecdsa-jcs-2019"
    )
    assert refused(ecdsa) == (
        errors.AlgorithmKeyMismatch, "ecdsa-jcs-2019 needs a key for ES256 or ES384, not for EdDSA", None,
    )  # fmt: skip


def test_a_signature_of_another_size_is_told_with_both_sizes() -> None:
    prepared = data_integrity.prepare(unsigned(), verification_method=KEY.verification_method, created=SIGNED_AT)
    with pytest.raises(errors.SignatureMalformed) as caught:
        prepared.complete(bytes(63))
    assert caught.value.detail == "63 bytes; EdDSA signatures have 64"
    document = signed()
    expected = (errors.MalformedEncoding, "proofValue holds 63 bytes instead of 64", None)
    assert refused(document, proofValue=multibase.encode(bytes(63))) == expected


# -- what is signed


def test_a_signature_that_does_not_fit_is_told_so() -> None:
    assert refused(signed(), Key("other").public) == (
        errors.SignatureInvalid, "the signature does not fit the document under the issuer's key", None,
    )  # fmt: skip


@pytest.mark.parametrize("context", [[], [V2, V2], "https://w3id.org/plaudit/v1"])
def test_a_jcs_proof_s_context_that_does_not_begin_the_document_s_is_told_so(context: Any) -> None:
    assert refused(signed(cryptosuite="eddsa-jcs-2022"), **{"@context": context}) == (
        errors.ProofContextMismatch, "the proof's @context is not where the document's begins", None,
    )  # fmt: skip


def test_a_jcs_proof_over_one_context_needs_no_list() -> None:
    document = {"@context": V2, "name": "x"}
    made = signed(document, cryptosuite="eddsa-jcs-2022")
    data_integrity.check_proof(made, made["proof"][0], KEY.public)
    assert refused(made, **{"@context": [V2]})[0] is errors.SignatureInvalid


def test_an_rdfc_proof_may_repeat_the_document_s_contexts_and_name_no_others() -> None:
    document = signed()
    proof = {**document["proof"][0], "@context": document["@context"]}
    data_integrity.check_proof(document, proof, KEY.public)
    assert refused(document, **{"@context": [V2]}) == (
        errors.ProofContextMismatch, "the proof names other contexts than the document", None,
    )  # fmt: skip


@pytest.mark.parametrize("wrap", [lambda contexts: contexts[:1], lambda contexts: contexts[0]], ids=["list", "text"])
def test_a_single_context_may_be_text(wrap: Any) -> None:
    document = {"@context": wrap([V2]), "type": ["VerifiableCredential"], "issuer": "did:web:a.example"}
    made = signed(document)
    data_integrity.check_proof(made, made["proof"][0], KEY.public)
    assert refused({**made, "issuer": "did:web:b.example"})[0] is errors.SignatureInvalid


def test_the_options_are_hashed_with_the_key_s_own_hash() -> None:
    """By the general way and by the way for options of a known shape alike."""
    suite = cryptosuites.hashed("ecdsa-rdfc-2019")
    document = unsigned()
    config = suite.configure(document, {"proofPurpose": "assertionMethod", "created": "2026-06-21T12:00:00Z"})
    for algorithm, digest in (("ES256", "sha256"), ("ES384", "sha384")):
        parts = [
            hashlib.new(digest, jsonld.canonical_nquads(part, hash=digest).encode()).digest()
            for part in (config, document)
        ]
        assert suite.hash_data(document, config, algorithm=algorithm) == b"".join(parts)


def test_contexts_written_into_a_document_are_refused_unless_the_caller_says_otherwise() -> None:
    suite = cryptosuites.hashed("eddsa-rdfc-2022")
    document = {**unsigned(), "grade": "A+"}
    document["@context"] = [*document["@context"], {"grade": "https://issuer.example/terms#grade"}]
    made = signed(document, allow_inline_contexts=True)
    (proof,) = made["proof"]
    config = suite.configure(document, {name: proof[name] for name in proof if name != "proofValue"})
    for attempt in (
        lambda: suite.check(made, proof, KEY.public),
        lambda: suite.hash_data(document, config, algorithm="EdDSA"),
        lambda: data_integrity.check_proof(made, proof, KEY.public),
    ):
        with pytest.raises(errors.InlineContextRefused):
            attempt()
    suite.check(made, proof, KEY.public, allow_inline_contexts=True)


def test_a_proof_that_does_not_say_when_it_was_made_is_good() -> None:
    suite = cryptosuites.hashed("eddsa-jcs-2022")
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    options = {"verificationMethod": issuer.key.verification_method, "proofPurpose": "assertionMethod"}
    config = suite.configure(document, options)
    signature = issuer.key.sign(suite.hash_data(document, config, algorithm="EdDSA"))
    report = judge({**document, "proof": suite.complete(config, signature, algorithm="EdDSA")}, issuer.web)
    assert report.verdict is Verdict.VALID
    (told,) = report.step("signature").details["proofs"]
    assert told == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": issuer.key.verification_method,
    }


# -- chains


@pytest.mark.parametrize("named", ["urn:example:missing", "urn:example:me", [], ["urn:example:first"] * 2])
def test_a_chain_that_does_not_name_other_proofs_once_each_is_told_so(named: Any) -> None:
    document = signed(proof_id="urn:example:first")
    assert refused(document, id="urn:example:me", previousProof=named) == (
        errors.MalformedProof, "previousProof does not name other proofs of the document", "/proof",
    )  # fmt: skip


def test_a_proof_in_the_document_that_names_itself_is_told_so() -> None:
    document = signed(proof_id="urn:example:first")
    itself = {**document["proof"][0], "previousProof": "urn:example:first"}
    kind, detail, _ = refused({**document, "proof": [itself]})
    assert (kind, detail) == (errors.MalformedProof, "previousProof does not name other proofs of the document")


def test_names_of_a_chain_must_be_text() -> None:
    assert refused(signed(), previousProof={"a": 1}) == (
        errors.MalformedProof, "previousProof is not a string or a list of strings", "/proof/previousProof",
    )  # fmt: skip


def test_two_proofs_may_be_named_in_any_order_and_both_are_signed() -> None:
    both = signed(signed(proof_id="urn:example:a"), proof_id="urn:example:b")
    for names in (["urn:example:a", "urn:example:b"], ["urn:example:b", "urn:example:a"]):
        third = signed(both, previous_proof=names)
        data_integrity.check_proof(third, third["proof"][2], KEY.public)
        for number in range(2):
            changed = [dict(proof) for proof in third["proof"]]
            changed[number]["created"] = "2026-06-21T12:00:01Z"
            assert refused({**third, "proof": changed})[0] is errors.SignatureInvalid


def test_a_chain_needs_a_document_with_proofs() -> None:
    with pytest.raises(errors.MalformedProof):
        signed(previous_proof="urn:example:first")

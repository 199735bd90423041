"""The cryptosuites beyond EdDSA 2022: ECDSA on two curves and Ed25519Signature2020, by the official vectors."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from credentials import canonical, cryptosuites, data_integrity, errors, jsonld, multibase
from credentials.multikey import PublicKey
from tests.worlds.completions import SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer, Key
from tests.worlds.memory_web import MemoryWeb

Signer = Key | EcKey
LEGACY_CONTEXT = "https://w3id.org/security/suites/ed25519-2020/v1"
#: Each suite with each kind of key that may sign with it.
MADE_WITH: list[tuple[str, Signer]] = [
    ("eddsa-rdfc-2022", Key("suites")),
    ("eddsa-jcs-2022", Key("suites")),
    ("ecdsa-rdfc-2019", EcKey("suites", "ES256")),
    ("ecdsa-rdfc-2019", EcKey("suites", "ES384")),
    ("ecdsa-jcs-2019", EcKey("suites", "ES256")),
    ("ecdsa-jcs-2019", EcKey("suites", "ES384")),
    ("Ed25519Signature2020", Key("suites")),
]
IDS = [f"{suite}-{key.algorithm}" for suite, key in MADE_WITH]
each_suite = pytest.mark.parametrize(("suite", "key"), MADE_WITH, ids=IDS)

#: Document, folder, suffix of the file names, hash.
OFFICIAL = [
    ("w3c-vc-di-ecdsa", "unsigned.json", "ecdsa-rdfc-2019-p256", "ECDSAP256", "sha256"),
    ("w3c-vc-di-ecdsa", "unsigned.json", "ecdsa-rdfc-2019-p384", "ECDSAP384", "sha384"),
    ("w3c-vc-di-ecdsa", "employmentAuth.json", "ecdsa-rdfc-2019-p256/employ", "ECDSAP256", "sha256"),
    ("w3c-vc-di-ecdsa", "employmentAuth.json", "ecdsa-rdfc-2019-p384/employ", "ECDSAP384", "sha384"),
    ("w3c-vc-di-ecdsa", "unsigned.json", "ecdsa-jcs-2019-p256", "JCSECDSAP256", "sha256"),
    ("w3c-vc-di-ecdsa", "unsigned.json", "ecdsa-jcs-2019-p384", "JCSECDSAP384", "sha384"),
    ("w3c-vc-di-eddsa", "unsigned.json", "Ed25519Signature2020", "EdSig", "sha256"),
]


def unsigned() -> dict[str, Any]:
    document = Issuer(MemoryWeb()).unsigned()
    return {**document, "@context": [*document["@context"], LEGACY_CONTEXT]}


def signed(suite: str, key: Signer, **options: Any) -> dict[str, Any]:
    return data_integrity.add_proof(unsigned(), signer=key, created=SIGNED_AT, cryptosuite=suite, **options)


def code(document: dict[str, Any], key: PublicKey, **changes: Any) -> str:
    """The code that checking the last proof gives, some of its members changed."""
    with pytest.raises(errors.PlauditError) as caught:
        data_integrity.check_proof(document, {**document["proof"][-1], **changes}, key)
    return caught.value.code


@pytest.mark.parametrize(("root", "name", "folder", "suffix", "digest"), OFFICIAL, ids=[row[2] for row in OFFICIAL])
def test_official_vectors_step_by_step(
    root: str, name: str, folder: str, suffix: str, digest: str, vectors: Path
) -> None:
    """Canonical document and proof, both hashes side by side, and the published signature."""

    def text(stem: str) -> str:
        return (vectors / root / folder / f"{stem}{suffix}.txt").read_text("utf-8")

    published = json.loads((vectors / root / folder / f"signed{suffix}.json").read_bytes())
    config = json.loads((vectors / root / folder / f"proofConfig{suffix}.json").read_bytes())
    document = {member: value for member, value in published.items() if member != "proof"}
    proof = published["proof"]
    suite = cryptosuites.hashed(proof.get("cryptosuite", proof["type"]))
    key = PublicKey.from_multikey(proof["verificationMethod"].partition("#")[2])
    if suite.uses_jcs:
        assert [canonical.jcs(part).decode() for part in (document, config)] == [text("canonDoc"), text("proofCanon")]
    else:
        parts = [jsonld.canonical_nquads(part, hash=digest) for part in (document, config)]
        assert parts == [text("canonDoc"), text("proofCanon")]
    hashed = suite.hash_data(document, config, algorithm=key.algorithm)
    assert hashed.hex() == text("combinedHash").strip()
    assert multibase.encode(bytes.fromhex(text("sigHex"))) == proof["proofValue"]
    data_integrity.check_proof(published, proof, key)
    prepared = data_integrity.prepare(
        document, verification_method=proof["verificationMethod"], created=datetime.fromisoformat(proof["created"]),
        cryptosuite=suite.name, algorithm=key.algorithm,
    )  # fmt: skip
    assert prepared.hash_data == hashed
    assert prepared.complete(bytes.fromhex(text("sigHex"))) == {**document, "proof": [proof]}


@each_suite
def test_what_is_made_verifies(suite: str, key: Signer) -> None:
    document = signed(suite, key)
    proof = document["proof"][0]
    assert proof.get("cryptosuite", proof["type"]) == suite
    data_integrity.check_proof(document, proof, key.public)


@each_suite
def test_one_changed_byte_one_undefined_term_a_swapped_context_a_foreign_key_each_have_their_code(
    suite: str, key: Signer
) -> None:
    document = signed(suite, key)
    jcs = suite in cryptosuites.JCS
    altered = {**document, "awardedDate": "2026-05-29T00:00:00Z"}
    assert code(altered, key.public) == "signature_invalid"
    undefined = {**document, "grade": "A+"}
    assert code(undefined, key.public) == ("signature_invalid" if jcs else "data_loss")
    contexts = document["@context"]
    swapped = {**document, "@context": [contexts[0], "https://w3id.org/security/multikey/v1", *contexts[2:]]}
    assert code(swapped, key.public) == ("proof_context" if jcs else "data_loss")
    unknown = {**document, "@context": [*contexts, "https://stranger.example/v1"]}
    assert code(unknown, key.public) == ("signature_invalid" if jcs else "context_not_known")
    foreign = Key("foreign") if key.algorithm == "EdDSA" else EcKey("foreign", key.algorithm)
    assert code(document, foreign.public) == "signature_invalid"
    other_kind = EcKey("suites", "ES512")
    assert code(document, other_kind.public) == "alg_key_mismatch"


@pytest.mark.case("DIP-05")
@each_suite
def test_a_proof_relabelled_as_another_suite_never_verifies(suite: str, key: Signer) -> None:
    document = signed(suite, key)
    for other in cryptosuites.HASHED.values():
        if other.name != suite:
            proof = {name: value for name, value in document["proof"][0].items() if name != "cryptosuite"}
            with pytest.raises((errors.SignatureInvalid, errors.AlgorithmKeyMismatch, errors.ProofContextMismatch)):
                data_integrity.check_proof(document, {**proof, **other.naming}, key.public)


@each_suite
def test_a_signature_of_another_size_is_not_read(suite: str, key: Signer) -> None:
    document = signed(suite, key)
    raw = multibase.decode(document["proof"][0]["proofValue"])
    assert code(document, key.public, proofValue=multibase.encode(raw[:-1])) == "encoding"
    assert code(document, key.public, proofValue=multibase.encode(raw + b"\1")) == "encoding"
    assert code(document, key.public, proofValue=multibase.encode(raw, prefix="u")) == "encoding"


@pytest.mark.parametrize(("suite", "key"), MADE_WITH[:-1], ids=IDS[:-1])
def test_a_chain_of_proofs_signs_the_proofs_before_it(suite: str, key: Signer) -> None:
    first = signed(suite, key, proof_id="urn:example:first")
    both = data_integrity.add_proof(
        first, signer=key, created=SIGNED_AT, cryptosuite=suite, proof_id="urn:example:second",
        previous_proof=["urn:example:first"],
    )  # fmt: skip
    for proof in both["proof"]:
        data_integrity.check_proof(both, proof, key.public)
    tampered = {**both, "proof": [{**both["proof"][0], "created": "2020-01-01T00:00:00Z"}, both["proof"][1]]}
    with pytest.raises(errors.SignatureInvalid):
        data_integrity.check_proof(tampered, tampered["proof"][1], key.public)


def test_the_vocabulary_of_2020_has_no_chains() -> None:
    first = signed("Ed25519Signature2020", Key("suites"), proof_id="urn:example:first")
    with pytest.raises(errors.DataLoss):
        data_integrity.add_proof(
            first, signer=Key("suites"), created=SIGNED_AT, cryptosuite="Ed25519Signature2020",
            previous_proof="urn:example:first",
        )  # fmt: skip


@pytest.mark.case("DIP-10")
@pytest.mark.parametrize("named", ["urn:example:missing", "urn:example:me", [], ["urn:example:first", 5], {"a": 1}])
def test_a_chain_with_a_missing_member_is_malformed(named: Any) -> None:
    key = Key("suites")
    document = signed("eddsa-rdfc-2022", key, proof_id="urn:example:first")
    assert code(document, key.public, id="urn:example:me", previousProof=named) == "proof_malformed"
    with pytest.raises(errors.MalformedProof):
        signed("eddsa-rdfc-2022", key, previous_proof="urn:example:nothing")


@pytest.mark.case("DIP-10")
def test_a_cycle_of_proofs_ends_at_once() -> None:
    key = Key("suites")
    document = signed("eddsa-jcs-2022", key, proof_id="urn:example:a")
    first = {**document["proof"][0], "previousProof": "urn:example:b"}
    second = {**first, "id": "urn:example:b", "previousProof": "urn:example:a"}
    cycle = {**document, "proof": [first, second]}
    for proof in cycle["proof"]:
        with pytest.raises(errors.SignatureInvalid):
            data_integrity.check_proof(cycle, proof, key.public)
    twice = {**document, "proof": [second, {**first, "id": "urn:example:b"}, document["proof"][0]]}
    with pytest.raises(errors.MalformedProof):
        data_integrity.check_proof(twice, {**first, "id": "urn:example:c"}, key.public)


def test_a_document_without_contexts_can_be_signed_as_plain_json() -> None:
    """The jcs suites need no JSON-LD; did:webvh logs are signed so."""
    key = Key("suites")
    entry = {"versionId": "1-abc", "state": {"id": "did:example:1"}}
    made = data_integrity.add_proof(entry, signer=key, created=SIGNED_AT, cryptosuite="eddsa-jcs-2022")
    assert "@context" not in made["proof"][0]
    data_integrity.check_proof(made, made["proof"][0], key.public)
    with pytest.raises(errors.ProofContextMismatch):
        data_integrity.check_proof(made, {**made["proof"][0], "@context": ["https://a.example/"]}, key.public)
    with pytest.raises(errors.MalformedContext):
        data_integrity.add_proof(entry, signer=key, created=SIGNED_AT, cryptosuite="eddsa-rdfc-2022")


def test_a_context_written_into_the_document_is_signed_and_checked_only_on_request() -> None:
    key = Key("suites")
    document = {**unsigned(), "grade": "A+"}
    document["@context"] = [*document["@context"], {"grade": "https://issuer.example/terms#grade"}]
    with pytest.raises(errors.InlineContextRefused):
        data_integrity.add_proof(document, signer=key, created=SIGNED_AT)
    made = data_integrity.add_proof(document, signer=key, created=SIGNED_AT, allow_inline_contexts=True)
    assert code(made, key.public) == "inline_context"
    data_integrity.check_proof(made, made["proof"][0], key.public, allow_inline_contexts=True)


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "eddsa-rdfc-2022", "ecdsa-jcs-2019", "Ed25519Signature2020"])
def test_nothing_is_made_with_a_key_of_another_kind(suite: str) -> None:
    other: Signer = Key("suites") if suite.startswith("ecdsa") else EcKey("suites")
    with pytest.raises(errors.AlgorithmKeyMismatch):
        signed(suite, other)


def test_a_proof_answers_the_challenge_and_the_domain_that_were_given() -> None:
    proof = signed("eddsa-jcs-2022", Key("suites"), challenge="c-1", domain=["a.example", "b.example"])["proof"][0]
    data_integrity.check_binding(proof, challenge="c-1", domain="b.example")
    data_integrity.check_binding(proof, challenge=None, domain=None)
    with pytest.raises(errors.ChallengeMismatch):
        data_integrity.check_binding(proof, challenge="c-2", domain="b.example")
    with pytest.raises(errors.DomainMismatch):
        data_integrity.check_binding(proof, challenge="c-1", domain="c.example")
    with pytest.raises(errors.DomainMismatch):
        data_integrity.check_binding({}, challenge=None, domain="c.example")


def test_a_domain_is_text() -> None:
    document = signed("eddsa-jcs-2022", Key("suites"))
    assert code(document, Key("suites").public, domain=["a.example", 5]) == "proof_malformed"

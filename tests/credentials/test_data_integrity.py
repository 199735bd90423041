"""Data Integrity proofs with the official vectors, step by step, and everything that must not verify."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nacl.signing
import pytest

from credentials import canonical, cryptosuites, data_integrity, errors, jsonld, multibase, second_path
from credentials.multikey import PublicKey

V2 = "https://www.w3.org/ns/credentials/v2"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
DOCUMENT: dict[str, Any] = {
    "@context": [V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "https://issuer.example/c/1",
    "type": ["VerifiableCredential", "AchievementCredential"],
    "issuer": {"id": "did:web:issuer.example", "type": ["Profile"], "name": "Zoë & Söhne"},
    "validFrom": "2026-03-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:student", "type": ["AchievementSubject"], "role": "Analyst"},
}


class Ed25519Signer:
    """A key in memory; a `Signer` by shape."""

    algorithm = "EdDSA"

    def __init__(self, seed: bytes, verification_method: str = "did:web:issuer.example#key-1") -> None:
        self._key = nacl.signing.SigningKey(seed)
        self.public = PublicKey.from_ed25519_bytes(bytes(self._key.verify_key))
        self.verification_method = verification_method

    def sign(self, data: bytes) -> bytes:
        return bytes(self._key.sign(data).signature)


SIGNER = Ed25519Signer(b"\5" * 32)


def signed(suite: str = "eddsa-rdfc-2022", **options: Any) -> dict[str, Any]:
    return data_integrity.add_proof(DOCUMENT, signer=SIGNER, created=CREATED, cryptosuite=suite, **options)


def refusal(document: dict[str, Any], key: PublicKey = SIGNER.public, **proof: Any) -> errors.PlauditError:
    """The error that checking the last proof gives, some of its members changed (None: removed)."""
    changed = {**document["proof"][-1], **proof}
    with pytest.raises(errors.PlauditError) as caught:
        data_integrity.check_proof(document, {k: v for k, v in changed.items() if v is not None}, key)
    return caught.value


@pytest.fixture(scope="module")
def w3c(vectors: Path) -> Path:
    return vectors / "w3c-vc-di-eddsa"


@pytest.fixture(scope="module")
def w3c_signer(w3c: Path) -> Ed25519Signer:
    pair = json.loads((w3c / "keyPair.json").read_bytes())
    method = f"did:key:{pair['publicKeyMultibase']}#{pair['publicKeyMultibase']}"
    return Ed25519Signer(multibase.decode(pair["privateKeyMultibase"])[2:], method)


OFFICIAL = [
    ("unsigned.json", "eddsa-rdfc-2022", "DataInt"),
    ("employmentAuth.json", "eddsa-rdfc-2022/employ", "DataInt"),
    ("unsigned.json", "eddsa-jcs-2022", "JCS"),
]


@pytest.mark.parametrize(("name", "folder", "suffix"), OFFICIAL)
def test_official_vectors_step_by_step(
    name: str, folder: str, suffix: str, w3c: Path, w3c_signer: Ed25519Signer
) -> None:
    """Canonical document and proof, both hashes, the combined hash, the signature: byte for byte."""

    def text(stem: str) -> str:
        return (w3c / folder / f"{stem}{suffix}.txt").read_text("utf-8")

    document = json.loads((w3c / name).read_bytes())
    config = json.loads((w3c / folder / f"proofConfig{suffix}.json").read_bytes())
    form = canonical.jcs if suffix == "JCS" else lambda value: jsonld.canonical_nquads(value).encode()
    assert form(document).decode() == text("canonDoc")
    assert form(config).decode() == text("proofCanon")
    assert hashlib.sha256(form(document)).hexdigest() == text("docHash").strip()
    assert hashlib.sha256(form(config)).hexdigest() == text("proofHash").strip()
    hashed = cryptosuites.hashed(config["cryptosuite"]).hash_data(document, config, algorithm="EdDSA")
    assert hashed.hex() == text("combinedHash").strip()
    signature = w3c_signer.sign(hashed)
    assert signature.hex() == text("sigHex").strip()
    assert multibase.encode(signature) == text("sigBTC58").strip()


@pytest.mark.parametrize(("name", "folder", "suffix"), OFFICIAL)
def test_official_vectors_whole(name: str, folder: str, suffix: str, w3c: Path, w3c_signer: Ed25519Signer) -> None:
    """Adding a proof gives the published one; the published document verifies, by both paths."""
    published = json.loads((w3c / folder / f"signed{suffix}.json").read_bytes())
    document = json.loads((w3c / name).read_bytes())
    proof = published["proof"]
    created = datetime.fromisoformat(proof["created"])
    suite = proof["cryptosuite"]
    made = data_integrity.add_proof(document, signer=w3c_signer, created=created, cryptosuite=suite)
    assert made == {**document, "proof": [proof]}
    data_integrity.check_proof(published, proof, w3c_signer.public)
    second_path.verify(published, w3c_signer.public.raw)


@pytest.mark.parametrize("name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"])
def test_official_proof_sets_and_chains(name: str, w3c: Path) -> None:
    """Every proof of the four documents verifies; a chained one no longer, once what it builds on is changed."""
    document = json.loads((w3c / "proof-set-chain" / f"{name}.json").read_bytes())
    proofs = data_integrity.proofs_of(document)
    keys = [PublicKey.from_multikey(proof["verificationMethod"].partition("#")[2]) for proof in proofs]
    for proof, key in zip(proofs, keys, strict=True):
        data_integrity.check_proof(document, proof, key)
    for proof, key in zip(proofs, keys, strict=True):
        if "previousProof" in proof:
            changed = {**document, "proof": [{**item, "created": "2020-01-01T00:00:00Z"} for item in proofs]}
            with pytest.raises(errors.SignatureInvalid):
                data_integrity.check_proof(changed, proof, key)
            with pytest.raises(errors.MalformedProof):
                data_integrity.check_proof({**document, "proof": [proof]}, proof, key)


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_made_verifies_twice(suite: str) -> None:
    """Our own proof stands up to ourselves and to the second path; the document given stays as it was."""
    before = json.dumps(DOCUMENT)
    document = signed(suite, expires=CREATED + timedelta(days=1), domain="verifier.example", challenge="c")
    assert json.dumps(DOCUMENT) == before
    data_integrity.check_proof(document, document["proof"][0], SIGNER.public)
    second_path.verify(document, SIGNER.public.raw)
    again = data_integrity.add_proof(document, signer=SIGNER, created=CREATED, cryptosuite=suite)
    assert again["proof"][0] == document["proof"][0]
    for proof in again["proof"]:
        data_integrity.check_proof(again, proof, SIGNER.public)


@pytest.mark.parametrize("suite", SUITES)
def test_signing_can_be_split(suite: str) -> None:
    """prepare → the key elsewhere → complete gives the same document as add_proof; half a signature is refused."""
    prepared = data_integrity.prepare(
        DOCUMENT, verification_method=SIGNER.verification_method, created=CREATED, cryptosuite=suite
    )
    assert prepared.complete(SIGNER.sign(prepared.hash_data)) == signed(suite)
    with pytest.raises(errors.SignatureMalformed):
        prepared.complete(b"\0" * 63)


@pytest.mark.case("OUT-04")
@pytest.mark.parametrize("suite", SUITES)
def test_altered_documents_do_not_verify(suite: str) -> None:
    """Each member changed, removed or added is found."""
    document = signed(suite)
    subject = DOCUMENT["credentialSubject"]
    for change in (
        {"credentialSubject": {**subject, "role": "analyst"}},
        {"credentialSubject": {"id": "did:example:student", "type": ["AchievementSubject"]}},
        {"validFrom": "2026-03-01T00:00:01Z"},
        {"name": "added"},
        {"id": "https://issuer.example/c/2"},
        {"type": ["VerifiableCredential", "EndorsementCredential"]},
    ):
        assert refusal({**document, **change}).code == "signature_invalid"
    assert refusal(document, key=Ed25519Signer(b"\6" * 32).public).code == "signature_invalid"


@pytest.mark.case("LDP-01")
def test_added_undefined_member_is_data_loss() -> None:
    """What JSON-LD would drop is not "altered" but named as what it is."""
    document = signed()
    subject = {**document["credentialSubject"], "grade": "A+"}
    assert refusal({**document, "credentialSubject": subject}).code == "data_loss"
    assert refusal({**signed("eddsa-jcs-2022"), "credentialSubject": subject}).code == "signature_invalid"


@pytest.mark.case("DIP-07")
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    "change",
    [
        {"created": "2023-02-24T23:36:39Z"},
        {"proofPurpose": "authentication"},
        {"verificationMethod": "did:web:issuer.example#key-2"},
        {"domain": "other.example"},
        {"challenge": "other"},
        {"domain": None},
        {"expires": "2030-01-01T00:00:00Z"},
        {"nonce": "added"},
        {"id": "urn:uuid:added"},
    ],
)
def test_changed_proof_options_do_not_verify(suite: str, change: dict[str, Any]) -> None:
    """The hash covers every option of the proof."""
    document = signed(suite, domain="verifier.example", challenge="c")
    assert refusal(document, **change).code == "signature_invalid"


@pytest.mark.case("DIP-05")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "Ed25519Signature2020"}, "proof_unsupported"),
        ({"type": None}, "proof_unsupported"),
        ({"cryptosuite": "bbs-2023"}, "proof_unsupported"),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, "alg_key_mismatch"),
        ({"cryptosuite": "EDDSA-RDFC-2022"}, "proof_unsupported"),
        ({"cryptosuite": None}, "proof_unsupported"),
        ({"cryptosuite": ["eddsa-rdfc-2022"]}, "proof_malformed"),
        ({"cryptosuite": "eddsa-jcs-2022"}, "signature_invalid"),
        ({"undefined": "x"}, "data_loss"),
    ],
)
def test_other_kinds_of_proof(change: dict[str, Any], code: str) -> None:
    """Unknown types and suites are "cannot be checked"; a relabelled one never verifies."""
    assert refusal(signed(), **change).code == code


@pytest.mark.case("DIP-05")
@pytest.mark.parametrize("suite", SUITES)
def test_key_of_another_kind_is_refused(suite: str) -> None:
    """The key chooses the algorithm: a P-256 key never checks an EdDSA suite, nor signs one."""
    other = PublicKey.from_multikey("zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv")
    assert refusal(signed(suite), key=other).code == "alg_key_mismatch"

    class WrongSigner(Ed25519Signer):
        algorithm = "ES256"

    with pytest.raises(errors.AlgorithmKeyMismatch):
        data_integrity.add_proof(DOCUMENT, signer=WrongSigner(b"\5" * 32), created=CREATED, cryptosuite=suite)
    with pytest.raises(errors.AlgorithmKeyMismatch):
        data_integrity.add_proof(DOCUMENT, signer=SIGNER, created=CREATED, cryptosuite="ecdsa-rdfc-2019")
    with pytest.raises(errors.UnsupportedProof):
        data_integrity.add_proof(DOCUMENT, signer=SIGNER, created=CREATED, cryptosuite="bbs-2023")


@pytest.mark.case("DIP-06")
@pytest.mark.parametrize("proof", [None, []])
def test_missing_proofs(proof: Any) -> None:
    """Removed, null, empty: not signed."""
    for document in ({**DOCUMENT, "proof": proof}, DOCUMENT):
        with pytest.raises(errors.NoProof):
            data_integrity.proofs_of(document)
    for value in ("", None):
        assert refusal(signed(), proofValue=value).code == "no_proof"


@pytest.mark.parametrize("proof", ["x", 5, ["x"], [{}, None], [[]], True])
def test_malformed_proofs(proof: Any) -> None:
    """A proof is an object, or a list of them."""
    with pytest.raises(errors.MalformedProof):
        data_integrity.proofs_of({**DOCUMENT, "proof": proof})


@pytest.mark.case("DIP-08")
def test_proof_values_have_one_encoding() -> None:
    """Only `z`, only base58btc, only 64 bytes, only one text for them."""
    document = signed()
    value = document["proof"][0]["proofValue"]
    raw = multibase.decode(value)
    for wrong in (
        multibase.encode(raw, prefix="u"), "m" + value[1:], "f" + raw.hex(), value[1:], "z1" + value[1:], value + "1",
        value[:-4], value + " ", value.replace(value[5], "0"), "z", "z" + "1" * 63, multibase.encode(raw + b"\0"),
        multibase.encode(b"\0" + raw),
    ):  # fmt: skip
        assert refusal(document, proofValue=wrong).code == "encoding", wrong
    assert refusal(document, proofValue=5).code == "encoding"


@pytest.mark.parametrize(
    "change",
    [{"verificationMethod": None}, {"verificationMethod": ["a"]}, {"proofPurpose": None}, {"id": 5}, {"nonce": {}}],
)
def test_malformed_members(change: dict[str, Any]) -> None:
    """What a proof must have, and in which shape (Data Integrity 1.0, 2.1)."""
    assert refusal(signed(), **change).code == "proof_malformed"
    assert refusal(signed(), created="yesterday").code == "timestamp"
    assert refusal(signed(), expires=5).code == "timestamp"


def test_jcs_proof_context_must_begin_the_documents() -> None:
    """A longer @context on the document is allowed by the suite, another beginning is not (3.3.2)."""
    document = signed("eddsa-jcs-2022")
    assert document["proof"][0]["@context"] == DOCUMENT["@context"]
    for context in ([DOCUMENT["@context"][1]], [V2, V2], [], V2):
        error = refusal(document, SIGNER.public, **{"@context": context})
        assert error.code == ("signature_invalid" if context == V2 else "proof_context")
    longer = {**document, "@context": [*DOCUMENT["@context"], "https://w3id.org/security/multikey/v1"]}
    assert refusal(longer).code == "signature_invalid"


def test_rdfc_proof_must_not_name_other_contexts() -> None:
    """The suite hashes the document's contexts; a different list in the proof would be unsigned text."""
    assert refusal(signed(), SIGNER.public, **{"@context": [V2]}).code == "proof_context"


@pytest.mark.case("DIP-01")
def test_purpose_is_judged() -> None:
    """A proof for authentication does not assert, and the reverse."""
    proof = signed()["proof"][0]
    data_integrity.check_purpose(proof)
    with pytest.raises(errors.ProofPurposeMismatch):
        data_integrity.check_purpose(proof, "authentication")


@pytest.mark.case("DIP-11")
def test_times_of_a_proof_are_judged() -> None:
    """Expired; dated in the future by ten minutes or a day; and the skew that clocks may have."""
    proof = signed(expires=CREATED + timedelta(hours=1))["proof"][0]
    data_integrity.check_times(proof, CREATED)
    data_integrity.check_times(proof, CREATED - timedelta(minutes=5))
    for minutes in (10, 24 * 60):
        with pytest.raises(errors.ProofNotYetValid):
            data_integrity.check_times(proof, CREATED - timedelta(minutes=minutes))
    for now in (CREATED + timedelta(hours=1), CREATED + timedelta(days=400)):
        with pytest.raises(errors.ProofExpired):
            data_integrity.check_times(proof, now)


@pytest.mark.case("LDP-02")
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022"])
def test_nothing_is_signed_that_would_be_lost(suite: str) -> None:
    """The signer is never asked."""

    class NeverAsked(Ed25519Signer):
        def sign(self, data: bytes) -> bytes:
            raise AssertionError("the key was used")

    subject = {**DOCUMENT["credentialSubject"], "grade": "A+"}
    with pytest.raises(errors.DataLoss):
        data_integrity.add_proof(
            {**DOCUMENT, "credentialSubject": subject},
            signer=NeverAsked(b"\5" * 32),
            created=CREATED,
            cryptosuite=suite,
        )

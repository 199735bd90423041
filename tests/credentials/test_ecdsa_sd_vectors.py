"""ecdsa-sd-2023 by the official vectors: every value they publish, from the canonical document to the verify data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from credentials import jsonld, multibase, timestamps
from credentials.cryptosuites import ecdsa_sd
from credentials.cryptosuites.ecdsa_sd import base, proof_value, selection, signing_input
from credentials.cryptosuites.ecdsa_sd import statements as statements_of
from credentials.cryptosuites.ecdsa_sd.statements import Statements
from credentials.multikey import PublicKey


@dataclass
class Replayed:
    """A key that signs again what it signed when the vectors were made, and nothing else."""

    public: PublicKey
    signatures: list[bytes]
    verification_method: str = ""
    algorithm: str = "ES256"

    def sign(self, data: bytes) -> bytes:
        signature = self.signatures.pop(0)
        assert self.public.verify(signature, data)
        return signature


class Vectors:
    """One document of the vectors, its files by stem."""

    def __init__(self, root: Path, folder: str, stem: str) -> None:
        self.root, self.folder = root, root / "ecdsa-sd-2023" / folder
        #: As it stands in the signed document: the file of the unsigned `prc` one is of another revision.
        self.unsigned = base.unsecured(self.json("addSignedSDBase"))
        self.mandatory = self.json(f"{stem}Mandatory")
        self.selective = self.json(f"{stem}Selective")
        keys = json.loads((root / "ecdsa-sd-2023" / "SDKeyMaterial.json").read_bytes())
        self.hmac_key = bytes.fromhex(keys["hmacKeyString"])
        self.issuer = PublicKey.from_multikey(keys["baseKeyPair"]["publicKeyMultibase"])
        self.proof_key = PublicKey.from_multikey(keys["proofKeyPair"]["publicKeyMultibase"])

    def json(self, name: str) -> Any:
        file = self.folder / f"{name}.json"
        return json.loads((file if file.exists() else self.root / f"{name}.json").read_bytes())

    def statements(self) -> Statements:
        return Statements(self.unsigned, self.hmac_key, allow_inline_contexts=False)


@pytest.fixture(params=["employ", "prc"])
def official(request: pytest.FixtureRequest, vectors: Path) -> Vectors:
    stem = {"employ": "employ", "prc": "prCred"}[request.param]
    return Vectors(vectors / "w3c-vc-di-ecdsa", request.param, stem)


def _group(lines: list[str], indexes: list[int]) -> list[list[Any]]:
    return [[index, lines[index]] for index in indexes]


def test_canonical_document_and_hmac_labels(official: Vectors) -> None:
    assert jsonld.canonical_nquads(official.unsigned).splitlines(keepends=True) == official.json("addBaseDocCanon")
    assert official.statements().lines == official.json("addBaseDocHMACCanon")


def test_pointers_select_the_published_values(official: Vectors) -> None:
    for entry in official.json("addPointerValues"):
        (step,) = selection.parse(entry["pointer"])
        assert selection.select(official.unsigned, [entry["pointer"]])[step] == entry["value"]


def test_mandatory_and_other_statements(official: Vectors) -> None:
    published = official.json("addBaseTransform")
    statements = official.statements()
    mandatory = statements.indexes(published["mandatoryPointers"])
    others = [index for index in range(len(statements.lines)) if index not in mandatory]
    assert _group(statements.lines, mandatory) == published["mandatory"]["value"]
    assert _group(statements.lines, others) == published["nonMandatory"]["value"]


def test_proof_configuration_and_hashes(official: Vectors) -> None:
    config, hashes = official.json("addProofConfig"), official.json("addHashData")
    canonical_form = (official.folder / "addProofConfigCanon.txt").read_text("utf-8")
    assert jsonld.canonical_nquads(config) == canonical_form
    proof_hash = signing_input.proof_hash(official.unsigned, config, allow_inline_contexts=False)
    mandatory = [line for _, line in official.json("addBaseTransform")["mandatory"]["value"]]
    assert proof_hash.hex() == hashes["proofHash"]
    assert signing_input.mandatory_hash(mandatory).hex() == hashes["mandatoryHash"]


def test_base_proof_is_the_published_one(official: Vectors) -> None:
    raw, published = official.json("addRawBaseSignatureInfo"), official.json("addSignedSDBase")
    made = ecdsa_sd.create_base_proof(
        official.unsigned,
        signer=Replayed(
            official.issuer, [bytes.fromhex(raw["baseSignature"])], published["proof"]["verificationMethod"]
        ),
        proof_key=Replayed(official.proof_key, [bytes.fromhex(one) for one in raw["signatures"]]),
        hmac_key=official.hmac_key,
        mandatory_pointers=official.mandatory,
        created=timestamps.parse(published["proof"]["created"]),
    )
    assert made == {**published, "proof": [published["proof"]]}
    assert raw["publicKey"] == official.proof_key.multikey
    ecdsa_sd.check_base_proof(published, published["proof"], official.issuer)


def test_base_proof_value_is_read_as_published(official: Vectors) -> None:
    published = official.json("derivedRecoveredBaseData")
    value = proof_value.decode_base(official.json("addSignedSDBase")["proof"]["proofValue"])
    assert value.base_signature.hex() == published["baseSignature"]
    assert value.proof_key.multikey == published["proofPublicKey"]
    assert value.hmac_key.hex() == published["hmacKey"]
    assert [one.hex() for one in value.signatures] == published["signatures"]
    assert value.mandatory_pointers == published["mandatoryPointers"]


def test_groups_of_the_disclosure(official: Vectors) -> None:
    indexes, groups = official.json("derivedGroupIndexes"), official.json("derivedAllGroupData")["groups"]
    statements = official.statements()
    everything = set(range(len(statements.lines)))
    for name, pointers in {
        "mandatory": official.mandatory,
        "selective": official.selective,
        "combined": [*official.mandatory, *official.selective],
    }.items():
        found = statements.indexes(pointers)
        assert found == indexes[f"{name}Indexes"]
        assert _group(statements.lines, found) == groups[name]["matching"]["value"]
        assert _group(statements.lines, sorted(everything - set(found))) == groups[name]["nonMatching"]["value"]
    assert sorted(everything - set(statements.indexes(official.mandatory))) == indexes["nonMandatoryIndexes"]


def test_disclosure_is_the_published_one(official: Vectors) -> None:
    derived = ecdsa_sd.derive(official.json("addSignedSDBase"), official.selective)
    assert base.unsecured(derived) == official.json("derivedUnsignedReveal")
    assert derived == official.json("derivedRevealDocument")
    value = proof_value.decode_disclosure(derived["proof"]["proofValue"])
    for name in ("derivedDisclosureData", "verifyDerivedProofValue"):
        published = official.json(name)
        labels = published["labelMap"] if name.startswith("verify") else published["labelMap"]["value"]
        assert value.base_signature.hex() == published["baseSignature"]
        assert value.proof_key.multikey == published["publicKey"]
        assert [one.hex() for one in value.signatures] == published["signatures"]
        assert {f"c14n{number}": multibase.encode(digest, prefix="u") for number, digest in value.labels.items()} == (
            dict(labels)
        )
        assert value.mandatory_indexes == published["mandatoryIndexes"]
    assert value.mandatory_indexes == official.json("derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]
    adjusted = official.json("derivedAdjSignatures")
    assert [one.hex() for one in value.signatures] == adjusted["filteredSignatures"]


def test_verify_data_is_the_published_one(official: Vectors) -> None:
    document, published = official.json("derivedRevealDocument"), official.json("verifyCreateVerifyData")
    value = proof_value.decode_disclosure(document["proof"]["proofValue"])
    lines = statements_of.of_part(base.unsecured(document), value.labels, allow_inline_contexts=False)
    assert lines == official.json("verifyNQuads")
    mandatory, others = base.split(lines, value.mandatory_indexes)
    assert others == published["nonMandatory"]
    assert signing_input.mandatory_hash(mandatory).hex() == published["mandatoryHash"]
    proof_hash = signing_input.proof_hash(document, document["proof"], allow_inline_contexts=False)
    assert proof_hash.hex() == published["proofHash"]
    ecdsa_sd.ECDSA_SD_2023.check(document, document["proof"], official.issuer)

"""@digitalbazaar/ecdsa-sd-2023-cryptosuite and Plaudit read each other's base and disclosure proofs."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from credentials import data_integrity, errors
from credentials.cryptosuites import ecdsa_sd
from credentials.multikey import PublicKey
from tests.credentials import generated
from tests.credentials.selections import some_pointers
from tests.interop.conftest import CREATED, Node
from tests.worlds.ec_keys import EcKey

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]

SIGNER = EcKey("interop")
#: Credentials each way, every one with pointers of its own.
MANY = 40


def _credentials(seed: int) -> list[tuple[dict[str, Any], list[str], list[str]]]:
    """Unsigned credentials, each with mandatory and with selective pointers.

    Lists in a fixed order are left out: the peer gives their cells labels that change with what is shown. So are
    coordinates: Open Badges has one IRI for the member `geo` and the type `GeoCoordinates`, and the peer's compaction
    writes the one for the other. And texts that look like blank node labels: the peer gives them new labels too.
    And 1e20, which Node writes as an integer beyond what is read here.
    """
    random = Random(seed)
    found: list[tuple[dict[str, Any], list[str], list[str]]] = []
    for _ in range(MANY):
        document = json.loads(json.dumps(generated.credential(random)).replace("_:", "").replace("1e+20", "20"))
        for description in document["credentialSubject"]["achievement"]["resultDescription"]:
            description.pop("allowedValue", None)
        document["issuer"].get("address", {}).pop("geo", None)
        must = some_pointers(document, random, least=0, into_single=False)
        found.append((document, must, some_pointers(document, random, into_single=False)))
    return found


def _issued(document: dict[str, Any], mandatory: list[str]) -> dict[str, Any]:
    return ecdsa_sd.create_base_proof(
        document,
        signer=SIGNER,
        proof_key=EcKey("interop proof"),
        hmac_key=bytes(range(32)),
        mandatory_pointers=mandatory,
        created=CREATED,
    )


def _accepted_here(document: dict[str, Any]) -> None:
    (proof,) = data_integrity.proofs_of(document)
    key = PublicKey.from_multikey(proof["verificationMethod"].partition("#")[2])
    ecdsa_sd.ECDSA_SD_2023.check(document, proof, key)


def test_it_accepts_what_we_issue_and_derive(node: Node) -> None:
    derived = [ecdsa_sd.derive(_issued(document, must), may) for document, must, may in _credentials(1)]
    assert node("ecdsa_sd.mjs", stdin={"verify": derived})["verify"] == [True] * MANY


def test_it_derives_from_our_base_proofs_what_we_derive(node: Node) -> None:
    asked: list[dict[str, Any]] = [
        {"document": _issued(document, must), "pointers": may} for document, must, may in _credentials(2)
    ]
    theirs = node("ecdsa_sd.mjs", stdin={"derive": asked})["derive"]
    for question, derived in zip(asked, theirs, strict=True):
        ours = ecdsa_sd.derive(question["document"], question["pointers"])
        assert derived["proof"]["proofValue"] == ours["proof"][0]["proofValue"]
        assert {**derived, "proof": None} == {**ours, "proof": None}
        _accepted_here(derived)


def test_we_derive_from_its_base_proofs_what_both_accept(node: Node) -> None:
    chosen = _credentials(3)
    asked = [{"credential": document, "mandatory": must} for document, must, _ in chosen]
    issued = node("ecdsa_sd.mjs", stdin={"issue": asked})["issue"]
    derived = []
    for document, (_, _, may) in zip(issued, chosen, strict=True):
        key = PublicKey.from_multikey(document["proof"]["verificationMethod"].partition("#")[2])
        ecdsa_sd.check_base_proof(document, document["proof"], key)
        derived.append(ecdsa_sd.derive(document, may))
        _accepted_here(derived[-1])
    assert node("ecdsa_sd.mjs", stdin={"verify": derived})["verify"] == [True] * MANY


def test_both_refuse_what_was_changed(node: Node) -> None:
    document = _credentials(4)[0][0]
    derived = ecdsa_sd.derive(_issued(document, ["/issuer"]), ["/credentialSubject/role"])
    changed = deepcopy(derived)
    changed["credentialSubject"]["role"] += "!"
    answers = node("ecdsa_sd.mjs", stdin={"verify": [derived, changed]})["verify"]
    assert answers[0] is True
    assert "Invalid signature." in answers[1]
    with pytest.raises(errors.SignatureInvalid):
        _accepted_here(changed)


def test_ordered_lists_that_we_show_verify_there(node: Node) -> None:
    document = _credentials(5)[0][0]
    document["credentialSubject"]["achievement"]["resultDescription"] = [
        {
            "id": f"urn:result:{number}",
            "type": ["ResultDescription"],
            "name": "Grade",
            "resultType": "Status",
            "allowedValue": ["a", "b", f"c{number}"],
        }
        for number in range(2)
    ]
    place = "/credentialSubject/achievement/resultDescription"
    issued = _issued(document, ["/issuer"])
    derived = [ecdsa_sd.derive(issued, [f"{place}/{number}/allowedValue"]) for number in range(2)]
    for one in derived:
        _accepted_here(one)
    assert node("ecdsa_sd.mjs", stdin={"verify": derived})["verify"] == [True, True]

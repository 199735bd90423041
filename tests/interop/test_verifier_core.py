"""@digitalcredentials/verifier-core, which wallets and the DCC's verifier stand on, judges what Plaudit signs.

Where it is given no list of known issuers, "registered_issuer" is false, and that is all it has to say against us.
Everything that it would fetch comes from a web in memory.
"""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from credentials import data_integrity, status_list
from credentials.status_list import BitList, StatusEntry
from tests.interop.conftest import CREATED, DID, ORIGIN, Export, Node, unsigned_credential
from tests.interop.employer import ED25519_2020

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]


def test_it_accepts_what_we_sign(node: Node, export: Export) -> None:
    verdict = node("verifier_core.mjs", export.folder, export.file)
    assert verdict["errors"] == []
    assert verdict["log"] == {
        "valid_signature": True,
        "revocation_status": True,
        "expiration": True,
        "registered_issuer": False,
    }


def test_it_finds_the_schemas_kept(node: Node, export: Export) -> None:
    schemas = node("verifier_core.mjs", export.folder, export.file)["schemas"]
    assert {schema["schema"] for schema in schemas} == {schema["id"] for schema in export.document["credentialSchema"]}
    assert [schema["result"] for schema in schemas] == [{"valid": True}] * len(schemas)


def test_it_asks_for_nothing_that_is_not_public(node: Node, export: Export) -> None:
    assert node("verifier_core.mjs", export.folder, export.file)["missed"] == []


def test_it_sees_the_revocation(node: Node, export: Export) -> None:
    export.publish_status(withdrawn=True)
    verdict = node("verifier_core.mjs", export.folder, export.file)
    assert verdict["log"]["valid_signature"] is True
    assert verdict["log"]["revocation_status"] is False


def test_it_rejects_a_tampered_one(node: Node, export: Export) -> None:
    tampered = deepcopy(export.document)
    tampered["credentialSubject"]["achievement"]["name"] = "Something grander"
    verdict = node("verifier_core.mjs", export.folder, export.write(tampered))
    assert [error["name"] for error in verdict["errors"]] == ["invalid_signature"]
    assert verdict["log"] == {}


def test_it_does_not_trust_a_tampered_status_list(node: Node, export: Export) -> None:
    file = export.folder / "status-7q2mkz.json"
    file.write_text(
        file.read_text(encoding="utf-8").replace('"validFrom": "2026', '"validFrom": "2025'), encoding="utf-8"
    )
    verdict = node("verifier_core.mjs", export.folder, export.file)
    assert verdict["log"]["revocation_status"] not in (True, False)


def test_it_finds_us_on_a_list_of_known_issuers(node: Node, export: Export) -> None:
    known = {"registry": {DID: {"name": "Lantern Research", "url": ORIGIN, "location": "Porto"}}}
    (export.folder / "registry.json").write_text(json.dumps(known), encoding="utf-8")
    verdict = node("verifier_core.mjs", export.folder, export.file)
    assert verdict["log"]["registered_issuer"] is True
    assert [issuer["federation_entity"]["organization_name"] for issuer in verdict["registered"]] == [
        "Lantern Research"
    ]
    (export.folder / "registry.json").write_text(json.dumps({"registry": {}}), encoding="utf-8")
    assert node("verifier_core.mjs", export.folder, export.file)["log"]["registered_issuer"] is False


@pytest.mark.parametrize("suspended", [False, True])
def test_it_sees_a_suspension_beside_the_revocation(node: Node, export: Export, suspended: bool) -> None:
    list_url, bits = f"{ORIGIN}/status/suspended", BitList()
    bits.set(5, suspended)
    unsigned = status_list.build_status_list_credential(
        list_id=list_url, issuer=DID, purpose="suspension", encoded=bits.encode(), valid_from=CREATED
    )
    signed = data_integrity.add_proof(unsigned, signer=export.signer, created=CREATED)
    (export.folder / "status-suspended.json").write_text(json.dumps(signed), encoding="utf-8")
    document = unsigned_credential()
    entry = status_list.status_entry(StatusEntry(list_url, 5, "suspension"))
    document["credentialStatus"] = [document["credentialStatus"], entry]
    file = export.write(data_integrity.add_proof(document, signer=export.signer, created=CREATED))
    log = node("verifier_core.mjs", export.folder, file)["log"]
    found = [log[f"{name}_status"] for name in ("revocation", "suspension")]
    assert (log["valid_signature"], found) == (True, [True, not suspended])
    assert node("vc_verify.mjs", export.folder, file)["statuses"] == [False, suspended]


def test_it_accepts_the_older_suite(node: Node, export: Export) -> None:
    """Ed25519Signature2020, which wallets built on it still ask for; and refuses it once altered."""
    document = unsigned_credential()
    document["@context"].append(ED25519_2020)
    signed = data_integrity.add_proof(
        document, signer=export.signer, created=CREATED, cryptosuite="Ed25519Signature2020"
    )
    assert node("verifier_core.mjs", export.folder, export.write(signed))["log"]["valid_signature"] is True
    signed["name"] = "Something grander"
    verdict = node("verifier_core.mjs", export.folder, export.write(signed))
    assert [error["name"] for error in verdict["errors"]] == ["invalid_signature"]

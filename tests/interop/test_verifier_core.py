"""@digitalcredentials/verifier-core, which wallets and the DCC's verifier stand on, judges what Plaudit signs.

It is given no registry of known issuers: "registered_issuer" is then false, and that is all it has to say against us.
Everything that it would fetch comes from a web in memory.
"""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.interop.conftest import Export, Node

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

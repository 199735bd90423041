"""@digitalbazaar/vc and Plaudit judge each other's credentials (eddsa-rdfc-2022, Bitstring Status List)."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials import data_integrity, did, errors, multikey
from credentials.ports import Fetched
from tests.interop.conftest import CREATED, DID, Export, Node, unsigned_credential

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]


class NoWeb:
    """A fetcher to which nothing is reachable: what it is given to must not need it."""

    def fetch(self, url: str) -> Fetched:
        raise errors.Unreachable(f"nothing is reachable here: {url}")


def test_it_accepts_what_we_sign(node: Node, export: Export) -> None:
    assert node("vc_verify.mjs", export.folder, export.file) == {"verified": True, "statuses": [False], "errors": []}


def test_it_sees_the_revocation(node: Node, export: Export) -> None:
    export.publish_status(withdrawn=True)
    verdict = node("vc_verify.mjs", export.folder, export.file)
    assert verdict["statuses"] == [True]


def _another_student(document: dict[str, Any]) -> None:
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"


def _more_hours(document: dict[str, Any]) -> None:
    hours = next(result for result in document["credentialSubject"]["result"] if result.get("value") == "31.5")
    hours["value"] = "315"


def _another_list_index(document: dict[str, Any]) -> None:
    document["credentialStatus"]["statusListIndex"] = "7"


@pytest.mark.parametrize("tamper", [_another_student, _more_hours, _another_list_index])
def test_it_rejects_a_tampered_one(node: Node, export: Export, tamper: Callable[[dict[str, Any]], None]) -> None:
    tampered = deepcopy(export.document)
    tamper(tampered)
    verdict = node("vc_verify.mjs", export.folder, export.write(tampered))
    assert not verdict["verified"]
    assert "Invalid signature." in verdict["errors"]


def test_it_rejects_a_key_that_the_issuer_does_not_name(node: Node, export: Export) -> None:
    did_file = export.folder / "did.json"
    document = json.loads(did_file.read_text(encoding="utf-8"))
    document["assertionMethod"] = []
    did_file.write_text(json.dumps(document), encoding="utf-8")
    assert not node("vc_verify.mjs", export.folder, export.file)["verified"]


def issued_by_them(node: Node) -> dict[str, Any]:
    answer = node(
        "vc_issue.mjs",
        stdin={"credential": unsigned_credential(), "created": CREATED.isoformat().replace("+00:00", "Z")},
    )
    credential = answer["credential"]
    assert isinstance(credential, dict)
    assert credential["issuer"]["id"] == answer["issuer"] != DID
    return credential


def key_of(credential: dict[str, Any]) -> multikey.PublicKey:
    """The key that the proof names, found as a verifier finds it: through the issuer's DID, and not in the proof."""
    resolved = did.DidResolver(NoWeb()).resolve(credential["issuer"]["id"])
    method = did.dereference(resolved, credential["proof"]["verificationMethod"], "assertionMethod")
    return method.public_key


def test_we_accept_what_it_signs(node: Node) -> None:
    credential = issued_by_them(node)
    data_integrity.check_proof(credential, credential["proof"], key_of(credential))


def test_we_reject_what_it_signed_once_tampered(node: Node) -> None:
    credential = issued_by_them(node)
    key = key_of(credential)
    _more_hours(credential)
    with pytest.raises(errors.BadData):
        data_integrity.check_proof(credential, credential["proof"], key)


def test_we_reject_its_proof_with_another_time(node: Node) -> None:
    credential = issued_by_them(node)
    proof = {**credential["proof"], "created": datetime(2020, 1, 1, tzinfo=UTC).isoformat().replace("+00:00", "Z")}
    with pytest.raises(errors.BadData):
        data_integrity.check_proof(credential, proof, key_of(credential))

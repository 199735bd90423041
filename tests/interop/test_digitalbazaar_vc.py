"""@digitalbazaar/vc and Plaudit judge each other's credentials (eddsa-rdfc-2022, Bitstring Status List)."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from credentials import timestamps
from credentials.verify import Outcome, Report, Verdict, verify
from tests.interop.conftest import (
    CREATED,
    DID,
    STATUS_LIST,
    Export,
    Node,
    unsigned_credential,
    unsigned_status_list,
)
from tests.worlds.memory_web import MemoryWeb

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]


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


def issued_by_them(node: Node, *, withdrawn: bool = False) -> tuple[dict[str, Any], MemoryWeb]:
    """A credential that they signed, and a web in which their status list, signed by them too, is all there is."""
    unsigned = [unsigned_credential(), unsigned_status_list(withdrawn=withdrawn)]
    answer = node("vc_issue.mjs", stdin={"credentials": unsigned, "created": timestamps.format(CREATED)})
    credential, status_list = answer["credentials"]
    assert credential["issuer"]["id"] == answer["issuer"] != DID
    web = MemoryWeb()
    web.put(STATUS_LIST, status_list)
    return credential, web


def judged_by_us(credential: dict[str, Any], web: MemoryWeb) -> Report:
    return verify(json.dumps(credential).encode(), fetcher=web, now=CREATED + timedelta(days=1))


def test_we_accept_what_it_signs(node: Node) -> None:
    report = judged_by_us(*issued_by_them(node))
    outcomes = {step.id: step.outcome for step in report.steps}
    assert outcomes.pop("domain") is Outcome.NOT_APPLICABLE  # a did:key has none, and the headline says so
    assert set(outcomes.values()) == {Outcome.PASSED}
    assert report.verdict is Verdict.ISSUER_NOT_RECOGNISED


def test_we_see_its_revocation(node: Node) -> None:
    assert judged_by_us(*issued_by_them(node, withdrawn=True)).verdict is Verdict.WITHDRAWN


def test_we_reject_what_it_signed_once_tampered(node: Node) -> None:
    credential, web = issued_by_them(node)
    _more_hours(credential)
    assert judged_by_us(credential, web).verdict is Verdict.ALTERED
    assert web.asked == []


def test_we_reject_its_proof_with_another_time(node: Node) -> None:
    credential, web = issued_by_them(node)
    credential["proof"]["created"] = "2020-01-01T00:00:00Z"
    assert judged_by_us(credential, web).verdict is Verdict.ALTERED

"""Credentials in every situation that a recruiter can meet, each made for real: signed, published, then spoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from credentials.verify import Verdict
from tests.worlds.issuers import Issuer, Key, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

STUDENT = "Nguyễn Thị Hồng Ánh"
TITLE = "Checkout accessibility audit"


@dataclass(frozen=True)
class Situation:
    """A world, a credential in it, and the verdict that it must get."""

    web: MemoryWeb
    credential: bytes
    verdict: Verdict


def make(name: str) -> Situation:
    """Make the situation of this name in a world of its own."""
    issuer = Issuer(MemoryWeb())
    credential, verdict = ALL[name](issuer)
    return Situation(issuer.web, credential, verdict)


def _valid(issuer: Issuer) -> tuple[bytes, Verdict]:
    return to_bytes(issuer.issue()), Verdict.VALID


def _unknown_issuer(issuer: Issuer) -> tuple[bytes, Verdict]:
    document = issuer.unsigned()
    stranger = Key("stranger")
    document["issuer"]["id"] = stranger.controller
    del document["credentialStatus"]
    return to_bytes(sign(document, stranger)), Verdict.ISSUER_NOT_RECOGNISED


def _expired(issuer: Issuer) -> tuple[bytes, Verdict]:
    return to_bytes(issuer.issue({**issuer.unsigned(), "validUntil": "2026-06-30T00:00:00Z"})), Verdict.EXPIRED


def _not_yet_valid(issuer: Issuer) -> tuple[bytes, Verdict]:
    return to_bytes(issuer.issue({**issuer.unsigned(), "validFrom": "2027-01-01T00:00:00Z"})), Verdict.NOT_YET_VALID


def _altered(issuer: Issuer) -> tuple[bytes, Verdict]:
    credential = to_bytes(issuer.issue())
    assert credential.count(b'"31"') == 1
    return credential.replace(b'"31"', b'"91"'), Verdict.ALTERED


def _issuer_unreachable(issuer: Issuer) -> tuple[bytes, Verdict]:
    credential = to_bytes(issuer.issue())
    issuer.web.hang(issuer.did_url)
    return credential, Verdict.CANNOT_CHECK


def _status_unreachable(issuer: Issuer) -> tuple[bytes, Verdict]:
    credential = to_bytes(issuer.issue())
    issuer.web.fail(issuer.list_url(), 500)
    return credential, Verdict.CANNOT_CHECK


def _withdrawn(issuer: Issuer) -> tuple[bytes, Verdict]:
    credential = to_bytes(issuer.issue())
    issuer.revoke(7)
    return credential, Verdict.WITHDRAWN


def _withdrawn_with_a_notice(issuer: Issuer) -> tuple[bytes, Verdict]:
    issuer.publish_notice("withdrawn", reason="The hours were booked twice.")
    return _withdrawn(issuer)


def _suspended_by_a_notice(issuer: Issuer) -> tuple[bytes, Verdict]:
    """By the one status entry that Open Badges 3.0 allows (docs/adr/0004)."""
    credential, _ = _withdrawn(issuer)
    issuer.publish_notice("suspended", reason="We are looking into it.")
    return credential, Verdict.SUSPENDED


def _replaced(issuer: Issuer) -> tuple[bytes, Verdict]:
    credential = to_bytes(issuer.issue())
    issuer.correct()
    return credential, Verdict.REPLACED


def _suspended(issuer: Issuer) -> tuple[bytes, Verdict]:
    document = issuer.unsigned()
    entry = document["credentialStatus"]
    entry = entry[0] if isinstance(entry, list) else entry
    address = issuer.list_url("suspension")
    changed = {"id": f"{address}#7", "statusPurpose": "suspension", "statusListCredential": address}
    document["credentialStatus"] = [entry, {**entry, **changed}]
    credential = to_bytes(issuer.issue(document))
    issuer.revoke(7, "suspension")
    return credential, Verdict.SUSPENDED


def _no_proof(issuer: Issuer) -> tuple[bytes, Verdict]:
    return to_bytes(issuer.unsigned()), Verdict.INVALID


def _not_a_credential(_issuer: Issuer) -> tuple[bytes, Verdict]:
    return b'{"hello": "VerifiableCredential"}', Verdict.NOT_A_CREDENTIAL


ALL: dict[str, Callable[[Issuer], tuple[bytes, Verdict]]] = {
    "valid": _valid,
    "unknown issuer": _unknown_issuer,
    "expired": _expired,
    "not yet valid": _not_yet_valid,
    "altered": _altered,
    "issuer unreachable": _issuer_unreachable,
    "status unreachable": _status_unreachable,
    "withdrawn": _withdrawn,
    "withdrawn with a notice": _withdrawn_with_a_notice,
    "suspended": _suspended,
    "suspended by a notice": _suspended_by_a_notice,
    "replaced": _replaced,
    "no proof": _no_proof,
    "not a credential": _not_a_credential,
}
#: Situations in which nothing of the content may be shown, because nothing of it was confirmed.
UNCONFIRMED = ("altered", "issuer unreachable", "no proof", "not a credential")


def strings(value: Any) -> set[str]:
    """Return every string value in a document."""
    if isinstance(value, dict):
        return set().union(*(strings(item) for item in value.values()), set())
    if isinstance(value, list):
        return set().union(*(strings(item) for item in value), set())
    return {value} if isinstance(value, str) else {str(value)}

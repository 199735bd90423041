"""Makes the unsigned notice with which an issuer explains that a credential was withdrawn, suspended or replaced.

A small credential of the issuer's own about one record, at a fixed place below the record's address (docs/adr/0012). It
signs nothing; `credentials.verify.standing` reads what comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from credentials import timestamps
from credentials.corrections import Change, change_objects

TYPE: Final = "StandingNotice"
#: Where a notice lies, below the address that is the credential's id.
PLACE: Final = "/standing"
KINDS: Final = ("withdrawn", "suspended", "replaced")
CONTEXTS: Final = ("https://www.w3.org/ns/credentials/v2", "https://w3id.org/plaudit/v1")


def build_notice(
    *,
    record_url: str,
    issuer: str,
    kind: str,
    since: datetime,
    reason: str | None,
    changes: Sequence[Change] = (),
) -> dict[str, Any]:
    """The unsigned notice about the credential whose id is `record_url`; `since` is when it became so.

    `kind` is one of KINDS; `changes` say what is different in the version that took its place.
    """
    subject: dict[str, Any] = {"id": record_url, "type": "Standing", "standing": kind}
    if reason:
        subject["reason"] = reason
    if changes:
        subject["change"] = change_objects(changes)
    return {
        "@context": list(CONTEXTS),
        "id": record_url + PLACE,
        "type": ["VerifiableCredential", TYPE],
        "issuer": issuer,
        "validFrom": timestamps.format(since),
        "credentialSubject": subject,
    }

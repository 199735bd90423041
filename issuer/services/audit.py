"""Writes and checks the append-only audit: each line's hash covers the line before it. Decides nothing.

hash = SHA-256 of the JCS form (RFC 8785) of {sequence, at, actor, action, organisation, subject, detail, previous}.
Taking a line away, changing one or slipping one in breaks every hash after it; triggers refuse the first two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import Connection, insert, select, text

from issuer.db.tables import AuditLine

#: Hash before the first line.
GENESIS = "0" * 64
#: Key of PostgreSQL's advisory lock that makes writers of the chain queue up; SQLite has one writer anyway.
_CHAIN_LOCK = 0x706C6175
#: Lines read at once when the chain is checked.
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """What happened to what. `detail` holds no e-mail address and nothing secret: the audit is kept for ever."""

    action: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    organisation_id: str | None = None


def append(connection: Connection, lines: Sequence[Line], *, now: datetime, actor: str) -> None:
    """Append `lines` in the caller's write transaction, so that they stand or fall with what they tell."""
    if not lines:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    newest = select(AuditLine.sequence, AuditLine.hash).order_by(AuditLine.sequence.desc()).limit(1)
    last = connection.execute(newest).first()
    sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
    rows = []
    for line in lines:
        sequence += 1
        row = {
            "sequence": sequence,
            "at": now,
            "actor": actor,
            "action": line.action,
            "organisation_id": line.organisation_id,
            "subject": line.subject,
            "detail": rfc8785.dumps(dict(line.detail)).decode(),
            "previous_hash": previous,
        }
        previous = row["hash"] = _hash(row)
        rows.append(row)
    connection.execute(insert(AuditLine), rows)


def breaks(connection: Connection) -> Iterator[tuple[int, str]]:
    """Yield (sequence, what is wrong) for every line that does not fit the chain."""
    previous, expected, after = GENESIS, 1, 0
    columns = AuditLine.__table__.c
    while page := connection.execute(
        select(*columns).where(AuditLine.sequence > after).order_by(AuditLine.sequence).limit(_PAGE)
    ).all():
        for row in page:
            line = dict(row._mapping)
            if line["sequence"] != expected:
                yield expected, "a line is missing"
            elif line["previous_hash"] != previous:
                yield line["sequence"], "does not follow the line before it"
            if line["hash"] != _hash(line):
                yield line["sequence"], "was changed"
            previous, expected, after = line["hash"], line["sequence"] + 1, line["sequence"]


def _hash(row: Mapping[str, Any]) -> str:
    at: datetime = row["at"]
    covered = {
        "sequence": row["sequence"],
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": row["actor"],
        "action": row["action"],
        "organisation": row["organisation_id"],
        "subject": row["subject"],
        "detail": row["detail"],
        "previous": row["previous_hash"],
    }
    return hashlib.sha256(rfc8785.dumps(covered)).hexdigest()

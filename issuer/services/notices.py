"""Says in public, signed, what became of a record: withdrawn, suspended or replaced, since when and why.

What is to be said is written in the transaction of the change itself; it is signed right after, outside any
transaction, and by the next reader or the worker when a power cut came between. A record that stands has no notice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

import issuer.db.tables as tables
from credentials import lint, strict_json
from credentials.corrections import Change
from credentials.notices import build_notice
from issuer.db.engine import reading, writing
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.problems import NotFound
from issuer.services import addresses, audit, signing
from keys.signer import LintedSigner


def say(
    connection: Connection,
    credential_id: str,
    organisation_id: str,
    kind: str,
    at: datetime,
    reason: str | None = None,
    changes: Sequence[Change] = (),
) -> None:
    """Write, in the caller's transaction, what is to be said from now on; `kind` is one of `NOTICE_KINDS`."""
    row = {
        "organisation_id": organisation_id, "credential_id": credential_id, "kind": kind, "at": at, "reason": reason,
        "changes": write_changes(changes) if changes else None,
    }  # fmt: skip
    connection.execute(insert(tables.Notice).values(row))


def say_again(connection: Connection, credential_id: str, organisation_id: str, at: datetime) -> None:
    """A suspension ended: say what was said before it, or that nothing is said any more."""
    table = tables.Notice
    last = connection.execute(
        select(table.at, table.reason, table.changes)
        .where(table.credential_id == credential_id, table.kind == "replaced")
        .order_by(table.id.desc())
        .limit(1)
    ).first()
    if last is None:
        say(connection, credential_id, organisation_id, "restored", at)
    else:
        say(
            connection, credential_id, organisation_id, "replaced", last.at, last.reason, read_changes(last.changes)
        )  # fmt: skip


def published(instance: Instance, credential_id: str) -> bytes:
    """Return the signed notice about this record. Raises `NotFound`, when there is nothing to say, too.

    One that is not signed yet is signed now; raises what signing raises.
    """
    with reading(instance.engine) as connection:
        row = connection.execute(_newest(credential_id)).first()
    if row is None or row.kind == "restored":
        raise NotFound("nothing is said about this record: it stands")
    return _sign(instance, row, None) if row.signed is None else bytes(row.signed)


def publish(instance: Instance, credential_id: str, *, signer: LintedSigner | None = None) -> bool:
    """Sign what is to be said about this record, and tell whether that was still to be done.

    `signer` is one that is open already. Raises what signing raises.
    """
    with reading(instance.engine) as connection:
        row = connection.execute(_newest(credential_id)).first()
    if row is None or row.kind == "restored" or row.signed is not None:
        return False
    _sign(instance, row, signer)
    return True


def owed(instance: Instance, *, limit: int = 50) -> list[str]:
    """Return records whose newest notice is not signed yet: a power cut came between, or nobody had the key."""
    table, later = tables.Notice, tables.Notice.__table__.alias("later")
    newer = select(later.c.id).where(later.c.credential_id == table.credential_id, later.c.id > table.id).exists()
    with reading(instance.engine) as connection:
        waiting = (
            select(table.credential_id)
            .where(table.signed.is_(None), table.kind != "restored", ~newer)
            .order_by(table.id)
            .limit(limit)
        )
        return list(connection.execute(waiting).scalars())


def write_changes(changes: Sequence[Change]) -> str:
    """Changes as the database keeps them: JSON."""
    return strict_json.dumps([change.to_json() for change in changes]).decode()


def read_changes(text: str | None) -> tuple[Change, ...]:
    """Changes back from the database."""
    return tuple(Change(**item) for item in strict_json.loads((text or "[]").encode()))


def _newest(credential_id: str) -> Select[Any]:
    table, owner = tables.Notice, tables.Organisation
    return (
        select(*table.__table__.c, owner.did)
        .join(owner, owner.id == table.organisation_id)
        .where(table.credential_id == credential_id)
        .order_by(table.id.desc())
        .limit(1)
    )


def _sign(instance: Instance, row: AnyRow, signer: LintedSigner | None) -> bytes:
    """Lint, sign, verify by the second path, store; return what is stored, should another process have been first."""
    document = build_notice(
        record_url=addresses.record_url(instance, row.credential_id),
        issuer=row.did,
        kind=row.kind,
        since=row.at,
        reason=row.reason,
        changes=read_changes(row.changes),
    )
    opened: AbstractContextManager[LintedSigner] = nullcontext(signer) if signer else signing.opened(instance, row.did)
    with opened as active:
        now = instance.now()
        token = lint.lint(document, now=now, key_created=active.info.created)
        signed = signing.sign(active, token, token.data, created=now)
    return _store(instance, row, signed, active.verification_method)


def _store(instance: Instance, row: AnyRow, signed: bytes, verification_method: str) -> bytes:
    table, digest = tables.Notice, hashlib.sha256(signed).hexdigest()
    values = {"signed": signed, "signed_sha256": digest, "verification_method": verification_method}
    with writing(instance.engine) as connection:
        stored = connection.execute(update(table).where(table.id == row.id, table.signed.is_(None)).values(values))
        if stored.rowcount:
            line = audit.Line("notice.sign", row.credential_id, {"kind": row.kind, "signed": digest},
                              row.organisation_id)  # fmt: skip
            audit.append(connection, [line], now=instance.clock(), actor="system")
            return signed
        return bytes(connection.execute(select(table.signed).where(table.id == row.id)).scalar_one() or b"")

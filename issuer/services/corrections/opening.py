"""Opens a correction, its exact bytes fixed in the database, and takes up again what a crash left open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

import issuer.db.tables as tables
from credentials import lint
from credentials.errors import LintFailed
from credentials.record import CompletionRecord
from issuer.db.engine import reading, writing
from issuer.instance import Instance
from issuer.problems import CorrectionUnderWay, WrongState
from issuer.services import audit, intake, notices, organisations, preparing
from issuer.services.allocation import Allocation, allocate
from issuer.services.corrections import rules
from issuer.services.corrections.finishing import Pending, abandon, complete
from issuer.services.ids import new_id
from issuer.services.importing.checking import fingerprint
from issuer.services.organisations import Organisation
from issuer.services.preparing import Prepared
from issuer.services.turns import turn
from keys.signer import LintedSigner


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be corrected, and into what."""

    owner: Organisation
    credential_id: str
    record: CompletionRecord
    reason: str
    actor: str
    from_version: int | None


@contextmanager
def my_turn(instance: Instance, credential_id: str) -> Iterator[None]:
    """One correction of a record at a time; raises `CorrectionUnderWay` while another process has one."""
    with turn(instance, f"correct-{credential_id}") as mine:
        if not mine:
            raise CorrectionUnderWay("another process is correcting this record right now")
        yield


def intend(instance: Instance, wish: Wish, signer: LintedSigner) -> Pending:
    """Allocate, build, lint and store in one transaction: either all of it is there, or nothing was given out."""
    try:
        with writing(instance.engine) as connection:
            return _intend(instance, connection, wish, signer)
    except IntegrityError as error:
        raise CorrectionUnderWay("another correction of this record came first") from error


def _intend(instance: Instance, connection: Connection, wish: Wish, signer: LintedSigner) -> Pending:
    now, owner = instance.clock(), wish.owner
    held = rules.correctable(connection, owner, wish.credential_id)
    version = held[-1].number + 1
    if wish.from_version not in (None, held[-1].number):
        raise WrongState(f"it was corrected meanwhile: version {held[-1].number} is the newest now")
    changes = rules.changes(connection, owner, held, wish.record)
    rules.refuse_twin(connection, owner, wish.credential_id, wish.record)
    [place] = allocate(
        connection, [new_id(instance.random)], organisation_id=owner.id, batch_id=None, random=instance.random, now=now
    )
    completion_id, project_id = intake.store_record(instance, connection, owner.id, wish.record, now)
    document = rules.build(
        instance, owner, wish.credential_id, held, wish.record, project_id, place, changes, wish.reason
    )
    token = lint.lint(document, now=instance.now(), key_created=signer.info.created)
    prepared = Prepared(wish.credential_id, "", token.data, token)
    pending = Pending(
        place.credential_id, owner, wish.credential_id, version, changes, wish.reason, wish.actor, place, prepared
    )
    table = tables.Credential
    known = connection.execute(select(table.record_sha256).where(table.id == wish.credential_id)).scalar_one()
    connection.execute(insert(tables.Correction).values(_row(pending, wish.record, completion_id, known, now)))
    detail = {"version": version, "unsigned": token.digest}
    line = audit.Line("credential.correct.intent", wish.credential_id, detail, owner.id)
    audit.append(connection, [line], now=now, actor=wish.actor)
    return pending


def _row(
    pending: Pending, record: CompletionRecord, completion_id: str, replaced_sha256: str, now: datetime
) -> dict[str, Any]:
    return {
        "id": pending.id, "organisation_id": pending.owner.id, "credential_id": pending.credential_id,
        "version": pending.version, "completion_id": completion_id, "record_sha256": fingerprint(record),
        "replaced_sha256": replaced_sha256,
        "student_name": record.student.name, "title": record.project.title, "reason": pending.reason,
        "changes": notices.write_changes(pending.changes), "status_list_id": pending.place.list_id,
        "status_index": pending.place.index, "state": "open", "unsigned": pending.prepared.unsigned,
        "unsigned_sha256": pending.prepared.token.digest, "created_by": pending.actor, "created_at": now,
    }  # fmt: skip


def finish_open(instance: Instance, credential_id: str, signer: LintedSigner) -> bool:
    """Finish what a crash left open, linted again: a token does not outlive its process.

    What does not pass any more is given up. Returns whether something was open.
    """
    table = tables.Correction
    with reading(instance.engine) as connection:
        row = connection.execute(
            select(table.__table__).where(table.credential_id == credential_id, table.state == "open")
        ).first()
    if row is None:
        return False
    owner = organisations.by_id(instance, row.organisation_id)
    try:
        prepared = preparing.linted(instance, credential_id, "", bytes(row.unsigned), signer.info.created)
    except LintFailed as error:
        abandon(instance, row.id, credential_id, owner.id, row.created_by, error)
        return True
    place = Allocation(row.id, row.status_list_id, row.status_index)
    changes = notices.read_changes(row.changes)
    pending = Pending(
        row.id, owner, credential_id, row.version, changes, row.reason, row.created_by, place, prepared
    )  # fmt: skip
    complete(instance, pending, signer)
    return True

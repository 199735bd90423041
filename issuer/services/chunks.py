"""The steps of issuing one chunk of rows, each its own short transaction; `issuance` says in which order, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

import issuer.db.tables as tables
from credentials.errors import LintFailed, SecondPathDisagrees
from credentials.record import CompletionRecord
from issuer.db.engine import reading, writing
from issuer.db.upsert import insert_new
from issuer.instance import Instance
from issuer.services import audit, preparing, signing, status, tokens
from issuer.services.allocation import Allocation, allocate, burn
from issuer.services.ids import new_id
from issuer.services.intake import live_among
from issuer.services.organisations import Organisation
from issuer.services.preparing import Prepared, stored_record
from keys.signer import LintedSigner

ALREADY_ISSUED = "already_issued: this completion has a credential already"


@dataclass(frozen=True, slots=True)
class Issuing:
    """One batch while it is issued: who issues, with which open key, on whose word."""

    instance: Instance
    organisation: Organisation
    batch_id: str
    signer: LintedSigner
    actor: str


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A row of the batch that has no intent yet."""

    row_number: int
    completion_id: str
    project_id: str
    record: CompletionRecord
    record_sha256: str


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """A row whose bytes are fixed in the database and wait for the signature."""

    row: ReadyRow
    allocation: Allocation
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class _Signed:
    intent: OpenIntent
    document: bytes
    token: bytes
    created: datetime


def burn_orphans(issuing: Issuing) -> None:
    """Burn the indices that a crash left allocated without an intent."""
    entry, intent = tables.StatusEntry, tables.Intent
    orphans = (
        select(entry.credential_id)
        .outerjoin(intent, intent.credential_id == entry.credential_id)
        .where(entry.batch_id == issuing.batch_id, entry.state == "allocated", intent.credential_id.is_(None))
    )
    with writing(issuing.instance.engine) as connection:
        burn(connection, connection.execute(orphans).scalars().all())


def ready_rows(issuing: Issuing, limit: int) -> list[ReadyRow]:
    """Return the next rows without an intent, in the order of the file."""
    row = tables.BatchRow
    with reading(issuing.instance.engine) as connection:
        found = connection.execute(
            _rows_of(issuing.batch_id).where(row.state == "ready").order_by(row.row_number).limit(limit)
        ).all()
    return [
        ReadyRow(one.row_number, one.completion_id, one.project_id, stored_record(one.record), one.record_sha256)
        for one in found
    ]


def open_intents(issuing: Issuing, limit: int) -> list[OpenIntent]:
    """Return intents that a crash left open, linted again: a token does not outlive its process.

    One that no longer passes is given up: its row fails, its index is burnt.
    """
    intent, entry, row = tables.Intent, tables.StatusEntry, tables.BatchRow
    query = (
        _rows_of(issuing.batch_id)
        .add_columns(intent.credential_id, intent.human_code, intent.unsigned, entry.status_list_id, entry.status_index)
        .join(intent, (intent.batch_id == row.batch_id) & (intent.row_number == row.row_number))
        .join(entry, entry.credential_id == intent.credential_id)
        .where(intent.state == "open")
        .order_by(row.row_number)
        .limit(limit)
    )
    with reading(issuing.instance.engine) as connection:
        found = connection.execute(query).all()
    intents: list[OpenIntent] = []
    failed: list[tuple[int, str, str]] = []
    for one in found:
        try:
            prepared = preparing.linted(
                issuing.instance, one.credential_id, one.human_code, bytes(one.unsigned), issuing.signer.info.created
            )
        except LintFailed as error:
            failed.append((one.row_number, one.credential_id, _reason(error)))
            continue
        record = stored_record(one.record)
        intents.append(
            OpenIntent(
                ReadyRow(one.row_number, one.completion_id, one.project_id, record, one.record_sha256),
                Allocation(one.credential_id, one.status_list_id, one.status_index),
                prepared,
            )
        )
    if failed:
        with writing(issuing.instance.engine) as connection:
            _fail(issuing, connection, failed)
    return intents if intents or not failed else open_intents(issuing, limit)


def prepare(issuing: Issuing, rows: Sequence[ReadyRow]) -> list[OpenIntent]:
    """Allocate, build, lint, and commit the exact bytes: steps 1 to 3."""
    rows = _refuse_issued(issuing, rows)
    allocations = _allocate(issuing, rows)
    intents: list[OpenIntent] = []
    failed: list[tuple[int, str, str]] = []
    for row, place in zip(rows, allocations, strict=True):
        try:
            prepared = preparing.prepare(
                issuing.instance, issuing.organisation, row.record, project_id=row.project_id, allocation=place,
                key_created=issuing.signer.info.created,
            )  # fmt: skip
        except LintFailed as error:
            failed.append((row.row_number, place.credential_id, _reason(error)))
        else:
            intents.append(OpenIntent(row, place, prepared))
    _commit_intents(issuing, intents, failed)
    return intents


def sign(issuing: Issuing, intents: Sequence[OpenIntent]) -> None:
    """Sign, verify by the second path, and commit: steps 4 and 5. The lists that are named are published first."""
    _publish_new_lists(issuing, intents)
    done: list[_Signed] = []
    failed: list[tuple[int, str, str]] = []
    for intent in intents:
        created = issuing.instance.now()
        prepared = intent.prepared
        try:
            forms = signing.sign_forms(issuing.signer, prepared.token, prepared.unsigned, created=created)
        except SecondPathDisagrees as error:
            failed.append((intent.row.row_number, prepared.credential_id, _reason(error)))
        else:
            done.append(_Signed(intent, forms.document, forms.token, created))
    with writing(issuing.instance.engine) as connection:
        live = live_among(connection, issuing.organisation.id, [one.intent.row.record_sha256 for one in done])
        for one in [one for one in done if one.intent.row.record_sha256 in live]:
            failed.append((one.intent.row.row_number, one.intent.prepared.credential_id, ALREADY_ISSUED))
            done.remove(one)
        _fail(issuing, connection, failed)
        _commit_credentials(issuing, connection, done)


def _rows_of(batch_id: str) -> Any:
    row, completion = tables.BatchRow, tables.Completion
    columns = (row.row_number, row.completion_id, completion.project_id, completion.record, completion.record_sha256)
    return select(*columns).join(completion, completion.id == row.completion_id).where(row.batch_id == batch_id)


def _refuse_issued(issuing: Issuing, rows: Sequence[ReadyRow]) -> list[ReadyRow]:
    """Fail the rows whose completion got a credential since the upload."""
    with writing(issuing.instance.engine) as connection:
        live = live_among(connection, issuing.organisation.id, [row.record_sha256 for row in rows])
        _fail(issuing, connection, [(row.row_number, "", ALREADY_ISSUED) for row in rows if row.record_sha256 in live])
    return [row for row in rows if row.record_sha256 not in live]


def _allocate(issuing: Issuing, rows: Sequence[ReadyRow]) -> list[Allocation]:
    random = issuing.instance.random
    with writing(issuing.instance.engine) as connection:
        return allocate(
            connection, [new_id(random) for _ in rows], organisation_id=issuing.organisation.id,
            batch_id=issuing.batch_id, random=random, now=issuing.instance.clock(),
        )  # fmt: skip


def _commit_intents(issuing: Issuing, intents: Sequence[OpenIntent], failed: Sequence[tuple[int, str, str]]) -> None:
    now = issuing.instance.clock()
    rows = [
        {
            "credential_id": intent.prepared.credential_id, "organisation_id": issuing.organisation.id,
            "batch_id": issuing.batch_id, "row_number": intent.row.row_number,
            "human_code": intent.prepared.human_code, "unsigned": intent.prepared.unsigned,
            "unsigned_sha256": intent.prepared.token.digest, "state": "open", "created_at": now,
        }
        for intent in intents
    ]  # fmt: skip
    with writing(issuing.instance.engine) as connection:
        _fail(issuing, connection, failed)
        if not rows:
            return
        connection.execute(insert(tables.Intent), rows)
        _set_rows(connection, issuing.batch_id, [{"number": row["row_number"], "state": "intended"} for row in rows])
        lines = [
            audit.Line(
                "credential.intent", str(row["credential_id"]), {"unsigned": row["unsigned_sha256"]},
                issuing.organisation.id,
            )
            for row in rows
        ]  # fmt: skip
        audit.append(connection, lines, now=now, actor=issuing.actor)


def _publish_new_lists(issuing: Issuing, intents: Sequence[OpenIntent]) -> None:
    """A credential never points at a list that nobody can fetch: each list is published before its first credential."""
    wanted = {intent.allocation.list_id for intent in intents}
    table = tables.StatusList
    with reading(issuing.instance.engine) as connection:
        unpublished = select(table.id).where(table.id.in_(wanted), table.published_version == 0)
        lists = connection.execute(unpublished).scalars().all()
    for list_id in lists:
        status.publish(issuing.instance, list_id, signer=issuing.signer)


def _commit_credentials(issuing: Issuing, connection: Connection, done: Sequence[_Signed]) -> None:
    if not done:
        return
    now = issuing.instance.clock()
    ids = [one.intent.prepared.credential_id for one in done]
    portfolios = _portfolios(issuing, connection, [one.intent.row.record.student.email.lower() for one in done], now)
    entries = update(tables.StatusEntry).where(tables.StatusEntry.credential_id.in_(ids)).values(state="used")
    connection.execute(entries)
    connection.execute(insert(tables.Credential), [_credential(issuing, one, portfolios) for one in done])
    tokens.keep(connection, issuing.organisation.id, list(zip(ids, (one.token for one in done), strict=True)), now)
    connection.execute(update(tables.Intent).where(tables.Intent.credential_id.in_(ids)).values(state="signed"))
    issued = [
        {"number": one.intent.row.row_number, "state": "issued", "credential": one.intent.prepared.credential_id}
        for one in done
    ]
    _set_rows(connection, issuing.batch_id, issued)
    outbox = [{"kind": "certificate", "key": f"certificate:{name}", "subject": name, "created_at": now} for name in ids]
    connection.execute(insert(tables.OutboxItem), outbox)
    lines = [
        audit.Line(
            "credential.issue", one.intent.prepared.credential_id,
            {"signed": hashlib.sha256(one.document).hexdigest(), "key": issuing.signer.verification_method},
            issuing.organisation.id,
        )
        for one in done
    ]  # fmt: skip
    audit.append(connection, lines, now=now, actor=issuing.actor)


def _credential(issuing: Issuing, one: _Signed, portfolios: dict[str, str]) -> dict[str, Any]:
    row, prepared, place = one.intent.row, one.intent.prepared, one.intent.allocation
    return {
        "id": prepared.credential_id, "organisation_id": issuing.organisation.id, "completion_id": row.completion_id,
        "record_sha256": row.record_sha256, "portfolio_slug": portfolios[row.record.student.email.lower()],
        "human_code": prepared.human_code, "student_name": row.record.student.name,
        "title": row.record.project.title, "signed": one.document,
        "signed_sha256": hashlib.sha256(one.document).hexdigest(),
        "verification_method": issuing.signer.verification_method, "signed_at": one.created,
        "status_list_id": place.list_id, "status_index": place.index, "state": "valid", "state_changed_at": one.created,
    }  # fmt: skip


def _portfolios(issuing: Issuing, connection: Connection, emails: list[str], now: datetime) -> dict[str, str]:
    """Return each student's portfolio slug at this organisation, made the first time."""
    table, owner = tables.Portfolio, issuing.organisation.id
    new = [
        {"slug": new_id(issuing.instance.random), "organisation_id": owner, "email": email, "created_at": now}
        for email in dict.fromkeys(emails)
    ]
    connection.execute(insert_new(connection, table).values(new))
    mine = select(table.email, table.slug).where(table.organisation_id == owner, table.email.in_(emails))
    return {row.email: row.slug for row in connection.execute(mine)}


def _fail(issuing: Issuing, connection: Connection, failed: Sequence[tuple[int, str, str]]) -> None:
    """Fail rows, (row number, credential id or "", reason): the intent is given up, the index is burnt."""
    if not failed:
        return
    ids = [credential_id for _, credential_id, _ in failed if credential_id]
    burn(connection, ids)
    abandoned = update(tables.Intent).where(tables.Intent.credential_id.in_(ids), tables.Intent.state == "open")
    connection.execute(abandoned.values(state="abandoned"))
    _set_rows(
        connection,
        issuing.batch_id,
        [{"number": number, "state": "failed", "failure": reason} for number, _, reason in failed],
    )
    lines = [
        audit.Line("credential.fail", credential_id or f"{issuing.batch_id} row {number}", {"reason": reason},
                   issuing.organisation.id)
        for number, credential_id, reason in failed
    ]  # fmt: skip
    audit.append(connection, lines, now=issuing.instance.clock(), actor=issuing.actor)


def _set_rows(connection: Connection, batch_id: str, changes: list[dict[str, Any]]) -> None:
    """Set state, credential id and failure of rows, (number, state, credential, failure)."""
    table: Any = tables.BatchRow.__table__
    statement = (
        update(table)
        .where(table.c.batch_id == batch_id, table.c.row_number == bindparam("number"))
        .values(state=bindparam("new_state"), credential_id=bindparam("credential"), failure=bindparam("why"))
    )
    connection.execute(
        statement,
        [
            {
                "number": change["number"], "new_state": change["state"],
                "credential": change.get("credential"), "why": change.get("failure"),
            }
            for change in changes
        ],
    )  # fmt: skip


def _reason(error: LintFailed | SecondPathDisagrees) -> str:
    return f"{error.code}: {error}"[:2_000]

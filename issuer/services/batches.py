"""Uploads on their way to credentials: stored row by row, confirmed by a person, watched. Signs nothing.

What is accepted is in the database, durable, before the person sees "received". States: draft → confirmed → issuing →
done; draft → cancelled.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

import issuer.db.tables as tables
from credentials import strict_json
from issuer.db.engine import reading, writing
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.problems import NotFound, WrongState
from issuer.services import audit, intake, organisations, preparing
from issuer.services.ids import new_id
from issuer.services.importing import RowProblem, check, read_table
from issuer.services.organisations import Organisation


@dataclass(frozen=True, slots=True)
class StoredReport:
    """What the import said about the file, kept with the batch."""

    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    ignored_columns: tuple[str, ...]
    blank_rows: int
    rows: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One upload. `same_file_as`: an earlier batch made from byte-for-byte the same file, or None."""

    id: str
    organisation_id: str
    filename: str
    state: str
    created_by: str
    created_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    report: StoredReport
    same_file_as: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is. `total` counts the rows that are to be issued; `failed` ones are named by `rows`."""

    total: int
    issued: int
    failed: int
    state: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row as a person follows it. `failure` says why a failed row was not issued."""

    row_number: int
    state: str
    student_name: str
    title: str
    credential_id: str | None
    failure: str | None


def create(instance: Instance, organisation: Organisation, data: bytes, filename: str, *, actor: str) -> Batch:
    """Read and check a file and store what it holds as a draft: nothing is issued until `confirm`.

    Raises `BadTable` when the file as a whole cannot be read; problems of single rows are in `Batch.report`.
    """
    table = read_table(data, filename)
    report = check(table)
    live = intake.live_fingerprints(instance, organisation.id, (record for _, record in (*report.good, *report.held)))
    if live:
        report = check(table, already_issued=live)
    batch_id, now = new_id(instance.random), instance.clock()
    stored = StoredReport(report.problems, report.warnings, report.ignored_columns, report.blank_rows, report.rows)
    values = {
        "id": batch_id,
        "organisation_id": organisation.id,
        "filename": PurePath(filename).name[:255] or "upload.csv",
        "file_sha256": hashlib.sha256(data).hexdigest(),
        "state": "draft",
        "report": strict_json.dumps(asdict(stored)).decode(),
        "created_by": actor,
        "created_at": now,
    }
    counts = {"rows": report.rows, "good": len(report.good), "held": len(report.held)}
    with writing(instance.engine) as connection:
        connection.execute(insert(tables.Batch).values(values))
        intake.store_rows(instance, connection, organisation.id, batch_id, report, now)
        line = audit.Line("batch.create", batch_id, {**counts, "file": values["file_sha256"]}, organisation.id)
        audit.append(connection, [line], now=now, actor=actor)
    return get(instance, batch_id)


def get(instance: Instance, batch_id: str, *, organisation_id: str | None = None) -> Batch:
    """Return a batch. Raises `NotFound`, also when it is not that organisation's."""
    with reading(instance.engine) as connection:
        return _get(connection, batch_id, organisation_id)


def list_recent(instance: Instance, organisation_id: str, *, limit: int = 50) -> list[Batch]:
    """Return the organisation's newest batches, newest first."""
    table = tables.Batch
    with reading(instance.engine) as connection:
        rows = connection.execute(
            select(*_COLUMNS, _earlier(table))
            .where(table.organisation_id == organisation_id)
            .order_by(table.created_at.desc(), table.id)
            .limit(limit)
        )
        return [_batch(row) for row in rows]


def confirm(
    instance: Instance, batch_id: str, *, actor: str, include_held: bool = False, organisation_id: str | None = None
) -> Batch:
    """Say yes to a draft: its good rows, and with `include_held` the held ones, may be issued. Twice is as once.

    Raises `NotFound`, and `WrongState` for a cancelled batch or one without a row to issue.
    """
    now = instance.clock()
    with writing(instance.engine) as connection:
        batch = _get(connection, batch_id, organisation_id)
        if batch.state in ("confirmed", "issuing", "done"):
            return batch
        if batch.state != "draft":
            raise WrongState(f"the batch is {batch.state}")
        of_batch = tables.BatchRow.batch_id == batch_id
        held = update(tables.BatchRow).where(of_batch, tables.BatchRow.state == "held")
        connection.execute(held.values(state="ready" if include_held else "skipped"))
        ready = select(tables.BatchRow.row_number).where(of_batch, tables.BatchRow.state == "ready").limit(1)
        if connection.execute(ready).first() is None:
            raise WrongState("the file has no row that can be issued")
        yes = {"state": "confirmed", "confirmed_at": now, "confirmed_by": actor}
        connection.execute(update(tables.Batch).where(tables.Batch.id == batch_id).values(yes))
        line = audit.Line("batch.confirm", batch_id, {"include_held": include_held}, batch.organisation_id)
        audit.append(connection, [line], now=now, actor=actor)
    return get(instance, batch_id)


def cancel(instance: Instance, batch_id: str, *, actor: str, organisation_id: str | None = None) -> Batch:
    """Put a draft away for good. Raises `NotFound`, `WrongState` once it was confirmed."""
    now = instance.clock()
    with writing(instance.engine) as connection:
        batch = _get(connection, batch_id, organisation_id)
        if batch.state != "draft":
            raise WrongState(f"the batch is {batch.state}; only a draft can be cancelled")
        connection.execute(update(tables.Batch).where(tables.Batch.id == batch_id).values(state="cancelled"))
        line = audit.Line("batch.cancel", batch_id, {}, batch.organisation_id)
        audit.append(connection, [line], now=now, actor=actor)
    return get(instance, batch_id)


def progress(instance: Instance, batch_id: str) -> Progress:
    """Return how far the batch is. Raises `NotFound`."""
    with reading(instance.engine) as connection:
        state = connection.execute(select(tables.Batch.state).where(tables.Batch.id == batch_id)).scalar()
        counted = connection.execute(
            select(tables.BatchRow.state, func.count())
            .where(tables.BatchRow.batch_id == batch_id)
            .group_by(tables.BatchRow.state)
        )
        count = {row[0]: row[1] for row in counted}
    if state is None:
        raise NotFound("there is no such batch")
    total = sum(count.get(name, 0) for name in ("ready", "intended", "issued", "failed"))
    return Progress(total, count.get("issued", 0), count.get("failed", 0), state)


def rows(instance: Instance, batch_id: str) -> list[RowView]:
    """Return the rows that made it into the batch, in the order of the file (bad ones are in the report)."""
    row, completion = tables.BatchRow, tables.Completion
    with reading(instance.engine) as connection:
        found = connection.execute(
            select(row.row_number, row.state, completion.record, row.credential_id, row.failure)
            .join(completion, completion.id == row.completion_id)
            .where(row.batch_id == batch_id)
            .order_by(row.row_number)
        ).all()
    return [_row_view(*one) for one in found]


def preview(
    instance: Instance, batch_id: str, row_number: int | None = None, *, organisation_id: str | None = None
) -> dict[str, Any]:
    """Return the unsigned credential of one row (the first by default) as it would be signed, ids made up for it.

    Stores nothing. Raises `NotFound`, and `LintFailed` when the row could not be issued.
    """
    batch = get(instance, batch_id, organisation_id=organisation_id)
    row, completion = tables.BatchRow, tables.Completion
    wanted = select(completion.record, completion.project_id).join(row, row.completion_id == completion.id)
    wanted = wanted.where(row.batch_id == batch_id).order_by(row.state != "ready", row.row_number).limit(1)
    if row_number is not None:
        wanted = wanted.where(row.row_number == row_number)
    with reading(instance.engine) as connection:
        found = connection.execute(wanted).first()
    if found is None:
        raise NotFound("the batch has no such row")
    return preparing.preview(
        instance, organisations.by_id(instance, batch.organisation_id), found.record, found.project_id
    )


_COLUMNS = (
    tables.Batch.id, tables.Batch.organisation_id, tables.Batch.filename, tables.Batch.state, tables.Batch.created_by,
    tables.Batch.created_at, tables.Batch.confirmed_at, tables.Batch.finished_at, tables.Batch.report,
)  # fmt: skip


def _earlier(table: Any) -> Any:
    other = tables.Batch.__table__.alias("earlier")
    same = (other.c.organisation_id == table.organisation_id) & (other.c.file_sha256 == table.file_sha256)
    before = (other.c.created_at < table.created_at) & (other.c.state != "cancelled")
    return (
        select(other.c.id)
        .where(same & before)
        .order_by(other.c.created_at)
        .limit(1)
        .scalar_subquery()
        .label("same_file_as")
    )


def _get(connection: Connection, batch_id: str, organisation_id: str | None) -> Batch:
    found = select(*_COLUMNS, _earlier(tables.Batch)).where(tables.Batch.id == batch_id)
    if organisation_id is not None:
        found = found.where(tables.Batch.organisation_id == organisation_id)
    row = connection.execute(found).first()
    if row is None:
        raise NotFound("there is no such batch")
    return _batch(row)


def _batch(row: AnyRow) -> Batch:
    return Batch(
        id=row.id,
        organisation_id=row.organisation_id,
        filename=row.filename,
        state=row.state,
        created_by=row.created_by,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        finished_at=row.finished_at,
        report=_report(row.report),
        same_file_as=row.same_file_as,
    )


def _report(text: str) -> StoredReport:
    stored = strict_json.loads_object(text.encode(), max_bytes=len(text) * 4 + 1)
    return StoredReport(
        problems=tuple(RowProblem(**problem) for problem in stored["problems"]),
        warnings=tuple(RowProblem(**warning) for warning in stored["warnings"]),
        ignored_columns=tuple(stored["ignored_columns"]),
        blank_rows=stored["blank_rows"],
        rows=stored["rows"],
    )


def _row_view(number: int, state: str, record: str, credential_id: str | None, failure: str | None) -> RowView:
    mapping = strict_json.loads_object(record.encode())
    return RowView(number, state, mapping["student"]["name"], mapping["project"]["title"], credential_id, failure)

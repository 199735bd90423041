"""Checks batches, rows, intents and the outbox: what waits is told apart from what was lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select

import issuer.db.tables as tables
from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.services.fsck.finding import Finding, damage


def check(instance: Instance) -> Iterator[Finding]:
    """Yield unfinished batches (resumable), contradictions (damage) and effects still owed (notes)."""
    yield from _batches(instance)
    yield from _intents(instance)
    yield from _orphans(instance)
    yield from _outbox(instance)


def _batches(instance: Instance) -> Iterator[Finding]:
    batch, row = tables.Batch, tables.BatchRow
    with reading(instance.engine) as connection:
        waiting = (
            select(batch.id, batch.state, func.count(row.row_number).label("rows"))
            .outerjoin(row, (row.batch_id == batch.id) & row.state.in_(("ready", "intended")))
            .where(batch.state.in_(("confirmed", "issuing", "done")))
            .group_by(batch.id, batch.state)
            .order_by(batch.id)
        )
        found = connection.execute(waiting).all()
    for one in found:
        if one.state != "done":
            what = f"It is {one.state}; {one.rows} rows wait to be issued."
            yield Finding("resumable", f"batch {one.id}", what, "Issue the batch again: it goes on where it stopped.")
        elif one.rows:
            yield damage(f"batch {one.id}", f"It is done, but {one.rows} of its rows are not.")


def _intents(instance: Instance) -> Iterator[Finding]:
    intent, row = tables.Intent, tables.BatchRow
    credential, entry = tables.Credential, tables.StatusEntry
    query = (
        select(
            intent.credential_id, intent.state, intent.unsigned, intent.unsigned_sha256,
            row.state.label("row_state"), row.credential_id.label("row_credential"),
            credential.id.label("issued"), entry.state.label("entry_state"),
        )
        .join(row, (row.batch_id == intent.batch_id) & (row.row_number == intent.row_number))
        .join(entry, entry.credential_id == intent.credential_id)
        .outerjoin(credential, credential.id == intent.credential_id)
        .order_by(intent.credential_id)
    )  # fmt: skip
    expected = {
        "open": ("intended", None, "allocated"),
        "signed": ("issued", "its own", "used"),
        "abandoned": ("failed", None, "burnt"),
    }
    with reading(instance.engine) as connection:
        for one in connection.execute(query.execution_options(yield_per=500)):
            where = f"intent {one.credential_id}"
            if hashlib.sha256(bytes(one.unsigned)).hexdigest() != one.unsigned_sha256:
                yield damage(where, "Its bytes are not those that were linted.")
            issued = "its own" if one.issued and one.row_credential == one.credential_id else None
            if (one.row_state, issued, one.entry_state) != expected[one.state]:
                what = f"It is {one.state}, but its row is {one.row_state} and its index {one.entry_state}."
                yield damage(where, what)


def _orphans(instance: Instance) -> Iterator[Finding]:
    """Indices that were allocated and named by no intent: the crash came between steps 1 and 3."""
    entry, intent, batch, later = tables.StatusEntry, tables.Intent, tables.Batch, tables.Correction
    query = (
        select(entry.batch_id, batch.state, func.count().label("indices"))
        .outerjoin(intent, intent.credential_id == entry.credential_id)
        .outerjoin(later, later.id == entry.credential_id)
        .outerjoin(batch, batch.id == entry.batch_id)
        .where(entry.state == "allocated", intent.credential_id.is_(None), later.id.is_(None))
        .group_by(entry.batch_id, batch.state)
    )
    with reading(instance.engine) as connection:
        found = connection.execute(query).all()
    for one in found:
        where = f"batch {one.batch_id}"
        if one.state == "issuing":
            what = f"{one.indices} status indices were allocated and not used."
            yield Finding("resumable", where, what, "Issue the batch again: they are burnt.")
        else:
            yield damage(where, f"{one.indices} status indices are allocated, but the batch is {one.state}.")


def _outbox(instance: Instance) -> Iterator[Finding]:
    item = tables.OutboxItem
    with reading(instance.engine) as connection:
        waiting = connection.execute(
            select(item.kind, func.count()).where(item.done_at.is_(None), item.failure.is_(None)).group_by(item.kind)
        ).all()
        failed = connection.execute(select(item.key, item.failure).where(item.failure.is_not(None))).all()
    for key, failure in failed:
        yield Finding("note", f"outbox {key}", f"It cannot be made: {failure}", "Deal with the reason.")
    for kind, number in waiting:
        yield Finding(
            "note", "outbox", f"{number} of kind {kind} are still to be made.", "They are made when asked for."
        )

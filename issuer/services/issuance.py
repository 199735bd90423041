"""Issues a confirmed batch, a chunk of rows at a time, so that a power cut anywhere leaves nothing half done.

For each chunk: (1) status indices are allocated and committed · (2) credentials are built and linted · (3) the exact
bytes are committed as intents, with the audit · (4) signed, outside any transaction, and verified by the second path ·
(5) committed: credential, index used, row issued, audit, outbox. Run again after a crash, it burns indices that no
intent names, finishes the intents that it finds, and goes on. docs/issuance-cycle.md says what each cut leaves behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

import issuer.db.tables as tables
from issuer.db.engine import reading, writing
from issuer.instance import Instance
from issuer.problems import AlreadyIssuing, ClockWentBack, NotFound, WrongState
from issuer.services import audit, batches, chunks, organisations
from issuer.services.batches import Progress
from issuer.services.chunks import Issuing
from issuer.services.turns import turn

#: Rows between two commits: few enough that progress is seen, many enough that syncing the disk does not count.
CHUNK = 50
#: How far the clock may stand behind the last signature before nothing more is signed (case REL-07).
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class RowFailure:
    """A row that was not issued, and why."""

    row_number: int
    reason: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a batch. `issued` are the credential ids in the order of the file."""

    batch_id: str
    issued: tuple[str, ...]
    failed: tuple[RowFailure, ...]


def issue_batch(
    instance: Instance,
    batch_id: str,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    actor: str = "system",
) -> BatchResult:
    """Issue every row of a confirmed batch, and return what became of each. Run twice it issues nothing twice.

    Raises `NotFound`, `WrongState` (not confirmed), `AlreadyIssuing` (another process has it now), and what signing
    raises (`KeysSealed`, `SigningStopped`…): then what is done stays done, and the same call goes on later.
    """
    with turn(instance, f"batch-{batch_id}") as mine:
        if not mine:
            raise AlreadyIssuing(f"batch {batch_id} is being issued by another process")
        batch = batches.get(instance, batch_id)
        if batch.state == "done":
            return result(instance, batch_id)
        if batch.state not in ("confirmed", "issuing"):
            raise WrongState(f"the batch is {batch.state}; it must be confirmed first")
        _refuse_clock_behind(instance)
        organisation = organisations.by_id(instance, batch.organisation_id)
        _begin(instance, batch_id)
        with instance.keyring().signer(organisation.did) as signer:
            for _ in _chunks(Issuing(instance, organisation, batch_id, signer, actor)):
                if on_progress is not None:
                    on_progress(batches.progress(instance, batch_id))
        _finish(instance, batch_id, organisation.id, actor)
    if on_progress is not None:
        on_progress(batches.progress(instance, batch_id))
    return result(instance, batch_id)


def unfinished(instance: Instance) -> list[str]:
    """Return the batches that were confirmed and not finished, oldest first: what a start-up goes on with."""
    table = tables.Batch
    with reading(instance.engine) as connection:
        waiting = select(table.id).where(table.state.in_(("confirmed", "issuing"))).order_by(table.confirmed_at)
        return list(connection.execute(waiting).scalars())


def result(instance: Instance, batch_id: str) -> BatchResult:
    """Return what has become of the batch so far. Raises `NotFound`."""
    row = tables.BatchRow
    with reading(instance.engine) as connection:
        if connection.execute(select(tables.Batch.id).where(tables.Batch.id == batch_id)).first() is None:
            raise NotFound("there is no such batch")
        found = connection.execute(
            select(row.row_number, row.state, row.credential_id, row.failure)
            .where(row.batch_id == batch_id, row.state.in_(("issued", "failed")))
            .order_by(row.row_number)
        ).all()
    return BatchResult(
        batch_id,
        tuple(one.credential_id for one in found if one.state == "issued"),
        tuple(RowFailure(one.row_number, one.failure) for one in found if one.state == "failed"),
    )


def _chunks(issuing: Issuing) -> Iterator[None]:
    """Do the batch's work; yields after each commit of credentials."""
    chunks.burn_orphans(issuing)
    while intents := chunks.open_intents(issuing, CHUNK):
        chunks.sign(issuing, intents)
        yield
    while rows := chunks.ready_rows(issuing, CHUNK):
        chunks.sign(issuing, chunks.prepare(issuing, rows))
        yield


def _begin(instance: Instance, batch_id: str) -> None:
    with writing(instance.engine) as connection:
        connection.execute(
            update(tables.Batch)
            .where(tables.Batch.id == batch_id, tables.Batch.state == "confirmed")
            .values(state="issuing")
        )


def _finish(instance: Instance, batch_id: str, organisation_id: str, actor: str) -> None:
    now = instance.clock()
    with writing(instance.engine) as connection:
        done = {"state": "done", "finished_at": now}
        connection.execute(update(tables.Batch).where(tables.Batch.id == batch_id).values(done))
        audit.append(connection, [audit.Line("batch.done", batch_id, {}, organisation_id)], now=now, actor=actor)


def _refuse_clock_behind(instance: Instance) -> None:
    with reading(instance.engine) as connection:
        last = connection.execute(select(func.max(tables.Credential.signed_at))).scalar()
    if last is not None and instance.clock() < last - CLOCK_TOLERANCE:
        raise ClockWentBack(
            f"it shows {instance.clock():%Y-%m-%d %H:%M}, but something was signed at {last:%Y-%m-%d %H:%M}"
        )

"""Gives out status indices: random, one for each credential, for ever. Publishes nothing.

An index is promised (allocated) before the credential that names it exists. When that credential never comes to be the
index is burnt: two credentials never share one, and nobody can tell from an index who came first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from credentials.status_list import MINIMUM_ENTRIES
from issuer.db.tables import StatusEntry, StatusList
from issuer.db.upsert import insert_new
from issuer.services.ids import new_id

#: Entries of a new list: the least that the specification allows, 16 kB unpacked.
LENGTH = MINIMUM_ENTRIES
#: A list takes no new credentials when it is nine tenths full, so that random probing needs ten tries at the most on
#: average, at the very end; at the last free index it would need 131,072.
CAPACITY = LENGTH * 9 // 10


@dataclass(frozen=True, slots=True)
class Allocation:
    """The status index of one credential that is to be."""

    credential_id: str
    list_id: str
    index: int


def allocate(
    connection: Connection,
    credential_ids: Sequence[str],
    *,
    organisation_id: str,
    batch_id: str | None,
    random: Callable[[int], bytes],
    now: datetime,
    capacity: int = CAPACITY,
) -> list[Allocation]:
    """Give each credential id an index, in the caller's write transaction; opens the next list when one is full.

    `capacity` is that of a list opened now. Writers queue up at the list's row, so the count is exact.
    """
    allocations: list[Allocation] = []
    while len(allocations) < len(credential_ids):
        wanted = credential_ids[len(allocations) :]
        list_id, length, room = _open_list(connection, organisation_id, random, now, capacity)
        part = wanted[:room]
        taken = StatusList.allocated + len(part)
        connection.execute(update(StatusList).where(StatusList.id == list_id).values(allocated=taken))
        allocations += _probe(connection, part, list_id, length, organisation_id, batch_id, random)
    return allocations


def burn(connection: Connection, credential_ids: Sequence[str]) -> None:
    """Give up the indices of credentials that never came to be."""
    if credential_ids:
        connection.execute(
            update(StatusEntry)
            .where(StatusEntry.credential_id.in_(credential_ids), StatusEntry.state == "allocated")
            .values(state="burnt")
        )


def _open_list(
    connection: Connection, organisation_id: str, random: Callable[[int], bytes], now: datetime, capacity: int
) -> tuple[str, int, int]:
    """Return (id, length, free places) of the list that takes new credentials; its row is locked until the commit."""
    newest = (
        select(StatusList.id, StatusList.length, StatusList.allocated, StatusList.capacity, StatusList.ordinal)
        .where(StatusList.organisation_id == organisation_id, StatusList.purpose == "revocation")
        .order_by(StatusList.ordinal.desc())
        .limit(1)
        .with_for_update()
    )
    while True:
        row = connection.execute(newest).first()
        if row is not None and row.allocated < row.capacity:
            return row.id, row.length, row.capacity - row.allocated
        connection.execute(
            insert_new(connection, StatusList).values(
                id=new_id(random), organisation_id=organisation_id, purpose="revocation",
                ordinal=row.ordinal + 1 if row else 1, length=LENGTH, capacity=capacity, allocated=0,
                version=1, published_version=0, created_at=now,
            )
        )  # fmt: skip


def _probe(
    connection: Connection,
    credential_ids: Sequence[str],
    list_id: str,
    length: int,
    organisation_id: str,
    batch_id: str | None,
    random: Callable[[int], bytes],
) -> list[Allocation]:
    """Try random indices until every credential has one; the primary key decides which were free."""
    fixed = {"status_list_id": list_id, "organisation_id": organisation_id, "batch_id": batch_id}
    found: dict[str, int] = {}
    while missing := [name for name in credential_ids if name not in found]:
        tried: dict[int, str] = {}
        for name in missing:
            tried.setdefault(int.from_bytes(random(8), "big") % length, name)
        rows = [
            {**fixed, "status_index": index, "credential_id": name, "state": "allocated", "value": "valid"}
            for index, name in tried.items()
        ]
        statement = insert_new(connection, StatusEntry).returning(StatusEntry.credential_id, StatusEntry.status_index)
        returned = connection.execute(statement, rows)
        found |= {row.credential_id: row.status_index for row in returned}
    return [Allocation(name, list_id, found[name]) for name in credential_ids]


__all__ = ["CAPACITY", "LENGTH", "Allocation", "allocate", "burn"]

"""The versions of a credential: the first stands in its own row, each later one is a correction. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

import issuer.db.tables as tables
from credentials import strict_json
from credentials.corrections import Correction
from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.services.notices import read_changes


@dataclass(frozen=True, slots=True)
class Version:
    """One signed version. `id` is the credential's own for the first, else the correction's: what its status index and
    its certificate go by. `correction` is None for the first version."""

    id: str
    number: int
    completion_id: str
    signed: bytes
    signed_at: datetime
    status_list_id: str
    status_index: int
    correction: Correction | None


def all_of(connection: Connection, credential_id: str) -> list[Version]:
    """Every signed version of a credential that exists, oldest first."""
    table, later = tables.Credential, tables.Correction
    first = connection.execute(
        select(table.id, table.completion_id, table.signed, table.signed_at, table.status_list_id, table.status_index)
        .where(table.id == credential_id)
    ).one()  # fmt: skip
    found = [Version(first.id, 1, first.completion_id, bytes(first.signed), first.signed_at, first.status_list_id,
                     first.status_index, None)]  # fmt: skip
    rows = connection.execute(
        select(later).where(later.credential_id == credential_id, later.state == "signed").order_by(later.version)
    )
    for row in rows:
        correction = Correction(row.version, _valid_from(row.signed), row.reason, read_changes(row.changes))
        found.append(
            Version(
                row.id, row.version, row.completion_id, bytes(row.signed), row.signed_at, row.status_list_id,
                row.status_index, correction,
            )
        )  # fmt: skip
    return found


def of(instance: Instance, credential_id: str) -> list[Version]:
    """Every version of a credential, oldest first."""
    with reading(instance.engine) as connection:
        return all_of(connection, credential_id)


def _valid_from(signed: bytes) -> datetime:
    return datetime.fromisoformat(strict_json.loads_object(bytes(signed))["validFrom"])

"""Checks what is said in public about records: that it is what became of them, and that it is properly signed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

import issuer.db.tables as tables
from issuer.db.engine import reading
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.services import addresses
from issuer.services.fsck.finding import Finding, damage
from issuer.services.fsck.signed import opened
from keys.key_info import KeyInfo

_STATES = {"withdrawn": "revoked", "suspended": "suspended", "replaced": "valid", "restored": "valid", None: "valid"}


def check(instance: Instance) -> Iterator[Finding]:
    """Yield what is wrong with the notice of each record that has one, or should have one."""
    keys = {info.verification_method: info for info in instance.keyring().list()}
    for row in _rows(instance):
        where = f"notice about {row.id}"
        corrected = row.corrected is not None
        if _STATES[row.kind] != row.state or (row.state == "valid" and corrected != (row.kind == "replaced")):
            state = "corrected" if corrected and row.state == "valid" else row.state
            yield damage(where, f"It says {row.kind or 'nothing'}, but the record is {state}.")
        if row.signed is not None:
            yield from (damage(where, what) for what in _faults(instance, row, keys))
        elif row.kind not in (None, "restored"):
            yield Finding("resumable", where, "It is not signed yet.", "It is signed when somebody first asks for it.")


def _rows(instance: Instance) -> Iterator[AnyRow]:
    """Each record that does not stand as it was signed first, with its newest notice."""
    table, notice, later = tables.Credential, tables.Notice, tables.Correction
    said = notice.__table__.alias("said")
    newest = select(func.max(said.c.id)).where(said.c.credential_id == table.id).correlate(table.__table__)
    wanted = (
        select(
            table.id, table.state, later.id.label("corrected"), notice.kind, notice.signed, notice.signed_sha256,
            notice.verification_method,
        )
        .select_from(table)
        .outerjoin(notice, notice.id == newest.scalar_subquery())
        .outerjoin(
            later, (later.credential_id == table.id) & (later.state == "signed") & later.replaced_at.is_(None)
        )
        .where((table.state != "valid") | later.id.is_not(None) | notice.id.is_not(None))
        .order_by(table.id)
    )  # fmt: skip
    with reading(instance.engine) as connection:
        yield from connection.execute(wanted.execution_options(yield_per=500))


def _faults(instance: Instance, row: AnyRow, keys: dict[str, KeyInfo]) -> Iterator[str]:
    faults, document = opened(row, keys)
    yield from faults
    if document is None:
        return
    subject = document["credentialSubject"]
    if (subject["id"], subject["standing"]) != (addresses.record_url(instance, row.id), row.kind):
        yield f"It says that {subject['id']} is {subject['standing']}."

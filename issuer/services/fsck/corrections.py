"""Checks every correction: its bytes and signature, its place in a status list, and how versions follow one another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy import select

import issuer.db.tables as tables
from credentials import strict_json
from credentials.errors import PlauditError
from issuer.db.engine import reading
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.services import versions
from issuer.services.fsck.credentials import bytes_faults
from issuer.services.fsck.finding import Finding, damage
from keys.key_info import KeyInfo

_ENTRY = {"open": "allocated", "signed": "used", "abandoned": "burnt"}
#: Records looked at in one transaction.
_PAGE = 200


def check(instance: Instance) -> Iterator[Finding]:
    """Yield what is wrong with each record that was corrected, or is being corrected, in the order of ids."""
    keys = {info.verification_method: info for info in instance.keyring().list()}
    for credential_id in _records(instance):
        with reading(instance.engine) as connection:
            rows = connection.execute(_rows(credential_id)).all()
            held = versions.all_of(connection, credential_id)
        for row in rows:
            yield from _correction(instance, row, keys)
        where = f"credential {credential_id}"
        yield from (damage(where, what) for what in _sequence_faults([row for row in rows if row.state == "signed"]))
        yield from (damage(where, what) for what in _kept_faults([version.signed for version in held]))


def _records(instance: Instance) -> Iterator[str]:
    table, after = tables.Correction, ""
    while True:
        with reading(instance.engine) as connection:
            page = select(table.credential_id).where(table.credential_id > after).distinct()
            found = connection.execute(page.order_by(table.credential_id).limit(_PAGE)).scalars().all()
        if not found:
            return
        yield from found
        after = found[-1]


def _rows(credential_id: str) -> Any:
    table, entry, item, credential = tables.Correction, tables.StatusEntry, tables.OutboxItem, tables.Credential
    return (
        select(
            *table.__table__.c, entry.state.label("entry_state"), entry.value.label("entry_value"),
            item.id.label("outbox_id"), credential.state.label("record_state"), credential.human_code,
        )
        .join(credential, credential.id == table.credential_id)
        .join(entry, entry.credential_id == table.id)
        .outerjoin(item, item.key == "certificate:" + table.id)
        .where(table.credential_id == credential_id)
        .order_by(table.version, table.id)
    )  # fmt: skip


def _correction(instance: Instance, row: AnyRow, keys: Mapping[str, KeyInfo]) -> Iterator[Finding]:
    where = f"version {row.version} of credential {row.credential_id}"
    if hashlib.sha256(bytes(row.unsigned)).hexdigest() != row.unsigned_sha256:
        yield damage(where, "Its bytes are not those that were linted.")
    if row.entry_state != _ENTRY[row.state]:
        yield damage(where, f"It is {row.state}, but its status index is {row.entry_state}.")
    if row.state == "open":
        yield Finding("resumable", where, "It is not signed yet.", "The worker finishes it: run `plaudit serve`.")
    if row.state != "signed":
        return
    expected = row.record_state if row.replaced_at is None else "revoked"
    if row.entry_value != expected:
        yield damage(where, f"Its status entry says {row.entry_value} instead of {expected}.")
    if row.outbox_id is None:
        yield damage(where, "No certificate was ever ordered for it.")
    yield from (damage(where, what) for what in bytes_faults(instance, row, keys))
    key = keys.get(row.verification_method)
    if key is not None and not key.state.vouches:
        yield Finding("note", where, f"It was signed with key {key.id}, which is compromised.", "Correct it anew.")


def _sequence_faults(signed: list[AnyRow]) -> Iterator[str]:
    numbers = [row.version for row in signed]
    if numbers != list(range(2, len(numbers) + 2)):
        yield f"Its versions are numbered {numbers}: one is missing."
    if any(row.replaced_at is None for row in signed[:-1]) or (signed and signed[-1].replaced_at is not None):
        yield "It is not clear which of its versions is the newest."


def _kept_faults(held: list[bytes]) -> Iterator[str]:
    """A correction keeps issuer and award, and every version begins later than the one before."""
    try:
        documents = [strict_json.loads_object(signed) for signed in held]
    except PlauditError:
        return  # told where its bytes are checked
    for number, (before, after) in enumerate(pairwise(documents), start=2):
        if after["validFrom"] <= before["validFrom"]:
            yield f"Version {number} does not begin later than the one before."
        if (after["issuer"]["id"], after["awardedDate"]) != (before["issuer"]["id"], before["awardedDate"]):
            yield f"Version {number} has another issuer or award date than the one before."

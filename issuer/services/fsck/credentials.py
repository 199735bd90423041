"""Checks every stored credential: its bytes, its signature by the second path, its place in a status list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select

import issuer.db.tables as tables
from issuer.db.engine import reading
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.services import addresses
from issuer.services.fsck.finding import Finding, damage
from issuer.services.fsck.signed import opened
from keys.key_info import KeyInfo

#: Credentials held in memory at once: 6 kB each.
_PAGE = 500


def check(instance: Instance) -> Iterator[Finding]:
    """Yield what is wrong with each credential, in the order of ids."""
    keys = {info.verification_method: info for info in instance.keyring().list()}
    for row in _rows(instance):
        where = f"credential {row.id}"
        for what in (*bytes_faults(instance, row, keys), *_row_faults(row)):
            yield damage(where, what)
        key = keys.get(row.verification_method)
        if key is not None and not key.state.vouches:
            yield Finding("note", where, f"It was signed with key {key.id}, which is compromised.", "Issue it anew.")
        if row.outbox_id is None:
            yield damage(where, "No certificate was ever ordered for it.")
    yield from _unused_entries(instance)


def _rows(instance: Instance) -> Iterator[AnyRow]:
    credential, entry, item = tables.Credential, tables.StatusEntry, tables.OutboxItem
    event, later = tables.StatusEvent, tables.Correction
    corrected = select(later.id).where(later.credential_id == credential.id, later.state == "signed").exists()
    last_event = (
        select(event.to_state).where(event.credential_id == credential.id).order_by(event.id.desc()).limit(1)
    ).scalar_subquery()
    wanted = (
        select(
            *credential.__table__.c, entry.state.label("entry_state"), entry.value.label("entry_value"),
            item.id.label("outbox_id"), last_event.label("last_state"), corrected.label("corrected"),
            credential.id.label("credential_id"),
        )
        .join(entry, entry.credential_id == credential.id)
        .outerjoin(item, item.key == "certificate:" + credential.id)
        .order_by(credential.id)
        .limit(_PAGE)
    )  # fmt: skip
    after = ""
    while True:
        with reading(instance.engine) as connection:
            page = connection.execute(wanted.where(credential.id > after)).all()
        if not page:
            return
        yield from page
        after = page[-1].id


def bytes_faults(instance: Instance, row: AnyRow, keys: Mapping[str, KeyInfo]) -> Iterator[str]:
    """Yield what is wrong with the signed bytes of one version, and with what they name."""
    faults, document = opened(row, keys)
    yield from faults
    if document is None:
        return
    list_url = addresses.status_list_url(instance, row.status_list_id)
    for name, found, expected in (
        ("id", document.get("id"), addresses.record_url(instance, row.credential_id)),
        ("status list", document["credentialStatus"]["statusListCredential"], list_url),
        ("status index", document["credentialStatus"]["statusListIndex"], str(row.status_index)),
        ("code", document["credentialSubject"]["achievement"]["humanCode"], row.human_code),
    ):
        if found != expected:
            yield f"Its {name} is {found!r} in the signed bytes and {expected!r} in the database."


def _row_faults(row: AnyRow) -> Iterator[str]:
    if row.entry_state != "used":
        yield f"Its status index is {row.entry_state}, not used."
    expected = "revoked" if row.corrected else row.state
    if row.entry_value != expected:
        yield f"It is {'corrected' if row.corrected else row.state}, but its status entry says {row.entry_value}."
    if (row.last_state or "valid") != row.state:
        yield f"It is {row.state}, but the last change in its history made it {row.last_state or 'valid'}."


def _unused_entries(instance: Instance) -> Iterator[Finding]:
    """A used index without its credential: an issue that was lost."""
    credential, entry, later = tables.Credential, tables.StatusEntry, tables.Correction
    with reading(instance.engine) as connection:
        lost = connection.execute(
            select(entry.credential_id)
            .outerjoin(credential, credential.id == entry.credential_id)
            .outerjoin(later, (later.id == entry.credential_id) & (later.state == "signed"))
            .where(entry.state == "used", credential.id.is_(None), later.id.is_(None))
        ).scalars()
        for credential_id in lost:
            yield damage(f"credential {credential_id}", "Its status index is used, but the credential is gone.")
        issued = select(func.count()).select_from(tables.BatchRow).where(tables.BatchRow.state == "issued")
        stored = select(func.count()).select_from(credential)
        rows, credentials = connection.execute(issued).scalar_one(), connection.execute(stored).scalar_one()
    if rows != credentials:
        yield damage("credentials", f"{rows} rows were issued, but {credentials} credentials are stored.")

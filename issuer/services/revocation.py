"""Withdraws credentials, for good or for a time, and gives suspended ones back. Each change is public at return.

Open Badges 3.0 allows one `credentialStatus`, so both a revocation and a suspension set the same bit of a list whose
purpose is revocation; what it means, with date and reason, says a signed notice (`notices`) and the record's page. A
suspension ends by clearing the bit; a revocation never ends, and the database refuses to undo it. What changes is the
status of the newest version: the bits of versions that were corrected are set for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

import issuer.db.tables as tables
from issuer.db.engine import reading, writing
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.problems import NotFound, ReasonMissing, WrongState
from issuer.services import audit, notices, signing, status

#: A reason is one sentence on a page, not a file.
MAX_REASON = 500

_ACTIONS = {"revoked": "credential.revoke", "suspended": "credential.suspend", "valid": "credential.unsuspend"}
_SAID = {"revoked": "withdrawn", "suspended": "suspended"}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What a credential's state is now. `changed` is False when it was so before: nothing was done twice."""

    credential_id: str
    state: str
    reason: str | None
    at: datetime
    changed: bool


def revoke(
    instance: Instance, credential_id: str, reason: str, *, actor: str, organisation_id: str | None = None
) -> StatusChange:
    """Withdraw a credential for good, for a reason that everybody may read; the list is published when this returns.

    Raises `ReasonMissing`, `NotFound` (also for another organisation's credential), and what signing raises; signing is
    tried first, so without the key nothing is changed.
    """
    return _change(instance, credential_id, "revoked", _reason(reason, required=True), actor, organisation_id)


def suspend(
    instance: Instance, credential_id: str, reason: str = "", *, actor: str, organisation_id: str | None = None
) -> StatusChange:
    """Withdraw a credential until `unsuspend`. Raises as `revoke`, and `WrongState` for a revoked one."""
    return _change(instance, credential_id, "suspended", _reason(reason, required=False), actor, organisation_id)


def unsuspend(
    instance: Instance, credential_id: str, *, actor: str, organisation_id: str | None = None
) -> StatusChange:
    """Give a suspended credential back. Raises as `revoke`, and `WrongState` for a revoked one."""
    return _change(instance, credential_id, "valid", None, actor, organisation_id)


def _reason(text: str, *, required: bool) -> str | None:
    reason = " ".join(text.split())
    if required and not reason:
        raise ReasonMissing("no reason was given", pointer="/reason")
    if len(reason) > MAX_REASON or not reason.isprintable():
        raise ReasonMissing(f"the reason must be at most {MAX_REASON} printable characters", pointer="/reason")
    return reason or None


def _change(
    instance: Instance, credential_id: str, to: str, reason: str | None, actor: str, organisation_id: str | None
) -> StatusChange:
    did = _issuer(instance, credential_id, organisation_id)
    with signing.opened(instance, did) as signer:
        with writing(instance.engine) as connection:
            change, list_id, version = _store(connection, credential_id, to, reason, actor, instance.clock())
        status.publish(instance, list_id, signer=signer, at_least=version)
        notices.publish(instance, credential_id, signer=signer)
    return change


def _issuer(instance: Instance, credential_id: str, organisation_id: str | None) -> str:
    table, owner = tables.Credential, tables.Organisation
    with reading(instance.engine) as connection:
        row = connection.execute(
            select(owner.id, owner.did).join(table, table.organisation_id == owner.id).where(table.id == credential_id)
        ).first()
    if row is None or organisation_id not in (None, row.id):
        raise NotFound("there is no such credential")
    return str(row.did)


def _store(
    connection: Connection, credential_id: str, to: str, reason: str | None, actor: str, now: datetime
) -> tuple[StatusChange, str, int]:
    """Make the change in the caller's transaction; return it with the list and the version that must be published."""
    table, listed = tables.Credential, tables.StatusList
    found = connection.execute(select(table).where(table.id == credential_id).with_for_update()).one()
    entry = newest_entry(connection, credential_id)
    version = connection.execute(
        select(listed.version).where(listed.id == entry.status_list_id).with_for_update()
    ).scalar_one()
    if found.state == to:
        return (
            StatusChange(credential_id, to, found.reason, found.state_changed_at, False),
            entry.status_list_id,
            version,
        )
    if found.state == "revoked":
        raise WrongState("the credential is revoked, which is final")
    version += 1
    _write(connection, found, entry, to, reason, actor, now, version)
    return StatusChange(credential_id, to, reason, now, True), entry.status_list_id, version


def newest_entry(connection: Connection, credential_id: str) -> AnyRow:
    """The status entry of the newest version: the correction's, or the first version's own."""
    entry, later = tables.StatusEntry, tables.Correction
    newest = select(later.id).where(
        later.credential_id == credential_id, later.state == "signed", later.replaced_at.is_(None)
    )
    version_id = connection.execute(newest).scalar() or credential_id
    return connection.execute(select(entry.__table__).where(entry.credential_id == version_id)).one()


def _write(
    connection: Connection, found: AnyRow, entry: AnyRow, to: str, reason: str | None, actor: str, now: datetime,
    version: int,
) -> None:  # fmt: skip
    table, listed = tables.StatusEntry, tables.StatusList
    connection.execute(update(table).where(table.credential_id == entry.credential_id).values(value=to))
    connection.execute(update(listed).where(listed.id == entry.status_list_id).values(version=version))
    set_state(connection, found, to, reason, now=now, actor=actor, list_id=entry.status_list_id, list_version=version)
    if to in _SAID:
        notices.say(connection, found.id, found.organisation_id, _SAID[to], now, reason)
    else:
        notices.say_again(connection, found.id, found.organisation_id, now)
    line = audit.Line(_ACTIONS[to], found.id, {"reason": reason or "", "list_version": version}, found.organisation_id)
    audit.append(connection, [line], now=now, actor=actor)


def set_state(
    connection: Connection, found: AnyRow, to: str, reason: str | None, *, now: datetime, actor: str, list_id: str,
    list_version: int,
) -> None:  # fmt: skip
    """Give a record another state, with the line of its history; its status entry is the caller's business."""
    table = tables.Credential
    new = {"state": to, "reason": reason, "state_changed_at": now}
    connection.execute(update(table).where(table.id == found.id).values(new))
    event = {
        "organisation_id": found.organisation_id, "credential_id": found.id, "at": now, "actor": actor,
        "from_state": found.state, "to_state": to, "reason": reason, "status_list_id": list_id,
        "list_version": list_version,
    }  # fmt: skip
    connection.execute(insert(tables.StatusEvent).values(event))

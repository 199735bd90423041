"""Withdraws credentials, for good or for a time, and gives suspended ones back. Each change is public at return.

Open Badges 3.0 allows one `credentialStatus`, so both a revocation and a suspension set the same bit of a list whose
purpose is revocation; what it means, with date and reason, is on the record's page. A suspension ends by clearing the
bit; a revocation never ends, and the database refuses to undo it.
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
from issuer.services import audit, signing, status

#: A reason is one sentence on a page, not a file.
MAX_REASON = 500

_ACTIONS = {"revoked": "credential.revoke", "suspended": "credential.suspend", "valid": "credential.unsuspend"}


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
    version = connection.execute(
        select(listed.version).where(listed.id == found.status_list_id).with_for_update()
    ).scalar_one()
    if found.state == to:
        return (
            StatusChange(credential_id, to, found.reason, found.state_changed_at, False),
            found.status_list_id,
            version,
        )
    if found.state == "revoked":
        raise WrongState("the credential is revoked, which is final")
    version += 1
    _write(connection, found, to, reason, actor, now, version)
    return StatusChange(credential_id, to, reason, now, True), found.status_list_id, version


def _write(
    connection: Connection, found: AnyRow, to: str, reason: str | None, actor: str, now: datetime,
    version: int,
) -> None:  # fmt: skip
    credential, entry, listed = tables.Credential, tables.StatusEntry, tables.StatusList
    new = {"state": to, "reason": reason, "state_changed_at": now}
    connection.execute(update(credential).where(credential.id == found.id).values(new))
    connection.execute(update(entry).where(entry.credential_id == found.id).values(value=to))
    connection.execute(update(listed).where(listed.id == found.status_list_id).values(version=version))
    event = {
        "organisation_id": found.organisation_id, "credential_id": found.id, "at": now, "actor": actor,
        "from_state": found.state, "to_state": to, "reason": reason, "status_list_id": found.status_list_id,
        "list_version": version,
    }  # fmt: skip
    connection.execute(insert(tables.StatusEvent).values(event))
    line = audit.Line(_ACTIONS[to], found.id, {"reason": reason or "", "list_version": version}, found.organisation_id)
    audit.append(connection, [line], now=now, actor=actor)

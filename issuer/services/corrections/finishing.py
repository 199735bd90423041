"""Signs an open correction and puts it in the old version's place: one transaction, and then it is published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

import issuer.db.tables as tables
from credentials.corrections import Change
from credentials.errors import PlauditError, SecondPathDisagrees
from issuer.db.engine import reading, writing
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.problems import CorrectionRefused, WrongState
from issuer.services import audit, notices, revocation, signing, status, tokens
from issuer.services.allocation import Allocation, burn
from issuer.services.organisations import Organisation
from issuer.services.preparing import Prepared
from issuer.services.signing import Forms
from keys.signer import LintedSigner


@dataclass(frozen=True, slots=True)
class Pending:
    """An open correction, linted in this process. `id` is the version's, by which its status index goes."""

    id: str
    owner: Organisation
    credential_id: str
    version: int
    changes: tuple[Change, ...]
    reason: str
    actor: str
    place: Allocation
    prepared: Prepared


def complete(instance: Instance, pending: Pending, signer: LintedSigner) -> None:
    """Sign, verify by the second path, commit, publish.

    Raises what signing raises: then it stays open. What can never be signed or has been overtaken is given up, and
    told: `SecondPathDisagrees`, `WrongState`, `CorrectionRefused`.
    """
    _publish_if_new(instance, pending.place.list_id, signer)
    created, prepared = instance.now(), pending.prepared
    try:
        forms = signing.sign_forms(signer, prepared.token, prepared.unsigned, created=created)
        with writing(instance.engine) as connection:
            change = _Change(pending, forms, created, signer.verification_method, instance.clock())
            list_id, version = _commit(connection, change)
    except (SecondPathDisagrees, WrongState, CorrectionRefused) as error:
        abandon(instance, pending.id, pending.credential_id, pending.owner.id, pending.actor, error)
        raise
    status.publish(instance, list_id, signer=signer, at_least=version)
    notices.publish(instance, pending.credential_id, signer=signer)


def abandon(
    instance: Instance, version_id: str, credential_id: str, organisation_id: str, actor: str, error: PlauditError
) -> None:
    """Give up an open correction: its index is burnt, the record stays as it was."""
    table, now = tables.Correction, instance.clock()
    reason = f"{error.code}: {error}"[:2_000]
    with writing(instance.engine) as connection:
        burn(connection, [version_id])
        given_up = update(table).where(table.id == version_id, table.state == "open")
        connection.execute(given_up.values(state="abandoned", failure=reason))
        line = audit.Line("credential.correct.fail", credential_id, {"reason": reason}, organisation_id)
        audit.append(connection, [line], now=now, actor=actor)


@dataclass(frozen=True, slots=True)
class _Change:
    pending: Pending
    forms: Forms
    created: datetime
    method: str
    now: datetime

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.forms.document).hexdigest()


def _publish_if_new(instance: Instance, list_id: str, signer: LintedSigner) -> None:
    """A credential never points at a list that nobody can fetch."""
    table = tables.StatusList
    with reading(instance.engine) as connection:
        known = connection.execute(select(table.published_version).where(table.id == list_id)).scalar_one()
    if known == 0:
        status.publish(instance, list_id, signer=signer)


def _commit(connection: Connection, change: _Change) -> tuple[str, int]:
    """Everything that the newer version changes, at once; returns the old one's list, and the version to publish.

    Raises `WrongState` and `CorrectionRefused` when something else came between the steps.
    """
    pending, table = change.pending, tables.Credential
    found = connection.execute(select(table).where(table.id == pending.credential_id).with_for_update()).one()
    if found.state == "revoked":
        raise WrongState("the credential was withdrawn meanwhile, which is final")
    mine = connection.execute(select(tables.Correction).where(tables.Correction.id == pending.id)).one()
    _refuse_twin(connection, found, mine)
    old = revocation.newest_entry(connection, pending.credential_id)
    list_version = _move_status(connection, old, pending.id)
    _replace(connection, change, found, mine)
    if found.state == "suspended":
        revocation.set_state(
            connection, found, "valid", None, now=change.now, actor=pending.actor, list_id=old.status_list_id,
            list_version=list_version,
        )  # fmt: skip
    notices.say(
        connection, found.id, found.organisation_id, "replaced", change.created, pending.reason, pending.changes
    )
    _order_certificate(connection, pending, old.credential_id, change.now)
    detail = {
        "version": pending.version, "signed": change.digest, "key": change.method, "reason": pending.reason,
        "list_version": list_version,
    }  # fmt: skip
    line = audit.Line("credential.correct", found.id, detail, found.organisation_id)
    audit.append(connection, [line], now=change.now, actor=pending.actor)
    return str(old.status_list_id), list_version


def _refuse_twin(connection: Connection, found: AnyRow, mine: AnyRow) -> None:
    table = tables.Credential
    twin = select(table.id).where(
        table.organisation_id == found.organisation_id, table.record_sha256 == mine.record_sha256,
        table.state != "revoked", table.id != found.id,
    )  # fmt: skip
    if connection.execute(twin).first():
        raise CorrectionRefused("another record came to say exactly this meanwhile")


def _move_status(connection: Connection, old: AnyRow, version_id: str) -> int:
    """The old version's bit is set for good, the newer version's index is in use; returns the old list's version."""
    entry, listed = tables.StatusEntry, tables.StatusList
    known = select(listed.version).where(listed.id == old.status_list_id).with_for_update()
    version = int(connection.execute(known).scalar_one()) + 1
    connection.execute(update(entry).where(entry.credential_id == old.credential_id).values(value="revoked"))
    connection.execute(update(entry).where(entry.credential_id == version_id).values(state="used"))
    connection.execute(update(listed).where(listed.id == old.status_list_id).values(version=version))
    return version


def _replace(connection: Connection, change: _Change, found: AnyRow, mine: AnyRow) -> None:
    """The newer version takes the place of the newest one; the record's own row shows what it says now."""
    table, later = tables.Credential, tables.Correction
    newest = (later.credential_id == found.id) & (later.state == "signed") & later.replaced_at.is_(None)
    connection.execute(update(later).where(newest).values(replaced_at=change.now))
    signed = {
        "state": "signed", "signed": change.forms.document, "signed_sha256": change.digest,
        "verification_method": change.method, "signed_at": change.created,
    }  # fmt: skip
    connection.execute(update(later).where(later.id == mine.id).values(signed))
    tokens.keep(connection, found.organisation_id, [(mine.id, change.forms.token)], change.now)
    shown = {"student_name": mine.student_name, "title": mine.title, "record_sha256": mine.record_sha256}
    connection.execute(update(table).where(table.id == found.id).values(shown))


def _order_certificate(connection: Connection, pending: Pending, old_version_id: str, now: datetime) -> None:
    """The certificate is drawn anew; one of the old version that was never drawn is not owed any more."""
    item = tables.OutboxItem
    superseded = update(item).where(item.key == f"certificate:{old_version_id}", item.done_at.is_(None))
    connection.execute(superseded.values(done_at=now, failure=None))
    order = {
        "kind": "certificate", "key": f"certificate:{pending.id}", "subject": pending.credential_id, "created_at": now,
    }  # fmt: skip
    connection.execute(insert(item).values(order))

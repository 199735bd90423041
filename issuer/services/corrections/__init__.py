"""Corrects a record: a newer version under the same id, signed like the first, and the old one's status set for good.

A correction keeps id, code, `awardedDate` and issuer, moves `validFrom`, and says what changed and why. The steps are
those of issuing (docs/issuance-cycle.md): (1) status index, exact bytes and audit line are committed as an open
correction · (2) signed outside any transaction and verified by the second path · (3) committed: the newer version, the
old one's bit, the notice, the outbox · (4) status list and notice are published. What a power cut leaves open is
finished by the worker, or by the next correction of the same record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

import issuer.db.tables as tables
from credentials import lint
from credentials.corrections import Change, every_change
from credentials.record import CompletionRecord
from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.problems import WrongState
from issuer.services import intake, signing, versions
from issuer.services.allocation import LENGTH, Allocation
from issuer.services.corrections import opening, rules
from issuer.services.corrections.finishing import complete
from issuer.services.ids import new_id

__all__ = ["Corrected", "Draft", "correct", "current", "finish", "preview", "unfinished"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a correction would make: nothing is stored. `version` is the number that it would get.

    `changes` are what will be signed and published; `differences` are the same with every value, for whoever confirms.
    """

    credential_id: str
    version: int
    changes: tuple[Change, ...]
    differences: tuple[Change, ...]
    reason: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that was made, and is public."""

    credential_id: str
    version: int
    changes: tuple[Change, ...]
    reason: str
    at: datetime


def current(
    instance: Instance, credential_id: str, *, organisation_id: str | None = None
) -> tuple[int, dict[str, Any]]:
    """Return the number of the newest version, and the completion record that it was made from, as JSON.

    Raises `NotFound`, also for another organisation's.
    """
    owner = rules.owner_of(instance, credential_id, organisation_id)
    with reading(instance.engine) as connection:
        newest = versions.all_of(connection, credential_id)[-1]
        return newest.number, rules.stored(connection, owner, newest)


def preview(
    instance: Instance,
    credential_id: str,
    corrected: Mapping[str, Any],
    reason: str,
    *,
    organisation_id: str | None = None,
) -> Draft:
    """Return what `correct` would make of the same arguments, checked in the same way. Stores and signs nothing.

    Raises what `correct` raises, but for what only signing can raise.
    """
    owner = rules.owner_of(instance, credential_id, organisation_id)
    reason = rules.read_reason(reason)
    record = CompletionRecord.from_mapping(corrected)
    with reading(instance.engine) as connection:
        held = rules.correctable(connection, owner, credential_id)
        changes = rules.changes(connection, owner, held, record)
        before = CompletionRecord.from_mapping(rules.stored(connection, owner, held[-1]))
        rules.refuse_twin(connection, owner, credential_id, record)
        project_id = intake.project_of(connection, owner.id, record) or new_id(instance.random)
    index = int.from_bytes(instance.random(4), "big") % LENGTH
    nowhere = Allocation(new_id(instance.random), held[-1].status_list_id, index)
    document = rules.build(instance, owner, credential_id, held, record, project_id, nowhere, changes, reason)
    lint.lint(document, now=instance.now())
    return Draft(credential_id, held[-1].number + 1, changes, every_change(before, record), reason, document)


def correct(
    instance: Instance,
    credential_id: str,
    corrected: Mapping[str, Any],
    reason: str,
    *,
    actor: str,
    organisation_id: str | None = None,
    from_version: int | None = None,
) -> Corrected:
    """Put a newer version in the place of the newest one; `corrected` is its completion record, whole, as JSON.

    `from_version` is the version that the person was looking at: another one since, and nothing is done. It is all
    public when this returns. Raises `NotFound` (also for another organisation's), `ReasonMissing`, `RecordInvalid`,
    `CorrectionRefused` (nothing changed, something that must stay, too many), `WrongState` (withdrawn, or corrected
    since), `CorrectionUnderWay` (another one at the same time wins), `LintFailed`, and what signing raises. A suspended
    record that is corrected is given back.
    """
    owner = rules.owner_of(instance, credential_id, organisation_id)
    reason = rules.read_reason(reason)
    record = CompletionRecord.from_mapping(corrected)
    with opening.my_turn(instance, credential_id), signing.opened(instance, owner.did) as signer:
        if opening.finish_open(instance, credential_id, signer):
            raise WrongState("an earlier correction of it had been cut off and is finished now; look at that first")
        wish = opening.Wish(owner, credential_id, record, reason, actor, from_version)
        pending = opening.intend(instance, wish, signer)
        complete(instance, pending, signer)
    return Corrected(credential_id, pending.version, pending.changes, reason, instance.now())


def unfinished(instance: Instance) -> list[str]:
    """Return records of which a correction was cut off by a crash, or waits for a key."""
    table = tables.Correction
    with reading(instance.engine) as connection:
        return list(connection.execute(select(table.credential_id).where(table.state == "open")).scalars())


def finish(instance: Instance, credential_id: str) -> bool:
    """Finish a correction that was cut off; return whether there was one.

    Raises `CorrectionUnderWay`, and what signing raises.
    """
    owner = rules.owner_of(instance, credential_id, None)
    with opening.my_turn(instance, credential_id), signing.opened(instance, owner.did) as signer:
        return opening.finish_open(instance, credential_id, signer)

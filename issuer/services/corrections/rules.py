"""What may be corrected and what a corrected credential is built of. It stores and signs nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

import issuer.db.tables as tables
from credentials import corrections as words
from credentials import strict_json
from credentials.corrections import Change, Correction
from credentials.record import CompletionRecord
from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.problems import CorrectionRefused, NotFound, ReasonMissing, WrongState
from issuer.services import organisations, preparing, versions
from issuer.services.allocation import Allocation
from issuer.services.importing.checking import fingerprint
from issuer.services.organisations import Organisation
from issuer.services.versions import Version


def owner_of(instance: Instance, credential_id: str, organisation_id: str | None) -> Organisation:
    """The organisation whose record it is. Raises `NotFound`, also when it is not that of `organisation_id`."""
    table = tables.Credential
    with reading(instance.engine) as connection:
        found = connection.execute(select(table.organisation_id).where(table.id == credential_id)).scalar()
    if found is None or organisation_id not in (None, found):
        raise NotFound("there is no such credential")
    return organisations.by_id(instance, found)


def read_reason(text: str) -> str:
    """One line that everybody may read. Raises `ReasonMissing`."""
    reason = " ".join(text.split())
    if not reason:
        raise ReasonMissing("no reason was given", pointer="/reason")
    if len(reason) > words.MAX_REASON or not reason.isprintable():
        raise ReasonMissing(f"the reason must be at most {words.MAX_REASON} printable characters", pointer="/reason")
    return reason


def stored(connection: Connection, owner: Organisation, version: Version) -> dict[str, Any]:
    """The completion record that a version was made from, as JSON."""
    table = tables.Completion
    found = select(table.record).where(table.id == version.completion_id, table.organisation_id == owner.id)
    return strict_json.loads_object(connection.execute(found).scalar_one().encode())


def correctable(connection: Connection, owner: Organisation, credential_id: str) -> list[Version]:
    """The versions so far, when one more may follow. Raises `WrongState`, `CorrectionRefused`."""
    table = tables.Credential
    wanted = select(table.state).where(table.id == credential_id, table.organisation_id == owner.id)
    if connection.execute(wanted).scalar_one() == "revoked":
        raise WrongState("the credential is withdrawn, which is final; issue a new one instead")
    held = versions.all_of(connection, credential_id)
    if len(held) > words.MAX_CORRECTIONS:
        raise CorrectionRefused(f"it was corrected {words.MAX_CORRECTIONS} times; withdraw it and issue a new one")
    return held


def changes(
    connection: Connection, owner: Organisation, held: list[Version], record: CompletionRecord
) -> tuple[Change, ...]:
    """What is different from the newest version. Raises `CorrectionRefused` when nothing is, or what must stay."""
    before = CompletionRecord.from_mapping(stored(connection, owner, held[-1]))
    kept = words.differs_in_kept(before, record)
    if kept is not None:
        pointer = "/" + kept.replace(".", "/")
        raise CorrectionRefused(
            f"{kept} cannot be corrected: the award stands, addresses are not signed", pointer=pointer
        )
    found = words.changes_between(before, record)
    if not found:
        raise CorrectionRefused("nothing is different from the version that is out")
    return found


def refuse_twin(connection: Connection, owner: Organisation, credential_id: str, record: CompletionRecord) -> None:
    """Corrected into what another record says already, one completion would be certified twice."""
    table = tables.Credential
    twin = select(table.id).where(
        table.organisation_id == owner.id, table.record_sha256 == fingerprint(record),
        table.state != "revoked", table.id != credential_id,
    )  # fmt: skip
    if connection.execute(twin).first():
        raise CorrectionRefused("another record says exactly this already")


def build(
    instance: Instance,
    owner: Organisation,
    credential_id: str,
    held: list[Version],
    record: CompletionRecord,
    project_id: str,
    place: Allocation,
    found: tuple[Change, ...],
    reason: str,
) -> dict[str, Any]:
    """The unsigned newer version. Its validity begins now; raises `WrongState` when that is not later than before."""
    now = instance.now()
    last = strict_json.loads_object(held[-1].signed)
    if now <= datetime.fromisoformat(last["validFrom"]):
        raise WrongState("the version before it begins at this very second, or later; try again in a moment")
    history = [version.correction for version in held if version.correction is not None]
    return preparing.document(
        instance,
        owner,
        record,
        project_id,
        place,
        last["credentialSubject"]["achievement"]["humanCode"],
        credential_id=credential_id,
        corrections=[*history, Correction(held[-1].number + 1, now, reason, found)],
    )

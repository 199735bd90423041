"""Looks up what was issued, for pages and tools: the credential exactly as signed, and what has become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

import issuer.db.tables as tables
from credentials import strict_json
from issuer.db.engine import reading
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.problems import NotFound
from issuer.services import addresses, did_history, organisations
from issuer.services.ids import read_human_code
from issuer.services.organisations import Organisation
from keys.did_document import did_document as build_did_document


@dataclass(frozen=True, slots=True)
class Record:
    """One issued credential. `credential` are the signed bytes of its newest version; `reason` is public and stands
    beside a withdrawal. `version_id` is what the newest version's status index and certificate go by: the record's own
    id for the first version. `corrected_at` is None as long as there is no other."""

    id: str
    url: str
    organisation: Organisation
    credential: bytes
    state: str
    reason: str | None
    state_changed_at: datetime
    signed_at: datetime
    human_code: str
    student_name: str
    title: str
    portfolio_slug: str
    version: int
    version_id: str
    corrected_at: datetime | None


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """A student's unlisted page at one organisation: the records, newest first."""

    slug: str
    organisation: Organisation
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class StateChange:
    """One line of a record's history."""

    at: datetime
    actor: str
    from_state: str
    to_state: str
    reason: str | None


def get(instance: Instance, credential_id: str, *, organisation_id: str | None = None) -> Record:
    """Return the record of that id. Raises `NotFound`, also when it is not that organisation's."""
    with reading(instance.engine) as connection:
        row = connection.execute(_by_id(), {"wanted": credential_id}).first()
    if row is None or organisation_id not in (None, row.organisation_id):
        raise NotFound("there is no such credential")
    return _record(instance, row, organisations.by_id(instance, row.organisation_id))


def signed(instance: Instance, credential_id: str) -> bytes:
    """Return the signed bytes of the newest version of the record of that id. Raises `NotFound`."""
    with reading(instance.engine) as connection:
        row = connection.execute(_by_id(), {"wanted": credential_id}).first()
    if row is None:
        raise NotFound("there is no such credential")
    return bytes(row.signed)


def find_code(instance: Instance, typed: str) -> Record:
    """Return the record whose code somebody typed from paper. Raises `NotFound`."""
    code = read_human_code(typed)
    if code is None:
        raise NotFound("this is not a code of ours")
    return _first(instance, _select().where(tables.Credential.human_code == code))


def by_portfolio(instance: Instance, slug: str) -> PortfolioView:
    """Return a student's portfolio. Raises `NotFound`."""
    table = tables.Portfolio
    with reading(instance.engine) as connection:
        owner = connection.execute(select(table.organisation_id).where(table.slug == slug)).scalar()
    if owner is None:
        raise NotFound("there is no such portfolio")
    newest = (tables.Credential.signed_at.desc(), tables.Credential.id)
    records = _all(instance, _select().where(tables.Credential.portfolio_slug == slug).order_by(*newest))
    return PortfolioView(slug, organisations.by_id(instance, owner), tuple(records))


def list_recent(
    instance: Instance, organisation_id: str, *, limit: int = 50, before: Record | None = None
) -> list[Record]:
    """Return the organisation's newest records; `before` is the last one of the page before (keyset pagination)."""
    table = tables.Credential
    wanted = _select().where(table.organisation_id == organisation_id)
    if before is not None:
        older = (table.signed_at < before.signed_at) | ((table.signed_at == before.signed_at) & (table.id < before.id))
        wanted = wanted.where(older)
    return _all(instance, wanted.order_by(table.signed_at.desc(), table.id.desc()).limit(limit))


def of_ids(instance: Instance, ids: Sequence[str]) -> list[Record]:
    """Return the records of these ids, in their order. Raises `NotFound` naming the first that is missing."""
    found: dict[str, Record] = {}
    for start in range(0, len(ids), 1_000):
        part = _all(instance, _select().where(tables.Credential.id.in_(ids[start : start + 1_000])))
        found |= {record.id: record for record in part}
    for credential_id in ids:
        if credential_id not in found:
            raise NotFound(f"there is no credential {credential_id}")
    return [found[credential_id] for credential_id in ids]


def history(instance: Instance, credential_id: str) -> list[StateChange]:
    """Return every change of state since the issue, oldest first."""
    event = tables.StatusEvent
    with reading(instance.engine) as connection:
        rows = connection.execute(
            select(event.at, event.actor, event.from_state, event.to_state, event.reason)
            .where(event.credential_id == credential_id)
            .order_by(event.id)
        )
        return [StateChange(*row) for row in rows]


def did_document(instance: Instance, slug: str | None) -> bytes:
    """Return the DID document of an organisation, or with None of the installation. Raises `NotFound`, `KeyNotFound`.

    The installation's own document lists no key: it issues in the name of its organisations and never in its own.
    """
    if slug is None:
        own = addresses.installation_did(instance.config.base_url)
        return strict_json.dumps({"@context": ["https://www.w3.org/ns/did/v1"], "id": own})
    organisation = organisations.get(instance, slug)
    webvh = did_history.did_of(instance, slug)
    keys = instance.keyring().list(organisation.did)
    return strict_json.dumps(build_did_document(organisation.did, keys, also_known_as=[] if webvh is None else [webvh]))


_CREDENTIAL = (
    "id", "state", "reason", "state_changed_at", "signed_at", "human_code", "student_name", "title",
    "portfolio_slug", "organisation_id",
)  # fmt: skip


def _select() -> Select[Any]:
    """Each credential with the bytes of its newest version."""
    table, later = tables.Credential, tables.Correction
    newest = (later.credential_id == table.id) & (later.state == "signed") & later.replaced_at.is_(None)
    return select(
        *(getattr(table, name) for name in _CREDENTIAL),
        func.coalesce(later.signed, table.signed).label("signed"),
        func.coalesce(later.version, 1).label("version"),
        func.coalesce(later.id, table.id).label("version_id"),
        later.signed_at.label("corrected_at"),
    ).outerjoin(later, newest)


@cache
def _by_id() -> Select[Any]:
    """The one asked for most; putting it together takes longer than the database does."""
    return _select().where(tables.Credential.id == bindparam("wanted"))


def _first(instance: Instance, wanted: Select[Any]) -> Record:
    found = _all(instance, wanted.limit(1))
    if not found:
        raise NotFound("there is no such credential")
    return found[0]


def _all(instance: Instance, wanted: Select[Any]) -> list[Record]:
    with reading(instance.engine) as connection:
        rows = connection.execute(wanted).all()
    owners = {one: organisations.by_id(instance, one) for one in {row.organisation_id for row in rows}}
    return [_record(instance, row, owners[row.organisation_id]) for row in rows]


def _record(instance: Instance, row: AnyRow, organisation: Organisation) -> Record:
    return Record(
        id=row.id,
        url=addresses.record_url(instance, row.id),
        organisation=organisation,
        credential=bytes(row.signed),
        state=row.state,
        reason=row.reason,
        state_changed_at=row.state_changed_at,
        signed_at=row.signed_at,
        human_code=row.human_code,
        student_name=row.student_name,
        title=row.title,
        portfolio_slug=row.portfolio_slug,
        version=row.version,
        version_id=row.version_id,
        corrected_at=row.corrected_at,
    )

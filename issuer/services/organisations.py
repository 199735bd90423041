"""Employers that issue: made once with their DID and first key, looked up by slug. Does not touch people or log-in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Select, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

import issuer.db.tables as tables
from credentials.model import IssuerProfile
from issuer.db.engine import reading, writing
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.problems import BadOrganisation, BadSlug, NotFound, SlugTaken, WrongState
from issuer.services import addresses, audit
from issuer.services.ids import new_id

_SLUG = re.compile(r"[a-z](?:-?[a-z0-9]){1,39}", re.ASCII)
#: Words that stand for something else in our addresses, or could be mistaken for a part of the service.
RESERVED_SLUGS = frozenset({
    "a", "about", "admin", "api", "assets", "c", "certificates", "console", "did", "docs", "health", "help",
    "login", "logout", "metrics", "o", "openapi", "p", "plaudit", "portfolio", "privacy", "root", "security",
    "settings", "setup", "static", "status", "support", "system", "test", "verify", "well-known", "www",
})  # fmt: skip
#: The same bound as for a completion's lines: one line on a certificate, shrunk and wrapped.
MAX_NAME = 200
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An employer. `did` and `slug` never change; `domain` is where the employer is at home on the web.

    `domain_proof` is one of `credentials.model.DOMAIN_PROOFS`, and `domain_shown_at` when that was last seen.
    """

    id: str
    slug: str
    did: str
    name: str
    legal_name: str
    domain: str
    url: str
    description: str
    created_at: datetime
    domain_proof: str = "none"
    domain_shown_at: datetime | None = None


def create(
    instance: Instance,
    *,
    slug: str,
    name: str,
    domain: str,
    url: str,
    legal_name: str = "",
    description: str = "",
    actor: str = "setup",
) -> Organisation:
    """Make an organisation and its first signing key.

    Raises `BadSlug` (case DID-10), `BadOrganisation` naming the field, `SlugTaken`; `KeysSealed` without passphrase.
    The key is made first: a power cut then leaves a key without organisation, which the next attempt finds and uses.
    """
    check_slug(slug)
    name, legal_name, description = name.strip(), legal_name.strip(), description.strip()
    _check_fields(name=name, legal_name=legal_name, domain=domain, url=url)
    did = addresses.organisation_did(instance.config.base_url, slug)
    _refuse_taken(instance, slug)
    keyring = instance.keyring()
    if not keyring.list(did):
        keyring.create(did)
    now = instance.clock()
    organisation = Organisation(
        new_id(instance.random), slug, did, name, legal_name, domain, url, description, created_at=now
    )
    values = {field: getattr(organisation, field) for field in _OWN_FIELDS}
    try:
        with writing(instance.engine) as connection:
            connection.execute(insert(tables.Organisation).values(values))
            line = audit.Line("organisation.create", slug, {"did": did, "key": keyring.active(did).id}, organisation.id)
            audit.append(connection, [line], now=now, actor=actor)
    except IntegrityError:
        raise SlugTaken(f"{slug} is taken") from None
    return organisation


def check_slug(slug: str) -> None:
    """Raise `BadSlug` unless `slug` can stand in addresses and DIDs for ever."""
    if not _SLUG.fullmatch(slug):
        raise BadSlug(f"{slug[:60]!r} is not made of small letters, digits and single hyphens")
    if slug in RESERVED_SLUGS:
        raise BadSlug(f"{slug!r} is a word of the service itself")


def get(instance: Instance, slug: str) -> Organisation:
    """Return the organisation of that slug. Raises `NotFound`."""
    return _one(instance, tables.Organisation.slug == slug)


def by_id(instance: Instance, organisation_id: str) -> Organisation:
    """Return the organisation of that id. Raises `NotFound`."""
    with reading(instance.engine) as connection:
        row = connection.execute(_by_id(), {"wanted": organisation_id}).first()
    if row is None:
        raise NotFound("there is no such organisation")
    return _organisation(row)


def only(instance: Instance) -> Organisation:
    """Return the one organisation. Raises `NotFound` when there is none yet, `WrongState` when there are several."""
    found = all(instance)
    if not found:
        raise NotFound("there is no organisation yet")
    if len(found) > 1:
        raise WrongState(f"there are {len(found)} organisations; say which: {', '.join(one.slug for one in found)}")
    return found[0]


def all(instance: Instance) -> list[Organisation]:
    """Return every organisation, oldest first."""
    with reading(instance.engine) as connection:
        rows = connection.execute(_select().order_by(tables.Organisation.created_at, tables.Organisation.id))
        return [_organisation(row) for row in rows]


def profile(organisation: Organisation) -> IssuerProfile:
    """Return what a credential says of the organisation."""
    return IssuerProfile(
        did=organisation.did,
        name=organisation.name,
        legal_name=organisation.legal_name or None,
        url=organisation.url,
        domain=organisation.domain,
        description=organisation.description or None,
        domain_proof=organisation.domain_proof,
    )


#: Fields that are columns of the organisation's own row.
_OWN_FIELDS = tuple(name for name in Organisation.__slots__ if name not in ("domain_proof", "domain_shown_at"))


def _select() -> Select[Any]:
    table, proof = tables.Organisation, tables.DomainProof
    columns = [getattr(table, name) for name in _OWN_FIELDS]
    joined = select(*columns, func.coalesce(proof.proof, "none"), proof.shown_at)
    return joined.select_from(table).outerjoin(proof, proof.organisation_id == table.id)


def _organisation(row: AnyRow) -> Organisation:
    return Organisation(*row)


@cache
def _by_id() -> Select[Any]:
    """Asked for with every record; putting it together takes longer than the database does."""
    return _select().where(tables.Organisation.id == bindparam("wanted"))


def _one(instance: Instance, condition: Any) -> Organisation:
    with reading(instance.engine) as connection:
        row = connection.execute(_select().where(condition)).first()
    if row is None:
        raise NotFound("there is no such organisation")
    return _organisation(row)


def _refuse_taken(instance: Instance, slug: str) -> None:
    with reading(instance.engine) as connection:
        if connection.execute(select(tables.Organisation.id).where(tables.Organisation.slug == slug)).first():
            raise SlugTaken(f"{slug} is taken")


def _check_fields(*, name: str, legal_name: str, domain: str, url: str) -> None:
    for field, value, needed in (("name", name, True), ("legal_name", legal_name, False)):
        if (needed and not value) or len(value) > MAX_NAME or not value.isprintable():
            raise BadOrganisation(f"{field} must be one line of 1 to {MAX_NAME} characters", pointer=f"/{field}")
    if not _DOMAIN.fullmatch(domain) or len(domain) > 253:
        raise BadOrganisation("domain must be a name such as example.org", pointer="/domain")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or len(url) > 500:
        raise BadOrganisation("url must be a web address starting with https://", pointer="/url")
    if not url.isascii() or any(character <= " " for character in url):
        raise BadOrganisation("url must be written in ASCII without spaces", pointer="/url")

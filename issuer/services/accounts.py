"""People who log in: the first owner, and who may act for which organisation. Hashes no password, opens no session."""

from __future__ import annotations

import re

from sqlalchemy import insert, select

import issuer.db.tables as tables
from issuer.db.engine import reading, writing
from issuer.instance import Instance
from issuer.problems import AccountExists, BadAccount, NotFound
from issuer.services import audit, organisations
from issuer.services.ids import new_id
from issuer.services.organisations import Organisation

_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\".]+(?:\.[^\s@<>()\[\]\\,;:\".]+)+")
MAX_EMAIL = 254


def normalise_email(email: str) -> str:
    """Return the one form in which an address is stored and compared. Raises `BadAccount`."""
    email = email.strip().lower()
    if len(email) > MAX_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise BadAccount(f"{email[:80]!r} is not an e-mail address", pointer="/email")
    return email


def needs_first_owner(instance: Instance) -> bool:
    """Return whether nobody can log in yet, so that the first-run page is to be shown."""
    with reading(instance.engine) as connection:
        return connection.execute(select(tables.User.id).limit(1)).first() is None


def create_first_owner(instance: Instance, *, email: str, name: str, password_hash: str, organisation_id: str) -> int:
    """Make the first account, owner of the organisation, and return its id.

    `password_hash` was made by whoever checks passwords later. Raises `AccountExists` when there is an account, however
    many try at once, and `BadAccount`.
    """
    email, name = normalise_email(email), name.strip()
    if not name or len(name) > organisations.MAX_NAME or not name.isprintable():
        raise BadAccount("the name must be one line", pointer="/name")
    organisations.by_id(instance, organisation_id)
    now = instance.clock()
    with writing(instance.engine) as connection:
        if connection.execute(select(tables.User.id).limit(1)).first() is not None:
            raise AccountExists("this instance has its first owner already")
        user = {
            "email": email,
            "name": name,
            "password": password_hash,
            "active": True,
            "fs_uniquifier": new_id(instance.random) + new_id(instance.random),
            "confirmed_at": now.replace(tzinfo=None),
            "created_at": now,
        }
        user_id = connection.execute(insert(tables.User).values(user).returning(tables.User.id)).scalar_one()
        member = {"user_id": user_id, "organisation_id": organisation_id, "role": "owner", "created_at": now}
        connection.execute(insert(tables.Membership).values(member))
        line = audit.Line("account.first_owner", f"user {user_id}", organisation_id=organisation_id)
        audit.append(connection, [line], now=now, actor="setup")
    return user_id


def memberships(instance: Instance, user_id: int) -> list[tuple[Organisation, str]]:
    """Return the organisations that a person may act for, each with the role, oldest first."""
    table = tables.Membership
    with reading(instance.engine) as connection:
        rows = connection.execute(
            select(table.organisation_id, table.role).where(table.user_id == user_id).order_by(table.created_at)
        ).all()
    return [(organisations.by_id(instance, row.organisation_id), row.role) for row in rows]


def role_in(instance: Instance, user_id: int, organisation_id: str) -> str | None:
    """Return the person's role in the organisation, or None: then it does not exist for this person."""
    table = tables.Membership
    with reading(instance.engine) as connection:
        return connection.execute(
            select(table.role).where(table.user_id == user_id, table.organisation_id == organisation_id)
        ).scalar()


def email_of(instance: Instance, user_id: int) -> str:
    """Return the address of an account. Raises `NotFound`."""
    with reading(instance.engine) as connection:
        email = connection.execute(select(tables.User.email).where(tables.User.id == user_id)).scalar()
    if email is None:
        raise NotFound("there is no such account")
    return email

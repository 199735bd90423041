"""Tables of people: users, roles, memberships. Shaped as Flask-Security-Too 5.9 needs its user and role models.

Log-in itself, password rules and sessions live with the web part.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from issuer.db.types import ID_LENGTH, Base, UtcTime, one_of

#: What a member of an organisation may do: owners also manage members and keys; approvers confirm and withdraw.
MEMBERSHIP_ROLES = ("owner", "approver", "viewer")

roles_users = Table(
    "roles_users",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base):
    """A role across the whole installation (not within one organisation: that is `Membership`)."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))


class User(Base):
    """A person who can log in. `email` is stored normalised; `password` is an argon2id hash or None."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    #: Naive UTC, because Flask-Security writes and compares this one itself.
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)

    roles: Mapped[list[Role]] = relationship(secondary=roles_users, lazy="selectin")
    memberships: Mapped[list[Membership]] = relationship(back_populates="user", lazy="selectin")


class Membership(Base):
    """One person's role in one organisation."""

    __tablename__ = "memberships"
    __table_args__ = (CheckConstraint(one_of("role", MEMBERSHIP_ROLES), name="role"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("organisations.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcTime)

    user: Mapped[User] = relationship(back_populates="memberships")

"""Tables of what happened and what is owed: the hash-chained audit, and the outbox of effects still to be made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from issuer.db.completions import Digest, Id
from issuer.db.types import Base, UtcTime, one_of

OUTBOX_KINDS = ("certificate", "email", "webhook")


class AuditLine(Base):
    """One line of the audit. `hash` covers the line and `previous_hash`; triggers refuse every change and removal.

    `previous_hash` is unique, so the chain cannot fork.
    """

    __tablename__ = "audit"

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[str | None] = mapped_column(Id)
    subject: Mapped[str] = mapped_column(String(254))
    detail: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(Digest, unique=True)
    hash: Mapped[str] = mapped_column(Digest, unique=True)


class OutboxItem(Base):
    """One effect that a committed transaction owes. `key` makes it happen once, however often it is tried."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(one_of("kind", OUTBOX_KINDS), name="kind"),
        Index(
            "ix_outbox_open",
            "kind",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    subject: Mapped[str] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    #: Why it can never be done, for a person to look at; it is not tried again by itself.
    failure: Mapped[str | None] = mapped_column(Text)

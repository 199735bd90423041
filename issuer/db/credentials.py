"""Tables of what was signed: intents, credentials, status lists and entries, portfolios, status events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from issuer.db.completions import Digest, Id
from issuer.db.types import Base, UtcTime, one_of

CREDENTIAL_STATES = ("valid", "suspended", "revoked")
#: allocated: promised to one credential id. used: that credential exists. burnt: it never will; the index is lost.
ENTRY_STATES = ("allocated", "used", "burnt")
_WHOLE_ENTRY = ("organisation_id", "credential_id", "status_list_id", "status_index")
INTENT_STATES = ("open", "signed", "abandoned")


class Portfolio(Base):
    """A student's page at one organisation: an unguessable slug for an e-mail address that is never shown."""

    __tablename__ = "portfolios"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"), UniqueConstraint("organisation_id", "email"))

    slug: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"))
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class StatusList(Base):
    """One bit list. Its truth is the rows of `StatusEntry`; `published` is a signed picture of one version of them."""

    __tablename__ = "status_lists"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("organisation_id", "purpose", "ordinal"),
        CheckConstraint(one_of("purpose", ("revocation", "suspension")), name="purpose"),
        CheckConstraint("length >= 131072", name="length"),
        CheckConstraint("capacity BETWEEN 1 AND length", name="capacity"),
        CheckConstraint("allocated BETWEEN 0 AND capacity", name="allocated"),
        CheckConstraint("published_version BETWEEN 0 AND version", name="published_version"),
        CheckConstraint("(published_version = 0) = (published IS NULL)", name="published"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"))
    purpose: Mapped[str] = mapped_column(String(16))
    ordinal: Mapped[int] = mapped_column(Integer)
    length: Mapped[int] = mapped_column(Integer)
    capacity: Mapped[int] = mapped_column(Integer)
    allocated: Mapped[int] = mapped_column(Integer)
    #: Rises with every change of an entry's value, in the same transaction.
    version: Mapped[int] = mapped_column(Integer)
    published_version: Mapped[int] = mapped_column(Integer)
    published: Mapped[bytes | None] = mapped_column(LargeBinary)
    published_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class StatusEntry(Base):
    """One index of one list, given to one credential id and never to another."""

    __tablename__ = "status_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "status_list_id"], ["status_lists.organisation_id", "status_lists.id"]
        ),
        UniqueConstraint(*_WHOLE_ENTRY, name="uq_status_entries_whole"),
        UniqueConstraint("credential_id"),
        CheckConstraint("status_index >= 0", name="status_index"),
        CheckConstraint(one_of("state", ENTRY_STATES), name="state"),
        CheckConstraint(one_of("value", CREDENTIAL_STATES), name="value"),
        CheckConstraint("value = 'valid' OR state = 'used'", name="value_of_used"),
        Index(
            "ix_status_entries_set", "status_list_id", "status_index",
            sqlite_where=text("value <> 'valid'"), postgresql_where=text("value <> 'valid'"),
        ),
        Index("ix_status_entries_batch", "batch_id", "state"),
    )  # fmt: skip

    status_list_id: Mapped[str] = mapped_column(Id, primary_key=True)
    status_index: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    organisation_id: Mapped[str] = mapped_column(Id)
    credential_id: Mapped[str] = mapped_column(Id)
    batch_id: Mapped[str | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(16))


class Intent(Base):
    """The exact bytes that are about to be signed for one row; at most one open intent for each row."""

    __tablename__ = "intents"
    __table_args__ = (
        ForeignKeyConstraint(["batch_id", "row_number"], ["batch_rows.batch_id", "batch_rows.row_number"]),
        CheckConstraint(one_of("state", INTENT_STATES), name="state"),
        Index(
            "uq_intents_open", "batch_id", "row_number", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    credential_id: Mapped[str] = mapped_column(Id, ForeignKey("status_entries.credential_id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"))
    batch_id: Mapped[str] = mapped_column(Id)
    row_number: Mapped[int] = mapped_column(Integer)
    human_code: Mapped[str] = mapped_column(String(20), unique=True)
    unsigned: Mapped[bytes] = mapped_column(LargeBinary)
    unsigned_sha256: Mapped[str] = mapped_column(Digest)
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Credential(Base):
    """A credential exactly as signed, and what has become of it."""

    __tablename__ = "credentials"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        ForeignKeyConstraint(["organisation_id", "completion_id"], ["completions.organisation_id", "completions.id"]),
        ForeignKeyConstraint(["organisation_id", "portfolio_slug"], ["portfolios.organisation_id", "portfolios.slug"]),
        ForeignKeyConstraint(
            ["organisation_id", "id", "status_list_id", "status_index"],
            [f"status_entries.{name}" for name in _WHOLE_ENTRY],
            name="fk_credentials_status_entry",
        ),
        UniqueConstraint("completion_id"),
        UniqueConstraint("status_list_id", "status_index"),
        CheckConstraint(one_of("state", CREDENTIAL_STATES), name="state"),
        CheckConstraint("state <> 'revoked' OR reason IS NOT NULL", name="revoked_with_reason"),
        CheckConstraint("state <> 'valid' OR reason IS NULL", name="valid_without_reason"),
        Index(
            "uq_credentials_live_record", "organisation_id", "record_sha256", unique=True,
            sqlite_where=text("state <> 'revoked'"), postgresql_where=text("state <> 'revoked'"),
        ),
        Index(None, "organisation_id", "signed_at", "id"),
        Index(None, "portfolio_slug"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"))
    completion_id: Mapped[str] = mapped_column(Id)
    record_sha256: Mapped[str] = mapped_column(Digest)
    portfolio_slug: Mapped[str] = mapped_column(Id)
    human_code: Mapped[str] = mapped_column(String(20), unique=True)
    student_name: Mapped[str] = mapped_column(String(400))
    title: Mapped[str] = mapped_column(String(400))
    signed: Mapped[bytes] = mapped_column(LargeBinary)
    signed_sha256: Mapped[str] = mapped_column(Digest)
    verification_method: Mapped[str] = mapped_column(String(400))
    signed_at: Mapped[datetime] = mapped_column(UtcTime)
    status_list_id: Mapped[str] = mapped_column(Id)
    status_index: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    state_changed_at: Mapped[datetime] = mapped_column(UtcTime)


class StatusEvent(Base):
    """One change of a credential's state: who, when, from what to what, why, and in which list version."""

    __tablename__ = "status_events"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "credential_id"], ["credentials.organisation_id", "credentials.id"]),
        CheckConstraint(one_of("to_state", CREDENTIAL_STATES), name="to_state"),
        CheckConstraint("from_state <> to_state", name="change"),
        UniqueConstraint("status_list_id", "list_version"),
        Index(None, "credential_id", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id)
    credential_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(254))
    from_state: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    status_list_id: Mapped[str] = mapped_column(Id, ForeignKey("status_lists.id"))
    list_version: Mapped[int] = mapped_column(Integer)

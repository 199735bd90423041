"""Tables of what employers hand in: organisations, projects, completions, batches and their rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer.db.types import ID_LENGTH, Base, UtcTime, one_of

BATCH_STATES = ("draft", "confirmed", "issuing", "done", "cancelled")
#: held: good, but a person must say yes first. intended: exact bytes are fixed, not yet issued.
ROW_STATES = ("ready", "held", "skipped", "intended", "issued", "failed")
#: What a credential says of its issuer's domain, but for "none" (`credentials.model.DOMAIN_PROOFS`).
DOMAIN_PROOFS = ("e-mail", "dns", "https")

Id = String(ID_LENGTH)
Digest = String(64)  # SHA-256, lower-case hexadecimal


class Installation(Base):
    """The one row that pins what may never change: the public address and the mode."""

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint(one_of("mode", ("development", "production")), name="mode"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    base_url: Mapped[str] = mapped_column(String(255))
    mode: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Organisation(Base):
    """An employer that issues. Its DID and slug are part of what is signed and never change."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    did: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    legal_name: Mapped[str] = mapped_column(String(200))
    domain: Mapped[str] = mapped_column(String(253))
    url: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class DomainProof(Base):
    """How an organisation's domain was last shown to be its own. No row: nothing has shown it."""

    __tablename__ = "domain_proofs"
    __table_args__ = (CheckConstraint(one_of("proof", DOMAIN_PROOFS), name="proof"),)

    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"), primary_key=True)
    proof: Mapped[str] = mapped_column(String(16))
    shown_at: Mapped[datetime] = mapped_column(UtcTime)


class Project(Base):
    """An achievement definition: what had to be done. One row for each organisation and content."""

    __tablename__ = "projects"
    __table_args__ = (UniqueConstraint("organisation_id", "id"), UniqueConstraint("organisation_id", "content_sha256"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"))
    content: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(Digest)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Completion(Base):
    """What one student did, frozen as handed in (JSON of completion.schema.json); e-mail addresses live only here."""

    __tablename__ = "completions"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        ForeignKeyConstraint(["organisation_id", "project_id"], ["projects.organisation_id", "projects.id"]),
        Index(None, "organisation_id", "record_sha256"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"))
    project_id: Mapped[str] = mapped_column(Id)
    record: Mapped[str] = mapped_column(Text)
    record_sha256: Mapped[str] = mapped_column(Digest)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Batch(Base):
    """One upload. `report` is the JSON of what was wrong, row by row, as shown to the person."""

    __tablename__ = "batches"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        CheckConstraint(one_of("state", BATCH_STATES), name="state"),
        CheckConstraint("state IN ('draft', 'cancelled') OR confirmed_at IS NOT NULL", name="confirmed"),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="finished"),
        Index(None, "organisation_id", "file_sha256"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"))
    filename: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(Digest)
    state: Mapped[str] = mapped_column(String(16))
    report: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(254))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)


class BatchRow(Base):
    """One row of an upload on its way to a credential. `row_number` is the person's own (header = 1)."""

    __tablename__ = "batch_rows"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "batch_id"], ["batches.organisation_id", "batches.id"]),
        ForeignKeyConstraint(["organisation_id", "completion_id"], ["completions.organisation_id", "completions.id"]),
        ForeignKeyConstraint(["organisation_id", "credential_id"], ["credentials.organisation_id", "credentials.id"]),
        UniqueConstraint("completion_id"),
        UniqueConstraint("credential_id"),
        CheckConstraint(one_of("state", ROW_STATES), name="state"),
        CheckConstraint("(state = 'issued') = (credential_id IS NOT NULL)", name="issued"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed"),
        Index(None, "batch_id", "state", "row_number"),
    )

    batch_id: Mapped[str] = mapped_column(Id, primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    organisation_id: Mapped[str] = mapped_column(Id)
    completion_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(16))
    credential_id: Mapped[str | None] = mapped_column(Id)
    failure: Mapped[str | None] = mapped_column(Text)

"""Tables of what became of a signed credential: the versions that corrected it, and what was said about it in public.

A credential's own row (`issuer.db.credentials`) keeps the bytes of its first version for ever; each later version is a
row here. Its status index is its own: `status_entries.credential_id` is then the id of the version.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
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

#: open: the exact bytes are fixed and wait for the signature. abandoned: it never came to be; its index is burnt.
CORRECTION_STATES = ("open", "signed", "abandoned")
#: restored: nothing is said any more, because a suspension ended. Nothing is signed for it.
NOTICE_KINDS = ("withdrawn", "suspended", "replaced", "restored")


class Correction(Base):
    """One version of a credential after the first: at first an intent, then the signed bytes.

    `replaced_at` is when the next version took its place; the newest version has none.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "credential_id"], ["credentials.organisation_id", "credentials.id"]),
        ForeignKeyConstraint(["organisation_id", "completion_id"], ["completions.organisation_id", "completions.id"]),
        ForeignKeyConstraint(
            ["organisation_id", "id", "status_list_id", "status_index"],
            [
                f"status_entries.{name}"
                for name in ("organisation_id", "credential_id", "status_list_id", "status_index")
            ],
            name="fk_corrections_status_entry",
        ),
        UniqueConstraint("completion_id"),
        CheckConstraint("version >= 2", name="version"),
        CheckConstraint(one_of("state", CORRECTION_STATES), name="state"),
        CheckConstraint(
            "(state = 'signed') = (signed IS NOT NULL AND signed_sha256 IS NOT NULL"
            " AND verification_method IS NOT NULL AND signed_at IS NOT NULL)",
            name="signed",
        ),
        CheckConstraint("(state = 'abandoned') = (failure IS NOT NULL)", name="failure"),
        CheckConstraint("replaced_at IS NULL OR state = 'signed'", name="replaced"),
        Index(None, "organisation_id", "replaced_sha256"),
        Index(
            "uq_corrections_version", "credential_id", "version", unique=True,
            sqlite_where=text("state <> 'abandoned'"), postgresql_where=text("state <> 'abandoned'"),
        ),
        Index(
            "uq_corrections_open", "credential_id", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
        Index(
            "uq_corrections_newest", "credential_id", unique=True,
            sqlite_where=text("state = 'signed' AND replaced_at IS NULL"),
            postgresql_where=text("state = 'signed' AND replaced_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id)
    credential_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)
    completion_id: Mapped[str] = mapped_column(Id)
    record_sha256: Mapped[str] = mapped_column(Digest)
    #: Fingerprint of the record that it took the place of: the same file again must not issue that one anew.
    replaced_sha256: Mapped[str] = mapped_column(Digest)
    student_name: Mapped[str] = mapped_column(String(400))
    title: Mapped[str] = mapped_column(String(400))
    reason: Mapped[str] = mapped_column(Text)
    #: JSON: a list of {"field", "before", "after"}.
    changes: Mapped[str] = mapped_column(Text)
    status_list_id: Mapped[str] = mapped_column(Id)
    status_index: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    unsigned: Mapped[bytes] = mapped_column(LargeBinary)
    unsigned_sha256: Mapped[str] = mapped_column(Digest)
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    failure: Mapped[str | None] = mapped_column(Text)
    signed: Mapped[bytes | None] = mapped_column(LargeBinary)
    signed_sha256: Mapped[str | None] = mapped_column(Digest)
    verification_method: Mapped[str | None] = mapped_column(String(400))
    signed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Notice(Base):
    """What is said in public about a record that does not stand as it was signed; the newest row counts.

    Written with the change itself, signed right after: `signed` is empty for that moment, or until the next reader.
    """

    __tablename__ = "notices"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "credential_id"], ["credentials.organisation_id", "credentials.id"]),
        CheckConstraint(one_of("kind", NOTICE_KINDS), name="kind"),
        CheckConstraint("kind <> 'restored' OR signed IS NULL", name="restored"),
        CheckConstraint(
            "(signed IS NULL) = (signed_sha256 IS NULL) AND (signed IS NULL) = (verification_method IS NULL)",
            name="signed",
        ),
        Index(None, "credential_id", "id"),
        Index(
            "ix_notices_owed", "id",
            sqlite_where=text("signed IS NULL AND kind <> 'restored'"),
            postgresql_where=text("signed IS NULL AND kind <> 'restored'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id)
    credential_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcTime)
    reason: Mapped[str | None] = mapped_column(Text)
    #: JSON: a list of {"field", "before", "after"}; only of what was replaced.
    changes: Mapped[str | None] = mapped_column(Text)
    signed: Mapped[bytes | None] = mapped_column(LargeBinary)
    signed_sha256: Mapped[str | None] = mapped_column(Digest)
    verification_method: Mapped[str | None] = mapped_column(String(400))

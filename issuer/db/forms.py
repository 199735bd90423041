"""Tables of the forms beside the first in which signed things are served: tokens, for readers who do no JSON-LD."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from issuer.db.completions import Id
from issuer.db.types import Base, UtcTime


class CredentialToken(Base):
    """One version of a credential as `vc+jwt`. `version_id` is the id that the version's status index was given to."""

    __tablename__ = "credential_tokens"

    version_id: Mapped[str] = mapped_column(Id, ForeignKey("status_entries.credential_id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, ForeignKey("organisations.id"))
    token: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcTime)


class StatusListToken(Base):
    """A status list as `vc+jwt`, as its rows were at `version`."""

    __tablename__ = "status_list_tokens"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "list_id"], ["status_lists.organisation_id", "status_lists.id"]),
    )

    list_id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)
    token: Mapped[bytes] = mapped_column(LargeBinary)

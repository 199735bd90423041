"""Corrections and public notices: later versions of a credential, and what is said when it does not stand any more.

Frozen: a later change is a later migration. Records that were withdrawn or suspended before get their notice, which is
signed when somebody first asks for it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from issuer.db.migrations import guards_0002, triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.String(26)
DIGEST = sa.String(64)
MOMENT = sa.String(27)
NEWEST = "state = 'signed' AND replaced_at IS NULL"
OWED = "signed IS NULL AND kind <> 'restored'"

#: What a withdrawal or suspension of before says in public, as rows of `notices`.
_SAID_BEFORE = """
INSERT INTO notices (organisation_id, credential_id, kind, at, reason)
SELECT organisation_id, id, CASE state WHEN 'revoked' THEN 'withdrawn' ELSE 'suspended' END, state_changed_at, reason
FROM credentials WHERE state <> 'valid' ORDER BY state_changed_at, id
"""


def upgrade() -> None:
    _corrections()
    _notices()
    op.execute(_SAID_BEFORE)
    triggers.create(op.get_bind(), guards_0002.GUARDS)


def downgrade() -> None:
    """Refused where it would lose signed credentials."""
    if op.get_bind().exec_driver_sql("SELECT 1 FROM corrections WHERE signed IS NOT NULL LIMIT 1").first():
        raise RuntimeError("records were corrected: the shape before has no place for their newer versions")
    triggers.drop(op.get_bind(), guards_0002.GUARDS)
    op.drop_table("notices")
    op.drop_table("corrections")


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("credential_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("completion_id", ID, nullable=False),
        sa.Column("record_sha256", DIGEST, nullable=False),
        sa.Column("replaced_sha256", DIGEST, nullable=False),
        sa.Column("student_name", sa.String(length=400), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("status_list_id", ID, nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("unsigned", sa.LargeBinary(), nullable=False),
        sa.Column("unsigned_sha256", DIGEST, nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("signed", sa.LargeBinary(), nullable=True),
        sa.Column("signed_sha256", DIGEST, nullable=True),
        sa.Column("verification_method", sa.String(length=400), nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.CheckConstraint("version >= 2", name=op.f("ck_corrections_version")),
        sa.CheckConstraint("state IN ('open', 'signed', 'abandoned')", name=op.f("ck_corrections_state")),
        sa.CheckConstraint(
            "(state = 'signed') = (signed IS NOT NULL AND signed_sha256 IS NOT NULL"
            " AND verification_method IS NOT NULL AND signed_at IS NOT NULL)",
            name=op.f("ck_corrections_signed"),
        ),
        sa.CheckConstraint("(state = 'abandoned') = (failure IS NOT NULL)", name=op.f("ck_corrections_failure")),
        sa.CheckConstraint("replaced_at IS NULL OR state = 'signed'", name=op.f("ck_corrections_replaced")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "credential_id"],
            ["credentials.organisation_id", "credentials.id"],
            name=op.f("fk_corrections_organisation_id_credential_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "completion_id"],
            ["completions.organisation_id", "completions.id"],
            name=op.f("fk_corrections_organisation_id_completion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "id", "status_list_id", "status_index"],
            [
                "status_entries.organisation_id",
                "status_entries.credential_id",
                "status_entries.status_list_id",
                "status_entries.status_index",
            ],
            name="fk_corrections_status_entry",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("completion_id", name=op.f("uq_corrections_completion_id")),
    )
    op.create_index(
        op.f("ix_corrections_organisation_id_replaced_sha256"),
        "corrections",
        ["organisation_id", "replaced_sha256"],
        unique=False,
    )
    _only("uq_corrections_version", ["credential_id", "version"], "state <> 'abandoned'")
    _only("uq_corrections_open", ["credential_id"], "state = 'open'")
    _only("uq_corrections_newest", ["credential_id"], NEWEST)


def _only(name: str, columns: list[str], where: str) -> None:
    """Unique among the rows for which `where` holds."""
    op.create_index(
        name, "corrections", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("credential_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=True),
        sa.Column("signed", sa.LargeBinary(), nullable=True),
        sa.Column("signed_sha256", DIGEST, nullable=True),
        sa.Column("verification_method", sa.String(length=400), nullable=True),
        sa.CheckConstraint("kind IN ('withdrawn', 'suspended', 'replaced', 'restored')", name=op.f("ck_notices_kind")),
        sa.CheckConstraint("kind <> 'restored' OR signed IS NULL", name=op.f("ck_notices_restored")),
        sa.CheckConstraint(
            "(signed IS NULL) = (signed_sha256 IS NULL) AND (signed IS NULL) = (verification_method IS NULL)",
            name=op.f("ck_notices_signed"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "credential_id"],
            ["credentials.organisation_id", "credentials.id"],
            name=op.f("fk_notices_organisation_id_credential_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_credential_id_id"), "notices", ["credential_id", "id"], unique=False)
    op.create_index(
        "ix_notices_owed", "notices", ["id"], unique=False,
        sqlite_where=sa.text(OWED), postgresql_where=sa.text(OWED),
    )  # fmt: skip

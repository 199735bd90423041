"""Records and status lists as tokens (`vc+jwt`), beside their first form.

Frozen: a later change is a later migration. Records of before have no token: no migration signs anything. The command
`plaudit make-tokens` makes them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from issuer.db.migrations import guards_0003, triggers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.String(27)


def upgrade() -> None:
    op.create_table(
        "credential_tokens",
        sa.Column("version_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["status_entries.credential_id"], name=op.f("fk_credential_tokens_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_credential_tokens_organisation_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_credential_tokens")),
    )
    op.create_table(
        "status_list_tokens",
        sa.Column("list_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "list_id"],
            ["status_lists.organisation_id", "status_lists.id"],
            name=op.f("fk_status_list_tokens_organisation_id_list_id"),
        ),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_status_list_tokens")),
    )
    triggers.create(op.get_bind(), guards_0003.GUARDS)


def downgrade() -> None:
    triggers.drop(op.get_bind(), guards_0003.GUARDS)
    op.drop_table("status_list_tokens")
    op.drop_table("credential_tokens")

"""How an organisation's domain was shown to be its own, and when.

Frozen: a later change is a later migration. Nothing is shown for anybody before somebody asks for it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "domain_proofs",
        sa.Column("organisation_id", sa.String(26), nullable=False),
        sa.Column("proof", sa.String(16), nullable=False),
        sa.Column("shown_at", sa.String(27), nullable=False),
        sa.CheckConstraint("proof IN ('e-mail', 'dns', 'https')", name=op.f("ck_domain_proofs_proof")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_domain_proofs_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_domain_proofs")),
    )


def downgrade() -> None:
    op.drop_table("domain_proofs")

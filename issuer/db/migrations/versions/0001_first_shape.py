"""The first shape of the database: people, what employers hand in, what was signed, what happened.

Frozen: a later change is a later migration. The triggers hold what a CHECK cannot say, which state may follow which.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from issuer.db.migrations import guards_0001, triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(26)
DIGEST = sa.String(64)
MOMENT = sa.String(27)


def upgrade() -> None:
    for make_table in _TABLES:
        make_table()
    triggers.create(op.get_bind(), guards_0001.GUARDS)


def downgrade() -> None:
    triggers.drop(op.get_bind(), guards_0001.GUARDS)

    op.drop_index(
        "uq_intents_open",
        table_name="intents",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("intents")
    op.drop_index(op.f("ix_status_events_credential_id_id"), table_name="status_events")
    op.drop_table("status_events")
    op.drop_index(op.f("ix_batch_rows_batch_id_state_row_number"), table_name="batch_rows")
    op.drop_table("batch_rows")
    op.drop_index(
        "uq_credentials_live_record",
        table_name="credentials",
        sqlite_where=sa.text("state <> 'revoked'"),
        postgresql_where=sa.text("state <> 'revoked'"),
    )
    op.drop_index(op.f("ix_credentials_portfolio_slug"), table_name="credentials")
    op.drop_index(op.f("ix_credentials_organisation_id_signed_at_id"), table_name="credentials")
    op.drop_table("credentials")
    op.drop_index(
        "ix_status_entries_set",
        table_name="status_entries",
        sqlite_where=sa.text("value <> 'valid'"),
        postgresql_where=sa.text("value <> 'valid'"),
    )
    op.drop_index("ix_status_entries_batch", table_name="status_entries")
    op.drop_table("status_entries")
    op.drop_index(op.f("ix_completions_organisation_id_record_sha256"), table_name="completions")
    op.drop_table("completions")
    op.drop_table("status_lists")
    op.drop_table("roles_users")
    op.drop_table("projects")
    op.drop_table("portfolios")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_batches_organisation_id_file_sha256"), table_name="batches")
    op.drop_table("batches")
    op.drop_table("users")
    op.drop_table("roles")
    op.drop_index(
        "ix_outbox_open",
        table_name="outbox",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_table("outbox")
    op.drop_table("organisations")
    op.drop_table("installation")
    op.drop_table("audit")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("action", DIGEST, nullable=False),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("subject", sa.String(length=254), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_hash", DIGEST, nullable=False),
        sa.Column("hash", DIGEST, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_previous_hash")),
    )


def _installation() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base_url", sa.String(length=255), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("mode IN ('development', 'production')", name=op.f("ck_installation_mode")),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("did", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("did", name=op.f("uq_organisations_did")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("subject", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('certificate', 'email', 'webhook')", name=op.f("ck_outbox_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["kind", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", DIGEST, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_users_fs_uniquifier")),
    )


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", DIGEST, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.String(length=254), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_batches_finished")),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR confirmed_at IS NOT NULL", name=op.f("ck_batches_confirmed")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'confirmed', 'issuing', 'done', 'cancelled')", name=op.f("ck_batches_state")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_batches_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_batches_organisation_id_id")),
    )
    op.create_index(
        op.f("ix_batches_organisation_id_file_sha256"), "batches", ["organisation_id", "file_sha256"], unique=False
    )


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("role IN ('owner', 'approver', 'viewer')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "organisation_id", name=op.f("pk_memberships")),
    )


def _portfolios() -> None:
    op.create_table(
        "portfolios",
        sa.Column("slug", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_portfolios_organisation_id")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_portfolios")),
        sa.UniqueConstraint("organisation_id", "email", name=op.f("uq_portfolios_organisation_id_email")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_portfolios_organisation_id_slug")),
    )


def _projects() -> None:
    op.create_table(
        "projects",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_sha256", DIGEST, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_projects_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint(
            "organisation_id", "content_sha256", name=op.f("uq_projects_organisation_id_content_sha256")
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_projects_organisation_id_id")),
    )


def _roles_users() -> None:
    op.create_table(
        "roles_users",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_roles_users_role_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_roles_users_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_roles_users")),
    )


def _status_lists() -> None:
    op.create_table(
        "status_lists",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("allocated", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=False),
        sa.Column("published", sa.LargeBinary(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("purpose IN ('revocation', 'suspension')", name=op.f("ck_status_lists_purpose")),
        sa.CheckConstraint("(published_version = 0) = (published IS NULL)", name=op.f("ck_status_lists_published")),
        sa.CheckConstraint("allocated BETWEEN 0 AND capacity", name=op.f("ck_status_lists_allocated")),
        sa.CheckConstraint("capacity BETWEEN 1 AND length", name=op.f("ck_status_lists_capacity")),
        sa.CheckConstraint("length >= 131072", name=op.f("ck_status_lists_length")),
        sa.CheckConstraint("published_version BETWEEN 0 AND version", name=op.f("ck_status_lists_published_version")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_status_lists_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_lists")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_status_lists_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id", "purpose", "ordinal", name=op.f("uq_status_lists_organisation_id_purpose_ordinal")
        ),
    )


def _completions() -> None:
    op.create_table(
        "completions",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_sha256", DIGEST, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "project_id"],
            ["projects.organisation_id", "projects.id"],
            name=op.f("fk_completions_organisation_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_completions_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completions")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_completions_organisation_id_id")),
    )
    op.create_index(
        op.f("ix_completions_organisation_id_record_sha256"),
        "completions",
        ["organisation_id", "record_sha256"],
        unique=False,
    )


def _status_entries() -> None:
    op.create_table(
        "status_entries",
        sa.Column("status_list_id", ID, nullable=False),
        sa.Column("status_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("credential_id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=16), nullable=False),
        sa.CheckConstraint("state IN ('allocated', 'used', 'burnt')", name=op.f("ck_status_entries_state")),
        sa.CheckConstraint("value = 'valid' OR state = 'used'", name=op.f("ck_status_entries_value_of_used")),
        sa.CheckConstraint("value IN ('valid', 'suspended', 'revoked')", name=op.f("ck_status_entries_value")),
        sa.CheckConstraint("status_index >= 0", name=op.f("ck_status_entries_status_index")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "status_list_id"],
            ["status_lists.organisation_id", "status_lists.id"],
            name=op.f("fk_status_entries_organisation_id_status_list_id"),
        ),
        sa.PrimaryKeyConstraint("status_list_id", "status_index", name=op.f("pk_status_entries")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_status_entries_credential_id")),
        sa.UniqueConstraint(
            "organisation_id", "credential_id", "status_list_id", "status_index", name="uq_status_entries_whole"
        ),
    )
    op.create_index("ix_status_entries_batch", "status_entries", ["batch_id", "state"], unique=False)
    op.create_index(
        "ix_status_entries_set",
        "status_entries",
        ["status_list_id", "status_index"],
        unique=False,
        sqlite_where=sa.text("value <> 'valid'"),
        postgresql_where=sa.text("value <> 'valid'"),
    )


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("completion_id", ID, nullable=False),
        sa.Column("record_sha256", DIGEST, nullable=False),
        sa.Column("portfolio_slug", ID, nullable=False),
        sa.Column("human_code", sa.String(length=20), nullable=False),
        sa.Column("student_name", sa.String(length=400), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("signed_sha256", DIGEST, nullable=False),
        sa.Column("verification_method", sa.String(length=400), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("status_list_id", ID, nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state_changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("state <> 'revoked' OR reason IS NOT NULL", name=op.f("ck_credentials_revoked_with_reason")),
        sa.CheckConstraint("state <> 'valid' OR reason IS NULL", name=op.f("ck_credentials_valid_without_reason")),
        sa.CheckConstraint("state IN ('valid', 'suspended', 'revoked')", name=op.f("ck_credentials_state")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "completion_id"],
            ["completions.organisation_id", "completions.id"],
            name=op.f("fk_credentials_organisation_id_completion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "id", "status_list_id", "status_index"],
            [
                "status_entries.organisation_id",
                "status_entries.credential_id",
                "status_entries.status_list_id",
                "status_entries.status_index",
            ],
            name="fk_credentials_status_entry",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "portfolio_slug"],
            ["portfolios.organisation_id", "portfolios.slug"],
            name=op.f("fk_credentials_organisation_id_portfolio_slug"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_credentials_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("completion_id", name=op.f("uq_credentials_completion_id")),
        sa.UniqueConstraint("human_code", name=op.f("uq_credentials_human_code")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_credentials_organisation_id_id")),
        sa.UniqueConstraint("status_list_id", "status_index", name=op.f("uq_credentials_status_list_id_status_index")),
    )
    op.create_index(
        op.f("ix_credentials_organisation_id_signed_at_id"),
        "credentials",
        ["organisation_id", "signed_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_credentials_portfolio_slug"), "credentials", ["portfolio_slug"], unique=False)
    op.create_index(
        "uq_credentials_live_record",
        "credentials",
        ["organisation_id", "record_sha256"],
        unique=True,
        sqlite_where=sa.text("state <> 'revoked'"),
        postgresql_where=sa.text("state <> 'revoked'"),
    )


def _batch_rows() -> None:
    op.create_table(
        "batch_rows",
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("completion_id", ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("credential_id", ID, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_batch_rows_failed")),
        sa.CheckConstraint("(state = 'issued') = (credential_id IS NOT NULL)", name=op.f("ck_batch_rows_issued")),
        sa.CheckConstraint(
            "state IN ('ready', 'held', 'skipped', 'intended', 'issued', 'failed')", name=op.f("ck_batch_rows_state")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "batch_id"],
            ["batches.organisation_id", "batches.id"],
            name=op.f("fk_batch_rows_organisation_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "completion_id"],
            ["completions.organisation_id", "completions.id"],
            name=op.f("fk_batch_rows_organisation_id_completion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "credential_id"],
            ["credentials.organisation_id", "credentials.id"],
            name=op.f("fk_batch_rows_organisation_id_credential_id"),
        ),
        sa.PrimaryKeyConstraint("batch_id", "row_number", name=op.f("pk_batch_rows")),
        sa.UniqueConstraint("completion_id", name=op.f("uq_batch_rows_completion_id")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_batch_rows_credential_id")),
    )
    op.create_index(
        op.f("ix_batch_rows_batch_id_state_row_number"), "batch_rows", ["batch_id", "state", "row_number"], unique=False
    )


def _status_events() -> None:
    op.create_table(
        "status_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("credential_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status_list_id", ID, nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("to_state IN ('valid', 'suspended', 'revoked')", name=op.f("ck_status_events_to_state")),
        sa.CheckConstraint("from_state <> to_state", name=op.f("ck_status_events_change")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "credential_id"],
            ["credentials.organisation_id", "credentials.id"],
            name=op.f("fk_status_events_organisation_id_credential_id"),
        ),
        sa.ForeignKeyConstraint(["status_list_id"], ["status_lists.id"], name=op.f("fk_status_events_status_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_events")),
        sa.UniqueConstraint(
            "status_list_id", "list_version", name=op.f("uq_status_events_status_list_id_list_version")
        ),
    )
    op.create_index(op.f("ix_status_events_credential_id_id"), "status_events", ["credential_id", "id"], unique=False)


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("credential_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("human_code", sa.String(length=20), nullable=False),
        sa.Column("unsigned", sa.LargeBinary(), nullable=False),
        sa.Column("unsigned_sha256", DIGEST, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('open', 'signed', 'abandoned')", name=op.f("ck_intents_state")),
        sa.ForeignKeyConstraint(
            ["batch_id", "row_number"],
            ["batch_rows.batch_id", "batch_rows.row_number"],
            name=op.f("fk_intents_batch_id_row_number"),
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["status_entries.credential_id"], name=op.f("fk_intents_credential_id")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_intents_organisation_id")),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_intents")),
        sa.UniqueConstraint("human_code", name=op.f("uq_intents_human_code")),
    )
    op.create_index(
        "uq_intents_open",
        "intents",
        ["batch_id", "row_number"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


#: In the order in which they refer to one another.
_TABLES = (
    _audit,
    _installation,
    _organisations,
    _outbox,
    _roles,
    _users,
    _batches,
    _memberships,
    _portfolios,
    _projects,
    _roles_users,
    _status_lists,
    _completions,
    _status_entries,
    _credentials,
    _batch_rows,
    _status_events,
    _intents,
)

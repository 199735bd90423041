"""Every table by one name, for whoever needs them. The definitions are in the four modules beside this one."""

from __future__ import annotations

from issuer.db.accounts import MEMBERSHIP_ROLES, Membership, Role, User, roles_users
from issuer.db.completions import Batch, BatchRow, Completion, Installation, Organisation, Project
from issuer.db.credentials import Credential, Intent, Portfolio, StatusEntry, StatusEvent, StatusList
from issuer.db.journal import AuditLine, OutboxItem
from issuer.db.types import Base

metadata = Base.metadata

__all__ = [
    "MEMBERSHIP_ROLES",
    "AuditLine",
    "Base",
    "Batch",
    "BatchRow",
    "Completion",
    "Credential",
    "Installation",
    "Intent",
    "Membership",
    "Organisation",
    "OutboxItem",
    "Portfolio",
    "Project",
    "Role",
    "StatusEntry",
    "StatusEvent",
    "StatusList",
    "User",
    "metadata",
    "roles_users",
]

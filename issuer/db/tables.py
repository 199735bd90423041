"""Every table by one name, for whoever needs them. The definitions are in the six modules beside this one."""

from __future__ import annotations

from issuer.db.accounts import MEMBERSHIP_ROLES, Membership, Role, User, roles_users
from issuer.db.completions import Batch, BatchRow, Completion, DomainProof, Installation, Organisation, Project
from issuer.db.credentials import Credential, Intent, Portfolio, StatusEntry, StatusEvent, StatusList
from issuer.db.forms import CredentialToken, StatusListToken
from issuer.db.histories import Correction, Notice
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
    "Correction",
    "Credential",
    "CredentialToken",
    "DomainProof",
    "Installation",
    "Intent",
    "Membership",
    "Notice",
    "Organisation",
    "OutboxItem",
    "Portfolio",
    "Project",
    "Role",
    "StatusEntry",
    "StatusEvent",
    "StatusList",
    "StatusListToken",
    "User",
    "metadata",
    "roles_users",
]

"""IETF Token Status Lists (draft-ietf-oauth-status-list-18): made, read and judged. Fetches nothing and finds no key.

`values` is about the packed statuses, `references` about the claim in a token that names its place, and `tokens` about
the signed token that publishes a list, as JWT or CWT.
"""

from __future__ import annotations

from credentials.token_status_list.references import CWT_STATUS, Reference, read_reference, status_claim
from credentials.token_status_list.tokens import (
    CWT_TYPE,
    JWT_TYPE,
    StatusListToken,
    check,
    open_cwt,
    open_jwt,
    sign_cwt,
    sign_jwt,
)
from credentials.token_status_list.values import BIT_SIZES, INVALID, SUSPENDED, VALID, StatusValues, name_of

__all__ = [
    "BIT_SIZES",
    "CWT_STATUS",
    "CWT_TYPE",
    "INVALID",
    "JWT_TYPE",
    "SUSPENDED",
    "VALID",
    "Reference",
    "StatusListToken",
    "StatusValues",
    "check",
    "name_of",
    "open_cwt",
    "open_jwt",
    "read_reference",
    "sign_cwt",
    "sign_jwt",
    "status_claim",
]

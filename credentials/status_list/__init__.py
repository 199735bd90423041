"""Bitstring Status Lists (W3C Bitstring Status List 1.0): made and read. Fetches nothing and checks no signature.

`entries` is about the member of a credential that names its place in a list, `bits` about the list's values, and
`lists` about the credential that publishes them.
"""

from __future__ import annotations

from credentials.status_list.bits import (
    MAX_ENCODED,
    MAX_LIST_BYTES,
    MAX_STATUS_SIZE,
    MINIMUM_ENTRIES,
    BitList,
)
from credentials.status_list.entries import PURPOSES, StatusEntry, StatusMessage, parse_entry, status_entry
from credentials.status_list.lists import Status, build_status_list_credential, is_stale, read_list, read_status, ttl

__all__ = [
    "MAX_ENCODED",
    "MAX_LIST_BYTES",
    "MAX_STATUS_SIZE",
    "MINIMUM_ENTRIES",
    "PURPOSES",
    "BitList",
    "Status",
    "StatusEntry",
    "StatusMessage",
    "build_status_list_credential",
    "is_stale",
    "parse_entry",
    "read_list",
    "read_status",
    "status_entry",
    "ttl",
]

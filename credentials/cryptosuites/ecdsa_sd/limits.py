"""What a selective disclosure may cost: a document comes from a stranger, and each of its statements is a signature."""

from __future__ import annotations

from collections.abc import Sized
from typing import Final

from credentials import errors

#: Pointers of one selection; a credential of Open Badges with every member named singly has about 120.
MAX_POINTERS: Final = 500
#: Statements (quads) of one document. Each costs a signature, 0.1 ms to check; a full credential has 155.
MAX_STATEMENTS: Final = 1_500
#: Bytes of a proof value: 1,500 signatures of 66 bytes, as many labels and indexes, with room to spare.
MAX_PROOF_BYTES: Final = 200_000


def check_pointers(pointers: Sized) -> None:
    """Raise `errors.SelectionLimit` for more than `MAX_POINTERS`."""
    if len(pointers) > MAX_POINTERS:
        raise errors.SelectionLimit(f"{len(pointers)} pointers; at most {MAX_POINTERS} in one selection")


def check_statements(statements: Sized) -> None:
    """Raise `errors.SelectionLimit` for more than `MAX_STATEMENTS`."""
    if len(statements) > MAX_STATEMENTS:
        raise errors.SelectionLimit(f"{len(statements)} statements; at most {MAX_STATEMENTS} in one document")

"""Makes identifiers out of given random bytes. Nothing in an identifier says who or when."""

from __future__ import annotations

import base64
from collections.abc import Callable

from credentials import short_code
from credentials.errors import CodeMistyped

ID_BYTES = 16


def new_id(random: Callable[[int], bytes]) -> str:
    """Return 128 random bits as 26 characters of lower-case base32 without padding."""
    return base64.b32encode(random(ID_BYTES)).decode("ascii").lower().rstrip("=")


def new_human_code(random: Callable[[int], bytes]) -> str:
    """Return a code for paper, with its check character: `7K2M-9QX4-T0ZD6`. The database refuses a code twice."""
    return short_code.new(random)


def read_human_code(typed: str) -> str | None:
    """Put a typed code into its one form, forgiving case, spaces and look-alikes; None when it cannot be a code."""
    try:
        return short_code.read(typed)
    except CodeMistyped:
        return None

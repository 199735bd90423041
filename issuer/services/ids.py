"""Makes identifiers out of given random bytes. Nothing in an identifier says who or when."""

from __future__ import annotations

import base64
from collections.abc import Callable

#: Digits of Crockford's base32: no I, L, O, U, so that a code read from paper is not mistaken.
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CROCKFORD = str.maketrans(_STANDARD, _CROCKFORD)
_FORGIVEN = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})

ID_BYTES = 16
#: 60 bits: short enough to type from paper, and the database refuses the one collision in 10^9 codes.
CODE_CHARACTERS = 12


def new_id(random: Callable[[int], bytes]) -> str:
    """Return 128 random bits as 26 characters of lower-case base32 without padding."""
    return base64.b32encode(random(ID_BYTES)).decode("ascii").lower().rstrip("=")


def new_human_code(random: Callable[[int], bytes]) -> str:
    """Return a code for paper: twelve characters in three groups, `7K2M-9QX4-T0ZD`."""
    text = base64.b32encode(random(8)).decode("ascii")[:CODE_CHARACTERS].translate(_TO_CROCKFORD)
    return "-".join(text[start : start + 4] for start in range(0, CODE_CHARACTERS, 4))


def read_human_code(typed: str) -> str | None:
    """Put a typed code into its one form, forgiving case, spaces and look-alikes; None when it cannot be a code."""
    text = typed.strip().upper().translate(_FORGIVEN)
    if len(text) != CODE_CHARACTERS or any(character not in _CROCKFORD for character in text):
        return None
    return "-".join(text[start : start + 4] for start in range(0, CODE_CHARACTERS, 4))

"""The short code of a record, for typing from paper: its one form, and the check against mistyping. Looks up nothing.

Thirteen characters of Crockford's base32: sixty random bits, and one check character. The check is a sum over GF(32)
in which every place has a weight of its own (powers of one element), so that any one wrong character and any two
characters that changed places are noticed; chance lets one in 32 of all other mistakes pass. All characters, the check
too, come from the same 32, which a telephone's keyboard has and nobody mistakes for one another.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Final

from credentials.errors import CodeMistyped

#: Crockford's base32: no I, L, O, U.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 60 bits: a million records are hit by one guess in 10^12.
_RANDOM_CHARACTERS: Final = 12
CHARACTERS: Final = _RANDOM_CHARACTERS + 1
_RANDOM_BYTES: Final = 8
#: How a code is written: `7K2M-9QX4-T0ZD6`.
_GROUPS: Final = (0, 4, 8, CHARACTERS)
#: What is read as the character it looks like, and what stands between groups.
_FORGIVEN: Final = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})
#: A code, or a code with one or two characters lost or doubled; nothing else that people paste looks so.
_ABOUT: Final = re.compile(r"[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){10,14}", re.ASCII)
#: x^5 + x^2 + 1, whose root generates every element of GF(32) but 0.
_POLYNOMIAL: Final = 0b100101


def new(random: Callable[[int], bytes]) -> str:
    """Return a new code in its one form; `random` gives so many random bytes."""
    number = int.from_bytes(random(_RANDOM_BYTES), "big")
    return _written([number >> 5 * place & 31 for place in range(_RANDOM_CHARACTERS)])


def resembles(text: str) -> bool:
    """Tell a code, perhaps a mistyped one, from an address, a token and every other text."""
    return _ABOUT.fullmatch(text.strip()) is not None


def read(typed: str) -> str:
    """Return the code in its one form, forgiving case, spaces, dashes and look-alikes.

    Raises `errors.CodeMistyped`, which says what is wrong, for everything that is no code.
    """
    text = typed.strip().upper().translate(_FORGIVEN)
    strange = next((character for character in text if character not in ALPHABET), None)
    if strange is not None:
        raise CodeMistyped("It holds a character that no code has: codes are made of digits, and of letters but U.")
    if len(text) != CHARACTERS:
        raise CodeMistyped(f"It has {len(text)} characters; every code has {CHARACTERS}.")
    values = [ALPHABET.index(character) for character in text]
    if values[-1] != _check(values[:-1]):
        raise CodeMistyped("One character of it is wrong, or two have changed places.")
    return _written(values[:-1])


def _written(values: list[int]) -> str:
    text = "".join(ALPHABET[value] for value in (*values, _check(values)))
    return "-".join(text[start:end] for start, end in itertools.pairwise(_GROUPS))


def _check(values: list[int]) -> int:
    """The sum of the values, each times its own power of the root: Horner's scheme, from the first place on."""
    total = 0
    for value in values:
        total = _doubled(total ^ value)
    return total


def _doubled(value: int) -> int:
    """Times the root of the polynomial."""
    value <<= 1
    return value ^ _POLYNOMIAL if value & 0b100000 else value

"""The packed statuses of a Token Status List: set, read, compressed and unpacked within bounds.

Statuses of 1, 2, 4 or 8 bits stand in bytes from the least significant bit on, the other way round than in a Bitstring
Status List. Source: draft-ietf-oauth-status-list-18, 4.1 (compressed byte array) and 7.1 (status types).
"""

from __future__ import annotations

import zlib
from typing import Final, Self

from credentials import bounded_inflate, errors

BIT_SIZES: Final = (1, 2, 4, 8)

#: Status types that mean the same everywhere (7.1).
VALID: Final = 0
INVALID: Final = 1
SUSPENDED: Final = 2
_NAMES: Final = {VALID: "valid", INVALID: "invalid", SUSPENDED: "suspended"}
#: Left to each application (7.1); all others are not assigned yet.
_APPLICATION_SPECIFIC: Final = (3, 14, 15)

#: A million statuses of eight bits, and bytes of what is compressed: as for the other kind of list.
MAX_LIST_BYTES: Final = 1 << 20
#: The draft asks for the highest level. Matching runs only is faster and, for lists of mostly zeros, smaller; more
#: memory than this has to be fetched from the system each time, which takes longer than all the rest.
_LEVEL, _STRATEGY, _MEMORY = 9, zlib.Z_RLE, 7


class StatusValues:
    """`length` statuses of `bits` bits each, all `VALID` at first; `length` is rounded up to whole bytes.

    Raises `errors.StatusTypeNotSupported` for other sizes than `BIT_SIZES`, and `errors.StatusListTooLarge`.
    """

    def __init__(self, length: int, *, bits: int = 1) -> None:
        _refuse_size(bits)
        size = -(-length * bits // 8)
        if not 0 < size <= MAX_LIST_BYTES:
            raise errors.StatusListTooLarge(f"{length} statuses; from 1 to {MAX_LIST_BYTES * 8 // bits} are possible")
        self.bits = bits
        self._packed = bytearray(size)

    def __len__(self) -> int:
        return len(self._packed) * 8 // self.bits

    def __bytes__(self) -> bytes:
        return bytes(self._packed)

    def get(self, index: int) -> int:
        """The status at `index`, 0 to 2^bits - 1. Raises `errors.StatusIndexOutOfRange`."""
        byte, shift, mask = self._place(index)
        return self._packed[byte] >> shift & mask

    def set(self, index: int, status: int) -> None:
        """Write the status at `index`; raises `errors.StatusIndexOutOfRange` and `errors.StatusValueOutOfRange`."""
        byte, shift, mask = self._place(index)
        if not 0 <= status <= mask:
            raise errors.StatusValueOutOfRange(f"{status} does not fit in {self.bits} bits")
        self._packed[byte] = self._packed[byte] & ~(mask << shift) | status << shift

    def compress(self) -> bytes:
        """The list as it is published: DEFLATE data in zlib's format (4.1)."""
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, bounded_inflate.ZLIB, _MEMORY, _STRATEGY)
        return packer.compress(self._packed) + packer.flush()

    @classmethod
    def decompress(cls, data: bytes, *, bits: int) -> Self:
        """The list behind what was published.

        Raises `errors.StatusListMalformed`, `errors.StatusListTooLarge`, and `errors.StatusTypeNotSupported` for
        another number of bits.
        """
        _refuse_size(bits)
        values = cls.__new__(cls)
        values.bits = bits
        values._packed = bytearray(
            bounded_inflate.inflate(
                data,
                wrapper=bounded_inflate.ZLIB,
                limit=MAX_LIST_BYTES,
                malformed=errors.StatusListMalformed,
                too_large=errors.StatusListTooLarge,
            )
        )
        return values

    def _place(self, index: int) -> tuple[int, int, int]:
        if not 0 <= index < len(self):
            raise errors.StatusIndexOutOfRange(f"index {index} in a list of {len(self)}")
        first = index * self.bits
        return first >> 3, first & 7, (1 << self.bits) - 1


def name_of(status: int) -> str:
    """What a status means: "valid", "invalid", "suspended", "application_specific", or "unassigned" (7.1)."""
    if status in _APPLICATION_SPECIFIC:
        return "application_specific"
    return _NAMES.get(status, "unassigned")


def _refuse_size(bits: int) -> None:
    if type(bits) is not int or bits not in BIT_SIZES:
        raise errors.StatusTypeNotSupported(f"statuses of {str(bits)[:40]} bits; 1, 2, 4 and 8 are possible")

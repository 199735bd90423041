"""The values of a Bitstring Status List: set, read, packed and unpacked within bounds. What they mean is not here.

A list is a string of bits, the leftmost bit of the first byte belonging to index 0, compressed with gzip and written as
multibase base64url. Source: Bitstring Status List 1.0, 3.3 (generation), 3.4 (expansion) and 3.5 (encoding).
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Collection
from typing import Any, Final, Self

from bitarray import bitarray
from bitarray.util import zeros

from credentials import bounded_inflate, errors, multibase

#: Fewer entries would tell the issuer's web server whose credential is being looked at (3.2, herd privacy).
MINIMUM_ENTRIES: Final = 131_072
#: 8.4 million bits; an honest list of that size does not fit through the fetcher's own limit.
MAX_LIST_BYTES: Final = 1 << 20
#: Characters of `encodedList`. A full random list of the minimum size takes 22,000.
MAX_ENCODED: Final = 2_000_000
#: Bits of one entry. Eight make 256 messages, and every credential has to carry them all.
MAX_STATUS_SIZE: Final = 8
#: Most entries of a list are zero, which is a matter of counting zeros: matching runs only takes a tenth of the time of
#: looking for repeated strings (0.03 ms against 0.4 for 1,000 set entries of 131,072), and packs a little smaller. With
#: more memory than level 7 asks for, the system is asked for fresh pages each time, which takes three times as long.
_LEVEL, _STRATEGY, _MEMORY = 6, zlib.Z_RLE, 7

_MASKS: Final = (0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01)


class BitList:
    """A list of `length` statuses of `size` bits each (1 to `MAX_STATUS_SIZE`), at least `MINIMUM_ENTRIES`.

    `length` must be a multiple of 8. Raises `errors.StatusListTooShort` or `errors.StatusListTooLarge`.
    """

    def __init__(self, length: int = MINIMUM_ENTRIES, *, size: int = 1) -> None:
        _refuse_size(size)
        if length < MINIMUM_ENTRIES:
            raise errors.StatusListTooShort(f"{length} entries; at least {MINIMUM_ENTRIES} are needed")
        if length % 8 or length * size > MAX_LIST_BYTES * 8:
            raise errors.StatusListTooLarge(f"{length} is not a multiple of 8 within {MAX_LIST_BYTES * 8 // size}")
        self._adopt(bytearray(length * size // 8), size)

    def __len__(self) -> int:
        return self._length

    def get(self, index: int) -> bool:
        """Is the status at `index` anything but zero? Raises `errors.StatusIndexOutOfRange`."""
        return self.value(index) != 0

    def value(self, index: int) -> int:
        """The status at `index`, 0 to 2^size - 1. Raises `errors.StatusIndexOutOfRange`."""
        byte, shift = self._place(index)
        return (int.from_bytes(self._bits[byte : byte + 2].ljust(2, b"\0"), "big") >> shift) & self._top

    def set(self, index: int, value: int = 1) -> None:
        """Write the status at `index`; True and False are 1 and 0.

        Raises `errors.StatusIndexOutOfRange`, or `errors.StatusValueOutOfRange` when `value` needs more bits.
        """
        byte, shift = self._place(index)
        if not 0 <= value <= self._top:
            raise errors.StatusValueOutOfRange(f"{value} does not fit in {self.size} bits")
        if value == self._top == 1:  # by far the commonest: a withdrawal
            self._bits[byte] |= _MASKS[index & 7]
            return
        window = self._bits[byte : byte + 2]
        kept = int.from_bytes(window.ljust(2, b"\0"), "big") & ~(self._top << shift)
        self._bits[byte : byte + 2] = (kept | value << shift).to_bytes(2, "big")[: len(window)]

    def set_all(self, indices: Collection[int], value: bool = True) -> None:
        """Set or clear the bits at `indices` of a one-bit list: as `set` one by one, in a tenth of the time.

        Raises `errors.StatusIndexOutOfRange`, before anything is changed, and `errors.StatusValueOutOfRange` for a list
        of larger statuses.
        """
        if self.size != 1:
            raise errors.StatusValueOutOfRange(f"each status has {self.size} bits")
        marked = zeros(self._length, "big")
        try:
            array("I", indices)  # refuses negative ones, which bitarray would count from the end
            marked[indices if isinstance(indices, list) else list(indices)] = 1
        except (OverflowError, IndexError) as error:
            raise errors.StatusIndexOutOfRange(f"an index outside of a list of {self._length}") from error
        bits = bitarray(endian="big", buffer=self._bits)  # a view of the same bytes
        if value:
            bits |= marked
        else:
            bits &= ~marked

    def encode(self) -> str:
        """`encodedList`: "u", then unpadded base64url of the gzipped bits (3.5). The same bits give the same text."""
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, bounded_inflate.GZIP, _MEMORY, _STRATEGY)
        return multibase.encode(packer.compress(self._bits) + packer.flush(), prefix="u")

    @classmethod
    def decode(cls, encoded: Any, *, size: int = 1, minimum: int = MINIMUM_ENTRIES) -> Self:
        """The list behind `encodedList` (3.4); bits at its end that make no whole status are left out.

        Raises `errors.StatusListMalformed`, `StatusListTooLarge`, `StatusListTooShort` (fewer than `minimum`), and
        `StatusTypeNotSupported` for a size that is not read here.
        """
        _refuse_size(size)
        bits = bounded_inflate.inflate(
            _packed(encoded),
            wrapper=bounded_inflate.GZIP,
            limit=MAX_LIST_BYTES,
            malformed=errors.StatusListMalformed,
            too_large=errors.StatusListTooLarge,
        )
        entries = len(bits) * 8 // size
        if entries < minimum:
            raise errors.StatusListTooShort(f"{entries} entries; at least {minimum} are needed")
        bit_list = cls.__new__(cls)
        bit_list._adopt(bytearray(bits), size)
        return bit_list

    def _adopt(self, bits: bytearray, size: int) -> None:
        self.size = size
        self._bits = bits
        self._length = len(bits) * 8 // size
        self._top = (1 << size) - 1

    def _place(self, index: int) -> tuple[int, int]:
        """The byte in which the status begins, and how far it stands from the right end of that byte and the next."""
        if not 0 <= index < self._length:
            raise errors.StatusIndexOutOfRange(f"index {index} in a list of {self._length}")
        first = index * self.size
        return first >> 3, 16 - self.size - (first & 7)


def _refuse_size(size: int) -> None:
    if not 1 <= size <= MAX_STATUS_SIZE:
        raise errors.StatusTypeNotSupported(f"statuses of {size} bits; from 1 to {MAX_STATUS_SIZE} are read here")


def _packed(encoded: Any) -> bytes:
    """Strict: the multibase header "u", no padding, and what is decoded encodes to the same text again."""
    if isinstance(encoded, str) and len(encoded) > MAX_ENCODED:
        raise errors.StatusListTooLarge(f"encodedList has {len(encoded)} characters")
    try:
        return multibase.decode(encoded, allowed="u")
    except errors.MalformedEncoding as error:
        raise errors.StatusListMalformed(f"encodedList is not multibase base64url: {error.detail}") from error

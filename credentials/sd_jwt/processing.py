"""Puts disclosures back where the signed digests say they belong; checks no signature and no time.

Every digest stands in one place, every disclosure is vouched for by one digest, nothing is overwritten.
Source: RFC 9901, 7.1, steps 3 to 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, strict_json
from credentials.sd_jwt import disclosures
from credentials.sd_jwt.disclosures import DIGESTS, ELEMENT_DIGEST, HASH_NAME
from credentials.sd_jwt.paths import below

_OWN: Final = (DIGESTS, HASH_NAME)
_CONTAINERS: Final = (dict, list)


@dataclass(frozen=True, slots=True)
class Processed:
    """Claims with every disclosure in its place and no digest left.

    `places` maps the RFC 6901 pointer of each disclosed member or element, in `claims`, to the text of its disclosure;
    what contains another comes first. Undisclosed elements of arrays are gone, so positions count what is there.
    """

    claims: dict[str, Any]
    places: Mapping[str, bytes]
    hash_name: str

    @property
    def disclosed(self) -> tuple[str, ...]:
        """The pointers of everything that came in a disclosure of its own."""
        return tuple(self.places)


def process(payload: Mapping[str, Any], sent: Sequence[bytes]) -> Processed:
    """Put the disclosures `sent` into `payload`, the parsed payload of the issuer-signed JWT; neither is changed.

    Raises what `disclosures.read` raises, `errors.HashAlgorithmNotSupported`, `errors.DigestMalformed`,
    `errors.DigestRepeated`, `errors.DisclosureMisplaced`, `errors.ClaimOverwritten`, `errors.DisclosureUnreferenced`,
    and `errors.JsonDepth` when the claims nest deeper together than any JSON that is read here.
    """
    contents = disclosures.read(sent)
    hash_name = disclosures.check_hash(payload.get(HASH_NAME, disclosures.DEFAULT_HASH))
    waiting = dict(zip(disclosures.digests(sent, hash_name), zip(sent, contents, strict=True), strict=True))
    if len(waiting) != len(sent):
        raise errors.DigestRepeated("a disclosure was sent twice")
    placing = _Placing(waiting, disclosures.digest_size(hash_name))
    claims = placing.members(payload, "", 1)
    if placing.waiting:
        raise errors.DisclosureUnreferenced(f"{len(placing.waiting)} disclosures stand behind no digest of the issuer")
    return Processed(claims, placing.places, hash_name)


class _Placing:
    """One walk over a payload: disclosures, text and content, wait by digest until the walk meets their place."""

    def __init__(self, waiting: dict[str, tuple[bytes, list[Any]]], digest_size: int) -> None:
        self.waiting = waiting
        self.places: dict[str, bytes] = {}
        self._digest_size = digest_size
        self._seen: set[str] = set()

    def members(self, source: Mapping[str, Any], pointer: str, depth: int) -> dict[str, Any]:
        """An object without `_sd`, with what was disclosed of it. `depth` counts from 1 for the payload."""
        if ELEMENT_DIGEST in source or (HASH_NAME in source and depth > 1):
            raise errors.DigestMalformed("_sd_alg or ... stands where it means nothing", pointer=pointer)
        placed = {
            name: self._value(item, below(pointer, name), depth) if type(item) in _CONTAINERS else item
            for name, item in source.items()
            if name not in _OWN
        }
        if DIGESTS in source:
            self._disclosed_members(placed, source[DIGESTS], pointer, depth)
        return placed

    def _disclosed_members(self, placed: dict[str, Any], digests: Any, pointer: str, depth: int) -> None:
        if type(digests) is not list:
            raise errors.DigestMalformed("_sd is not an array", pointer=pointer)
        self._meet(digests, pointer)
        waiting, places = self.waiting, self.places
        for digest in digests:
            if digest not in waiting:
                continue
            text, content = waiting.pop(digest)
            if len(content) == 2:
                raise errors.DisclosureMisplaced("an array's element is disclosed as a member", pointer=pointer)
            _, name, value = content
            place = below(pointer, name)
            if name in placed:
                raise errors.ClaimOverwritten(f"a disclosure names {name[:80]!r}, which is there", pointer=place)
            places[place] = text
            placed[name] = self._value(value, place, depth) if type(value) in _CONTAINERS else value

    def _elements(self, source: list[Any], pointer: str, depth: int) -> list[Any]:
        placed: list[Any] = []
        for item in source:
            if type(item) is dict and ELEMENT_DIGEST in item:
                self._disclosed_element(placed, item, pointer, depth)
            else:
                placed.append(self._value(item, below(pointer, len(placed)), depth))
        return placed

    def _disclosed_element(self, placed: list[Any], item: dict[str, Any], pointer: str, depth: int) -> None:
        if len(item) != 1:
            raise errors.DigestMalformed("... is not the only member of its element", pointer=pointer)
        self._meet([item[ELEMENT_DIGEST]], pointer)
        if item[ELEMENT_DIGEST] not in self.waiting:
            return
        text, content = self.waiting.pop(item[ELEMENT_DIGEST])
        if len(content) == 3:
            raise errors.DisclosureMisplaced("a member is disclosed as an array's element", pointer=pointer)
        place = below(pointer, len(placed))
        self.places[place] = text
        placed.append(self._value(content[1], place, depth))

    def _value(self, value: Any, pointer: str, depth: int) -> Any:
        kind = type(value)
        if kind is not dict and kind is not list:
            return value
        if depth >= strict_json.MAX_DEPTH:
            raise errors.JsonDepth(f"nested deeper than {strict_json.MAX_DEPTH}", pointer=pointer)
        return self.members(value, pointer, depth + 1) if kind is dict else self._elements(value, pointer, depth + 1)

    def _meet(self, digests: list[Any], pointer: str) -> None:
        """Check digests that stand in one place: each is one, and is met for the first time.

        Those that no disclosure waits for are decoys, or were not disclosed.
        """
        if {*map(type, digests)} - {str} or {*map(len, digests)} - {self._digest_size}:
            raise errors.DigestMalformed("a digest is not a text of its hash algorithm's size", pointer=pointer)
        before = len(self._seen)
        self._seen.update(digests)
        if len(self._seen) != before + len(digests):
            raise errors.DigestRepeated("one digest stands in two places", pointer=pointer)

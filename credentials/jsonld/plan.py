"""Finds out which values of a document can be left open in a template, and what stands in their place. Fills in none.

A hole is one string or number whose text alone decides about one term of RDF: the whole of a literal, or an id that
means itself. Found by walking the document with marks in place of its values. Whatever says how other values are read
(types, contexts, languages) is no hole.

Only for text that `strict_json.dumps` wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors
from credentials.canonical import Quad, is_iri
from credentials.jsonld.contexts import COMPILER, OutsideSubset
from credentials.jsonld.walk import walk

#: Strings that are part of the shape whatever terms say: what the e-mail rule of the lint looks at.
_ALWAYS_SHAPE: Final = frozenset({"identityType"})

#: Marks in place of values: an IRI that is as good a literal, and an integer of 15 digits, whose double differs.
_MARK: Final = "urn:plaudit-slot:%d:"
_NUMBER_MARK: Final = 723_000_000_000_000
#: No document has a template that holds the beginning of a mark.
_NOT_INSIDE: Final = (b"plaudit-slot", b"7230000000")
#: A term with a mark in it: the mark, and what follows it.
MARKED_TERM: Final = re.compile(r'[<"](urn:plaudit-slot:[0-9]+:|7230000000[0-9]{5})(>|"(?:\^\^<[^>]*>|@[a-z0-9-]+)?)')
#: A mark in JSON text, with its number.
MARKED_VALUE: Final = re.compile(rb"urn:plaudit-slot:([0-9]+):|7230000000([0-9]{5})")
#: Places that are tried with marks; a credential has some hundred.
_MAX_SLOTS: Final = 2_000

#: A string or a number of JSON text that is known to be well formed. Possessive, so that nothing is tried twice.
_TOKEN: Final = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*+"|-?[0-9][0-9.eE+-]*+)')
#: Fewer digits than 2^53 has, so the integer is its digits.
_MAX_DIGITS: Final = 15


def split(data: bytes) -> list[bytes]:
    """JSON text at its strings and numbers: structure, string or number, structure, …"""
    return _TOKEN.split(data)


#: How many members and strings, objects and lists a text has: nearly always the same for one shape only.
Shape = tuple[int, int, int]


def shape(data: bytes) -> Shape:
    """What tells most shapes apart at once; texts that hold JSON may mislead it."""
    return data.count(b'"'), data.count(b"{"), data.count(b"[")


def is_number(token: bytes) -> bool:
    """Is this JSON a number that is written in RDF as it is in JSON?"""
    return token.isdigit() and len(token) <= _MAX_DIGITS


@dataclass(frozen=True, slots=True)
class Hole:
    """One value: where it stands in the document (`paths`) and among the pieces of its text (`places`).

    An id may stand in several places, all of which are one node. `kind` is "text", "iri" or "number".
    """

    kind: str
    value: str | int
    paths: tuple[tuple[str | int, ...], ...]
    places: tuple[int, ...]


def mark(kind: str, number: int) -> str:
    """What stands in the place of a hole, as the text of a term."""
    return str(_NUMBER_MARK + number) if kind == "number" else _MARK % number


class Plan:
    """All holes that one document could have. `canonical` is the document's canonical form, `data` its text."""

    def __init__(self, document: Mapping[str, Any], data: bytes, canonical: bytes) -> None:
        self.data, self.canonical, self.shape = data, canonical, shape(data)
        self.pieces = split(data)
        self._document = _copy(document)
        walk(document)
        value = document["@context"]
        scopes = COMPILER.root((value,) if isinstance(value, str) else tuple(value)).reachable()
        self._shaping = _ALWAYS_SHAPE.union(*(scope.shaping_words() for scope in scopes))
        self._iri = _plain_iri({name for scope in scopes for name in scope.names_in_iris()})
        self._tokens = 0
        #: In the order of the text.
        self.holes: list[Hole] = self._settled(list(self._find(document, ())))

    @classmethod
    def of(cls, document: Mapping[str, Any], data: bytes, canonical: bytes) -> Plan | None:
        """The plan of a document; None where the quick walk has no word in it, or where it holds one of our marks."""
        if any(begin in data for begin in _NOT_INSIDE):
            return None
        try:
            return cls(document, data, canonical)
        except (errors.PlauditError, OutsideSubset):
            return None

    def differing(self, pieces: Sequence[bytes]) -> list[int] | None:
        """The holes in which another text, in pieces, differs; None when it differs elsewhere, too."""
        if len(pieces) != len(self.pieces):
            return None
        places = {place for place, piece in enumerate(pieces) if piece != self.pieces[place]}
        found = [number for number, hole in enumerate(self.holes) if not places.isdisjoint(hole.places)]
        same = all(len({pieces[place] for place in self.holes[number].places}) == 1 for number in found)
        return found if same and places == {place for number in found for place in self.holes[number].places} else None

    def text_form(self, numbers: Sequence[int]) -> tuple[bytes, list[int]]:
        """The text as a format of bytes with these holes open, and which of them, counted from 0, goes into each."""
        pieces = [piece.replace(b"%", b"%%") for piece in self.pieces]
        places: list[tuple[int, int]] = []
        for count, number in enumerate(numbers):
            hole = self.holes[number]
            for place in hole.places:
                pieces[place] = b"%b" if hole.kind == "number" else b'"%b"'
                places.append((place, count))
        return b"".join(pieces), [count for _, count in sorted(places)]

    def iris(self) -> Callable[[bytes], object]:
        """Matches any number of IRIs that mean themselves, each with a line feed after it."""
        return re.compile(b"(?:" + self._iri + b"\n)*+").fullmatch

    def marked(self, numbers: Sequence[int]) -> dict[str, Any]:
        """The document with marks in these holes, counted from 0."""
        holes = [self.holes[number] for number in numbers]
        return self._with_marks([(path, hole.kind) for hole in holes for path in hole.paths], _counts(holes))

    def members(self, numbers: Sequence[int]) -> frozenset[str]:
        """The document's members in which these holes are."""
        return frozenset(str(path[0]) for number in numbers for path in self.holes[number].paths)

    def _with_marks(self, places: Sequence[tuple[tuple[str | int, ...], str]], counts: Sequence[int]) -> dict[str, Any]:
        marked: dict[str, Any] = _copy(self._document)
        for (path, kind), count in zip(places, counts, strict=True):
            holder: Any = marked
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = _NUMBER_MARK + count if kind == "number" else _MARK % count
        return marked

    def _find(self, value: Any, path: tuple[str | int, ...]) -> Iterator[Hole]:
        """Candidates, in the order of the text, so that the place of each is known by counting strings and numbers."""
        kind = type(value)
        if kind is dict:
            for name, item in value.items():
                self._tokens += 1
                found = list(self._find(item, (*path, name)))
                yield from () if name in self._shaping else found
        elif kind is list:
            for index, item in enumerate(value):
                yield from self._find(item, (*path, index))
        elif kind is str or kind is int or kind is float:
            place = 2 * self._tokens + 1
            self._tokens += 1
            if kind is str or is_number(self.pieces[place]):
                yield Hole("text" if kind is str else "number", value, (path,), (place,))

    def _settled(self, found: Sequence[Hole]) -> list[Hole]:
        """Those of the candidates whose values become the whole text of literals, or ids that stand for themselves."""
        found = found[:_MAX_SLOTS]
        marked = self._with_marks([(hole.paths[0], hole.kind) for hole in found], range(len(found)))
        kinds = dict(_kinds(walk(marked)))
        settled: list[Hole] = []
        ids: dict[str | int, int] = {}
        for count, hole in enumerate(found):
            kind = kinds.get(mark(hole.kind, count))
            if kind == "text":
                settled.append(hole)
            elif kind == "iri" and self._means_itself(hole):
                if hole.value in ids:
                    first = settled[ids[hole.value]]
                    paths, places = first.paths + hole.paths, first.places + hole.places
                    settled[ids[hole.value]] = Hole("iri", hole.value, paths, places)
                    continue
                ids[hole.value] = len(settled)
                settled.append(Hole("iri", hole.value, hole.paths, hole.places))
        return settled

    def _means_itself(self, hole: Hole) -> bool:
        text = str(hole.value)
        return is_iri(text) and self.iris()(text.encode() + b"\n") is not None


def _counts(holes: Sequence[Hole]) -> list[int]:
    return [count for count, hole in enumerate(holes) for _ in hole.paths]


def _kinds(quads: Sequence[Quad]) -> Iterator[tuple[str, str]]:
    """Each mark that is the whole text of a term, and whether that is an IRI or a literal."""
    for term in {term for quad in quads for term in quad}:
        if match := MARKED_TERM.fullmatch(term):
            yield match[1], "iri" if match[2] == ">" else "text"


def _plain_iri(names: set[str]) -> bytes:
    """Matches an IRI before a line feed that means itself where contexts define these prefixes and IRIs."""
    words = "|".join(sorted(re.escape(name) for name in names))
    scheme = "[A-Za-z][A-Za-z0-9+.-]*:"
    other = rf"(?!(?:{words})[:\n]){scheme}" if words else scheme
    return rf'(?:{scheme}//|{other})[^\x00-\x20<>"{{}}|\\^`]*+'.encode()


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copy(item) for name, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value

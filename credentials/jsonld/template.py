r"""Templates: the canonical N-Quads of a document whose shape was met before, by filling in the values that vary.

A shape is a document's JSON text with holes: all members' names, types, contexts and list lengths stand in it, and
each hole is one string or number. A template is the canonical form of such a shape with the same holes. It is made by
walking the document once with marks in place of its values, and it is kept only when filling in the document's own
values gives, byte for byte, what canonicalisation gave. It says None, and the general way decides, whenever a value
could mean more than its text: an id that is no plain IRI, two blank nodes that look alike, two equal statements.

Only for text that `strict_json.dumps` wrote: such text tells strings from structure by its quotation marks alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from operator import eq, itemgetter
from typing import Any, Final

import orjson

from credentials import errors
from credentials.canonical import Quad, is_iri
from credentials.canonical.nquads import escape
from credentials.jsonld import contexts as ctx
from credentials.jsonld.contexts import COMPILER, OutsideSubset, Scope
from credentials.jsonld.walk import walk

#: Strings that are part of the shape whatever terms say: what the e-mail rule of the lint looks at.
_ALWAYS_SHAPE: Final = frozenset({"identityType"})
_SHAPING_KINDS: Final = frozenset({ctx.TYPE, ctx.CONTEXT, ctx.LANGUAGE, ctx.DIRECTION})
_HASHES: Final[dict[str, Callable[[bytes], Any]]] = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}

#: Marks in place of values: an IRI that is as good a literal, and an integer of 15 digits, whose double differs.
_MARK: Final = "urn:plaudit-slot:%d:"
_MARKED_TERM: Final = re.compile(r"""(?:<|")(?:urn:plaudit-slot:([0-9]+):|7230000000([0-9]{5}))(>|"(?:\^\^<[^>]*>)?)""")
_NUMBER_MARK: Final = 723_000_000_000_000
_MAX_SLOTS: Final = 2_000
#: Digits of a number in a hole: fewer than 2^53 has, so the integer is its digits.
_MAX_DIGITS: Final = 15

_NUMBER: Final = re.compile(rb"([^0-9]*)([0-9]+)([^0-9.eE-]*)")
#: What a literal cannot hold as it stands in JSON text: escapes of either syntax, and characters that only N-Quads
#: escapes (DEL, U+FFFE, U+FFFF; the first two bytes of the last two are enough to look closer).
_CLOSER_LOOK: Final = (b"\\", b"\x7f", b"\xef\xbf")
#: In place of an escaped backslash and an escaped quotation mark while text is split; JSON has no such characters.
_BACKSLASH, _QUOTE = b"\x01", b"\x02"
_DIGITS: Final = b"0123456789"


class Filled:
    """A document's text, split into what its shape fixes and what varies."""

    __slots__ = ("data", "pieces", "skeleton")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pieces = split(data)
        #: What stands outside of strings, without digits: shapes that differ here need no closer look.
        self.skeleton = b"".join(self.pieces[::2]).translate(None, _DIGITS)


def split(data: bytes) -> list[bytes]:
    """JSON text at its quotation marks: structure, string, structure, … (escapes in strings under stand-ins)."""
    if b"\\" in data:
        # In this order: the second backslash of a pair escapes nothing.
        data = data.replace(b"\\\\", _BACKSLASH).replace(b'\\"', _QUOTE)
    return data.split(b'"')


@dataclass(slots=True)
class _Blank:
    """One blank node's own lines, as they are hashed, with holes; and the last values and their hash."""

    form: bytes
    pick: Callable[[list[bytes]], tuple[bytes, ...]]
    ordered: bool
    last: tuple[tuple[bytes, ...], bytes]


class Template:
    """The canonical form of one shape. `hash` is the hash function that tells blank nodes apart ("sha256", "sha384")."""

    def __init__(self, plan: _Plan, quads: list[Quad], hash: str) -> None:
        self._digest = _HASHES[hash]
        self._fixed_at = itemgetter(*plan.fixed)
        self._fixed = self._fixed_at(plan.pieces)
        slots = plan.slots
        self._texts = [(number, slot.place) for number, slot in enumerate(slots) if slot.kind == "text"]
        self._numbers = [(number, slot) for number, slot in enumerate(slots) if slot.kind == "number"]
        self._places = [slot.place for slot in slots]
        self._iris = [number for number, slot in enumerate(slots) if slot.kind == "iri"]
        self._are_iris = plan.iris.fullmatch
        self._build(list(dict.fromkeys(quads)), len(slots), {slot.mark: number for number, slot in enumerate(slots)})

    def _build(self, quads: list[Quad], count: int, numbers: dict[str, int]) -> None:
        blanks = list(dict.fromkeys(term for quad in quads for term in quad if term[:2] == "_:"))
        self._names = [f"_:c14n{number}".encode() for number in range(len(blanks))]
        places = {label: count + number for number, label in enumerate(blanks)}
        forms = [_form(quad, lambda term: places.get(term, -1), numbers) for quad in quads]
        self._constant = sorted(form for form, holes in forms if not holes)
        self._form = b"".join(form for form, holes in forms if holes)
        self._pick = _picker([hole for _, holes in forms for hole in holes])
        self._blanks = [self._blank(label, quads, numbers) for label in blanks]

    def _blank(self, label: str, quads: list[Quad], numbers: dict[str, int]) -> _Blank:
        """The lines of one blank node (RDFC-1.0, 4.6): itself as _:a, every other as _:z."""
        own = [tuple(_masked(term, label) for term in quad) for quad in quads if label in quad]
        forms = sorted(_form(quad, lambda _: -1, numbers) for quad in own)  # type: ignore[arg-type]
        ordered = _keep_their_order([form for form, _ in forms])
        return _Blank(
            b"".join(form for form, _ in forms),
            _picker([hole for _, holes in forms for hole in holes]),
            ordered,
            ((b"",), b""),
        )

    def matches(self, filled: Filled) -> bool:
        """Say whether the text has this shape. Its skeleton was compared before."""
        return bool(self._fixed_at(filled.pieces) == self._fixed)

    def fill(self, filled: Filled) -> bytes | None:
        """The canonical N-Quads of a text that `matches`, as UTF-8; None when the general way must decide."""
        values = self._values(filled)
        if values is None:
            return None
        if self._blanks:
            labels = self._labels(values)
            if labels is None:
                return None
            values += labels
        lines = (self._form % self._pick(values)).split(b"\n")
        lines.pop()
        lines += self._constant
        lines.sort()
        if any(map(eq, lines, islice(lines, 1, None))):
            return None
        lines.append(b"")
        return b"\n".join(lines)

    def _values(self, filled: Filled) -> list[bytes] | None:
        pieces = filled.pieces
        values = [pieces[place] for place in self._places]
        if not self._are_iris(b"\n".join([values[number] for number in self._iris])):
            return None
        if any(map(filled.data.__contains__, _CLOSER_LOOK)):
            for number, place in self._texts:
                values[number] = _escaped(pieces[place])
        for number, slot in self._numbers:
            digits = slot.digits(values[number])
            if digits is None:
                return None
            values[number] = digits
        return values

    def _labels(self, values: list[bytes]) -> list[bytes] | None:
        """The canonical label of each blank node; None when hashes are shared (RDFC-1.0, 4.4.3)."""
        digests = [self._first_degree(blank, values) for blank in self._blanks]
        order = sorted(range(len(digests)), key=digests.__getitem__)
        if len(set(digests)) < len(digests):
            return None
        labels = [b""] * len(order)
        for name, number in zip(self._names, order, strict=True):
            labels[number] = name
        return labels

    def _first_degree(self, blank: _Blank, values: list[bytes]) -> bytes:
        own = blank.pick(values)
        before, digest = blank.last
        # Most nodes (the project, its skills, the issuer) are the same from record to record.
        if own == before:
            return digest
        text = blank.form % own
        if not blank.ordered:
            text = b"".join(sorted(text.splitlines(keepends=True)))
        digest = self._digest(text).digest()
        blank.last = own, digest
        return digest


def make(document: Mapping[str, Any], filled: Filled, canonical: bytes, *, hash: str) -> Template | None:
    """The template of a document whose text and canonical form are known; None when its shape has none."""
    plan = _Plan(document, filled)
    try:
        quads = plan.marked_quads()
    except (errors.PlauditError, OutsideSubset):
        return None
    if quads is None:
        return None
    template = Template(plan, quads, hash)
    return template if template.matches(filled) and template.fill(filled) == canonical else None


@dataclass(slots=True)
class _Slot:
    """A hole: its path in the document, its place among the text's pieces, and how it is read.

    `kind` is "text", "iri", "number", or "" for a value that turned out to be part of the shape. A number stands in a
    piece of structure, between `before` and `after`.
    """

    path: tuple[str | int, ...]
    place: int
    value: str | int
    kind: str = ""
    mark: str = ""
    before: bytes = b""
    after: bytes = b""

    def digits(self, piece: bytes) -> bytes | None:
        """The digits of the number in a piece of structure; None when it is not a plain number in the same place."""
        digits = piece[len(self.before) : len(piece) - len(self.after)]
        right = piece.startswith(self.before) and piece.endswith(self.after) and digits.isdigit()
        return digits if right and len(digits) <= _MAX_DIGITS else None


class _Plan:
    """Finds out which values of one document are holes, by walking it with marks in their place."""

    def __init__(self, document: Mapping[str, Any], filled: Filled) -> None:
        self._document = document
        self._data = filled.data
        self.pieces = filled.pieces
        value = document["@context"]
        root = COMPILER.root((value,) if isinstance(value, str) else tuple(value))
        walk(document)
        scopes = root.reachable()
        names = {name for scope in scopes for name in scope.names()}
        self._shaping = _ALWAYS_SHAPE.union(*(scope.shaping_words(_SHAPING_KINDS) for scope in scopes))
        self._usable = not any(":" in name for name in names)
        #: One or more IRIs that no prefix of the contexts applies to, a line each.
        prefixes = "|".join(sorted(map(re.escape, {name for scope in scopes for name in scope.prefixes()})))
        scheme = r"[A-Za-z][A-Za-z0-9+.-]*:"
        one = rf"(?:{scheme}//|(?!(?:{prefixes}):){scheme})[^\x00-\x20<>\"{{}}|\\^`]*"
        self.iris = re.compile(rf"(?:{one}(?:\n{one})*+)?".encode())
        self._tokens = 0
        self.slots = [slot for slot in self._find(document, ()) if slot.kind]
        self.fixed: list[int] = []

    def marked_quads(self) -> list[Quad] | None:
        """Settle the slots; the quads of the document with marks in them. None when there can be no template."""
        if not self._usable or b"plaudit-slot" in self._data or b"7230000000" in self._data:
            return None
        if not 0 < len(self.slots) <= _MAX_SLOTS:
            return None
        quads = walk(self._marked())
        self._settle(quads)
        self.slots = [slot for slot in self.slots if slot.kind]
        places = {slot.place for slot in self.slots}
        self.fixed = [place for place in range(len(self.pieces)) if place not in places]
        return walk(self._marked()) if self.slots and len(self.fixed) > 1 else None

    def _find(self, value: Any, path: tuple[str | int, ...]) -> Iterator[_Slot]:
        """Candidates, in the order of the text, so that the place of each is known by counting strings."""
        if type(value) is dict:
            for name, item in value.items():
                self._tokens += 1
                found = list(self._find(item, (*path, name)))
                yield from () if name in self._shaping else found
        elif type(value) is list:
            for index, item in enumerate(value):
                yield from self._find(item, (*path, index))
        elif type(value) is str:
            self._tokens += 1
            yield _Slot(path, 2 * self._tokens - 1, value, "text")
        elif type(value) is int and value >= 0:
            yield self._number(path, value)

    def _number(self, path: tuple[str | int, ...], value: int) -> _Slot:
        slot = _Slot(path, 2 * self._tokens, value)
        match = _NUMBER.fullmatch(self.pieces[slot.place])
        if match and match[2] == str(value).encode():
            slot.kind, slot.before, slot.after = "number", match[1], match[3]
        return slot

    def _marked(self) -> dict[str, Any]:
        marked = _copy(self._document)
        for number, slot in enumerate(self.slots):
            holder = marked
            for step in slot.path[:-1]:
                holder = holder[step]
            holder[slot.path[-1]] = _MARK % number if slot.kind != "number" else _NUMBER_MARK + number
            slot.mark = str(holder[slot.path[-1]])
        return marked

    def _settle(self, quads: list[Quad]) -> None:
        """Keep as slots the values that became the whole text of literals, or ids that stand for themselves."""
        seen: dict[int, set[str]] = {}
        for term in {term for quad in quads for term in quad}:
            if match := _MARKED_TERM.fullmatch(term):
                seen.setdefault(int(match[1] or match[2]), set()).add("iri" if match[3] == ">" else "text")
        for number, slot in enumerate(self.slots):
            kind = "".join(seen.get(number, ()))
            if slot.kind == "text":
                whole = kind == "iri" and is_iri(str(slot.value)) and self.iris.fullmatch(str(slot.value).encode())
                slot.kind = kind if kind == "text" or whole else ""
            elif kind != "text":
                slot.kind = ""


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copy(item) for name, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _form(quad: Quad, blank: Callable[[str], int], numbers: dict[str, int]) -> tuple[bytes, list[int]]:
    """One line of N-Quads as a format of bytes, and which value goes into each of its holes."""
    text, holes = "", []
    for term in quad:
        if blank(term) >= 0:
            holes.append(blank(term))
            term = "%b"
        elif (match := _MARKED_TERM.fullmatch(term)) and term[1 : 1 - len(match[3])].rstrip('"') in numbers:
            holes.append(numbers[term[1 : 1 - len(match[3])].rstrip('"')])
            term = term[0] + "%b" + match[3].replace("%", "%%")
        else:
            term = term.replace("%", "%%")
        text += term + " " if term else ""
    line = text + ".\n"
    return (line if holes else (line % ())[:-1]).encode(), holes

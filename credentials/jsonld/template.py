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
from itertools import islice, pairwise
from operator import eq, itemgetter
from typing import Any, Final

import orjson

from credentials import errors
from credentials.canonical import Quad, is_iri
from credentials.canonical.nquads import escape
from credentials.jsonld.contexts import COMPILER, OutsideSubset
from credentials.jsonld.walk import walk

#: Strings that are part of the shape whatever terms say: what the e-mail rule of the lint looks at.
_ALWAYS_SHAPE: Final = frozenset({"identityType"})
_HASHES: Final[dict[str, Callable[[bytes], Any]]] = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}

#: Marks in place of values: an IRI that is as good a literal, and an integer of 15 digits, whose double differs.
_MARK: Final = "urn:plaudit-slot:%d:"
_MARKED_TERM: Final = re.compile(r'[<"](urn:plaudit-slot:[0-9]+:|7230000000[0-9]{5})(>|"(?:\^\^<[^>]*>|@[a-z0-9-]+)?)')
_NUMBER_MARK: Final = 723_000_000_000_000
_MAX_SLOTS: Final = 2_000
#: Digits of a number in a hole: fewer than 2^53 has, so the integer is its digits.
_MAX_DIGITS: Final = 15
#: Between blocks of lines; no canonical N-Quads hold it.
_BLOCK: Final = b"\x00"

_NUMBER: Final = re.compile(rb"([^0-9]*)([0-9]+)([^0-9.eE-]*)")
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
    last: tuple[tuple[bytes, ...], bytes] = (b"",), b""


class Template:
    """The canonical form of one shape. `hash` is the function that tells blank nodes apart: "sha256" or "sha384"."""

    def __init__(self, plan: _Plan, quads: list[Quad], hash: str) -> None:
        #: Set by whoever found all other documents of this shape to be in order where only the shape decides.
        self.approved = False
        self._digest = _HASHES[hash]
        self._fixed_at, self._fixed = _picker(plan.fixed), tuple(plan.pieces[place] for place in plan.fixed)
        self._count, self._same = len(plan.pieces), plan.same
        slots = plan.slots
        self._slot_values = _picker([slot.place for slot in slots])
        self._texts = [number for number, slot in enumerate(slots) if slot.kind == "text"]
        self._numbers = [(number, slot) for number, slot in enumerate(slots) if slot.kind == "number"]
        self._iris = _picker([number for number, slot in enumerate(slots) if slot.kind == "iri"])
        self._are_iris = plan.iris.fullmatch
        self._build(list(dict.fromkeys(quads)), {slot.mark: number for number, slot in enumerate(slots)})

    def _build(self, quads: list[Quad], numbers: dict[str, int]) -> None:
        blanks = list(dict.fromkeys(term for quad in quads for term in quad if term[:2] == "_:"))
        self._names = [f"_:c14n{number}".encode() for number in range(len(blanks))]
        holes = {**numbers, **{label: len(numbers) + number for number, label in enumerate(blanks)}}
        by_subject: dict[str, list[Quad]] = {}
        for quad in quads:
            by_subject.setdefault(quad[0], []).append(quad)
        blocks = [block for own in by_subject.values() for block in _blocks(own, holes)]
        self._form = _BLOCK.join(form for form, _ in blocks)
        self._pick = _picker([hole for _, holes in blocks for hole in holes])
        subjects = [(subject, _form((subject,), holes)[1]) for subject in by_subject]
        self._subjects = _picker([hole for _, found in subjects for hole in found])
        self._fixed_subjects = [subject[1:-1].encode() for subject, found in subjects if not found]
        self._blanks = [self._blank(label, quads, numbers) for label in blanks]

    def _blank(self, label: str, quads: list[Quad], numbers: dict[str, int]) -> _Blank:
        """The lines of one blank node (RDFC-1.0, 4.6): itself as _:a, every other as _:z."""
        own = [
            (_masked(s, label), p, _masked(o, label), _masked(g, label)) for s, p, o, g in quads if label in (s, o, g)
        ]
        forms = sorted(_form(quad, numbers) for quad in own)
        pick = _picker([hole for _, holes in forms for hole in holes])
        return _Blank(b"".join(form for form, _ in forms), pick, _keep_their_order([form for form, _ in forms]))

    def matches(self, filled: Filled) -> bool:
        """Say whether the text has this shape."""
        pieces = filled.pieces
        if len(pieces) != self._count or self._fixed_at(pieces) != self._fixed:
            return False
        return all(pieces[a] == pieces[b] for a, b in self._same)

    def fill(self, filled: Filled) -> bytes | None:
        """The canonical N-Quads of a text that `matches`, as UTF-8; None when the general way must decide."""
        values = self._values(filled)
        if values is None or not self._add_labels(values):
            return None
        subjects = [*self._subjects(values), *self._fixed_subjects]
        blocks = (self._form % self._pick(values)).split(_BLOCK)
        blocks.sort()
        if len(set(subjects)) < len(subjects) or any(map(eq, blocks, islice(blocks, 1, None))):
            return None
        return b"".join(blocks)

    def _values(self, filled: Filled) -> list[bytes] | None:
        values = list(self._slot_values(filled.pieces))
        if not self._are_iris(b"\n".join(self._iris(values))):
            return None
        data = filled.data
        # What JSON text may hold and a literal may not, or in another form: escapes, DEL, U+FFFE and U+FFFF.
        if b"\\" in data or b"\x7f" in data or (b"\xef" in data and b"\xef\xbf" in data):
            for number in self._texts:
                values[number] = _escaped(values[number])
        for number, slot in self._numbers:
            digits = slot.digits(values[number])
            if digits is None:
                return None
            values[number] = digits
        return values

    def _add_labels(self, values: list[bytes]) -> bool:
        """Add the canonical label of each blank node; False when hashes are shared (RDFC-1.0, 4.4.3)."""
        digests = []
        for blank in self._blanks:
            own = blank.pick(values)
            before, digest = blank.last
            # Most nodes (the project, its skills, the issuer) are the same from record to record.
            if own != before:
                digest = self._first_degree(blank, own)
                blank.last = own, digest
            digests.append(digest)
        order = dict(zip(sorted(digests), self._names, strict=True))
        values += [order[digest] for digest in digests]
        return len(order) == len(digests)

    def _first_degree(self, blank: _Blank, own: tuple[bytes, ...]) -> bytes:
        text = blank.form % own
        if not blank.ordered:
            text = b"".join(sorted(text.splitlines(keepends=True)))
        return bytes(self._digest(text).digest())


def make(document: Mapping[str, Any], filled: Filled, canonical: bytes, *, hash: str) -> Template | None:
    """The template of a document whose text and canonical form are known; None when its shape has none."""
    try:
        plan = _Plan(document, filled)
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
        walk(document)
        value = document["@context"]
        scopes = COMPILER.root((value,) if isinstance(value, str) else tuple(value)).reachable()
        self._shaping = _ALWAYS_SHAPE.union(*(scope.shaping_words() for scope in scopes))
        self.iris = _plain_iris({name for scope in scopes for name in scope.names_in_iris()})
        self._tokens = 0
        self.slots = [slot for slot in self._find(document, ()) if slot.kind]
        self.fixed: list[int] = []
        #: Places of equal ids: one node, or a reference to it.
        self.same: list[tuple[int, int]] = []

    def marked_quads(self) -> list[Quad] | None:
        """Settle the slots; the quads of the document with marks in them. None when there can be no template."""
        if b"plaudit-slot" in self._data or b"7230000000" in self._data or len(self.slots) > _MAX_SLOTS:
            return None
        quads = walk(self._marked())
        self._settle(quads)
        self.slots = [slot for slot in self.slots if slot.kind]
        places = {slot.place for slot in self.slots}
        self.fixed = [place for place in range(len(self.pieces)) if place not in places]
        quads = walk(self._marked())
        first: dict[str | int, _Slot] = {}
        for slot in [slot for slot in self.slots if slot.kind == "iri"]:
            if slot.value in first:
                self.same.append((first[slot.value].place, slot.place))
                self.slots.remove(slot)
            first.setdefault(slot.value, slot)
        return quads

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
        """The document with a mark for each slot; equal ids have equal marks, so that they stay one node."""
        marked: dict[str, Any] = _copy(self._document)
        marks: dict[str | int, str] = {}
        for number, slot in enumerate(self.slots):
            holder: Any = marked
            for step in slot.path[:-1]:
                holder = holder[step]
            slot.mark = _MARK % number if slot.kind != "number" else str(_NUMBER_MARK + number)
            if slot.kind == "iri":
                slot.mark = marks.setdefault(slot.value, slot.mark)
            holder[slot.path[-1]] = slot.mark if slot.kind != "number" else _NUMBER_MARK + number
        return marked

    def _settle(self, quads: list[Quad]) -> None:
        """Keep as slots the values that became the whole text of literals, or ids that stand for themselves."""
        kinds = {}
        for term in {term for quad in quads for term in quad}:
            if match := _MARKED_TERM.fullmatch(term):
                kinds[match[1]] = "iri" if match[2] == ">" else "text"
        for slot in self.slots:
            kind = kinds.get(slot.mark, "")
            if slot.kind == "text":
                whole = is_iri(str(slot.value)) and self.iris.fullmatch(str(slot.value).encode())
                slot.kind = kind if kind == "text" or whole else ""
            elif kind != "text":
                slot.kind = ""


def _plain_iris(names: set[str]) -> re.Pattern[bytes]:
    """Matches no IRI or several, a line each, that mean themselves where contexts define these prefixes and IRIs."""
    words = "|".join(sorted(re.escape(name) for name in names)) or "(?!)"
    scheme = "[A-Za-z][A-Za-z0-9+.-]*:"
    one = rf"(?:{scheme}//|(?!(?:{words})(?:[:\n]|$)){scheme})[^\x00-\x20<>\"{{}}|\\^`]*"
    return re.compile(rf"(?:{one}(?:\n{one})*)?".encode())


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copy(item) for name, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _form(quad: tuple[str, ...], holes: Mapping[str, int]) -> tuple[bytes, list[int]]:
    """One line of N-Quads as a format of bytes, and which value goes into each of its holes.

    `holes` gives the value's number for each blank node label and each mark.
    """
    text, numbers = "", []
    for term in filter(None, quad):
        match = _MARKED_TERM.fullmatch(term)
        if term in holes:
            numbers.append(holes[term])
            text += "%b "
        elif match:
            numbers.append(holes[match[1]])
            text += f"{term[0]}%b{match[2].replace('%', '%%')} "
        else:
            text += term.replace("%", "%%") + " "
    return f"{text}.\n".encode(), numbers


def _blocks(quads: list[Quad], holes: Mapping[str, int]) -> list[tuple[bytes, list[int]]]:
    """The lines of one subject: as one block when its lines keep their order whatever is filled in, else one by one."""
    forms = sorted((_form(quad[1:], holes), _form(quad, holes)) for quad in quads)
    lines = [line for _, line in forms]
    if not _keep_their_order([form for (form, _), _ in forms]):
        return lines
    return [(b"".join(form for form, _ in lines), [hole for _, found in lines for hole in found])]


def _masked(term: str, label: str) -> str:
    return term if term[:2] != "_:" else "_:a" if term == label else "_:z"


def _keep_their_order(forms: list[bytes]) -> bool:
    """Say whether lines of these sorted formats stay sorted whatever fills their holes."""
    starts = [form.partition(b"%")[0] for form in forms]
    return not any(b.startswith(a) or a.startswith(b) for a, b in pairwise(starts))


def _picker(numbers: list[int]) -> Callable[[list[bytes]], tuple[bytes, ...]]:
    """Picks these items of a list, as a tuple however few they are."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda values: tuple(values[number] for number in numbers)


def _escaped(piece: bytes) -> bytes:
    """The text of a JSON string as a literal of N-Quads has it."""
    text = piece.replace(_QUOTE, b'\\"').replace(_BACKSLASH, b"\\\\")
    return escape(orjson.loads(b'"%b"' % text)).encode()

r"""Templates: the canonical forms of documents like one met before, by filling in what varies.

A template is one document with holes: all else stands fast, member names, types and the values that never varied so
far alike. A document's values are put into the template's text; when that gives the document's own text, all else is
the same, byte for byte, and so is everything that was found out about it: canonical lines, hashes of blank nodes. Left
to do for each document are the lines with holes, and the labels.

Whatever could mean more than its text is left to the general way: an id that is no plain IRI, two ids that meet, two
blank nodes that look alike, two equal statements. A template is kept only when it gives, byte for byte, what
canonicalisation gave.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any, Final

import orjson

from credentials import canonical, errors, strict_json
from credentials.canonical import Quad
from credentials.canonical.nquads import escape
from credentials.jsonld.contexts import OutsideSubset
from credentials.jsonld.plan import MARKED_TERM, MARKED_VALUE, Hole, Plan, is_number, mark
from credentials.jsonld.walk import walk

_HASHES: Final[dict[str, Callable[[bytes], Any]]] = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}
#: What every canonical label begins with (RDFC-1.0, 4.5); a label's number alone fills its hole.
_LABEL: Final = "_:c14n"
#: Blank nodes of a document whose lines are kept under each label that they had: at most this many times this many.
_MOST_KEPT: Final = 40


class Template:
    """The documents that differ from one in some holes only. `hash` tells blank nodes apart: "sha256" or "sha384"."""

    def __init__(self, plan: Plan, numbers: Sequence[int], hash: str) -> None:
        """`numbers` are those holes of the plan that are open."""
        self.plan, self.numbers, self._digest = plan, numbers, _HASHES[hash]
        #: The members of the document in which holes are.
        self.members = plan.members(numbers)
        #: Set by whoever judged a document of this template, to whatever still decides about another one.
        self.approved: Any = None
        #: How often it was opened in more holes, or that was tried.
        self.widenings = 0
        holes = [plan.holes[number] for number in numbers]
        self._paths = [hole.paths[0] for hole in holes]
        self._text, places = plan.text_form(numbers)
        self._into_text = _picker(places)
        self._texts = _of_kind(holes, "text")
        self._numbers = _of_kind(holes, "number")
        self._iris, self._are_iris = _picker(_of_kind(holes, "iri")), plan.iris()
        marked = plan.marked(numbers)
        self.json_form, self.pick_json = _json_form(canonical.jcs(marked))
        quads = list(dict.fromkeys(walk(marked)))
        self._build(quads, {mark(hole.kind, count): count for count, hole in enumerate(holes)})

    def _build(self, quads: list[Quad], marks: dict[str, int]) -> None:
        labels = list(dict.fromkeys(term for quad in quads for term in quad if term[:2] == "_:"))
        self.names = [str(number).encode() for number in range(len(labels))]
        holes = {**marks, **{label: len(marks) + number for number, label in enumerate(labels)}}
        own: dict[str, list[Quad]] = {}
        for quad in quads:
            own.setdefault(quad[0], []).append(quad)
        lines = {subject: _Lines.of(found, holes) for subject, found in own.items()}
        self._subjects(own, holes)
        self.named = [lines[subject] for subject in own if subject[0] == "<"]
        self.described = [lines.get(label) or _Lines.of([], holes) for label in labels]
        for label, found in zip(labels, self.described, strict=True):
            if set(found.holes) == {holes[label]} and len(labels) <= _MOST_KEPT:
                found.kept = {}
        #: The ranks of the nodes' labels in the order in which labels sort as text.
        self.by_text = sorted(range(len(labels)), key=self.names.__getitem__)
        #: Where two equal statements may come about: the same property with values that vary.
        self._loose = [found for found in lines.values() if not found.ordered and found.varies(len(marks))]
        self._hash_nodes([_masked_lines(label, quads, marks) for label in labels])

    def _subjects(self, own: Iterable[str], holes: Mapping[str, int]) -> None:
        found = [(subject, _form((subject,), holes)[1]) for subject in own if subject[0] == "<"]
        self._open_subjects = _picker([hole for _, open_ in found for hole in open_])
        self._fixed_subjects = frozenset(subject[1:-1].encode() for subject, open_ in found if not open_)

    def _hash_nodes(self, nodes: list[_Lines]) -> None:
        """Hash what no hole touches, and remember which nodes one does (RDFC-1.0, 4.6)."""
        self._touched = [(number, node) for number, node in enumerate(nodes) if node.fixed is None]
        self._digests: list[bytes] = [self._digest(node.fixed or b"").digest() for node in nodes]

    def read(self, document: Mapping[str, Any], data: bytes) -> Reading | None:
        """Take the values out of a document that `strict_json.dumps` wrote as `data`; None when that cannot be done.

        A reading says that the statements are the template's with these values in them, and that nothing is lost.
        """
        raw = self._values(document)
        # The proof that nothing else differs, whatever the document did to its own reader.
        if raw is None or self._text % self._into_text(raw) != data:
            return None
        if not self._are_iris(b"\n".join((*self._iris(raw), b""))):
            return None
        together = b"\n".join(raw)
        values = raw
        # What JSON text may hold and a literal may not, or in another form: escapes, DEL, U+FFFE and U+FFFF.
        if b"\\" in together or b"\x7f" in together or b"\xef\xbf" in together:
            values = self._escaped(raw)
        subjects = self._open_subjects(values)
        if len(set(subjects)) < len(subjects) or not self._fixed_subjects.isdisjoint(subjects):
            return None
        return Reading(self, raw, values)

    def digests(self, values: tuple[bytes, ...]) -> list[bytes] | None:
        """The hash of each blank node; None when two are alike, or two statements are equal."""
        digests = self._digests.copy()
        for node, lines in self._touched:
            digests[node] = self._digest(lines.write(values)).digest()
        if len(set(digests)) < len(digests) or (self._loose and self._has_repeats([*values, *self.names])):
            return None
        return digests

    def _values(self, document: Mapping[str, Any]) -> tuple[bytes, ...] | None:
        """What stands in the holes, as JSON writes it, strings without their quotation marks."""
        found = []
        try:
            for path in self._paths:
                value: Any = document
                for step in path:
                    value = value[step]
                found.append(orjson.dumps(value))
        except (LookupError, TypeError):
            return None
        for number in self._numbers:
            if not is_number(found[number]):
                return None
            found[number] = b" %b " % found[number]
        return tuple([value[1:-1] for value in found])

    def _escaped(self, raw: tuple[bytes, ...]) -> tuple[bytes, ...]:
        values = list(raw)
        for number in self._texts:
            values[number] = escape(orjson.loads(b'"%b"' % raw[number])).encode()
        return tuple(values)

    def _has_repeats(self, values: Sequence[bytes]) -> bool:
        found = [lines.write(values).splitlines() for lines in self._loose]
        return any(len(set(lines)) < len(lines) for lines in found)


class Reading:
    """One document by its template: the values that were taken out, and what they lead to."""

    __slots__ = ("_raw", "_values", "template")

    def __init__(self, template: Template, raw: tuple[bytes, ...], values: tuple[bytes, ...]) -> None:
        """The values as JSON has them, and as N-Quads do."""
        self.template = template
        self._raw, self._values = raw, values

    def nquads(self) -> bytes | None:
        """The canonical N-Quads, as UTF-8; None where more than filling in is needed to tell blank nodes apart."""
        template = self.template
        digests = template.digests(self._values)
        if digests is None:
            return None
        # Blank nodes get their labels in the order of their hashes (RDFC-1.0, 4.4.3).
        order = sorted(range(len(digests)), key=digests.__getitem__)
        labels = [b""] * len(order)
        for node, name in zip(order, template.names, strict=True):
            labels[node] = name
        values = [*self._values, *labels]
        blocks = [lines.fixed or lines.write(values) for lines in template.named]
        blocks.sort()
        # The hot loop of issuing. Every "<" sorts before "_".
        for rank in template.by_text:
            lines = template.described[order[rank]]
            if lines.kept is None:
                blocks.append(lines.write(values))
                continue
            block = lines.kept.get(rank)
            if block is None:
                block = lines.kept[rank] = lines.write(values)
            blocks.append(block)
        return b"".join(blocks)

    def jcs(self) -> bytes:
        """The document's canonical JSON (RFC 8785)."""
        return self.template.json_form % self.template.pick_json(self._raw)


def make(plan: Plan, numbers: Sequence[int], hash: str, others: Iterable[tuple[bytes, bytes]] = ()) -> Template | None:
    """The template of a plan with these holes open; None when there is none.

    It must give the canonical form of the plan's document, and of others that are given with theirs.
    """
    try:
        template = Template(plan, numbers, hash)
    except (errors.PlauditError, OutsideSubset):
        return None
    for data, canonical_form in [(plan.data, plan.canonical), *others]:
        document = strict_json.loads_object(data)
        reading = template.read(document, data)
        if reading is None or reading.nquads() != canonical_form or reading.jcs() != canonical.jcs(document):
            return None
    return template


@dataclass(slots=True)
class _Lines:
    """Lines of N-Quads with holes: a format, and which values go into it. `fixed` are they where there is no hole."""

    form: bytes
    holes: Sequence[int]
    pick: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    #: Among the values: labels in lines that are the same otherwise, so that sorting the labels sorts the lines.
    runs: Sequence[slice]
    #: Do the lines stay sorted then, whatever fills the holes?
    ordered: bool
    fixed: bytes | None
    #: By rank of the label, where that is all that varies.
    kept: dict[int, bytes] | None = None

    @classmethod
    def of(cls, quads: Sequence[tuple[str, ...]], holes: Mapping[str, int]) -> _Lines:
        # The lines of one subject are told apart by what follows it, whatever fills it.
        skipped = 1 if len({quad[0] for quad in quads}) == 1 else 0
        lines = sorted((_form(quad[skipped:], holes), _form(quad, holes)) for quad in quads)
        form = b"".join(form for _, (form, _) in lines)
        numbers = [hole for _, (_, found) in lines for hole in found]
        labels = [[number] for term, number in holes.items() if term[:2] == "_:"]
        runs, ordered = _runs([(end, found in labels, len(all_)) for (end, found), (_, all_) in lines])
        return cls(form, numbers, _picker(numbers), runs, ordered, None if numbers else form % ())

    def varies(self, count: int) -> bool:
        """Is there a hole among them that is one of the first `count`: a value, not a label?"""
        return any(hole < count for hole in self.holes)

    def write(self, values: Sequence[bytes]) -> bytes:
        """The lines, sorted, with these values in their holes."""
        own = self.pick(values)
        if self.runs:
            sorted_ = list(own)
            for run in self.runs:
                sorted_[run] = sorted(sorted_[run])
            own = tuple(sorted_)
        text = self.form % own
        return text if self.ordered else b"".join(sorted(text.splitlines(keepends=True)))


def _masked_lines(label: str, quads: Iterable[Quad], marks: Mapping[str, int]) -> _Lines:
    """The lines of one blank node as they are hashed (RDFC-1.0, 4.6): itself as _:a, every other as _:z."""
    own = [quad for quad in quads if label in (quad[0], quad[2], quad[3])]
    return _Lines.of([(_masked(s, label), p, _masked(o, label), _masked(g, label)) for s, p, o, g in own], marks)


def _of_kind(holes: Iterable[Hole], kind: str) -> list[int]:
    return [count for count, hole in enumerate(holes) if hole.kind == kind]


def _masked(term: str, label: str) -> str:
    return term if term[:2] != "_:" else "_:a" if term == label else "_:z"


def _form(terms: Iterable[str], holes: Mapping[str, int]) -> tuple[bytes, list[int]]:
    """One line of N-Quads as a format of bytes, and which value goes into each of its holes.

    `holes` gives the value's number for each blank node label and each mark.
    """
    text, numbers = "", []
    for term in filter(None, terms):
        match = MARKED_TERM.fullmatch(term)
        if term in holes:
            numbers.append(holes[term])
            text += f"{_LABEL}%b "
        elif match:
            numbers.append(holes[match[1]])
            text += f"{term[0]}%b{match[2].replace('%', '%%')} "
        else:
            text += term.replace("%", "%%") + " "
    return f"{text}.\n".encode(), numbers


def _json_form(text: bytes) -> tuple[bytes, Callable[[Sequence[bytes]], tuple[bytes, ...]]]:
    """Canonical JSON with marks in it as a format of bytes, and what picks the values that go into it."""
    numbers = [int(match[1] or match[2]) for match in MARKED_VALUE.finditer(text)]
    return MARKED_VALUE.sub(b"%b", text.replace(b"%", b"%%")), _picker(numbers)


def _runs(lines: Sequence[tuple[bytes, bool, int]]) -> tuple[list[slice], bool]:
    """Runs of labels that can be sorted instead of their lines; and whether nothing else can change the lines' order.

    A line is what tells it apart from others, whether one label is all that fills that, and how many values it has.
    """
    runs: list[slice] = []
    ordered, place = True, 0
    for (one, by_label, count), (next_, _, _) in pairwise(lines):
        place += count
        a, b = one.partition(b"%")[0], next_.partition(b"%")[0]
        if one == next_ and by_label:
            if not runs or runs[-1].stop != place:
                runs.append(slice(place - 1, place, count))
            runs[-1] = slice(runs[-1].start, place + count, count)
        elif (a.startswith(b) or b.startswith(a)) and b"%b" in one + next_:
            ordered = False
    return runs, ordered


def _picker(numbers: Sequence[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    """Picks these items of a sequence, as a tuple however few they are."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda values: tuple(values[number] for number in numbers)

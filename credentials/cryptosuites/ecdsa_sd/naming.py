"""Names the nodes of a document by where they stand, so that a part of it has the same names; it selects nothing.

The specification expands and compacts the whole document to give every node without an id one of its own. Documents
here are compacted already, so an id is written into every object that has none. Which objects are nodes the quads say:
an object is one exactly when its id comes out as a term. What this did to the document is checked, not assumed: its
canonical form must be the one it had.

Blank nodes that no object stands for, the cells of lists, are named by the statement that leads to them.

Source: Data Integrity ECDSA Cryptosuites 1.0, 3.4 (skolemizeCompactJsonLd, toDeskolemizedNQuads).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from itertools import count
from typing import Any, Final

from credentials import canonical, errors, jsonld
from credentials.canonical import Quad

_PREFIX: Final = "urn:bnid:"
#: Objects with one of these are no nodes, or have an id.
_NEEDS_NO_ID: Final = ("@id", "id", "@value", "@list", "@set")


class NamedDocument:
    """A document in which every node has a name.

    `document` is the JSON with ids written in, `nquads` its canonical form without them, and `canonical_labels` maps
    the names (`_:n3`) to canonical labels (`_:c14n0`). Construction raises what `jsonld.to_quads` and
    `canonical.canonicalize` raise, and `errors.NotSelectable`.
    """

    def __init__(self, document: Mapping[str, Any], *, allow_inline_contexts: bool) -> None:
        self._inline = allow_inline_contexts
        #: Names of nodes without an object, by the subject and predicate that lead to them.
        self._led_to: dict[tuple[str, str], str] = {}
        before = canonical.canonicalize(self._to_quads(document)).nquads
        try:
            self.document = self._with_ids(document)
            quads = self.quads_of(self.document)
        except (errors.DataLoss, errors.MalformedJsonLd, errors.JsonLdLimit) as error:
            raise errors.NotSelectable(f"the objects cannot be given ids: {error.detail}") from error
        form = canonical.canonicalize(quads)
        if form.nquads != before:
            raise errors.NotSelectable("the nodes cannot be given ids without changing what the document says")
        self.nquads = form.nquads
        self.canonical_labels = form.labels

    def quads_of(self, part: Mapping[str, Any]) -> list[Quad]:
        """The quads of `document`, or of a part cut out of it, by the names of the whole."""
        quads = self._to_quads(part)
        names = {**self._names, **self._names_led_to(quads)}
        return [(names.get(s, s), p, names.get(o, o), names.get(g, g)) for s, p, o, g in quads]

    def _to_quads(self, document: Mapping[str, Any]) -> list[Quad]:
        return jsonld.to_quads(document, allow_inline_contexts=self._inline)

    def _with_ids(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with ids in its nodes; ids that came out as no term stood in JSON literals and go again."""
        numbers = count()
        everywhere: dict[str, Any] = _write_ids(document, numbers, ())
        ids = {f"<{_PREFIX}{number}>": number for number in range(next(numbers))}
        terms = {term for s, _, o, _ in self._to_quads(everywhere) for term in (s, o)}
        self._names = {iri: f"_:n{number}" for iri, number in ids.items() if iri in terms}
        needless = {number for iri, number in ids.items() if iri not in terms}
        with_ids: dict[str, Any] = _write_ids(document, count(), needless) if needless else everywhere
        return with_ids

    def _names_led_to(self, quads: list[Quad]) -> dict[str, str]:
        """Names for the blank nodes without an object, following the statements that lead to them."""
        leading: dict[str, list[tuple[str, str]]] = {}
        for subject, predicate, object_, _ in quads:
            if _blank(object_):
                leading.setdefault(subject, []).append((predicate, object_))
        ways = [(subject, *way) for subject, found in leading.items() if not _blank(subject) for way in found]
        names: dict[str, str] = {}
        for subject, predicate, blank in ways:
            if blank not in names:
                ways += [(blank, *way) for way in leading.get(blank, ())]
            name = self._led_to.setdefault((names.get(subject, subject), predicate), f"_:l{len(self._led_to)}")
            if names.setdefault(blank, name) != name:
                raise errors.NotSelectable("several statements lead to one node without an id")
        _check_told_apart(quads, names)
        return names


def _write_ids(value: Any, numbers: Iterator[int], needless: Container[int]) -> Any:
    """A copy of `value` with an `@id` in each object that could be a node, but for those with `needless` numbers."""
    if isinstance(value, list):
        return [_write_ids(item, numbers, needless) for item in value]
    if not isinstance(value, Mapping):
        return value
    copied = {
        name: member if name == "@context" else _write_ids(member, numbers, needless) for name, member in value.items()
    }
    if not any(name in value for name in _NEEDS_NO_ID) and (number := next(numbers)) not in needless:
        copied["@id"] = f"{_PREFIX}{number}"
    return copied


def _check_told_apart(quads: list[Quad], names: Mapping[str, str]) -> None:
    """Every blank node must have a name that no other has; `errors.NotSelectable`."""
    blanks = {term for s, _, o, g in quads for term in (s, o, g) if _blank(term)}
    if blanks != names.keys() or len(set(names.values())) != len(names):
        raise errors.NotSelectable("some nodes have no id and cannot be told apart by what leads to them")


def _blank(term: str) -> bool:
    return term.startswith("_:")

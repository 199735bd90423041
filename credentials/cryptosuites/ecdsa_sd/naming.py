"""Names the nodes of a document by where they stand, so that a part of it has the same names; it selects nothing.

The specification expands and compacts the whole document to give every node without an id one of its own. Documents
here are compacted already, so an id is written into every object that has none. Which objects are nodes the quads say:
an object is one exactly when its id comes out as a term. What this did to the document is checked, not assumed: its
canonical form must be the one it had.

Blank nodes that no object stands for, the cells of lists, are named by the statement that leads to them.

Source: Data Integrity ECDSA Cryptosuites 1.0, 3.4.9 to 3.4.12 (skolemization).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials import canonical, errors, jsonld
from credentials.canonical import Quad

_PREFIX: Final = "urn:bnid:"
#: Objects with one of these are no nodes, or have an id.
_NEEDS_NO_ID: Final = frozenset({"@id", "id", "@value", "@list", "@set"})


class NamedDocument:
    """A document in which every node has a name. `nquads` and `canonical_labels` are its canonical form.

    `canonical_labels` maps the names (`_:n3`) to canonical labels (`_:c14n0`). Construction raises what
    `jsonld.to_quads` and `canonical.canonicalize` raise, and `errors.NotSelectable`.
    """

    def __init__(self, document: Mapping[str, Any], *, allow_inline_contexts: bool) -> None:
        self._inline = allow_inline_contexts
        self._names: dict[str, str] = {}
        #: Names of nodes that have no object, by the subject and predicate that lead to them.
        self._led_to: dict[tuple[str, str], str] = {}
        written = jsonld.to_quads(document, allow_inline_contexts=allow_inline_contexts)
        before = canonical.canonicalize(written).nquads
        try:
            self.document = self._with_ids(document)
            quads = self.quads_of(self.document)
        except (errors.DataLoss, errors.MalformedJsonLd, errors.JsonLdLimit) as error:
            raise errors.NotSelectable(f"its objects cannot be given ids: {error.detail}") from error
        form = canonical.canonicalize(quads)
        if form.nquads != before:
            raise errors.NotSelectable("its nodes cannot be given ids without changing what it says")
        self.nquads = form.nquads
        self.canonical_labels = form.labels

    def quads_of(self, part: Mapping[str, Any]) -> list[Quad]:
        """The quads of this document or of a part cut out of it, by the names of the whole."""
        quads = jsonld.to_quads(part, allow_inline_contexts=self._inline)
        renamed = {**self._names, **self._names_led_to(quads)}
        return [(renamed.get(s, s), p, renamed.get(o, o), renamed.get(g, g)) for s, p, o, g in quads]

    def _with_ids(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with ids in its nodes; ids that came out as no term stood in JSON literals and go again."""
        everywhere = _write_ids(document, "", None)
        terms = {term for s, _, o, g in jsonld.to_quads(everywhere, allow_inline_contexts=self._inline) for term in (s, o, g)}
        nodes = {place for place in _places(everywhere, "") if f"<{_PREFIX}{place}>" in terms}
        self._names = {f"<{_PREFIX}{place}>": f"_:n{number}" for number, place in enumerate(sorted(nodes))}
        return _write_ids(document, "", nodes)

    def _names_led_to(self, quads: list[Quad]) -> dict[str, str]:
        """Names for the blank nodes without an object, following the statements from named subjects."""
        leading: dict[str, list[tuple[str, str]]] = {}
        for subject, predicate, object_, _ in quads:
            if object_.startswith("_:"):
                leading.setdefault(subject, []).append((predicate, object_))
        found: dict[str, str] = {}
        waiting = [subject for subject in leading if not subject.startswith("_:")]
        while waiting:
            subject = waiting.pop()
            for predicate, blank in leading.get(subject, ()):
                name = self._led_to.setdefault((found.get(subject, subject), predicate), f"_:l{len(self._led_to)}")
                if found.setdefault(blank, name) != name or list(found.values()).count(name) > 1:
                    raise errors.NotSelectable("two of its nodes cannot be told apart by what leads to them")
                waiting.append(blank)
        return found

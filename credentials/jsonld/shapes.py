"""Remembers the templates of documents that come again with other values; it makes none for a document that comes once.

What varies is learnt: two documents of one shape show where they differ, and a third that differs elsewhere widens
the template. What is remembered is bounded, and only says what canonicalisation said: forgetting it costs time and
nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials import jsonld, strict_json
from credentials.jsonld import plan, template
from credentials.jsonld.plan import Plan, Shape, split
from credentials.jsonld.template import Reading, Template

#: Templates kept for one hash function, some 150 kB each: one for each project whose records are being issued.
MAX_TEMPLATES: Final = 64
#: Of documents with the same members; each is tried in turn.
MAX_ALIKE: Final = 32
#: Texts of documents whose like was not met before.
_MAX_MET: Final = 256
#: Bytes of a text that is remembered; what is larger is an embedded picture, and comes once.
_MAX_TEXT: Final = 65_536
#: A shape that came to nothing so often is left alone: two of its nodes look alike, or it is for the slow way.
_MAX_FAILURES: Final = 4
#: A template that was widened so often is opened wherever it can be.
_MAX_WIDENINGS: Final = 8
#: New holes that are taken for another record of the same project, and not for another project.
_FEW: Final = 8
#: To make a template costs as much as to canonicalise this many documents. So many must come for each, and a few
#: templates are granted beforehand; whoever sends odd documents cannot make us do nothing else.
_COST: Final = 16
_MAX_CREDIT: Final = 24 * _COST

#: The names of a document's members.
_Names = tuple[str, ...]


class Shapes:
    """The templates for one hash function."""

    def __init__(self, hash: str = "sha256") -> None:
        self._hash = hash
        #: Those used last first.
        self._templates: dict[_Names, list[Template]] = {}
        #: The last document's text, by shape, and how often it made no template with the one before.
        self._met: dict[tuple[_Names, Shape], tuple[bytes, int]] = {}
        self._credit = _MAX_CREDIT

    def find(self, document: Mapping[str, Any], data: bytes) -> Reading | None:
        """Read `document`, whose text is `data`, by a template; None when none fits."""
        names = (*document,)
        alike = self._templates.get(names, [])
        for place, found in enumerate(alike):
            reading = found.read(document, data)
            if reading is not None:
                if place:
                    self._templates[names] = [found, *alike[:place], *alike[place + 1 :]]
                return reading
        return None

    def learn(self, document: Mapping[str, Any], data: bytes, canonical: bytes) -> Template | None:
        """Learn from a document that `find` did not know, and whose canonical form is `canonical`.

        Returns the template that fits it from now on, if there is one.
        """
        self._credit = min(self._credit + 1, _MAX_CREDIT)
        if len(data) > _MAX_TEXT:
            return None
        names, shape = (*document,), plan.shape(data)
        for known in self._templates.get(names, ()):
            more = _more_holes(known, shape, data)
            if more is not None:
                return self._widen(names, known, more, data, canonical) if more else None
        return self._second(names, shape, document, data, canonical)

    def canonical(self, document: Mapping[str, Any]) -> bytes:
        """The canonical N-Quads of a document, as UTF-8, by template where its like was met before.

        Raises what `jsonld.canonical_nquads` raises, and `errors.NotCanonicalizable` for what is no JSON.
        """
        data = strict_json.dumps(document)
        reading = self.find(document, data)
        known = reading.nquads() if reading else None
        if known is not None:
            return known
        form = jsonld.canonical_nquads(document, hash=self._hash).encode()
        if reading is None:
            self.learn(document, data, form)
        return form

    def _second(
        self, names: _Names, shape: Shape, document: Mapping[str, Any], data: bytes, canonical: bytes
    ) -> Template | None:
        """A template of the second document of a shape, open where the first one differs."""
        key = names, shape
        first, failures = self._met.pop(key, (b"", 0))
        if not first or failures == _MAX_FAILURES or self._credit < _COST:
            self._remember(key, data, failures)
            return None
        self._credit -= _COST
        planned = Plan.of(document, data, canonical)
        differing = planned.differing(split(first)) if planned else None
        made = template.make(planned, differing, self._hash) if planned and differing is not None else None
        if made is not None:
            self._keep(names, made)
        else:
            only_seemed_alike = planned is not None and differing is None
            self._remember(key, data, failures if only_seemed_alike else failures + 1)
        return made

    def _widen(self, names: _Names, known: Template, more: set[int], data: bytes, canonical: bytes) -> Template | None:
        """The template opened in more holes, in the place of the one before."""
        if self._credit < _COST or known.widenings > _MAX_WIDENINGS:
            return None
        self._credit -= _COST
        known.widenings += 1
        numbers = sorted({*known.numbers, *more})
        if known.widenings == _MAX_WIDENINGS:
            numbers = list(range(len(known.plan.holes)))
        made = template.make(known.plan, numbers, self._hash, [(data, canonical)])
        if made is not None:
            made.widenings = known.widenings
            self._templates[names] = [made, *(other for other in self._templates.get(names, ()) if other is not known)]
        return made

    def _keep(self, names: _Names, made: Template) -> None:
        kept = [made, *self._templates.pop(names, [])][:MAX_ALIKE]
        while self._templates and len(kept) + sum(map(len, self._templates.values())) > MAX_TEMPLATES:
            # The oldest names first; another thread may have emptied it meanwhile.
            self._templates.pop(next(iter(list(self._templates)), ()), None)
        self._templates[names] = kept

    def _remember(self, key: tuple[_Names, Shape], text: bytes, failures: int) -> None:
        if len(self._met) >= _MAX_MET:
            self._met.pop(next(iter(list(self._met)), key), None)
        self._met[key] = text, failures


def _more_holes(known: Template, shape: Shape, data: bytes) -> set[int] | None:
    """Where a text of the same shape differs beyond the template's holes; None when it is of another, or too much so.

    Much that differs at once is another project, which gets a template of its own.
    """
    if known.plan.shape != shape:
        return None
    differing = known.plan.differing(split(data))
    if differing is None:
        return None
    more = set(differing).difference(known.numbers)
    return more if not known.numbers or len(more) <= max(_FEW, len(known.numbers)) else None


#: One for each hash function; templates are made from constants, so they never go stale.
SHAPES: Final[Mapping[str, Shapes]] = {"sha256": Shapes("sha256"), "sha384": Shapes("sha384")}

"""Remembers the templates of documents whose shape comes again; it makes none for a document that comes once.

What is remembered is bounded, and only says what canonicalisation said: forgetting it costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials import jsonld, strict_json
from credentials.jsonld import template
from credentials.jsonld.template import Filled, Template

#: Templates kept for one hash function, some 150 kB each; an issuer's records have a dozen shapes.
MAX_TEMPLATES: Final = 64
#: Shapes met once, by the hash of their skeleton.
_MAX_MET: Final = 4_096
#: Templates that differ in fixed strings only (names of members, types): more are not tried one by one.
_MAX_ALIKE: Final = 8


class Shapes:
    """The templates for one hash function."""

    def __init__(self, hash: str = "sha256") -> None:
        self._hash = hash
        #: By skeleton, the one used longest ago first.
        self._templates: dict[bytes, list[Template]] = {}
        self._met: set[int] = set()

    def find(self, filled: Filled) -> Template | None:
        """The template of this shape, if there is one."""
        for found in self._templates.get(filled.skeleton, ()):
            if found.matches(filled):
                return found
        return None

    def recall(self, document: Mapping[str, Any], filled: Filled, canonical: bytes) -> Template | None:
        """The template of this shape, made when the shape comes again; `canonical` is the document's canonical form."""
        return self.find(filled) or self.learn(document, filled, canonical)

    def learn(self, document: Mapping[str, Any], filled: Filled, canonical: bytes) -> Template | None:
        """Make a template of a document that `find` did not know, when its skeleton came before."""
        key = hash(filled.skeleton)
        if key not in self._met:
            if len(self._met) >= _MAX_MET:
                self._met.clear()
            self._met.add(key)
            return None
        alike = self._templates.get(filled.skeleton, [])
        if len(alike) >= _MAX_ALIKE:
            return None
        made = template.make(document, filled, canonical, hash=self._hash)
        if made is None:
            # It has none: the next try is left to another time.
            self._met.discard(key)
            return None
        if len(self._templates) >= MAX_TEMPLATES:
            # Another thread may have emptied it meanwhile.
            self._templates.pop(next(iter(list(self._templates)), b""), None)
        self._templates[filled.skeleton] = [*alike, made]
        return made

    def canonical(self, document: Mapping[str, Any]) -> bytes:
        """The canonical N-Quads of a document, as UTF-8, by template where its shape was met before.

        Raises what `jsonld.canonical_nquads` raises, and `errors.NotCanonicalizable` for what is no JSON.
        """
        text = filled(document)
        known = self.find(text)
        form = None if known is None else known.fill(text)
        if form is None:
            form = jsonld.canonical_nquads(document, hash=self._hash).encode()
            if known is None:
                self.learn(document, text, form)
        return form


#: One for each hash function; templates are made from constants, so they never go stale.
SHAPES: Final[Mapping[str, Shapes]] = {"sha256": Shapes("sha256"), "sha384": Shapes("sha384")}


def filled(document: Mapping[str, Any]) -> Filled:
    """A document's text, ready for `Shapes.find`; raises `errors.NotCanonicalizable`."""
    return Filled(strict_json.dumps(document))

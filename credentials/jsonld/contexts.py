"""Compiles JSON-LD contexts once into plain tables of terms; PyLD processes them, and reads only pinned ones.

A `Scope` is an active context. It learns a term when a document first uses it, and remembers; what a document makes
up is never remembered, so hostile documents cannot fill the memory.
"""

from __future__ import annotations

import copy
import re
from typing import Any, Final

from pyld import jsonld as pyld
from pyld.context_resolver import ContextResolver

import schemas
from credentials import errors
from credentials.canonical import is_iri
from credentials.canonical.nquads import closing

#: What a key of a document is.
ID, TYPE, VALUE, LANGUAGE, DIRECTION, CONTEXT, PROPERTY, DROPPED, OUTSIDE = range(9)
_KEYWORDS: Final = {
    "@id": ID,
    "@type": TYPE,
    "@value": VALUE,
    "@language": LANGUAGE,
    "@direction": DIRECTION,
    "@context": CONTEXT,
}
#: Containers that the walk knows, by PyLD's list of container mappings.
_CONTAINERS: Final = {
    (): "",
    ("@set",): "",
    ("@list",): "@list",
    ("@graph",): "@graph",
    ("@graph", "@set"): "@graph",
}
#: Members of a term's definition (the last two also of a whole context) that the walk leaves to the slow path. No
#: pinned context has any of them.
_OUTSIDE_MEMBERS: Final = frozenset({"@nest", "@index", "@language", "@direction"})
ABSENT: Final = object()
#: PyLD's codes for what would change the meaning of a protected term.
_PROTECTED: Final = ("protected term redefinition", "invalid context nullification")
#: An IRI with an authority, which no prefix of a context applies to: most ids.
_HIERARCHICAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\x00-\x20<>\"{}|\\^`\ud800-\udfff]*")
#: Scopes that are remembered, some 20 kB each; then all are forgotten, so that odd combinations cannot fill the memory.
_MAX_SCOPES: Final = 2_000


class OutsideSubset(Exception):  # noqa: N818 - an outcome, not an error
    """The document uses a construct that only the slow path knows."""


class Term:
    """What a key means under one scope: `kind`, and for properties how their values are read.

    `coercion` is None, "@id", "@vocab", "@json" or a datatype IRI; `container` is "", "@list" or "@graph".
    `closing` is what stands after the text of a plain string, for terms whose strings are always literals; else "".
    `reference` tells that a plain string is always an id.
    """

    __slots__ = ("closing", "coercion", "container", "kind", "nested", "predicate", "reference", "scoped")

    def __init__(self, kind: int, predicate: str = "") -> None:
        self.kind = kind
        self.predicate = predicate
        self.coercion: str | None = None
        self.container = ""
        self.closing = ""
        self.reference = False
        self.scoped: Any = ABSENT
        #: The scope that a value gets, by the scope it would have had.
        self.nested: dict[Scope, Scope] = {}


_DROPPED: Final = Term(DROPPED)
_OUTSIDE: Final = Term(OUTSIDE)


class Scope:
    """One active context (JSON-LD 1.1 API, 4.1), compiled as documents use it."""

    __slots__ = (
        "_active",
        "_compiler",
        "_extended",
        "_typed",
        "id_keys",
        "previous",
        "terms",
        "type_keys",
        "value_keys",
    )

    def __init__(self, compiler: Compiler, active: Any) -> None:
        self._compiler = compiler
        self._active = active
        #: What was compiled so far; hot loops look here before they call `term`.
        self.terms: dict[str, Term] = {}
        self._typed: dict[tuple[str, ...], tuple[Scope, tuple[str, ...]]] = {}
        self._extended: dict[tuple[str, ...], Scope] = {}
        #: The words for @id, @type and @value here.
        self.id_keys = _words(active, "@id")
        self.type_keys = _words(active, "@type")
        self.value_keys = _words(active, "@value")
        previous = active.get("previousContext")
        #: The scope to go back to in the next node, when a type-scoped context made this one.
        self.previous: Scope | None = None if previous is None else compiler.scope(previous)

    def term(self, key: str) -> Term:
        """What `key` means as the name of a member."""
        found = self.terms.get(key)
        if found is None:
            found = self._compile(key)
            if key in self._active["mappings"] or key in _KEYWORDS:
                self.terms[key] = found
        return found

    def within(self, term: Term) -> Scope:
        """The scope inside the value of a property that has a property-scoped context."""
        found = term.nested.get(self)
        if found is None:
            found = self._compiler.process(self._active, term.scoped, override_protected=True)
            term.nested[self] = found
        return found

    def extended(self, urls: tuple[str, ...]) -> Scope:
        """The scope of a node that has its own @context of these URLs."""
        found = self._extended.get(urls)
        if found is None:
            found = self._extended[urls] = self._compiler.process(self._active, list(urls))
        return found

    def typed(self, types: tuple[str, ...]) -> tuple[Scope, tuple[str, ...]]:
        """The scope inside a node of these types, and the types as `<iri>` or `_:label`; "" for an undefined one."""
        found = self._typed.get(types)
        if found is None:
            expanded = [self.vocabulary_iri(name) for name in types]
            terms = tuple(name if not name or name.startswith("_:") else f"<{name}>" for name in expanded)
            found = self._scope_of_types(types), terms
            known = self._active["mappings"]
            if all(name in known for name in types):
                self._typed[types] = found
        return found

    def vocabulary_iri(self, text: str) -> str:
        """Expand a type or an `@type: @vocab` value to an absolute IRI or `_:label`; "" when it would be dropped."""
        mappings = self._active["mappings"]
        if text in mappings:
            mapping = mappings[text]
            expanded = None if mapping is None else mapping["@id"]
            return expanded if isinstance(expanded, str) and _usable(expanded) else ""
        expanded = self._prefixed(text)
        if expanded is None and self._active.get("@vocab") is not None and not text.startswith("@"):
            expanded = self._active["@vocab"] + text
        return expanded if expanded is not None and _usable(expanded) else ""

    def document_iri(self, text: str) -> str:
        """Expand an id to an absolute IRI or `_:label`; "" when it is relative and would be dropped."""
        if _HIERARCHICAL.fullmatch(text):
            return text
        expanded = self._prefixed(text)
        return expanded if expanded is not None and _usable(expanded) else ""

    def reachable(self) -> set[Scope]:
        """This scope and all that documents came to from it so far."""
        found, waiting = {self}, [self]
        while waiting:
            scope = waiting.pop()
            nested = [inner for term in scope.terms.values() for inner in term.nested.values()]
            typed = [inner for inner, _ in scope._typed.values()]
            near = {*nested, *typed, *scope._extended.values(), scope.previous or scope} - found
            found |= near
            waiting += near
        return found

    def names_in_iris(self) -> frozenset[str]:
        """The prefixes that this scope defines, and terms that look like IRIs."""
        mappings = self._active["mappings"]
        return frozenset(name for name, it in mappings.items() if ":" in name or (it and it.get("_prefix")))

    def shaping_words(self) -> frozenset[str]:
        """The members whose strings say how others are read: contexts, types, languages and directions."""
        keywords = "@context", "@type", "@language", "@direction"
        return frozenset(word for keyword in keywords for word in _words(self._active, keyword))

    def _prefixed(self, text: str) -> str | None:
        """Expand `prefix:suffix`; None when `text` has no colon to speak of (JSON-LD 1.1 API, 5.2, step 6)."""
        prefix, colon, suffix = text.partition(":")
        if not colon or not prefix:
            return None
        if prefix == "_" or suffix.startswith("//"):
            return text
        mapping = self._active["mappings"].get(prefix)
        if mapping and mapping.get("_prefix"):
            return str(mapping["@id"]) + suffix
        return text

    def _scope_of_types(self, types: tuple[str, ...]) -> Scope:
        scope = self
        for name in sorted(types):
            mapping = self._active["mappings"].get(name)
            if mapping and "@context" in mapping:
                scope = self._compiler.process(scope._active, mapping["@context"], propagate=False)
        return scope

    def _compile(self, key: str) -> Term:
        mapping = self._active["mappings"].get(key)
        name = mapping["@id"] if mapping else key
        if name in _KEYWORDS:
            return Term(_KEYWORDS[name])
        if isinstance(name, str) and name.startswith("@"):
            return _OUTSIDE if pyld._is_keyword(name) else _DROPPED
        predicate = self.vocabulary_iri(key)
        if not predicate or predicate.startswith("_:"):
            return _DROPPED
        return self._property(Term(PROPERTY, f"<{predicate}>"), mapping or {})

    def _property(self, term: Term, mapping: Any) -> Term:
        container = _CONTAINERS.get(tuple(sorted(mapping.get("@container") or ())))
        if container is None or mapping.get("reverse") or not _OUTSIDE_MEMBERS.isdisjoint({*mapping, *self._active}):
            return _OUTSIDE
        term.container = container
        term.scoped = mapping.get("@context", ABSENT)
        coercion = mapping.get("@type")
        term.coercion = None if coercion == "@none" else coercion
        if container == "" and term.scoped is ABSENT and term.coercion not in ("@id", "@vocab", "@json"):
            term.closing = closing(term.coercion)
        term.reference = container == "" and term.scoped is ABSENT and term.coercion == "@id"
        return term


class Compiler:
    """Turns context URLs into scopes; it holds PyLD's caches for the life of the process."""

    def __init__(self) -> None:
        self._processor = pyld.JsonLdProcessor()
        self._options = {
            "base": "",
            "processingMode": "json-ld-1.1",
            "documentLoader": load_pinned,
            "contextResolver": ContextResolver({}, load_pinned),
        }
        self._initial = self._processor._get_initial_context(self._options)
        self._roots: dict[tuple[str, ...], Scope] = {}
        self._made = 0

    def root(self, urls: tuple[str, ...]) -> Scope:
        """The scope of a document whose @context is this list of pinned URLs."""
        if self._made > _MAX_SCOPES:
            self._roots, self._made = {}, 0
        found = self._roots.get(urls)
        if found is None:
            found = self._roots[urls] = self.process(self._initial, list(urls))
        return found

    def scope(self, active: Any) -> Scope:
        """A scope of one of PyLD's active contexts."""
        self._made += 1
        return Scope(self, active)

    def process(self, active: Any, context: Any, **options: Any) -> Scope:
        """Apply a local context; raises `errors.ProtectedTerm` or `errors.MalformedJsonLd`."""
        try:
            processed = self._processor._process_context(active, context, self._options, **options)
        except pyld.JsonLdError as error:
            raise jsonld_error(error) from error
        if processed.get("@base") is not None:
            raise OutsideSubset
        return self.scope(processed)


def load_pinned(url: str, options: object = None) -> dict[str, Any]:  # noqa: ARG001 - PyLD's shape of a loader
    """PyLD's document loader: the pinned context of exactly this URL, or `errors.ContextNotKnown`. No network."""
    document = schemas.context(url)
    if document is None:
        raise errors.ContextNotKnown(f"the context {url[:200]} is not known here")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": copy.deepcopy(document),
    }


def jsonld_error(error: BaseException) -> errors.PlauditError:
    """Our error for one of PyLD's, by the innermost cause."""
    cause = error
    while not isinstance(cause, errors.PlauditError) and getattr(cause, "code", None) not in _PROTECTED:
        if cause.__cause__ is None:
            return errors.MalformedJsonLd(f"{getattr(cause, 'code', None) or cause}")
        cause = cause.__cause__
    if isinstance(cause, errors.PlauditError):
        return cause
    return errors.ProtectedTerm(f"{getattr(cause, 'code', '')}: {_about(cause)}")


def _about(error: BaseException) -> str:
    details = getattr(error, "details", None) or {}
    return f"term {details['term']!r}" if "term" in details else "a protected term"


def _words(active: Any, keyword: str) -> tuple[str, ...]:
    return keyword, *(word for word, it in active["mappings"].items() if it and it["@id"] == keyword)


def _usable(name: str) -> bool:
    return (name.startswith("_:") and len(name) > 2) or is_iri(name)


#: One for the process: contexts are constants, so what it remembers never goes stale.
COMPILER: Final = Compiler()

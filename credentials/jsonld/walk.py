"""Walks a JSON-LD document straight to quads over compiled contexts, refusing whatever would be dropped.

It is the expansion algorithm and the RDF algorithm of JSON-LD 1.1 in one pass, for the constructs that credentials use;
any other raises `OutsideSubset`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from credentials import errors
from credentials.canonical import Quad, jcs
from credentials.canonical.nquads import RDF, XSD, literal, to_escape
from credentials.jsonld import contexts as ctx
from credentials.jsonld.contexts import COMPILER, OutsideSubset, Scope, Term
from credentials.jsonld.limits import pointer

_RDF_TYPE: Final = f"<{RDF}type>"
_FIRST: Final = f"<{RDF}first>"
_REST: Final = f"<{RDF}rest>"
_NIL: Final = f"<{RDF}nil>"
_JSON: Final = f"{RDF}JSON"
#: Text direction as JSON-LD 1.1 API, 8.2.2 writes it with rdfDirection "i18n-datatype": nothing is lost that way.
_I18N: Final = "https://www.w3.org/ns/i18n#"
_LABEL: Final = re.compile(r"_:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_DOUBLE_ZEROS: Final = re.compile(r"(\d)0*E([+-])0*(\d)")
_VALUE_MEMBERS: Final = {ctx.VALUE: "@value", ctx.TYPE: "@type", ctx.LANGUAGE: "@language", ctx.DIRECTION: "@direction"}


def walk(document: Mapping[str, Any]) -> list[Quad]:
    """Return the quads of a document whose contexts are all pinned URLs; raises as `jsonld.to_quads` does."""
    walker = _Walker()
    value = document["@context"]
    walker.node(document, COMPILER.root((value,) if isinstance(value, str) else tuple(value)), "", top=True)
    if not walker.quads:
        raise errors.DataLoss("the document states nothing that a signature would cover", pointer="")
    return walker.quads


class _Walker:
    """The quads found so far, and the number of blank nodes made."""

    def __init__(self) -> None:
        self.quads: list[Quad] = []
        self._blanks = 0

    def node(self, members: Mapping[str, Any], scope: Scope, graph: str, *, top: bool = False) -> str:
        """Add the quads of a node object and return its term."""
        if not top and "@context" in members:
            value = members["@context"]
            scope = scope.extended((value,) if isinstance(value, str) else tuple(value))
        types = _types(members, scope)
        inner, type_terms = scope.typed(types) if types else (scope, ())
        subject = self._subject(members, inner)
        for term in type_terms:
            if not term:
                name, place = types[type_terms.index("")], pointer(*_present(scope.type_keys, members))
                raise errors.DataLoss(f"the type {name[:80]!r} is not defined by the contexts", pointer=place)
            self.quads.append((subject, _RDF_TYPE, term if term[0] == "<" else _term(term), graph))
        self._properties(members, inner, subject, graph)
        return subject

    def _subject(self, members: Mapping[str, Any], scope: Scope) -> str:
        key = ""
        for word in scope.id_keys:
            if word in members:
                if key:
                    raise errors.MalformedJsonLd("a node has two ids", pointer=pointer(key))
                key = word
        if not key:
            return self._blank()
        subject_id = members[key]
        if not isinstance(subject_id, str):
            raise errors.DataLoss("the id is not a string", pointer=pointer(key))
        return _resource(scope.document_iri(subject_id), subject_id, key)

    def _blank(self) -> str:
        self._blanks += 1
        return f"_:b{self._blanks}"

    def _properties(self, members: Mapping[str, Any], scope: Scope, subject: str, graph: str) -> None:
        # The hot loop of the walk: plain strings, which most values are, need no call but that of the search.
        known, quads, key = scope.terms, self.quads, ""
        try:
            for key, value in members.items():
                term = known.get(key) or scope.term(key)
                if type(value) is str and term.closing and not to_escape(value):
                    quads.append((subject, term.predicate, f'"{value}{term.closing}', graph))
                elif term.kind == ctx.PROPERTY:
                    self._property(subject, key, term, value, scope, graph)
                elif term.kind != ctx.TYPE and term.kind != ctx.ID:
                    _check_no_property(key, term.kind)
        except errors.PlauditError as error:
            error.pointer = pointer(key) + (error.pointer or "")
            raise

    def _property(self, subject: str, key: str, term: Term, value: Any, scope: Scope, graph: str) -> None:
        quads, predicate = self.quads, term.predicate
        if term.reference and type(value) is str:
            quads.append((subject, predicate, _resource(scope.document_iri(value), value), graph))
            return
        if term.coercion == "@json":
            quads.append((subject, predicate, literal(jcs(value).decode(), datatype=_JSON), graph))
            return
        if term.container == "@list":
            quads.append((subject, predicate, self._list(key, term, value, scope, graph), graph))
            return
        if type(value) is not list:
            quads.append((subject, predicate, self._object(key, term, value, scope, graph), graph))
            return
        done = 0
        try:
            for item in value:
                quads.append((subject, predicate, self._object(key, term, item, scope, graph), graph))
                done += 1
        except errors.PlauditError as error:
            error.pointer = f"/{done}{error.pointer or ''}"
            raise

    def _object_at(self, index: int, key: str, term: Term, value: Any, scope: Scope, graph: str) -> str:
        try:
            return self._object(key, term, value, scope, graph)
        except errors.PlauditError as error:
            error.pointer = f"/{index}{error.pointer or ''}"
            raise

    def _object(self, key: str, term: Term, value: Any, scope: Scope, graph: str) -> str:
        """The term of one value of a property."""
        if term.container == "@graph":
            return self._graph(term, value, scope)
        kind = type(value)
        if kind is dict:
            return self._object_of_members(term, value, scope, graph)
        if value is None:
            raise errors.DataLoss("null would be dropped")
        if kind is list:
            raise OutsideSubset
        if term.scoped is not ctx.ABSENT:
            scope = scope.within(term)
            term = scope.term(key)
            if term.kind != ctx.PROPERTY:
                return _scalar(value, Term(ctx.PROPERTY), scope)
        return _scalar(value, term, scope)

    def _object_of_members(self, term: Term, members: dict[str, Any], scope: Scope, graph: str) -> str:
        """A node, a reference to one, or a value object (JSON-LD 1.1 API, 5.1.2, steps 7 to 9)."""
        inner, is_value = scope, _is_value(members, scope)
        if scope.previous is not None and not is_value and not _is_reference(members, scope):
            inner = scope.previous
        if term.scoped is not ctx.ABSENT:
            inner = inner.within(term)
        if is_value or (inner is not scope and _is_value(members, inner)):
            return _value_object(members, inner)
        return self.node(members, inner, graph)

    def _graph(self, term: Term, value: Any, scope: Scope) -> str:
        """A value in a graph of its own (`@container: @graph`): the object is the graph's name."""
        if type(value) is not dict or _is_value(value, scope):
            raise OutsideSubset
        name, before = self._blank(), len(self.quads)
        self._object_of_members(term, value, scope, name)
        if not any(quad[3] == name for quad in self.quads[before:]):
            raise errors.DataLoss("the graph states nothing and would be dropped")
        return name

    def _list(self, key: str, term: Term, value: Any, scope: Scope, graph: str) -> str:
        """A linked list of RDF, in the document's order; returns its head."""
        items = value if type(value) is list else [value]
        if any(type(item) is dict and _is_outside_list(item, scope) for item in items):
            raise OutsideSubset
        cells = [self._blank() for _ in items]
        for index, (cell, item) in enumerate(zip(cells, items, strict=True)):
            self.quads.append((cell, _FIRST, self._object_at(index, key, term, item, scope, graph), graph))
            self.quads.append((cell, _REST, cells[index + 1] if index + 1 < len(cells) else _NIL, graph))
        return cells[0] if cells else _NIL


def _check_no_property(key: str, kind: int) -> None:
    """A member that states nothing itself: fine when it is @context; else this is the place where it would be lost."""
    if kind == ctx.DROPPED:
        raise errors.DataLoss(f"the term {key[:80]!r} is not defined by the contexts")
    if kind == ctx.OUTSIDE:
        raise OutsideSubset
    if kind != ctx.CONTEXT:
        raise errors.MalformedJsonLd(f"{key!r} has no place in a node")


def _present(words: tuple[str, ...], members: Mapping[str, Any]) -> list[str]:
    return [word for word in words if word in members]


def _types(members: Mapping[str, Any], scope: Scope) -> tuple[str, ...]:
    key = ""
    for word in scope.type_keys:
        if word in members:
            if key:
                raise OutsideSubset
            key = word
    if not key:
        return ()
    value = members[key]
    if type(value) is str:
        return (value,)
    names = tuple(value) if type(value) is list else (value,)
    for name in names:
        if type(name) is not str:
            raise errors.DataLoss("a type is not a string", pointer=pointer(key))
    return names


def _is_value(members: Mapping[str, Any], scope: Scope) -> bool:
    for word in scope.value_keys:  # noqa: SIM110 - asked of every object; a generator costs more than the answer
        if word in members:
            return True
    return False


def _is_reference(members: Mapping[str, Any], scope: Scope) -> bool:
    return len(members) == 1 and bool(_present(scope.id_keys, members))


def _is_outside_list(members: Mapping[str, Any], scope: Scope) -> bool:
    return any(scope.term(key).kind == ctx.OUTSIDE for key in members)


def _resource(expanded: str, written: str, key: str | None = None) -> str:
    if not expanded:
        place = None if key is None else pointer(key)
        raise errors.DataLoss(f"{written[:80]!r} is not an absolute IRI and would be dropped", pointer=place)
    return f"<{expanded}>" if expanded[0] != "_" else _term(expanded)


def _term(expanded: str) -> str:
    """The term of an absolute IRI or blank node label; the document's labels are kept apart from ours."""
    return f"_:d{blank(expanded)[2:]}" if expanded.startswith("_:") else f"<{expanded}>"


def blank(label: str) -> str:
    """Return a blank node label that N-Quads can hold; raises `errors.MalformedJsonLd`."""
    if not _LABEL.fullmatch(label):
        raise errors.MalformedJsonLd(f"{label[:80]!r} is not a blank node label")
    return label


def _scalar(value: Any, term: Term, scope: Scope) -> str:
    """The term of a string, number or boolean (JSON-LD 1.1 API, 5.3.2 and 8.2.2)."""
    if isinstance(value, str):
        if term.coercion == "@id":
            return _resource(scope.document_iri(value), value)
        if term.coercion == "@vocab":
            return _resource(scope.vocabulary_iri(value), value)
        return literal(value, datatype=term.coercion)
    datatype = None if term.coercion in ("@id", "@vocab") else term.coercion
    return native(value, datatype)


def native(value: Any, datatype: str | None) -> str:
    """The literal of a JSON boolean or number (JSON-LD 1.1 API, 8.2.2, steps 9 to 11); refuses what loses digits."""
    if isinstance(value, bool):
        return literal("true" if value else "false", datatype=datatype or f"{XSD}boolean")
    if not isinstance(value, (int, float)):
        raise errors.MalformedJsonLd(f"{type(value).__name__} is not a JSON value")
    double = datatype == f"{XSD}double"
    if float(value).is_integer() and abs(value) < 10**21 and not double:
        return literal(str(int(value)), datatype=datatype or f"{XSD}integer")
    text = _DOUBLE_ZEROS.sub(lambda match: match[1] + "E" + match[2].replace("+", "") + match[3], f"{value:.15E}")
    if float(text) != value:
        raise errors.DataLoss(f"the number {value!r} has more digits than RDF's canonical double keeps")
    return literal(text, datatype=datatype or f"{XSD}double")


def _value_object(members: Mapping[str, Any], scope: Scope) -> str:
    """The term of a value object (JSON-LD 1.1, 4.2.1 and 4.2.4)."""
    found: dict[str, Any] = {}
    for key, value in members.items():
        name = _VALUE_MEMBERS.get(scope.term(key).kind)
        if name is None:
            raise errors.DataLoss(f"{key[:80]!r} has no place beside @value", pointer=pointer(key))
        if name in found:
            raise errors.MalformedJsonLd(f"{name} is given twice", pointer=pointer(key))
        if value is None:
            raise errors.DataLoss("null would be dropped", pointer=pointer(key))
        found[name] = value
    if "@type" in found:
        return _typed_value(found, scope)
    value = found["@value"]
    if "@language" not in found and "@direction" not in found and not isinstance(value, (list, dict)):
        return literal(value) if isinstance(value, str) else native(value, None)
    if not isinstance(value, str):
        raise errors.MalformedJsonLd("only strings have a language or direction")
    direction = found.get("@direction")
    if direction not in (None, "ltr", "rtl"):
        raise errors.MalformedJsonLd("@direction is neither ltr nor rtl")
    language = checked_language(found["@language"]) if "@language" in found else None
    if direction is not None:
        return literal(value, datatype=f"{_I18N}{language or ''}_{direction}")
    return literal(value, language=language)


def _typed_value(found: dict[str, Any], scope: Scope) -> str:
    value, datatype = found["@value"], found["@type"]
    if len(found) > 2 or not isinstance(datatype, str):
        raise errors.MalformedJsonLd("a typed value has one @type, and neither @language nor @direction")
    if datatype == "@json":
        return literal(jcs(value).decode(), datatype=_JSON)
    expanded = scope.vocabulary_iri(datatype)
    if not expanded or expanded.startswith("_:"):
        raise errors.DataLoss(f"the datatype {datatype[:80]!r} is not defined by the contexts")
    if isinstance(value, str):
        return literal(value, datatype=expanded)
    return native(value, expanded)


def checked_language(tag: Any) -> str:
    """A language tag in lower case, as JSON-LD implementations write explicit ones."""
    if not isinstance(tag, str) or not _LANGUAGE_TAG.fullmatch(tag):
        raise errors.DataLoss(f"{str(tag)[:40]!r} is not a language tag")
    return tag.lower()

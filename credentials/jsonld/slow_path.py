"""JSON-LD to quads by PyLD, for what the quick walk does not know, under the same rule: nothing may be dropped.

PyLD drops silently. So its expansion is watched: an element that expands to nothing, an undefined term and a null are
refused as they happen, relative references are given a scheme of their own that is found afterwards, and the expanded
form is searched for what RDF cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pyld import jsonld as pyld
from pyld.context_resolver import ContextResolver

from credentials import errors
from credentials.canonical import Quad, is_iri, jcs, literal
from credentials.canonical.nquads import RDF
from credentials.jsonld.contexts import jsonld_error, load_pinned
from credentials.jsonld.limits import pointer
from credentials.jsonld.walk import blank, checked_language, native

#: Relative references resolve to this scheme, which nothing else has.
_RELATIVE: Final = "plaudit-relative"
_BASE: Final = f"{_RELATIVE}://document/"
#: One resolver for documents without contexts of their own, so that PyLD keeps what it compiled.
_RESOLVER: Final = ContextResolver({}, load_pinned)
#: What a graph holds without saying of what: RDF has no place for it.
_NO_NODES: Final = frozenset({"@value", "@list"})
_SUBJECT_KEYS: Final = ("subject", "predicate", "object")


def to_quads(document: Mapping[str, Any], *, inline: bool = False) -> list[Quad]:
    """Return the quads of any JSON-LD document whose contexts are pinned or written into it."""
    _refuse_nulls(document, "")
    options = {
        "base": _BASE,
        "processingMode": "json-ld-1.1",
        "documentLoader": load_pinned,
        "contextResolver": ContextResolver({}, load_pinned) if inline else _RESOLVER,
        "rdfDirection": "i18n-datatype",
    }
    try:
        dataset = _Watched().to_rdf(dict(document), options)
    except (pyld.JsonLdError, errors.PlauditError) as error:
        raise jsonld_error(error) from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        # PyLD meets some malformed documents unprepared.
        raise errors.MalformedJsonLd(f"the document cannot be read as JSON-LD: {error}") from error
    quads = [_quad(triple, graph) for graph, triples in dataset.items() for triple in triples]
    if not quads:
        raise errors.DataLoss("the document states nothing that a signature would cover", pointer="")
    return quads


class _Watched(pyld.JsonLdProcessor):  # type: ignore[misc] # PyLD has no types
    """PyLD's processor, which says what it would drop."""

    def __init__(self) -> None:
        super().__init__(on_property_dropped=_refuse_property)

    def expand(self, input_: Any, options: Any) -> Any:
        expanded = super().expand(input_, options)
        _refuse_unspeakable(expanded)
        return expanded

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, options: Any, **more: Any) -> Any:
        expanded = super()._expand(active_ctx, active_property, element, options, **more)
        if expanded is None:
            raise errors.DataLoss(f"a value of {active_property or 'the document'!r} would be dropped")
        return expanded

    def _object_to_rdf(self, item: Any, issuer: Any, triples: Any, options: Any) -> Any:
        """Numbers, booleans and JSON literals as the quick walk writes them; the rest as PyLD does."""
        value = item.get("@value") if isinstance(item, dict) else None
        if isinstance(item, dict) and item.get("@type") == "@json" and "@value" in item:
            return {"type": "term", "value": literal(jcs(value).decode(), datatype=f"{RDF}JSON")}
        if isinstance(value, (bool, int, float)):
            return {"type": "term", "value": native(value, item.get("@type"))}
        return super()._object_to_rdf(item, issuer, triples, options)


def _refuse_property(name: object) -> None:
    raise errors.DataLoss(f"the term {str(name)[:80]!r} is not defined by the contexts")


def _refuse_nulls(value: Any, place: str) -> None:
    if value is None:
        raise errors.DataLoss("null would be dropped", pointer=place)
    if isinstance(value, Mapping):
        for name, child in value.items():
            if name != "@context":
                _refuse_nulls(child, place + pointer(name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _refuse_nulls(child, f"{place}/{index}")


def _refuse_unspeakable(expanded: Any) -> None:
    """Refuse what the expanded form still holds and RDF would not: @index, unusable ids, blank predicates."""
    if isinstance(expanded, list):
        for item in expanded:
            _refuse_unspeakable(item)
    if not isinstance(expanded, dict):
        return
    for name, value in expanded.items():
        if name == "@index":
            raise errors.DataLoss("the keys of an index map would be dropped")
        if name in ("@language", "@direction") and "@value" not in expanded:
            raise errors.MalformedJsonLd(f"{name} has no place in a node")
        if name in ("@id", "@type"):
            _refuse_relative(value, expanded)
        elif name == "@graph":
            _refuse_unspeakable(value)
            _refuse_silent_nodes(value)
        elif not name.startswith("@") and (not is_iri(name) or name.startswith(f"{_RELATIVE}:")):
            raise errors.DataLoss(f"the property {name[:80]!r} would be dropped")
        elif name != "@value":
            _refuse_unspeakable(value)


def _refuse_relative(value: Any, parent: dict[str, Any]) -> None:
    for name in value if isinstance(value, list) else [value]:
        if name == "@json" and "@value" in parent:
            continue
        usable = isinstance(name, str) and (is_iri(name) or name.startswith("_:"))
        if not usable or name.startswith(f"{_RELATIVE}:"):
            written = str(name).removeprefix(_BASE)
            raise errors.DataLoss(f"{written[:80]!r} is not an absolute IRI and would be dropped")


def _refuse_silent_nodes(graph: Any) -> None:
    for node in graph if isinstance(graph, list) else [graph]:
        if isinstance(node, dict) and (not set(node) - {"@id"} or not node.keys().isdisjoint(_NO_NODES)):
            raise errors.DataLoss("a node that states nothing would be dropped from its graph")


def _quad(triple: dict[str, Any], graph: str) -> Quad:
    subject, predicate, object_ = (_term(triple[key]) for key in _SUBJECT_KEYS)
    name = "" if graph == "@default" else graph if graph.startswith("_:") else f"<{graph}>"
    return subject, predicate, object_, name


def _term(component: dict[str, Any]) -> str:
    """One term of N-Quads. Ids, types and properties that RDF could not hold were refused in the expanded form."""
    kind, value = component["type"], str(component["value"])
    if kind == "term":
        return value
    if kind == "blank node":
        return blank(value)
    if kind == "literal":
        datatype = component.get("datatype")
        language = component.get("language")
        if language is not None and datatype in (None, f"{RDF}langString"):
            return literal(value, language=checked_language(language))
        return literal(value, datatype=datatype)
    return f"<{value}>"

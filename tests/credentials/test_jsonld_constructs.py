"""What contexts can do to a document: the walk and PyLD agree where nothing is lost; both refuse where something is.

The contexts are written for these tests and pinned for their length, so that the walk, which reads pinned ones only,
meets constructs that no published context has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import schemas
from credentials import canonical, errors, jsonld, second_path
from credentials.jsonld import contexts, limits, slow_path
from credentials.jsonld.contexts import OutsideSubset

E = "https://e.example/"
#: Pins a context and returns its URL.
Pin = Callable[[dict[str, Any]], str]


@pytest.fixture
def pin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pin]:
    known = dict(schemas.contexts())
    monkeypatch.setattr(schemas, "contexts", lambda: known)

    def add(context: dict[str, Any]) -> str:
        # One name for one content: compiled contexts are kept by their URLs.
        url = f"https://contexts.example/{hashlib.sha256(json.dumps(context).encode()).hexdigest()}"
        known[url] = {"@context": {"@version": 1.1, **context}}
        limits._pinned.cache_clear()
        return url

    yield add
    limits._pinned.cache_clear()


def slowly(document: dict[str, Any]) -> str:
    return canonical.rdfc10(slow_path.to_quads(document))


TERMS: dict[str, Any] = {
    "id": "@id", "type": "@type", "e": E, "a": f"{E}a", "b": f"{E}b", "node": {"@id": f"{E}node", "@type": "@id"},
    "word": {"@id": f"{E}word", "@type": "@vocab"}, "date": {"@id": f"{E}date", "@type": f"{E}Date"},
    "list": {"@id": f"{E}list", "@container": "@list"}, "set": {"@id": f"{E}set", "@container": "@set"},
    "graph": {"@id": f"{E}graph", "@container": "@graph"}, "json": {"@id": f"{E}json", "@type": "@json"},
    "none": {"@id": f"{E}none", "@type": "@none"}, "value": "@value", "Plain": f"{E}Plain", "xsd": f"{E}xsd#",
    "Scoped": {"@id": f"{E}Scoped", "@context": {
        "a": f"{E}scoped/a", "only": f"{E}scoped/only",
        "inside": {"@id": f"{E}inside", "@context": {"a": f"{E}inside/a", "deep": f"{E}deep"}},
        "plain": {"@id": f"{E}plain", "@context": {"b": f"{E}plain/b"}},
    }},
    "Spreading": {"@id": f"{E}Spreading", "@context": {"@propagate": True, "a": f"{E}spread/a"}},
    "Other": {"@id": f"{E}Other", "@context": {"a": {"@id": f"{E}other/a", "@type": "@id"}}},
    "renamed": {"@id": f"{E}renamed", "@context": {"b": {"@id": f"{E}renamed/b", "@type": "@id"}, "a": None}},
    "coerced": {"@id": f"{E}coerced", "@type": "@id", "@context": {"coerced": {"@id": f"{E}x", "@type": "@vocab"}}},
    "cleared": {"@id": f"{E}cleared", "@context": {"cleared": None}},
}  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        # Contexts of a type hold for its own members, not for the nodes inside, but for those of a property in it.
        {"type": "Scoped", "a": "x", "only": "y"},
        {"type": "Scoped", "a": "x", "inside": {"a": "in", "deep": "in", "b": "in"}},
        {"type": "Scoped", "inside": {"deep": {"a": "back at the top", "b": "y"}}},
        {"type": "Scoped", "b": {"a": "not scoped"}},
        {"type": "Scoped", "plain": {"type": "Scoped", "b": "x", "a": "y"}},
        {"type": ["Scoped", "Other"], "a": f"{E}an-id"},
        {"type": ["Other", "Scoped"], "a": "a literal: Scoped sorts after Other"},
        {"type": "Spreading", "b": {"a": "spread", "b": {"a": "spread on"}}},
        {"type": "Spreading", "b": {"type": "Scoped", "a": "scoped", "b": {"a": "spread again"}}},
        {"type": "Scoped", "b": {"type": "Spreading", "a": "x", "b": {"a": "y"}}},
        {"type": "Scoped", "node": {"id": "urn:only-a-reference"}, "b": {"value": "v"}},
        # Contexts of a property.
        {"renamed": {"b": "urn:x"}, "b": "text"},
        {"renamed": [{"b": "urn:x"}, {"b": "urn:y", "renamed": {"b": "urn:z"}}]},
        {"coerced": "word"}, {"cleared": "text"}, {"cleared": 5}, {"cleared": [True, "x"]},
        # Values.
        {"node": "urn:x"}, {"node": ["urn:x", "e:y", "_:z"]}, {"node": 5}, {"word": "Plain"}, {"word": "e:y"},
        {"word": ["a", f"{E}abs"]}, {"date": "2026"}, {"date": 5}, {"none": "x"}, {"none": 5}, {"a": {"value": 1.5}},
        {"set": []}, {"set": ["x", "x"]}, {"list": []}, {"list": "x"}, {"list": ["x", {"id": "urn:x"}, 1, "x"]},
        {"list": [{"a": "x"}, {"list": ["y"]}]}, {"json": {"b": [1, None, "x"], "a": {"@id": 5}}}, {"json": None},
        {"json": ["x"]}, {"json": "x"}, {"graph": {"a": "x", "id": "urn:x"}}, {"graph": [{"a": "x"}, {"a": "y"}]},
        {"id": "_:me", "node": "_:me"}, {"id": "e:me", "a": {"id": "e:me", "b": "one node"}}, {"type": "e:T"},
        {"type": f"{E}T"}, {"type": "_:T", "a": "x"}, {"e:direct": "x"}, {f"{E}direct": "x"}, {"a": {"@value": "x"}},
        {"a": {"@value": "x", "@type": "e:T"}}, {"a": {"@value": {"x": [1]}, "@type": "@json"}},
    ],
)  # fmt: skip
def test_what_the_walk_reads_is_what_pyld_reads(body: dict[str, Any], pin: Pin) -> None:
    document = {"@context": [pin(TERMS)], "e:other": "said", **body}
    found = canonical.rdfc10(jsonld.walk(document))
    assert found == jsonld.canonical_nquads(document) == second_path.canonical_nquads(document)
    if "json" not in body or body["json"] is not None:
        inside_json = "None" in repr(body)
        assert inside_json or found == slowly(document)


@pytest.mark.parametrize(
    ("context", "body"),
    [
        ({"a": {"@id": f"{E}a", "@container": "@language"}}, {"a": {"en": "hello", "de": ["hallo", "servus"]}}),
        ({"a": {"@id": f"{E}a", "@container": ["@id"]}}, {"a": {"urn:x": {"b": "y"}}}),
        ({"a": {"@id": f"{E}a", "@container": "@type"}}, {"a": {f"{E}T": {"b": "y"}}}),
        ({"a": {"@id": f"{E}a", "@container": ["@graph", "@id"]}}, {"a": {"urn:g": {"b": "y"}}}),
        ({"a": {"@reverse": f"{E}a"}}, {"a": {"id": "urn:x"}, "b": "y"}),
        ({"a": {"@id": f"{E}a", "@nest": "n"}, "n": "@nest"}, {"n": {"a": "x"}}),
        ({"a": {"@id": f"{E}a", "@language": "en"}}, {"a": "hello"}),
        ({"a": {"@id": f"{E}a", "@direction": "rtl"}}, {"a": "hello"}),
        ({"@language": "en", "a": f"{E}a"}, {"a": "hello"}),
        ({"a": f"{E}a"}, {"a": {"@list": ["x", "y"]}}), ({"a": f"{E}a"}, {"a": {"@set": ["x", "y"]}}),
        ({"a": f"{E}a"}, {"a": [["x"], "y"]}), ({"a": f"{E}a"}, {"@included": {"id": "urn:x", "a": "y"}, "b": "z"}),
        ({"a": {"@id": f"{E}a", "@container": "@list"}}, {"a": [["x"], [["y"], "z"]]}),
        ({"a": {"@id": f"{E}a", "@container": "@list"}}, {"a": {"@list": ["x"]}}),
        ({"a": {"@id": f"{E}a", "@container": "@graph"}}, {"a": ["x", "y"], "b": "z"}),
        ({"a": f"{E}a"}, {"@graph": [{"id": "urn:x", "a": "y"}], "id": "urn:g", "b": "z"}),
        ({"a": f"{E}a", "kind": "@type"}, {"@type": f"{E}T", "kind": f"{E}U", "a": "x"}),
        ({"Based": {"@id": f"{E}Based", "@context": {"@base": E}}}, {"@type": "Based", "b": "x"}),
    ],
)  # fmt: skip
def test_what_the_walk_leaves_is_read_slowly(context: dict[str, Any], body: dict[str, Any], pin: Pin) -> None:
    """Language, id, type and index maps, reverse properties, nesting, lists of lists: PyLD's reading, nothing lost.

    Or a refusal, where PyLD itself has nothing to say.
    """
    document = {"@context": [pin({"id": "@id", "b": f"{E}b", **context})], **body}
    with pytest.raises(OutsideSubset):
        jsonld.walk(document)
    try:
        found = jsonld.canonical_nquads(document)
    except (errors.DataLoss, errors.MalformedJsonLd):
        found = None
    assert found in (None, second_path.canonical_nquads(document))


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        # The scope of a type ends with its node; what it cleared is not defined.
        ({"type": "Plain", "only": "x"}, "data_loss", "/only"),
        ({"type": "Scoped", "b": {"only": "x"}}, "data_loss", "/b/only"),
        ({"type": "Scoped", "b": {"inside": {"a": "x"}}}, "data_loss", "/b/inside"),
        ({"renamed": {"a": "x"}}, "data_loss", "/renamed/a"),
        ({"renamed": {"b": "no id"}}, "data_loss", "/renamed/b"),
        ({"coerced": "no word at all"}, "data_loss", "/coerced"),
        ({"word": "no word"}, "data_loss", "/word"), ({"node": ["urn:x", "relative"]}, "data_loss", "/node/1"),
        ({"list": ["x", None]}, "data_loss", "/list/1"), ({"graph": {"id": "urn:x"}}, "data_loss", "/graph"),
        ({"graph": {"value": "x"}}, "data_loss", None),
        ({"graph": {"@list": ["x"]}}, "data_loss", None),
        # Keywords where they have no business, or only look like keywords.
        ({"@foo": "x", "a": "y"}, "data_loss", "/@foo"), ({"@id": ["urn:x"], "a": "y"}, "data_loss", "/@id"),
        ({"@id": {"a": "x"}, "a": "y"}, "data_loss", "/@id"), ({"@type": {"a": "x"}}, "data_loss", "/@type"),
        ({"a": "x", "@value": "y"}, "jsonld_malformed", None), ({"a": {"@id": "urn:x", "@value": "y"}},
         "data_loss", "/a/@id"),
        ({"a": {"@value": "x", "value": "y"}}, "jsonld_malformed", "/a/value"),
        ({"a": {"@value": "x", "type": "e:T", "@language": "en"}}, "jsonld_malformed", "/a"),
        ({"a": {"@value": {"x": 1}, "type": "e:T"}}, "jsonld_malformed", "/a"),
        ({"a": {"@value": "x", "type": ["e:T"]}}, "jsonld_malformed", "/a"),
        ({"a": {"@value": "x", "type": "_:T"}}, "data_loss", "/a"), ({"a": {"@language": "en"}}, "jsonld_malformed",
         "/a/@language"),
        ({"@direction": "ltr", "a": "x"}, "jsonld_malformed", "/@direction"), ({"a": {"@set": None}}, "data_loss",
         None), ({"type": "e", "@type": "e"}, None, None), ({"@index": "i", "a": "x"}, "data_loss", None),
        ({"@reverse": "x", "a": "y"}, "jsonld_malformed", None),
        ({"@included": "x", "a": "y"}, "data_loss", None), ({"@graph": ["x"], "a": "y"}, "data_loss", None),
        ({"@nest": "x", "a": "y"}, "jsonld_malformed", None),
        ({"@list": ["x"], "a": "y"}, "jsonld_malformed", None), ({"a": {"@list": ["x"], "b": "y"}},
         "jsonld_malformed", None), ({"@graph": [{"id": "urn:x"}], "a": "y"}, "data_loss", None),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_refused(body: dict[str, Any], code: str | None, pointer: str | None, pin: Pin) -> None:
    document = {"@context": [pin(TERMS)], "e:other": "said", **body}
    if code is None:
        assert jsonld.canonical_nquads(document) == second_path.canonical_nquads(document)
        return
    with pytest.raises(errors.PlauditError) as caught:
        jsonld.to_quads(document)
    assert caught.value.code == code
    assert pointer is None or caught.value.pointer == pointer
    with pytest.raises(errors.PlauditError):
        slow_path.to_quads(document)


def test_a_protected_term_stays_protected_in_scopes(pin: Pin) -> None:
    """A type-scoped context cannot take it; a property-scoped one may (JSON-LD 1.1, 4.1.11)."""
    protected = {"@protected": True, **TERMS, "Taking": {"@id": f"{E}Taking", "@context": {"a": f"{E}stolen"}}}
    with pytest.raises(errors.ProtectedTerm):
        jsonld.to_quads({"@context": [pin(protected)], "type": "Taking", "a": "x"})
    document = {"@context": [pin(protected)], "renamed": {"b": "urn:x"}}
    assert jsonld.canonical_nquads(document) == second_path.canonical_nquads(document)


def test_a_coercion_that_is_no_iri_is_left_to_the_slow_way(pin: Pin) -> None:
    """PyLD lets a type be a blank node; RDF has no such datatype, so nothing is signed."""
    document = {"@context": [pin({"a": {"@id": f"{E}a", "@type": "_:T"}})], "a": "x"}
    with pytest.raises(errors.PlauditError):
        jsonld.to_quads(document)


def test_only_pinned_contexts_are_loaded() -> None:
    with pytest.raises(errors.ContextNotKnown):
        contexts.load_pinned("https://contexts.example/not-pinned")


def test_an_error_is_worded_by_its_innermost_cause() -> None:
    inner = errors.ContextNotKnown("x")
    outer = ValueError("outer")
    outer.__cause__ = inner
    assert contexts.jsonld_error(outer) is inner
    assert str(contexts.jsonld_error(ValueError("plain")).detail) == "plain"


@pytest.mark.parametrize("document", [[], "text", None, 5, [{"@context": []}]])
def test_only_an_object_is_a_document(document: Any) -> None:
    with pytest.raises(errors.MalformedJsonLd):
        jsonld.to_quads(document)


@pytest.mark.parametrize(
    "body",
    [{"id": "urn:x"}, {"@graph": []}, {"@graph": [{"id": "urn:x"}]}, {"a": {"@set": []}}, {"a": []}, {"@type": []}],
)
def test_a_document_that_states_nothing_is_refused_slowly_too(body: dict[str, Any]) -> None:
    inline = {"id": "@id", "a": f"{E}a"}
    with pytest.raises(errors.DataLoss):
        jsonld.to_quads({"@context": [inline], **body}, allow_inline_contexts=True)


def test_inline_contexts_of_every_form_are_searched_for_urls() -> None:
    """Lists of contexts and of containers, objects in lists, pinned URLs in scopes."""
    pinned = "https://www.w3.org/ns/credentials/examples/v2"
    inline = {
        "@import": pinned,
        "id": "@id",
        "a": {"@id": f"{E}a", "@container": ["@set"], "@context": [pinned, {"b": f"{E}b"}]},
        "c": {"@id": f"{E}c", "@context": pinned},
    }
    found = limits.check({"@context": [inline], "a": {"b": "x"}})
    assert isinstance(found, errors.InlineContextRefused)

"""JSON-LD loses nothing: a member is in the quads, or the document is refused with the place."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import schemas
from credentials import errors, jsonld, second_path, strict_json

V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


def credential(**changes: Any) -> dict[str, Any]:
    """A small Open Badges credential; a change to None removes the member."""
    document = {
        "@context": [V2, OPEN_BADGES],
        "id": "https://issuer.example/c/1",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {"id": "did:web:issuer.example", "type": ["Profile"], "name": "Issuer"},
        "validFrom": "2026-03-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:student", "type": ["AchievementSubject"], "role": "Analyst"},
    }
    return {name: value for name, value in {**document, **changes}.items() if value is not None}


def subject(**members: Any) -> dict[str, Any]:
    return credential(credentialSubject={"id": "did:example:student", "type": ["AchievementSubject"], **members})


def refusal(document: dict[str, Any], **options: Any) -> errors.PlauditError:
    with pytest.raises(errors.PlauditError) as caught:
        jsonld.to_quads(document, **options)
    return caught.value


@pytest.mark.case("LDP-01")
@pytest.mark.parametrize("grade", ["A+", "F"])
def test_undefined_member_is_data_loss(grade: str) -> None:
    """PyLD gives A+ and F the same canonical form; here neither has one."""
    error = refusal(subject(grade=grade))
    assert (error.code, error.pointer) == ("data_loss", "/credentialSubject/grade")
    assert error.problem_type == "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR"


@pytest.mark.case("LDP-01", "LDP-08")
@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        (credential(undefined={"deep": 1}), "data_loss", "/undefined"),
        (subject(achievement={"id": "urn:a", "type": ["Achievement"], "x/y~z": 1}), "data_loss",
         "/credentialSubject/achievement/x~1y~0z"),
        (credential(evidence=[{"type": ["Evidence"]}, {"type": ["Evidence"], "oops": 1}]), "data_loss",
         "/evidence/1/oops"),
        (credential(type=["VerifiableCredential", "NoSuchType"]), "data_loss", "/type"),
        (credential(type=["VerifiableCredential", None]), "data_loss", "/type"),
        (credential(type=5), "data_loss", "/type"),
        (subject(id="not a uri"), "data_loss", "/credentialSubject/id"),
        (subject(id="student-5"), "data_loss", "/credentialSubject/id"),
        (subject(id="#me"), "data_loss", "/credentialSubject/id"),
        (subject(id="//host/me"), "data_loss", "/credentialSubject/id"),
        (subject(id="https://a.example/<me>"), "data_loss", "/credentialSubject/id"),
        (subject(id=None, identifier=[{"type": "IdentityObject", "identityHash": None}]), "data_loss",
         "/credentialSubject/id"),
        (subject(id=["urn:a", "urn:b"]), "data_loss", "/credentialSubject/id"),
        (subject(id=""), "data_loss", "/credentialSubject/id"),
        (credential(issuer="relative"), "data_loss", "/issuer"),
        (subject(role=None), "data_loss", "/credentialSubject/role"),
        (subject(role=["a", None]), "data_loss", "/credentialSubject/role/1"),
        (subject(**{"_:blank": "predicate"}), "data_loss", "/credentialSubject/_:blank"),
        (subject(**{"@index": "i"}), "data_loss", None),
        (subject(**{"@foo": "i"}), "data_loss", "/credentialSubject/@foo"),
        (subject(role={"@value": "x", "extra": 1}), "data_loss", "/credentialSubject/role/extra"),
        (subject(role={"@value": None}), "data_loss", "/credentialSubject/role/@value"),
        (subject(role={"@value": "x", "@type": "NoSuchType"}), "data_loss", "/credentialSubject/role"),
        (subject(role={"@value": "x", "@language": "no such tag"}), "data_loss", "/credentialSubject/role"),
        (subject(role={"@language": "en"}), "jsonld_malformed", "/credentialSubject/role/@language"),
        (subject(role={"@value": "x", "@direction": "up"}), "jsonld_malformed", "/credentialSubject/role"),
        (subject(role={"@value": 5, "@language": "en"}), "jsonld_malformed", "/credentialSubject/role"),
        (subject(role={"@value": ["x"]}), "jsonld_malformed", "/credentialSubject/role"),
        (subject(**{"@id": "urn:other"}), "jsonld_malformed", None),
        (subject(role=0.30000000000000004), "data_loss", "/credentialSubject/role"),
        (subject(role="\ud800"), "not_canonicalizable", "/credentialSubject/role"),
        ({"@context": V2, "id": "urn:x"}, "data_loss", ""),
        ({"@context": V2}, "data_loss", ""),
    ],
)  # fmt: skip
def test_what_would_be_dropped_is_refused(document: dict[str, Any], code: str, pointer: str | None) -> None:
    """Undefined terms and types, relative ids, nulls, lost digits: each with its JSON pointer."""
    error = refusal(document)
    assert error.code == code
    if pointer is not None:
        assert error.pointer == pointer


@pytest.mark.case("LDP-03")
@pytest.mark.parametrize(
    "url",
    ["https://evil.example/context", "http://www.w3.org/ns/credentials/v2", V2 + "/", V2 + "#", "relative", ""],
)
def test_unknown_context_is_not_known_and_never_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """URLs match exactly; a socket that is opened fails the test."""

    def no_socket(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", no_socket)
    monkeypatch.setattr("socket.getaddrinfo", no_socket)
    error = refusal(credential(**{"@context": [V2, url]}))
    assert (error.code, error.pointer) == ("context_not_known", "/@context/1")
    nested = refusal(subject(**{"@context": [url]}))
    assert (nested.code, nested.pointer) == ("context_not_known", "/credentialSubject/@context/0")


@pytest.mark.case("LDP-04", "LDP-06")
@pytest.mark.parametrize(
    "inline", [{"degree": "https://schema.org/name"}, {"@vocab": "https://evil.example/"}, {"@version": 1.1}]
)
def test_inline_context_is_refused(inline: dict[str, Any]) -> None:
    """A document must not give known words other meanings, at the top or further down."""
    error = refusal(credential(**{"@context": [V2, inline]}, name="x"))
    assert (error.code, error.pointer) == ("inline_context", "/@context/1")
    assert refusal(subject(**{"@context": inline})).pointer == "/credentialSubject/@context"


@pytest.mark.case("LDP-05")
@pytest.mark.parametrize("context", [None, [], {}, [None], [[]], [5], 5, True, [V2, None], [[V2]], {"@context": V2}])
def test_malformed_context(context: Any) -> None:
    """Missing, null, empty, or of another shape: malformed (an object is an inline context)."""
    document = {**credential(), "@context": context}
    error = refusal(document)
    assert error.code == ("inline_context" if context == {"@context": V2} else "context_malformed")
    del document["@context"]
    assert refusal(document).code == "context_malformed"


@pytest.mark.parametrize(
    "inline",
    [
        {"VerifiableCredential": "https://evil.example/VC"},
        {"id": "https://evil.example/id"},
        {"VerifiableCredential": None},
    ],
)
def test_protected_terms_stay_what_they_are(inline: dict[str, Any]) -> None:
    """Also where inline contexts are allowed, a protected term cannot be redefined or cleared away."""
    error = refusal(credential(**{"@context": [V2, inline]}), allow_inline_contexts=True)
    assert error.code == "protected_term"


def test_protected_terms_among_pinned_contexts() -> None:
    """Two published contexts that define one protected term differently do not go together."""
    contexts = [V2, "https://www.w3.org/2018/credentials/v1"]
    assert refusal(credential(**{"@context": contexts})).code == "protected_term"
    evidence = {"type": ["Achievement", "Result"], "name": "types whose own contexts contradict each other"}
    error = refusal(credential(evidence=[evidence]))
    assert (error.code, error.pointer) == ("protected_term", "/evidence/0")


def test_inline_contexts_where_allowed_are_as_strict() -> None:
    """The proof-only surface reads inline definitions, and still refuses what would be dropped."""
    inline = {"grade": "https://schema.org/ratingValue", "note": {"@id": "https://e.example/n", "@container": "@index"}}
    document = subject(**{"grade": "A+"})
    document["@context"] = [V2, OPEN_BADGES, inline]
    found = jsonld.canonical_nquads(document, allow_inline_contexts=True)
    assert '<did:example:student> <https://schema.org/ratingValue> "A+" .\n' in found
    document["credentialSubject"]["undefined"] = 1
    assert refusal(document, allow_inline_contexts=True).code == "data_loss"
    del document["credentialSubject"]["undefined"]
    document["credentialSubject"]["note"] = {"key that is lost": "x"}
    assert refusal(document, allow_inline_contexts=True).code == "data_loss"


@pytest.mark.parametrize(
    "inline",
    [{"@import": "https://evil.example/c"}, {"a": {"@id": "urn:a", "@context": "https://evil.example/c"}},
     {"a": {"@id": "urn:a", "@context": [V2, "https://evil.example/c"]}}],
)  # fmt: skip
def test_inline_contexts_reach_only_pinned_ones(inline: dict[str, Any]) -> None:
    """@import and scoped contexts of an inline one name pinned URLs or are refused."""
    error = refusal(credential(**{"@context": [V2, inline]}), allow_inline_contexts=True)
    assert error.code == "context_not_known"


def test_every_pinned_context_compiles() -> None:
    """Each context processes by itself, and after VC 2.0 unless it redefines a protected term."""
    for url in schemas.contexts():
        document = {"@context": url, "https://e.example/p": "x"}
        assert jsonld.canonical_nquads(document) == '_:c14n0 <https://e.example/p> "x" .\n'


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ({"@value": "Zoë", "@language": "de-CH"}, '"Zoë"@de-ch'),
        ({"@value": "مرحبا", "@language": "ar", "@direction": "rtl"}, '"مرحبا"^^<https://www.w3.org/ns/i18n#ar_rtl>'),
        ({"@value": "x", "@direction": "ltr"}, '"x"^^<https://www.w3.org/ns/i18n#_ltr>'),
        ({"@value": "x", "@type": "https://types.example/T"}, '"x"^^<https://types.example/T>'),
        ({"@value": True}, '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        (12, '"12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (12.0, '"12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (-0.0125, '"-1.25E-2"^^<http://www.w3.org/2001/XMLSchema#double>'),
        (1e21, '"1.0E21"^^<http://www.w3.org/2001/XMLSchema#double>'),
        ({"@value": 5, "@type": "http://www.w3.org/2001/XMLSchema#double"},
         '"5.0E0"^^<http://www.w3.org/2001/XMLSchema#double>'),
        ({"@value": {"b": 1, "a": [None, 0.5]}, "@type": "@json"},
         '"{\\"a\\":[null,0.5],\\"b\\":1}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'),
        ('a"b\\c\n\t\r\b\f\x00\x7f\ufffe', '"a\\"b\\\\c\\n\\t\\r\\b\\f\\u0000\\u007F\\uFFFE"'),
        ({"@id": "urn:x"}, "<urn:x>"),
    ],
)  # fmt: skip
def test_values_become_the_right_terms(value: Any, term: str) -> None:
    """Strings, languages, directions, numbers, JSON literals and references (JSON-LD 1.1 API, 8.2.2)."""
    document = {"@context": EXAMPLES, "@id": "urn:s", "https://e.example/p": value}
    assert jsonld.to_quads(document) == [("<urn:s>", "<https://e.example/p>", term, "")]


def test_lists_and_graphs_keep_their_shape() -> None:
    """@list in order, @graph containers under a name of their own; as PyLD gives them."""
    presentation = {
        "@context": [V2],
        "type": "VerifiablePresentation",
        "verifiableCredential": [credential(), credential(id="https://issuer.example/c/2")],
    }
    listed = {
        "@context": EXAMPLES,
        "id": "urn:s",
        "https://e.example/p": {"@list": ["b", "a", "b", 1, {"id": "urn:x"}]},
    }
    for document in (presentation, listed):
        assert jsonld.canonical_nquads(document) == second_path.canonical_nquads(document)


def _clique(size: int) -> dict[str, Any]:
    nodes = [
        {"id": f"_:n{i}", "https://e.example/p": [{"id": f"_:n{j}"} for j in range(size) if j != i]}
        for i in range(size)
    ]
    return credential(credentialSubject=nodes)


@pytest.mark.case("LDP-09")
def test_poisoned_credential_is_stopped() -> None:
    """A 9-clique of blank nodes in a small credential ends at the limit in a fraction of a second."""
    document = _clique(9)
    assert len(strict_json.dumps(document)) < 2_500
    jsonld.canonical_nquads(_clique(3))
    started = time.process_time()
    with pytest.raises(errors.CanonicalizationLimit):
        jsonld.canonical_nquads(document)
    assert time.process_time() - started < 0.25


def _deep(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = {"id": "urn:x"}
    for _ in range(levels):
        node = {"https://e.example/p": node}
    return credential(credentialSubject=node)


@pytest.mark.case("LDP-10")
@pytest.mark.parametrize(
    "document",
    [
        {**credential(), "@context": [V2, OPEN_BADGES] * 1000},
        _deep(500),
        _deep(100_000),
        credential(credentialSubject=[{"id": f"did:example:{index}", "name": "x"} for index in range(5000)]),
        credential(credentialSubject={"id": "urn:x", "name": ["x"] * 100_000}),
        credential(credentialSubject=[{"@context": [V2] * 10, "id": f"urn:{index}"} for index in range(100)]),
    ],
    ids=["2000 contexts", "depth 500", "depth 100 000", "5000 subjects", "100 000 values", "1000 contexts below"],
)
def test_oversized_documents_are_refused_fast(document: dict[str, Any]) -> None:
    """Contexts, levels, objects and values are counted before anything is interpreted."""
    started = time.process_time()
    error = refusal(document)
    assert (error.code, error.status_hint) == ("jsonld_limit", 413)
    assert time.process_time() - started < 0.2


def test_odd_documents_do_not_fill_the_memory() -> None:
    """Thousands of documents with made-up words and combinations of types leave a bounded number of scopes."""
    from credentials.jsonld import contexts

    types = ["Profile", "Address", "Image", "Related", "VerifiablePresentation", "Evidence", "Achievement"]
    for chosen in permutations(types, 4):
        issuer = {"id": "did:web:issuer.example", "type": list(chosen), f"https://e.example/{chosen}": 1}
        with suppress(errors.ProtectedTerm, errors.DataLoss):
            jsonld.to_quads(credential(issuer=issuer))
        refusal({**credential(), f"made-up-{chosen}": 1})
    root = contexts.COMPILER.root((V2, OPEN_BADGES))
    assert not [key for key in root.terms if key.startswith(("made-up", "https://e.example/"))]
    assert contexts.COMPILER._made <= contexts._MAX_SCOPES + 500


def test_w3c_data_model_inputs(vectors: Path) -> None:
    """Of the 120 inputs of the VCDM test suite none crashes, and every good one with pinned contexts has quads."""
    outcomes: dict[str, str] = {}
    for path in sorted((vectors / "w3c-vcdm2-inputs").rglob("*.json")):
        try:
            jsonld.canonical_nquads(strict_json.loads_object(path.read_bytes()), allow_inline_contexts=True)
            outcomes[path.stem] = "ok"
        except errors.PlauditError as error:
            outcomes[path.stem] = error.code
    refused_good = {name: code for name, code in outcomes.items() if name.endswith("-ok") and code != "ok"}
    # It holds a proof type that no context defines; proofs are taken off before a document is canonicalised.
    assert refused_good == {"credential-proof-ok": "data_loss"}
    assert outcomes["credential-redef-type-fail"] == "protected_term"
    assert outcomes["credential-type-unmapped-fail"] in ("data_loss", "jsonld_malformed", "protected_term")


@pytest.mark.parametrize("value", [{}, [], 5, None])
def test_an_import_that_is_no_url_is_a_malformed_context(value: object) -> None:
    document = {"@context": {"@version": 1.1, "@import": value}, "@id": "urn:x"}
    with pytest.raises(errors.MalformedContext):
        jsonld.to_quads(document, allow_inline_contexts=True)


@pytest.mark.parametrize("vocabulary", ["", "/relative#"])
def test_a_property_that_is_relative_to_the_document_is_refused(vocabulary: str) -> None:
    """It would mean another thing wherever the document lies."""
    document = {"@context": {"@vocab": vocabulary}, "@id": "urn:x", "name": "x"}
    with pytest.raises(errors.DataLoss):
        jsonld.to_quads(document, allow_inline_contexts=True)

"""JCS and RDFC-1.0 give the bytes of their specifications, and RDFC stops at its limit."""

from __future__ import annotations

import json
import time
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from credentials import canonical, errors
from credentials.canonical import Quad
from credentials.canonical.nquads import write_quad

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_jcs_vectors(name: str, vectors: Path) -> None:
    """The six official triples: the text, and its bytes in hexadecimal."""
    folder = vectors / "jcs-rfc8785"
    found = canonical.jcs(json.loads((folder / "input" / f"{name}.json").read_bytes()))
    assert found == (folder / "output" / f"{name}.json").read_bytes().rstrip(b"\n")
    assert found == bytes.fromhex("".join((folder / "outhex" / f"{name}.txt").read_text().split()))


@given(JSON)
def test_jcs_equals_the_reference(value: Any) -> None:
    """Whichever writer is taken, the bytes are those of the package rfc8785."""
    assert canonical.jcs(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [
        {"\ue000": 1, "\U00010000": 2},
        {"a": {"\uffff": 1, "\U0001f600": {"b": 1.5}}},
        "".join(map(chr, range(0x80))),
        {"\u2028": "\u2029/\x7f"},
        [1e21, 1e-7, 5e-324, -0.0, 1.7976931348623157e308, 0.1, 100.0],
        {"b": [], "a": {}, "": None},
    ],
)
def test_jcs_where_writers_differ(value: Any) -> None:
    """UTF-16 order of keys, floats and control characters."""
    assert canonical.jcs(value) == rfc8785.dumps(value)


def _deep(levels: int) -> Any:
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [float("nan"), [float("inf")], 2**53 + 1, {"a": -(2**60)}, "\ud800", {"\udfff": 1}, {1: 2}, b"x", {"a": {1}}],
    ids=range(9),
)
def test_jcs_refuses_what_has_no_form(value: Any) -> None:
    """NaN, big integers, half characters, foreign types, bottomless nesting."""
    with pytest.raises(errors.NotCanonicalizable):
        canonical.jcs(value)


def test_jcs_refuses_bottomless_nesting() -> None:
    """100 000 levels end as an error of ours, not of the interpreter."""
    for value in (_deep(100_000), {"a": _deep(65)}):
        with pytest.raises(errors.NotCanonicalizable):
            canonical.jcs(value)


def _entries(folder: Path, kind: str) -> list[dict[str, Any]]:
    entries = json.loads((folder / "manifest.jsonld").read_bytes())["entries"]
    return [entry for entry in entries if entry["type"] == f"rdfc:{kind}"]


def _input(folder: Path, entry: dict[str, Any]) -> tuple[list[Quad], str]:
    quads = canonical.parse_nquads((folder / entry["action"]).read_text("utf-8"))
    return quads, entry.get("hashAlgorithm", "SHA256").lower()


def test_rdfc_evaluation_tests(vectors: Path) -> None:
    """All 64 datasets of the W3C suite, with SHA-256 and SHA-384."""
    folder = vectors / "w3c-rdf-canon"
    entries = _entries(folder, "RDFC10EvalTest")
    for entry in entries:
        quads, algorithm = _input(folder, entry)
        expected = (folder / entry["result"]).read_text("utf-8")
        assert canonical.rdfc10(quads, hash=algorithm) == expected, entry["id"]
    assert len(entries) == 64


def test_rdfc_map_tests(vectors: Path) -> None:
    """All 21 maps of issued identifiers."""
    folder = vectors / "w3c-rdf-canon"
    entries = _entries(folder, "RDFC10MapTest")
    for entry in entries:
        quads, algorithm = _input(folder, entry)
        labels = canonical.canonicalize(quads, hash=algorithm).labels
        expected = json.loads((folder / entry["result"]).read_bytes())
        assert {old[2:]: new[2:] for old, new in labels.items()} == expected, entry["id"]
    assert len(entries) == 21


@pytest.mark.case("LDP-09")
def test_rdfc_poison_graph_is_stopped(vectors: Path) -> None:
    """The suite's one negative test, a 10-clique, ends at the limit in a fraction of a second."""
    folder = vectors / "w3c-rdf-canon"
    [entry] = _entries(folder, "RDFC10NegativeEvalTest")
    quads, algorithm = _input(folder, entry)
    started = time.process_time()
    with pytest.raises(errors.CanonicalizationLimit) as caught:
        canonical.rdfc10(quads, hash=algorithm)
    assert time.process_time() - started < 0.25
    assert caught.value.code == "canonicalization_limit"


def test_work_limit_is_the_callers() -> None:
    """A smaller limit stops what the usual one lets pass; labels never reach the limit when hashes differ."""
    ring = [(f"_:n{i}", "<urn:p>", f"_:n{(i + 1) % 4}", "") for i in range(4)]
    assert canonical.rdfc10(ring).count("\n") == 4
    with pytest.raises(errors.CanonicalizationLimit):
        canonical.rdfc10(ring, work_limit=10)
    different: list[Quad] = [(f"_:n{i}", "<urn:p>", f'"{i}"', "") for i in range(50)]
    assert canonical.rdfc10(different, work_limit=0)


@pytest.mark.parametrize("alike", [True, False])
def test_statements_that_repeat_count_once(alike: bool) -> None:
    """A dataset is a set: repeated lines change neither labels nor output, also where blank nodes look alike."""
    quads: list[Quad] = [(f"_:n{i}", "<urn:p>", f'"{i * (not alike)}"', "") for i in range(3)]
    quads.append(("<s:>", "<urn:p>", "_:n0", ""))
    quads.append(("_:n1", "<urn:q>", "_:n1", ""))
    quads.append(("_:n2", "<urn:q>", "<urn:o>", "_:n1"))
    assert canonical.canonicalize(quads * 2) == canonical.canonicalize(quads)


def test_long_chains_of_lookalikes_end_at_the_limit() -> None:
    """A ring of 5 000 equal nodes must not exhaust the stack."""
    ring: list[Quad] = [(f"_:n{i}", "<urn:p>", f"_:n{(i + 1) % 5000}", "") for i in range(5000)]
    with pytest.raises(errors.CanonicalizationLimit):
        canonical.rdfc10(ring)


def _graph(random: Random) -> list[Quad]:
    """A small random dataset, full of look-alike blank nodes and nasty literals."""
    blanks = [f"_:b{index}" for index in range(random.randint(1, 6))]
    texts = ["", 'a"b', "c\\d", "tab\t", "\u0000", "\u0007\u0008\u000c", "\u007f\u0080", "\u2028", "😀", "\ufffd"]
    quads: list[Quad] = []
    for _ in range(random.randint(1, 12)):
        objects = [random.choice(blanks), "<urn:o>", canonical.literal(random.choice(texts), language="en")]
        quads.append(
            (
                random.choice([*blanks, "<urn:s>"]),
                random.choice(["<urn:p>", "<urn:q>"]),
                random.choice([*objects, canonical.literal(random.choice(texts))]),
                random.choice(["", "", "<urn:g>", random.choice(blanks)]),
            )
        )
    return quads


@pytest.mark.parametrize("seed", range(60))
def test_rdfc_equals_another_implementation(seed: int) -> None:
    """pyoxigraph canonicalises random small datasets to the same statements; the order given does not matter."""
    random = Random(seed)
    quads = _graph(random)
    found = canonical.rdfc10(quads)
    text = "".join(write_quad(quad) for quad in quads)
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    assert set(canonical.parse_nquads(found)) == set(canonical.parse_nquads("".join(f"{q} .\n" for q in dataset)))
    random.shuffle(quads)
    assert canonical.rdfc10(quads) == found


@given(TEXT, st.sampled_from([None, "en", "de-CH"]))
def test_literals_come_back(text: str, language: str | None) -> None:
    """A literal, written and read, is the same term; and nothing in it can end its line."""
    term = canonical.literal(text, language=language)
    assert "\n" not in term
    assert canonical.parse_nquads(f"<urn:s> <urn:p> {term} .") == [("<urn:s>", "<urn:p>", term, "")]


@pytest.mark.parametrize(
    "line",
    [
        "<urn:s> <urn:p> <urn:o>", "<urn:s> _:p <urn:o> .", '"s" <urn:p> <urn:o> .', "<relative> <urn:p> <urn:o> .",
        '<urn:s> <urn:p> "a" "g" .', '<urn:s> <urn:p> "a"@ .', '<urn:s> <urn:p> "a"^^<b c> .', "<urn:s> <urn:p> 'a' .",
        '<urn:s> <urn:p> "\\q" .', '<urn:s> <urn:p> "\\uD800" .', '<urn:s> <urn:p> "\\UFFFFFFFF" .',
        "_:. <a:b> <c:d> .",
        "<urn:s> <urn:p> <urn:o> . <urn:s>", '<urn:s> <urn:p> "a"^^<t> .',
    ],
)  # fmt: skip
def test_nquads_reader_is_strict(line: str) -> None:
    """A line is a statement of the grammar or an error with its number."""
    with pytest.raises(errors.MalformedNQuads, match=r"line 2|not"):
        canonical.parse_nquads("# a comment\n" + line)


def test_a_statement_made_twice_about_nodes_that_look_alike_counts_once() -> None:
    alike = [("_:a", "<urn:p>", "_:b", ""), ("_:b", "<urn:p>", "_:a", ""), ("_:a", "<urn:q>", '"x"', "")]
    alike += [("_:c", "<urn:p>", "_:d", ""), ("_:d", "<urn:p>", "_:c", ""), ("_:c", "<urn:q>", '"x"', "")]
    assert canonical.rdfc10([*alike, *alike]) == canonical.rdfc10(alike)

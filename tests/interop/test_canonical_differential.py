"""Thousands of generated credentials, canonicalised by Node's jsonld and rdf-canonize and by us: the same bytes.

Node does many documents in one request, so that its start-up and the JSON between us cost little. In two things that
no credential needs Node is wrong, and PyLD and the specifications say so: both are kept out of the generated documents
and stand in tests of their own.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from credentials import errors, jsonld
from tests.credentials.generated import credential
from tests.credentials.mutations import mutate
from tests.interop.node_worker import NodeWorker

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]

#: Documents in one request.
BATCH = 100
#: Characters that XML 1.1 has not, and RDFC-1.0, 5 wants escaped.
NONCHARACTERS = {0xFFFE: "￻", 0xFFFF: "￼"}


def within_reach_of_node(value: Any) -> Any:
    """The value without what Node gets wrong."""
    if isinstance(value, dict):
        return {within_reach_of_node(name): within_reach_of_node(item) for name, item in value.items()}
    if isinstance(value, list):
        return list(map(within_reach_of_node, value))
    if isinstance(value, str):
        return value.translate(NONCHARACTERS)
    return 0.125 if isinstance(value, float) and "e-" in repr(value) else value


def outcome(document: dict[str, Any]) -> str | errors.PlauditError:
    try:
        return jsonld.canonical_nquads(document)
    except errors.PlauditError as error:
        return error


def compare_generated(worker: NodeWorker, seed: int) -> None:
    random = Random(seed)
    documents = [within_reach_of_node(credential(random, controls=True)) for _ in range(BATCH)]
    for document, theirs in zip(documents, worker.do("canonizeAll", documents=documents), strict=True):
        assert jsonld.canonical_nquads(document) == theirs, document


def compare_mutated(worker: NodeWorker, seed: int) -> dict[str, int]:
    """What we accept, Node accepts with the same bytes; what Node finds dropped, we refuse."""
    random, tally = Random(seed), {"equal": 0, "refused by both": 0, "refused by us": 0}
    documents = [within_reach_of_node(mutate(credential(random), random)) for _ in range(BATCH)]
    for document, theirs in zip(documents, worker.do("canonizeAll", documents=documents), strict=True):
        ours = outcome(document)
        if isinstance(ours, str):
            assert ours == theirs, document
            tally["equal"] += 1
        else:
            tally["refused by us" if isinstance(theirs, str) else "refused by both"] += 1
    return tally


@pytest.mark.parametrize("seed", range(3))
def test_generated_credentials_equal_node(digitalbazaar: NodeWorker, seed: int) -> None:
    compare_generated(digitalbazaar, seed)


@pytest.mark.parametrize("seed", range(3))
def test_mutated_credentials_equal_node_or_are_refused(digitalbazaar: NodeWorker, seed: int) -> None:
    tally = compare_mutated(digitalbazaar, 500 + seed)
    assert tally["equal"] > 5, tally
    assert tally["refused by both"] > 5, tally


def test_node_writes_a_small_number_as_zero(digitalbazaar: NodeWorker) -> None:
    """jsonld 9 takes a number for a double when JavaScript writes it with a point: 1e-7 becomes the integer 0.

    JSON-LD 1.1 API, 8.6 says that a number with a fraction is an xsd:double, which is what we and PyLD write.
    """
    document = credential(Random(1))
    document["issuer"]["address"] = {"type": ["Address"], "geo": {"type": "GeoCoordinates", "latitude": 1e-7}}
    latitude = "<https://schema.org/latitude>"
    ours, theirs = jsonld.canonical_nquads(document), digitalbazaar.do("canonize", document=document)
    assert f'{latitude} "1.0E-7"^^<http://www.w3.org/2001/XMLSchema#double> .' in ours
    assert f'{latitude} "0"^^<http://www.w3.org/2001/XMLSchema#integer> .' in theirs


def test_node_leaves_a_noncharacter_as_it_is(digitalbazaar: NodeWorker) -> None:
    """RDFC-1.0, 5: characters outside XML 1.1's Char are written as \\uXXXX; rdf-canonize 5 escapes the others only."""
    document = {**credential(Random(1)), "name": "a\ufffe\x01b"}
    ours, theirs = jsonld.canonical_nquads(document), digitalbazaar.do("canonize", document=document)
    assert '"a\\uFFFE\\u0001b"' in ours
    assert '"a\ufffe\\u0001b"' in theirs


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1_000, 1_040))
def test_four_thousand_generated_credentials_equal_node(digitalbazaar: NodeWorker, seed: int) -> None:
    compare_generated(digitalbazaar, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2_000, 2_100))
def test_ten_thousand_mutated_credentials_equal_node_or_are_refused(digitalbazaar: NodeWorker, seed: int) -> None:
    compare_mutated(digitalbazaar, seed)

"""Our walk against other implementations, on generated credentials and on broken ones."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pyoxigraph
import pytest

import schemas
from credentials import canonical, errors, jsonld, second_path
from credentials.jsonld import slow_path
from tests.credentials.generated import credential
from tests.credentials.mutations import mutate


def _slow(document: dict[str, Any]) -> str:
    return canonical.rdfc10(slow_path.to_quads(document))


def _outcome(read: Any, document: dict[str, Any]) -> str | errors.PlauditError:
    try:
        found: str = read(document)
    except errors.PlauditError as error:
        return error
    return found


@pytest.mark.parametrize("seed", range(20))
def test_generated_credentials_equal_pyld(seed: int) -> None:
    """Ten credentials a seed: the walk, the slow path and PyLD (taught to escape controls) give the same bytes."""
    random = Random(seed)
    for _ in range(10):
        document = credential(random, controls=True)
        found = jsonld.canonical_nquads(document)
        assert found == second_path.canonical_nquads(document)
    assert found == _slow(document)


@pytest.mark.parametrize("seed", range(10))
def test_generated_credentials_equal_pyoxigraph(seed: int) -> None:
    """A third implementation, in another language, with contexts written into the document and control characters."""
    random = Random(1000 + seed)
    document = credential(random, controls=True)
    # pyoxigraph writes no text direction, gives JSON literals another form, and reads 5.0 and 1e20 as doubles where
    # JSON-LD 1.1 says integers.
    document["name"] = "plain"
    for name in ("description", "renderMethod"):
        document.pop(name, None)
    document["issuer"]["address"] = {"type": ["Address"], "geo": {"type": "GeoCoordinates", "latitude": -12.375}}
    inlined = {**document, "@context": [(schemas.context(url) or {})["@context"] for url in document["@context"]]}
    text = json.dumps(inlined).encode()
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    theirs = canonical.parse_nquads("".join(f"{quad} .\n" for quad in dataset))
    assert set(canonical.parse_nquads(jsonld.canonical_nquads(document))) == set(theirs)


def _compare(seed: int, count: int) -> dict[str, int]:
    """Walk and slow path on mutated documents: never two answers, never a silent drop on one side."""
    random, tally = Random(seed), {"equal": 0, "refused": 0}
    for _ in range(count):
        document = mutate(credential(random), random)
        ours, slow = _outcome(jsonld.canonical_nquads, document), _outcome(_slow, document)
        if isinstance(ours, errors.PlauditError):
            tally["refused"] += 1
        elif isinstance(slow, errors.PlauditError):
            # The slow path refuses every null; inside a JSON literal the walk keeps it.
            assert slow.detail == "null would be dropped", (slow, document)
        else:
            tally["equal"] += 1
            assert ours == slow, document
            assert ours == second_path.canonical_nquads(document), document
        if isinstance(slow, errors.DataLoss):
            assert isinstance(ours, errors.PlauditError) or slow.detail == "null would be dropped", document
    return tally


@pytest.mark.parametrize("seed", range(6))
def test_mutated_documents_have_one_answer(seed: int) -> None:
    """What is accepted equals PyLD's own bytes; what the slow path finds dropped, the walk refuses."""
    tally = _compare(seed, 60)
    assert min(tally.values()) > 3, tally


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 125))
def test_ten_thousand_mutated_documents(seed: int) -> None:
    """The gate before any figure of speed counts: 10 000 documents and no difference."""
    _compare(seed, 400)

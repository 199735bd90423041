"""How long it takes to bring one credential into its canonical form (JSON-LD to RDF, RDFC-1.0)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyld import jsonld as pyld

import schemas
from bench.measure import Comparison, Contender, timed
from bench.targets import NODE_JSONLD, OURS, PYLD
from bench.world import World, require
from credentials import jsonld, second_path


def comparisons(world: World) -> Iterator[Comparison]:
    """Ours, PyLD as it comes, PyLD with its contexts kept (our second path), Node."""
    document = world.unsigned

    def ours() -> str:
        return jsonld.canonical_nquads(document)

    def pyld_plain() -> Any:
        return pyld.normalize(document, {**PYLD_OPTIONS})

    def pyld_kept() -> str:
        return second_path.canonical_nquads(document)

    def node(n: int) -> float:
        return world.node.ask("canonize", {"document": document}, n=n).microseconds

    def check() -> None:
        reference = world.node.do("canonize", document=document)
        for name, found in ((OURS, ours()), (PYLD, pyld_plain()), ("second path", pyld_kept())):
            require(found == reference, f"{name} and Node differ")

    yield Comparison(
        "canonicalise",
        [
            Contender(OURS, timed(ours)),
            Contender(PYLD, timed(pyld_plain)),
            Contender("PyLD, contexts kept", timed(pyld_kept)),
            Contender(NODE_JSONLD, node),
        ],
        check,
    )


def _load(url: str, options: object) -> dict[str, Any]:  # noqa: ARG001 - PyLD's shape of a loader
    context = schemas.contexts()[url]
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}


PYLD_OPTIONS = {
    "algorithm": "URDNA2015",
    "format": "application/n-quads",
    "processingMode": "json-ld-1.1",
    "rdfDirection": "i18n-datatype",
    "documentLoader": _load,
}

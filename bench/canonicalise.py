"""How long it takes to bring one credential into its canonical form (JSON-LD to RDF, RDFC-1.0)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from pyld import jsonld as pyld

import schemas
from bench.measure import Comparison, Contender, timed
from bench.targets import BY_TEMPLATE, NODE_JSONLD, OURS, PYLD
from bench.world import World, require
from credentials import jsonld, second_path
from credentials.jsonld.shapes import SHAPES


def comparisons(world: World) -> Iterator[Comparison]:
    """Ours for any document and for a shape met before; PyLD as it comes and with contexts kept; Node."""
    records = cycle(world.records)

    def pyld_plain(document: dict[str, Any]) -> Any:
        return pyld.normalize(document, {**PYLD_OPTIONS})

    def by_template(document: dict[str, Any]) -> str:
        return SHAPES["sha256"].canonical(document).decode()

    def node(n: int) -> float:
        return world.node.ask("canonizeNext", {"list": "records"}, n=n).microseconds

    def check() -> None:
        some = world.records[:20]
        references = world.node.do("canonizeAll", documents=some)
        for document, reference in zip(some, references, strict=True):
            for canonicalise in (jsonld.canonical_nquads, by_template, pyld_plain, second_path.canonical_nquads):
                require(canonicalise(document) == reference, f"{canonicalise.__qualname__} and Node differ")

    yield Comparison(
        "canonicalise",
        [
            Contender(OURS, timed(lambda: jsonld.canonical_nquads(next(records)))),
            Contender(BY_TEMPLATE, timed(lambda: SHAPES["sha256"].canonical(next(records)))),
            Contender(PYLD, timed(lambda: pyld_plain(next(records)))),
            Contender("PyLD, contexts kept", timed(lambda: second_path.canonical_nquads(next(records)))),
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

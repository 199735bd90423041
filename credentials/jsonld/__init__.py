"""JSON-LD to RDF without losing anything: a document becomes quads, or is refused; nothing is ever fetched.

Three outcomes. The quick walk over compiled contexts (`walk`) gives quads, or refuses with the place that JSON-LD
would silently drop, or finds a construct that credentials hardly use (`@nest`, `@reverse`, index maps …) and hands
the document to PyLD (`slow_path`) under the same rule.

Source: JSON-LD 1.1 Processing Algorithms and API, 5 (expansion) and 8 (RDF); Data Integrity 1.0, 2.4.1 and 2.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credentials.canonical import WORK_LIMIT, Quad, rdfc10
from credentials.jsonld import limits, slow_path
from credentials.jsonld.contexts import OutsideSubset
from credentials.jsonld.walk import walk

__all__ = ["canonical_nquads", "to_quads", "walk"]


def to_quads(document: Mapping[str, Any], *, allow_inline_contexts: bool = False) -> list[Quad]:
    """Return the RDF dataset of a JSON-LD document; every member of the document is in it.

    Raises `errors.DataLoss` (with the JSON pointer) for undefined terms and types, relative ids, nulls and whatever
    else JSON-LD would drop; `errors.ContextNotKnown`, `errors.InlineContextRefused`, `errors.ProtectedTerm`,
    `errors.MalformedContext`, `errors.MalformedJsonLd` and `errors.JsonLdLimit`.
    `allow_inline_contexts` lets the document define terms itself; only a proof-only surface may say so.
    """
    inline = limits.check(document)
    if inline is not None and not allow_inline_contexts:
        raise inline
    if inline is not None:
        return slow_path.to_quads(document, inline=True)
    try:
        return walk(document)
    except OutsideSubset:
        return slow_path.to_quads(document)


def canonical_nquads(
    document: Mapping[str, Any],
    *,
    hash: str = "sha256",
    allow_inline_contexts: bool = False,
    work_limit: int = WORK_LIMIT,
) -> str:
    """Return the canonical N-Quads (RDFC-1.0) of a JSON-LD document; raises what `to_quads` and `rdfc10` raise."""
    quads = to_quads(document, allow_inline_contexts=allow_inline_contexts)
    return rdfc10(quads, hash=hash, work_limit=work_limit)

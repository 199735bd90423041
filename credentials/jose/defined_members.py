"""Refuses to sign a credential with members that none of its contexts defines by name; it reads no JSON-LD deeper down.

A context with a catch-all vocabulary gives any word a meaning of nobody's. What is signed should mean something.
Source: VCDM 2.0, 4.3 (contexts), 5.2 (extensibility); JSON-LD 1.1, 4.1.2 and 4.1.8 (type-scoped contexts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import schemas
from credentials import errors, vcdm

#: How many combinations of contexts and types are remembered; an issuer uses a handful.
_KEPT: Final = 256


def check(document: Mapping[str, Any]) -> None:
    """Check the members at the top of `document`, a credential or presentation.

    Raises `errors.MemberUndefined` for one without a definition, and `errors.ContextNotKnown`.
    """
    written = vcdm.as_list(document.get("@context"))
    urls = tuple(item for item in written if isinstance(item, str))
    types = tuple(item for item in vcdm.types(document) if isinstance(item, str))
    inline = [item for item in written if isinstance(item, Mapping)]
    known = _defined(urls, types).union(*(_terms(item, types) for item in inline))
    for name in document:
        if name not in known and not name.startswith("@"):
            raise errors.MemberUndefined(f"no context defines {name[:80]!r}", pointer=f"/{name[:80]}")


@lru_cache(maxsize=_KEPT)
def _defined(urls: tuple[str, ...], types: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(_terms(_context(url), types) for url in urls))


def _context(url: str) -> Any:
    found = schemas.context(url)
    if found is None:
        raise errors.ContextNotKnown(f"{url[:200]} is not known here", pointer="/@context")
    return found["@context"]


def _terms(context: Any, types: tuple[str, ...]) -> Iterator[str]:
    """The terms of a context, and of the contexts that it keeps for things of these types."""
    for part in vcdm.as_list(context):
        if not isinstance(part, Mapping):
            continue
        yield from part
        for kind in types:
            definition = part.get(kind)
            if isinstance(definition, Mapping):
                yield from _terms(definition.get("@context"), ())

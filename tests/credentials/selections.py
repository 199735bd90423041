"""Draws JSON pointers out of a document at random, as a holder might choose them."""

from __future__ import annotations

from random import Random
from typing import Any

from credentials.jsonld.limits import pointer

#: Shown whole or not at all: an ordered list, and a JSON literal.
_WHOLE = ("allowedValue", "jsonSchema")


def every_pointer(document: Any, *, place: str = "", into_single: bool = True) -> list[str]:
    """Every pointer that may select something, but for contexts, proofs, and what can only be shown whole.

    Without `into_single` none goes into an array of one item: compaction, as the specification does it before it
    follows pointers, leaves the item without the array.
    """
    found = [place] if place else []
    if isinstance(document, dict) and "@value" not in document:
        for name, member in document.items():
            if name in ("@context", "proof"):
                continue
            here = place + pointer(name)
            found += [here] if name in _WHOLE else every_pointer(member, place=here, into_single=into_single)
    elif isinstance(document, list) and (into_single or len(document) > 1):
        for index, member in enumerate(document):
            found += every_pointer(member, place=f"{place}/{index}", into_single=into_single)
    return found


def some_pointers(
    document: Any, random: Random, *, least: int = 1, most: int = 6, into_single: bool = True
) -> list[str]:
    """A random choice of them, in random order."""
    possible = every_pointer(document, into_single=into_single)
    return random.sample(possible, min(len(possible), random.randint(least, most)))

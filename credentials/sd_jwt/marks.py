"""The places that an issuer wants to be disclosable one by one, as a tree to walk beside the claims; hides nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from credentials import errors
from credentials.sd_jwt import paths
from credentials.sd_jwt.paths import Selector

#: A step as it was written: a name, digits or an integer for a position, None for every element.
Step: TypeAlias = str | int | None


@dataclass(slots=True)
class Mark:
    """One step of the paths: the selectors that end here, and the steps below. Never changed once made."""

    selectors: tuple[Selector, ...] = ()
    below: dict[Step, Mark] = field(default_factory=dict)

    def element(self, index: int) -> Mark | None:
        """The mark for one element of an array, however its position was written."""
        found = [self.below[step] for step in (index, str(index), None) if step in self.below]
        return found[0] if len(found) == 1 else _merged(found)


@dataclass(frozen=True, slots=True)
class Marks:
    """A tree of marks, and every selector that is in it."""

    root: Mark
    selectors: frozenset[Selector]

    def check_met(self, met: Collection[Selector]) -> None:
        """Raise `errors.DisclosurePathUnknown` for a selector that names nothing in the claims."""
        for selector in self.selectors - set(met):
            raise errors.DisclosurePathUnknown(f"{selector!r} names nothing in these claims")


def of(selectors: Iterable[Selector]) -> Marks:
    """The tree for `selectors`; raises `errors.DisclosurePathUnknown` for what can name nothing."""
    found = tuple(selectors)
    try:
        return _of(found)
    except TypeError:  # a claim path that is a list cannot be remembered as it is
        return _of(tuple(one if isinstance(one, str) else tuple(one) for one in found))


# An issuer hides the same claims in every token of a kind; a tree of ten paths has a few kB.
@lru_cache(maxsize=64)
def _of(selectors: tuple[Selector, ...]) -> Marks:
    root = Mark()
    for selector in selectors:
        mark = root
        for step in paths.steps_of(selector) if isinstance(selector, str) else selector:
            mark = mark.below.setdefault(step, Mark())
        if mark is root:
            raise errors.DisclosurePathUnknown("all of the claims cannot be hidden in one")
        mark.selectors += (selector,)
    return Marks(root, frozenset(selectors))


def _merged(marks: list[Mark]) -> Mark | None:
    """One element named in two ways: what either says counts."""
    if not marks:
        return None
    one = Mark(tuple(selector for mark in marks for selector in mark.selectors))
    for step in {step for mark in marks for step in mark.below}:
        one.below[step] = _merged([mark.below[step] for mark in marks if step in mark.below]) or Mark()
    return one

"""Says where in a file something stands. It finds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentials.sentence import Sentence

#: A PDF measures in points, 72 to the inch (ISO 32000-2, 8.3.2.3).
_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Place:
    """`page` counts from 1, `right` and `down` are millimetres from its top left corner as the reader sees it.

    A text has no pages: there `page` is 0, `down` is the line and `right` the column, both from 1.
    """

    page: int
    right: int
    down: int

    @property
    def words(self) -> Sentence:
        """The place as a person would look for it."""
        if not self.page:
            return Sentence("line %(line)s", line=self.down)
        return Sentence(
            "page %(page)s, %(down)s mm down, %(right)s mm across", page=self.page, down=self.down, right=self.right
        )

    def to_json(self) -> dict[str, int]:
        """The place for machines: a line and column, or a page with millimetres."""
        if not self.page:
            return {"line": self.down, "column": self.right}
        return {"page": self.page, "mmFromLeft": self.right, "mmFromTop": self.down}


def on_page(page: int, *, left: float, top: float) -> Place:
    """A place on a page, from points measured from its top left corner."""
    return Place(page, round(left * _MM_PER_POINT), round(top * _MM_PER_POINT))


def from_child(value: Mapping[str, Any] | None) -> Place | None:
    """Read what `for_child` wrote."""
    return None if value is None else Place(int(value["page"]), int(value["right"]), int(value["down"]))


def for_child(place: Place | None) -> dict[str, int] | None:
    """The place as the child sends it to its parent."""
    return None if place is None else {"page": place.page, "right": place.right, "down": place.down}

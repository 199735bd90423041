"""What a résumé points to: every link and every QR code in it, with the place where it stands. It opens none of them.

A PDF is read in a disposable child; a text is searched here. Links are found where a reader would see or click them:
in the text of a page, and in its link annotations (ISO 32000-2, 12.5.6.5), printed codes by drawing the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from credentials import strict_json
from verifier.reading import places
from verifier.reading.places import Place

#: An address bar's worth; the outbound door opens none that is longer.
MAX_ADDRESS = 2_048
#: Characters of a token in the largest QR code (ISO/IEC 18004, version 40-L).
MAX_TEXT = 4_296
#: Past this, what is handed in is a list of links and no résumé; only the count of the rest is kept.
MAX_LEADS = 400
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\u2018-\u201f\u00ab\u00bb\u0000-\u0020]{1,2048}", re.IGNORECASE)
#: What closes a sentence and not an address.
_AFTER = ".,;:!?…"
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Lead:
    """What may lead to a credential: `text` is an address or what a code holds; `by` is "link" or "QR code"."""

    text: str
    by: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Leads:
    """All of them in reading order, how many pages there are and how many of them were read (0 of 0 for a text)."""

    found: tuple[Lead, ...]
    pages: int = 0
    pages_read: int = 0


def in_text(text: str) -> Leads:
    """Find the links in a plain text, with line and column."""
    found = [
        Lead(address, "link", Place(0, match.start() + 1, number))
        for number, line in enumerate(text.splitlines(), 1)
        for match in _ADDRESS.finditer(line)
        if (address := without_punctuation(match.group()))
    ]
    return Leads(tuple(found[:MAX_LEADS]))


def without_punctuation(address: str) -> str:
    """An address as it was meant, when a sentence or a bracket ends behind it."""
    while address and (address[-1] in _AFTER or _closes_nothing(address)):
        address = address[:-1]
    return address


def _closes_nothing(address: str) -> bool:
    last = address[-1]
    return last in _PAIRS and address.count(last) > address.count(_PAIRS[last])


def encode(leads: Leads) -> bytes:
    """The leads as the child sends them."""
    found = [[_clean(lead.text), lead.by, places.for_child(lead.place)] for lead in _bounded(leads.found)]
    return strict_json.dumps({"found": found, "pages": leads.pages, "read": leads.pages_read})


def decode(data: bytes) -> Leads:
    """Read what `encode` wrote; raises a `BadData` for anything that is no strict JSON."""
    value: Any = strict_json.loads(data)
    found = tuple(Lead(text, by, places.from_child(place)) for text, by, place in value["found"])
    return Leads(found, value["pages"], value["read"])


def _bounded(found: Sequence[Lead]) -> Iterator[Lead]:
    return (lead for lead in found[:MAX_LEADS] if len(lead.text) <= MAX_TEXT)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

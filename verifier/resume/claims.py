"""Turns what a résumé points to into one table, claim by claim. It reads no file and opens nothing itself.

What leads to no credential is not listed: a profile or a portfolio is no claim that could be checked. What could not be
opened, and what a limit left out, is said, because a credential may be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from credentials.errors import BadData
from credentials.verify import Verdict
from verifier import intake
from verifier.judging import Judged
from verifier.many import Outcome, Task, Together
from verifier.problems import SeveralCodes, SeveralCredentialsInFile
from verifier.reading.codes import shown
from verifier.reading.leads import Lead, Leads
from verifier.reading.places import Place
from verifier.rows import Row, valid

#: A résumé links to a dozen things; each costs an exchange with a stranger.
MAX_OPENED = 40


@dataclass(frozen=True, slots=True)
class Claims:
    """The answer. `rows`: credentials; `unopened`: what could not be looked at; `left_out`: links past the limit."""

    rows: tuple[Row, ...]
    unopened: tuple[Row, ...]
    opened: int
    left_out: int
    pages: int
    pages_read: int

    @property
    def valid(self) -> int:
        """How many are valid: the headline promises no more than that."""
        return valid(self.rows)

    def to_json(self) -> dict[str, Any]:
        """The whole answer for machines, with every check of every credential."""
        return {
            "claims": [row.to_json(whole=True) for row in self.rows],
            "notOpened": [row.to_json() for row in self.unopened],
            "linksOpened": self.opened,
            "linksLeftOut": self.left_out,
            "pages": self.pages,
            "pagesRead": self.pages_read,
        }


def check(leads: Leads, together: Together) -> Claims:
    """Open each different lead once and sort what came of it; raises `ManyBusy`."""
    different = _different(leads.found)
    chosen = different[:MAX_OPENED]
    outcomes = together.outcomes([_task(group[0]) for group in chosen])
    found = [Row(0, _given(group), outcome, _places(group)) for group, outcome in zip(chosen, outcomes, strict=True)]
    return Claims(
        rows=_numbered(_same_credential([row for row in found if _is_credential(row.outcome)])),
        unopened=_numbered([row for row in found if _unknown(row.outcome)]),
        opened=len(chosen),
        left_out=len(different) - len(chosen),
        pages=leads.pages,
        pages_read=leads.pages_read,
    )


def _different(found: Sequence[Lead]) -> list[list[Lead]]:
    """The leads by what they say, in reading order; those that can be no credential are left out."""
    groups: dict[str, list[Lead]] = {}
    for lead in found:
        if _address(lead) or intake.is_written_credential(lead.text.encode()):
            groups.setdefault(_address(lead) or lead.text, []).append(lead)
    return list(groups.values())


def _address(lead: Lead) -> str | None:
    return intake.address_in(lead.text)


def _given(group: Sequence[Lead]) -> str:
    """How the reader meets it: as an address, or as a code that has to be scanned."""
    address = _address(group[0])
    if address is None:
        return "QR code"
    return shown(address) + (" (QR code)" if all(lead.by == "QR code" for lead in group) else "")


def _task(lead: Lead) -> Task:
    return lambda judge: judge.pasted(lead.text)


def _places(group: Sequence[Lead]) -> tuple[Place, ...]:
    """Where a thing stands, each place once: a printed link that can be clicked is one place."""
    places = [lead.place for lead in group if lead.place is not None]
    kept: list[Place] = []
    for place in places:
        if not any(_beside(place, other) for other in kept):
            kept.append(place)
    return tuple(kept)


def _beside(one: Place, other: Place) -> bool:
    """The box of a link and the letters in it begin within a line's height of one another."""
    near = 6 if one.page else 0
    return one.page == other.page and abs(one.down - other.down) <= near and abs(one.right - other.right) <= near


def _is_credential(outcome: Outcome) -> bool:
    return isinstance(outcome, Judged) and outcome.report.verdict is not Verdict.NOT_A_CREDENTIAL


def _unknown(outcome: Outcome) -> bool:
    """Whether a credential may be there all the same."""
    return not isinstance(outcome, Judged | BadData) or isinstance(outcome, SeveralCodes | SeveralCredentialsInFile)


def _same_credential(rows: Sequence[Row]) -> list[Row]:
    """One row for each credential, with all its places, whatever address led to it."""
    merged: dict[str, Row] = {}
    for row in rows:
        name = (row.verified and row.verified.id) or row.given
        known = merged.get(name)
        merged[name] = row if known is None else Row(0, known.given, known.outcome, (*known.places, *row.places))
    return list(merged.values())


def _numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(Row(number, row.given, row.outcome, row.places) for number, row in enumerate(rows, 1))

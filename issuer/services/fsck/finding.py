"""One thing that the check of an instance found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["damage", "resumable", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` names the thing ("credential x", "audit line 7"), `what` is a sentence, `remedy` says what to do."""

    severity: Severity
    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.what} {self.remedy}"


def damage(where: str, what: str) -> Finding:
    """Something that no crash of ours explains."""
    return Finding("damage", where, what, "Keep a copy of the data folder as it is, then restore from a backup.")

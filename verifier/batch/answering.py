"""The answer about many: one row for each, the count of every word, and what was left out. It judges nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verifier.batch.taking import Batch
from verifier.many import Together
from verifier.rows import Row, counts, valid


@dataclass(frozen=True, slots=True)
class Answer:
    """`left_out` things were past the limit and are in no row."""

    rows: tuple[Row, ...]
    left_out: int

    @property
    def valid(self) -> int:
        """How many are valid: the headline promises no more than that."""
        return valid(self.rows)

    @property
    def tally(self) -> Mapping[str, tuple[int, str]]:
        """How often each word stands in the table, with its tone."""
        tones = {row.word: row.tone for row in self.rows}
        return {word: (number, tones[word]) for word, number in counts(self.rows).items()}

    def to_json(self, *, whole: bool) -> dict[str, Any]:
        """The answer for machines; `whole` adds every check of every credential."""
        return {
            "count": len(self.rows),
            "summary": {str(word): number for word, number in counts(self.rows).items()},
            "leftOut": self.left_out,
            "results": [row.to_json(whole=whole) for row in self.rows],
        }


def check(batch: Batch, together: Together) -> Answer:
    """Check everything in the batch within one deadline; raises `ManyBusy`."""
    outcomes = together.outcomes([item.task for item in batch.items])
    numbered = enumerate(zip(batch.items, outcomes, strict=True), 1)
    rows = tuple(Row(number, item.given, outcome) for number, (item, outcome) in numbered)
    return Answer(rows, batch.left_out)

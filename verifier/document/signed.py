"""What was signed and should stand on the page, taken from a verified credential for comparing. It compares nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from credentials.verify import VerifiedCredential


@dataclass(frozen=True, slots=True)
class Signed:
    """Name, title, hours ("24"), days ("2026-05-24"), and other short texts; empty where there is none."""

    name: str
    title: str
    hours: str
    days: tuple[str, ...]
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, verified: VerifiedCredential) -> Signed:
        """What `verified` says, a completion record or a receipt."""
        from credentials import receipts  # the child, which never calls this, starts faster without

        if receipts.is_receipt(verified.document):
            receipt = receipts.read(verified.document)
            sentences = (text for step in receipt.steps for text in (step.title, step.sentence))
            told = (receipt.verdict.word, receipt.headline, receipt.digest, receipt.credential, receipt.issued_by)
            texts = (*told, receipt.verifier, verified.id, *sentences)
            return cls("", "", "", (receipt.checked_at.date().isoformat(),), tuple(text for text in texts if text))
        days = (verified.start, verified.end, verified.awarded)
        others = (
            verified.issuer_name, verified.issuer_domain, verified.role, verified.supervisor_name, verified.outcome,
            verified.supervisor_title, verified.id, verified.human_code, *(name for name, _ in verified.skills),
        )  # fmt: skip
        return cls(
            verified.student_name or "",
            verified.title or "",
            verified.hours or "",
            tuple(day for day in days if day),
            tuple(text for text in others if text),
        )

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Signed:
        """Read the JSON form, as `dataclasses.asdict` gives it."""
        return cls(value["name"], value["title"], value["hours"], tuple(value["days"]), tuple(value["others"]))

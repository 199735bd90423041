"""How the parent asks a child about a PDF, and how the child answers: one frame of JSON, then the files.

The answer comes from a process that read a stranger's file: it is taken apart strictly, and what is not one of the
known words is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from credentials import strict_json, timestamps
from verifier.document.signed import Signed
from verifier.problems import DamagedFile
from verifier.reading import frames

SAME, CHANGED, COVERED, ADDED, DIFFERS, ELSE, PICTURE, BLANK = OUTCOMES = (
    "same", "changed", "covered", "added", "differs", "else", "picture", "blank",
)  # fmt: skip
#: Every signature of a PDF names the bytes that it covers, in the clear (ISO 32000-2, 12.8.1).
SIGNED_BYTES = b"/ByteRange"
LATER = ("nothing", "allowed", "changes")


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing: one of `OUTCOMES`, and what it is about ("name", "note"…)."""

    outcome: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. `intact`: the signed bytes are unchanged, and the signature fits them and the certificate.

    `trusted`: the certificate leads to a configured root. `later`: what came into the file behind the signature:
    "nothing", "allowed" (time stamps and proofs of validity), or "changes".
    """

    signer: str
    intact: bool
    trusted: bool
    later: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a child is to do with a PDF. `expected` is the PDF that the signed data draws; None: there is none to draw.

    `signed` None: only the signatures are looked at.
    """

    handed: bytes
    expected: bytes | None
    signed: Signed | None
    roots: tuple[bytes, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child found. `signatures` None: they could not be read. `compared` None: it was not asked."""

    signatures: tuple[Signature, ...] | None
    compared: Compared | None


def encode_asked(asked: Asked) -> bytes:
    """Write what `decode_asked` reads."""
    head = {
        "signed": asdict(asked.signed) if asked.signed else None,
        "now": timestamps.format(asked.now),
        "roots": len(asked.roots),
        "expected": asked.expected is not None,
    }
    files = (asked.handed, *asked.roots, *((asked.expected,) if asked.expected is not None else ()))
    return b"".join(frames.frame(part) for part in (strict_json.dumps(head), *files))


def decode_asked(data: bytes) -> Asked:
    """Read what the parent wrote."""
    head_bytes, handed, *rest = frames.split(data)
    head: dict[str, Any] = strict_json.loads_object(head_bytes)
    signed = head["signed"]
    return Asked(
        handed,
        rest[-1] if head["expected"] else None,
        None if signed is None else Signed.from_json(signed),
        tuple(rest[: head["roots"]]),
        timestamps.parse(head["now"]),
    )


def encode(answer: Answer) -> bytes:
    """Write what `decode` reads."""
    compared = answer.compared
    return strict_json.dumps(
        {
            "signatures": None if answer.signatures is None else [asdict(one) for one in answer.signatures],
            "compared": None if compared is None else {"outcome": compared.outcome, "about": list(compared.about)},
        }
    )


def decode(data: bytes) -> Answer:
    """Read a child's answer; raises `DamagedFile` for anything that is none."""
    try:
        body = strict_json.loads_object(data)
        return Answer(_signatures(body["signatures"]), _compared(body["compared"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedFile("What was found in the file could not be understood.") from error


def _signatures(found: Sequence[dict[str, Any]] | None) -> tuple[Signature, ...] | None:
    if found is None:
        return None
    signatures = tuple(
        Signature(str(one["signer"]), one["intact"] is True, one["trusted"] is True, one["later"]) for one in found
    )
    if any(one.later not in LATER for one in signatures):
        raise ValueError("an unknown word")
    return signatures


def _compared(found: dict[str, Any] | None) -> Compared | None:
    if found is None:
        return None
    if found["outcome"] not in OUTCOMES:
        raise ValueError("an unknown word")
    return Compared(found["outcome"], tuple(str(word) for word in found["about"]))

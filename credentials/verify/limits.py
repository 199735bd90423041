"""What one verification may cost. Each limit is far above anything honest and far below anything that hurts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from credentials import data_integrity


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one verification."""

    #: 1 MB: a credential is 6 kB; one with an embedded picture a few hundred.
    max_bytes: int = 1_000_000
    #: Each proof may cost a fetch and a signature check; two or three are seen in practice.
    max_proofs: int = 8
    #: Each entry may cost a fetch; a revocation and a suspension entry are seen in practice.
    max_status_entries: int = 4
    #: Each is verified whole; a portfolio of ten is a large presentation.
    max_credentials: int = 20
    #: How far two honest clocks may differ.
    clock_skew: timedelta = data_integrity.CLOCK_SKEW


DEFAULT_LIMITS = Limits()

"""What one verification may cost, and whom it trusts. Limits are far above anything honest and below what hurts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509

from credentials import data_integrity
from credentials.verify.memory import Memory


@dataclass(frozen=True, slots=True)
class Limits:
    """The policy of one verification."""

    #: 1 MB: a credential is 6 kB; one with an embedded picture a few hundred.
    max_bytes: int = 1_000_000
    #: Each proof may cost a fetch and a signature check; two or three are seen in practice.
    max_proofs: int = 8
    #: Each entry may cost a fetch; a revocation and a suspension entry are seen in practice.
    max_status_entries: int = 4
    #: A notice of withdrawal is 2 kB; one with every possible change and the longest reason 10 kB.
    max_notice_bytes: int = 20_000
    #: Each is verified whole; a portfolio of ten is a large presentation.
    max_credentials: int = 20
    #: Each is verified whole, as a credential is; three or four are seen in practice.
    max_endorsements: int = 8
    #: Key documents and status lists of all endorsers together; what the credential itself needed is not counted.
    max_endorsement_fetches: int = 12
    #: Each costs five seconds of somebody's patience: after so many silent hosts, no further endorser is asked.
    max_silent_endorsers: int = 2
    #: How far two honest clocks may differ.
    clock_skew: timedelta = data_integrity.CLOCK_SKEW
    #: Authorities whose certificates name issuers. None is trusted unless the caller brings it, and then a chain that
    #: comes with a token counts for issuers that only a certificate or an https address names.
    trust_anchors: tuple[x509.Certificate, ...] = ()
    #: Knows of which bytes form and signature were found good before. None: everything is worked out every time.
    memory: Memory | None = None


DEFAULT_LIMITS = Limits()

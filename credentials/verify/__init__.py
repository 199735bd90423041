"""Verifies a credential in eight numbered steps and reports each one. Fetches only through the door it is handed.

    1 size · 2 form · 3 key · 4 signature · 5 issuer · 6 validity · 7 status · 8 the issuer's domain

The order is fixed. Steps 1 to 5 each need the one before; when one does not pass, the rest is not done: no status list
is fetched for a credential with a bad signature. Steps 6 to 8 are all done, so that "withdrawn" and "expired" are both
reported. Anything unforeseen in a step makes that step `not_checked`, never `passed`.

Two kinds of URL are fetched: the issuer's DID document, and the status lists that a confirmed credential names. A third
one only when a status is set: the issuer's notice about it below the credential's own id, and at that id the version
that took its place (`standing`, docs/adr/0012).
Endorsements in a confirmed credential go through the same steps, within limits of their own, and decide nothing.
"""

from __future__ import annotations

from credentials.verify.content import Deliverable, VerifiedCredential
from credentials.verify.endorsements import verify
from credentials.verify.limits import Limits as Policy
from credentials.verify.presentation import Binding, PresentationReport, verify_presentation
from credentials.verify.report import Endorsement, Notice, Outcome, Report, Step, Verdict

__all__ = [
    "Binding",
    "Deliverable",
    "Endorsement",
    "Notice",
    "Outcome",
    "Policy",
    "PresentationReport",
    "Report",
    "Step",
    "Verdict",
    "VerifiedCredential",
    "verify",
    "verify_presentation",
]

"""What keeps an endorsement from being checked, beside everything that keeps a credential from it."""

from __future__ import annotations

from credentials.errors.families import Refused


class EndorsementLimit(Refused):
    """Checking every endorsement would open more addresses, or wait for more silent hosts, than a request may cost."""

    code = "endorsement_limit"
    title = "There are more endorsements than are checked at once"
    remedy = "Have the endorsement checked by itself."
    status_hint = 422

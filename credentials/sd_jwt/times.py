"""Judges the times in a claims set: exp, nbf and iat; it never asks what time it is.

Source: RFC 7519, 2 (NumericDate), 4.1.4 to 4.1.6; RFC 9901, 7.1, step 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from credentials import errors
from credentials.jose.claims import MAX_NUMERIC_DATE

#: How far clocks of honest people differ. An end gets none of it: who wants time writes a later end.
CLOCK_SKEW: Final = timedelta(minutes=1)


def seconds(claims: Mapping[str, Any], name: str) -> float | None:
    """A NumericDate, in seconds since 1970; None when it is not there. Raises `errors.ClaimMalformed`."""
    value = claims.get(name)
    if name not in claims:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_NUMERIC_DATE:
        raise errors.ClaimMalformed(f"{name} is not a number of seconds since 1970", pointer=f"/{name}")
    return value


def check(claims: Mapping[str, Any], now: datetime, *, judge_iat: bool = True) -> None:
    """Check `exp`, `nbf` and `iat`, disclosed or open; `now` knows its zone.

    `judge_iat` is False for W3C credentials, which issuers also give an `iat` of other kinds. Raises
    `errors.TokenExpired`, `errors.TokenNotYetValid` or `errors.ClaimMalformed`.
    """
    moment = now.timestamp()
    end = seconds(claims, "exp")
    if end is not None and moment >= end:
        raise errors.TokenExpired("exp has passed", pointer="/exp")
    for name in ("nbf", "iat") if judge_iat else ("nbf",):
        start = seconds(claims, name)
        if start is not None and start > moment + CLOCK_SKEW.total_seconds():
            raise errors.TokenNotYetValid(f"{name} is in the future", pointer=f"/{name}")

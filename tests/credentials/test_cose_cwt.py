"""CBOR Web Tokens: strict types, whole seconds, and times judged with the clock that is handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors
from credentials.cose import cbor, cwt, sign1
from credentials.cose.cwt import Claims
from tests.worlds.ec_keys import EcKey

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
_TIMES = st.none() | st.integers(0, 253_402_300_799).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_CLAIMS = st.builds(
    Claims,
    issuer=st.none() | st.text(),
    subject=st.none() | st.text(),
    audience=st.lists(st.text(), max_size=3).map(tuple),
    expires=_TIMES,
    not_before=_TIMES,
    issued_at=_TIMES,
    token_id=st.none() | st.binary(),
    more=st.dictionaries(st.integers(-70000, -1) | st.integers(8, 65535) | st.text(), st.text() | st.booleans()),
)


@given(_CLAIMS)
def test_what_is_written_is_read_back(claims: Claims) -> None:
    assert cwt.read(claims.to_bytes()) == claims


def test_claims_stand_under_their_registered_keys() -> None:
    """RFC 8392, 4, as another decoder sees them."""
    claims = Claims("i", "s", ("a",), NOW, NOW, NOW, b"id", {-70001: [1, {"x": None}], "y": True})
    seconds = int(NOW.timestamp())
    assert cbor2.loads(claims.to_bytes()) == {
        1: "i", 2: "s", 3: "a", 4: seconds, 5: seconds, 6: seconds, 7: b"id", -70001: [1, {"x": None}], "y": True,
    }  # fmt: skip


def test_a_signed_token_is_confirmed_with_and_without_its_tag() -> None:
    key, claims = EcKey("cwt"), Claims(issuer="https://a.example", more={-70001: [1]})
    token = cwt.sign(claims, key, kid=b"1", typ="application/example")
    for data in (token, b"\xd8\x3d" + token):
        message = cwt.parse(data)
        sign1.check(message, key.public, typ=("application/example",))
        assert cwt.read(message.payload) == claims


@pytest.mark.parametrize(
    "claims",
    [
        [], 5, {1: 5}, {2: b"s"}, {3: 5}, {3: ["a", 5]}, {4: "1"}, {5: -1}, {6: 253_402_300_800}, {6: True}, {7: "id"},
        {1: None}, {4: None},
    ],
)  # fmt: skip
def test_a_claim_of_the_wrong_type_is_refused(claims: Any) -> None:
    with pytest.raises(errors.ClaimMalformed):
        cwt.read(cbor.dumps(claims))


@pytest.mark.parametrize(
    "claims",
    [
        Claims(more={4: 5}),
        Claims(expires=NOW.replace(tzinfo=None)),
        Claims(issued_at=NOW.replace(microsecond=1)),
        Claims(not_before=datetime(1969, 12, 31, tzinfo=UTC)),
    ],
    ids=["registered among the others", "no zone", "half a second", "before 1970"],
)
def test_such_claims_are_not_written(claims: Claims) -> None:
    with pytest.raises(errors.ClaimMalformed):
        claims.to_bytes()


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert cwt.read(Claims(expires=there).to_bytes()).expires == NOW


def test_claims_in_another_order_are_read_where_the_caller_says_so() -> None:
    data = bytes.fromhex("a2 02 61 73 01 61 69")
    assert cwt.read(data, any_order=True) == Claims("i", "s")
    with pytest.raises(errors.CborNotDeterministic):
        cwt.read(data)


def test_claims_hold_from_their_start_until_their_end() -> None:
    claims = Claims(not_before=NOW, issued_at=NOW, expires=NOW + timedelta(hours=1))
    cwt.check_times(claims, NOW)
    cwt.check_times(Claims(), NOW)
    with pytest.raises(errors.TokenExpired):
        cwt.check_times(claims, NOW + timedelta(hours=1))
    for early in (replace(claims, issued_at=None), replace(claims, not_before=None)):
        with pytest.raises(errors.TokenNotYetValid):
            cwt.check_times(early, NOW - timedelta(seconds=1))
        cwt.check_times(early, NOW - timedelta(seconds=1), skew=timedelta(seconds=1))


def test_a_slow_clock_does_not_lengthen_a_life() -> None:
    with pytest.raises(errors.TokenExpired):
        cwt.check_times(Claims(expires=NOW), NOW, skew=timedelta(minutes=5))

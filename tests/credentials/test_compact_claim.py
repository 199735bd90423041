"""The compact claim: what is written is read back, anything else is refused, and only the issuer's key confirms it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import compact_claim, errors
from credentials.compact_claim import CompactClaim, StatusPlace, short_urls
from credentials.compact_claim import claim as claims
from credentials.cose import cbor, sign1
from credentials.multikey import PublicKey
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

DID = "did:web:employer.example:o:northwind"
KEY = Key("compact", DID)
P256 = EcKey("compact", controller=DID)
CLAIM = CompactClaim(
    issuer=DID,
    employer="Northwind Analytics",
    student="Amélie Dubois-Lefèvre",
    title="Data Journalism Micro-Internship",
    record="https://employer.example/c/k7m2q4tza6w3x5yfbxnqdkrqea",
    awarded=date(2026, 6, 16),
    signed_at=datetime(2026, 6, 21, 12, tzinfo=UTC),
    hours=Decimal("31.5"),
    start=date(2026, 5, 24),
    end=date(2026, 6, 11),
    revocation=StatusPlace("https://employer.example/status/aaaabbbbccccddddeeeeffffga", 94_567),
)

_TEXTS = st.text(min_size=1, max_size=40).filter(lambda text: claims._BLANK.fullmatch(text) is None)
_DAYS = st.dates(date(1970, 1, 1), date(9999, 12, 31))
_MOMENTS = st.integers(0, 253_402_300_799).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_PATHS = st.one_of(
    st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26),
    st.binary(min_size=16, max_size=16).map(short_urls._name),
    st.text("abz/0-_~%?=#", max_size=30),
)
_HOSTS = [
    "https://employer.example",
    "https://employer.example:8443",
    "http://employer.example",
    "https://other.example",
]
_URLS = st.builds("{}/{}{}".format, st.sampled_from(_HOSTS), st.sampled_from(["", "c/", "status/"]), _PATHS)
_PLACES = st.none() | st.builds(StatusPlace, _URLS, st.integers(0, 2**32 - 1))
_ISSUERS = [DID, "did:web:employer.example%3A8443", "did:webvh:QmX:employer.example", "did:key:z6Mk", "did:web:-"]
CLAIMS = st.builds(
    CompactClaim,
    issuer=st.sampled_from(_ISSUERS),
    employer=_TEXTS,
    student=_TEXTS,
    title=_TEXTS,
    record=_URLS,
    awarded=_DAYS,
    signed_at=_MOMENTS,
    hours=st.none() | st.decimals(0, 10_000, places=2),
    start=st.none() | st.just(date(1970, 1, 1)),
    end=st.none() | st.just(date(1970, 1, 1)),
    revocation=_PLACES,
    suspension=_PLACES,
    valid_from=st.none() | _MOMENTS,
    valid_until=st.none() | _MOMENTS,
)


def signed(payload: Any, key: Key | EcKey = KEY, **headers: Any) -> bytes:
    """A message whose payload is `payload`, signed as a compact claim is."""
    data = payload if isinstance(payload, bytes) else cbor.dumps(payload)
    return sign1.sign(data, key, kid=headers.pop("kid", compact_claim.key_hint(key.public)), **headers)


def members() -> dict[Any, Any]:
    """The claims set of `CLAIM`, to be spoilt."""
    found: dict[Any, Any] = cbor.loads(CLAIM.to_claims().to_bytes())
    return found


# --- round trips ----------------------------------------------------------------------------------------------------


@given(CLAIMS)
def test_what_is_claimed_is_read_back(claim: CompactClaim) -> None:
    assert claims.read(claim.to_claims().to_bytes()) == claim


@pytest.mark.parametrize("key", [KEY, P256], ids=["EdDSA", "ES256"])
def test_the_text_of_a_signed_claim_gives_the_claim_back(key: Key | EcKey) -> None:
    text = compact_claim.to_fragment(compact_claim.sign(CLAIM, key, key.public))
    found = compact_claim.parse(compact_claim.from_fragment(text))
    assert (found.issuer, found.kid, found.signed_at) == (DID, compact_claim.key_hint(key.public), CLAIM.signed_at)
    assert compact_claim.verify(found, key.public) == CLAIM


def test_the_claims_stand_where_the_specification_says() -> None:
    """As a decoder of somebody else's sees them."""
    message = cbor2.loads(compact_claim.sign(CLAIM, KEY, KEY.public))
    assert message.tag == 18
    protected, unprotected, payload, signature = message.value
    assert (cbor2.loads(protected), unprotected, len(signature)) == (
        {1: -8, 4: compact_claim.key_hint(KEY.public)},
        {},
        64,
    )
    assert cbor2.loads(payload) == {
        1: DID,
        6: 1_782_043_200,
        -70001: {
            1: "Northwind Analytics",
            2: "Amélie Dubois-Lefèvre",
            3: "Data Journalism Micro-Internship",
            4: base64.b32decode("K7M2Q4TZA6W3X5YFBXNQDKRQEA======"),
            5: 3150,
            6: 20_620,
            7: 23,
            8: 5,
            9: [base64.b32decode("AAAABBBBCCCCDDDDEEEEFFFFGA======"), 94_567],
        },
    }


# --- the text form --------------------------------------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=1024).filter(lambda data: data[0] > 0))
def test_every_message_has_one_text(data: bytes) -> None:
    assert compact_claim.from_fragment(compact_claim.to_fragment(data)) == data


def test_it_is_base10_as_multibase_has_it() -> None:
    """One big-endian number: 0x0102 is 258, and 0xD28443 is 210·65536 + 132·256 + 67."""
    assert compact_claim.to_fragment(b"\x01\x02") == "9258"
    assert compact_claim.to_fragment(b"\xd2\x84\x43") == "913796419"


@pytest.mark.parametrize(
    "text", ["", "9", "90", "9012", "123", "9-5", "9+5", "9 5", "95 ", "95\n", "9５", "9٣", "z5", "#95", "9_5", "95_0"]
)
def test_no_other_text_is_read(text: str) -> None:
    with pytest.raises(errors.FragmentMalformed):
        compact_claim.from_fragment(text)


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\xd2"])
def test_no_other_bytes_are_written(data: bytes) -> None:
    with pytest.raises(errors.FragmentMalformed):
        compact_claim.to_fragment(data)


def test_the_longest_message_has_the_longest_text() -> None:
    longest = compact_claim.to_fragment(b"\xff" * compact_claim.MAX_BYTES)
    assert len(longest) == 1 + compact_claim.MAX_DIGITS
    assert compact_claim.from_fragment(longest) == b"\xff" * compact_claim.MAX_BYTES


def test_longer_ones_are_not_touched() -> None:
    with pytest.raises(errors.CompactClaimTooLarge):
        compact_claim.to_fragment(b"\xff" * (compact_claim.MAX_BYTES + 1))
    for text in ("9" * (compact_claim.MAX_DIGITS + 2), "9" * (compact_claim.MAX_DIGITS + 1)):
        with pytest.raises(errors.CompactClaimTooLarge):
            compact_claim.from_fragment(text)


# --- changed afterwards ---------------------------------------------------------------------------------------------

KEYS: tuple[Key | EcKey, ...] = (KEY, P256)
TEXTS = {key.algorithm: compact_claim.to_fragment(compact_claim.sign(CLAIM, key, key.public)) for key in KEYS}


@pytest.mark.case("QRC-02")
@pytest.mark.parametrize("key", [KEY, P256], ids=["EdDSA", "ES256"])
def test_one_changed_digit_is_refused(key: Key | EcKey) -> None:
    """Each digit in turn, changed by one."""
    text = TEXTS[key.algorithm]
    for place in range(1, len(text)):
        other = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
        with pytest.raises((errors.BadData, errors.Refused)):
            compact_claim.verify(compact_claim.parse(compact_claim.from_fragment(other)), key.public)


@pytest.mark.case("QRC-02")
def test_a_truncated_text_is_refused() -> None:
    for length in range(len(TEXTS["EdDSA"])):
        with pytest.raises((errors.BadData, errors.Refused)):
            compact_claim.parse(compact_claim.from_fragment(TEXTS["EdDSA"][:length]))


@given(CLAIMS, st.data())
def test_one_changed_bit_is_refused(claim: CompactClaim, data: st.DataObject) -> None:
    key = Key("bits", claim.issuer)
    message = bytearray(compact_claim.sign(claim, key, key.public))
    bit = data.draw(st.integers(0, len(message) * 8 - 1))
    message[bit // 8] ^= 1 << bit % 8
    with pytest.raises((errors.BadData, errors.Refused)):
        compact_claim.verify(compact_claim.parse(bytes(message)), key.public)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with pytest.raises((errors.BadData, errors.Refused)):
        compact_claim.parse(b"\xd2" + data)


# --- another key ----------------------------------------------------------------------------------------------------


def test_the_key_of_somebody_else_confirms_nothing() -> None:
    found = compact_claim.parse(compact_claim.sign(CLAIM, KEY, KEY.public))
    with pytest.raises(errors.KeyIdUnknown):
        compact_claim.verify(found, Key("other", DID).public)


def test_a_hint_does_not_make_a_key() -> None:
    """Signed by a thief who writes the hint of the true key."""
    message = signed(CLAIM.to_claims().to_bytes(), Key("thief", DID), kid=compact_claim.key_hint(KEY.public))
    with pytest.raises(errors.SignatureInvalid):
        compact_claim.verify(compact_claim.parse(message), KEY.public)


def test_the_hint_is_the_same_for_every_form_of_a_key() -> None:
    for key in (KEY, P256):
        assert compact_claim.key_hint(PublicKey.from_jwk(key.public.to_jwk())) == compact_claim.key_hint(key.public)


def test_nobody_signs_for_another_issuer() -> None:
    with pytest.raises(errors.IssuerMismatch):
        compact_claim.sign(CLAIM, Key("compact", "did:web:evil.example"), KEY.public)


def test_the_public_key_must_be_of_the_signers_kind() -> None:
    with pytest.raises(errors.AlgorithmKeyMismatch):
        compact_claim.sign(CLAIM, KEY, P256.public)


def test_longer_signatures_are_neither_made_nor_read() -> None:
    key = EcKey("long", "ES384", DID)
    with pytest.raises(errors.AlgorithmNotAllowed):
        compact_claim.sign(CLAIM, key, key.public)
    with pytest.raises(errors.AlgorithmNotAllowed):
        compact_claim.parse(signed(CLAIM.to_claims().to_bytes(), key))


# --- not well-formed ------------------------------------------------------------------------------------------------

FACTS = members()[claims.COMPLETION]
_LIST = FACTS[9][0]
_SPOILT_FACTS: dict[str, dict[Any, Any]] = {
    "name of bytes": {2: b"A"},
    "empty name": {2: ""},
    "blank name": {1: " \n"},
    "long title": {3: "x" * 301},
    "null title": {3: None},
    "record without host": {4: "c"},
    "record of another scheme": {4: "javascript://x"},
    "record not shortened": {4: "https://employer.example/x"},
    "record with its base32 as text": {4: "/c/k7m2q4tza6w3x5yfbxnqdkrqea"},
    "record in parts": {4: ["/c/", b"x" * 16]},
    "record of too few bytes": {4: b"x" * 15},
    "record of ten bytes": {4: b"x" * 10},
    "record not ASCII": {4: "https://employer.example/é"},
    "hours as text": {5: "31"},
    "hours below zero": {5: -1},
    "true hours": {5: True},
    "ten thousand hours and more": {5: 1_000_001},
    "no hours": {5: None},
    "award before 1970": {6: -1},
    "award after 9999": {6: 2_932_897},
    "award as text": {6: "2026-06-16"},
    "start after the award": {7: -1},
    "start before 1970": {7: 20_621},
    "end before start": {8: 24},
    "no end": {8: None},
    "no status": {9: None},
    "empty status": {9: []},
    "status without index": {9: [_LIST]},
    "status of text": {9: "/status/1"},
    "index as text": {9: [_LIST, "7"]},
    "index below zero": {9: [_LIST, -1]},
    "index too large": {9: [_LIST, 2**32]},
    "unknown fact": {11: 1},
    "fact by name": {"name": "x"},
}  # fmt: skip


@pytest.mark.parametrize("change", _SPOILT_FACTS.values(), ids=_SPOILT_FACTS.keys())
def test_facts_of_another_form_are_refused(change: dict[Any, Any]) -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        compact_claim.parse(signed({**members(), claims.COMPLETION: {**FACTS, **change}}))


@pytest.mark.parametrize("fact", [1, 2, 3, 4, 6])
def test_facts_that_must_be_there_are_missed(fact: int) -> None:
    facts = {key: value for key, value in FACTS.items() if key != fact}
    with pytest.raises(errors.CompactClaimMalformed):
        compact_claim.parse(signed({**members(), claims.COMPLETION: facts}))


@pytest.mark.parametrize(
    "change",
    [
        {1: "employer.example"}, {1: "did:web:é"}, {2: "did:key:z"}, {3: "all"}, {3: []}, {7: b""}, {-70001: [1]},
        {-70002: 1}, {"x": 1}, {8: {}},
    ],
)  # fmt: skip
def test_other_claims_are_refused(change: dict[Any, Any]) -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        compact_claim.parse(signed({**members(), **change}))


@pytest.mark.parametrize("claim", [1, 6, -70001])
def test_claims_that_must_be_there_are_missed(claim: int) -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        compact_claim.parse(signed({key: value for key, value in members().items() if key != claim}))


@pytest.mark.parametrize(
    "headers", [{"typ": "application/cwt"}, {"content_type": "application/cwt"}, {"kid": b"12345"}, {"kid": None}]
)
def test_other_headers_are_refused(headers: dict[str, Any]) -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        compact_claim.parse(signed(members(), **headers))


def test_an_unprotected_header_is_refused() -> None:
    parts = cbor.loads(signed(members())[1:])
    with pytest.raises(errors.CompactClaimMalformed):
        compact_claim.parse(b"\xd2" + cbor.dumps([parts[0], {33: b"chain"}, *parts[2:]]))


def test_a_message_without_its_tag_or_with_two_is_refused() -> None:
    message = signed(members())
    for other in (message[1:], b"\xd8\x3d" + message):
        with pytest.raises(errors.MalformedCose):
            compact_claim.parse(other)


def test_an_unsorted_message_is_refused() -> None:
    unsorted = {key: members()[key] for key in (6, 1, -70001)}
    with pytest.raises(errors.CborNotDeterministic):
        compact_claim.parse(signed(cbor2.dumps(unsorted)))


def test_a_message_that_is_too_long_is_neither_signed_nor_read() -> None:
    long = replace(CLAIM, employer="人" * 300, student="人" * 30)
    with pytest.raises(errors.CompactClaimTooLarge):
        compact_claim.sign(long, KEY, KEY.public)
    with pytest.raises(errors.CompactClaimTooLarge):
        compact_claim.parse(b"\xd2" + bytes(compact_claim.MAX_BYTES))


@pytest.mark.parametrize("name", ["\x1c", "\ufeff", "\u200b", " x "])
def test_a_name_of_anything_but_white_space_is_a_name(name: str) -> None:
    claim = replace(CLAIM, student=name)
    assert compact_claim.parse(compact_claim.sign(claim, KEY, KEY.public)).claim.student == name


@pytest.mark.parametrize("name", ["", " ", "\t\n\r", "\u2003\u3000\x85"])
def test_white_space_is_no_name(name: str) -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        replace(CLAIM, employer=name)


def test_only_a_did_claims() -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        replace(CLAIM, issuer="https://employer.example")


@pytest.mark.parametrize("hours", ["31.005", "NaN", "Infinity", "-1", "10000.01"])
def test_such_hours_are_not_claimed(hours: str) -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        compact_claim.sign(replace(CLAIM, hours=Decimal(hours)), KEY, KEY.public)


@pytest.mark.parametrize(
    "claim",
    [replace(CLAIM, start=None, end=None, awarded=date(1969, 12, 31)), replace(CLAIM, end=date(2026, 6, 17))],
    ids=["awarded before 1970", "ended after the award"],
)
def test_such_days_are_not_claimed(claim: CompactClaim) -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        compact_claim.sign(claim, KEY, KEY.public)


def test_an_index_below_zero_is_not_claimed() -> None:
    with pytest.raises(errors.CompactClaimMalformed):
        replace(CLAIM, suspension=StatusPlace("https://employer.example/s", -1))


def test_half_a_character_is_not_signed() -> None:
    with pytest.raises(errors.MalformedCbor):
        compact_claim.sign(replace(CLAIM, student="\ud800"), KEY, KEY.public)


# --- times ----------------------------------------------------------------------------------------------------------


def test_a_claim_holds_from_its_start_until_its_end() -> None:
    start = CLAIM.signed_at + timedelta(days=1)
    claim = replace(CLAIM, valid_from=start, valid_until=start + timedelta(days=1))
    compact_claim.check_times(claim, start)
    with pytest.raises(errors.TokenNotYetValid):
        compact_claim.check_times(claim, start - timedelta(seconds=1))
    with pytest.raises(errors.TokenExpired):
        compact_claim.check_times(claim, start + timedelta(days=1))

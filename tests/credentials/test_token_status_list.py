"""IETF Token Status Lists: the draft's own examples, every size both ways, and tokens that must not be relied on."""

from __future__ import annotations

import json
import re
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors, multibase, strict_json
from credentials import token_status_list as tsl
from credentials.cose import cbor, cwt, sign1
from credentials.jose import jws
from credentials.token_status_list import Reference, StatusListToken, StatusValues
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
URI = "https://issuer.example/statuslists/1"
KEY = EcKey("status list")
LST = multibase.encode_base64url(StatusValues(16).compress())


def _token(**changes: Any) -> StatusListToken:
    values = StatusValues(100, bits=2)
    values.set(7, tsl.SUSPENDED)
    return replace(StatusListToken(URI, NOW, values, NOW + timedelta(days=1), timedelta(minutes=5)), **changes)


# --- the draft's own examples ---------------------------------------------------------------------------------------


def test_all_encodings_of_the_draft_are_read_and_packed_again(vectors: Path) -> None:
    cases = json.loads((vectors / "token-status-list-examples" / "_encodings.json").read_bytes())
    assert len(cases) == 6
    for case in cases:
        bits, packed = case["encoded"]["bits"], multibase.decode_base64url(case["encoded"]["lst"])
        values = StatusValues.decompress(packed, bits=bits)
        assert len(bytes(values)) == case["decoded_bytes"]
        expected = {int(index): status for index, status in case["nonzero_statuses_decoded"].items()}
        if "byte_array" in case:
            assert list(bytes(values)) == case["byte_array"]
        made = StatusValues(case["decoded_bytes"] * 8 // bits, bits=bits)
        for index, status in expected.items():
            assert values.get(index) == status
            made.set(index, status)
        assert bytes(made) == bytes(values)
        assert bytes(StatusValues.decompress(made.compress(), bits=bits)) == bytes(values)


def test_all_cbor_encodings_of_the_draft_say_the_same_as_the_json_ones(vectors: Path) -> None:
    folder = vectors / "token-status-list-examples"
    pairs = [(file, file.with_name(file.name.replace("_cbor", "_json"))) for file in sorted(folder.glob("*_cbor.md"))]
    assert len(pairs) == 6
    for file, beside in pairs:
        lines = re.findall(r"^[0-9a-f]+$", file.read_text(), re.MULTILINE)
        encoded = cbor.loads(bytes.fromhex("".join(lines)), any_order=True)
        text = re.sub(r"\s", "", beside.read_text().partition("{")[2])
        json_form = json.loads("{" + text)
        assert encoded["bits"] == json_form["bits"]
        from_json = StatusValues.decompress(multibase.decode_base64url(json_form["lst"]), bits=json_form["bits"])
        assert bytes(StatusValues.decompress(encoded["lst"], bits=encoded["bits"])) == bytes(from_json)


def test_the_tokens_of_the_draft_are_taken_apart(vectors: Path) -> None:
    """Their keys are not among the examples, so their signatures are not checked here."""
    folder = vectors / "token-status-list-examples"
    published = cwt.parse(bytes.fromhex((folder / "status_list_cwt.md").read_text()), any_order=True)
    assert (published.typ, published.kid) == (tsl.CWT_TYPE, b"12")
    claims = cwt.read(published.payload, any_order=True)
    assert (claims.subject, claims.more[65534]) == ("https://example.com/statuslists/1", 43200)
    referenced = cwt.parse(bytes.fromhex((folder / "referenced_token_cwt.md").read_text()), any_order=True)
    status = cwt.read(referenced.payload, any_order=True).more[tsl.CWT_STATUS]
    assert tsl.read_reference(status) == Reference("https://example.com/statuslists/1", 0)
    token = jws.parse((folder / "status_list_jwt_raw.md").read_text().replace("\n", ""))
    assert token.header["typ"] == tsl.JWT_TYPE
    assert strict_json.loads_object(token.payload)["status_list"]["bits"] == 1


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", tsl.BIT_SIZES)
@given(data=st.data())
def test_what_was_set_is_read_back(bits: int, data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 500))
    chosen = data.draw(st.dictionaries(st.integers(0, length - 1), st.integers(0, 2**bits - 1), max_size=20))
    values = StatusValues(length, bits=bits)
    for index, status in chosen.items():
        values.set(index, 2**bits - 1)
        values.set(index, status)
    read = StatusValues.decompress(values.compress(), bits=bits)
    assert length <= len(read) < length + 8
    assert {index: read.get(index) for index in range(len(read)) if read.get(index)} == {
        index: status for index, status in chosen.items() if status
    }


def test_any_inflater_reads_what_is_packed() -> None:
    values = StatusValues(16, bits=4)
    values.set(1, 15)
    assert zlib.decompress(values.compress()) == b"\xf0" + bytes(7)


@pytest.mark.parametrize("index", [-1, 16])
@pytest.mark.case("STL-02")
def test_an_index_beyond_the_list_is_a_range_error(index: int) -> None:
    with pytest.raises(errors.StatusIndexOutOfRange):
        StatusValues(16).get(index)
    with pytest.raises(errors.StatusIndexOutOfRange):
        StatusValues(16).set(index, 1)


@pytest.mark.parametrize("status", [-1, 4])
def test_a_status_that_does_not_fit_is_refused(status: int) -> None:
    with pytest.raises(errors.StatusValueOutOfRange):
        StatusValues(16, bits=2).set(0, status)


@pytest.mark.parametrize("bits", [0, 3, 16, -1, True, "1", None])
def test_other_sizes_are_not_supported(bits: Any) -> None:
    with pytest.raises(errors.StatusTypeNotSupported):
        StatusValues(16, bits=bits)
    with pytest.raises(errors.StatusTypeNotSupported):
        StatusValues.decompress(StatusValues(16).compress(), bits=bits)


@pytest.mark.parametrize("length", [0, -5, 1 << 24])
def test_lists_beyond_all_use_are_not_made(length: int) -> None:
    with pytest.raises(errors.StatusListTooLarge):
        StatusValues(length)


@pytest.mark.case("STL-04")
def test_a_bomb_is_not_inflated() -> None:
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    tracemalloc.start()
    try:
        with pytest.raises(errors.StatusListTooLarge):
            StatusValues.decompress(bomb, bits=1)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("damage", [lambda p: p[:-2], lambda p: p[:-1] + b"\0", lambda p: p + b"x", lambda _: b""])
@pytest.mark.case("STL-04")
def test_a_damaged_list_is_malformed(damage: Any) -> None:
    """Cut off, a wrong checksum, bytes after the end, nothing."""
    packed = StatusValues(5000).compress()
    with pytest.raises(errors.StatusListMalformed):
        StatusValues.decompress(damage(packed), bits=1)


@pytest.mark.parametrize(
    ("status", "name"),
    [(0, "valid"), (1, "invalid"), (2, "suspended"), (3, "application_specific"), (14, "application_specific"),
     (15, "application_specific"), (4, "unassigned"), (255, "unassigned")],
)  # fmt: skip
def test_a_status_has_a_name(status: int, name: str) -> None:
    assert tsl.name_of(status) == name


# --- references -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**53))
def test_a_reference_is_written_as_it_is_read(index: int) -> None:
    reference = Reference(URI, index)
    claim = tsl.status_claim(reference)
    assert tsl.read_reference(claim) == reference
    assert tsl.read_reference(strict_json.loads(strict_json.dumps(claim))) == reference
    assert tsl.read_reference(cbor.loads(cbor.dumps(claim))) == reference


@pytest.mark.parametrize(
    "status",
    [
        None, [], {}, "x", {"status_list": None}, {"status_list": {}}, {"status_list": {"idx": "0", "uri": URI}},
        {"status_list": {"idx": True, "uri": URI}}, {"status_list": {"idx": -1, "uri": URI}},
        {"status_list": {"idx": 1.0, "uri": URI}}, {"status_list": {"idx": 2**53 + 1, "uri": URI}},
        {"status_list": {"idx": 0}}, {"status_list": {"idx": 0, "uri": 5}},
        {"status_list": {"idx": 0, "uri": "urn:x"}}, {"status_list": {"idx": 0, "uri": URI + " "}},
    ],
)  # fmt: skip
@pytest.mark.case("STL-02")
def test_a_reference_that_is_none_is_malformed(status: Any) -> None:
    with pytest.raises(errors.StatusEntryMalformed):
        tsl.read_reference(status)


def test_another_mechanism_is_not_supported() -> None:
    with pytest.raises(errors.StatusTypeNotSupported):
        tsl.read_reference({"identifier_list": {"id": "1"}})


def test_no_malformed_reference_is_written() -> None:
    with pytest.raises(errors.StatusEntryMalformed):
        tsl.status_claim(Reference("urn:x", 0))


# --- tokens ---------------------------------------------------------------------------------------------------------


def _reopened(token: StatusListToken, form: str, key: Any = KEY) -> StatusListToken:
    if form == "jwt":
        return tsl.open_jwt(jws.parse(tsl.sign_jwt(token, key, kid="1")), key.public)
    return tsl.open_cwt(cwt.parse(tsl.sign_cwt(token, key, kid=b"1")), key.public)


@pytest.mark.parametrize("form", ["jwt", "cwt"])
@pytest.mark.parametrize("changes", [{}, {"expires": None}, {"ttl": None}])
def test_a_token_is_read_as_it_was_signed(form: str, changes: dict[str, Any]) -> None:
    token = _token(**changes)
    read = _reopened(token, form)
    assert replace(read, values=token.values) == token
    assert (read.values.bits, bytes(read.values)) == (2, bytes(token.values))
    assert tsl.check(read, Reference(URI, 7), now=NOW) == tsl.SUSPENDED
    assert tsl.check(read, Reference(URI, 8), now=NOW) == tsl.VALID


def test_the_claims_stand_where_the_draft_says() -> None:
    """As another decoder sees them."""
    claims = cbor2.loads(cbor2.loads(tsl.sign_cwt(_token(), KEY, kid=b"1")).value[2])
    assert claims.keys() == {2, 4, 6, 65533, 65534}
    assert claims[65533].keys() == {"bits", "lst"}


@pytest.mark.case("STL-05")
def test_a_foreign_key_and_another_type_open_no_jwt() -> None:
    token = jws.parse(tsl.sign_jwt(_token(), KEY, kid="1"))
    with pytest.raises(errors.SignatureInvalid):
        tsl.open_jwt(token, EcKey("foreign").public)
    with pytest.raises(errors.AlgorithmKeyMismatch):
        tsl.open_jwt(token, Key("foreign").public)
    with pytest.raises(errors.TokenTypeMismatch):
        tsl.open_jwt(jws.parse(jws.sign({"typ": "jwt"}, token.payload, KEY)), KEY.public)


@pytest.mark.case("STL-05")
def test_a_foreign_key_and_another_type_open_no_cwt() -> None:
    token = cwt.parse(tsl.sign_cwt(_token(), KEY, kid=b"1"))
    with pytest.raises(errors.SignatureInvalid):
        tsl.open_cwt(token, EcKey("foreign").public)
    with pytest.raises(errors.AlgorithmKeyMismatch):
        tsl.open_cwt(token, Key("foreign").public)
    with pytest.raises(errors.TokenTypeMismatch):
        tsl.open_cwt(sign1.parse(sign1.sign(token.payload, KEY, typ="application/cwt")), KEY.public)


def _claims(**changes: Any) -> dict[str, Any]:
    claims = {"sub": URI, "iat": 5, "exp": 6, "ttl": 7, "status_list": {"bits": 1, "lst": LST}, **changes}
    return {name: value for name, value in claims.items() if value != "absent"}


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "absent"}, {"sub": ""}, {"sub": 5}, {"iat": "absent"}, {"iat": None}, {"iat": "5"}, {"iat": 5.5},
        {"iat": True}, {"iat": -1}, {"exp": "6"}, {"exp": 253_402_300_800}, {"nbf": "x"}, {"ttl": 0}, {"ttl": "7"},
        {"ttl": True}, {"ttl": 10**15}, {"status_list": "absent"}, {"status_list": []}, {"status_list": {"bits": 1}},
        {"status_list": {"bits": 1, "lst": 5}}, {"status_list": {"bits": 1, "lst": LST + "="}},
        {"status_list": {"bits": 1, "lst": "AAAA"}},
    ],
)  # fmt: skip
def test_a_jwt_without_the_right_claims_is_malformed(claims: dict[str, Any]) -> None:
    token = jws.sign({"typ": tsl.JWT_TYPE}, strict_json.dumps(_claims(**claims)), KEY)
    with pytest.raises(errors.StatusListMalformed):
        tsl.open_jwt(jws.parse(token), KEY.public)


def test_a_jwt_that_is_not_json_is_malformed() -> None:
    token = jws.sign({"typ": tsl.JWT_TYPE}, b'{"a":1,"a":1}', KEY)
    with pytest.raises(errors.StatusListMalformed):
        tsl.open_jwt(jws.parse(token), KEY.public)


@pytest.mark.parametrize("status_list", [{"lst": LST}, {"bits": 3, "lst": LST}, {"bits": "1", "lst": LST}])
def test_statuses_of_another_size_are_not_supported(status_list: Any) -> None:
    token = jws.sign({"typ": tsl.JWT_TYPE}, strict_json.dumps(_claims(status_list=status_list)), KEY)
    with pytest.raises(errors.StatusTypeNotSupported):
        tsl.open_jwt(jws.parse(token), KEY.public)


@pytest.mark.parametrize(
    "payload",
    [
        cbor.dumps([]),
        b"\xff",
        cbor.dumps({2: 5}),
        cbor.dumps({2: URI, 6: 5}),
        cbor.dumps({2: URI, 6: 5, 65533: {"bits": 1, "lst": LST}}),
        cbor.dumps({2: URI, 65533: {"bits": 1, "lst": b""}}),
    ],
)
def test_a_cwt_without_the_right_claims_is_malformed(payload: bytes) -> None:
    token = sign1.parse(sign1.sign(payload, KEY, typ=tsl.CWT_TYPE))
    with pytest.raises(errors.StatusListMalformed):
        tsl.open_cwt(token, KEY.public)


@pytest.mark.case("STL-08")
def test_a_list_of_another_address_is_not_trusted() -> None:
    with pytest.raises(errors.StatusListNotTrusted):
        tsl.check(_token(), Reference(URI + "2", 7), now=NOW)


@pytest.mark.case("STL-06")
def test_a_list_that_has_expired_or_is_dated_ahead_is_not_trusted() -> None:
    reference = Reference(URI, 7)
    with pytest.raises(errors.StatusListNotTrusted):
        tsl.check(_token(), reference, now=NOW + timedelta(days=1))
    assert tsl.check(_token(expires=None), reference, now=NOW + timedelta(days=900)) == tsl.SUSPENDED
    early = NOW - timedelta(seconds=1)
    with pytest.raises(errors.StatusListNotTrusted):
        tsl.check(_token(), reference, now=early)
    assert tsl.check(_token(), reference, now=early, skew=timedelta(seconds=1)) == tsl.SUSPENDED


def test_a_list_counts_from_its_nbf_when_that_is_later() -> None:
    token = jws.sign({"typ": tsl.JWT_TYPE}, strict_json.dumps(_claims(nbf=100, exp=200)), KEY)
    opened = tsl.open_jwt(jws.parse(token), KEY.public)
    assert opened.issued_at == datetime.fromtimestamp(100, UTC)


@pytest.mark.case("STL-02")
def test_an_index_beyond_the_published_list_has_no_status() -> None:
    with pytest.raises(errors.StatusIndexOutOfRange):
        tsl.check(_token(), Reference(URI, 100), now=NOW)


def test_a_copy_is_stale_when_it_is_older_than_its_ttl() -> None:
    token = _token()
    assert not token.is_stale(fetched=NOW, now=NOW + timedelta(minutes=5))
    assert token.is_stale(fetched=NOW, now=NOW + timedelta(minutes=5, seconds=1))
    assert not _token(ttl=None).is_stale(fetched=NOW, now=NOW + timedelta(days=900))

"""COSE_Sign1: the signature covers what the specification says, and a header chooses neither key nor algorithm."""

from __future__ import annotations

import contextlib
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors
from credentials.cose import cbor, sign1
from credentials.ports import Signer
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

KEYS: dict[str, Any] = {
    "EdDSA": Key("cose"),
    **{name: EcKey("cose", name) for name in ("ES256", "ES384", "ES512")},
}
NUMBERS = {"EdDSA": -8, "ES256": -7, "ES384": -35, "ES512": -36}
TYP = "application/example"


def _message(protected: Any, unprotected: Any = None, payload: Any = b"x", signature: Any = bytes(64)) -> bytes:
    """A message as it is written here, signed by nobody."""
    head = protected if isinstance(protected, bytes) else cbor.dumps(protected)
    return b"\xd2" + cbor.dumps([head, {} if unprotected is None else unprotected, payload, signature])


@pytest.mark.parametrize("algorithm", KEYS)
@given(payload=st.binary(max_size=100), aad=st.binary(max_size=10), kid=st.none() | st.binary(max_size=10))
def test_what_is_signed_is_read_and_confirmed(algorithm: str, payload: bytes, aad: bytes, kid: bytes | None) -> None:
    key = KEYS[algorithm]
    data = sign1.sign(payload, key, kid=kid, typ=TYP, content_type="application/cbor", external_aad=aad)
    message = sign1.parse(data)
    assert (message.payload, message.kid, message.algorithm) == (payload, kid, algorithm)
    assert (message.typ, message.content_type) == (TYP, "application/cbor")
    sign1.check(message, key.public, typ=(TYP,), external_aad=aad)


@pytest.mark.parametrize("algorithm", KEYS)
def test_another_implementation_confirms_the_signature(algorithm: str) -> None:
    """The structure of RFC 9052, 4.4, built and checked with other libraries only."""
    key = KEYS[algorithm]
    tag = cbor2.loads(sign1.sign(b"payload", key, external_aad=b"aad"))
    protected, unprotected, payload, signature = tag.value
    assert (tag.tag, cbor2.loads(protected), dict(unprotected)) == (18, {1: NUMBERS[algorithm]}, {})
    covered = cbor2.dumps(["Signature1", protected, b"aad", payload])
    if algorithm == "EdDSA":
        Ed25519PublicKey.from_public_bytes(key.public.raw).verify(signature, covered)
        return
    curve, digest = {
        "ES256": (ec.SECP256R1(), hashes.SHA256()),
        "ES384": (ec.SECP384R1(), hashes.SHA384()),
        "ES512": (ec.SECP521R1(), hashes.SHA512()),
    }[algorithm]
    half = len(signature) // 2
    numbers = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    public: Any = ec.EllipticCurvePublicKey.from_encoded_point(curve, key.public.raw)
    public.verify(encode_dss_signature(*numbers), covered, ec.ECDSA(digest))


@pytest.mark.parametrize("position", ["payload", "protected", "signature", "aad"])
@pytest.mark.parametrize("algorithm", KEYS)
def test_one_changed_byte_breaks_the_signature(algorithm: str, position: str) -> None:
    key = KEYS[algorithm]
    protected, unprotected, payload, signature = cbor.loads(sign1.sign(b"payload", key, kid=b"1", tagged=False))
    if position == "payload":
        payload = b"qayload"
    elif position == "protected":
        protected = protected.replace(b"1", b"2")
    elif position == "signature":
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    message = sign1.parse(b"\xd2" + cbor.dumps([protected, unprotected, payload, signature]))
    with pytest.raises(errors.SignatureInvalid):
        sign1.check(message, key.public, external_aad=b"x" if position == "aad" else b"")


def test_a_foreign_key_does_not_confirm() -> None:
    with pytest.raises(errors.SignatureInvalid):
        sign1.check(sign1.parse(sign1.sign(b"x", KEYS["EdDSA"])), Key("foreign").public)


@pytest.mark.parametrize("algorithm", KEYS)
def test_the_key_chooses_the_algorithm(algorithm: str) -> None:
    message = sign1.parse(sign1.sign(b"x", KEYS[algorithm]))
    for other in KEYS.keys() - {algorithm}:
        with pytest.raises(errors.AlgorithmKeyMismatch):
            sign1.check(message, KEYS[other].public)


@pytest.mark.parametrize("typ", [None, "application/other", 5])
def test_a_message_of_another_type_is_refused(typ: Any) -> None:
    headers = {1: -8} if typ is None else {1: -8, 16: typ}
    with pytest.raises(errors.TokenTypeMismatch):
        sign1.check(sign1.parse(_message(headers)), KEYS["EdDSA"].public, typ=(TYP,))


def test_a_media_type_is_the_same_in_capitals() -> None:
    data = sign1.sign(b"x", KEYS["EdDSA"], typ="Application/EXAMPLE")
    sign1.check(sign1.parse(data), KEYS["EdDSA"].public, typ=(TYP,))


@pytest.mark.parametrize(
    "protected",
    [{}, {1: 5}, {1: -257}, {1: "ES256"}, {1: None}, {1: True}, {1: [-7]}, {4: b"1"}],
    ids=["none", "HMAC", "RS256", "a name", "null", "true", "a list", "kid only"],
)
def test_other_algorithms_and_none_are_refused(protected: Any) -> None:
    with pytest.raises(errors.AlgorithmNotAllowed):
        sign1.parse(_message(protected))


def test_an_algorithm_outside_the_signature_does_not_count() -> None:
    with pytest.raises(errors.AlgorithmNotAllowed):
        sign1.parse(_message({}, {1: -8}))


@pytest.mark.parametrize(("protected", "unprotected"), [({1: -8, 2: [-70001]}, {}), ({1: -8}, {2: []})])
def test_a_critical_header_is_refused(protected: Any, unprotected: Any) -> None:
    with pytest.raises(errors.CriticalHeaderNotUnderstood):
        sign1.parse(_message(protected, unprotected))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(_message({1: -8})[1:], id="no tag"),
        pytest.param(_message({1: -8}, payload=None), id="detached payload"),
        pytest.param(_message({1: -8}, payload="x"), id="text payload"),
        pytest.param(_message({1: -8}, []), id="unprotected headers in a list"),
        pytest.param(_message({1: -8}, signature=5), id="signature of a number"),
        pytest.param(_message(cbor.dumps([1, -8])), id="protected headers in a list"),
        pytest.param(_message({1: -8, 4: "1"}), id="kid of text"),
        pytest.param(_message({1: -8}, {4: 1}), id="unprotected kid of a number"),
        pytest.param(_message({1: -8, 4: b"1"}, {4: b"1"}), id="kid twice"),
        pytest.param(_message({1: -8, 16: b"a/b"}), id="typ of bytes"),
        pytest.param(_message({1: -8, 3: -1}), id="content type below zero"),
        pytest.param(_message({1: -8, 3: True}), id="content type true"),
        pytest.param(b"\xd2" + cbor.dumps([cbor.dumps({1: -8}), {}, b""]), id="three parts"),
        pytest.param(b"\xd2" + cbor.dumps({1: -8}), id="a map"),
    ],
)
def test_what_is_not_a_message_is_refused(data: bytes) -> None:
    with pytest.raises(errors.MalformedCose):
        sign1.parse(data)


def test_the_tag_is_there_exactly_when_it_is_asked_for() -> None:
    key = KEYS["ES256"]
    bare = sign1.sign(b"x", key, tagged=False)
    sign1.check(sign1.parse(bare, tagged=False), key.public)
    with pytest.raises(errors.MalformedCose):
        sign1.parse(b"\xd2" + bare, tagged=False)


def test_the_signature_has_the_size_of_its_algorithm() -> None:
    with pytest.raises(errors.SignatureMalformed):
        sign1.check(sign1.parse(_message({1: -8}, signature=bytes(63))), KEYS["EdDSA"].public)


def test_headers_in_another_order_are_read_where_the_caller_says_so() -> None:
    head = bytes.fromhex("a204413101 27")
    with pytest.raises(errors.CborNotDeterministic):
        sign1.parse(_message(head))
    assert sign1.parse(_message(head), any_order=True).kid == b"1"


def test_a_kid_may_stand_outside_the_signature() -> None:
    """It is a hint which key to try; the key itself still comes from the issuer."""
    assert sign1.parse(_message({1: -8}, {4: b"12"})).kid == b"12"


def test_a_content_format_may_be_a_number() -> None:
    message = sign1.parse(_message({1: -8, 3: 60, 16: 61}))
    assert (message.content_type, message.typ) == (60, 61)


def test_headers_beyond_any_use_are_refused() -> None:
    with pytest.raises(errors.CborTooLarge):
        sign1.parse(_message({1: -8, 4: bytes(sign1.MAX_HEADER)}))


def test_a_signer_for_another_algorithm_is_refused() -> None:
    class Rsa(Key):
        algorithm = "RS256"

    signer: Signer = Rsa("rsa")
    with pytest.raises(errors.AlgorithmNotAllowed):
        sign1.sign(b"x", signer)


@given(st.binary(max_size=80))
def test_no_bytes_raise_anything_untyped(data: bytes) -> None:
    with contextlib.suppress(errors.BadData, errors.Refused):
        sign1.parse(b"\xd2\x84" + data)

"""A `PublicKey` that exists can be used, and checks signatures as Wycheproof wants it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nacl.signing
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials import errors, multibase
from credentials.multikey import PublicKey

W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
P = 2**255 - 19


def _ed25519(y: int, sign: int = 0) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


#: Every encoding of a point of order 1, 2, 4 or 8, canonical or not (y, and y + p where that fits 255 bits).
ORDER_8_Y = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
SMALL_ORDER = [
    _ed25519(y, sign)
    for y in (0, 1, P - 1, P, P + 1, ORDER_8_Y, P - ORDER_8_Y)
    for sign in (0, 1)
]  # fmt: skip


def test_multikey_of_the_specification() -> None:
    """The W3C vectors' key is read, and written the same."""
    key = PublicKey.from_multikey(W3C_KEY)
    assert (key.algorithm, len(key.raw), key.multikey) == ("EdDSA", 32, W3C_KEY)
    assert PublicKey.from_ed25519_bytes(key.raw) == key


def test_corpus_of_low_order_keys(security_cases: Path) -> None:
    """Every key of corpora/ed25519-low-order-keys.json is refused."""
    for record in json.loads((security_cases / "corpora" / "ed25519-low-order-keys.json").read_bytes()):
        with pytest.raises(errors.InvalidPublicKey):
            PublicKey.from_ed25519_bytes(bytes.fromhex(record["in"]))


@pytest.mark.parametrize("raw", SMALL_ORDER, ids=[raw.hex()[:12] + raw.hex()[-4:] for raw in SMALL_ORDER])
def test_every_small_order_encoding_is_refused(raw: bytes) -> None:
    """Under such a key one signature fits many messages; other libraries load them."""
    with pytest.raises(errors.InvalidPublicKey):
        PublicKey.from_ed25519_bytes(raw)


@pytest.mark.parametrize("raw", [b"", b"\1" * 31, b"\1" * 33, _ed25519(P + 3), b"\xff" * 32, _ed25519(2)])
def test_wrong_sizes_and_points_off_the_curve_are_refused(raw: bytes) -> None:
    """Length, range and curve."""
    with pytest.raises(errors.InvalidPublicKey):
        PublicKey.from_ed25519_bytes(raw)


def test_algorithm_must_be_known() -> None:
    """There is no key without an algorithm of ours."""
    with pytest.raises(errors.InvalidPublicKey):
        PublicKey("RS256", b"\1" * 32)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (W3C_KEY[1:], "encoding"),
        ("u" + W3C_KEY[1:], "encoding"),
        (W3C_KEY + "0", "encoding"),
        ("z1" + W3C_KEY[1:], "invalid_public_key"),
        (W3C_KEY + "2", "invalid_public_key"),
        (multibase.encode(b"\xed\x81\x00" + PublicKey.from_multikey(W3C_KEY).raw), "encoding"),
        (multibase.encode(b"\xec\x01" + PublicKey.from_multikey(W3C_KEY).raw), "invalid_public_key"),
        (None, "invalid_public_key"),
        ("", "encoding"),
    ],
)
def test_multikeys_of_other_forms_are_refused(text: Any, code: str) -> None:
    """Prefix, alphabet, varint, kind of key."""
    with pytest.raises(errors.BadData) as caught:
        PublicKey.from_multikey(text)
    assert caught.value.code == code


def test_signatures_are_told_apart() -> None:
    """The right one fits; another message, key or byte does not; another size is malformed."""
    signing = nacl.signing.SigningKey(b"\7" * 32)
    key = PublicKey.from_ed25519_bytes(bytes(signing.verify_key))
    signature = signing.sign(b"work").signature
    assert key.verify(signature, b"work")
    assert not key.verify(signature, b"Work")
    assert not key.verify(bytes([signature[0] ^ 1]) + signature[1:], b"work")
    assert not PublicKey.from_multikey(W3C_KEY).verify(signature, b"work")
    for wrong in (signature[:-1], signature + b"\0", b""):
        with pytest.raises(errors.SignatureMalformed):
            key.verify(wrong, b"work")


def test_wycheproof_ed25519(vectors: Path) -> None:
    """All 150 vectors: no bad signature is accepted, no good one refused."""
    groups = json.loads((vectors / "wycheproof" / "ed25519_test.json").read_bytes())["testGroups"]
    for group in groups:
        key = PublicKey.from_ed25519_bytes(bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            assert _fits(key, case) == (case["result"] == "valid"), case["tcId"]


@pytest.mark.case("JOS-10")
@pytest.mark.parametrize(
    ("name", "algorithm"),
    [("ecdsa_secp256r1_sha256_p1363_test", "ES256"), ("ecdsa_secp384r1_sha384_p1363_test", "ES384")],
)
def test_wycheproof_ecdsa(name: str, algorithm: str, vectors: Path) -> None:
    """All vectors of P-256 and P-384 with r || s, the "psychic" signatures among them."""
    for group in json.loads((vectors / "wycheproof" / f"{name}.json").read_bytes())["testGroups"]:
        curve = ec.SECP256R1() if algorithm == "ES256" else ec.SECP384R1()
        point = ec.EllipticCurvePublicKey.from_encoded_point(curve, bytes.fromhex(group["publicKey"]["uncompressed"]))
        key = PublicKey(algorithm, point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
        for case in group["tests"]:
            assert _fits(key, case) == (case["result"] != "invalid"), case["tcId"]


def test_jwk_forms() -> None:
    """JsonWebKey for all three kinds comes to the same keys as Multikey; private ones are refused."""
    key = PublicKey.from_multikey(W3C_KEY)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": multibase.encode_base64url(key.raw)}
    assert PublicKey.from_jwk(jwk) == key
    numbers = ec.derive_private_key(7, ec.SECP256R1()).public_key().public_numbers()
    x, y = (multibase.encode_base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    point = PublicKey.from_jwk({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    assert point.algorithm == "ES256"
    assert PublicKey.from_multikey(point.multikey) == point
    for wrong in (
        {**jwk, "d": jwk["x"]}, {**jwk, "kty": "EC"}, {**jwk, "crv": "X25519"}, {**jwk, "x": jwk["x"] + "="},
        {**jwk, "use": "enc"}, {**jwk, "alg": "ES256"}, {**jwk, "x": 5}, "jwk", {},
        {"kty": "EC", "crv": "P-256", "x": x, "y": x}, {"kty": "EC", "crv": "P-384", "x": x, "y": y},
    ):  # fmt: skip
        with pytest.raises(errors.BadData):
            PublicKey.from_jwk(wrong)


def test_points_of_p256_have_one_form() -> None:
    """The uncompressed form, a point off the curve and the other curve's size are refused."""
    point = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    assert PublicKey("ES256", raw).raw == raw
    for algorithm, wrong in (
        ("ES256", point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        ("ES256", b"\x02" + b"\xff" * 32),
        ("ES256", b"\x05" + raw[1:]),
        ("ES384", raw),
    ):
        with pytest.raises(errors.InvalidPublicKey):
            PublicKey(algorithm, wrong)


def _fits(key: PublicKey, case: dict[str, Any]) -> bool:
    try:
        return key.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
    except errors.SignatureMalformed:
        return False

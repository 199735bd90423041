"""A `PublicKey` that exists can be used, and checks signatures as Wycheproof wants it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nacl.signing
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials import errors, multibase
from credentials.multikey import PublicKey

W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
P = 2**255 - 19
CURVES: dict[str, ec.EllipticCurve] = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}


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
        PublicKey("ES256K", b"\2" + b"\1" * 32)


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
    [
        ("ecdsa_secp256r1_sha256_p1363_test", "ES256"),
        ("ecdsa_secp384r1_sha384_p1363_test", "ES384"),
        ("ecdsa_secp521r1_sha512_p1363_test", "ES512"),
    ],
)
def test_wycheproof_ecdsa(name: str, algorithm: str, vectors: Path) -> None:
    """All vectors of P-256, P-384 and P-521 with r || s, the "psychic" signatures among them; keys as JWKs too."""
    for group in json.loads((vectors / "wycheproof" / f"{name}.json").read_bytes())["testGroups"]:
        uncompressed = bytes.fromhex(group["publicKey"]["uncompressed"])
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVES[algorithm], uncompressed)
        key = PublicKey(algorithm, point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
        assert key.point() == uncompressed
        assert "publicKeyJwk" not in group or PublicKey.from_jwk(group["publicKeyJwk"]) == key
        for case in group["tests"]:
            assert _fits(key, case) == (case["result"] != "invalid"), case["tcId"]


def test_wycheproof_rsa(vectors: Path) -> None:
    """All 259 vectors of PKCS #1 v1.5 with SHA-256: the two good ones under an exponent of 3 fall with their key.

    The vector called acceptable (the hash's parameters left out) is refused: a signature has one form.
    """
    weak = accepted = 0
    for group in json.loads((vectors / "wycheproof" / "rsa_signature_2048_sha256_test.json").read_bytes())[
        "testGroups"
    ]:
        numbers = rsa.RSAPublicNumbers(
            int(group["publicKey"]["publicExponent"], 16), int(group["publicKey"]["modulus"], 16)
        )
        raw = numbers.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
        if numbers.e == 3:
            weak += 1
            with pytest.raises(errors.InvalidPublicKey):
                PublicKey("RS256", raw)
            continue
        key = PublicKey("RS256", raw)
        assert PublicKey.from_jwk(group["keyJwk"]) == key
        for case in group["tests"]:
            assert _fits(key, case) == (case["result"] == "valid"), case["tcId"]
            accepted += case["result"] == "valid"
    assert (weak, accepted) == (2, 7)


# --- did:key's vectors ------------------------------------------------------------------------------------------------


def _did_keys(vectors: Path, name: str) -> list[tuple[str, dict[str, Any]]]:
    return list(json.loads((vectors / "did-key" / name).read_bytes()).items())


def test_did_key_vectors_that_are_usable(vectors: Path) -> None:
    """Ed25519, the NIST curves and RSA: the identifier names the key, and its JWK is the same key."""
    jwks = 0
    for name in ("ed25519-x25519.json", "nist-curves.json", "rsa.json"):
        for did, entry in _did_keys(vectors, name):
            key = PublicKey.from_multikey(did.removeprefix("did:key:"))
            assert f"did:key:{key.multikey}" == did
            assert PublicKey.from_jwk(key.to_jwk()) == key
            method = entry["didDocument"]["verificationMethod"][0]
            if "publicKeyJwk" in method:
                jwks += 1
                assert PublicKey.from_jwk(method["publicKeyJwk"]) == key
                assert key.to_jwk() == method["publicKeyJwk"]
            with pytest.raises(errors.InvalidPublicKey):
                PublicKey.from_jwk({**key.to_jwk(), "d": "AQAB"})
    assert jwks == 9


@pytest.mark.parametrize("name", ["bls12381.json", "secp256k1.json", "x25519.json"])
def test_did_key_vectors_of_other_kinds(name: str, vectors: Path) -> None:
    """BLS, secp256k1 and X25519 get a typed refusal, and none is taken for a key of ours."""
    named = set(re.findall(r'"did:key:(z[^"#]+)"', (vectors / "did-key" / name).read_text(encoding="utf-8")))
    assert named
    for multikey in named:
        with pytest.raises(errors.InvalidPublicKey):
            PublicKey.from_multikey(multikey)


# --- JWKs -------------------------------------------------------------------------------------------------------------


def _ec_jwk(algorithm: str) -> dict[str, str]:
    """The JWK of the key whose secret is 7, written without our own code."""
    curve = CURVES[algorithm]
    numbers = ec.derive_private_key(7, curve).public_key().public_numbers()
    size = (curve.key_size + 7) // 8
    x, y = (multibase.encode_base64url(number.to_bytes(size, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": f"P-{curve.key_size}", "x": x, "y": y}


def _rsa_jwk(modulus: int, exponent: int = 65_537) -> dict[str, str]:
    n, e = (
        multibase.encode_base64url(int_.to_bytes((int_.bit_length() + 7) // 8, "big")) for int_ in (modulus, exponent)
    )
    return {"kty": "RSA", "n": n, "e": e}


ED_JWK = {"kty": "OKP", "crv": "Ed25519", "x": multibase.encode_base64url(PublicKey.from_multikey(W3C_KEY).raw)}
RSA_MODULUS = rsa.generate_private_key(65_537, 2048).public_key().public_numbers().n
RSA_JWK = _rsa_jwk(RSA_MODULUS)
JWKS = {"EdDSA": ED_JWK, **{name: _ec_jwk(name) for name in CURVES}, "RS256": RSA_JWK}


@pytest.mark.parametrize("algorithm", JWKS)
def test_jwk_forms(algorithm: str) -> None:
    """Each kind comes to the same key as Multikey and comes back; members that say nothing else are welcome."""
    jwk = JWKS[algorithm]
    key = PublicKey.from_jwk(jwk)
    assert key.algorithm == algorithm
    assert PublicKey.from_multikey(key.multikey) == key
    assert key.to_jwk() == jwk
    assert list(key.to_jwk()) == sorted(jwk)
    more: Mapping[str, Any]
    for more in (
        {"use": "sig"}, {"alg": algorithm}, {"key_ops": ["verify"]}, {"key_ops": ["sign", "verify"]}, {"kid": "k"},
        {"x5c": ["AAAA"]}, {"use": "sig", "key_ops": ["verify"], "alg": algorithm},
    ):  # fmt: skip
        assert PublicKey.from_jwk({**jwk, **more}) == key


@pytest.mark.parametrize("algorithm", JWKS)
def test_jwks_for_another_use_are_refused(algorithm: str) -> None:
    """Private members, another use, other operations, another algorithm or curve, another kind."""
    jwk = JWKS[algorithm]
    other = "ES384" if algorithm == "ES256" else "ES256"
    secret: list[dict[str, Any]] = [{name: "AQAB"} for name in ("d", "p", "q", "dp", "dq", "qi", "oth", "k")]
    change: Mapping[str, Any]
    for change in (
        *secret, {"use": "enc"}, {"use": None}, {"use": ["sig"]}, {"key_ops": []}, {"key_ops": ["sign"]},
        {"key_ops": "verify"}, {"key_ops": None}, {"key_ops": ["encrypt"]}, {"alg": other}, {"alg": None},
        {"alg": ["x"]}, {"alg": "none"}, {"alg": "P-256"}, {"kty": "oct"}, {"kty": None}, {"kty": ["EC"]},
        {"crv": "secp256k1"},
        {"crv": "X25519"}, {"crv": ["P-256"]}, {"crv": None},
    ):  # fmt: skip
        with pytest.raises(errors.InvalidPublicKey):
            PublicKey.from_jwk({**jwk, **change})


def test_ed25519_may_be_called_by_its_full_name() -> None:
    """RFC 9864's name in `alg`, and only for that kind."""
    assert PublicKey.from_jwk({**ED_JWK, "alg": "Ed25519"}).algorithm == "EdDSA"
    with pytest.raises(errors.InvalidPublicKey):
        PublicKey.from_jwk({**JWKS["ES256"], "alg": "Ed25519"})


@pytest.mark.parametrize(
    ("algorithm", "name"), [(a, n) for a, jwk in JWKS.items() for n in ("x", "y", "n", "e") if n in jwk]
)
def test_numbers_of_jwks_have_one_form(algorithm: str, name: str) -> None:
    """Padding, the other alphabet, unused bits, a zero in front, a byte too many or too few, nothing, no text."""
    jwk = JWKS[algorithm]
    raw = multibase.decode_base64url(jwk[name])
    wrong: list[Any] = [
        jwk[name] + "=",
        jwk[name] + "\n",
        " " + jwk[name],
        "+/" + jwk[name][2:],
        "",
        None,
        5,
        [jwk[name]],
    ]
    wrong += [multibase.encode_base64url(data) for data in (b"\0" + raw, raw + b"\0" * 600, raw[:-1])]
    for text in wrong:
        with pytest.raises(errors.BadData) as caught:
            PublicKey.from_jwk({**jwk, name: text})
        assert caught.value.code in ("invalid_public_key", "encoding")
    with pytest.raises(errors.InvalidPublicKey):
        PublicKey.from_jwk({member: value for member, value in jwk.items() if member != name})


@pytest.mark.parametrize("value", [None, "jwk", [], {}, 5])
def test_other_things_are_no_jwk(value: Any) -> None:
    with pytest.raises(errors.InvalidPublicKey):
        PublicKey.from_jwk(value)


@pytest.mark.parametrize("algorithm", CURVES)
def test_points_off_the_curve_are_refused(algorithm: str) -> None:
    jwk = JWKS[algorithm]
    for wrong in ({**jwk, "y": jwk["x"]}, {**jwk, "x": jwk["y"]}):
        with pytest.raises(errors.InvalidPublicKey):
            PublicKey.from_jwk(wrong)


def test_coordinates_of_another_curve_are_refused() -> None:
    with pytest.raises(errors.InvalidPublicKey):
        PublicKey.from_jwk({**JWKS["ES256"], "crv": "P-384"})


def test_thumbprint_of_the_specification() -> None:
    """RFC 7638, 3.1 hashes an RSA key, RFC 8037, A.3 an Ed25519 key: the thumbprints that they print."""
    ed25519 = PublicKey.from_jwk({**ED_JWK, "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    assert ed25519.thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


# --- RSA --------------------------------------------------------------------------------------------------------------


def _roca_modulus(bits: int) -> int:
    """A number that carries the mark of the faulty chips: 1 modulo each prime that betrays them."""
    product = math.prod((2, 11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157))
    return int((2**bits - 1) // product * product + 1)


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [
        (RSA_MODULUS, 3), (RSA_MODULUS, 65_535), (RSA_MODULUS, 2**32 + 1), (RSA_MODULUS, 65_538), (RSA_MODULUS, 1),
        (RSA_MODULUS >> 1 | 1, 65_537), (2**1023 + 1, 65_537), (2**4096 + 1, 65_537), (_roca_modulus(2048), 65_537),
        (3, 65_537),
    ],
    ids=["e=3", "e=65535", "e=2^32+1", "e even", "e=1", "2047 bits", "1024 bits", "4097 bits", "ROCA", "n=3"],
)  # fmt: skip
def test_weak_rsa_keys_are_refused(modulus: int, exponent: int) -> None:
    """Exponents too small, too large and even; moduli too short and too long; a key of a faulty chip."""
    with pytest.raises(errors.InvalidPublicKey):
        PublicKey.from_jwk(_rsa_jwk(modulus, exponent))


def test_rsa_keys_have_one_form() -> None:
    """PKCS #1's DER: not X.509's form, no byte more, no longer length than needed, nothing else."""
    key = PublicKey.from_jwk(RSA_JWK)
    loaded = rsa.RSAPublicNumbers(65_537, RSA_MODULUS).public_key()
    assert key.raw == loaded.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    for raw in (
        loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        loaded.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        key.raw + b"\0", key.raw + b"\1", key.raw[:-1], b"\x30\x83\0" + key.raw[2:], b"",
        b"\x30", b"\x30\x82\1\1\2", b"\0" * 5000,
        key.raw[:4] + b"\x02\x82" + b"\0" * 300,
    ):  # fmt: skip
        with pytest.raises(errors.InvalidPublicKey):
            PublicKey("RS256", raw)


def test_only_curves_have_points() -> None:
    for algorithm in ("EdDSA", "RS256"):
        with pytest.raises(errors.AlgorithmKeyMismatch):
            PublicKey.from_jwk(JWKS[algorithm]).point()


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

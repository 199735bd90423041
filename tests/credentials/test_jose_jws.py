"""The compact JWS: what is good is read, and nothing in a header gets to choose how it is checked."""

from __future__ import annotations

import ast
import hashlib
import hmac
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st

from credentials import errors, strict_json
from credentials.jose import jws
from credentials.multikey import PublicKey
from tests.credentials.jose_tokens import ED25519, KEYS, P256, P521, b64, b64json, code_of, handmade, machine_watched
from tests.worlds.issuers import Key

HEADER = {"alg": "EdDSA", "typ": "vc+jwt", "kid": ED25519.verification_method}
PAYLOAD = b'{"degree":"none"}'
TOKEN = jws.sign(HEADER, PAYLOAD, ED25519)
KEY = ED25519.public
json_texts = st.text(st.characters(codec="utf-8"), max_size=20)


@pytest.mark.parametrize("algorithm", KEYS)
def test_what_is_signed_is_read_and_fits(algorithm: str) -> None:
    """Each algorithm; and under each other key it does not fit."""
    signer = KEYS[algorithm]
    token = jws.sign({"typ": "vc+jwt", "kid": "k"}, PAYLOAD, signer)
    parsed = jws.parse(token)
    assert (parsed.algorithm, parsed.kid, parsed.payload) == (algorithm, "k", PAYLOAD)
    assert code_of(token, signer.public) == code_of(token.encode(), signer.public) == ""
    for other in KEYS.values():
        if other is not signer:
            assert code_of(token, other.public) == "alg_key_mismatch"


@given(st.binary(max_size=300), st.dictionaries(json_texts, json_texts, max_size=4))
def test_every_payload_and_header_comes_back(payload: bytes, more: dict[str, str]) -> None:
    header = {**more, "typ": "x+jwt"}
    header.pop("crit", None)
    header.pop("kid", None)
    parsed = jws.parse(jws.sign(header, payload, ED25519))
    assert parsed.payload == payload
    assert parsed.header == {**header, "alg": "EdDSA"}
    jws.check(parsed, KEY, typ=("x+jwt",))


@pytest.mark.case("JOS-11")
@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 255))
@example(len(TOKEN) - 1, ord("R"))
def test_one_byte_changed_anywhere_is_refused(place: int, byte: int) -> None:
    """In the header, the payload, the signature, and the dots between them."""
    changed = bytearray(TOKEN.encode())
    changed[place] = byte
    assert (code_of(bytes(changed), KEY) == "") == (bytes(changed) == TOKEN.encode())


@pytest.mark.case("JOS-11")
def test_parts_swapped_and_parts_of_another_token() -> None:
    first, second, third = TOKEN.split(".")
    other = jws.sign(HEADER, b'{"degree":"all"}', ED25519).split(".")
    other_header = b64json({**HEADER, "x": 1})
    assert code_of(f"{first}.{other[1]}.{third}", KEY) == "signature_invalid"
    assert code_of(f"{other_header}.{second}.{third}", KEY) == "signature_invalid"
    assert code_of(f"{second}.{first}.{third}", KEY) == "alg_not_allowed"
    assert code_of(f"{third}.{second}.{first}", KEY) == "invalid_utf8"


@pytest.mark.case("JOS-01")
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, 0, ["EdDSA"], {"EdDSA": 1}])
@pytest.mark.parametrize("signature", ["", TOKEN.rpartition(".")[2]])
def test_unsigned_tokens_end_before_any_key(alg: Any, signature: str) -> None:
    """`parse` has no key, no look-up and no fetch to call, and it already refuses."""
    token = f"{b64json({**HEADER, 'alg': alg})}.{b64(PAYLOAD)}.{signature}"
    with pytest.raises(errors.AlgorithmNotAllowed):
        jws.parse(token)


def test_a_header_without_alg_is_refused() -> None:
    with pytest.raises(errors.AlgorithmNotAllowed):
        jws.parse(handmade({"typ": "vc+jwt"}, PAYLOAD, ED25519))


@pytest.mark.case("JOS-02")
@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_a_public_key_is_no_shared_secret(alg: str) -> None:
    """The issuer's public key in each form in which libraries have mistaken it for a secret."""
    key = Ed25519PublicKey.from_public_bytes(KEY.raw)
    for secret in (
        KEY.raw,
        key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        strict_json.dumps(KEY.to_jwk()),
        P256.public.point(),
    ):
        signing_input = f"{b64json({**HEADER, 'alg': alg})}.{b64(PAYLOAD)}"
        mac = hmac.digest(secret, signing_input.encode(), hashlib.new("sha" + alg[2:]).name)
        assert code_of(f"{signing_input}.{b64(mac)}", KEY) == "alg_not_allowed"


@pytest.mark.case("JOS-03")
@pytest.mark.parametrize(
    ("alg", "signer"),
    [("RS256", P256), ("ES256", ED25519), ("ES384", P256), ("ES256", P521), ("EdDSA", P256), ("ES512", ED25519)],
)
def test_the_key_chooses_the_algorithm(alg: str, signer: Any) -> None:
    assert code_of(handmade({**HEADER, "alg": alg}, PAYLOAD, signer), signer.public) == "alg_key_mismatch"


@pytest.mark.parametrize("alg", ["ES256K", "PS256", "RS512", "Ed25519", "eddsa", "EDDSA", " EdDSA", "EdDSA\x00"])
def test_other_algorithms_and_other_spellings_are_not_known(alg: str) -> None:
    assert code_of(handmade({**HEADER, "alg": alg}, PAYLOAD, ED25519), KEY) == "alg_not_allowed"


@pytest.mark.case("JOS-04", "JOS-05")
def test_keys_that_a_header_brings_or_points_to_are_nothing() -> None:
    """Signed by the key in the header: refused. Signed by the right one: good, whatever else the header says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/keys"
        chain = [b64(b"certificate")]
        for brought in (
            {"jwk": P256.public.to_jwk()}, {"jku": address}, {"x5u": address}, {"x5c": chain}, {"x5t": "AAAA"},
            {"jwk": P256.public.to_jwk(), "jku": address, "x5u": address, "x5c": chain},
        ):  # fmt: skip
            with machine_watched() as seen:
                for signer in (P256, ED25519):
                    forged = handmade({**HEADER, **brought, "alg": signer.algorithm}, PAYLOAD, signer)
                    assert code_of(forged, KEY) == ("alg_key_mismatch" if signer is P256 else "")
                attacker = Key("attacker")
                own = {**HEADER, **brought, "jwk": attacker.public.to_jwk()}
                assert code_of(handmade(own, PAYLOAD, attacker), KEY) == "signature_invalid"
            assert seen == []
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.case("JOS-05")
def test_no_code_of_jose_names_those_members() -> None:
    """What is never named cannot be read."""
    package = Path(jws.__file__).parent
    constants = {
        node.value
        for path in package.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert "kid" in constants
    assert constants.isdisjoint({"jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"})


@pytest.mark.case("JOS-08")
@pytest.mark.parametrize("crit", [["exp"], ["b64"], ["unknown"], [], "exp", None, 5])
def test_crit_is_not_understood_whatever_it_lists(crit: Any) -> None:
    """Extensions, the unencoded payload of RFC 7797, and lists that RFC 7515 forbids."""
    header = {**HEADER, "crit": crit, "exp": 1, "b64": False, "unknown": True}
    assert code_of(handmade(header, PAYLOAD, ED25519), KEY) == "crit_not_understood"
    with pytest.raises(errors.CriticalHeaderNotUnderstood):
        jws.sign(header, PAYLOAD, ED25519)


@pytest.mark.case("JOS-09")
@pytest.mark.parametrize("algorithm", KEYS)
def test_signatures_of_another_size_are_malformed(algorithm: str) -> None:
    """One byte less, one more, and ECDSA in the DER form of X.509."""
    signer = KEYS[algorithm]
    token = jws.sign({"typ": "vc+jwt"}, PAYLOAD, signer)
    parsed = jws.parse(token)
    half = len(parsed.signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (parsed.signature[:half], parsed.signature[half:]))
    for wrong in (
        parsed.signature[:-1],
        parsed.signature + b"\0",
        b"\0" + parsed.signature,
        encode_dss_signature(r, s),
    ):
        assert code_of(f"{token.rpartition('.')[0]}.{b64(wrong)}", signer.public) == "signature_malformed"


@pytest.mark.case("JOS-10")
@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "ES512"])
def test_psychic_signatures_do_not_fit(algorithm: str) -> None:
    """r and s of zero, of the order of the group, and beyond it."""
    signer = KEYS[algorithm]
    token = jws.sign({"typ": "vc+jwt"}, PAYLOAD, signer).rpartition(".")[0]
    curve = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}[algorithm]
    order, size = curve.group_order, (curve.key_size + 7) // 8
    for r, s in ((0, 0), (order, 0), (order + 1, 0), (0, 1), (1, 0), (order, order), (1, order), (order, 1)):
        signature = r.to_bytes(size, "big") + s.to_bytes(size, "big")
        assert code_of(f"{token}.{b64(signature)}", signer.public) == "signature_invalid"


@pytest.mark.case("JOS-12")
@pytest.mark.parametrize("part", [0, 1, 2])
def test_each_part_has_one_form(part: int) -> None:
    """Padding, the other alphabet, spaces, line ends, unused bits, and letters from elsewhere, in each part."""
    parts = TOKEN.split(".")
    last = parts[part][-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    unused = parts[part][:-1] + alphabet[alphabet.index(last) + 1]
    wrong = [parts[part] + tail for tail in ("=", "==", " ", "\n", "\r\n", "\0", "A" * ((1 - len(parts[part])) % 4))]
    wrong += [" " + parts[part], parts[part][:4] + "\r\n" + parts[part][4:], "+/" + parts[part][2:]]
    wrong += ["é" + parts[part][1:], parts[part][:-1] + "٣"]
    wrong += [unused] if len(parts[part]) % 4 else []
    for text in wrong:
        token = ".".join([*parts[:part], text, *parts[part + 1 :]])
        assert code_of(token, KEY) == "encoding", text
    assert len(parts[2]) % 4
    assert code_of(TOKEN.encode() + b"\xff", KEY) == "encoding"


@pytest.mark.case("JOS-13")
@pytest.mark.parametrize(
    "token", ["", ".", "..", "a", TOKEN.rpartition(".")[0], TOKEN + ".", TOKEN + ".a.b", "...", "a.b.c.d", TOKEN[:-86]]
)
def test_tokens_of_other_shapes_are_refused(token: str) -> None:
    """Two parts, four, five as an encrypted one has, empty ones."""
    with pytest.raises(errors.BadData) as caught:
        jws.parse(token)
    assert caught.value.code in ("token_malformed", "json_syntax")
    assert 400 <= caught.value.status_hint < 500


@pytest.mark.case("JOS-13")
@pytest.mark.parametrize("filler", ["a", ".", "é", "{"])
def test_ten_megabytes_are_refused_at_once(filler: str) -> None:
    token = TOKEN + filler * 10_000_000
    data = token.encode()
    spent = []
    for form in (token, data, token, data):
        start = time.perf_counter()
        with pytest.raises(errors.TokenTooLarge) as caught:
            jws.parse(form)
        spent.append(time.perf_counter() - start)
    assert caught.value.status_hint == 413
    assert min(spent) < 0.05


def test_what_just_fits_is_read_quickly() -> None:
    """A token of a million dots, and one whose header alone is too long."""
    with pytest.raises(errors.TokenMalformed):
        jws.parse("." * jws.MAX_TOKEN)
    with pytest.raises(errors.TokenTooLarge):
        jws.parse(handmade({**HEADER, "x5c": ["A" * jws.MAX_HEADER]}, PAYLOAD, ED25519))


@pytest.mark.case("JOS-16")
@pytest.mark.parametrize(
    "typ",
    [
        "JWT", "at+jwt", "kb+jwt", "vp+jwt", "vc+sd-jwt", "vc", "", None, 5, ["vc+jwt"], "text/vc+jwt", "vc+jwt; a=b",
        "application/vc+jwt; charset=utf-8", "application/application/vc+jwt", " vc+jwt", "vc+jwt\0",
    ],
)  # fmt: skip
def test_tokens_of_another_type_are_refused(typ: Any) -> None:
    assert code_of(handmade({**HEADER, "typ": typ}, PAYLOAD, ED25519), KEY) == "typ"


@pytest.mark.case("JOS-16")
def test_a_type_that_is_missing_is_another_type() -> None:
    assert code_of(handmade({"alg": "EdDSA"}, PAYLOAD, ED25519), KEY) == "typ"


@pytest.mark.parametrize("typ", ["vc+jwt", "VC+JWT", "application/vc+jwt", "Application/VC+jwt"])
def test_types_are_compared_as_media_types(typ: str) -> None:
    """RFC 7515, 4.1.9: case does not matter, and "application/" may be left out."""
    assert code_of(handmade({**HEADER, "typ": typ}, PAYLOAD, ED25519), KEY) == ""


@pytest.mark.case("JOS-19")
@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"EdDSA","alg":"none"}',
        b'{"alg":"none","alg":"EdDSA"}',
        b'{"alg":"EdDSA","typ":"vc+jwt","\\u0061lg":"EdDSA"}',
        b'{"alg":"EdDSA","typ":"vc+jwt","kid":"a","ki\\u0064":"b"}',
        b'{"alg":"EdDSA","typ":"vc+jwt","x":{"y":1,"y":2}}',
    ],
)
def test_a_header_that_says_a_thing_twice_is_refused(header: bytes) -> None:
    with pytest.raises(errors.DuplicateKey):
        jws.parse(handmade(header, PAYLOAD, ED25519))


@pytest.mark.parametrize("header", [b"[]", b'"EdDSA"', b"null", b"{", b"\xff", b"\xef\xbb\xbf{}", b"{} "])
def test_headers_are_json_objects(header: bytes) -> None:
    with pytest.raises(errors.BadData):
        jws.parse(handmade(header, PAYLOAD, ED25519))


@pytest.mark.case("JOS-07")
@pytest.mark.parametrize("kid", [["a"], 5, None, {"a": 1}, True, "k" * 65_536, "k" * (jws.MAX_KID + 1)])
def test_kid_is_text_of_bounded_size(kid: Any) -> None:
    with pytest.raises((errors.TokenMalformed, errors.TokenTooLarge)):
        jws.parse(handmade({**HEADER, "kid": kid}, PAYLOAD, ED25519))


def test_nothing_is_signed_that_would_not_be_read() -> None:
    """RS256 is for reading only; a kid that is too long is refused when signing; alg follows the key."""

    class Rsa:
        verification_method = "x"
        algorithm = "RS256"

        def sign(self, data: bytes) -> bytes:
            return data

    with pytest.raises(errors.AlgorithmNotAllowed):
        jws.sign({}, PAYLOAD, Rsa())
    with pytest.raises(errors.TokenMalformed):
        jws.sign({"kid": "k" * 5000}, PAYLOAD, ED25519)
    assert jws.parse(jws.sign({"alg": "none"}, PAYLOAD, P256)).algorithm == "ES256"


def test_an_empty_payload_is_a_payload() -> None:
    """RFC 7515 allows it; whoever wants JSON in it says so."""
    parsed = jws.parse(jws.sign({"typ": "vc+jwt"}, b"", ED25519))
    assert parsed.payload == b""
    jws.check_signature(parsed, PublicKey.from_ed25519_bytes(KEY.raw))

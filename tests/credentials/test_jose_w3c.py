"""The inputs of the W3C's test suite for VC-JOSE-COSE: each entry of its mapping for JOSE comes to its result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from nacl.signing import SigningKey

from credentials import errors, multibase
from credentials.jose import vc_jwt
from credentials.multikey import PublicKey

#: Why each input that must fail does. 9 is signed with another kind of key than the suite gives for it; 10 and 11 are
#: no tokens at all.
REFUSALS = {
    5: "member_undefined",
    9: "alg_key_mismatch",
    10: "token_malformed",
    11: "token_malformed",
    12: "signature_invalid",
    13: "typ",
    14: "typ",
    15: "unexpected_claim",
    16: "envelope_malformed",
}
_CURVES: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm, int]] = {
    "ES256": (ec.SECP256R1(), hashes.SHA256(), 32),
    "ES384": (ec.SECP384R1(), hashes.SHA384(), 48),
    "ES512": (ec.SECP521R1(), hashes.SHA512(), 66),
}


class PublishedKey:
    """A key pair of the suite, `Signer` by shape: its private half is public too."""

    def __init__(self, method: Mapping[str, Any]) -> None:
        self.verification_method = str(method["id"])
        self.public = PublicKey.from_jwk(method["publicKeyJwk"])
        self.algorithm = self.public.algorithm
        self._secret = multibase.decode_base64url(method["secretKeyJwk"]["d"])

    def sign(self, data: bytes) -> bytes:
        if self.algorithm == "EdDSA":
            return bytes(SigningKey(self._secret).sign(data).signature)
        curve, digest, size = _CURVES[self.algorithm]
        private = ec.derive_private_key(int.from_bytes(self._secret, "big"), curve)
        r, s = decode_dss_signature(private.sign(data, ec.ECDSA(digest)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _outcome(case: Mapping[str, Any], folder: Path) -> str:
    """The code of the error that the case ends with; "" when it succeeds."""
    key = PublishedKey(json.loads((folder / case["key_file"]).read_bytes()))
    text = (folder / case["input_file"]).read_text(encoding="utf-8").strip()
    credential = case["feature"] == "credential_jose"
    try:
        if case["fn"] == "issue":
            text = (vc_jwt.sign_credential if credential else vc_jwt.sign_presentation)(json.loads(text), key)
        secured = (vc_jwt.read_credential if credential else vc_jwt.read_presentation)(text)
        secured.check_signature(key.public)
    except errors.PlauditError as error:
        return error.code
    return ""


@pytest.mark.parametrize("number", range(1, 17))
def test_inputs(number: int, vectors: Path) -> None:
    """Entries 1 to 16 of the mapping; reading judges no time, so the presentation that ended in 2024 is well-formed."""
    folder = vectors / "w3c-vc-jose-cose-inputs"
    case = json.loads((folder / "_mapping.json").read_bytes())[number - 1]
    assert case["number"] == number
    assert case["feature"] in ("credential_jose", "presentation_jose")
    assert (case["expected_result"] == "failure") == (number in REFUSALS)
    assert _outcome(case, folder) == REFUSALS.get(number, "")


def test_no_other_input_is_about_jose(vectors: Path) -> None:
    mapping = json.loads((vectors / "w3c-vc-jose-cose-inputs" / "_mapping.json").read_bytes())
    assert [case["number"] for case in mapping if case["feature"].endswith("_jose")] == list(range(1, 17))


def test_the_suites_key_ids_are_thumbprints(vectors: Path) -> None:
    """`thumbprint` is what the suite put into each kid."""
    for file in sorted((vectors / "w3c-vc-jose-cose-inputs").glob("vm-*.json")):
        jwk = json.loads(file.read_bytes())["publicKeyJwk"]
        key = PublicKey.from_jwk(jwk)
        assert key.thumbprint() == jwk["kid"]
        assert key.to_jwk() == {name: value for name, value in jwk.items() if name not in ("alg", "kid")}

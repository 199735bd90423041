"""The compact JWS: read strictly, checked with a key that was found elsewhere, and signed; no claim in it is judged.

The key chooses the algorithm. A header cannot bring a key, name a place to fetch one from, or choose how to check.
Source: RFC 7515 (JWS), 3.1, 4.1 and 7.1; RFC 7518 (JWA), 3.1; RFC 8725 (best current practices), 2 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from credentials import errors, multibase, strict_json
from credentials.multikey import PublicKey
from credentials.ports import Signer

#: In characters: the largest JSON that is read (`strict_json.MAX_BYTES`) as base64url, a full header and a signature.
MAX_TOKEN: Final = 1_400_000
#: In characters: `alg`, `typ` and `kid` take 200; the rest is room for certificate chains, which others put there.
MAX_HEADER: Final = 16_384
#: In characters: a did:key with an RSA key of 4096 bits names that key twice, 720 characters each.
MAX_KID: Final = 2_048
#: How many headers are remembered: with the limit above, at most 4 MB.
_KEPT_HEADERS: Final = 256
#: What a header's `alg` may say at all. "none" and the shared-secret algorithms end before anybody looks for a key.
ALGORITHMS: Final = frozenset({"EdDSA", "ES256", "ES384", "ES512", "RS256"})
#: RS256 is checked for the sake of older issuers; nothing is signed with it.
SIGNING_ALGORITHMS: Final = ALGORITHMS - {"RS256"}


@dataclass(frozen=True, slots=True)
class Jws:
    """A token that was taken apart and not checked: `header` as parsed, the other parts as bytes.

    `signing_input` is what the signature covers: the first two parts as they were sent, with the dot between them.
    """

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes

    @property
    def algorithm(self) -> str:
        """The header's `alg`, one of `ALGORITHMS`."""
        return str(self.header["alg"])

    @property
    def kid(self) -> str | None:
        """The header's `kid`, which names a key of the issuer; None when there is none."""
        return self.header.get("kid")


def parse(token: str | bytes) -> Jws:
    """Take the compact JWS `token` apart (RFC 7515, 7.1); nothing is checked with a key.

    Raises `errors.TokenTooLarge`, `errors.TokenMalformed`, `errors.MalformedEncoding` (a part is not in the one
    base64url form of its bytes), `errors.InvalidJson` and its subclasses, `errors.AlgorithmNotAllowed` and
    `errors.CriticalHeaderNotUnderstood`.
    """
    if len(token) > MAX_TOKEN:
        raise errors.TokenTooLarge(f"{len(token)} characters; at most {MAX_TOKEN} are read")
    data = _ascii(token)
    parts = data.split(b".", 3)
    if len(parts) != 3:
        raise errors.TokenMalformed(f"a compact JWS has 3 parts, not {data.count(b'.') + 1}")
    first, payload, signature = parts
    header = _header(first)
    if not signature:
        raise errors.TokenMalformed("the signature is empty")
    decode = multibase.decode_base64url
    return Jws(header, decode(payload), decode(signature), data[: -len(signature) - 1])


def check(jws: Jws, key: PublicKey, *, typ: tuple[str, ...]) -> None:
    """Check that `jws` is one of the media types `typ` ("vc+jwt", without "application/") and signed with `key`.

    Raises `errors.TokenTypeMismatch`, and what `check_signature` raises.
    """
    check_type(jws.header, typ)
    check_signature(jws, key)


def check_type(header: Mapping[str, Any], typ: tuple[str, ...]) -> None:
    """Check that `typ` of `header` is one of `typ`, as a media type is compared (RFC 7515, 4.1.9).

    Upper and lower case are the same, and "application/" may be left out. Raises `errors.TokenTypeMismatch`.
    """
    if media_type(header.get("typ")) not in typ:
        raise errors.TokenTypeMismatch(f"typ is {str(header.get('typ'))[:80]!r}, not {' or '.join(typ)}")


def check_signature(jws: Jws, key: PublicKey) -> None:
    """Check the signature with `key`, whose kind the header's `alg` must name.

    Raises `errors.AlgorithmKeyMismatch`, `errors.SignatureMalformed` (wrong size) or `errors.SignatureInvalid`.
    """
    if jws.algorithm != key.algorithm:
        raise errors.AlgorithmKeyMismatch(f"alg is {jws.algorithm}; the key is for {key.algorithm}")
    if not key.verify(jws.signature, jws.signing_input):
        raise errors.SignatureInvalid("the signature is not this key's over this token")


def sign(header: Mapping[str, Any], payload: bytes, signer: Signer) -> str:
    """Sign `payload` with `signer` and return the compact JWS; `alg` is written here and follows the signer's key.

    Raises `errors.AlgorithmNotAllowed` (a signer for anything else than `SIGNING_ALGORITHMS`) and whatever `parse`
    would find wrong with `header`.
    """
    if signer.algorithm not in SIGNING_ALGORITHMS:
        raise errors.AlgorithmNotAllowed(f"nothing is signed with {signer.algorithm} here")
    protected = {**header, "alg": signer.algorithm}
    _judge_header(protected)
    encode = multibase.encode_base64url
    signing_input = f"{encode(strict_json.dumps(protected))}.{encode(payload)}"
    return f"{signing_input}.{encode(signer.sign(signing_input.encode('ascii')))}"


def media_type(value: object) -> str | None:
    """A `typ` or `cty` in the short form that is compared, "vc+jwt"; None for what is no text (RFC 7515, 4.1.9)."""
    if not isinstance(value, str):
        return None
    short = value.lower().removeprefix("application/")
    return value.lower() if "/" in short else short


def _ascii(token: str | bytes) -> bytes:
    try:
        return token.encode("ascii") if isinstance(token, str) else token
    except UnicodeEncodeError as error:
        raise errors.MalformedEncoding("the token holds characters that are not base64url") from error


@lru_cache(maxsize=_KEPT_HEADERS)
def _header(part: bytes) -> Mapping[str, Any]:
    """The tokens of one issuer have the same header, byte for byte: it is read once."""
    if len(part) > MAX_HEADER:
        raise errors.TokenTooLarge(f"the header has {len(part)} characters; at most {MAX_HEADER} are read")
    header = strict_json.loads_object(multibase.decode_base64url(part))
    _judge_header(header)
    return MappingProxyType(header)


def _judge_header(header: Mapping[str, Any]) -> None:
    """`crit` is refused whatever it lists: no extension is understood here, `b64` (RFC 7797) among them."""
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise errors.AlgorithmNotAllowed(f"alg is {str(algorithm)[:80]!r}")
    if "crit" in header:
        raise errors.CriticalHeaderNotUnderstood(f"crit lists {str(header['crit'])[:80]}")
    kid = header.get("kid", "")
    if not isinstance(kid, str) or len(kid) > MAX_KID:
        raise errors.TokenMalformed(f"kid is not a text of at most {MAX_KID} characters")

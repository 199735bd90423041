"""COSE_Sign1: read strictly, checked with a key that was found elsewhere, and signed; no claim in it is judged.

The key chooses the algorithm. A header cannot bring a key, name a place to fetch one from, or choose how to check.

Source: RFC 9052, 3 (headers) and 4.2, 4.4 (COSE_Sign1); RFC 9053, 2 (algorithms); RFC 9596 (the `typ` header).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors
from credentials.cose import cbor
from credentials.multikey import PublicKey
from credentials.ports import Signer

#: Labels of the headers that are read (RFC 9052, 3.1; RFC 9596).
ALG: Final = 1
CRIT: Final = 2
CONTENT_TYPE: Final = 3
KID: Final = 4
TYP: Final = 16

#: JOSE name of the algorithm → its COSE number (RFC 9053, 2.1 and 2.2; RFC 8152 for what the names mean).
ALGORITHMS: Final[Mapping[str, int]] = {"EdDSA": -8, "ES256": -7, "ES384": -35, "ES512": -36}
_NAMES: Final = {number: name for name, number in ALGORITHMS.items()}

#: The first byte of a tagged message: tag 18, COSE_Sign1.
_TAG: Final = b"\xd2"
#: Bytes of the serialized protected headers; 300 are usual, certificate chains stand in the unprotected ones.
MAX_HEADER: Final = 16_384


@dataclass(frozen=True, slots=True)
class Sign1:
    """A message that was taken apart and not checked.

    `protected_bytes` are the protected headers as they were sent and signed. The unprotected headers are covered by no
    signature: of them only `kid` is ever looked at, as a hint which of the issuer's keys to try.
    """

    protected: Mapping[Any, Any]
    protected_bytes: bytes
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        """The JOSE name of the protected `alg`: "EdDSA", "ES256", "ES384" or "ES512"."""
        return _NAMES[self.protected[ALG]]

    @property
    def kid(self) -> bytes | None:
        """The key identifier, from wherever it stands; None when there is none."""
        kid: bytes | None = self.protected.get(KID, self.unprotected.get(KID))
        return kid

    @property
    def typ(self) -> str | int | None:
        """The protected `typ`: a media type, or the number of a CoAP content format (RFC 9596)."""
        typ: str | int | None = self.protected.get(TYP)
        return typ

    @property
    def content_type(self) -> str | int | None:
        """The protected content type of the payload, as `typ`."""
        content_type: str | int | None = self.protected.get(CONTENT_TYPE)
        return content_type


def parse(data: bytes, *, tagged: bool = True, any_order: bool = False) -> Sign1:
    """Take a COSE_Sign1 message apart; nothing is checked with a key.

    `tagged` demands tag 18 in front, and False demands that it be absent. `any_order` lets the headers stand in any
    order (see `cbor.loads`). Raises `errors.MalformedCose`, `errors.AlgorithmNotAllowed`,
    `errors.CriticalHeaderNotUnderstood`, `errors.MalformedCbor` and its subclass, and `errors.CborTooLarge`.
    """
    if data.startswith(_TAG) is not tagged:
        raise errors.MalformedCose(f"the message has {'no' if tagged else 'a'} tag in front")
    parts = cbor.loads(data[len(_TAG) :] if tagged else data, any_order=any_order)
    if not isinstance(parts, list) or [type(part) for part in parts] != [bytes, dict, bytes, bytes]:
        raise errors.MalformedCose("not an array of protected headers, unprotected headers, payload and signature")
    protected_bytes, unprotected, payload, signature = parts
    protected = cbor.loads(protected_bytes, any_order=any_order, max_bytes=MAX_HEADER)
    if not isinstance(protected, dict):
        raise errors.MalformedCose("the protected headers are not a map")
    _judge_headers(protected, unprotected)
    return Sign1(protected, protected_bytes, unprotected, payload, signature)


def check(message: Sign1, key: PublicKey, *, typ: tuple[str, ...] | None = None, external_aad: bytes = b"") -> None:
    """Check the signature with `key`, whose kind `alg` must name, and that `typ` is one of the media types `typ`.

    None asks for no type: only where the specification of the message has none. `external_aad` are bytes that both
    sides know and the message does not carry (RFC 9052, 4.3). Raises `errors.TokenTypeMismatch`,
    `errors.AlgorithmKeyMismatch`, `errors.SignatureMalformed` (wrong size) and `errors.SignatureInvalid`.
    """
    if typ is not None and not is_media_type(message.typ, typ):
        raise errors.TokenTypeMismatch(f"typ is {str(message.typ)[:80]!r}, not {' or '.join(typ)}")
    if message.algorithm != key.algorithm:
        raise errors.AlgorithmKeyMismatch(f"alg is {message.algorithm}; the key is for {key.algorithm}")
    if not key.verify(message.signature, to_be_signed(message.protected_bytes, message.payload, external_aad)):
        raise errors.SignatureInvalid("the signature is not this key's over this message")


def sign(
    payload: bytes,
    signer: Signer,
    *,
    kid: bytes | None = None,
    typ: str | None = None,
    content_type: str | None = None,
    external_aad: bytes = b"",
    tagged: bool = True,
) -> bytes:
    """Sign `payload` and return the message, deterministically encoded; all headers are protected, `alg` the signer's.

    Raises `errors.AlgorithmNotAllowed` for a signer whose algorithm COSE has no number for here.
    """
    if signer.algorithm not in ALGORITHMS:
        raise errors.AlgorithmNotAllowed(f"nothing is signed with {signer.algorithm} here")
    headers = {ALG: ALGORITHMS[signer.algorithm], CONTENT_TYPE: content_type, KID: kid, TYP: typ}
    protected = cbor.dumps({label: value for label, value in headers.items() if value is not None})
    signature = signer.sign(to_be_signed(protected, payload, external_aad))
    return (_TAG if tagged else b"") + cbor.dumps([protected, {}, payload, signature])


def to_be_signed(protected: bytes, payload: bytes, external_aad: bytes = b"") -> bytes:
    """The Sig_structure that the signature covers, encoded (RFC 9052, 4.4)."""
    return cbor.dumps(["Signature1", protected, external_aad, payload])


def is_media_type(value: str | int | None, expected: tuple[str, ...]) -> bool:
    """Is `value` one of the media types `expected` (with their "application/"), in whatever case (RFC 6838, 4.2)?"""
    return isinstance(value, str) and value.lower() in expected


def _judge_headers(protected: Mapping[Any, Any], unprotected: Mapping[Any, Any]) -> None:
    """`crit` is refused whatever it lists: no extension is understood here."""
    if protected.keys() & unprotected.keys():
        raise errors.MalformedCose("a header stands among the protected and the unprotected ones")
    if CRIT in protected or CRIT in unprotected:
        raise errors.CriticalHeaderNotUnderstood("crit demands that an extension be understood")
    algorithm = protected.get(ALG)
    if type(algorithm) is not int or algorithm not in _NAMES:
        raise errors.AlgorithmNotAllowed(f"the protected alg is {str(algorithm)[:80]}")
    if not isinstance(protected.get(KID, unprotected.get(KID, b"")), bytes):
        raise errors.MalformedCose("kid is not a byte string")
    for label in (CONTENT_TYPE, TYP):
        value = protected.get(label, "")
        if not isinstance(value, str) and (type(value) is not int or value < 0):
            raise errors.MalformedCose(f"header {label} is neither a media type nor a content format")

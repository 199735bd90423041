"""Writes and reads the two proof values of ecdsa-sd-2023, strictly; it checks no signature.

Both are multibase base64url of a prefix of three bytes and one CBOR array. Reading accepts the one form that writing
gives, but for the order of the label map, which the specification leaves open.

Source: Data Integrity ECDSA Cryptosuites 1.0, 3.5 (serializeBaseProofValue, serializeDerivedProofValue and
the parsing of both).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, multibase
from credentials.cose import cbor
from credentials.cryptosuites.ecdsa_sd import limits
from credentials.multikey import PublicKey

_BASE: Final = b"\xd9\x5d\x00"
_DISCLOSURE: Final = b"\xd9\x5d\x01"
#: The Multicodec varint of P-256 public keys, 0x1200, before the 33 bytes of the compressed point.
_P256: Final = b"\x80\x24"
_SIGNATURE_BYTES: Final = 64
#: An HMAC with SHA-256, and the key for one.
HMAC_BYTES: Final = 32
#: Characters of base64url for `limits.MAX_PROOF_BYTES`.
_MAX_CHARACTERS: Final = limits.MAX_PROOF_BYTES * 4 // 3 + 4


@dataclass(frozen=True, slots=True)
class BaseProofValue:
    """What the issuer gives the holder: a signature of each statement that is not mandatory, by `proof_key`."""

    base_signature: bytes
    proof_key: PublicKey
    hmac_key: bytes
    signatures: Sequence[bytes]
    mandatory_pointers: Sequence[str]

    def encode(self) -> str:
        """The text of `proofValue`."""
        parts = [self.base_signature, key_bytes(self.proof_key), self.hmac_key]
        return _write(_BASE, [*parts, list(self.signatures), list(self.mandatory_pointers)])


@dataclass(frozen=True, slots=True)
class DisclosureProofValue:
    """What the holder shows: the signatures of what is shown, labels by canonical number, mandatory places."""

    base_signature: bytes
    proof_key: PublicKey
    signatures: Sequence[bytes]
    labels: Mapping[int, bytes]
    mandatory_indexes: Sequence[int]

    def encode(self) -> str:
        """The text of `proofValue`."""
        parts = [self.base_signature, key_bytes(self.proof_key), list(self.signatures)]
        return _write(_DISCLOSURE, [*parts, dict(self.labels), list(self.mandatory_indexes)])


def decode_base(text: object) -> BaseProofValue:
    """Read a base proof value.

    Raises `errors.NotABaseProof` for a disclosure proof, `errors.MalformedEncoding`, `errors.MalformedProof` and
    `errors.SelectionLimit`.
    """
    prefix, (base_signature, key, hmac_key, signatures, pointers) = _read(text)
    if prefix != _BASE:
        raise errors.NotABaseProof("the proof is a disclosure proof, not a base proof", pointer="/proof/proofValue")
    _demand(isinstance(hmac_key, bytes) and len(hmac_key) == HMAC_BYTES, f"the HMAC key has not {HMAC_BYTES} bytes")
    _demand(_all_of(pointers, str), "the mandatory pointers are not a list of texts")
    limits.check_pointers(pointers)
    return BaseProofValue(_signature(base_signature), _key(key), hmac_key, _signatures(signatures), pointers)


def decode_disclosure(text: object) -> DisclosureProofValue:
    """Read a disclosure proof value.

    Raises `errors.BaseProofNotDisclosed` for a base proof, `errors.MalformedEncoding`, `errors.MalformedProof` and
    `errors.SelectionLimit`.
    """
    prefix, (base_signature, key, signatures, labels, indexes) = _read(text)
    if prefix != _DISCLOSURE:
        raise errors.BaseProofNotDisclosed("this is the holder's base proof", pointer="/proof/proofValue")
    _demand(_is_label_map(labels), "the label map is not of canonical numbers to HMACs, each once")
    _demand(_all_of(indexes, int) and all(index >= 0 for index in indexes), "the mandatory indexes are not numbers")
    _demand(indexes == sorted(set(indexes)), "the mandatory indexes do not ascend")
    return DisclosureProofValue(_signature(base_signature), _key(key), _signatures(signatures), labels, indexes)


def key_bytes(key: PublicKey) -> bytes:
    """The 35 bytes of a P-256 key as Multikey."""
    return _P256 + key.raw


def _write(prefix: bytes, parts: list[Any]) -> str:
    return multibase.encode(prefix + cbor.dumps(parts), prefix="u")


def _read(text: object) -> tuple[bytes, list[Any]]:
    """The prefix and the five parts of a proof value of either kind."""
    if isinstance(text, str) and len(text) > _MAX_CHARACTERS:
        raise errors.SelectionLimit(f"{len(text)} characters of proofValue; at most {_MAX_CHARACTERS} are read")
    data = multibase.decode(text, allowed="u")
    prefix, payload = data[:3], data[3:]
    _demand(prefix in (_BASE, _DISCLOSURE), "the proof value does not begin as those of ecdsa-sd-2023 do")
    try:
        parts = cbor.loads(payload, any_order=True)
    except (errors.MalformedCbor, errors.CborTooLarge) as error:
        raise errors.MalformedProof(f"the proof value: {error.detail}", pointer="/proof/proofValue") from error
    _demand(isinstance(parts, list) and len(parts) == 5, "the proof value has not five parts")
    return prefix, parts


def _signature(value: object) -> bytes:
    _demand(isinstance(value, bytes) and len(value) == _SIGNATURE_BYTES, "a signature has not 64 bytes")
    return bytes(value)  # type: ignore[call-overload, no-any-return] # just checked


def _signatures(value: object) -> list[bytes]:
    _demand(isinstance(value, list), "the signatures are not a list")
    signatures = [_signature(item) for item in value]  # type: ignore[attr-defined] # just checked
    limits.check_statements(signatures)
    return signatures


def _key(value: object) -> PublicKey:
    """The key that signed the statements: P-256 and nothing else."""
    _demand(isinstance(value, bytes) and value.startswith(_P256), "the proof's key is not a P-256 Multikey")
    try:
        return PublicKey("ES256", value[len(_P256) :])  # type: ignore[index] # just checked
    except errors.InvalidPublicKey as error:
        raise errors.MalformedProof(f"the proof's key: {error.detail}", pointer="/proof/proofValue") from error


def _is_label_map(value: object) -> bool:
    """Two nodes under one label would let a holder pass off one node as two, so every label stands once."""
    if not isinstance(value, dict):
        return False
    digests = list(value.values())
    fits = all(isinstance(digest, bytes) and len(digest) == HMAC_BYTES for digest in digests)
    return fits and value.keys() == set(range(len(value))) and len(set(digests)) == len(digests)


def _all_of(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(type(item) is kind for item in value)


def _demand(fits: bool, otherwise: str) -> None:
    if not fits:
        raise errors.MalformedProof(otherwise, pointer="/proof/proofValue")

"""Checks a freshly made proof with other people's code, before anything leaves; it shares no canonicalisation with us.

PyLD expands and canonicalises, the package rfc8785 writes JCS, the standard library takes tokens apart, `cryptography`
checks Ed25519. A fault in our own walk, canonicalisation or key store shows here, and nothing is published (KEY-08,
KEY-10). Contexts are the pinned ones.

Not for outside documents: PyLD has no work limit and drops silently. What it is given was linted and signed here.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld as pyld
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver

import schemas
from credentials import errors

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _load(url: str, options: object) -> dict[str, Any]:  # noqa: ARG001 - PyLD's shape of a loader
    document = copy.deepcopy(schemas.contexts()[url])
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


class _Processor(pyld.JsonLdProcessor):  # type: ignore[misc] # PyLD has no types
    """PyLD's processor, keeping the contexts that it processed for the life of the process.

    PyLD's own cache loses every type-scoped context, which is most of the work. Contexts are constants, and every
    active context that a key's `id()` stands for is kept beside it, so that the number is not given out again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._processed: dict[tuple[Any, ...], tuple[Any, Any, Any]] = {}

    def _process_context(self, active_ctx: Any, local_ctx: Any, options: Any, **more: Any) -> Any:
        urls = isinstance(local_ctx, list) and all(isinstance(url, str) for url in local_ctx)
        key = (id(active_ctx), tuple(local_ctx) if urls else id(local_ctx), *sorted(more.items()))
        if "cycles" in more:
            return super()._process_context(active_ctx, local_ctx, options, **more)
        found = self._processed.get(key)
        if found is None:
            if len(self._processed) > _MAX_PROCESSED:
                self._processed.clear()
            processed = super()._process_context(active_ctx, local_ctx, options, **more)
            found = self._processed[key] = active_ctx, local_ctx, processed
        return found[2]


class _Canonicalization(URDNA2015):  # type: ignore[misc] # PyLD has no types
    """PyLD's canonicalisation, with the control characters escaped that RDFC-1.0, 5 wants escaped and PyLD leaves.

    In PyLD's lines they stand only in literals: IRIs with them were refused, and each line's end is kept.
    """

    def hash_nquads(self, nquads: list[str]) -> Any:
        return super().hash_nquads(sorted(map(_escape_controls, nquads)))

    def canonical_lines(self, dataset: Any) -> str:
        lines = self.main(dataset, {"format": "application/n-quads"}).split("\n")[:-1]
        return "".join(sorted(_escape_controls(line) + "\n" for line in lines))


def _escape_controls(line: str) -> str:
    return line.translate(_CONTROLS) if _CONTROL.search(line) else line


_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]")
_CONTROLS: Final = {
    code: {8: "\\b", 12: "\\f"}.get(code, f"\\u{code:04X}")
    for code in (*range(0x0A), *range(0x0B, 0x20), 0x7F, 0xFFFE, 0xFFFF)
}
#: Our own credentials use some fifty combinations of contexts and types.
_MAX_PROCESSED: Final = 2_000
_PROCESSOR: Final = _Processor()
_RESOLVER: Final = ContextResolver({}, _load)


def verify(document: Mapping[str, Any], public_key: bytes) -> None:
    """Check the last proof of `document` under the 32 bytes of an Ed25519 key.

    Raises `errors.SecondPathDisagrees` when anything at all is wrong, this module's own failures included.
    """
    try:
        unsecured = dict(document)
        proofs = unsecured.pop("proof")
        proof = dict(proofs[-1] if isinstance(proofs, list) else proofs)
        signature = _base58(proof.pop("proofValue"))
        if proof["cryptosuite"] == "eddsa-rdfc-2022":
            hashed = _hash_rdfc({**proof, "@context": document["@context"]}) + _hash_rdfc(unsecured)
        elif proof["cryptosuite"] == "eddsa-jcs-2022":
            hashed = hashlib.sha256(rfc8785.dumps(proof)).digest() + hashlib.sha256(rfc8785.dumps(unsecured)).digest()
        else:
            raise errors.SecondPathDisagrees(f"no second implementation of {proof['cryptosuite']!r}")
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, hashed)
    except InvalidSignature as error:
        raise errors.SecondPathDisagrees("the second implementation finds the signature wrong") from error
    except errors.PlauditError:
        raise
    except Exception as error:
        raise errors.SecondPathDisagrees(f"the second implementation failed: {error!r}") from error


def verify_token(token: bytes, unsigned: bytes, public_key: bytes) -> None:
    """Check that `token` is a `vc+jwt` of the JSON `unsigned` and nothing else, signed by an Ed25519 key of 32 bytes.

    Raises `errors.SecondPathDisagrees` when anything at all is wrong, this module's own failures included.
    """
    try:
        header, payload, signature = token.split(b".")
        Ed25519PublicKey.from_public_bytes(public_key).verify(_base64url(signature), header + b"." + payload)
        named, claims = json.loads(_base64url(header)), json.loads(_base64url(payload))
        if (named["alg"], named["typ"]) != ("EdDSA", "vc+jwt") or type(claims.pop("iat")) is not int:
            raise errors.SecondPathDisagrees("the token is not of the kind that was to be signed")
        if claims != json.loads(unsigned):
            raise errors.SecondPathDisagrees("the token holds something else than what was to be signed")
    except InvalidSignature as error:
        raise errors.SecondPathDisagrees("the second implementation finds the token's signature wrong") from error
    except errors.PlauditError:
        raise
    except Exception as error:
        raise errors.SecondPathDisagrees(f"the second implementation failed: {error!r}") from error


def canonical_nquads(document: Mapping[str, Any]) -> str:
    """PyLD's own canonical N-Quads of a document (also the oracle of our tests). Raises PyLD's errors."""
    options = {
        "processingMode": "json-ld-1.1",
        "documentLoader": _load,
        "rdfDirection": "i18n-datatype",
        "contextResolver": _RESOLVER,
    }
    return _Canonicalization().canonical_lines(_PROCESSOR.to_rdf(dict(document), options))


def _hash_rdfc(document: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical_nquads(document).encode()).digest()


def _base64url(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _base58(text: str) -> bytes:
    if not text.startswith("z"):
        raise errors.SecondPathDisagrees("proofValue is not base58btc")
    number = 0
    for character in text[1:]:
        number = number * 58 + _ALPHABET.index(character)
    return number.to_bytes(64, "big")

"""The cryptosuites that canonicalise, hash and sign a whole document; which key may sign is not their business.

They differ in three things only: the canonical form, the hash that goes with each kind of key, and how the proof names
them. So each is a value of one class.

Source: Data Integrity EdDSA Cryptosuites 1.0, 3.2 (rdfc), 3.3 (jcs) and 3.1 (Ed25519Signature2020); Data Integrity
ECDSA Cryptosuites 1.0, 3.2 and 3.3, and its rule that a P-384 key brings SHA-384 to hashing and to RDFC-1.0 alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from credentials import canonical, errors, jsonld, multibase, strict_json
from credentials.jsonld import shapes
from credentials.multikey import PublicKey

_PROOF_TYPE: Final = "DataIntegrityProof"
#: Bytes of a raw signature, by the JOSE name of the key's algorithm.
_SIGNATURE_BYTES: Final = {"EdDSA": 64, "ES256": 64, "ES384": 96}
_EDDSA: Final = {"EdDSA": "sha256"}
#: Hashes of the proof options seen last, some 1 kB each, by their text.
_RECENT: Final[dict[tuple[bool, str, bytes], bytes]] = {}
_MAX_RECENT: Final = 64
_ECDSA: Final = {"ES256": "sha256", "ES384": "sha384"}


@dataclass(frozen=True, slots=True)
class HashedSuite:
    """One cryptosuite. `hashes` is the hash for each kind of key (JOSE name of its algorithm) that may sign with it.

    `uses_jcs` tells JCS (RFC 8785) from RDFC-1.0. A `legacy` suite is named by the proof's `type` and has no
    `cryptosuite` member.
    """

    name: str
    hashes: Mapping[str, str]
    uses_jcs: bool = False
    legacy: bool = False

    @property
    def naming(self) -> dict[str, str]:
        """The members of a proof that say which suite made it."""
        return {"type": self.name} if self.legacy else {"type": _PROOF_TYPE, "cryptosuite": self.name}

    def check_algorithm(self, algorithm: str) -> None:
        """Raise `errors.AlgorithmKeyMismatch` unless keys for `algorithm` may sign with this suite."""
        if algorithm not in self.hashes:
            wanted = " or ".join(self.hashes)
            raise errors.AlgorithmKeyMismatch(f"{self.name} needs a key for {wanted}, not for {algorithm}")

    def configure(self, document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """The proof options as they are hashed: with the document's @context, where it has one (3.2.5, 3.3.5)."""
        config = {**self.naming, **options}
        if "@context" in document:
            config["@context"] = document["@context"]
        return config

    def hash_data(
        self,
        document: Mapping[str, Any],
        config: Mapping[str, Any],
        *,
        algorithm: str,
        previous: Sequence[Mapping[str, Any]] = (),
        document_hash: bytes | None = None,
        allow_inline_contexts: bool = False,
    ) -> bytes:
        """Return hash(canonical proof config) || hash(canonical document): 64 bytes, or 96 with SHA-384 (3.2.4, 3.3.4).

        `document` may still hold its proofs: they are left out, but for the `previous` ones that a proof chain signs
        too. `config` is the proof with its @context; proofValue is left out. Raises what canonicalisation raises.
        With a `document_hash` that is known already, only the @context of `document` is looked at.
        """
        options = config
        if "proofValue" in config:
            options = {name: value for name, value in config.items() if name != "proofValue"}
        digest = self.hashes[algorithm]
        if document_hash is None:
            unsecured = {name: value for name, value in document.items() if name != "proof"}
            if previous:
                unsecured["proof"] = list(previous)
            document_hash = self._hash(unsecured, digest, allow_inline_contexts)
        return self._hash_options(options, digest, allow_inline_contexts) + document_hash

    def complete(self, config: Mapping[str, Any], signature: bytes, *, algorithm: str) -> dict[str, Any]:
        """The finished proof. The jcs suites publish the @context that they hashed (3.3.1, step 2), rdfc does not."""
        size = _SIGNATURE_BYTES[algorithm]
        if len(signature) != size:
            raise errors.SignatureMalformed(f"{len(signature)} bytes; {algorithm} signatures have {size}")
        proof = {name: value for name, value in config.items() if name != "@context"}
        if self.uses_jcs and "@context" in config:
            proof["@context"] = config["@context"]
        proof["proofValue"] = multibase.encode(signature)
        return proof

    def check(
        self,
        document: Mapping[str, Any],
        proof: Mapping[str, Any],
        public_key: PublicKey,
        *,
        previous: Sequence[Mapping[str, Any]] = (),
        allow_inline_contexts: bool = False,
    ) -> None:
        """Check the signature of `proof`, whose shape was checked, over `document`.

        Raises `errors.AlgorithmKeyMismatch`, `errors.MalformedEncoding`, `errors.ProofContextMismatch`,
        `errors.SignatureInvalid`, and what canonicalisation raises.
        """
        algorithm = public_key.algorithm
        self.check_algorithm(algorithm)
        signature = _decode(proof["proofValue"], _SIGNATURE_BYTES[algorithm])
        hashed = self.hash_data(
            document,
            self._config_of(document, proof),
            algorithm=algorithm,
            previous=previous,
            allow_inline_contexts=allow_inline_contexts,
        )
        if not public_key.verify(signature, hashed):
            raise errors.SignatureInvalid("the signature does not fit the document under the issuer's key")

    def _config_of(self, document: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
        """The proof's options as they were signed (rdfc 3.2.2 and 3.2.5; jcs 3.3.2 and 3.3.5)."""
        config = dict(proof)
        context = document.get("@context")
        if self.uses_jcs:
            if "@context" in proof:
                _check_context_prefix(context, proof["@context"])
        elif config.setdefault("@context", context) != context:
            raise errors.ProofContextMismatch("the proof names other contexts than the document")
        return config

    def _hash_options(self, options: Mapping[str, Any], digest: str, allow_inline_contexts: bool) -> bytes:
        """Proof options come in the same few shapes again and again, but for those of inline contexts.

        Those of all the proofs that one key makes within one second are the same.
        """
        key = self.uses_jcs, digest, strict_json.dumps(options)
        found = _RECENT.get(key)
        if found is not None:
            return found
        contexts = options.get("@context")
        plain = isinstance(contexts, list) and all(isinstance(url, str) for url in contexts)
        if not self.uses_jcs and not plain:
            return self._hash(options, digest, allow_inline_contexts)
        form = canonical.jcs(options) if self.uses_jcs else shapes.SHAPES[digest].canonical(options)
        found = hashlib.new(digest, form).digest()
        if len(_RECENT) >= _MAX_RECENT:
            # The oldest; another thread may have taken it meanwhile.
            _RECENT.pop(next(iter(list(_RECENT)), key), None)
        _RECENT[key] = found
        return found

    def _hash(self, part: Mapping[str, Any], digest: str, allow_inline_contexts: bool) -> bytes:
        if self.uses_jcs:
            canonical_form = canonical.jcs(part)
        else:
            canonical_form = jsonld.canonical_nquads(
                part, hash=digest, allow_inline_contexts=allow_inline_contexts
            ).encode()
        return hashlib.new(digest, canonical_form).digest()


def _decode(text: object, size: int) -> bytes:
    """The signature in `proofValue`: multibase `z` (base58btc) of `size` bytes; else `errors.MalformedEncoding`."""
    signature = multibase.decode(text)
    if len(signature) != size:
        raise errors.MalformedEncoding(f"proofValue holds {len(signature)} bytes instead of {size}")
    return signature


def _check_context_prefix(of_document: Any, of_proof: Any) -> None:
    """The document's @context must start with the proof's, in that order (3.3.2, step 3.1)."""
    signed, present = _as_list(of_proof), _as_list(of_document)
    if present[: len(signed)] != signed or not signed:
        raise errors.ProofContextMismatch("the proof's @context is not where the document's begins")


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


EDDSA_RDFC_2022: Final = HashedSuite("eddsa-rdfc-2022", _EDDSA)
EDDSA_JCS_2022: Final = HashedSuite("eddsa-jcs-2022", _EDDSA, uses_jcs=True)
ECDSA_RDFC_2019: Final = HashedSuite("ecdsa-rdfc-2019", _ECDSA)
ECDSA_JCS_2019: Final = HashedSuite("ecdsa-jcs-2019", _ECDSA, uses_jcs=True)
#: Made on request only: wallets in the field still read nothing newer.
ED25519_SIGNATURE_2020: Final = HashedSuite("Ed25519Signature2020", _EDDSA, legacy=True)

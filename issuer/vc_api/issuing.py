"""Signs credentials for the VC-API: which key, which cryptosuite, which status; then through the core. No HTTP.

A document is signed as it was sent. Two things are added, never before what is there: the context that a proof needs
where the document's own contexts do not define it (VCDM 1.1), and a status at the base that promises one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import conformance, data_integrity, errors, status_list, vcdm
from credentials.cryptosuites import ecdsa_sd
from credentials.cryptosuites.ecdsa_sd import ProofKey
from credentials.cryptosuites.ecdsa_sd import base as base_proof
from credentials.jose import enveloped, vc_jwt
from credentials.ports import Signer
from issuer.vc_api.problems import IssuerNotHeld, RequestMalformed
from issuer.vc_api.statuses import PURPOSES, StatusLists

#: Base path → the way of securing that it stands for; "" where the issuer's key chooses.
BASES: Final[Mapping[str, str]] = {
    "/vc-api": "",
    "/vc-api/eddsa-rdfc-2022": "eddsa-rdfc-2022",
    "/vc-api/eddsa-jcs-2022": "eddsa-jcs-2022",
    "/vc-api/ecdsa-rdfc-2019": "ecdsa-rdfc-2019",
    "/vc-api/ecdsa-jcs-2019": "ecdsa-jcs-2019",
    "/vc-api/ecdsa-sd-2023": "ecdsa-sd-2023",
    "/vc-api/status": "",
    "/vc-api/vc-jwt": "vc+jwt",
}
STATUS_BASE: Final = "/vc-api/status"

_USUAL: Final = {"EdDSA": "eddsa-rdfc-2022", "ES256": "ecdsa-rdfc-2019", "ES384": "ecdsa-rdfc-2019"}
#: What every disclosure shows where the options do not say: without its issuer it would be no credential.
_ALWAYS_SHOWN: Final = ("/issuer",)
_LEGACY: Final = "Ed25519Signature2020"
#: What defines the terms of each kind of proof.
_DATA_INTEGRITY: Final = ("https://w3id.org/security/data-integrity/v2", "https://w3id.org/security/data-integrity/v1")
_LEGACY_CONTEXT: Final = "https://w3id.org/security/suites/ed25519-2020/v1"


@dataclass(frozen=True, slots=True)
class Issuing:
    """Signs with the keys it is given.

    `clock` returns the time now; `new_id` a fresh URN for what has no id; `new_secrets` what selective disclosure needs
    anew for each proof: a P-256 key pair and the 32 bytes of an HMAC key.
    """

    signers: Mapping[str, Signer]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secrets: Callable[[], tuple[ProofKey, bytes]]
    lists: StatusLists

    def issue(self, credential: Mapping[str, Any], options: Mapping[str, Any], base: str) -> dict[str, Any]:
        """Return the secured credential. Proofs that it carries stay (a proof set).

        Raises `errors.NotConformant` and whatever else `conformance.check_credential` and the cryptosuite raise,
        `IssuerNotHeld` and `RequestMalformed`.
        """
        _check(credential)
        signer = self._signer_of(credential)
        way = BASES[base] or _wanted(options) or _USUAL[signer.algorithm]
        document = dict(credential)
        if base == STATUS_BASE:
            document = self._with_status(document, options)
        if way == "vc+jwt":
            return self._as_token(document, signer)
        document = _with_contexts(document, way)
        if way == base_proof.NAME:
            return self._with_base_proof(document, signer, _pointers(options, "mandatoryPointers", _ALWAYS_SHOWN))
        return self._with_proof(document, signer, way)

    def derive(self, credential: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the part of a credential that the options select, with a proof made of its base proof; needs no key.

        Raises what `conformance.check_credential` and `ecdsa_sd.derive` raise, and `RequestMalformed`.
        """
        conformance.check_credential(credential)
        pointers = _pointers(options, "selectivePointers", ())
        return ecdsa_sd.derive(credential, pointers, allow_inline_contexts=True)

    def list_credential(self, number: int) -> dict[str, Any] | None:
        """The signed BitstringStatusListCredential with this number, as of now; None when there is none."""
        found = self.lists.get(number)
        if found is None:
            return None
        document = status_list.build_status_list_credential(
            list_id=found.url,
            issuer=found.issuer,
            purpose=found.purpose,
            encoded=found.bits.encode(),
            valid_from=self.clock(),
        )
        signer = self.signers[found.issuer]
        return self._with_proof(document, signer, _USUAL[signer.algorithm])

    def _signer_of(self, credential: Mapping[str, Any]) -> Signer:
        issuer = vcdm.issuer_id(credential) or ""
        if issuer not in self.signers:
            raise IssuerNotHeld(f"no key of {issuer[:200]} is held here", pointer="/issuer")
        return self.signers[issuer]

    def _with_proof(self, document: Mapping[str, Any], signer: Signer, suite: str) -> dict[str, Any]:
        return data_integrity.add_proof(
            document, signer=signer, created=self.clock(), cryptosuite=suite, allow_inline_contexts=True
        )

    def _with_base_proof(self, document: Mapping[str, Any], signer: Signer, pointers: Sequence[str]) -> dict[str, Any]:
        proof_key, hmac_key = self.new_secrets()
        return ecdsa_sd.create_base_proof(
            document,
            signer=signer,
            proof_key=proof_key,
            hmac_key=hmac_key,
            mandatory_pointers=pointers,
            created=self.clock(),
            allow_inline_contexts=True,
        )

    def _as_token(self, document: Mapping[str, Any], signer: Signer) -> dict[str, Any]:
        """vc+jwt, in the envelope that the data model has for tokens (VCDM 2.0, 4.13.1)."""
        token = vc_jwt.sign_credential(document, signer, issued_at=self.clock())
        return enveloped.wrap("vc+jwt", token.encode("ascii"))

    def _with_status(self, document: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """With places in this process's lists, under the document's id (a new one where it has none)."""
        identifier = document.setdefault("id", self.new_id())
        entries = self.lists.allocate(identifier, vcdm.issuer_id(document) or "", _purposes(options))
        added = [status_list.status_entry(entry) for entry in entries]
        present = vcdm.as_list(document["credentialStatus"]) if "credentialStatus" in document else []
        every = [*present, *added]
        return {**document, "credentialStatus": every[0] if len(every) == 1 else every}


def _check(credential: Mapping[str, Any]) -> None:
    broken = list(vcdm.check_proofs(credential))
    if broken:
        raise errors.NotConformant(broken)
    conformance.check_credential(credential)
    for entry in vcdm.as_list(credential.get("credentialStatus", [])):
        if "BitstringStatusListEntry" in vcdm.types(entry):
            status_list.parse_entry(entry)


def _wanted(options: Mapping[str, Any]) -> str:
    """The cryptosuite that the options name, as `cryptosuite` or, for the older suite, as `type`; "" for none."""
    wanted = options.get("cryptosuite", options.get("type", ""))
    if not isinstance(wanted, str):
        raise RequestMalformed("the cryptosuite is not text", pointer="/options")
    return "" if wanted == "DataIntegrityProof" else wanted


def _pointers(options: Mapping[str, Any], name: str, usual: Sequence[str]) -> Sequence[str]:
    """JSON pointers out of the options; whether they lead anywhere, the cryptosuite says."""
    value = options.get(name, list(usual))
    if not isinstance(value, list) or not all(isinstance(pointer, str) for pointer in value):
        raise RequestMalformed(f"{name} is not a list of JSON pointers", pointer=f"/options/{name}")
    return value


def _purposes(options: Mapping[str, Any]) -> list[str]:
    """For which purposes the options ask a status; revocation when they do not say."""
    asked = options.get("credentialStatus", {"statusPurpose": "revocation"})
    purposes = [entry.get("statusPurpose") if isinstance(entry, Mapping) else None for entry in vcdm.as_list(asked)]
    known = [purpose for purpose in purposes if purpose in PURPOSES]
    if not known or len(set(known)) != len(purposes):
        raise RequestMalformed(
            f"credentialStatus does not ask for {' or '.join(PURPOSES)}", pointer="/options/credentialStatus"
        )
    return known


def _with_contexts(document: dict[str, Any], way: str) -> dict[str, Any]:
    """With the context that defines the proof at the end, where the document's own do not (VCDM 1.1 defines none)."""
    contexts: list[Any] = document["@context"]
    needed = (_LEGACY_CONTEXT,) if way == _LEGACY else (vcdm.CONTEXT, *_DATA_INTEGRITY)
    if any(context in contexts for context in needed):
        return document
    return {**document, "@context": [*contexts, _DATA_INTEGRITY[0] if way != _LEGACY else _LEGACY_CONTEXT]}

"""Credentials with Data Integrity proofs inside, in version 2.0 or 1.1 of the data model. Fetches nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import schemas
from credentials import cryptosuites, data_integrity, errors, timestamps, vcdm
from credentials.multikey import PublicKey
from credentials.verify import plain_form
from credentials.verify.forms.face import KeyClaim, Signature, Window
from credentials.verify.limits import Limits
from credentials.verify.memory import UNKNOWN, Text

PURPOSE = "assertionMethod"


@dataclass(frozen=True, slots=True)
class EmbeddedProof:
    """One Data Integrity proof of a document; `purpose` is what it must have been made for.

    `place` is where it stands among the proofs of `text`.
    """

    document: Mapping[str, Any]
    proof: Mapping[str, Any]
    purpose: str = PURPOSE
    text: Text = UNKNOWN
    place: int = 0

    def claim(self) -> KeyClaim:
        data_integrity.check_shape(self.proof)
        data_integrity.check_purpose(self.proof, self.purpose)
        created = self.proof.get("created")
        return KeyClaim(self.proof["verificationMethod"], None if created is None else timestamps.parse(created))

    def check(self, key: PublicKey) -> None:
        self.text.once(b"proof %d %b %b" % (self.place, key.algorithm.encode(), key.raw), lambda: self._check(key))

    def _check(self, key: PublicKey) -> None:
        try:
            data_integrity.check_proof(self.document, self.proof, key)
        except errors.SignatureInvalid:
            if self._mislabelled(key):
                raise errors.UnsupportedProof(
                    "the proof is labelled as one cryptosuite and was made with another", pointer="/proof/cryptosuite"
                ) from None
            raise

    def describe(self) -> dict[str, Any]:
        names = ("type", "cryptosuite", "verificationMethod", "created")
        return {name: self.proof[name] for name in names if isinstance(self.proof.get(name), str)}

    def _mislabelled(self, key: PublicKey) -> bool:
        """Does the signature fit once the cryptosuite is called by another suite's name? Then nothing was altered."""
        plain = {name: value for name, value in self.proof.items() if name != "cryptosuite"}
        return any(
            self._fits({**plain, **suite.naming}, key)
            for suite in cryptosuites.HASHED.values()
            if suite.name != self.proof.get("cryptosuite")
        )

    def _fits(self, proof: Mapping[str, Any], key: PublicKey) -> bool:
        try:
            data_integrity.check_proof(self.document, proof, key)
        except errors.PlauditError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class EmbeddedCredential:
    """A JSON credential with its proofs."""

    document: Mapping[str, Any]
    issuer: str
    signatures: Sequence[Signature]
    format: str = "vc"

    @property
    def status(self) -> Sequence[Any]:
        return status_entries(self.document)

    def windows(self) -> Sequence[Window]:
        return [own_window(self.document), *proof_windows(data_integrity.proofs_of(self.document))]


def read(document: Mapping[str, Any], limits: Limits, text: Text = UNKNOWN) -> EmbeddedCredential:
    """Check the shape of a credential with embedded proofs. Raises the typed error of the first thing wrong."""
    text.once(b"form", lambda: _check_form(document, limits))
    proofs = proofs_of(document, limits)
    signatures = [EmbeddedProof(document, proof, PURPOSE, text, place) for place, proof in enumerate(proofs)]
    return EmbeddedCredential(document, vcdm.issuer_id(document) or "", signatures)


def _check_form(document: Mapping[str, Any], limits: Limits) -> None:
    check_document(document)
    check_contexts(document)
    if any(str(proof.get("cryptosuite")) not in cryptosuites.JCS for proof in proofs_of(document, limits)):
        plain_form.check(document)


def check_document(document: Mapping[str, Any]) -> None:
    """The rules of the data model; raises `errors.CredentialMalformed` with the first breach."""
    broken = vcdm.check(document)
    if broken:
        raise errors.CredentialMalformed(broken[0].message, pointer=broken[0].pointer)


def check_contexts(document: Mapping[str, Any]) -> None:
    """Every context is a URL whose content is pinned here: nothing is fetched and nothing is redefined in place."""
    for number, context in enumerate(document["@context"]):
        if not isinstance(context, str):
            raise errors.InlineContextRefused("a context is written into the document", pointer=f"/@context/{number}")
        if context not in schemas.contexts():
            raise errors.ContextNotKnown(f"{context[:200]} is not known here", pointer=f"/@context/{number}")


def proofs_of(document: Mapping[str, Any], limits: Limits) -> list[dict[str, Any]]:
    """The proofs of `document`, one or several. Raises `errors.NoProof`, `MalformedProof` or `TooManyProofs`."""
    proofs = data_integrity.proofs_of(document)
    if len(proofs) > limits.max_proofs:
        raise errors.TooManyProofs(f"{len(proofs)} proofs; at most {limits.max_proofs} are checked", pointer="/proof")
    return proofs


def status_entries(document: Mapping[str, Any]) -> Sequence[Any]:
    """The entries of `credentialStatus`, whether one was written or several."""
    return vcdm.as_list(document["credentialStatus"]) if "credentialStatus" in document else []


def own_window(document: Mapping[str, Any]) -> Window:
    """From when until when the credential itself says that it holds (VCDM 2.0, 4.9; VCDM 1.1, 4.6 and 4.7)."""
    start, end = (
        next((timestamps.parse(document[name]) for name in names if name in document), None)
        for names in (("validFrom", "issuanceDate"), ("validUntil", "expirationDate"))
    )
    return Window(start, end)


def proof_windows(proofs: Sequence[Mapping[str, Any]]) -> list[Window]:
    """When each proof that sets itself an end ceases to hold (Data Integrity 1.0, 2.1)."""
    ends = [timestamps.parse(proof["expires"]) for proof in proofs if "expires" in proof]
    return [Window(None, end, of_signature=True) for end in ends]

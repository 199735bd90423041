"""Verifies a credential for the VC-API by its proofs alone: that each holds, not that its signer may vouch as issuer.

The order: shape and lossless JSON-LD · every proof, under the key that it names · status, where asked. A proof's key
may be anybody's; the public verifier always binds it to the issuer, this surface never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from credentials import conformance, data_integrity, did, errors, problem_details, strict_json, timestamps, vcdm
from credentials.jose.vc_jwt import SecuredJwt
from credentials.ports import Fetcher
from credentials.verify import forms, keys
from credentials.verify.forms import KeyClaim, Window, embedded
from credentials.verify.limits import DEFAULT_LIMITS, Limits
from credentials.verify.status import StatusReader
from credentials.verify.status_lists import StatusLists
from verifier.vc_api.asking import Asked

PURPOSE: Final = "assertionMethod"


class ProofOnly:
    """Verifies documents at one moment; what is looked up for one proof is not looked up again for the next."""

    def __init__(self, fetcher: Fetcher, now: datetime, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.now = now
        self._fetcher = fetcher
        self._keys = keys.KeyDocuments(fetcher, now)

    def check_credential(self, document: Mapping[str, Any], asked: Asked) -> list[str]:
        """Verify a credential, enveloped or with proofs; return what was checked, as words of `checks`.

        Raises the typed error of the first thing wrong. The proof is checked even where only something else was asked.
        """
        if vcdm.is_envelope(document):
            return self._check_envelope(document, asked)
        conformance.check_credential(document)
        self.check_proofs(document, asked, PURPOSE)
        return self._check_status(embedded.status_entries(document), vcdm.issuer_id(document) or "", asked)

    def check_secured(self, data: bytes, asked: Asked) -> list[str]:
        """Verify a credential that was secured as a whole (a token, COSE); its issuer's own key must have done it."""
        secured = forms.read(data, self.limits)
        for signature in secured.signatures:
            key = self._own_key(signature.claim(), secured.issuer, PURPOSE)
            keys.check_signature(signature, key, now=self.now, skew=self.limits.clock_skew)
        for window in secured.windows():
            self._check_window(window)
        return self._check_status(secured.status, secured.issuer, asked)

    def check_proofs(self, document: Mapping[str, Any], asked: Asked, purpose: str) -> set[str]:
        """Check every proof of `document`; return whose keys made them.

        All members of a proof set and of a chain must hold, so a document is never better than its worst proof.
        """
        proofs = data_integrity.proofs_of(document)
        if len(proofs) > self.limits.max_proofs:
            raise errors.TooManyProofs(f"{len(proofs)} proofs; at most {self.limits.max_proofs} are checked")
        return {self._check_proof(document, proof, asked, asked.purpose or purpose) for proof in proofs}

    def check_token(self, secured: SecuredJwt, holder: str | None, purpose: str) -> str:
        """Check the signature of a presentation's token, and that it is in force; return whose key made it.

        The key is the holder's own; where nobody is named, of whoever the token names as signer.
        """
        claims = secured.claims
        owner = holder or claims.iss or (secured.kid or "").partition("#")[0]
        key = self._own_key(KeyClaim(secured.kid, claims.issued_at), owner, purpose)
        secured.check_signature(key.method.public_key)
        for start in (claims.not_before, claims.issued_at):
            self._check_window(Window(start, claims.expires, of_signature=True))
        return owner

    def warnings(self, document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """What a caller should know that no proof says: the credential is not yet, or no longer, in force."""
        for names, code, title in _MOMENTS:
            for name in names:
                if name in document and (timestamps.parse(document[name]) > self.now) is (code == "not_yet_valid"):
                    kind = problem_details.ERROR_PAGES + code
                    yield {"type": kind, "title": title, "detail": f"{name} is {document[name]}", "code": code}

    def _own_key(self, claim: KeyClaim, owner: str, purpose: str) -> keys.FoundKey:
        """The key that a token names, which must be of whom the token is."""
        key = keys.find_key(claim, issuer=owner, keys=self._keys, now=self.now, purpose=purpose)
        keys.check_owner(key, owner)
        return key

    def _check_window(self, window: Window) -> None:
        """A signature's own time is judged; the credential's own is only warned of."""
        if window.of_signature and window.end is not None and window.end <= self.now:
            raise errors.ProofExpired(f"the signature expired at {timestamps.format(window.end)}")
        if window.of_signature and window.start is not None and window.start > self.now + self.limits.clock_skew:
            raise errors.ProofNotYetValid(f"the signature holds from {timestamps.format(window.start)}")

    def _check_envelope(self, document: Mapping[str, Any], asked: Asked) -> list[str]:
        broken = list(vcdm.check_envelope(document))
        if broken:
            raise errors.NotConformant(broken)
        return self.check_secured(strict_json.dumps(document), asked)

    def _check_proof(self, document: Mapping[str, Any], proof: Mapping[str, Any], asked: Asked, purpose: str) -> str:
        data_integrity.check_shape(proof)
        data_integrity.check_purpose(proof, purpose)
        data_integrity.check_times(proof, self.now)
        data_integrity.check_binding(proof, challenge=asked.challenge, domain=asked.domain)
        url = proof["verificationMethod"]
        owner: str = url.partition("#")[0]
        method = did.dereference(self._keys.of(owner), url, purpose)
        method.check_in_force(timestamps.parse(proof["created"]) if "created" in proof else self.now, self.now)
        data_integrity.check_proof(document, proof, method.public_key, allow_inline_contexts=True)
        return owner

    def _check_status(self, entries: Sequence[Any], issuer: str, asked: Asked) -> list[str]:
        """Read every entry; one that cannot be read is no confirmation, so it raises like one that is set."""
        if not asked.status or not entries:
            return ["proof"]
        lists = StatusLists(fetcher=self._fetcher, keys=self._keys, issuer=issuer, now=self.now, limits=self.limits)
        for entry in StatusReader(lists, issuer=issuer, now=self.now, limits=self.limits).read(entries):
            if isinstance(entry.error, errors.PlauditError):
                raise entry.error
            if entry.error is not None:
                raise errors.StatusListNotTrusted("the status could not be read", pointer="/credentialStatus")
            if entry.set and not entry.informs:
                raise errors.StatusSet(f"the status list says {entry.purpose}", pointer="/credentialStatus")
        return ["proof", "credentialStatus"]


_MOMENTS: Final = (
    (("validFrom", "issuanceDate"), "not_yet_valid", "The credential is not in force yet"),
    (("validUntil", "expirationDate"), "expired", "The credential is no longer in force"),
)

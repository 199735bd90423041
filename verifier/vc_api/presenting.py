"""Verifies a presentation for the VC-API: its own proofs where it has some, and each credential inside.

What is signed in a way that is known here is always checked. `options.checks` says what must be there: where it does
not name the proof, a presentation and what it holds may be unsigned.

Source: VCDM 2.0, 4.13 (presentations) and 4.13.3 (self-asserted credentials).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from credentials import conformance, errors, vcdm
from credentials.jose import enveloped, vc_jwt
from credentials.jose.claims import Claims
from verifier.vc_api.asking import Asked
from verifier.vc_api.proof_only import ProofOnly

PURPOSE: Final = "authentication"


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found: the words of `checks` that were done, whether the presentation itself is signed, and its holder
    where the signature is the holder's."""

    checks: tuple[str, ...]
    signed: bool
    holder: str | None


class Presentations:
    """Verifies presentations with the same look-ups as the credentials in them."""

    def __init__(self, verifier: ProofOnly) -> None:
        self._verifier = verifier

    def check(self, document: Mapping[str, Any], asked: Asked) -> Shown:
        """Verify a presentation, enveloped, with proofs or unsigned; raises the error of the first thing wrong."""
        if vcdm.is_envelope(document):
            return self._check_envelope(document, asked)
        conformance.check_presentation(document)
        signers: set[str] = set()
        if "proof" in document or asked.proof_named:
            signers = self._verifier.check_proofs(document, asked, PURPOSE)
        holder = vcdm.holder_id(document)
        done = {"proof"} if signers else set()
        held = vcdm.as_list(document.get("verifiableCredential", []))
        self._check_number(len(held))
        for credential in held:
            done.update(self._check_held(credential, _inside(asked), holder, signers))
        return Shown(tuple(sorted(done)), bool(signers), holder if holder in signers else None)

    def _check_held(
        self, credential: Mapping[str, Any], asked: Asked, holder: str | None, signers: set[str]
    ) -> list[str]:
        if vcdm.is_envelope(credential):
            return self._check_enveloped(credential, asked)
        if "proof" in credential:
            return self._verifier.check_credential(credential, asked)
        if signers:
            _check_self_asserted(credential, holder, signers)
        elif asked.proof:
            raise errors.NoProof("a credential in the presentation is not signed", pointer="/verifiableCredential")
        return []

    def _check_enveloped(self, credential: Mapping[str, Any], asked: Asked) -> list[str]:
        """An envelope of a kind unknown here is let by only where nobody asked for signatures."""
        try:
            return self._verifier.check_credential(credential, asked)
        except (errors.FormatNotSupported, errors.EnvelopeMalformed):
            if asked.proof:
                raise
            return []

    def _check_envelope(self, document: Mapping[str, Any], asked: Asked) -> Shown:
        broken = list(vcdm.check_envelope(document, vcdm.ENVELOPED_PRESENTATION))
        if broken:
            raise errors.NotConformant(broken)
        envelope = enveloped.read(document)
        if envelope.media_type != "vp+jwt":
            raise errors.FormatNotSupported(f"a presentation as {envelope.media_type} is not checked here")
        secured = vc_jwt.read_presentation(envelope.content)
        broken = vcdm.check_presentation(secured.document)
        if broken:
            raise errors.NotConformant(broken)
        owner = self._verifier.check_token(secured, vcdm.holder_id(secured.document), PURPOSE)
        _check_answers(secured.claims, asked)
        done = {"proof"}
        self._check_number(len(secured.envelopes))
        for held in secured.envelopes:
            done.update(self._verifier.check_secured(held.content, _inside(asked)))
        return Shown(tuple(sorted(done)), True, owner)

    def _check_number(self, number: int) -> None:
        most = self._verifier.limits.max_credentials
        if number > most:
            raise errors.TooManyCredentials(f"{number} credentials; at most {most} are verified at once")


def _inside(asked: Asked) -> Asked:
    """What is asked of the credentials inside: challenge, domain and purpose are the presentation's alone."""
    return replace(asked, purpose=None, challenge=None, domain=None)


def _check_answers(claims: Claims, asked: Asked) -> None:
    """A token answers a challenge by its nonce and a domain by its audience (OpenID4VP 1.0, B.1.3.1)."""
    if asked.challenge is not None and claims.nonce != asked.challenge:
        raise errors.ChallengeMismatch("the nonce is not the challenge that was given", pointer="/nonce")
    if asked.domain is not None and asked.domain not in claims.audience:
        raise errors.DomainMismatch(f"the token was not made for {asked.domain}", pointer="/aud")


def _check_self_asserted(credential: Mapping[str, Any], holder: str | None, signers: set[str]) -> None:
    """An unsigned credential stands only as its holder's own, under the holder's signature."""
    issuer = vcdm.issuer_id(credential)
    if holder is None or issuer != holder or holder not in signers:
        raise errors.SelfAssertedMismatch(
            "its issuer is not the holder who signed the presentation", pointer="/verifiableCredential"
        )

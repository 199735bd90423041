"""Takes a presentation apart: its holder, its signatures, the credentials inside. Checks no signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from credentials import data_integrity, errors, jsonld, presentation, strict_json, vcdm
from credentials.jose import enveloped, vc_jwt
from credentials.jose.vc_jwt import SecuredJwt
from credentials.verify import plain_form
from credentials.verify.forms import embedded
from credentials.verify.forms.face import Signature, Window
from credentials.verify.forms.tokens import TokenSignature
from credentials.verify.limits import Limits

#: A JWS begins with a JSON object in base64url, and JSON never does.
_TOKEN_START: Final = b"eyJ"


class Presented(Protocol):
    """A presentation taken apart and well-formed. `holder` is None where it names nobody."""

    @property
    def format(self) -> str: ...

    @property
    def holder(self) -> str | None: ...

    @property
    def signatures(self) -> Sequence[Signature]: ...

    @property
    def credentials(self) -> Sequence[bytes]:
        """Each credential inside, as the bytes that are verified by themselves."""
        ...

    def windows(self) -> Sequence[Window]:
        """Every time within which its signatures hold; raises for what is no time."""
        ...

    def check_binding(self, *, challenge: str | None, domain: str | None) -> None:
        """Raise `errors.ChallengeMismatch` or `errors.DomainMismatch` unless every signature answers what was asked."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddedPresentation:
    """A JSON presentation, with Data Integrity proofs or without any."""

    document: Mapping[str, Any]
    holder: str | None
    signatures: Sequence[Signature]
    credentials: Sequence[bytes]
    format: str = "vp"

    def windows(self) -> Sequence[Window]:
        return embedded.proof_windows(data_integrity.proofs_of(self.document, required=False))

    def check_binding(self, *, challenge: str | None, domain: str | None) -> None:
        for proof in data_integrity.proofs_of(self.document):
            data_integrity.check_binding(proof, challenge=challenge, domain=domain)


@dataclass(frozen=True, slots=True)
class TokenPresentation:
    """A `vp+jwt`: it answers a challenge by its nonce and a domain by its audience (OpenID4VP 1.0, B.1.3.1)."""

    secured: SecuredJwt
    holder: str | None
    signatures: Sequence[Signature]
    credentials: Sequence[bytes]
    format: str = "vp+jwt"

    def windows(self) -> Sequence[Window]:
        claims = self.secured.claims
        return [Window(claims.not_before, claims.expires, of_signature=True)]

    def check_binding(self, *, challenge: str | None, domain: str | None) -> None:
        claims = self.secured.claims
        if challenge is not None and claims.nonce != challenge:
            raise errors.ChallengeMismatch("the nonce is not the challenge that was given", pointer="/nonce")
        if domain is not None and domain not in claims.audience:
            raise errors.DomainMismatch(f"the token was not made for {domain}", pointer="/aud")


def read(data: bytes, limits: Limits) -> Presented:
    """Take the presentation in `data` apart; raises the typed error of the first thing wrong with its form."""
    if data.strip().startswith(_TOKEN_START):
        return _read_token(data.strip(), limits)
    document = strict_json.loads_object(data, max_bytes=limits.max_bytes)
    if vcdm.ENVELOPED_PRESENTATION in vcdm.types(document):
        return _unwrap(document, limits)
    return _read_embedded(document, limits)


def _read_embedded(document: Mapping[str, Any], limits: Limits) -> EmbeddedPresentation:
    check_document(document)
    embedded.check_contexts(document)
    proofs = embedded.proofs_of(document, limits) if "proof" in document else []
    if proofs:
        plain_form.check({name: value for name, value in document.items() if name != "verifiableCredential"})
    signatures = [embedded.EmbeddedProof(document, proof, presentation.PURPOSE) for proof in proofs]
    held = [
        item.encode() if isinstance(item, str) else strict_json.dumps(item)
        for item in vcdm.as_list(document.get("verifiableCredential", []))
    ]
    return EmbeddedPresentation(document, vcdm.holder_id(document), signatures, _bounded(held, limits))


def _unwrap(document: Mapping[str, Any], limits: Limits) -> TokenPresentation:
    """The presentation in an envelope (VCDM 2.0, 4.13.2); other kinds of envelope are not read here."""
    envelope = enveloped.read(document)
    if envelope.media_type != "vp+jwt":
        raise errors.FormatNotSupported(f"a presentation as {envelope.media_type} is not checked here")
    return _read_token(envelope.content, limits)


def _read_token(token: bytes, limits: Limits) -> TokenPresentation:
    secured = vc_jwt.read_presentation(token)
    check_document(secured.document)
    embedded.check_contexts(secured.document)
    jsonld.to_quads(secured.document)
    claims = secured.claims
    signature = TokenSignature(secured.kid, secured.jws.algorithm, claims.issued_at, secured.check_signature)
    held = _bounded([envelope.content for envelope in secured.envelopes], limits)
    return TokenPresentation(secured, vcdm.holder_id(secured.document) or claims.iss, [signature], held)


def check_document(document: Mapping[str, Any]) -> None:
    """The rules of the data model (VCDM 2.0, 4.13); raises `errors.CredentialMalformed` with the first breach."""
    if "VerifiablePresentation" not in vcdm.types(document):
        raise errors.CredentialMalformed("This is not a presentation.", pointer="/type")
    broken = vcdm.check_presentation(document)
    if broken:
        raise errors.CredentialMalformed(broken[0].message, pointer=broken[0].pointer)


def _bounded(held: list[bytes], limits: Limits) -> list[bytes]:
    """The credentials, some and not too many. Raises `errors.NothingPresented`, `errors.TooManyCredentials`."""
    if not held:
        raise errors.NothingPresented("the presentation holds no credential", pointer="/verifiableCredential")
    if len(held) > limits.max_credentials:
        raise errors.TooManyCredentials(f"{len(held)} credentials; at most {limits.max_credentials} are verified")
    return held

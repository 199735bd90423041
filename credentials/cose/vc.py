"""W3C credentials and presentations secured with COSE (`vc+cose`, `vp+cose`): signed, read, and checked with a key.

The payload is the JSON document itself. Finding the issuer's key, and judging validity and status, is not done here.

Source: VC-JOSE-COSE 1.0, 3.3 (with COSE) and 4.2 (key discovery); VCDM 2.0, 4.13 (enveloped credentials).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, strict_json, vcdm
from credentials.cose import sign1
from credentials.multikey import PublicKey
from credentials.ports import Signer

CREDENTIAL: Final = "VerifiableCredential"
PRESENTATION: Final = "VerifiablePresentation"
#: What is secured → its media type (the header `typ`), and that of the payload (3.3.1, 3.3.2).
_MEDIA: Final = {
    CREDENTIAL: ("application/vc+cose", "application/vc"),
    PRESENTATION: ("application/vp+cose", "application/vp"),
}
_ENVELOPED: Final = "EnvelopedVerifiableCredential"
#: What an enveloped credential's data: URL may begin with (VCDM 2.0, 4.13; VC-JOSE-COSE 1.0, 6).
_DATA_URLS: Final = ("data:application/vc+jwt,", "data:application/vc+sd-jwt,", "data:application/vc+cose;base64,")
#: In characters: the largest message, in base64.
MAX_TEXT: Final = 1_400_000


@dataclass(frozen=True, slots=True)
class Secured:
    """A document that was read and not yet checked: `kind` is `CREDENTIAL` or `PRESENTATION`."""

    kind: str
    document: Mapping[str, Any]
    message: sign1.Sign1

    @property
    def kid(self) -> str | None:
        """Which of the issuer's keys signed, as text; it is compared with what the issuer publishes (4.2)."""
        kid = self.message.kid
        return None if kid is None else kid.decode("utf-8", "replace")


def secure(document: Mapping[str, Any], signer: Signer, *, kid: str | None = None) -> bytes:
    """Sign a credential or presentation as `application/vc+cose` or `application/vp+cose`, a tagged COSE_Sign1.

    `kid` defaults to the signer's verification method. Raises `errors.CredentialMalformed`,
    `errors.EnvelopeMalformed`, `errors.UnexpectedClaim`, and what `strict_json.dumps` and `sign1.sign` raise.
    """
    kind = _kind(document)
    typ, content_type = _MEDIA[kind]
    name = signer.verification_method if kid is None else kid
    payload = strict_json.dumps(document)
    return sign1.sign(payload, signer, kid=name.encode(), typ=typ, content_type=content_type)


def read(data: bytes) -> Secured:
    """Read a message of either kind; its media types must be the ones of what it holds. No key is needed yet.

    Raises `errors.TokenTypeMismatch`, `errors.CredentialMalformed`, `errors.EnvelopeMalformed`,
    `errors.UnexpectedClaim`, what `sign1.parse` raises, and what `strict_json.loads_object` raises.
    """
    message = sign1.parse(data, any_order=True)
    document = strict_json.loads_object(message.payload)
    kind = _kind(document)
    typ, content_type = _MEDIA[kind]
    if not sign1.is_media_type(message.typ, (typ,)):
        raise errors.TokenTypeMismatch(f"typ is {str(message.typ)[:80]!r}, not {typ}")
    if message.content_type is not None and not sign1.is_media_type(message.content_type, (content_type,)):
        raise errors.TokenTypeMismatch(f"the content type is {str(message.content_type)[:80]!r}, not {content_type}")
    return Secured(kind, document, message)


def check(secured: Secured, key: PublicKey) -> None:
    """Check the signature with the key that was found; raises what `sign1.check` raises, but for the type."""
    sign1.check(secured.message, key)


def from_base64(text: str) -> bytes:
    """The bytes of a message written as base64 (RFC 4648, 4), as in a data: URL; padding may be left out.

    Raises `errors.TokenTooLarge`, and `errors.MalformedEncoding` for any other text than encoding the bytes gives.
    """
    if len(text) > MAX_TEXT:
        raise errors.TokenTooLarge(f"{len(text)} characters; at most {MAX_TEXT} are read")
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise errors.MalformedEncoding("not base64") from error
    full = base64.b64encode(data).decode("ascii")
    if text not in (full, full.rstrip("=")):
        raise errors.MalformedEncoding("not the one base64 form of its bytes")
    return data


def _kind(document: Mapping[str, Any]) -> str:
    """Which of the two `document` is; raises unless it is a well-formed one."""
    for claim in ("vc", "vp"):
        if claim in document:
            raise errors.UnexpectedClaim(f"the document has a member {claim}", pointer=f"/{claim}")
    if PRESENTATION in vcdm.types(document):
        if vcdm.as_list(document.get("@context"))[:1] != [vcdm.CONTEXT]:
            raise errors.CredentialMalformed(f"the first context is not {vcdm.CONTEXT}", pointer="/@context")
        for index, credential in enumerate(vcdm.as_list(document.get("verifiableCredential", []))):
            _check_contained(credential, f"/verifiableCredential/{index}")
        return PRESENTATION
    findings = vcdm.check(document)
    if findings:
        raise errors.CredentialMalformed(str(findings[0]), pointer=findings[0].pointer)
    return CREDENTIAL


def _check_contained(credential: Any, pointer: str) -> None:
    """An object; and when it is an envelope, one around a token in a format that is known (VCDM 2.0, 4.13)."""
    if not isinstance(credential, Mapping):
        raise errors.EnvelopeMalformed("a credential in a presentation is not an object", pointer=pointer)
    if _ENVELOPED in vcdm.types(credential) and not str(credential.get("id")).startswith(_DATA_URLS):
        raise errors.EnvelopeMalformed("the envelope's id is not a data: URL of a credential", pointer=pointer)

"""Recognises how a credential is secured and takes it apart; each way has a module of its own. Checks no signature.

What it is, is told by its content alone: text of three parts with dots is a token, CBOR is COSE (with a
credential in it, or the claims of a printed code), an object is JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from credentials import baking, errors, strict_json, vcdm
from credentials.cose import sign1
from credentials.jose import enveloped
from credentials.verify.forms import compact, embedded, tokens
from credentials.verify.forms.face import KeyClaim, Secured, Signature, Window
from credentials.verify.limits import Limits
from credentials.verify.memory import Text

__all__ = ["KeyClaim", "Secured", "Signature", "Window", "is_claim", "read"]

#: Text of base64url, dots and tildes that begins like JSON in base64url: a token, if perhaps a broken one.
_TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]*(~[A-Za-z0-9_~.-]*)?")
#: The first byte of a tagged COSE_Sign1 (RFC 9052, 4.2); no JSON and no token begins with it.
_COSE_SIGN1 = b"\xd2"
#: The first byte of a CBOR map (RFC 8949, 3.1), which no JSON begins with.
_CBOR_MAP = range(0xA0, 0xC0)


def read(data: bytes, limits: Limits) -> Secured:
    """Take the credential in `data` apart and check its form. Raises the typed error of the first thing wrong."""
    token = _TOKEN.fullmatch(data.strip())
    if token is not None:
        baking.refuse_open_badges_2(token[0])
        return (tokens.read_sd_jwt if token[1] else tokens.read_jwt)(token[0])
    if data.startswith(_COSE_SIGN1):
        return compact.read(data) if is_claim(data) else tokens.read_cose(data)
    document = strict_json.loads_object(data, max_bytes=limits.max_bytes)
    return _read_json(document, limits, Text.of(data, limits.memory))


def is_claim(data: bytes) -> bool:
    """Tell the signed claim of a printed code: its payload is a CBOR map, which JSON never is. Checks nothing."""
    try:
        payload = sign1.parse(data, any_order=True).payload
    except errors.PlauditError:
        return False
    return payload[:1] != b"" and payload[0] in _CBOR_MAP


def _read_json(document: Mapping[str, Any], limits: Limits, text: Text) -> Secured:
    baking.refuse_open_badges_2(document)
    kinds = vcdm.types(document)
    if vcdm.ENVELOPED_CREDENTIAL in kinds:
        return _unwrap(document, limits)
    if "VerifiablePresentation" in kinds or vcdm.ENVELOPED_PRESENTATION in kinds:
        raise errors.FormatNotSupported("this is a presentation, which holds credentials instead of being one")
    if "VerifiableCredential" not in kinds and "@context" not in document:
        raise errors.NotACredential("it has neither @context nor the type VerifiableCredential")
    return embedded.read(document, limits, text)


def _unwrap(document: Mapping[str, Any], limits: Limits) -> Secured:
    """The credential in an envelope, which must be of the kind that the envelope names (VCDM 2.0, 4.13.1)."""
    envelope = enveloped.read(document)
    secured = read(envelope.content, limits)
    if secured.format != envelope.media_type:
        raise errors.TokenTypeMismatch(f"the envelope is for {envelope.media_type}, in it is {secured.format}")
    return secured

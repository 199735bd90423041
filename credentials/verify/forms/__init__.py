"""Recognises how a credential is secured and takes it apart; each way has a module of its own. Checks no signature.

What it is, is told by its content alone: text of three parts with dots is a token, CBOR is COSE, an object is JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from credentials import errors, strict_json, vcdm
from credentials.verify.forms import embedded
from credentials.verify.forms.face import KeyClaim, Secured, Signature, Window
from credentials.verify.limits import Limits

__all__ = ["KeyClaim", "Secured", "Signature", "Window", "read"]

_COMPACT_JWS = re.compile(rb"\s*eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(~[A-Za-z0-9_~.-]*)?\s*")
_ENVELOPES = ("EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation", "VerifiablePresentation")


def read(data: bytes, limits: Limits) -> Secured:
    """Take the credential in `data` apart and check its form. Raises the typed error of the first thing wrong."""
    if _COMPACT_JWS.fullmatch(data):
        raise errors.FormatNotSupported("this is a JSON Web Token")
    return read_json(strict_json.loads_object(data, max_bytes=limits.max_bytes), limits)


def read_json(document: Mapping[str, Any], limits: Limits) -> Secured:
    """The same for JSON that went through the byte gate already."""
    _check_kind(document)
    return embedded.read(document, limits)


def _check_kind(document: Mapping[str, Any]) -> None:
    """Is this meant to be a credential, and one of the kind that is read here?"""
    kinds = vcdm.types(document)
    if any(kind in kinds for kind in _ENVELOPES):
        raise errors.FormatNotSupported("this holds or envelops a credential instead of being one")
    if "VerifiableCredential" not in kinds and "@context" not in document:
        raise errors.NotACredential("it has neither @context nor the type VerifiableCredential")
    if vcdm.as_list(document.get("@context"))[:1] == [vcdm.OLD_CONTEXT]:
        raise errors.FormatNotSupported("this is written in version 1.1 of the data model")

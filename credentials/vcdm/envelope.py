"""The shape of enveloped credentials and presentations: objects whose id is a data: URL; the envelope stays closed.

Source: VCDM 2.0, 4.13.1 (EnvelopedVerifiableCredential) and 4.13.2 (EnvelopedVerifiablePresentation).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials.findings import Finding
from credentials.vcdm.shapes import CONTEXT, as_list, types

ENVELOPED_CREDENTIAL: Final = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION: Final = "EnvelopedVerifiablePresentation"

#: RFC 2397 with a media type written out: without one, nobody could say what is inside.
_DATA_URL: Final = re.compile(
    r"data:[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}(?:;[A-Za-z0-9!#$&^_.+=-]{1,127}){0,8},[!-~]+",
    re.ASCII,
)


def is_envelope(document: Mapping[str, Any]) -> bool:
    """Does `document` mean to be an envelope, and not a credential or presentation itself?"""
    return any(kind in (ENVELOPED_CREDENTIAL, ENVELOPED_PRESENTATION) for kind in types(document))


def check_envelope(document: Mapping[str, Any], kind: str = ENVELOPED_CREDENTIAL) -> Iterator[Finding]:
    """Yield every breach of the shape of an envelope of this `kind`."""
    if CONTEXT not in as_list(document.get("@context")):
        yield Finding("/@context", "context_malformed", f"The @context of an envelope must include {CONTEXT}.")
    identifier = document.get("id")
    if not isinstance(identifier, str) or not _DATA_URL.fullmatch(identifier):
        yield Finding("/id", "malformed", "The id of an envelope must be a data: URL with a media type.")
    if types(document) != [kind]:
        yield Finding("/type", "wrong_type", f"The type of this envelope must be {kind}.")

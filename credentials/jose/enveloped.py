"""Credentials and presentations put whole into a data: URL, so that JSON can carry them; what is inside is not opened.

The envelope itself is signed by nobody. It may therefore say nothing: a context, a type, and the data: URL.
Source: VCDM 2.0, 4.13.1 (EnvelopedVerifiableCredential) and 4.13.2 (EnvelopedVerifiablePresentation); RFC 2397.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, vcdm

#: Media type without "application/" → the type of the object that carries it.
TYPES: Final[Mapping[str, str]] = {
    f"{kind}+{way}": name
    for kind, name in (("vc", vcdm.ENVELOPED_CREDENTIAL), ("vp", vcdm.ENVELOPED_PRESENTATION))
    for way in ("jwt", "sd-jwt", "cose")
}
_DATA_URL = re.compile(
    r"data:application/([a-z0-9.+-]{1,64})(;base64)?,([A-Za-z0-9._~+/=-]+)", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was in an envelope: its media type, such as "vc+jwt", and the token's text or the CBOR of COSE as bytes."""

    media_type: str
    content: bytes


def wrap(media_type: str, content: bytes) -> dict[str, Any]:
    """Put `content` of `media_type` ("vc+jwt", "vp+cose", …) into an envelope: tokens as they are, CBOR as base64.

    Raises `errors.FormatNotSupported` for another media type, and `errors.EnvelopeMalformed` for what is no token.
    """
    kind = _type_of(media_type)
    text = f";base64,{base64.b64encode(content).decode()}" if _is_binary(media_type) else f",{_token(content)}"
    return {"@context": vcdm.CONTEXT, "id": f"data:application/{media_type}{text}", "type": kind}


def read(value: object) -> Envelope:
    """Take the content out of an envelope.

    Raises `errors.EnvelopeMalformed` for anything but the context, one type and a data: URL that fits it, and
    `errors.FormatNotSupported` for a media type that is none of `TYPES`.
    """
    if not isinstance(value, Mapping) or set(value) != {"@context", "id", "type"}:
        raise errors.EnvelopeMalformed("an envelope has @context, id and type, and nothing else")
    contexts = vcdm.as_list(value["@context"])
    if vcdm.CONTEXT not in contexts or not all(isinstance(context, str) for context in contexts):
        raise errors.EnvelopeMalformed("the context of an envelope is that of VCDM 2.0", pointer="/@context")
    media_type, content = _split(value["id"])
    if vcdm.types(value) != [_type_of(media_type)]:
        raise errors.EnvelopeMalformed(f"the type does not go with {media_type}", pointer="/type")
    return Envelope(media_type, content)


def read_credentials(presentation: Mapping[str, Any]) -> tuple[Envelope, ...]:
    """The enveloped credentials of a presentation, in their order; each must be one (VC-JOSE-COSE 1.0, 3.1.2).

    Raises what `read` raises, and `errors.EnvelopeMalformed` for an enveloped presentation in a credential's place.
    """
    held = vcdm.as_list(presentation.get("verifiableCredential", []))
    envelopes = tuple(read(item) for item in held)
    if not all(envelope.media_type.startswith("vc+") for envelope in envelopes):
        raise errors.EnvelopeMalformed("a presentation stands in a credential's place", pointer="/verifiableCredential")
    return envelopes


def _type_of(media_type: str) -> str:
    if media_type not in TYPES:
        raise errors.FormatNotSupported(f"{media_type[:80]} is not a way of securing credentials that is known here")
    return TYPES[media_type]


def _is_binary(media_type: str) -> bool:
    return media_type.endswith("+cose")


def _split(url: object) -> tuple[str, bytes]:
    """A line end behind the URL is cut off, as every reader of URLs does: the W3C's own examples have one."""
    match = _DATA_URL.fullmatch(url.removesuffix("\n")) if isinstance(url, str) else None
    if match is None:
        raise errors.EnvelopeMalformed("id is not a data: URL with an application type", pointer="/id")
    media_type = match[1].lower()
    _type_of(media_type)
    if _is_binary(media_type) != (match[2] is not None):
        raise errors.EnvelopeMalformed("tokens stand in a data: URL as they are, CBOR as base64", pointer="/id")
    return media_type, _base64(match[3]) if _is_binary(media_type) else _token(match[3].encode()).encode()


def _base64(text: str) -> bytes:
    """Standard base64, with or without its padding; otherwise the one form of the bytes (Fetch, 7.2)."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise errors.EnvelopeMalformed("the data: URL is not base64", pointer="/id") from error
    written = base64.b64encode(data).decode("ascii")
    if text not in (written, written.rstrip("=")):
        raise errors.EnvelopeMalformed("the data: URL is not in the one form of base64", pointer="/id")
    return data


def _token(content: bytes) -> str:
    if not re.fullmatch(rb"[A-Za-z0-9._~-]+", content):
        raise errors.EnvelopeMalformed("these bytes are no token", pointer="/id")
    return content.decode("ascii")

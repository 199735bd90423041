"""What may be baked into an image, and how much is read; which image it is does not matter here.

Source: Open Badges 3.0, 5.3 (JSON with an embedded proof, or a compact JWS).
"""

from __future__ import annotations

import re
from typing import Final

from credentials import errors, strict_json

#: Badges are drawn in kilobytes, photographs on certificates in a few megabytes.
MAX_IMAGE: Final = 16_000_000
#: As for every JSON that is read.
MAX_CREDENTIAL: Final = strict_json.MAX_BYTES

_COMPACT_JWS = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def is_token(credential: bytes) -> bool:
    """Tell a compact JWS from JSON; anything else that is no JSON with a proof is refused.

    Raises `errors.JsonTooLarge`, `errors.InvalidJson` and its other subclasses, and `errors.NoProof`.
    """
    if len(credential) > MAX_CREDENTIAL:
        raise errors.JsonTooLarge(f"{len(credential)} bytes; at most {MAX_CREDENTIAL} are baked")
    if _COMPACT_JWS.fullmatch(credential):
        return True
    if "proof" not in strict_json.loads_object(credential):
        raise errors.NoProof("a credential without a proof is not baked", pointer="/proof")
    return False


def refuse_large(image: bytes) -> None:
    """Raise `errors.ImageTooLarge` for more bytes than a badge has."""
    if len(image) > MAX_IMAGE:
        raise errors.ImageTooLarge(f"{len(image)} bytes; at most {MAX_IMAGE} are read")

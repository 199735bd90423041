"""Takes the credential out of a baked PNG or SVG image and words what is wrong as a fault of the file handed in.

Reading itself is `credentials.baking`; an Open Badges 2.0 assertion keeps its own error, which says who can confirm it.
"""

from __future__ import annotations

from collections.abc import Callable

from credentials import baking, errors
from verifier.problems import DamagedFile, FileUnpacksTooLarge, NoCredentialInFile, SeveralCredentialsInFile

PNG_SIGNATURE = baking.PNG_SIGNATURE


def png_credential(data: bytes) -> bytes:
    """Return the credential (JSON or compact JWS) that is baked into a PNG."""
    return _worded(baking.read_png, data)


def svg_credential(data: bytes) -> bytes:
    """Return the credential (JSON or compact JWS) that is baked into an SVG."""
    return _worded(baking.read_svg, data)


def _worded(read: Callable[[bytes], bytes], data: bytes) -> bytes:
    try:
        return read(data)
    except errors.NotBaked as error:
        raise NoCredentialInFile("The image has no credential baked into it.") from error
    except errors.BakedTwice as error:
        raise SeveralCredentialsInFile("The image has several credentials baked into it.") from error
    except errors.ImageTooLarge as error:
        raise FileUnpacksTooLarge(f"The image is larger than a badge: {error.detail}.") from error
    except errors.ImageDamaged as error:
        raise DamagedFile(f"The image is damaged: {error.detail}.") from error

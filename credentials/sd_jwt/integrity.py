"""Checks a document's bytes against an integrity metadata string ("sha256-…"); it fetches no document.

Stricter than a browser: a string in which no hash is known here is refused, where a browser would check nothing.
Source: Subresource Integrity (W3C), 3.1 to 3.3; SD-JWT VC, "Document Integrity".
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from credentials import errors

#: Weakest first. Of several hashes those of the strongest kind count, and one of them must fit.
_FUNCTIONS: Final[Mapping[str, Callable[[bytes], Any]]] = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
#: In characters: three hashes of the longest kind.
MAX_INTEGRITY: Final = 320
_HASH = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})(?:\?[!-~]*)?", re.ASCII)


def check(data: bytes, integrity: object) -> None:
    """Check that `integrity` is one of `data`; raises `errors.TypeMetadataIntegrity`."""
    if not isinstance(integrity, str) or len(integrity) > MAX_INTEGRITY:
        raise errors.TypeMetadataIntegrity("the integrity metadata is not a short text")
    hashes = [match for word in integrity.split(" ") if (match := _HASH.fullmatch(word))]
    strongest = max((match[1] for match in hashes), default=None)
    if strongest is None:
        raise errors.TypeMetadataIntegrity("the integrity metadata holds no sha256, sha384 or sha512")
    expected = of(data, strongest)
    if all(f"{match[1]}-{match[2]}" != expected for match in hashes):
        raise errors.TypeMetadataIntegrity(f"the document's {strongest} is another")


def of(data: bytes, function: str = "sha256") -> str:
    """The integrity metadata string of `data`, with "sha256", "sha384" or "sha512"."""
    return f"{function}-{base64.b64encode(_FUNCTIONS[function](data).digest()).decode('ascii')}"

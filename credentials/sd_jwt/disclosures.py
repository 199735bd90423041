"""One disclosure and its digest: read strictly, or made; where a disclosure belongs is not decided here.

Source: RFC 9901, 4.1.1 (hash algorithms), 4.2.1 and 4.2.2 (disclosures), 4.2.3 (hashing), 4.2.5 (decoys).
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, multibase, strict_json

#: Hash Name String of IANA's Named Information registry → the function and the length of a digest in base64url.
_HASHES: Final[Mapping[str, tuple[Callable[[bytes], Any], int]]] = {
    "sha-256": (hashlib.sha256, 43),
    "sha-384": (hashlib.sha384, 64),
    "sha-512": (hashlib.sha512, 86),
}
#: What a token that names no `_sd_alg` uses (4.1.1).
DEFAULT_HASH: Final = "sha-256"
#: Names that SD-JWT keeps for itself; no claim may have one.
DIGESTS: Final = "_sd"
HASH_NAME: Final = "_sd_alg"
ELEMENT_DIGEST: Final = "..."
RESERVED: Final = frozenset({DIGESTS, HASH_NAME, ELEMENT_DIGEST})
#: In bytes: 128 bits, the least that RFC 9901 recommends (9.3).
SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A disclosure: `text` as it is sent; `name` is None for an array's element; `value` may hold digests itself."""

    text: bytes
    salt: str
    name: str | None
    value: Any


def read(text: bytes) -> Disclosure:
    """Read one disclosure from its base64url form.

    Raises `errors.MalformedEncoding`, `errors.InvalidJson` and its subclasses, `errors.DisclosureMalformed` and
    `errors.ReservedClaimName`.
    """
    content = strict_json.loads(multibase.decode_base64url(text))
    if type(content) is not list or len(content) not in (2, 3) or type(content[0]) is not str:
        raise errors.DisclosureMalformed("a disclosure is an array of a salt, a name where one is needed, and a value")
    if len(content) == 2:
        return Disclosure(text, content[0], None, content[1])
    name = content[1]
    if type(name) is not str:
        raise errors.DisclosureMalformed("the name of a disclosed claim is not a text")
    if name in RESERVED:
        raise errors.ReservedClaimName(f"a disclosure names a claim {name!r}")
    return Disclosure(text, content[0], name, content[2])


def make(salt: bytes, name: str | None, value: Any) -> Disclosure:
    """The disclosure of a member called `name`, or of an array's element (None), with `salt` in base64url.

    Raises `errors.NotCanonicalizable` for what JSON cannot hold.
    """
    salted = multibase.encode_base64url(salt)
    content = [salted, value] if name is None else [salted, name, value]
    return Disclosure(_base64url(strict_json.dumps(content)), salted, name, value)


def check_hash(name: object) -> str:
    """`name` if it is exactly that of a hash algorithm of ours; raises `errors.HashAlgorithmNotSupported`."""
    if not isinstance(name, str) or name not in _HASHES:
        raise errors.HashAlgorithmNotSupported(f"_sd_alg is {str(name)[:80]!r}, not {', '.join(_HASHES)}")
    return name


def digest(text: bytes, hash_name: str) -> str:
    """The digest of a disclosure's text, or of a whole presentation for `sd_hash`, in base64url."""
    return _base64url(_HASHES[hash_name][0](text).digest()).decode("ascii")


def digest_size(hash_name: str) -> int:
    """How many characters a digest has in base64url."""
    return _HASHES[hash_name][1]


def _base64url(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")

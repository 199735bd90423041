"""Disclosures and their digests: read strictly, or made; where a disclosure belongs is not decided here.

Source: RFC 9901, 4.1.1 (hash algorithms), 4.2.1 and 4.2.2 (disclosures), 4.2.3 (hashing), 4.2.5 (decoys).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import orjson
import pybase64

from credentials import errors, multibase, strict_json

#: Hash Name String of IANA's Named Information registry → the function, the length of a digest in base64url,
#: and the bytes behind a digest that make its base64url end with a whole group of four.
_HASHES: Final[Mapping[str, tuple[Callable[[bytes], Any], int, bytes]]] = {
    "sha-256": (hashlib.sha256, 43, b"\0"),
    "sha-384": (hashlib.sha384, 64, b""),
    "sha-512": (hashlib.sha512, 86, b"\0\0"),
}
#: What a token that names no `_sd_alg` uses (4.1.1).
DEFAULT_HASH: Final = "sha-256"
#: Names that SD-JWT keeps for itself; no claim may have one.
DIGESTS: Final = "_sd"
HASH_NAME: Final = "_sd_alg"
ELEMENT_DIGEST: Final = "..."
RESERVED: Final = frozenset({DIGESTS, HASH_NAME, ELEMENT_DIGEST})
#: In bytes: RFC 9901 recommends 128 bits at least (9.3); 18 bytes make whole characters of base64url, 24 of them.
SALT_BYTES: Final = 18
SALT_CHARACTERS: Final = 24
_URL_CHARACTERS: Final = b"-_"


def read(texts: Iterable[bytes]) -> list[list[Any]]:
    """The arrays in disclosures: `[salt, name, value]` of members, `[salt, value]` of elements.

    A value may hold digests itself. Raises `errors.MalformedEncoding`, `errors.InvalidJson` and its subclasses,
    `errors.DisclosureMalformed` and `errors.ReservedClaimName`.
    """
    decode = multibase.decode_base64url
    contents = strict_json.loads_all([decode(text) for text in texts])
    for content in contents:
        if type(content) is not list or len(content) not in (2, 3) or type(content[0]) is not str:
            raise errors.DisclosureMalformed("a disclosure is an array of a salt, a name of a member, and a value")
        if len(content) == 2:
            continue
        name = content[1]
        if type(name) is not str:
            raise errors.DisclosureMalformed("the name of a disclosed claim is not a text")
        if name in RESERVED:
            raise errors.ReservedClaimName(f"a disclosure names a claim {name!r}")
    return contents


def write(contents: Iterable[list[Any]]) -> list[bytes]:
    """The texts of disclosures, of arrays as `read` gives them.

    Values are such as `strict_json.dumps` writes; whoever hides many parts of a document has it judge the whole.
    """
    dumps, encode = orjson.dumps, pybase64.b64encode
    return [encode(dumps(content), _URL_CHARACTERS).rstrip(b"=") for content in contents]


def check_hash(name: object) -> str:
    """`name` if it is exactly that of a hash algorithm of ours; raises `errors.HashAlgorithmNotSupported`."""
    if not isinstance(name, str) or name not in _HASHES:
        raise errors.HashAlgorithmNotSupported(f"_sd_alg is {str(name)[:80]!r}, not {', '.join(_HASHES)}")
    return name


def digest(text: bytes, hash_name: str) -> str:
    """The digest of a disclosure's text, or of a whole presentation for `sd_hash`, in base64url."""
    return base64url(_HASHES[hash_name][0](text).digest()).decode("ascii")


def digests(texts: Iterable[bytes], hash_name: str) -> list[str]:
    """The digest of each of `texts`, in their order."""
    function, size, fill = _HASHES[hash_name]
    # One base64url for all: zeros between digests leave each one's characters as they would be alone.
    text = base64url(fill.join([function(one).digest() for one in texts])).decode("ascii")
    return [text[start : start + size] for start in range(0, len(text), size + len(fill))]


def digest_size(hash_name: str) -> int:
    """How many characters a digest has in base64url."""
    return _HASHES[hash_name][1]


def base64url(data: bytes) -> bytes:
    """`data` in base64url without padding."""
    return pybase64.b64encode(data, _URL_CHARACTERS).rstrip(b"=")

"""Finds the key that a token's `kid` names among the keys of its issuer; it fetches nothing and reads no other header.

Source: VC-JOSE-COSE 1.0, 4.1 (kid); RFC 7638 (thumbprints as kid); Controlled Identifiers 1.0, 3.4 (relative ids).
"""

from __future__ import annotations

from collections.abc import Mapping

from credentials import errors
from credentials.multikey import PublicKey


def find(kid: str | None, keys: Mapping[str, PublicKey]) -> str:
    """The id of the verification method that `kid` names, of those in `keys`: the issuer's, allowed for the purpose.

    `kid` is the whole id, its fragment with or without `#`, or the key's thumbprint; without a `kid` there must be
    just one key. Raises `errors.KeyIdUnknown` when no key fits, or more than one.
    """
    if kid is not None and kid in keys:
        return kid
    named = [identifier for identifier, key in keys.items() if kid is None or _is_named(identifier, key, kid)]
    if len(named) != 1:
        raise errors.KeyIdUnknown(f"{len(named)} keys of the issuer are called {str(kid)[:200]!r}")
    return named[0]


def _is_named(identifier: str, key: PublicKey, kid: str) -> bool:
    fragment = identifier.partition("#")[2]
    return kid in (fragment, f"#{fragment}", key.thumbprint())

"""An issuer's public keys with their history, as a browser remembers them or a file carries them. It keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from credentials import compact_claim, timestamps
from credentials.did import DidResolver, VerificationMethod, methods_for
from credentials.ports import Fetcher, ResolvedDocument

PURPOSE = "assertionMethod"


def known_keys(issuer: str, fetcher: Fetcher, now: datetime) -> dict[str, Any]:
    """Look the document of `issuer`, a DID, up and return its keys as of `now`, an aware datetime.

    `keys` are those with which it vouches, retired ones too, and those that it declared withdrawn: each with `id`,
    `hint` (as a compact claim names it), `algorithm`, `jwk`, `revoked` and `expires` where the issuer says so, and
    `vouches: false` where it no longer lists the key. Raises what resolving a DID raises.
    """
    resolved = DidResolver(fetcher, now=now).resolve(issuer)
    vouching = methods_for(resolved, PURPOSE)
    withdrawn = {name: method for name, method in _published(resolved).items() if method.revoked is not None}
    keys = [_key(method, vouches=name in vouching) for name, method in {**withdrawn, **vouching}.items()]
    return {"issuer": issuer, "asOf": timestamps.format(now), "keys": keys}


def _published(resolved: ResolvedDocument) -> Mapping[str, VerificationMethod]:
    """Every key in the document, as if the issuer vouched with it."""
    methods = resolved.document.get("verificationMethod", [])
    ids = [method["id"] for method in methods]
    return methods_for(replace(resolved, document={**resolved.document, PURPOSE: ids}), PURPOSE)


def _key(method: VerificationMethod, *, vouches: bool) -> dict[str, Any]:
    key = method.public_key
    times = {"revoked": method.revoked, "expires": method.expires}
    return {
        "id": method.id,
        "hint": compact_claim.key_hint(key).hex(),
        "algorithm": key.algorithm,
        "jwk": key.to_jwk(),
        **({} if vouches else {"vouches": False}),
        **{name: timestamps.format(moment) for name, moment in times.items() if moment},
    }

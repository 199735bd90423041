"""Writes the log of a did:webvh: the first entry, from which the DID is made, and every entry after it.

It makes no keys and signs nothing itself: a `Signer` comes in, and what comes out is the line to append. Pre-rotation,
witnesses and moving can be read from others' logs and are not written here.

Source: did:webvh 1.0, "Create (Register)" and "Update (Rotate)".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from credentials import data_integrity, strict_json, timestamps
from credentials.did.key import verification_method_of
from credentials.did.webvh_log import PLACEHOLDER, Version, entry_hash, scid_for
from credentials.did.webvh_parameters import DEFAULT_TTL, METHOD
from credentials.multikey import PublicKey


def placeholder_did(place: str) -> str:
    """What stands for the DID of `place` (`host%3Aport:a:b`) in a first entry, until its SCID is known."""
    return f"did:webvh:{PLACEHOLDER}:{place}"


def first_entry(
    document: Mapping[str, Any], *, update_keys: Sequence[PublicKey], at: datetime, ttl: int = DEFAULT_TTL
) -> dict[str, Any]:
    """The first entry, unsigned. `document` says `placeholder_did(…)` wherever the DID is to stand.

    `at` is aware and goes in as whole seconds; `ttl` is how many seconds others may keep the document; the keys are
    Ed25519 and may write this entry and the next.
    """
    keys = [key.multikey for key in update_keys]
    template = {
        "versionId": PLACEHOLDER,
        "versionTime": timestamps.format(at),
        "parameters": {"method": METHOD, "scid": PLACEHOLDER, "updateKeys": keys, "ttl": ttl},
        "state": document,
    }
    scid = scid_for(template, PLACEHOLDER)
    text = strict_json.dumps(template).replace(PLACEHOLDER.encode(), scid.encode())
    return _numbered(strict_json.loads_object(text), 1, scid)


def next_entry(
    before: Version, document: Mapping[str, Any], *, update_keys: Sequence[PublicKey], at: datetime
) -> dict[str, Any]:
    """The entry after `before`, unsigned; a key that `before` allows must sign it, `update_keys` those after it."""
    listed = tuple(key.multikey for key in update_keys)
    entry = {
        "versionId": before.id,
        "versionTime": timestamps.format(at),
        "parameters": {} if listed == before.parameters.update_keys else {"updateKeys": list(listed)},
        "state": document,
    }
    return _numbered(entry, before.number + 1, before.id)


def sign_entry(entry: Mapping[str, Any], *, key: PublicKey, sign: Callable[[bytes], bytes], created: datetime) -> bytes:
    """The entry with its proof by `key` (Ed25519), as the line to append; `sign` makes the raw signature."""
    prepared = data_integrity.prepare(
        entry,
        verification_method=verification_method_of(key),
        created=created,
        cryptosuite=data_integrity.JCS,
        algorithm=key.algorithm,
    )
    return strict_json.dumps(prepared.complete(sign(prepared.hash_data))) + b"\n"


def _numbered(entry: dict[str, Any], number: int, previous: str) -> dict[str, Any]:
    return {**entry, "versionId": f"{number}-{entry_hash(entry, previous)}"}

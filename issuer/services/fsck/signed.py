"""Looks at stored signed bytes: are they those, and does a key of ours vouch for them? What they say is not judged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from credentials import strict_json
from credentials.errors import PlauditError, SecondPathDisagrees
from issuer.db.types import AnyRow
from issuer.services import signing
from keys.key_info import KeyInfo


def opened(row: AnyRow, keys: Mapping[str, KeyInfo]) -> tuple[list[str], dict[str, Any] | None]:
    """Return what is wrong with `row.signed`, and the document; None when it cannot be relied on to be one.

    The row also has `signed_sha256` and `verification_method`.
    """
    signed = bytes(row.signed)
    kept = hashlib.sha256(signed).hexdigest() == row.signed_sha256
    faults = [] if kept else ["Its bytes are not those that were stored."]
    key = keys.get(row.verification_method)
    if key is None:
        return [*faults, f"The key {row.verification_method} that signed it is not in the keyring."], None
    try:
        signing.check(signed, key.public_key.raw)
        return faults, strict_json.loads_object(signed)
    except SecondPathDisagrees as error:
        return [*faults, f"Its signature does not verify: {error}"], None
    except PlauditError as error:
        return [*faults, f"It cannot be read: {error}"], None

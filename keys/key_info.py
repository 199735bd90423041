"""What may be known of a signing key by everybody: its owner, public half, state and dates. Holds no secret.

The states, and the only ways between them (a key never comes back):

    active ──rotate──▶ retiring ──retire──▶ retired
       └──────────────────┴────────────────────┴──mark_compromised──▶ compromised

* *active*: signs new credentials. One per owner.
* *retiring*: a newer key took its place. It may still finish what was prepared for it, and signs nothing new.
* *retired*: signs nothing, ever again. What it signed stays good.
* *compromised*: somebody else may hold it. What it signed is no longer good, from `compromised_since` on.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from credentials.multikey import PublicKey

#: 16 bytes as base32 in lower case, without padding.
KEY_ID = re.compile(r"[a-z2-7]{26}", re.ASCII)
#: DID Core section 3.1, without the parts that a DID URL adds.
OWNER = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+", re.ASCII)


class KeyState(StrEnum):
    """Where a key is in its life."""

    ACTIVE = "active"
    RETIRING = "retiring"
    RETIRED = "retired"
    COMPROMISED = "compromised"

    @property
    def signs(self) -> bool:
        """Whether a signature may still be made."""
        return self in (KeyState.ACTIVE, KeyState.RETIRING)

    @property
    def vouches(self) -> bool:
        """Whether signatures that were made count."""
        return self is not KeyState.COMPROMISED


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """The public facts of one key. Datetimes are aware, in UTC, in whole seconds, as a proof's date is."""

    id: str
    #: DID of whom the key signs for.
    owner: str
    #: Rises by one with each key of an owner; the order of keys even when two were made in one second.
    serial: int
    #: Where the private half lives: a URI that `keys.signer.open_signer` understands.
    uri: str
    public_key: PublicKey
    state: KeyState
    created: datetime
    #: From here on no signature of this key may be dated; None while it signs.
    valid_until: datetime | None = None
    compromised_since: datetime | None = None

    @property
    def valid_from(self) -> datetime:
        """No signature of this key may be dated earlier: a key vouches from its creation."""
        return self.created

    @property
    def verification_method(self) -> str:
        """The DID URL that stands in a proof and in the owner's DID document."""
        return f"{self.owner}#{self.id}"


def key_id(public_key: PublicKey) -> str:
    """Return the id of a key: 26 characters from the SHA-256 of its multikey, so that an id means one key for ever."""
    digest = hashlib.sha256(public_key.multikey.encode("ascii")).digest()
    return base64.b32encode(digest[:16]).decode("ascii").lower().rstrip("=")

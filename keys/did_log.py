"""Keeps an owner's did:webvh: its log in a private folder, its update keys in the keyring. Serves nothing.

The log repeats what the owner's did:web document says, with a history that can be checked. Update keys sign entries of
the log and nothing else; their owner in the keyring is the owner's DID with `:updates` behind it, which publishes no
document. A rotation of them is an entry that the old key signs and the next one no longer may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from credentials import errors, strict_json
from credentials.did.webvh_log import MAX_LOG_BYTES, Version, read_history
from credentials.did.webvh_writing import first_entry, next_entry, placeholder_did
from keys.did_document import did_document
from keys.errors import KeyNotFound
from keys.folder import PrivateFolder
from keys.key_info import KeyInfo
from keys.keyring import Keyring

SUFFIX = ".jsonl"
#: How long (seconds) others may keep the document: as long as the did.json beside it.
TTL = 300


@dataclass(frozen=True, slots=True)
class Published:
    """The did:webvh, its newest version's id, and whether that was written just now."""

    did: str
    version_id: str
    changed: bool


def update_owner(owner: str) -> str:
    """Under what name the keyring keeps the update keys of `owner`, a did:web."""
    return f"{owner}:updates"


class DidLogs:
    """The logs of an installation, one file each, in `folder`, which is made with the first."""

    def __init__(self, folder: Path, keyring: Callable[[], Keyring], clock: Callable[[], datetime]) -> None:
        self._folder = PrivateFolder(folder)
        self._keyring = keyring
        self._clock = clock

    def read(self, name: str) -> bytes | None:
        """The log of that name as it is published, or None. Needs no key."""
        return self._folder.read(name + SUFFIX, max_bytes=MAX_LOG_BYTES) if self._folder.exists() else None

    def did(self, name: str) -> str | None:
        """The did:webvh of that name, or None while it has none."""
        log = self.read(name)
        return None if log is None else _did_of(log)

    def publish(self, owner: str, name: str, *, rotate_update_key: bool = False) -> Published:
        """Make the log of `owner`, a did:web, or append an entry when its keys have changed since the last one.

        Raises `KeyNotFound` for an owner without keys, or without the update key that the log demands; `KeysSealed`;
        `SigningStopped`; and what `read_history` raises for a log that was damaged. What it writes it has read back.
        """
        self._folder.ensure()
        with self._folder.locked():
            keyring, log = self._keyring(), self.read(name)
            before = None if log is None else _latest(log, self._clock())
            next_key = _next_update_key(keyring, update_owner(owner), rotate=rotate_update_key)
            did = before.did if before else placeholder_did(owner.removeprefix("did:web:"))
            document = did_document(did, keyring.list(owner), owner=owner, also_known_as=[owner])
            if before and _says(before, document, next_key):
                return Published(before.did, before.id, changed=False)
            log = (log or b"") + self._line(keyring, owner, document, before, next_key)
            written = _latest(log, self._clock())
            self._folder.write(name + SUFFIX, log, replace=True)
            return Published(written.did, written.id, changed=True)

    def _line(
        self, keyring: Keyring, owner: str, document: dict[str, Any], before: Version | None, next_key: KeyInfo
    ) -> bytes:
        """The next entry, signed by a key that the one before it allows; the first one by its own."""
        now, listed = self._clock(), [next_key.public_key]
        if before is None:
            allowed: tuple[str, ...] = (next_key.public_key.multikey,)
            entry = first_entry(document, update_keys=listed, at=now, ttl=TTL)
        else:
            allowed = before.parameters.update_keys
            # Entries are dated in whole seconds, and each after the one before.
            entry = next_entry(before, document, update_keys=listed, at=max(now, before.time + timedelta(seconds=1)))
        held = keyring.list(update_owner(owner))
        info = next((info for info in held if info.public_key.multikey in allowed), None)
        if info is None:
            raise KeyNotFound(f"The keyring does not hold the update key that the log of {owner} demands.")
        with keyring.signer(update_owner(owner), info.id) as signer:
            return signer.sign_log_entry(entry, created=now)


def _next_update_key(keyring: Keyring, owner: str, *, rotate: bool) -> KeyInfo:
    if not keyring.list(owner):
        return keyring.create(owner)
    return keyring.rotate(owner) if rotate else keyring.active(owner)


def _says(version: Version, document: dict[str, Any], update_key: KeyInfo) -> bool:
    """Whether a version says all that the next entry would say."""
    return version.document == document and version.parameters.update_keys == (update_key.public_key.multikey,)


def _latest(log: bytes, now: datetime) -> Version:
    """The newest version of a log, after the check that every reader makes."""
    return read_history(log, _did_of(log), now=now).latest


def _did_of(log: bytes) -> str:
    """The DID that the newest entry of a log of ours is about; raises `errors.BadData` for a damaged file."""
    state = strict_json.loads_object(log.rstrip(b"\n").rpartition(b"\n")[2]).get("state")
    if not isinstance(state, dict):
        raise errors.InvalidDidLog("the newest entry of the log holds no document")
    return str(state.get("id"))

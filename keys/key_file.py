"""The bytes of one key file: a readable header and the sealed private key. Touches no disk.

    {"format": "plaudit-key/1",
     "header": {… everything public, how the passphrase is stretched, the cipher's nonce …},
     "sealed": "base64 of the encrypted private key",
     "sha256": "checksum of all the above"}

Three guards, each for another reader. The *checksum* finds accidents without the passphrase, so that a flipped bit
never reaches a published DID document. *Re-encoding* must give the same bytes, so that a file says one thing only. The
*cipher's tag* covers the whole header, so that whoever opens the key knows that no state, date or owner was changed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from credentials import canonical, strict_json, timestamps
from credentials.errors import PlauditError
from credentials.multikey import PublicKey
from keys.errors import KeyFileDamaged
from keys.key_info import OWNER, KeyInfo, KeyState, key_id
from keys.sealing import CHECK_BYTES, NONCE_BYTES, SALT_BYTES, SEALED_BYTES, Stretching

FORMAT = "plaudit-key/1"
SCHEME = "file"
KDF = "argon2id"
CIPHER = "xchacha20-poly1305"
#: A file is about 1.1 kB; an owner's DID is the only part without a fixed length.
MAX_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One key file, taken apart."""

    info: KeyInfo
    stretching: Stretching
    salt: bytes
    check: bytes
    nonce: bytes
    sealed: bytes = b""

    def header(self) -> bytes:
        """Return what the cipher's tag covers besides the secret: format and header as JCS (RFC 8785)."""
        return canonical.jcs({"format": FORMAT, "header": self._header()})

    def encode(self) -> bytes:
        """Return the file, indented for human readers."""
        document: dict[str, Any] = {"format": FORMAT, "header": self._header(), "sealed": _text(self.sealed)}
        document["sha256"] = hashlib.sha256(canonical.jcs(document)).hexdigest()
        return (json.dumps(document, indent=2) + "\n").encode("ascii")

    def _header(self) -> dict[str, Any]:
        info = self.info
        return {
            "id": info.id,
            "owner": info.owner,
            "serial": info.serial,
            "publicKeyMultibase": info.public_key.multikey,
            "state": info.state.value,
            "created": timestamps.format(info.created),
            "validUntil": _optional_time(info.valid_until),
            "compromisedSince": _optional_time(info.compromised_since),
            "kdf": {
                "name": KDF,
                "memoryKib": self.stretching.memory_kib,
                "passes": self.stretching.passes,
                "lanes": self.stretching.lanes,
                "salt": _text(self.salt),
                "check": _text(self.check),
            },
            "cipher": CIPHER,
            "nonce": _text(self.nonce),
        }


@lru_cache(maxsize=256)  # holds nothing secret, and a file is read again before each signature
def decode(data: bytes, *, expected_id: str) -> KeyFile:
    """Take a key file apart. Raises `KeyFileDamaged` unless it is exactly what `KeyFile.encode` writes for this id."""
    try:
        file = _parse(data)
        unchanged = file.encode() == data
    except (PlauditError, ValueError, TypeError, KeyError) as error:
        raise KeyFileDamaged(f"The file of key {expected_id} is not a key file: {type(error).__name__}.") from error
    if not unchanged:
        raise KeyFileDamaged(f"The file of key {expected_id} was changed: its checksum does not fit.")
    info = file.info
    if expected_id != info.id or info.id != key_id(info.public_key) or not OWNER.fullmatch(info.owner):
        raise KeyFileDamaged(f"The file of key {expected_id} belongs to another key.")
    return file


def _parse(data: bytes) -> KeyFile:
    document = strict_json.loads_object(data, max_bytes=MAX_BYTES)
    header = document["header"]
    kdf = header["kdf"]
    info = KeyInfo(
        id=header["id"],
        owner=header["owner"],
        serial=header["serial"],
        uri=f"{SCHEME}:{header['id']}",
        public_key=PublicKey.from_multikey(header["publicKeyMultibase"]),
        state=KeyState(header["state"]),
        created=timestamps.parse(header["created"]),
        valid_until=_time(header["validUntil"]),
        compromised_since=_time(header["compromisedSince"]),
    )
    return KeyFile(
        info=info,
        stretching=Stretching(kdf["memoryKib"], kdf["passes"], kdf["lanes"]),
        salt=_bytes(kdf["salt"], SALT_BYTES),
        check=_bytes(kdf["check"], CHECK_BYTES),
        nonce=_bytes(header["nonce"], NONCE_BYTES),
        sealed=_bytes(document["sealed"], SEALED_BYTES),
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str, length: int) -> bytes:
    data = base64.b64decode(text, validate=True)
    if len(data) != length:
        raise ValueError(f"{len(data)} bytes where {length} belong")
    return data


def _time(text: str | None) -> datetime | None:
    return None if text is None else timestamps.parse(text)


def _optional_time(moment: datetime | None) -> str | None:
    return None if moment is None else timestamps.format(moment)

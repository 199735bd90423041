"""The parameters of a did:webvh log: what an entry may set, and what is in force after it. Knows no entry and no proof.

Source: did:webvh 1.0, "did:webvh DID Method Parameters", "DID Witnesses" and "Pre-Rotation Key Hash Generation".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from credentials import errors, multibase
from credentials.multikey import PublicKey

METHOD: Final = "did:webvh:1.0"
#: How long (seconds) a resolver may keep the document when the log does not say.
DEFAULT_TTL: Final = 3_600
_MAX_TTL: Final = 2**31
#: Update keys, hashes, witnesses or watchers in one entry: a few are seen; a log has 256 kB for everything.
_MAX_ITEMS: Final = 64
#: A SCID and every other hash here: base58btc of the multihash (0x12, 0x20) of a SHA-256, always 46 characters.
HASH: Final = re.compile(r"Qm[1-9A-HJ-NP-Za-km-z]{44}")


def multihash_sha256(data: bytes) -> str:
    """base58btc of the multihash of `data`: the code of sha2-256, its length, the 32 bytes."""
    return multibase.encode_base58btc(b"\x12\x20" + hashlib.sha256(data).digest())


def key_hash(multikey: str) -> str:
    """What `nextKeyHashes` holds for a key: the hash of its Multikey text."""
    return multihash_sha256(multikey.encode("ascii"))


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Who may vouch for an entry (Multikeys of their did:key) and how many must; nobody and 0 when none is asked."""

    threshold: int = 0
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is in force after an entry. `update_keys` are Multikeys, `next_key_hashes` hashes of such; `ttl` seconds."""

    scid: str
    update_keys: tuple[str, ...] = ()
    next_key_hashes: tuple[str, ...] = ()
    witness: Witnesses = field(default_factory=Witnesses)
    watchers: tuple[str, ...] = ()
    portable: bool = False
    deactivated: bool = False
    ttl: int = DEFAULT_TTL

    @classmethod
    def first(cls, entry: Mapping[str, Any]) -> Parameters:
        """The parameters of a log's first entry, which must name the method, the SCID and the keys.

        Raises `errors.InvalidDidLog`, and `errors.DidMethodNotSupported` for another version of the method.
        """
        scid = entry.get("scid")
        if not isinstance(scid, str) or not HASH.fullmatch(scid):
            raise errors.InvalidDidLog("the first entry has no scid", pointer="/parameters/scid")
        for name in ("method", "updateKeys"):
            if not entry.get(name):
                raise errors.InvalidDidLog(f"the first entry has no {name}", pointer=f"/parameters/{name}")
        return cls(scid)._with({name: value for name, value in entry.items() if name != "scid"})

    def after(self, entry: Mapping[str, Any]) -> Parameters:
        """The parameters in force after a later entry that sets `entry`; what it does not name stays as it is.

        Raises `errors.InvalidDidLog`, also when pre-rotation is broken: every new key must have been promised, by its
        hash, in the entry before; and what `first` raises.
        """
        if "scid" in entry:
            raise errors.InvalidDidLog("a later entry names the scid again", pointer="/parameters/scid")
        if entry.get("portable") and not self.portable:
            raise errors.InvalidDidLog("only the first entry can allow moving", pointer="/parameters/portable")
        if self.next_key_hashes:
            for name in ("updateKeys", "nextKeyHashes"):
                if name not in entry:
                    raise errors.InvalidDidLog(f"pre-rotation demands {name}", pointer=f"/parameters/{name}")
        changed = self._with(entry)
        if self.next_key_hashes and not {key_hash(key) for key in changed.update_keys} <= set(self.next_key_hashes):
            raise errors.DidLogUnauthorized("a key was not promised by the entry before", pointer="/parameters")
        return changed

    def _with(self, entry: Mapping[str, Any]) -> Parameters:
        """A copy with the members of `entry`. `null` stands for a parameter's default, as earlier drafts wrote it."""
        default, values = Parameters(self.scid), dict[str, Any]()
        for name, value in entry.items():
            if name == "method":
                _check_method(value)
            elif name not in _READERS:
                raise errors.InvalidDidLog(f"{name[:60]!r} is not a parameter", pointer="/parameters")
            else:
                attribute, read = _READERS[name]
                values[attribute] = getattr(default, attribute) if value is None else read(name, value)
        return replace(self, **values)


def _check_method(value: object) -> None:
    if value != METHOD:
        raise errors.DidMethodNotSupported(f"the log is of the method {str(value)[:60]!r}; known is {METHOD}")


def _strings(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise errors.InvalidDidLog(f"{name} is not a list of strings", pointer=f"/parameters/{name}")
    if len(value) > _MAX_ITEMS or len(set(value)) != len(value):
        raise errors.InvalidDidLog(f"{name} is too long or says one thing twice", pointer=f"/parameters/{name}")
    return tuple(value)


def _keys(name: str, value: object) -> tuple[str, ...]:
    keys = _strings(name, value)
    for key in keys:
        check_multikey(key)
    return keys


def check_multikey(text: str) -> PublicKey:
    """The Ed25519 key that `text` is in Multikey form: the one kind that 1.0 allows; raises `errors.InvalidDidLog`."""
    try:
        key = PublicKey.from_multikey(text)
    except (errors.MalformedEncoding, errors.InvalidPublicKey) as error:
        raise errors.InvalidDidLog(f"{text[:60]!r} is not a usable key: {error.detail}") from error
    if key.algorithm != "EdDSA":
        raise errors.InvalidDidLog(f"{text[:60]!r} is not an Ed25519 key")
    return key


def _witnesses(name: str, value: object) -> Witnesses:
    """`{}` for none, else a threshold and the witnesses' did:key, each once."""
    if not isinstance(value, Mapping) or (value and set(value) != {"threshold", "witnesses"}):
        raise errors.InvalidDidLog(f"{name} is neither empty nor a threshold with witnesses", pointer="/parameters")
    if not value:
        return Witnesses()
    listed, threshold = value["witnesses"], value["threshold"]
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) and set(one) == {"id"} for one in listed):
        raise errors.InvalidDidLog("a witness is not an object with an id", pointer="/parameters/witness/witnesses")
    keys = _strings(name, [one["id"] for one in listed])
    for did in keys:
        check_multikey(did.removeprefix("did:key:") if did.startswith("did:key:") else "")
    if type(threshold) is not int or not 1 <= threshold <= len(keys):
        raise errors.InvalidDidLog("the threshold is not 1 to the number of witnesses", pointer="/parameters/witness")
    return Witnesses(threshold, frozenset(did.removeprefix("did:key:") for did in keys))


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise errors.InvalidDidLog(f"{name} is not true or false", pointer=f"/parameters/{name}")
    return value


def _seconds(name: str, value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MAX_TTL:
        raise errors.InvalidDidLog(f"{name} is not a number of seconds", pointer=f"/parameters/{name}")
    return value


#: Name in the log → attribute, and how its value is read.
_READERS: Final[Mapping[str, tuple[str, Callable[[str, object], Any]]]] = {
    "updateKeys": ("update_keys", _keys),
    "nextKeyHashes": ("next_key_hashes", _strings),
    "witness": ("witness", _witnesses),
    "watchers": ("watchers", _strings),
    "portable": ("portable", _boolean),
    "deactivated": ("deactivated", _boolean),
    "ttl": ("ttl", _seconds),
}

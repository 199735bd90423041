"""Keeps keys as encrypted files in a private folder: the key store of scheme `file:`. Decides no states.

The public facts are readable without the passphrase; it is asked for only when a private key is made, opened or given
another state (a state is part of what the cipher protects).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from credentials.multikey import PublicKey
from credentials.ports import Signer
from keys import key_file
from keys.ed25519_signer import Ed25519Signer
from keys.errors import KeyFileDamaged, KeyNotFound
from keys.folder import Disk, PrivateFolder
from keys.key_file import KeyFile
from keys.key_info import KEY_ID, KeyInfo, KeyState, key_id
from keys.passphrase import Passphrase
from keys.process import forbid_core_dumps
from keys.sealing import DEFAULT_STRETCHING, NONCE_BYTES, SALT_BYTES, SECRET_BYTES, Stretching, WrappingKey

SUFFIX = ".json"
#: While a file of this name is in the folder, nothing is signed. Its text is the reason.
STOP_FILE = "stop"
MAX_REASON_BYTES = 1_000


class FileStore:
    """The keys of one folder, usually `keys` in the data folder.

    `passphrase` is called each time it is needed: a service that started sealed recovers when the passphrase comes
    back, without a restart.
    """

    scheme = key_file.SCHEME

    def __init__(
        self,
        folder: Path,
        passphrase: Callable[[], Passphrase],
        *,
        randomness: Callable[[int], bytes] = os.urandom,
        stretching: Stretching = DEFAULT_STRETCHING,
        disk: Disk | None = None,
    ) -> None:
        self._folder = PrivateFolder(folder, disk)
        self._passphrase = passphrase
        self._randomness = randomness
        self._stretching = stretching

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder.path

    def prepare(self) -> None:
        """Make the folder if need be, and check it and every key in it: what is wrong shows at the start."""
        self._folder.ensure()
        self.all()

    def all(self) -> tuple[KeyInfo, ...]:
        """Return the public facts of every key, in the order of owner and serial."""
        ids = [name.removesuffix(SUFFIX) for name in self._folder.names() if name.endswith(SUFFIX)]
        infos = [self.find(key) for key in ids if KEY_ID.fullmatch(key)]
        return tuple(sorted(infos, key=lambda info: (info.owner, info.serial)))

    def find(self, key: str) -> KeyInfo:
        """Return the public facts of one key. Raises `KeyNotFound`, `KeyFileDamaged`, `KeyFileExposed`."""
        return self._read(key).info

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the folder's write lock; whoever decides on the strength of what is there decides inside."""
        return self._folder.locked()

    def create(self, owner: str, *, serial: int, created: datetime, same_passphrase: bool = True) -> KeyInfo:
        """Make an active Ed25519 key for `owner`, and return its facts once it is safely on the disk.

        Raises `KeysSealed` when the passphrase is not that of the newest key here, as a mistyped one would seal the
        new key with words that nobody knows. `same_passphrase=False` is for when the old one is lost for good.
        """
        forbid_core_dumps()
        passphrase = self._passphrase()
        if same_passphrase:
            self._require_same(passphrase)
        seed = self._randomness(SECRET_BYTES)
        info = _new_key(seed, owner, serial, created)
        salt = self._randomness(SALT_BYTES)
        wrapping = WrappingKey(passphrase, salt, self._stretching)
        file = KeyFile(info, self._stretching, salt, wrapping.check, nonce=self._randomness(NONCE_BYTES))
        self._folder.write(info.id + SUFFIX, _sealed(file, wrapping, seed).encode(), replace=False)
        return info

    def update(self, info: KeyInfo) -> None:
        """Give a key the state and dates of `info`: the file is sealed anew with its new header."""
        forbid_core_dumps()
        file = self._read(info.id)
        wrapping = self._wrapping_key(file)
        seed = _unsealed(file, wrapping)
        changed = replace(file, info=info, nonce=self._randomness(NONCE_BYTES))
        self._folder.write(info.id + SUFFIX, _sealed(changed, wrapping, seed).encode(), replace=True)

    @contextmanager
    def open(self, key: str) -> Iterator[Signer]:
        """Unseal one private key for the length of a `with` block (about 110 ms with the default cost)."""
        forbid_core_dumps()
        file = self._read(key)
        seed = _unsealed(file, self._wrapping_key(file))
        signer = Ed25519Signer(seed, file.info.verification_method)
        del seed
        try:
            yield signer
        finally:
            signer.close()

    def stop(self, reason: str) -> None:
        """Stop all signing in every process that uses this folder. Waits for no lock; a second stop changes nothing."""
        self._folder.ensure()
        with suppress(FileExistsError):
            self._folder.mark(STOP_FILE, reason.encode()[:MAX_REASON_BYTES])

    def resume(self) -> None:
        """Take the stop off; fine when there is none."""
        self._folder.remove(STOP_FILE)

    def stopped(self) -> str | None:
        """Return the reason of a stop, or None. An empty or broken reason still stops."""
        reason = self._folder.read(STOP_FILE, max_bytes=MAX_REASON_BYTES)
        return None if reason is None else reason.decode(errors="replace") or "no reason was given"

    def _read(self, key: str) -> KeyFile:
        data = self._folder.read(key + SUFFIX, max_bytes=key_file.MAX_BYTES) if KEY_ID.fullmatch(key) else None
        if data is None:
            raise KeyNotFound(f"There is no key {key!r} in {self._folder.path}.")
        return key_file.decode(data, expected_id=key)

    def _require_same(self, passphrase: Passphrase) -> None:
        keys = self.all()
        if keys:
            newest = self._read(max(keys, key=lambda info: (info.created, info.serial)).id)
            WrappingKey(passphrase, newest.salt, newest.stretching).require(newest.check)

    def _wrapping_key(self, file: KeyFile) -> WrappingKey:
        wrapping = WrappingKey(self._passphrase(), file.salt, file.stretching)
        wrapping.require(file.check)
        return wrapping


def _new_key(seed: bytes, owner: str, serial: int, created: datetime) -> KeyInfo:
    public_key = _public_key(seed)
    name = key_id(public_key)
    return KeyInfo(
        id=name,
        owner=owner,
        serial=serial,
        uri=f"{key_file.SCHEME}:{name}",
        public_key=public_key,
        state=KeyState.ACTIVE,
        created=created,
    )


def _sealed(file: KeyFile, wrapping: WrappingKey, seed: bytes) -> KeyFile:
    return replace(file, sealed=wrapping.seal(seed, nonce=file.nonce, header=file.header()))


def _unsealed(file: KeyFile, wrapping: WrappingKey) -> bytes:
    seed = wrapping.unseal(file.sealed, nonce=file.nonce, header=file.header())
    if _public_key(seed) != file.info.public_key:
        raise KeyFileDamaged(f"Key {file.info.id}: the private key does not belong to the public one.")
    return seed


def _public_key(seed: bytes) -> PublicKey:
    return Ed25519Signer(seed, "").public_key

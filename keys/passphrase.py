"""Finds the passphrase that unseals the key files; it neither asks a person nor checks it against a key.

Looked for in this order, and the first found is used:

1. `PLAUDIT_PASSPHRASE_FILE` (a path) or `PLAUDIT_PASSPHRASE` (the words). Both at once is refused, as nobody could
   say which was meant.
2. `$CREDENTIALS_DIRECTORY/plaudit-passphrase`, which systemd's `LoadCredential=` provides.
3. `passphrase` in the data folder, made by `create` for a first try. It protects a backup of the key folder alone,
   and nothing against somebody who reads the whole data folder; production leaves it out (`beside_keys=False`).
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from keys.errors import KeysSealed, PassphraseUnusable
from keys.folder import Disk, write_whole

#: Below this, guessing offline is cheap whatever the key derivation costs.
MIN_CHARACTERS = 12
#: Nobody means a longer one; it keeps a wrong path (a log, a device) from being read whole.
MAX_BYTES = 4096
#: Strength of a passphrase made by `create`: 160 bits, written as 40 hexadecimal digits.
CREATED_BYTES = 20
#: Name of the passphrase file in the data folder, and of the systemd credential.
HOME_FILE = "passphrase"
SYSTEMD_CREDENTIAL = "plaudit-passphrase"
#: Bits a passphrase file may not have: writable by group or anything for others. Group *read* is allowed because
#: that is how systemd and Kubernetes hand secrets to a service that does not own them.
EXPOSED_BITS = stat.S_IWGRP | stat.S_IXGRP | stat.S_IRWXO


class Passphrase:
    """Holds a passphrase so that no log line, traceback or pickle shows it; `reveal()` is the one way to the words."""

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        """Raise `PassphraseUnusable` unless `words` has at least `MIN_CHARACTERS` characters.

        The words are put into Unicode form NFC, so that one passphrase typed on two keyboards is one passphrase.
        """
        words = unicodedata.normalize("NFC", words)
        if len(words) < MIN_CHARACTERS:
            raise PassphraseUnusable(f"The passphrase has {len(words)} characters; {MIN_CHARACTERS} is the least.")
        self._words = words

    def reveal(self) -> bytes:
        """Return the words as UTF-8."""
        return self._words.encode()

    def __repr__(self) -> str:
        return "Passphrase(********)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a passphrase is never pickled or copied")


def load(environ: Mapping[str, str], home: Path, *, beside_keys: bool = True) -> Passphrase:
    """Return the passphrase of this installation.

    Raises `KeysSealed` when there is none, and `PassphraseUnusable` when what was found cannot be one.
    """
    path, words = environ.get("PLAUDIT_PASSPHRASE_FILE"), environ.get("PLAUDIT_PASSPHRASE")
    if path and words:
        raise PassphraseUnusable("PLAUDIT_PASSPHRASE and PLAUDIT_PASSPHRASE_FILE are both set; keep one of them.")
    if words:
        return Passphrase(words)
    if path:
        return read(Path(path))
    credentials = environ.get("CREDENTIALS_DIRECTORY")
    if credentials and (Path(credentials) / SYSTEMD_CREDENTIAL).exists():
        return read(Path(credentials) / SYSTEMD_CREDENTIAL)
    if beside_keys and (home / HOME_FILE).exists():
        return read(home / HOME_FILE)
    raise KeysSealed(
        "No passphrase was given. Looked at PLAUDIT_PASSPHRASE_FILE, PLAUDIT_PASSPHRASE and the systemd credential "
        + SYSTEMD_CREDENTIAL
        + (f", and for {HOME_FILE} in the data folder." if beside_keys else ".")
    )


def read(path: Path) -> Passphrase:
    """Return the passphrase in a file: its whole text without the line end.

    Raises `KeysSealed` when the file cannot be read, `PassphraseUnusable` when others can, or when it is not a
    passphrase. A symbolic link is followed (that is how Kubernetes mounts secrets); what it leads to is what counts.
    """
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            _check_private(path, os.fstat(file.fileno()))
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise KeysSealed(f"The passphrase file {path} cannot be read: {error.strerror}.") from error
    if len(content) > MAX_BYTES:
        raise PassphraseUnusable(f"{path} holds more than {MAX_BYTES} bytes: this is not a passphrase file.")
    try:
        return Passphrase(content.decode().removesuffix("\n").removesuffix("\r"))
    except UnicodeDecodeError:
        raise PassphraseUnusable(f"{path} is not UTF-8 text.") from None


def create(home: Path, randomness: Callable[[int], bytes] = os.urandom) -> Passphrase:
    """Return the passphrase kept in the data folder, making a random one the first time.

    Never overwrites: a passphrase that is there stays, whatever it says. The file is on the disk, whole, before this
    returns, since a key sealed with a lost passphrase is lost. An `OSError` of the disk goes to the caller.
    """
    words = randomness(CREATED_BYTES).hex()
    folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        write_whole(Disk(), folder, HOME_FILE, f"{words}\n".encode(), replace=False)
    except FileExistsError:
        return read(home / HOME_FILE)
    finally:
        os.close(folder)
    return Passphrase(words)


def _open_without_waiting(path: str, flags: int) -> int:
    """A named pipe that nobody writes to must be refused, not waited for."""
    return os.open(path, flags | os.O_NONBLOCK)


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise PassphraseUnusable(f"{path} is not a regular file.")
    if status.st_uid not in (os.geteuid(), 0):
        raise PassphraseUnusable(f"{path} belongs to user {status.st_uid}. Run: chown {os.geteuid()} {path}")
    if status.st_mode & EXPOSED_BITS:
        mode = stat.S_IMODE(status.st_mode)
        raise PassphraseUnusable(f"{path} has mode {mode:04o}, which others can use. Run: chmod 600 {path}")

"""A private folder on the disk: checked before every use, written whole or not at all. It knows nothing of keys.

Rules of the module:

* A name is only ever opened relative to the folder's own descriptor, which was checked first; nothing can be swapped
  between the check and the use, and symbolic links are never followed.
* The folder and its files belong to this process's user and grant nothing to anybody else.
* A file appears under its name complete: written beside it, synced, renamed, and the folder synced. A power cut at any
  point leaves the old file or the new one. What was begun and not finished lies under a name nobody reads, and is
  swept by the next writer.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from keys.errors import KeyFileExposed, KeyStoreUnwritable

#: Every bit of a mode that grants something to group or others.
FOREIGN_BITS = stat.S_IRWXG | stat.S_IRWXO
UNFINISHED_PREFIX = ".unfinished-"


class Disk:
    """The system calls that change a folder, one method each, so that a test can make any one of them fail."""

    def create(self, folder: int, name: str) -> int:
        return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)

    def write(self, descriptor: int, data: bytes) -> int:
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def replace(self, folder: int, old: str, new: str) -> None:
        os.replace(old, new, src_dir_fd=folder, dst_dir_fd=folder)

    def link(self, folder: int, old: str, new: str) -> None:
        os.link(old, new, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)

    def remove(self, folder: int, name: str) -> None:
        os.unlink(name, dir_fd=folder)


def write_whole(disk: Disk, folder: int, name: str, data: bytes, *, replace: bool) -> None:
    """Put `data` under `name` in the folder with that descriptor, durably, in one step as seen by readers.

    `replace=False` raises `FileExistsError` when the name is taken. Any other `OSError` leaves what was there.
    """
    unfinished = f"{UNFINISHED_PREFIX}{secrets.token_hex(8)}"
    try:
        _write_synced(disk, folder, unfinished, data)
        if replace:
            disk.replace(folder, unfinished, name)
        else:
            disk.link(folder, unfinished, name)
            disk.remove(folder, unfinished)
    except OSError:
        with suppress(OSError):
            disk.remove(folder, unfinished)
        raise
    disk.sync(folder)


def _write_synced(disk: Disk, folder: int, name: str, data: bytes) -> None:
    descriptor = disk.create(folder, name)
    try:
        left = memoryview(data)
        while left:
            left = left[disk.write(descriptor, bytes(left)) :]
        disk.sync(descriptor)
    finally:
        os.close(descriptor)


class PrivateFolder:
    """One folder that only this user may enter.

    Every method raises `KeyFileExposed` when the folder, or the file asked for, is open to others, and
    `KeyStoreUnwritable` when the disk itself says no.
    """

    def __init__(self, path: Path, disk: Disk | None = None) -> None:
        self.path = path
        self._disk = disk or Disk()

    def ensure(self) -> None:
        """Create the folder (mode 0700) unless it is there."""
        if not self.exists():
            with self._disk_errors():
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def exists(self) -> bool:
        """Whether anything, checked or not, stands where the folder should be."""
        return os.path.lexists(self.path)

    def names(self) -> list[str]:
        """Return the names of all finished entries, sorted; an absent folder has none."""
        if not self.exists():
            return []
        with self._opened() as folder:
            return sorted(name for name in os.listdir(folder) if not name.startswith(UNFINISHED_PREFIX))

    def read(self, name: str, *, max_bytes: int) -> bytes | None:
        """Return the first `max_bytes` + 1 bytes of a file, or None when there is no such file."""
        with self._opened() as folder:
            try:
                descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            except FileNotFoundError:
                return None
            except OSError as error:
                if error.errno != errno.ELOOP:
                    raise
                raise KeyFileExposed(f"{self.path / name} is a symbolic link; put the file itself there.") from error
            with os.fdopen(descriptor, "rb") as file:
                _check_file(self.path / name, os.fstat(descriptor))
                return file.read(max_bytes + 1)

    def write(self, name: str, data: bytes, *, replace: bool) -> None:
        """Put `data` under `name`, whole and durable. Raises `FileExistsError` if taken and not `replace`."""
        with self._opened() as folder:
            write_whole(self._disk, folder, name, data, replace=replace)

    def mark(self, name: str, text: bytes) -> None:
        """Create a flag file at once: its being there is what counts. Raises `FileExistsError` if it is there."""
        with self._opened() as folder:
            _write_synced(self._disk, folder, name, text)
            self._disk.sync(folder)

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there is fine."""
        with self._opened() as folder:
            with suppress(FileNotFoundError):
                self._disk.remove(folder, name)
            self._disk.sync(folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder's one write lock, across threads and processes; the system frees it if we die."""
        with self._opened() as folder:
            fcntl.flock(folder, fcntl.LOCK_EX)
            self._sweep(folder)
            yield

    def _sweep(self, folder: int) -> None:
        for name in os.listdir(folder):
            if name.startswith(UNFINISHED_PREFIX):
                self._disk.remove(folder, name)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        with self._disk_errors():
            try:
                descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            except OSError as error:
                if error.errno not in (errno.ENOTDIR, errno.ELOOP):
                    raise
                raise KeyFileExposed(f"{self.path} must be a folder, not a link or a file.") from error
            try:
                _check_folder(self.path, os.fstat(descriptor))
                yield descriptor
            finally:
                os.close(descriptor)

    @contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            yield
        except FileExistsError:
            raise
        except OSError as error:
            raise KeyStoreUnwritable(f"{self.path}: {error.strerror or error}.") from error


def _check_folder(path: Path, status: os.stat_result) -> None:
    _check_owner(path, status)
    if status.st_mode & FOREIGN_BITS:
        raise KeyFileExposed(f"{path} has mode {stat.S_IMODE(status.st_mode):04o}. Run: chmod 700 {path}")
    above = path.parent.stat()
    if above.st_mode & stat.S_IWOTH and not above.st_mode & stat.S_ISVTX:
        raise KeyFileExposed(f"Anybody may replace {path.name} in {path.parent}. Run: chmod o-w {path.parent}")


def _check_file(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyFileExposed(f"{path} is not a regular file.")
    _check_owner(path, status)
    if status.st_mode & FOREIGN_BITS:
        raise KeyFileExposed(f"{path} has mode {stat.S_IMODE(status.st_mode):04o}. Run: chmod 600 {path}")


def _check_owner(path: Path, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise KeyFileExposed(f"{path} belongs to user {status.st_uid}. Run: chown {os.geteuid()} {path}")

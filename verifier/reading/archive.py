"""Unpacks a ZIP archive of strangers and reads each file in it. Called in a disposable child; nothing is written.

A name in an archive is only ever shown, never used as a path. Every file is unpacked to no more than its limit,
whatever the archive says its size is, and an archive within the archive is not opened. Source: APPNOTE 6.3.10 (ZIP).
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from io import BytesIO

from verifier.problems import ArchiveInArchive, BatchNotRead, DamagedFile, EncryptedFile, FileUnpacksTooLarge
from verifier.reading.names import is_hidden

#: Entries that a central directory may name; the files that are read are far fewer.
MAX_ENTRIES = 5_000
#: As many as links can be pasted.
MAX_FILES = 200
#: A file in an archive is as large as one that is handed in by itself.
MAX_FILE = 5_000_000
#: A PDF packs hardly at all and JSON about tenfold; what packs better than this, and is not small, is a bomb.
MAX_RATIO = 100
SMALL = 200_000
#: The two methods that every program writes; the others unpack without a bound.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")


class Archive:
    """An opened archive. Raises `BatchNotRead` when it is none that can be opened."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except Exception as error:  # whatever a broken archive makes the library raise is the archive's fault
            raise BatchNotRead("The archive's directory is damaged.") from error
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise BatchNotRead(f"The archive names more than {MAX_ENTRIES} files.")
        files = [entry for entry in entries if _is_file(entry)]
        self._files = files[:MAX_FILES]
        #: How many files past the limit are not read.
        self.left_out = len(files) - len(self._files)

    @property
    def names(self) -> list[str]:
        """The names of the files that are read, as they stand in the archive."""
        return [entry.filename for entry in self._files]

    def contents(self, skip: int) -> Iterator[bytes | DamagedFile | EncryptedFile | FileUnpacksTooLarge]:
        """Yield each file's bytes from number `skip` on, or what is wrong with it."""
        for entry in self._files[skip:]:
            try:
                yield self._unpacked(entry)
            except (EncryptedFile, FileUnpacksTooLarge) as problem:
                yield problem
            except Exception:  # wrong checksums, cut data, overlapping entries
                yield DamagedFile("The file is damaged inside the archive.")

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & _ENCRYPTED:
            raise EncryptedFile("The file is encrypted inside the archive.")
        if entry.compress_type not in _METHODS:
            raise FileUnpacksTooLarge("The file is packed in a way that is not opened here.")
        limit = min(MAX_FILE, max(SMALL, entry.compress_size * MAX_RATIO))
        with self._zip.open(entry) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise FileUnpacksTooLarge(f"The file unpacks to more than {limit} bytes.")
        return data


def check_no_archive(data: bytes) -> None:
    """Raise `ArchiveInArchive` for a file that is an archive itself (office documents are)."""
    if data.startswith(_ARCHIVES):
        raise ArchiveInArchive("The file is an archive or an office document.")


def _is_file(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    plain = kind in (0, stat.S_IFREG)
    return plain and not entry.is_dir() and not is_hidden(entry.filename)

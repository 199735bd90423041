"""Answers from the files that lie beside a credential, as an export leaves them: `did.json`, `status-*.json`, and of a
record that does not stand any more `standing-*.json`, with the newer version where there is one.

Opens no connection. A folder says only what whoever filled it wanted said, so it is asked last, its answers carry the
source "folder", and the report names it: the issuer's domain was then not asked (docs/adr/0003-key-source-folder.md).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from credentials import did, strict_json
from credentials.errors import PlauditError, Unreachable
from credentials.ports import Fetched, Fetcher

from .problems import AddressNotAllowed, HostNotFound, NoConnection, PrivateAddress, TookTooLong

#: The live world was silent. Any real answer, a refusal or nonsense too, is news that a folder must not overrule.
SILENCE = (HostNotFound, NoConnection, TookTooLong, AddressNotAllowed, PrivateAddress)

#: A status list of 131,072 entries is under 25 kB and a DID document smaller; a larger file is something else.
MAX_FILE_BYTES = 256_000
#: An organisation opens a further list every 131,072 records: a folder with more lists than this is not an export.
MAX_STATUS_LISTS = 64


#: A portfolio is ten records, an upload a few hundred; a folder with more notices than this is read only in part.
MAX_NOTICES = 200


class NotInFolder(Unreachable):
    """No file in the folder claims the address, and nothing else was to be asked."""

    code = "not_in_folder"
    title = "The folder has no file for this"
    remedy = "Keep did.json and the status lists beside the credential, as `plaudit issue --out` leaves them."


class FolderFetcher:
    """Maps the URLs that the folder's documents claim to their bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fetch(self, url: str) -> Fetched:
        """Return the file that claims `url`; raises `NotInFolder`."""
        body = self._documents.get(url)
        if body is None:
            raise NotInFolder(f"no file in the folder answers for {url}")
        return Fetched(url=url, body=body, content_type="application/json", source="folder")

    @cached_property
    def _documents(self) -> dict[str, bytes]:
        files = [self._folder / "did.json", *sorted(self._folder.glob("status-*.json"))[:MAX_STATUS_LISTS]]
        return dict(pair for file in files if file.is_file() for pair in _claimed(file)) | self._notices

    @cached_property
    def _notices(self) -> dict[str, bytes]:
        """Notices, and the record that each is about: its newest version replaces the one at hand."""
        found = sorted(self._folder.glob("standing-*.json"))[:MAX_NOTICES]
        files = [*found, *(file.with_name(file.name.removeprefix("standing-")) for file in found)]
        pairs = [pair for file in files if file.is_file() for pair in _claimed(file)]
        return {address.replace("http://", "https://", 1): body for address, body in pairs}


def _claimed(file: Path) -> list[tuple[str, bytes]]:
    """The URL that a file answers for, with its bytes; nothing when it is not such a document."""
    if file.stat().st_size > MAX_FILE_BYTES:
        return []
    body = file.read_bytes()
    try:
        identifier = strict_json.loads_object(body).get("id")
        if not isinstance(identifier, str):
            return []
        return [(did.did_web_url(identifier) if identifier.startswith("did:") else identifier, body)]
    except PlauditError:
        return []


class LiveFirst:
    """Asks the world, and the folder only for what the world could not be asked."""

    def __init__(self, live: Fetcher, folder: Fetcher) -> None:
        self._live = live
        self._folder = folder
        self._silent_hosts: set[str] = set()

    def fetch(self, url: str) -> Fetched:
        """Return the live answer, else the folder's; raises the live world's error when neither has one."""
        host = url.split("/", 3)[2] if url.count("/") >= 3 else url
        if host in self._silent_hosts:
            return self._folder.fetch(url)
        try:
            return self._live.fetch(url)
        except SILENCE as silence:
            self._silent_hosts.add(host)
            return self._from_folder(url, silence)

    def _from_folder(self, url: str, silence: Exception) -> Fetched:
        try:
            return self._folder.fetch(url)
        except NotInFolder:
            raise silence from None

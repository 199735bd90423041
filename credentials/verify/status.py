"""Finds out whether a credential was withdrawn or suspended, from its issuer's signed status lists.

Call it for credentials whose signature was confirmed, never before: the address to fetch stands in the credential.
What cannot be established is said so; only a bit that was read says anything about the credential.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import errors, status_list
from credentials.ports import Fetcher
from credentials.status_list import BitList, StatusEntry
from credentials.verify import forms, keys
from credentials.verify.forms import Secured
from credentials.verify.keys import KeyDocuments
from credentials.verify.limits import Limits

#: Purposes whose set bit says something about validity; "refresh" and "message" only inform.
JUDGED = ("revocation", "suspension")
INFORMING = ("refresh", "message")


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """What became of one entry: its bit, or the error that kept it from being read, or neither (it only informs).

    `source` is the `Fetched.source` of the list, `listed` the day from which the list says so (its `validFrom`).
    """

    purpose: str | None
    set: bool | None
    error: Exception | None
    source: str | None = None
    listed: str | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A list credential whose signature was confirmed as the issuer's, and where it came from."""

    document: Mapping[str, Any]
    source: str


class StatusReader:
    """Reads status entries of one issuer's credential at one moment."""

    def __init__(self, *, fetcher: Fetcher, keys: KeyDocuments, issuer: str, now: datetime, limits: Limits) -> None:
        self._fetcher = fetcher
        self._keys = keys
        self._issuer = issuer
        self._now = now
        self._limits = limits
        self._lists: dict[str, _List] = {}

    def read(self, entries: Sequence[Any]) -> list[EntryStatus]:
        """The outcome of every entry of `credentialStatus`; raises nothing that one entry caused."""
        found = [self._read_entry(entry) for entry in entries[: self._limits.max_status_entries]]
        if len(entries) > len(found):
            detail = f"{len(entries)} entries; at most {self._limits.max_status_entries} are read"
            found.append(EntryStatus(None, None, errors.StatusTypeNotSupported(detail)))
        return found

    def _read_entry(self, document: Any) -> EntryStatus:
        purpose = None
        try:
            entry = status_list.parse_entry(document)
            purpose = entry.purpose
            if purpose in INFORMING:
                return EntryStatus(purpose, None, None)
            if purpose not in JUDGED:
                raise errors.StatusTypeNotSupported(f"the purpose {purpose[:80]} is not known here")
            found = self._list(entry.list_url)
            bit = self._bits(found, entry).get(entry.index)
            return EntryStatus(purpose, bit, None, found.source, found.document.get("validFrom"))
        except Exception as error:  # an entry that could not be read is "not checked", whatever broke
            return EntryStatus(purpose, None, error)

    def _bits(self, found: _List, entry: StatusEntry) -> BitList:
        return status_list.read_list(
            found.document,
            entry=entry,
            issuer=self._issuer,
            now=self._now,
            skew=self._limits.clock_skew,
        )

    def _list(self, url: str) -> _List:
        if url not in self._lists:
            try:
                fetched = self._fetcher.fetch(url)
            except errors.Unreachable as error:
                raise errors.StatusListUnreachable(error.detail) from error
            self._lists[url] = _List(self._authentic(fetched.body), fetched.source)
        return self._lists[url]

    def _authentic(self, body: bytes) -> Mapping[str, Any]:
        try:
            list_credential = forms.read(body, self._limits)
            self._check(list_credential)
        except errors.BadData as error:
            raise errors.StatusListNotTrusted(f"{error.title}: {error.detail}") from error
        return list_credential.document

    def _check(self, list_credential: Secured) -> None:
        if list_credential.issuer != self._issuer:
            raise errors.StatusListNotTrusted("the list is another issuer's")
        for signature in list_credential.signatures:
            key = keys.find_key(signature, issuer=self._issuer, keys=self._keys, now=self._now)
            keys.check_owner(key, self._issuer)
            keys.check_signature(key, now=self._now, skew=self._limits.clock_skew)

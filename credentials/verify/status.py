"""Finds out whether a credential was withdrawn or suspended, from its issuer's signed status lists.

Call it for credentials whose signature was confirmed, never before: the address to fetch stands in the credential.
What cannot be established is said so; only a value that was read says anything about the credential.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import errors, status_list, timestamps, token_status_list
from credentials.status_list import StatusEntry
from credentials.verify.limits import Limits
from credentials.verify.status_lists import StatusLists

#: Purposes whose set status says something about validity; "refresh" and "message" only inform.
JUDGED: Final = ("revocation", "suspension")
INFORMING: Final = ("refresh", "message")
#: What the statuses of a Token Status List are called by the purposes of the other kind.
_PURPOSES: Final = {token_status_list.INVALID: "revocation", token_status_list.SUSPENDED: "suspension"}


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """What became of one entry: its status, or the error that kept it from being read.

    `set` says whether the status is another than the one of a credential about which there is nothing to say.
    `message` is what the issuer says that the status means, where it says more than that. `source` is the
    `Fetched.source` of the list, `listed` the time from which the list says so.
    """

    purpose: str | None
    set: bool | None
    error: Exception | None
    source: str | None = None
    listed: str | None = None
    message: str | None = None

    @property
    def informs(self) -> bool:
        """Whether it says nothing about validity, whatever it says."""
        return self.purpose in INFORMING


class StatusReader:
    """Reads status entries of one issuer's credential at one moment."""

    def __init__(self, lists: StatusLists, *, issuer: str, now: datetime, limits: Limits) -> None:
        self._lists = lists
        self._issuer = issuer
        self._now = now
        self._limits = limits

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
            if isinstance(document, Mapping) and "status_list" in document:
                return self._read_reference(document)
            purpose = _informing(document)
            entry = status_list.parse_entry(document)
            purpose = entry.purpose
            if purpose not in JUDGED + INFORMING:
                raise errors.StatusTypeNotSupported(f"the purpose {purpose[:80]} is not known here")
            return self._read_bitstring(entry)
        except Exception as error:  # an entry that could not be read is "not checked", whatever broke
            return EntryStatus(purpose, None, error)

    def _read_bitstring(self, entry: StatusEntry) -> EntryStatus:
        found = self._lists.credential(entry.list_url)
        status = status_list.read_status(
            found.document, entry=entry, issuer=self._issuer, now=self._now, skew=self._limits.clock_skew
        )
        message = status.message if entry.messages else None
        listed = found.document.get("validFrom")
        return EntryStatus(entry.purpose, not status.valid, None, found.source, listed, message)

    def _read_reference(self, document: Mapping[str, Any]) -> EntryStatus:
        reference = token_status_list.read_reference(document)
        found = self._lists.token(reference.uri)
        value = token_status_list.check(found.token, reference, now=self._now, skew=self._limits.clock_skew)
        listed = timestamps.format(found.token.issued_at)
        if value == token_status_list.VALID:
            return EntryStatus("revocation", False, None, found.source, listed)
        if value not in _PURPOSES:
            raise errors.StatusTypeNotSupported(f"the status {value} is one of the issuer's own")
        return EntryStatus(_PURPOSES[value], True, None, found.source, listed)


def _informing(document: Any) -> str | None:
    """The purpose of an entry that only informs, known before it is read: then what is wrong with it judges nothing."""
    purpose = document.get("statusPurpose") if isinstance(document, Mapping) else None
    return purpose if purpose in INFORMING else None

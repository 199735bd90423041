"""Bitstring status lists in memory, one for each issuer and purpose; they are gone with the process.

It hands out places and sets bits. Signing a list is `issuing`'s business.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from credentials.status_list import BitList, StatusEntry
from issuer.vc_api.problems import CredentialUnknown, ListsFull, RequestMalformed

#: Past this share, probing at random for a free place gets slow.
_FULL: Final = 0.9
PURPOSES: Final = ("revocation", "suspension")


@dataclass(slots=True)
class StatusList:
    """One list: whose it is, what a set bit means, and which places are given away."""

    url: str
    issuer: str
    purpose: str
    bits: BitList = field(default_factory=BitList)
    given: set[int] = field(default_factory=set)


class StatusLists:
    """All lists of one process; safe to share between threads.

    `address` makes the URL of a list out of its number; `random_below` a number below its argument.
    """

    def __init__(self, address: Callable[[int], str], random_below: Callable[[int], int]) -> None:
        self._address = address
        self._random_below = random_below
        self._lists: list[StatusList] = []
        self._entries: dict[str, list[StatusEntry]] = {}
        self._lock = threading.Lock()

    def allocate(self, credential_id: str, issuer: str, purposes: Sequence[str]) -> list[StatusEntry]:
        """Give a credential a place in one list for each purpose; raises `ListsFull`.

        A credential issued again under its id gets new places, and the id stands for those from then on.
        """
        with self._lock:
            entries = [self._place(self._of(issuer, purpose)) for purpose in purposes]
            self._entries[credential_id] = entries
        return entries

    def set(self, credential_id: str, purpose: str, value: bool) -> None:
        """Set or clear the credential's bit. Raises `CredentialUnknown`, or `RequestMalformed` for another purpose."""
        with self._lock:
            if credential_id not in self._entries:
                raise CredentialUnknown(f"{credential_id[:200]} was not issued here with a status")
            entry = next((entry for entry in self._entries[credential_id] if entry.purpose == purpose), None)
            if entry is None:
                raise RequestMalformed(f"the credential has no status for {purpose[:60]}", pointer="/credentialStatus")
            self._by_url(entry.list_url).bits.set(entry.index, value)

    def get(self, number: int) -> StatusList | None:
        """The list with this number; None when there is none."""
        with self._lock:
            return self._lists[number] if 0 <= number < len(self._lists) else None

    def _of(self, issuer: str, purpose: str) -> StatusList:
        for found in self._lists:
            if (found.issuer, found.purpose) == (issuer, purpose):
                return found
        self._lists.append(StatusList(self._address(len(self._lists)), issuer, purpose))
        return self._lists[-1]

    def _place(self, status_list: StatusList) -> StatusEntry:
        size = len(status_list.bits)
        if len(status_list.given) >= size * _FULL:
            raise ListsFull(f"{len(status_list.given)} places are taken")
        while (index := self._random_below(size)) in status_list.given:
            pass
        status_list.given.add(index)
        return StatusEntry(status_list.url, index, status_list.purpose)

    def _by_url(self, url: str) -> StatusList:
        return next(found for found in self._lists if found.url == url)

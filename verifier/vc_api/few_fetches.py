"""A `Fetcher` that gives out after a few fetches: one request must not make us knock at a hundred doors.

The public verifier fetches for one issuer. Here every proof may name a stranger, and a presentation holds many proofs.
"""

from __future__ import annotations

from typing import Final

from credentials.ports import Fetched, Fetcher
from verifier.problems import TooManyFetches

#: Six issuers, each with its key document and one status list. At five seconds each, the most a request can take.
MOST: Final = 12


class FewFetches:
    """Hands on to another fetcher, at most `most` times; good for one request."""

    def __init__(self, fetcher: Fetcher, most: int = MOST) -> None:
        self._fetcher = fetcher
        self._most = most
        self._left = most

    def fetch(self, url: str) -> Fetched:
        """What the other fetcher finds; raises what it raises, and `TooManyFetches`."""
        if not self._left:
            raise TooManyFetches(f"More than {self._most} addresses would have to be opened.")
        self._left -= 1
        return self._fetcher.fetch(url)

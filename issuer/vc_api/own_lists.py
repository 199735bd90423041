"""A `Fetcher` that answers for this process's own status lists, and hands everything else to the outbound door.

The door refuses addresses of this machine, rightly; and a server that asked itself over a connection could wait for
itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from credentials import strict_json
from credentials.errors import Unreachable
from credentials.ports import Fetched, Fetcher
from issuer.vc_api.issuing import Issuing


@dataclass(frozen=True, slots=True)
class OwnLists:
    """`prefix` is the URL of a list without its number."""

    issuing: Issuing
    prefix: str
    outside: Fetcher

    def fetch(self, url: str) -> Fetched:
        """The signed list, or what `outside` finds; raises `Unreachable` for a list that is not there."""
        if not url.startswith(self.prefix):
            return self.outside.fetch(url)
        number = url.removeprefix(self.prefix)
        found = self.issuing.list_credential(int(number)) if number.isascii() and number.isdigit() else None
        if found is None:
            raise Unreachable(f"there is no status list at {url[:200]}")
        return Fetched(url, strict_json.dumps(found), "application/vc", "own origin")

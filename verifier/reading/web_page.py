"""Finds the credential that a web page holds or links to. Called in a disposable child; it runs no script of the page.

A page says what else it is in four ways, the most exact first: JSON-LD in it that is itself a credential; a link of
relation `alternate` or `describedby` with the media type of a credential (HTML, 4.6.7; RFC 8288); the same with a type
that much else has; and a link to a JSON file or token beside the page. It opens none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from credentials import strict_json

#: Addresses that a page may name for us; each costs an exchange with a stranger.
MAX_LINKS = 3
#: What stands before the body names what we look for; the whole answer of a server is no larger than this.
MAX_PAGE = 256_000
_OF_CREDENTIALS = {
    "application/vc", "application/vc+json", "application/vc+ld+json", "application/vc+jwt", "application/vc+sd-jwt",
    "application/dc+sd-jwt", "application/vc+cose",
}  # fmt: skip
_OF_MUCH_ELSE = {"application/ld+json": 1, "application/json": 2, "application/jwt": 2}
#: Files that may be a credential, by how their path ends.
_BESIDE = (".json", ".jsonld", ".jwt", ".sdjwt")
_AFTER_ALL = 3
_SCRIPT = "application/ld+json"
#: What a credential says of itself, of today's kinds and of Open Badges 2.0, which is named by its own error.
_NAMES = ("VerifiableCredential", "w3id.org/openbadges/v2")


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page offers: credentials that stand in it, and up to `MAX_LINKS` absolute addresses, the best first."""

    credentials: tuple[bytes, ...] = ()
    links: tuple[str, ...] = ()


def offered(data: bytes, address: str) -> Offered:
    """Read the page that lies at `address`. Whatever it holds, an answer comes: a page is never malformed."""
    page = _Page(address)
    page.feed(data[:MAX_PAGE].decode("utf-8-sig", "replace"))
    page.close()
    links = dict.fromkeys(link for _, _, link in sorted(page.links))
    return Offered(tuple(dict.fromkeys(page.credentials)), tuple(links)[:MAX_LINKS])


def encode(found: Offered) -> bytes:
    """What was found, as the child sends it."""
    return strict_json.dumps([[text.decode() for text in found.credentials], list(found.links)])


def decode(data: bytes) -> Offered:
    """Read what `encode` wrote; raises a `BadData` for anything that is no strict JSON."""
    value: Any = strict_json.loads(data)
    return Offered(tuple(text.encode() for text in value[0]), tuple(value[1]))


class _Page(HTMLParser):
    """Collects links as (rank, order, address), the lowest best, and JSON-LD that names itself a credential."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[int, int, str]] = []
        self.credentials: list[bytes] = []
        self._address = self._base = address
        self._script: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in reversed(attributes)}
        if tag == "link":
            self._linked(values)
        elif tag == "a":
            self._pointed(values.get("href", ""))
        elif tag == "base":
            self._base = _absolute(self._address, values.get("href", "")) or self._address
        elif tag == "script" and _media_type(values) == _SCRIPT:
            self._script = []

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag != "script" or self._script is None:
            return
        text, self._script = "".join(self._script).strip(), None
        if text.startswith("{") and any(name in text for name in _NAMES):
            self.credentials.append(text.encode("utf-8", "replace"))

    def _linked(self, values: dict[str, str]) -> None:
        relations = values.get("rel", "").lower().split()
        kind = _media_type(values)
        if "alternate" in relations or "describedby" in relations:
            rank = 0 if kind in _OF_CREDENTIALS else _OF_MUCH_ELSE.get(kind)
            if rank is None and kind == "" and "describedby" in relations:
                rank = _AFTER_ALL
            if rank is not None:
                self._add(rank, _absolute(self._base, values.get("href", "")))

    def _pointed(self, target: str) -> None:
        """A link that a person would click counts when its file lies beside the page, or below it."""
        link = _absolute(self._base, target)
        if link is None or not urlsplit(link).path.endswith(_BESIDE):
            return
        folder = self._address.partition("?")[0].rpartition("/")[0] + "/"
        if link.startswith(folder):
            self._add(_AFTER_ALL, link)

    def _add(self, rank: int, link: str | None) -> None:
        if link is not None and link != self._address:
            self.links.append((rank, len(self.links), link))


def _media_type(values: dict[str, str]) -> str:
    return values.get("type", "").partition(";")[0].strip().lower()


def _absolute(base: str, target: str) -> str | None:
    """The address without its fragment; None for what is no web address."""
    try:
        link = urljoin(base, target.strip()).partition("#")[0]
    except ValueError:
        return None
    return link if target.strip() and link.startswith(("https://", "http://")) else None

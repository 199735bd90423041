"""Names of hosts: which domain an issuer's home page stands on, and when two names are of one owner. Looks nothing up.

Who owns a name is decided by the registries; here the common ones are known, and where in doubt two names are taken for
two owners. Source: RFC 1034, 3.1; RFC 5890, 2.3.2.1 (A-labels).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from credentials import errors
from credentials.did import syntax

#: How many home pages are remembered: the same issuers come again and again.
_KEPT: Final = 4096
#: Names under which a country's registry sells, so that the third label from the end is the owner's.
_REGISTRY_LABELS: Final = frozenset({
    "ac", "co", "com", "edu", "gob", "go", "gouv", "gov", "govt", "gv", "mil", "ne", "net", "nhs", "nic", "or", "org",
    "sch", "uni",
})  # fmt: skip


def host_of(url: object) -> str | None:
    """The host of a web address in lower case and ASCII, without its port; None for anything else."""
    try:
        parts = urlsplit(url) if isinstance(url, str) and len(url) <= syntax.MAX_IDENTIFIER else None
        host = parts.hostname if parts is not None and parts.scheme in ("http", "https") else None
        if host is None:
            return None
        ascii_host = host.encode("idna").decode("ascii").lower()
        syntax.check_host(ascii_host)
    except (ValueError, errors.MalformedDid):
        return None
    return ascii_host if "." in ascii_host else None


@lru_cache(maxsize=_KEPT)
def domain_of_page(url: object) -> str | None:
    """The domain that a home page stands on: its host without `www.`; None for what is no web address."""
    host = host_of(url)
    return None if host is None else host.removeprefix("www.")


def origins(domain: str, page: str | None) -> tuple[str, ...]:
    """The https origins of an issuer: of its home page as it is written, if that is https, and of its bare domain."""
    host = host_of(page)
    own = f"https://{domain}"
    if host is None or page is None or not page.startswith("https://"):
        return (own,)
    port = urlsplit(page).port
    return tuple(dict.fromkeys((f"https://{host}{f':{port}' if port and port != 443 else ''}", own)))


def is_within(host: str, domain: str) -> bool:
    """Tell whether `host` is `domain` itself or a name below it; a port in `host` does not matter."""
    name = host.partition(":")[0]
    return name == domain or name.endswith("." + domain)


def registrable(host: str) -> str:
    """The part of a host's name that its owner registered: `careers.acme.co.uk` → `acme.co.uk`.

    Without the list of all public suffixes this is a rule of thumb: two labels, or three under a country's usual ones.
    """
    labels = host.partition(":")[0].split(".")
    country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _REGISTRY_LABELS
    return ".".join(labels[-3 if country else -2 :])

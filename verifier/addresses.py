"""Decides which web addresses and which IP addresses the verifier may open. Pure: it opens and resolves nothing.

Two gates, both needed: `parse_address` says whether a URL is spelled in the one way we accept, and `check_ip` whether
the IP address that its host really has lies on the public internet. The IP rule is our own table, because
`ipaddress.is_global` of Python 3.11 lets several special ranges pass (6to4, NAT64, multicast, …).

Sources: RFC 3986 (URI), RFC 1123 §2.1 (host names), WHATWG URL §3.5 ("ends in a number"), IANA IPv4 and IPv6
Special-Purpose Address Registries, RFC 6761 and RFC 8375 (special-use names).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from verifier.problems import AddressNotAllowed, PrivateAddress

IPAddress = IPv4Address | IPv6Address

#: Longer addresses than this carry something other than an address.
MAX_ADDRESS_LENGTH = 2048
DEFAULT_PORT = 443
#: Ports below this, 443 excepted, belong to mail, shells and the like: never to a DID document.
FIRST_UNPRIVILEGED_PORT = 1024

_ADDRESS = re.compile(
    r"https://(?P<host>[A-Za-z0-9.-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*)?(?P<query>\?[A-Za-z0-9._~%!$&'()*+,;=:@/?-]*)?"
    r"(?:#[A-Za-z0-9._~%!$&'()*+,;=:@/?-]*)?"
)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
#: A last label that browsers and C libraries read as a number: decimal, octal or hexadecimal.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
#: Names that never mean a host on the public internet.
_SPECIAL_NAMES = ("localhost", "local", "internal", "onion", "home.arpa")

_IPV4_UNICAST = (int(IPv4Address("1.0.0.0")), int(IPv4Address("223.255.255.255")))
_IPV4_EXCEPTIONS = tuple(
    IPv4Network(network)
    for network in (
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT, and a cloud's metadata service
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's wire server: a public number that is only reachable from inside
        "169.254.0.0/16",  # link-local, and most clouds' metadata service
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments, and a cloud's metadata service
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay anycast, deprecated
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
    )
)
_IPV6_UNICAST = IPv6Network("2000::/3")
_IPV6_EXCEPTIONS = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarking, …
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address inside
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An https address that passed the spelling gate. `host` is lower case ASCII, `target` is path and query."""

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Return host and port as they stand in the Host header: the port only when it is not 443."""
        return self.host if self.port == DEFAULT_PORT else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the address in its one spelling, without a fragment."""
        return f"https://{self.authority}{self.target}"


def parse_address(url: str) -> WebAddress:
    """Read an absolute https URL; a fragment is dropped. Raises `AddressNotAllowed` with the reason."""
    if len(url) > MAX_ADDRESS_LENGTH:
        raise AddressNotAllowed(f"The address is longer than {MAX_ADDRESS_LENGTH} characters.")
    match = _ADDRESS.fullmatch(url)
    if match is None:
        raise AddressNotAllowed(_why_not(url))
    host = match["host"].lower()
    _check_host(host)
    return WebAddress(host, _port(match["port"]), (match["path"] or "/") + (match["query"] or ""))


def check_ip(text: str) -> IPAddress:
    """Return the IP address if it is public unicast; raises `PrivateAddress` for every other one."""
    try:
        address = ip_address(text)
    except ValueError as error:
        raise PrivateAddress("The host's name leads to something that is not an IP address.") from error
    if not (_is_public_v4(address) if isinstance(address, IPv4Address) else _is_public_v6(address)):
        raise PrivateAddress("The host's name leads to an address that is not on the public internet.")
    return address


def _why_not(url: str) -> str:
    """Name the first rule that the spelling breaks, without repeating what was typed."""
    if not url.lower().startswith("https://"):
        return "Only addresses that begin with https:// are opened."
    authority = re.split(r"[/?#\\]", url[len("https://") :], maxsplit=1)[0]
    if "@" in authority:
        return "An address with a user name in it is not opened."
    if "[" in authority or "]" in authority:
        return "An address that names its host by number is not opened."
    if not url.isascii():
        return "The address holds characters outside ASCII; use its percent-encoded (or punycode) form."
    return "The address is not a well-formed https address."


def _check_host(host: str) -> None:
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise AddressNotAllowed("An address that names its host by number is not opened.")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressNotAllowed("The host in the address is not a well-formed name.")
    if any(host == name or host.endswith(f".{name}") for name in _SPECIAL_NAMES) or len(labels) < 2:
        raise AddressNotAllowed("The host in the address is not a name on the public internet.")


def _port(text: str | None) -> int:
    if text is None:
        return DEFAULT_PORT
    port = int(text)
    if port != DEFAULT_PORT and not FIRST_UNPRIVILEGED_PORT <= port <= 65535:
        raise AddressNotAllowed("The port in the address is not one that is opened.")
    return port


def _is_public_v4(address: IPv4Address) -> bool:
    first, last = _IPV4_UNICAST
    return first <= int(address) <= last and not any(address in network for network in _IPV4_EXCEPTIONS)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    return address in _IPV6_UNICAST and not any(address in network for network in _IPV6_EXCEPTIONS)

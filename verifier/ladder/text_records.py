"""The way to the name system for TXT records: one question, bounded in time and size. It judges nothing.

The machine's own name servers are asked, never one that a stranger names. An answer that does not fit into a datagram
is asked for once more by TCP, within the same time; more than so many records or characters are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from credentials.domains import txt
from credentials.errors import Unreachable
from verifier.addresses import parse_address
from verifier.problems import HostNotFound, TookTooLong

#: In bytes: a datagram of this size passes everywhere without being cut into pieces (DNS Flag Day 2020).
_DATAGRAM = 1_232
#: In characters: a DID and what stands before it.
_MAX_TEXT = 2_100


class DnsTexts:
    """A `credentials.ports.TextRecords` over DNS; without `resolver`, over the name servers of this machine."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._given = resolver

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        resolver = self._given or dns.resolver.Resolver()
        resolver.use_edns(0, 0, _DATAGRAM)
        return resolver

    def texts(self, name: str, timeout: float) -> Sequence[str]:
        """The TXT records of `name`, each put together; raises `Unreachable` and, for a private name, `Refused`."""
        parse_address(f"https://{name.removeprefix(txt.LABEL + '.')}")
        try:
            absolute = dns.name.from_text(name + ".")
            answer = self._resolver.resolve(absolute, dns.rdatatype.TXT, lifetime=timeout, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.Timeout as error:
            raise TookTooLong("The name system did not answer in time.") from error
        except dns.resolver.NoNameservers as error:
            raise HostNotFound("The name servers of the domain gave no usable answer.") from error
        except (dns.exception.DNSException, OSError) as error:
            raise Unreachable("The name system could not be asked.") from error
        joined = [b"".join(record.strings) for record in list(answer)[: txt.MAX_RECORDS]]
        return tuple(text.decode("ascii") for text in joined if text.isascii() and len(text) <= _MAX_TEXT)

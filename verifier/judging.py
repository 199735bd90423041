"""Joins the three things a request needs: what fetches, what reads files, and what time it is. It keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from credentials import strict_json, verify
from credentials.ports import Fetcher
from verifier import intake


@dataclass(frozen=True, slots=True)
class Judge:
    """Gives one verdict for one credential, whichever way it comes in. `clock` returns the time now, aware."""

    fetcher: Fetcher
    clock: Callable[[], datetime]
    read_pdf: intake.PdfReader

    def handed_in(self, data: bytes) -> verify.Report:
        """Judge the credential in `data`: JSON, compact token, COSE, PDF, PNG or SVG.

        Raises a `BadData` for what is none of them, or is JSON that the strict gate refuses.
        """
        credential = intake.credential_bytes(data, read_pdf=self.read_pdf)
        if intake.is_json(credential):
            strict_json.loads(credential)  # what is no JSON is a fault of the request, not a verdict on a credential
        return verify.verify(credential, fetcher=self.fetcher, now=self.clock())

    def at(self, address: str) -> verify.Report:
        """Fetch `address` once, through the same door as everything else, and judge what is there."""
        return self.handed_in(self.fetcher.fetch(address).body)

    def pasted(self, text: str) -> verify.Report:
        """Judge pasted text: an address when it is one and nothing else, a credential otherwise."""
        address = intake.address_in(text)
        return self.at(address) if address else self.handed_in(text.encode("utf-8", "surrogatepass"))

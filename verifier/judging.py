"""Joins the three things a request needs: what fetches, what reads files, and what time it is. It keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from credentials import strict_json, verify
from credentials.ports import Fetcher
from verifier import following, intake
from verifier.problems import NoCredentialInFile


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found, and the address that a QR code led to on the way there (None: there was no such code)."""

    report: verify.Report
    led_to: str | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Gives one verdict for one credential, whichever way it comes in. `clock` returns the time now, aware."""

    fetcher: Fetcher
    clock: Callable[[], datetime]
    reader: intake.FileReader

    def handed_in(self, data: bytes) -> Judged:
        """Judge the credential in `data`: JSON, compact token, COSE, PDF, PNG, SVG, or a picture of its QR code.

        Raises a `BadData` for what is none of them, or is JSON that the strict gate refuses.
        """
        return self.found(intake.contents(data, self.reader))

    def found(self, found: intake.Contents) -> Judged:
        """Judge what was found in a file: a credential, or QR codes that lead to one."""
        if isinstance(found, bytes):
            return Judged(self._verified(found))
        followed = following.only_credential(found, at=self._beyond_code, written=self._verified)
        return Judged(followed.report, followed.address)

    def at(self, address: str) -> Judged:
        """Fetch `address` once, through the same door as everything else, and judge what is there."""
        return self.handed_in(self.fetcher.fetch(intake.without_fragment(address)).body)

    def pasted(self, text: str) -> Judged:
        """Judge pasted text: an address when it is one and nothing else, a credential otherwise."""
        address = intake.address_in(text)
        return self.at(address) if address else self.handed_in(text.encode("utf-8", "surrogatepass"))

    def _beyond_code(self, address: str) -> verify.Report:
        """Judge what a code points to. A code that leads to a picture of a code leads in circles."""
        found = intake.contents(self.fetcher.fetch(address).body, self.reader)
        if isinstance(found, bytes):
            return self._verified(found)
        raise NoCredentialInFile("There is another QR code there, and no credential.")

    def _verified(self, credential: bytes) -> verify.Report:
        if intake.is_json(credential):
            strict_json.loads(credential)  # what is no JSON is a fault of the request, not a verdict on a credential
        return verify.verify(credential, fetcher=self.fetcher, now=self.clock())

"""Joins the three things a request needs: what fetches, what reads files, and what time it is. It keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from credentials import compact_claim, strict_json, verify
from credentials.errors import PlauditError
from credentials.lookalikes import Caution
from credentials.ports import Fetched, Fetcher
from credentials.verify.limits import DEFAULT_LIMITS
from credentials.verify.printed import is_printed_claim, verify_printed
from verifier import following, intake
from verifier.document.glance import InPdf
from verifier.document.judging_pdf import Documents
from verifier.ladder.rungs import Ladder
from verifier.problems import CodesNotLookedUp, NoCredentialInFile, ReaderBusy, TimeRanOut, TooManyFetches
from verifier.short_codes import ShortCodes

#: Problems of this request, which say nothing about what lies at an address.
_OURS = (ReaderBusy, TimeRanOut, TooManyFetches)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found, and the address that led there: of a QR code, a short code, or a link in a web page.

    `led_by` says which of them it was ("code", "short code" or "page"); both are None when what was handed in, or
    what lay at its address, was the credential itself.
    """

    report: verify.Report
    led_to: str | None = None
    led_by: str | None = None
    #: What shows that the issuer's domain is its own, and what to compare before relying on its name: `surroundings`.
    ladder: Ladder | None = None
    warnings: tuple[Caution, ...] = ()
    #: The bytes that were handed in or lay at the address, for whoever must name them; None where there were none.
    handed: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Judge:
    """Gives one verdict for one credential, whichever way it comes in. `clock` returns the time now, aware.

    Without `codes`, short codes from paper are not looked up; without `documents`, a PDF is only what it carries.
    """

    fetcher: Fetcher
    clock: Callable[[], datetime]
    reader: intake.FileReader
    codes: ShortCodes | None = None
    documents: Documents | None = None
    policy: verify.Policy = DEFAULT_LIMITS

    def handed_in(self, data: bytes) -> Judged:
        """Judge the credential in `data`: JSON, compact token, COSE, PDF, PNG, SVG, or a picture of its QR code.

        Raises a `BadData` for what is none of them, or is JSON that the strict gate refuses.
        """
        found = intake.contents(data, self.reader)
        judged = replace(self.found(found), handed=data)
        if self.documents is None or not intake.is_pdf(data):
            return judged
        return replace(judged, report=self.documents.judged(judged.report, data, embedded=isinstance(found, bytes)))

    def found(self, found: intake.Contents | InPdf) -> Judged:
        """Judge what was found in a file: a credential, or QR codes that lead to one."""
        if isinstance(found, bytes):
            return Judged(self._verified(found))
        if isinstance(found, InPdf):
            report = self._verified(found.credential)
            return Judged(self.documents.glanced(report, found) if self.documents else report)
        followed = following.only_credential(found, at=self._beyond_code, written=self._verified)
        return Judged(followed.report, followed.address, "code" if followed.address else None)

    def at(self, address: str) -> Judged:
        """Fetch `address` once, through the same door as everything else, and judge what is there.

        A web page there may link to the credential. When the record of a printed code cannot be had, the claim behind
        the # of its address is judged instead; nothing of it is ever sent.
        """
        return self._with_claim(address, self._landed)

    def pasted(self, text: str) -> Judged:
        """Judge pasted text: an address or a short code when it is one and nothing else, a credential otherwise."""
        if intake.address_in(text):
            return self.at(text.strip())
        return self.coded(text) if intake.is_short_code(text) else self.handed_in(text.encode("utf-8", "surrogatepass"))

    def coded(self, typed: str) -> Judged:
        """Judge the record whose short code was typed; raises what `ShortCodes.address_of` raises."""
        if self.codes is None:
            raise CodesNotLookedUp("Nobody is asked for short codes here.")
        address = self.codes.address_of(typed)
        return Judged(self.at(address).report, address, "short code")

    def _landed(self, address: str) -> Judged:
        """Judge what lies at an address, or what the web page there offers."""
        fetched = self.fetcher.fetch(address)
        if not intake.is_web_page(fetched.body):
            return self.handed_in(fetched.body)
        report, link = self._offered(fetched)
        return Judged(report, link, "page" if link else None)

    def _offered(self, fetched: Fetched) -> tuple[verify.Report, str | None]:
        offered = self.reader.read_page(fetched.body, fetched.url)
        return following.from_page(offered, at=self._directly, written=self._verified)

    def _beyond_code(self, address: str) -> verify.Report:
        """Judge what a code points to. A code that leads to a picture of a code leads in circles."""
        return self._with_claim(address, self._landed_beyond_code).report

    def _landed_beyond_code(self, address: str) -> Judged:
        fetched = self.fetcher.fetch(address)
        if intake.is_web_page(fetched.body):
            return Judged(self._offered(fetched)[0])
        return Judged(self._contained(fetched.body))

    def _directly(self, address: str) -> verify.Report:
        """Judge what lies at an address, which leads no further."""
        return self._contained(self.fetcher.fetch(address).body)

    def _contained(self, data: bytes) -> verify.Report:
        found = intake.contents(data, self.reader)
        if isinstance(found, bytes):
            return self._verified(found)
        raise NoCredentialInFile("There is another QR code there, and no credential.")

    def _with_claim(self, address: str, landed: Callable[[str], Judged]) -> Judged:
        """Judge what `landed` finds; when that is no credential, the claim behind the #, if there is one."""
        bare, claim = intake.without_fragment(address), intake.claim_in(address)
        try:
            judged = landed(bare)
            if claim is None or judged.report.verdict is not verify.Verdict.NOT_A_CREDENTIAL:
                return judged
            unseen: PlauditError = NoCredentialInFile("What lies at the address is no credential.")
        except _OURS:
            raise
        except PlauditError as problem:
            if claim is None:
                raise
            unseen = problem
        try:
            message = compact_claim.from_fragment(claim)
        except PlauditError:  # what stands behind the # is no claim after all
            raise unseen from None
        return Judged(self._printed(message, unseen))

    def _printed(self, claim: bytes, unseen: PlauditError | None = None) -> verify.Report:
        return verify_printed(claim, unseen=unseen, fetcher=self.fetcher, now=self.clock(), policy=self.policy)

    def _verified(self, credential: bytes) -> verify.Report:
        if is_printed_claim(credential):
            return self._printed(credential)
        if intake.is_json(credential):
            strict_json.loads(credential)  # what is no JSON is a fault of the request, not a verdict on a credential
        return verify.verify(credential, fetcher=self.fetcher, now=self.clock(), policy=self.policy)

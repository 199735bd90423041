"""The verifier's JavaScript in one page of real Chromium, asked for many judgements at a time."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import timestamps
from credentials.verify import Outcome, verify
from tests.verifier.test_browser import serving
from tests.worlds.completions import NOW
from tests.worlds.memory_web import MemoryWeb

#: Steps that the browser does, too; the status is asked for by nobody there.
STEPS = ("size", "structure", "key", "signature", "issuer", "validity")
#: What the browser says of something that it has no code for: then it claims nothing.
NOT_HERE = ("format_not_here", "browser_cannot")
OK = "ok"

_JUDGE = """async (cases) => {
    const { checkCredential } = await import("/static/js/credential-check.js");
    const { readCredential } = await import("/static/js/credential-reading.js");
    const { keysOfDocument } = await import("/static/js/did-document.js");
    const { momentOf } = await import("/static/js/moments.js");
    const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const found = [];
    for (const { data, document, keys, now } of cases) {
        try {
            const read = readCredential(bytes(data));
            await checkCredential(read, keys ?? keysOfDocument(bytes(document), read.issuer), momentOf(now));
            found.push("ok");
        } catch (error) { found.push(error.code ?? `${error} ${error.stack}`); }
    }
    return found;
}"""


@dataclass(frozen=True, slots=True)
class Case:
    """A credential, the issuer's DID document, and the time at which both are looked at."""

    data: bytes
    document: bytes
    now: datetime = NOW


class Page:
    """A page of the verifier's origin, in which its modules run."""

    def __init__(self, page: Any) -> None:
        self.run = page.evaluate

    def judge(self, cases: Sequence[Case]) -> list[str]:
        """`ok`, or the code of the first thing wrong, for each case."""
        sent = [
            {"data": _base64(case.data), "document": _base64(case.document), "now": timestamps.format(case.now)}
            for case in cases
        ]
        return list(self.run(_JUDGE, sent))

    def judge_with_keys(self, data: bytes, keys: Any, now: datetime = NOW) -> str:
        """The same with an issuer's keys as the page's server gives them."""
        sent = {"data": _base64(data), "keys": keys, "now": timestamps.format(now)}
        return str(self.run(_JUDGE, [sent])[0])


@contextmanager
def opened(browser: Any) -> Iterator[Page]:
    """A page that may import the verifier's modules."""
    with serving(MemoryWeb()) as origin:
        page = browser.new_page()
        page.goto(f"{origin}/verify")
        try:
            yield Page(page)
        finally:
            page.close()


def in_python(case: Case, url: str) -> str:
    """`ok`, or the code of the first step that did not pass, of the steps that the browser does as well."""
    web = MemoryWeb()
    web.put(url, case.document)
    report = verify(case.data, fetcher=web, now=case.now)
    broken = [step for step in report.steps if step.id in STEPS and step.outcome is not Outcome.PASSED]
    return str(broken[0].code) if broken else OK


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()

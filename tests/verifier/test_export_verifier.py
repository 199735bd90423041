"""`plaudit export-verifier`: one file that checks from a disk, as strictly as the page does, and asks nobody."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result

from credentials import compact_claim
from credentials.errors import Unreachable
from credentials.ports import Fetcher
from tests.credentials.jose_tokens import handmade
from tests.vectors import make_compact_claims
from tests.verifier import twisted
from tests.verifier.test_browser import watched
from tests.verifier.test_offline import publish
from tests.worlds.completions import NOW
from tests.worlds.issuers import Key, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier.export_cli import export_verifier_command
from verifier.exporting import html_file
from verifier.issuer_keys import known_keys

#: The file with all its code, as it would come over a line.
MOST_BYTES = 30_000
CLAIM, SIGNER = make_compact_claims.CLAIM, make_compact_claims.ED


@dataclass
class Installation:
    web: MemoryWeb
    own: tuple[str, ...] = ()

    def live_fetcher(self) -> Fetcher:
        return self.web

    def now(self) -> Any:
        return NOW

    def issuers(self) -> list[str]:
        return list(self.own)


@pytest.fixture
def web() -> MemoryWeb:
    web = MemoryWeb()
    publish(web, SIGNER, make_compact_claims.P256)
    web.put(twisted.ISSUER.did_url, twisted.DOCUMENT)
    return web


def export(web: MemoryWeb, out: Path, *arguments: str, own: tuple[str, ...] = ()) -> Result:
    return CliRunner().invoke(export_verifier_command, [*arguments, str(out)], obj=Installation(web, own))


def claim(signer: Key = SIGNER) -> str:
    return compact_claim.to_fragment(compact_claim.sign(CLAIM, signer, signer.public))


def test_the_issuers_of_this_installation_or_those_that_are_named(web: MemoryWeb, tmp_path: Path) -> None:
    own = export(web, tmp_path / "own.html", own=(CLAIM.issuer,))
    assert (own.exit_code, own.output.count("1 issuers with 2 keys")) == (0, 1)
    both = export(web, tmp_path / "both.html", "--issuer", CLAIM.issuer, "--issuer", twisted.ISSUER.did)
    assert "2 issuers with 5 keys" in both.output
    assert export(web, tmp_path / "none.html").exit_code == 2
    assert isinstance(export(web, tmp_path / "x.html", "--issuer", "did:web:gone.example").exception, Unreachable)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["both.html", "own.html"]


def test_all_of_it_is_in_the_file_and_it_is_small(web: MemoryWeb, tmp_path: Path) -> None:
    export(web, tmp_path / "v.html", "--issuer", CLAIM.issuer)
    html = (tmp_path / "v.html").read_text(encoding="utf-8")
    assert len(gzip.compress(html.encode())) <= MOST_BYTES
    assert "connect-src" not in html
    assert "default-src 'none'" in html.replace("&#39;", "'")
    assert "src=" not in html
    assert "<link" not in html


def test_what_an_issuer_is_called_ends_no_script() -> None:
    hostile = {"issuer": "did:web:x</script><script>alert(1)</script>", "asOf": "2026-07-01T12:00:00Z", "keys": []}
    html = html_file([hostile], NOW)
    assert html.count("<script") == 2
    assert "alert(1)</script>" not in html


@contextmanager
def opened(browser: Any, file: Path) -> Iterator[tuple[Any, list[str], list[str]]]:
    with watched(browser, scripts=True) as (page, asked, complaints):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(file.as_uri())
        yield page, asked, complaints


def said(page: Any, text: str) -> str:
    page.locator("#claim").fill(text)
    page.locator("#result").evaluate("element => { element.hidden = true; }")
    page.get_by_role("button", name="Check it here").click()
    page.wait_for_selector("#result:not([hidden])")
    return str(page.locator("#verdict").inner_text())


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.case("PRV-04")
def test_from_a_disk_it_confirms_codes_and_credentials_and_asks_nobody(
    browser: Any, web: MemoryWeb, tmp_path: Path
) -> None:
    export(web, tmp_path / "v.html", "--issuer", CLAIM.issuer, "--issuer", twisted.ISSUER.did)
    random = Random(7)
    token = twisted.token_signed(twisted.ISSUER.unsigned(), random).decode()
    jcs = to_bytes(twisted.jcs_signed(twisted.ISSUER.unsigned(), random)).decode()
    with opened(browser, tmp_path / "v.html") as (page, asked, complaints):
        for text in (f"https://plaudit.example/c/k7m2#{claim()}", token, jcs):
            seen = said(page, text)
            assert "Signature confirmed" in seen
            assert "not asked now" in seen
            assert "The issuer’s keys are the ones of 1 July 2026, which came with this file" in seen
            assert "Valid" not in seen
        assert "Employer Example (employer.example) confirmed on" in seen
        assert '"awardedDate"' in page.locator("#text").text_content()
        assert "Changed after signing" in said(page, token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1])
        assert "Employer Example" not in page.locator("#result").inner_text()
        assert "This is “eddsa-rdfc-2022”" in said(page, to_bytes(twisted.ISSUER.issue()).decode())
        assert page.evaluate("() => navigator.serviceWorker?.controller ?? null") is None
        assert asked == [(tmp_path / "v.html").as_uri()]
        assert complaints == []


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_the_history_of_the_keys_counts(browser: Any, web: MemoryWeb, tmp_path: Path) -> None:
    """A retired key confirms, a stolen one does not, whatever date its signature names; others are not known."""
    retired, stolen = (Key(name, twisted.ISSUER.did) for name in ("key-r", "key-s"))
    newer = Key("key-n", CLAIM.issuer)
    methods = [retired.method(), {**stolen.method(), "revoked": "2026-06-30T00:00:00Z"}]
    document = twisted.ISSUER.did_document(verificationMethod=methods, assertionMethod=[retired.verification_method])
    web.put(twisted.ISSUER.did_url, document)
    file = tmp_path / "v.html"
    known = [known_keys(did, web, NOW) for did in (twisted.ISSUER.did, CLAIM.issuer)]
    file.write_text(html_file(known, NOW), encoding="utf-8")
    by = {
        key: handmade({"alg": "EdDSA", "typ": "vc+jwt", "kid": key.verification_method}, twisted.ISSUER.unsigned(), key)
        for key in (retired, stolen)
    }
    with opened(browser, file) as (page, asked, _):
        assert "Signature confirmed" in said(page, by[retired])
        assert "declared the key stolen on 30 June 2026" in said(page, by[stolen])
        assert "it may be newer" in said(page, claim(newer))
        stranger = json.loads(to_bytes(twisted.jcs_signed(twisted.ISSUER.unsigned(), Random(1))))
        stranger["issuer"] = "did:web:other.example"
        assert "The keys of the named issuer are not in this file" in said(page, json.dumps(stranger))
        assert len(asked) == 1

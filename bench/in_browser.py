"""How long the page that needs no server takes to check what it is given, in Chromium; the network stays out of it.

    python -m bench --only browser

What is timed is what the page itself times: from the text to the verdict, with the issuer's keys looked up once before.
Each check is a new one; nothing is remembered but the keys.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
from collections.abc import Sequence
from random import Random
from typing import Any

from bench import results
from bench.world import require
from tests.vectors import make_compact_claims
from tests.verifier import twisted
from tests.verifier.test_browser import serving
from tests.worlds import chromium
from tests.worlds.issuers import to_bytes
from tests.worlds.memory_web import MemoryWeb

#: What was promised for the claim of a printed code.
MOST_MILLISECONDS = 50
CONFIRMED = "Signature confirmed"
FILE = "given"
CLAIM_KEYS = "https://plaudit.example/o/northwind/did.json"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--nothing-written", action="store_true", help="only print")
    options = parser.parse_args(arguments)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would print every address that it serves
    found = {name: statistics.median(times) for name, times in measure(options.rounds).items()}
    for name, milliseconds in found.items():
        print(f"  {name:<40}{milliseconds:8.1f} ms")
    outcome = "met" if max(found.values()) < MOST_MILLISECONDS else "missed"
    print(f"    in less than {MOST_MILLISECONDS} ms: {outcome}")
    if not options.nothing_written:
        results.write("browser", {"rounds": options.rounds, "milliseconds": found, "outcome": outcome})


def measure(rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each check by what was checked, in turns; raises `WrongWorkError` for a wrong verdict."""
    web, given = _given()
    taken: dict[str, list[float]] = {name: [] for name in given}
    with serving(web) as origin, chromium.launched() as browser:
        page = browser.new_page()
        for _ in range(rounds):
            for name, given_ in given.items():
                taken[name].append(_checked(page, f"{origin}/verify/offline", given_))
    return taken


def _checked(page: Any, address: str, given: str | bytes) -> float:
    """Open the page anew and hand it a claim, behind the # of the address, or a file. At first it looks up the keys."""
    page.goto("about:blank")
    page.goto(f"{address}#{given}" if isinstance(given, str) else address)
    if isinstance(given, bytes):
        page.locator("#file").set_input_files({"name": FILE, "mimeType": "text/plain", "buffer": given})
    page.wait_for_selector(f'#result[data-done="{given if isinstance(given, str) else FILE}"]')
    require(CONFIRMED in page.locator("#verdict").inner_text(), "the page does not confirm what is good")
    return float(page.locator("#result").get_attribute("data-milliseconds"))


def _given() -> tuple[MemoryWeb, dict[str, str | bytes]]:
    """What is checked, and the web on which its issuers publish their keys."""
    web, issuer, random = MemoryWeb(), twisted.ISSUER, Random(3)
    web.put(issuer.did_url, twisted.DOCUMENT)
    keys = (make_compact_claims.ED, make_compact_claims.P256)
    listed = [key.verification_method for key in keys]
    methods = [key.method() for key in keys]
    web.put(CLAIM_KEYS, {"id": keys[0].controller, "verificationMethod": methods, "assertionMethod": listed})
    [claim] = (path for path in make_compact_claims.FOLDER.rglob("usual.json"))
    fragment = json.loads(claim.read_bytes())["fragment"]
    return web, {
        "claim of a printed code": str(fragment),
        "record as vc+jwt": twisted.token_signed(issuer.unsigned(), random),
        "record as eddsa-jcs-2022": to_bytes(twisted.jcs_signed(issuer.unsigned(), random)),
    }

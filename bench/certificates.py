"""How long a certificate takes, and how large it is. It measures drawing only: nothing is signed or stored.

    python bench/certificates.py [--count N]

Prints, for one warm worker, the median and the slowest of N certificates by script; for two workers, certificates a
second; and how long the first one takes from a cold start. Every PDF is checked to be one before it is counted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from issuer.certificates import CertificateInput, CertificatePool
from tests.worlds.certificates import ORDINARY

NAMES = {
    "Latin": "José Álvarez Muñoz",
    "Arabic": "محمد الزهراني",
    "Devanagari": "प्रिया शर्मा",
    "Han": "李思远",
    "Hangul": "김서연",
    "200 letters": "Ana Beatriz de Albuquerque " * 7,
}
#: As large as a signed credential of the usual size.
CREDENTIAL = b'{"stands for": "a signed credential of the usual size"}'.ljust(5800)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30, help="certificates a script (default 30)")
    count = parser.parse_args(arguments).count
    with CertificatePool(workers=1) as pool:
        seconds, _ = _timed(pool, "Maya Lee")
        print(f"first certificate, process start included: {seconds * 1000:,.0f} ms")
        for script, name in NAMES.items():
            taken = sorted(_timed(pool, name) for _ in range(count))
            median, size = statistics.median(one for one, _ in taken), taken[0][1]
            print(
                f"{script:>12}: median {median * 1000:6.1f} ms, slowest {taken[-1][0] * 1000:6.1f} ms, {size:,} bytes"
            )
    with CertificatePool(workers=2) as pool:
        list(pool.render_many(_requests(4)))
        began = time.perf_counter()
        drawn = [pdf for pdf in pool.render_many(_requests(count * 2)) if isinstance(pdf, bytes)]
        print(f"  2 workers: {len(drawn) / (time.perf_counter() - began):.1f} certificates a second")


def _timed(pool: CertificatePool, name: str) -> tuple[float, int]:
    began = time.perf_counter()
    pdf = pool.render(replace(ORDINARY, student_name=name), CREDENTIAL)
    seconds = time.perf_counter() - began
    if not pdf.startswith(b"%PDF-1.7"):
        raise ValueError("not a PDF")
    return seconds, len(pdf)


def _requests(count: int) -> Iterator[tuple[CertificateInput, bytes]]:
    for number in range(count):
        yield replace(ORDINARY, student_name=f"Student {number}"), CREDENTIAL


if __name__ == "__main__":
    main()

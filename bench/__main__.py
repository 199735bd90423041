"""Runs the measurements: `make bench`, or `python -m bench --only NAME`. Prints figures and keeps them.

A promise that is missed is printed as missed; it does not fail the run. Wrong work does: it raises.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator, Sequence

from bench import (
    canonicalise,
    certificates,
    data_integrity,
    in_browser,
    issue,
    memory,
    over_http,
    results,
    revocation,
    sd_jwts,
    selective_disclosure,
    tokens,
)
from bench.measure import Comparison, Effort, measure
from bench.world import World, world

#: The engine's measurements: each gives comparisons, in which contenders take turns.
ENGINE: dict[str, Callable[[World], Iterator[Comparison]]] = {
    "canonicalise": canonicalise.comparisons,
    "data-integrity": data_integrity.comparisons,
    "selective-disclosure": selective_disclosure.comparisons,
    "tokens": tokens.comparisons,
    "sd-jwt": sd_jwts.comparisons,
    "revocation": revocation.comparisons,
}
MEMORY = "memory"
#: Those that stand by themselves, print their own figures and take long.
APART: dict[str, Callable[[Sequence[str]], None]] = {
    "http": over_http.main,
    "browser": in_browser.main,
    "issue": issue.main,
    "certificates": certificates.main,
}
#: Enough to see that everything still runs and nothing is ten times slower.
QUICK = Effort(rounds=3, seconds=0.02, warm_up_seconds=0.3)
QUICK_COUNT = 50


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what was asked for."""
    options = _parser().parse_args(arguments)
    if options.list:
        print("\n".join([*ENGINE, MEMORY, *APART]))
        return
    # A peer's advice about its own names; it would be printed once and measured each time.
    warnings.simplefilter("ignore")
    asked = options.only or [*ENGINE, MEMORY, *([] if options.quick else APART)]
    effort = QUICK if options.quick else Effort(rounds=options.rounds)
    if any(name in asked for name in ENGINE):
        with world() as made:
            for name in filter(asked.__contains__, ENGINE):
                run(name, made, effort, keep=not options.quick)
    if MEMORY in asked:
        _measure_memory(quick=options.quick)
    for name in filter(asked.__contains__, APART):
        print(f"\n{name}")
        APART[name]([])


def run(name: str, made: World, effort: Effort, *, keep: bool) -> None:
    """One measurement of the engine."""
    described = []
    for comparison in ENGINE[name](made):
        described.append(results.describe(comparison.name, measure(comparison, effort)))
        print(results.table(described[-1]), flush=True)
    if keep:
        results.write(name, {"rounds": effort.rounds, "comparisons": described})


def _measure_memory(*, quick: bool) -> None:
    found = memory.measure(QUICK_COUNT if quick else memory.COUNT)
    print(memory.table(found))
    if not quick:
        results.write(MEMORY, found)


def _parser() -> argparse.ArgumentParser:
    names = [*ENGINE, MEMORY, *APART]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the measurements and do nothing")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"run these alone: {', '.join(names)}")
    parser.add_argument("--rounds", type=int, default=Effort().rounds, help="rounds of each comparison (default 15)")
    parser.add_argument("--quick", action="store_true", help="the engine in under a minute; nothing is written")
    return parser


if __name__ == "__main__":
    main()

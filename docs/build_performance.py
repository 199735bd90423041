"""Writes docs/performance.md and its chart out of bench/results/; a test holds page, chart and results together.

Run it as `python docs/build_performance.py` after `make bench`. It measures nothing and changes no other file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "bench" / "results"
PAGE = REPOSITORY / "docs" / "performance.md"
CHART = REPOSITORY / "docs" / "pictures" / "performance.svg"

#: The measurements with comparisons, in the order of the page, and what each is about.
MEASUREMENTS = {
    "canonicalise": (
        "Canonical form",
        "JSON-LD to canonical N-Quads (RDFC-1.0). All sides give the same bytes. `PyLD, contexts kept` is our second "
        "path: PyLD with its processed contexts kept from call to call, which PyLD itself does not do.",
    ),
    "data-integrity": (
        "Data Integrity proofs",
        "To issue is to lint, canonicalise, hash and sign; the peer checks less before it signs. `by template` is a "
        "credential of a shape that was met before, as the records of one employer are; without it every credential "
        "is taken for the first of its shape. To verify is to read the text, check the form, find the key in a DID "
        "document that was read before, and check the proof; `proof alone` leaves out form and key. The last "
        "comparison is the whole verification of a stranger's credential.",
    ),
    "selective-disclosure": (
        "Selective disclosure with ecdsa-sd-2023",
        "The issuer's base proof, the holder's derived proof, the verifier's check. One member was left out of the "
        "credential for both sides: the peer throws on any JSON-LD list.",
    ),
    "tokens": (
        "JSON Web Tokens",
        "`vc+jwt` with Ed25519. Ours lints before it signs, unless it says otherwise, and holds type and claims "
        "against the credential when it verifies; the peers know tokens and nothing of credentials.",
    ),
    "sd-jwt": ("SD-JWT VC", "`dc+sd-jwt` with ten disclosures; the peer is `sd-jwt` of PyPI."),
    "revocation": (
        "Revocation",
        "Bits set, the list of 131,072 encoded and signed. A batch is published once.",
    ),
}
#: The chart shows these; the tables show all.
CHARTED = (
    "canonicalise",
    "eddsa-rdfc-2022 issue",
    "eddsa-rdfc-2022 verify",
    "ecdsa-rdfc-2019 issue",
    "ecdsa-rdfc-2019 verify",
    "ecdsa-sd-2023 derive",
    "ecdsa-sd-2023 verify",
    "vc+jwt verify",
    "dc+sd-jwt ES256 issue",
    "dc+sd-jwt ES256 verify",
)

INTRODUCTION = """# How fast

One process on each side, one realistic Open Badges 3.0 credential, the same document and the same keys for everybody.
Sides take turns, round after round, so that whatever disturbs the machine disturbs them all; a figure is the median of
{rounds} rounds. Node's processes stay alive and warm, and are timed inside Node, so that neither start-up nor pipes
count against them. Nothing counts before it was checked: each side accepts the other's work and refuses it once one
letter is changed.

Figures say little about another machine. The ratios of one run say more.

{machine}

![Operations a second by format, of Plaudit and of other implementations; the tables below hold all
figures](pictures/performance.svg)

`make bench` measures again; this page is written by `docs/build_performance.py` out of `bench/results/`.
"""


def page() -> str:
    """The whole page, as Markdown."""
    found = {name: load(name) for name in MEASUREMENTS}
    first = next(iter(found.values()))
    parts = [
        INTRODUCTION.format(rounds=first["rounds"], machine=_machine(first["machine"], first["versions"])),
        _targets(found),
        *(_section(*MEASUREMENTS[name], result["comparisons"]) for name, result in found.items()),
        _http(load("http")),
        _browser(load("browser")),
        _memory(load("memory")),
        _versions(first["versions"]),
    ]
    return "\n".join(parts)


def load(name: str) -> dict[str, Any]:
    """One file of results."""
    content: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return content


def _machine(machine: Mapping[str, Any], versions: Mapping[str, str]) -> str:
    return (
        f"Measured on {machine['processor']} ({machine['cores']} cores, {machine['system']}), "
        f"Python {machine['python']}, Node {versions['Node']}."
    )


def _targets(found: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (comparison["comparison"], target["target"], target["measured"] or "–", target["outcome"])
        for result in found.values()
        for comparison in result["comparisons"]
        for target in comparison["targets"]
    ]
    met = sum(outcome == "met" for *_, outcome in rows)
    table = _table(("comparison", "target", "measured", "outcome"), rows)
    return f"## What was promised\n\n{met} of {len(rows)} targets are met.\n\n{table}"


def _section(title: str, about: str, comparisons: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join([f"## {title}\n", f"{about}\n", *map(_comparison, comparisons)])


def _comparison(comparison: Mapping[str, Any]) -> str:
    contenders = comparison["contenders"]
    ours = contenders[0]["microseconds"]
    rows = [
        (
            one["name"],
            _time(one["microseconds"]),
            f"{1e6 / one['microseconds']:,.0f}",
            "" if one is contenders[0] else _relation(one, ours),
            f"{_time(one['fastest_round'])} to {_time(one['slowest_round'])}",
        )
        for one in contenders
    ]
    columns = ("", "median", "a second", "against the first", "rounds")
    return f"### {comparison['comparison']}\n\n{_table(columns, rows)}"


def _relation(one: Mapping[str, Any], ours: float) -> str:
    """How the first compares: as a share of the bare signature, else how many times as fast."""
    ratio = one["microseconds"] / ours
    return f"the first reaches {ratio:.1%} of it" if one["yardstick"] else f"{ratio:,.3g} × the time"


def _http(result: Mapping[str, Any]) -> str:
    about = (
        f"`plaudit serve` and a Node server over `@digitalbazaar/vc`, {result['processes']} processes each on "
        f"{result['machine']['cores']} cores that they share with the caller, in turns; {result['records']} different "
        f"records of the installation's own, {result['connections']} callers at once (one for the pages). Every check "
        "is done each time; of a record that was met before, ours remembers that form and signature were good. When "
        f"it began, {result['load_before']:g} other processes wanted the cores."
    )
    rows = [
        (one["name"], f"{one['per_second']:,.0f}", f"{one['p50']:.1f} ms", f"{one['p99']:.1f} ms")
        for one in result["contenders"]
    ]
    promised = [(one["target"], one["measured"], one["outcome"]) for one in result["targets"]]
    table = _table(("", "a second", "half within", "99 % within"), rows)
    return f"## Over HTTP\n\n{about}\n\n{table}\n{_table(('target', 'measured', 'outcome'), promised)}"


def _browser(result: Mapping[str, Any]) -> str:
    about = (
        "`/verify/offline` in Chromium, from a text to its verdict, with the issuer's keys looked up before; medians "
        f"of {result['rounds']} rounds. Less than 50 ms was promised for the claim: {result['outcome']}, by all three."
    )
    rows = [(name, f"{milliseconds:.1f} ms") for name, milliseconds in result["milliseconds"].items()]
    return f"## In the browser, without a server\n\n{about}\n\n{_table(('', 'median'), rows)}"


def _memory(result: Mapping[str, Any]) -> str:
    rows = [(name, f"{kilobytes / 1024:,.0f} MB") for name, kilobytes in result["peak_kilobytes"].items()]
    about = (
        f"The peak of a process that issues {result['credentials']:,} credentials ({result['suite']}), keeping none."
    )
    return f"## Memory\n\n{about}\n\n{_table(('', 'peak'), rows)}"


def _versions(versions: Mapping[str, str]) -> str:
    return "## Versions\n\n" + _table(
        ("package", "version"), sorted(versions.items(), key=lambda item: item[0].lower())
    )


def _time(microseconds: float) -> str:
    return f"{microseconds / 1000:,.2f} ms" if microseconds >= 1000 else f"{microseconds:.1f} µs"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


# -- the chart

WIDTH, LABELS, RIGHT = 860, 250, 90
BAR, GAP, GROUP, TOP, BOTTOM = 15, 3, 30, 66, 34
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 17px; font-weight: 600 }
  .group { font-weight: 600 }
  .small { font-size: 12px; fill: #59636e }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .ours { fill: #0b6e4f }
  .peer { fill: #8c959f }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .ours { fill: #3fb68b }
    .peer { fill: #6e7681 }
  }
"""


def chart() -> str:
    """The chart as SVG: a bar for each contender, as long as the logarithm of what it does in a second."""
    groups = list(_groups())
    rates = [rate for _, bars in groups for _, rate in bars]
    low, high = math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates)))
    body, y = [], TOP
    for title, bars in groups:
        body.append(f'<text class="group" x="0" y="{y + 12}">{escape(title)}</text>')
        y += 20
        for name, rate in bars:
            body += _bar(name, rate, y, low, high)
            y += BAR + GAP
        y += GROUP - 20
    height = y + BOTTOM
    grid = [part for power in range(low, high + 1) for part in _grid_line(power, low, high, y)]
    fastest = "; ".join(_sentence(title, bars) for title, bars in groups)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            'role="img" aria-labelledby="title desc">',
            '<title id="title">Operations a second by format, on a logarithmic scale</title>',
            f'<desc id="desc">{escape(fastest)}.</desc>',
            f"<style>{STYLE}</style>",
            '<text class="title" x="0" y="20">Operations a second, one process</text>',
            '<text class="small" x="0" y="42">Logarithmic: each line is ten times the one before. '
            "Medians of one run; longer is faster.</text>",
            *grid,
            *body,
            "</svg>\n",
        ]
    )


def _groups() -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """Each charted comparison with its contenders and their operations a second; yardsticks are left out."""
    comparisons = {
        comparison["comparison"]: comparison for name in MEASUREMENTS for comparison in load(name)["comparisons"]
    }
    for name in CHARTED:
        if name in comparisons:
            contenders = comparisons[name]["contenders"]
            yield name, [(one["name"], 1e6 / one["microseconds"]) for one in contenders if not one["yardstick"]]


def _bar(name: str, rate: float, y: int, low: int, high: int) -> list[str]:
    kind = "ours" if name.startswith("Plaudit") else "peer"
    end = _x(math.log10(rate), low, high)
    return [
        f'<text x="{LABELS - 10}" y="{y + 12}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{end - LABELS:.1f}" height="{BAR}" rx="2"/>',
        f'<text class="small" x="{end + 6:.1f}" y="{y + 12}">{rate:,.0f}</text>',
    ]


def _grid_line(power: int, low: int, high: int, bottom: int) -> list[str]:
    x = _x(power, low, high)
    return [
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{bottom}"/>',
        f'<text class="small" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{10**power:,}</text>',
    ]


def _x(logarithm: float, low: int, high: int) -> float:
    return LABELS + (logarithm - low) / (high - low) * (WIDTH - LABELS - RIGHT)


def _sentence(title: str, bars: Sequence[tuple[str, float]]) -> str:
    return f"{title}: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in bars)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    CHART.write_text(chart(), encoding="utf-8")

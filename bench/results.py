"""Prints what was measured and keeps it as bench/results/<measurement>.json, which docs/performance.md is made of."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import targets
from bench.measure import Figure
from tests.interop.node_worker import node_version, package_version

FOLDER = Path(__file__).resolve().parent / "results"

#: Whose versions belong to a figure.
PYTHON_PEERS = ("PyLD", "joserfc", "PyJWT", "sd-jwt", "PyNaCl", "cryptography", "jsonschema-rs", "orjson")
NODE_PEERS = (
    "@digitalbazaar/vc",
    "@digitalbazaar/eddsa-rdfc-2022-cryptosuite",
    "@digitalbazaar/eddsa-jcs-2022-cryptosuite",
    "@digitalbazaar/ecdsa-rdfc-2019-cryptosuite",
    "@digitalbazaar/ecdsa-jcs-2019-cryptosuite",
    "@digitalbazaar/ecdsa-sd-2023-cryptosuite",
    "@digitalbazaar/vc-bitstring-status-list",
    "jsonld",
    "rdf-canonize",
)


def describe(name: str, figures: Sequence[Figure]) -> dict[str, Any]:
    """One comparison as it is kept: the medians, the spread of the rounds, and each promise with what came of it."""
    medians = {figure.name: figure.microseconds for figure in figures}
    return {
        "comparison": name,
        "contenders": [
            {
                "name": figure.name,
                "yardstick": figure.yardstick,
                "microseconds": round(figure.microseconds, 2),
                "fastest_round": round(min(figure.rounds), 2),
                "slowest_round": round(max(figure.rounds), 2),
            }
            for figure in figures
        ],
        "targets": judge(name, medians),
    }


def judge(name: str, medians: Mapping[str, float]) -> list[dict[str, Any]]:
    """Each promise about a comparison, the figure, and whether it was kept."""
    judged = []
    for target in targets.of(name):
        measured = target.measured(medians)
        outcome = "not measured" if measured is None else "met" if target.is_met(measured) else "missed"
        written = "" if measured is None else target.write(measured)
        judged.append({"target": target.describe(), "measured": written, "outcome": outcome})
    return judged


def table(result: Mapping[str, Any]) -> str:
    """One comparison for the terminal."""
    lines = ["", result["comparison"]]
    fastest_own = result["contenders"][0]["microseconds"]
    for contender in result["contenders"]:
        microseconds = contender["microseconds"]
        lines.append(
            f"  {contender['name']:<42} {microseconds:>12,.1f} µs {1e6 / microseconds:>12,.0f} /s"
            f" {microseconds / fastest_own:>9.2f} ×"
        )
    lines += [f"    {item['target']}: {item['measured']} {item['outcome']}" for item in result["targets"]]
    return "\n".join(lines)


def write(measurement: str, found: Mapping[str, Any]) -> None:
    """Keep the figures of one measurement; nothing in the file says whose machine it was."""
    FOLDER.mkdir(exist_ok=True)
    content = {"machine": machine(), "versions": versions(), **found}
    (FOLDER / f"{measurement}.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def machine() -> dict[str, Any]:
    """What the figures were measured on: processor, cores, Python, how busy it was."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    """Everybody's versions, by package."""
    found = {name: importlib.metadata.version(name) for name in PYTHON_PEERS}
    return found | {name: package_version(name) for name in NODE_PEERS} | {"Node": node_version()}


def _processor() -> str:
    """The processor's own name, as Linux gives it; its architecture elsewhere."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()

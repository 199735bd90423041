"""The page of speed and its chart say what bench/results/ says, and everything promised is on it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from bench import targets

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_performance", REPOSITORY / "docs" / "build_performance.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_page_and_chart_are_what_was_measured(builder: ModuleType) -> None:
    assert builder.PAGE.read_text(encoding="utf-8") == builder.page(), "run: python docs/build_performance.py"
    assert builder.CHART.read_text(encoding="utf-8") == builder.chart(), "run: python docs/build_performance.py"


def test_every_promise_is_on_the_page_with_its_outcome(builder: ModuleType) -> None:
    rows = [
        line for line in builder.page().splitlines() if line.endswith(("| met |", "| missed |", "| not measured |"))
    ]
    for target in targets.TARGETS:
        assert any(f"| {target.comparison} | {target.describe()} |" in row for row in rows), target


def test_every_charted_comparison_was_measured(builder: ModuleType) -> None:
    assert [name for name, _ in builder._groups()] == list(builder.CHARTED)


def test_the_chart_tells_its_figures_to_who_cannot_see_it(builder: ModuleType) -> None:
    chart = ElementTree.fromstring(builder.chart())
    names = {"svg": "http://www.w3.org/2000/svg"}
    description = chart.findtext("svg:desc", namespaces=names) or ""
    assert chart.get("role") == "img"
    assert set((chart.get("aria-labelledby") or "").split()) == {
        element.get("id") for element in chart.iterfind("*[@id]")
    }
    assert all(name in description for name in builder.CHARTED)


def test_the_results_name_no_machine_and_no_folder(builder: ModuleType) -> None:
    for path in builder.RESULTS.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert str(REPOSITORY) not in text
        assert str(Path.home()) not in text

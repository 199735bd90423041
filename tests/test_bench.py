"""The measurements measure right work, take turns, and judge promises as they are written. No figure is asserted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bench import __main__ as command
from bench import results, targets
from bench.measure import Comparison, Contender, Effort, Figure, measure, timed
from bench.targets import Target
from bench.world import World, WrongWorkError, world
from tests.interop.node_worker import NodeMissingError

#: One turn each: the work is checked, and its speed is nobody's business here.
ONCE = Effort(rounds=1, seconds=0, warm_up_seconds=0)


def test_contenders_take_turns_and_medians_are_kept() -> None:
    order: list[str] = []

    def contender(name: str, microseconds: list[float]) -> Contender:
        taken = iter([1.0, *microseconds])

        def run(n: int) -> float:
            order.append(name)
            return next(taken)

        return Contender(name, run)

    pair = [contender("ours", [5, 1, 3]), contender("theirs", [70, 90, 80])]
    figures = measure(Comparison("c", pair, lambda: None), Effort(rounds=3, seconds=0, warm_up_seconds=0))
    assert order == ["ours", "theirs"] * 4  # the first of each warms up
    assert {figure.name: figure.microseconds for figure in figures} == {"ours": 3, "theirs": 80}


def test_nothing_is_measured_when_the_work_is_wrong() -> None:
    def refuse() -> None:
        raise WrongWorkError("wrong")

    def run(n: int) -> float:
        raise AssertionError("measured all the same")

    with pytest.raises(WrongWorkError):
        measure(Comparison("c", [Contender("ours", run)], refuse), ONCE)


def test_a_python_function_is_called_as_often_as_asked() -> None:
    calls: list[int] = []
    assert timed(lambda: calls.append(1))(7) > 0
    assert len(calls) == 7


@pytest.mark.parametrize(
    ("target", "written", "met"),
    [
        (Target("c", "times", 30, "theirs", "ours"), "20 ×", False),
        (Target("c", "times", 20, "theirs", "ours"), "20 ×", True),
        (Target("c", "share", 0.05, "raw", "ours"), "4.0%", False),
        (Target("c", "share", 0.04, "raw", "ours"), "4.0%", True),
        (Target("c", "microseconds", 499, ours="ours"), "0.50 ms", False),
        (Target("c", "microseconds", 500, ours="ours"), "0.50 ms", True),
        (Target("c", "within", 0.04, "theirs", "ours"), "0.05 ×", False),
        (Target("c", "within", 0.05, "theirs", "ours"), "0.05 ×", True),
    ],
)
def test_promises_are_judged_as_written(target: Target, written: str, met: bool) -> None:
    measured = target.measured({"ours": 500.0, "theirs": 10_000.0, "raw": 20.0})
    assert measured is not None
    assert (target.write(measured), target.is_met(measured)) == (written, met)


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert Target("c", "times", 2, "theirs", "ours").measured({"ours": 1.0}) is None
    assert Target("c", "times", 2, "theirs", "ours").measured({"theirs": 1.0}) is None
    outcomes = {row["outcome"] for row in results.judge("canonicalise", {targets.PYLD: 1.0})}
    assert outcomes == {"not measured"}


def test_what_is_kept_and_what_is_printed_say_the_same() -> None:
    described = results.describe("revocation", [Figure(targets.ONE_REVOCATION, [400.0, 300.0, 500.0])])
    assert described["contenders"][0] == {
        "name": targets.ONE_REVOCATION,
        "yardstick": False,
        "microseconds": 400.0,
        "fastest_round": 300.0,
        "slowest_round": 500.0,
    }
    printed = results.table(json.loads(json.dumps(described)))
    assert "400.0 µs" in printed
    assert "one revocation: at most 0.6 ms: 0.40 ms met" in printed


def test_the_list_names_every_measurement(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--list"])
    assert capsys.readouterr().out.split() == [*command.ENGINE, command.MEMORY, *command.APART]


@pytest.fixture(scope="module")
def made() -> Iterator[World]:
    try:
        with world() as found:
            yield found
    except NodeMissingError as error:
        pytest.skip(str(error))


@pytest.mark.interop
@pytest.mark.xdist_group("node")
@pytest.mark.parametrize("name", command.ENGINE)
def test_each_measurement_does_right_work(name: str, made: World) -> None:
    """Every comparison checks each side's work by the other's means, and every promise names contenders it has."""
    for comparison in command.ENGINE[name](made):
        figures = measure(comparison, ONCE)
        described = results.describe(comparison.name, figures)
        assert all(target["outcome"] != "not measured" for target in described["targets"]), described["targets"]

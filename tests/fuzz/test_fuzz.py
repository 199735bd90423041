"""Every parser of the core, fuzzed: whatever bytes come in, it gives a value or a typed error, and within bounds.

Short here; `make trust` runs each target for a minute and more.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

pytest.importorskip("atheris", reason="atheris is not on this machine: `make test` brings it")

REPOSITORY = Path(__file__).resolve().parent.parent.parent
#: Runs of one target in CI: a second or two on a busy machine.
SHORT_RUNS = 2_000
LONG_SECONDS = 60


def fuzz(name: str, corpus: Path, *flags: str) -> None:
    """Run one target from its seeds; a finding fails with what atheris said."""
    for number, seed in enumerate(TARGETS[name].seeds()):
        (corpus / str(number)).write_bytes(seed)
    limits = ["-rss_limit_mb=2048", "-timeout=10", "-max_len=65536", f"-artifact_prefix={corpus}/found-"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", name, *limits, *flags, str(corpus)],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=LONG_SECONDS * 5,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4_000:]


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_gives_a_value_or_a_typed_error(name: str, tmp_path: Path) -> None:
    fuzz(name, tmp_path, f"-runs={SHORT_RUNS}", "-seed=1")


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_gives_a_value_or_a_typed_error_for_a_minute(name: str, tmp_path: Path) -> None:
    fuzz(name, tmp_path, f"-max_total_time={LONG_SECONDS}")


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_of_a_target_reach_the_parser(name: str) -> None:
    """A seed that is refused at the door teaches the fuzzer nothing: at least one of each target is read to its end."""
    assert any(TARGETS[name].accepts(seed) for seed in TARGETS[name].seeds())

"""What every test may ask for: folders of outside data and a browser, each skipped with a clear word when absent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests import listener
from tests.worlds import chromium

# How long an example takes says how busy the machine is; speed is measured in bench/.
settings.register_profile("plaudit", deadline=None)
settings.load_profile("plaudit")

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium as the system brings it; one for the session, as Playwright runs once in a process."""
    if chromium.program() is None:
        pytest.skip("Chromium is not on this machine: `make test` brings it")
    with chromium.launched() as launched:
        yield launched


def _outside(path: Path, what: str) -> Path:
    if not path.is_dir():
        pytest.skip(f"{what} are not on this machine (looked in {path.name}/ beside the repository)")
    return path


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The official test vectors: `$PLAUDIT_VECTORS`, else ../shared/vectors."""
    return _outside(Path(os.environ.get("PLAUDIT_VECTORS", SHARED / "vectors")), "the official test vectors")


@pytest.fixture(scope="session")
def security_cases() -> Path:
    """Corpora and makers of the required attack cases."""
    return _outside(SHARED / "security", "the security corpora")


@pytest.fixture(scope="session")
def shared_samples() -> Path:
    """The sample CSV files that come from outside the repository."""
    return _outside(SHARED / "samples", "the shared sample files")


# -- nothing leaves this machine ------------------------------------------------------------------------------------

#: What processes of `pytest -n` have heard; theirs is added up in the one that prints.
_ELSEWHERE: list[int] = []

listener.start()


@pytest.fixture(autouse=True)
def no_stray_connection() -> Iterator[None]:
    """Fail the test that opens a connection, or looks up a name, beyond this machine."""
    before = len(listener.heard())
    yield
    strays = listener.heard()[before:]
    assert strays == [], "nothing may leave this machine"


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["strays"] = len(listener.heard())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _ELSEWHERE.append(getattr(node, "workeroutput", {}).get("strays", 0))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"stray connections: {len(listener.heard()) + sum(_ELSEWHERE)}")

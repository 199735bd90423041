"""What every test may ask for: the folders of outside data, each skipped with a clear word when absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


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

"""What tests of the core may ask for."""

from __future__ import annotations

import pytest

from credentials.jsonld.shapes import SHAPES, Shapes
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb


@pytest.fixture
def web() -> MemoryWeb:
    """A web of its own for each test."""
    return MemoryWeb()


@pytest.fixture
def issuer(web: MemoryWeb) -> Issuer:
    """An employer on that web."""
    return Issuer(web)


@pytest.fixture
def nothing_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    """No templates, and credit for new ones: whatever other tests of this process taught it or used up."""
    for hash_name in ("sha256", "sha384"):
        monkeypatch.setitem(SHAPES, hash_name, Shapes(hash_name))

"""What tests of the core may ask for."""

from __future__ import annotations

import pytest

from credentials.jsonld.shapes import SHAPES, Shapes


@pytest.fixture
def nothing_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    """No templates, and credit for new ones: whatever other tests of this process taught it or used up."""
    for hash_name in ("sha256", "sha384"):
        monkeypatch.setitem(SHAPES, hash_name, Shapes(hash_name))

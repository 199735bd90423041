"""Fixtures of the service tests: one fresh instance for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worlds.instances import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A new instance on SQLite with one organisation, `acme`."""
    made = make_world(tmp_path)
    yield made
    made.instance.close()

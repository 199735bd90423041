"""What the tests of keys share: a key folder, a store and a keyring in a temporary place, and a clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from keys.file_store import FileStore
from keys.keyring import Keyring
from tests.keys.world import CHEAP, MovableClock, right_passphrase


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def store(folder: Path) -> FileStore:
    store = FileStore(folder, right_passphrase, stretching=CHEAP)
    store.prepare()
    return store


@pytest.fixture
def keyring(store: FileStore, clock: MovableClock) -> Keyring:
    return Keyring(store, clock)

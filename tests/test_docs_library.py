"""The library's page is true: every line of code on it is run, and gives what the page says."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from credentials import did
from credentials.multikey import PublicKey
from tests.worlds.memory_web import MemoryWeb

PAGE = Path(__file__).resolve().parent.parent / "docs" / "library.md"
#: The names that the page tells its reader to bring, of the shape that it shows further down.
SEED = bytes(32)


class PageSigner:
    """What the page's own `Ed25519Signer` is, for the lines above its definition."""

    algorithm = "EdDSA"

    def __init__(self) -> None:
        self._key = SigningKey(SEED)
        public = PublicKey.from_ed25519_bytes(bytes(self._key.verify_key))
        self.did = did.did_key(public)
        self.verification_method = f"{self.did}#{public.multikey}"

    def sign(self, data: bytes) -> bytes:
        return bytes(self._key.sign(data).signature)


@pytest.mark.docs
def test_the_code_on_the_page_does_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {"signer": PageSigner(), "no_network": MemoryWeb()}
    result = doctest.testfile(str(PAGE), module_relative=False, globs=names, encoding="utf-8")
    assert result.attempted > 20
    assert result.failed == 0, capsys.readouterr().out


@pytest.mark.docs
def test_every_module_that_the_page_names_is_there() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## The formats")[2].partition("##")[0]
    named = re.findall(r"`((?:[a-z_0-9]+\.)*[a-z_0-9]+)`", table)
    assert len(named) > 10
    for name in named:
        assert _exists(name), name


def _exists(name: str) -> bool:
    """Whether `name` is a module of the core, or something in one."""
    try:
        importlib.import_module(f"credentials.{name}")
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return bool(module) and hasattr(importlib.import_module(f"credentials.{module}"), attribute)
    return True

"""Hears every connection and name look-up that would leave this machine, in the tests and in servers that they start.

It hears by Python's audit events, below whatever a library does, and lets none through: they fail as they would without
a network. The pages that Chromium opens are watched by their own tests. What was heard makes the test fail that did it,
and the last line of a run says how much there was (tests/conftest.py).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.listener import sitecustomize

_FOLDER = tempfile.TemporaryDirectory(prefix="plaudit-listener-")
_LOG = Path(_FOLDER.name) / "heard"


def start() -> None:
    """Listen from now on, for as long as the process lives."""
    sitecustomize.listen(_LOG)


def heard() -> list[str]:
    """Everything heard so far, here and in servers that were started with `for_children`."""
    return _LOG.read_text(encoding="utf-8").splitlines() if _LOG.exists() else []


def for_children() -> Mapping[str, str]:
    """Environment that makes a Python process listen from its start, and so its own children."""
    folder = str(Path(sitecustomize.__file__).parent)
    path = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH", ""))))
    return {"PYTHONPATH": path, sitecustomize.LOG: str(_LOG)}

"""Chromium as the system brings it, for tests, pictures and measurements. Nothing of its own looks for the Internet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

#: Root needs --no-sandbox; a container's shared memory is small.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def program() -> str | None:
    """Where it is; None when it is not on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@contextmanager
def launched(where: str | None = None, *more_flags: str) -> Iterator[Browser]:
    """A headless browser that ends with the block. Playwright runs once in a process."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=where or program(), headless=True, args=[*FLAGS, *more_flags]
        )
        yield chromium
        chromium.close()

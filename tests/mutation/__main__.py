"""Runs the mutations by hand: `python -m tests.mutation ["credentials.verify.steps*" ...]`; prints score and survivors.

Set PLAUDIT_MUTATION_FOLDER to an empty folder to keep the mutants there.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

from tests.conftest import SHARED
from tests.mutation import battery


def main(names: list[str]) -> None:
    kept = os.environ.get("PLAUDIT_MUTATION_FOLDER")
    vectors = Path(os.environ.get("PLAUDIT_VECTORS", SHARED / "vectors"))
    started = time.monotonic()
    with contextlib.nullcontext(Path(kept)) if kept else battery.sandbox() as folder:
        if kept:
            battery.fill(folder)
        found = battery.run(folder, names, vectors)
        print(battery.describe(found, folder))
    print(f"\n{(time.monotonic() - started) / 60:.1f} minutes")


main(sys.argv[1:])

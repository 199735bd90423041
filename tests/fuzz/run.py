"""Runs one fuzz target under atheris, guided by coverage of the core: `python -m tests.fuzz.run TARGET CORPUS [flags]`.

The flags are libFuzzer's (`-max_total_time=60`, `-runs=1000`, `-seed=1`). It ends with code 0 when nothing was found.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["credentials"], enable_loader_override=False):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    name, *flags = sys.argv[1:]
    atheris.Setup([sys.argv[0], *flags], TARGETS[name].run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

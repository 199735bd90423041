"""Runs every measurement, one after the other: `make bench`. Each prints its figures."""

from __future__ import annotations

from bench import certificates, issue

if __name__ == "__main__":
    for measurement in (issue, certificates):
        print(f"\n{measurement.__name__}")
        measurement.main()

"""How long it takes to issue: signed, verified by the second path, stored, status list published. No PDFs are drawn.

    python bench/issue.py [--counts 60 1000]

Real keys at their real cost, SQLite on the disk of the temporary folder, everything from the CSV's bytes on; a process
that has just started (imports and the reading of schemas are measured apart). The figures count only when `fsck` finds
nothing damaged. Prints them and writes bench/results/issue.json.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from issuer.config import IssuerConfig
from issuer.instance import Instance
from issuer.services import batches, issuance, organisations
from issuer.services.fsck import fsck

RESULTS = Path(__file__).resolve().parent / "results" / "issue.json"
#: What the product promises for 60 records on two cores, without PDFs.
PROMISED_SECONDS = 3.0

#: Every row of the run is the first of the samples, of another student each time.
SAMPLES = Path(__file__).resolve().parent.parent / "issuer" / "samples" / "demo.csv"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[60, 1000], help="records in each run")
    runs = [measure(count) for count in parser.parse_args(arguments).counts]
    for run in runs:
        print(
            f"{run['records']:>6} records: uploaded and checked {run['upload_seconds']:.2f} s, signed, stored and "
            f"published {run['issue_seconds']:.2f} s ({run['records_per_second']:.0f} a second)"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine(), "runs": runs}, indent=2) + "\n", "utf-8")
    sixty = next((run for run in runs if run["records"] == 60), None)
    if sixty is not None and sixty["issue_seconds"] + sixty["upload_seconds"] > PROMISED_SECONDS:
        sys.exit(f"60 records took longer than the promised {PROMISED_SECONDS:g} s")


def measure(count: int) -> dict[str, float]:
    """Issue `count` records in a new instance; seconds of the upload and of the issue."""
    with tempfile.TemporaryDirectory(prefix="plaudit-bench-") as folder:
        environ = {"PLAUDIT_HOME": str(Path(folder) / "home")}
        instance = Instance.initialise(IssuerConfig.from_environ(environ), environ)
        organisation = organisations.create(
            instance, slug="acme", name="Acme", domain="acme.example", url="https://acme.example/"
        )
        began = time.perf_counter()
        batch = batches.create(instance, organisation, table(count), "bench.csv", actor="bench")
        batches.confirm(instance, batch.id, actor="bench")
        uploaded = time.perf_counter()
        result = issuance.issue_batch(instance, batch.id)
        issued = time.perf_counter()
        damaged = [finding for finding in fsck(instance) if finding.severity == "damage"]
        instance.close()
    if len(result.issued) != count or damaged:
        raise SystemExit(f"{len(result.issued)} of {count} were issued; damage: {damaged}")
    return {
        "records": count,
        "upload_seconds": round(uploaded - began, 3),
        "issue_seconds": round(issued - uploaded, 3),
        "records_per_second": round(count / (issued - uploaded), 1),
    }


def table(count: int) -> bytes:
    """CSV bytes with that many rows, each of another student."""
    with SAMPLES.open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(row))
    writer.writeheader()
    for number in range(count):
        writer.writerow({**row, "student_email": f"student{number}@students.example"})
    return out.getvalue().encode()


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 2)}


if __name__ == "__main__":
    main()

"""How fast the running service verifies, beside a Node server over @digitalbazaar/vc: in turns, over HTTP.

    python -m bench --only http
    python bench/over_http.py [--records 400] [--rounds 5] [--seconds 2] [--workers 2]

Ours is `plaudit serve` as a person starts it, with as many web processes as the peer has. The records are issued for
real; every check is done each time (key, signature, issuer, times, status, domain), and so are they by the peer, with
contexts, DID document and status list in its memory. Each record is another one. What is met for the first time is
measured apart from what was met before: of that, ours remembers that form and signature were good.

Nothing counts before both sides accepted every record and refused an altered one, and ours a withdrawn one.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import delete

from bench import results
from bench.issue import table
from bench.load import Load, drive, get, post
from bench.world import require
from issuer.config import IssuerConfig
from issuer.db.engine import writing
from issuer.db.journal import OutboxItem
from issuer.instance import Instance
from issuer.services import batches, issuance, organisations, records, revocation
from issuer.services.origin import OwnOriginFetcher
from tests.interop.node_worker import HERE, node_program
from verifier.fetch import SafeFetcher

REPOSITORY = Path(__file__).resolve().parent.parent
API, PEER, PAGE, RECORD = "API", "@digitalbazaar/vc over Node's http", "page of a check", "page of a record"
FIRST = "API, each record for the first time"
#: What was promised; see `judge`.
PER_SECOND, TIMES, P99_MS, PAGE_P50_MS = 1500, 15, 20, 5
#: Callers at once: enough that no process waits for work.
CONNECTIONS = 8
START_SECONDS = 60
VALID, ACCEPTED, SHOWN = b'"verdict":"valid"', b'"verified":true', b"</html>"


@dataclass(frozen=True, slots=True)
class Effort:
    records: int = 400
    rounds: int = 5
    seconds: float = 2.0
    workers: int = 2


@dataclass(frozen=True, slots=True)
class Given:
    """What both sides are asked about: signed records, one of them withdrawn, and what they need to be judged."""

    credentials: Sequence[bytes]
    withdrawn: bytes
    pages: Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("records", 400), ("rounds", 5), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--nothing-written", action="store_true", help="only print")
    options = parser.parse_args(arguments)
    effort = Effort(options.records, options.rounds, options.seconds, options.workers)
    found = measure(effort)
    print(written(found))
    if not options.nothing_written:
        results.write("http", found)


def measure(effort: Effort) -> dict[str, Any]:
    """Start both sides, check that they judge rightly, and let them take turns."""
    with tempfile.TemporaryDirectory(prefix="plaudit-bench-") as folder, ExitStack() as stack:
        ours, theirs = _free_port(), _free_port()
        environ = _environ(Path(folder), ours)
        given = issued(environ, effort.records)
        load_before = os.getloadavg()[0]
        stack.enter_context(_running(_plaudit(ours, effort.workers), environ, ours))
        stack.enter_context(_running(_peer(folder, theirs, effort.workers, given.pages), None, theirs))
        first = check(given, ours, theirs)
        loads = _rounds(given, ours, theirs, effort)
    return {
        "records": effort.records,
        "rounds": effort.rounds,
        "processes": effort.workers,
        "connections": CONNECTIONS,
        "load_before": round(load_before, 2),
        "contenders": [_described(FIRST, [first]), *(_described(name, found) for name, found in loads.items())],
        "targets": judge(loads),
    }


def issued(environ: Mapping[str, str], count: int) -> Given:
    """A new instance with that many records in it, one more that is withdrawn, and what strangers fetch of it."""
    instance = Instance.initialise(IssuerConfig.from_environ(environ), environ)
    owner = organisations.create(instance, slug="acme", name="Acme", domain="acme.example", url="https://acme.example/")
    batch = batches.create(instance, owner, table(count + 1), "bench.csv", actor="bench")
    batches.confirm(instance, batch.id, actor="bench")
    *ids, last = issuance.issue_batch(instance, batch.id).issued
    found = records.of_ids(instance, list(ids))
    withdrawn = records.get(instance, last).credential
    revocation.revoke(instance, last, "for the measurement", actor="bench")
    pages = _pages(instance, found[0].credential, withdrawn)
    forget_certificates(instance)
    instance.close()
    require(len(found) == count, f"{len(found)} of {count} records were issued")
    return Given([record.credential for record in found], withdrawn, pages)


def forget_certificates(instance: Instance) -> None:
    """Owe nobody a PDF: drawing hundreds would take the cores from what is measured."""
    with writing(instance.engine) as connection:
        connection.execute(delete(OutboxItem))


def _pages(instance: Instance, *credentials: bytes) -> dict[str, Any]:
    """DID document and status lists by URL, as the peer's loader wants them."""
    fetcher = OwnOriginFetcher(instance, SafeFetcher())
    documents = [json.loads(credential) for credential in credentials]
    lists = {document["credentialStatus"]["statusListCredential"] for document in documents}
    host, *path = documents[0]["issuer"]["id"].removeprefix("did:web:").split(":")
    urls = [f"https://{host.replace('%3A', ':')}/{'/'.join(path)}/did.json", *lists]
    return {url: json.loads(fetcher.fetch(url).body) for url in urls}


def check(given: Given, ours: int, theirs: int) -> Load:
    """Have both sides judge everything; return how long ours took for what it met for the first time.

    Each of our processes meets a record by itself, so that "for the first time" is true for one of several.
    """
    changed = json.loads(given.credentials[0])
    changed["credentialSubject"]["achievement"]["name"] += "!"
    altered = json.dumps(changed, ensure_ascii=False).encode()
    drive(ours, [_ask_ours(ours, altered)], b'"verdict":"altered"', most=1)
    drive(ours, [_ask_ours(ours, given.withdrawn)], b'"verdict":"withdrawn"', most=1)
    drive(theirs, [_ask_theirs(theirs, altered)], b'"verified":false', most=1)
    asked = [_ask_ours(ours, credential) for credential in given.credentials]
    first = drive(ours, asked, VALID, most=len(asked), connections=CONNECTIONS)
    sample = [_ask_theirs(theirs, credential) for credential in given.credentials[:100]]
    drive(theirs, sample, ACCEPTED, most=len(sample), connections=CONNECTIONS)
    return first


def _rounds(given: Given, ours: int, theirs: int, effort: Effort) -> dict[str, list[Load]]:
    urls = [json.loads(credential)["id"] for credential in given.credentials]
    asked: dict[str, tuple[int, list[bytes], bytes, int]] = {
        API: (ours, [_ask_ours(ours, one) for one in given.credentials], VALID, CONNECTIONS),
        PEER: (theirs, [_ask_theirs(theirs, one) for one in given.credentials], ACCEPTED, CONNECTIONS),
        PAGE: (ours, [get(ours, f"/verify?url={url}") for url in urls], SHOWN, 1),
        RECORD: (ours, [get(ours, url.removeprefix(f"http://localhost:{ours}")) for url in urls], SHOWN, 1),
    }
    for port, requests, expected, connections in asked.values():
        drive(port, requests, expected, connections=connections, seconds=min(1.0, effort.seconds))
    found: dict[str, list[Load]] = {name: [] for name in asked}
    for _ in range(effort.rounds):
        for name, (port, requests, expected, connections) in asked.items():
            found[name].append(drive(port, requests, expected, connections=connections, seconds=effort.seconds))
    return found


def _ask_ours(port: int, credential: bytes) -> bytes:
    return post(port, "/api/v1/verify", credential, "application/vc+json")


def _ask_theirs(port: int, credential: bytes) -> bytes:
    return post(port, "/", credential, "application/json")


# -- figures


def _described(name: str, loads: Sequence[Load]) -> dict[str, Any]:
    return {
        "name": name,
        "per_second": round(statistics.median(load.per_second for load in loads), 1),
        **{
            f"p{share:.0%}".rstrip("%"): round(statistics.median(load.percentile(share) for load in loads), 2)
            for share in (0.5, 0.99)
        },
    }


def judge(loads: Mapping[str, Sequence[Load]]) -> list[dict[str, str]]:
    """Each promise, the figure, and whether it was kept."""
    described = {name: _described(name, found) for name, found in loads.items()}
    times = described[API]["per_second"] / described[PEER]["per_second"]
    rate, slowest = described[API]["per_second"], described[API]["p99"]
    rows = [
        (f"API: at least {PER_SECOND:,} verifications a second", f"{rate:,.0f}", rate >= PER_SECOND),
        (f"API: at least {TIMES} × the peer", f"{times:.1f} ×", times >= TIMES),
        (f"API: 99 % within {P99_MS} ms", f"{slowest:.1f} ms", slowest <= P99_MS),
        *(
            (f"{name}: half within {PAGE_P50_MS} ms", f"{described[name]['p50']:.1f} ms",
             described[name]["p50"] <= PAGE_P50_MS)
            for name in (PAGE, RECORD)
        ),
    ]  # fmt: skip
    return [
        {"target": target, "measured": measured, "outcome": "met" if met else "missed"}
        for target, measured, met in rows
    ]


def written(found: Mapping[str, Any]) -> str:
    """The figures for the terminal."""
    lines = ["", f"over HTTP, {found['processes']} processes a side, load before {found['load_before']}"]
    lines += [
        f"  {one['name']:<42} {one['per_second']:>9,.0f} /s   p50 {one['p50']:>7.2f} ms   p99 {one['p99']:>7.2f} ms"
        for one in found["contenders"]
    ]
    lines += [f"    {item['target']}: {item['measured']} {item['outcome']}" for item in found["targets"]]
    return "\n".join(lines)


# -- both sides, running


def _environ(folder: Path, port: int) -> dict[str, str]:
    passed = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    own = {"PLAUDIT_HOME": str(folder / "home"), "PLAUDIT_BASE_URL": f"http://localhost:{port}"}
    return {**passed, **own, "HOME": str(folder), "PLAUDIT_VERIFIER_PER_MINUTE": "0"}


def _plaudit(port: int, workers: int) -> list[str]:
    return [sys.executable, "-m", "plaudit", "serve", "--port", str(port), "--workers", str(workers)]


def _peer(folder: str, port: int, workers: int, pages: Mapping[str, Any]) -> list[str]:
    file = Path(folder) / "pages.json"
    file.write_text(json.dumps({"pages": pages}), encoding="utf-8")
    return [node_program(), str(HERE / "http_verifier.mjs"), str(port), str(workers), str(file)]


@contextmanager
def _running(command: Sequence[str], environ: Mapping[str, str] | None, port: int) -> Iterator[None]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environ, **quiet)  # type: ignore[call-overload]
    try:
        end = time.monotonic() + START_SECONDS
        while not _answers(port):
            require(process.poll() is None and time.monotonic() < end, f"{command[1]} did not start")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()

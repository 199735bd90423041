"""Hostile files against the running service: each is refused, nobody else waits for them, no memory is taken.

Figures are printed. How much slower others get is held to its bound only in the long battery: a busy machine's moments
would decide the short one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.load import Load, drive, post
from tests.verifier import files
from tests.web.conftest import Site, free_port, running
from tests.web.issued import issue
from tests.web.processes import peak_memory, web_processes

pytestmark = [pytest.mark.timeout(900)]
HERE = Path(__file__).resolve().parent
VALID = b'"verdict":"valid"'
#: A request body of this size is held while it is read; what a file unpacks to never is.
MEMORY_ALLOWED = 64 * 1024 * 1024
#: Under this, a moment's work of the machine decides and not the bombs.
QUIET_MS = 30.0


@dataclass(frozen=True, slots=True)
class Service:
    site: Site
    port: int
    requests: list[bytes]

    def verify(self, seconds: float) -> Load:
        """Two callers verify one record after the other; every answer has to say that it is valid."""
        return drive(self.port, self.requests, VALID, connections=2, seconds=seconds)

    @property
    def memory(self) -> int:
        pids = web_processes(self.site.group)
        assert pids, "no web process was found"
        return peak_memory(pids)

    @contextmanager
    def bombed(self, at_once: int, seconds: float, *hostile: Path) -> Iterator[dict[str, list[tuple[int, str | None]]]]:
        """Hand in files meanwhile; after it, what they were answered with stands in what was yielded."""
        given = [str(self.port), str(at_once), str(seconds), *map(str, hostile)]
        found: dict[str, list[tuple[int, str | None]]] = {}
        with subprocess.Popen([sys.executable, str(HERE / "bombing.py"), *given], stdout=subprocess.PIPE) as process:
            yield found
            out, _ = process.communicate(timeout=800)
        found.update(json.loads(out))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    port = free_port()
    credentials = issue(tmp_path, f"http://localhost:{port}", 20)
    settings = {"PLAUDIT_BASE_URL": f"http://localhost:{port}", "PLAUDIT_VERIFIER_PER_MINUTE": "0"}
    with running(tmp_path, **settings) as site:
        asked = [post(port, "/api/v1/verify", one, "application/vc+json") for one in credentials]
        drive(port, asked, VALID, connections=2, most=40)
        yield Service(site, port, asked)


def report(what: str, before: Load, during: Load, service: Service, memory: int) -> None:
    grown = (service.memory - memory) / 1024 / 1024
    print(
        f"\n{what}: p99 of other verifications {before.percentile(0.99):.1f} ms before, "
        f"{during.percentile(0.99):.1f} ms meanwhile; p50 {before.percentile(0.5):.1f} and "
        f"{during.percentile(0.5):.1f} ms; peak memory of the web process {memory / 1024 / 1024:.0f} MB "
        f"and {grown:+.1f} MB"
    )


def twenty_at_once(service: Service, bomb: Path, seconds: float) -> tuple[Load, Load]:
    with service.bombed(20, 0.5, bomb):
        pass  # what is loaded with the first file is no bomb's doing
    memory = service.memory
    before = service.verify(seconds)
    with service.bombed(20, seconds + 1, bomb) as answered:
        during = service.verify(seconds)
    report("20 bombs at once", before, during, service, memory)
    answers = answered[bomb.name]
    assert {status for status, _ in answers} <= {422, 413, 503}
    refused = [later for status, later in answers if status == 503]
    assert refused, "20 at once are more than wait"
    assert all(later is not None and int(later) > 0 for later in refused)
    assert service.memory - memory < MEMORY_ALLOWED
    return before, during


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """A PDF of a quarter of a megabyte whose attachment unpacks to a quarter of a gigabyte."""
    path = tmp_path / "bomb.pdf"
    path.write_bytes(files.pdf_with_stream(files.deflated_zeros(1 << 28), "/FlateDecode"))
    return path


@pytest.mark.case("UPL-13")
def test_twenty_bombs_at_once_are_told_to_come_back_and_others_are_served(service: Service, bomb: Path) -> None:
    _, during = twenty_at_once(service, bomb, 1.5)
    assert len(during.times) > 10, "others are served meanwhile"


@pytest.mark.slow
@pytest.mark.case("UPL-13")
def test_twenty_bombs_at_once_make_nobody_else_wait_twice_as_long(service: Service, bomb: Path) -> None:
    before, during = twenty_at_once(service, bomb, 10.0)
    assert during.percentile(0.99) <= max(2 * before.percentile(0.99), QUIET_MS)


def all_refused(service: Service, hostile: list[Path], seconds: float, *, may_be_judged: bool) -> tuple[Load, Load]:
    """Hand in every file once, two at a time; each ends in a 4xx, or (JSON that is well-formed) is judged."""
    memory = service.memory
    before = service.verify(seconds)
    with service.bombed(2, 0, *hostile) as answered:
        during = service.verify(seconds)
    report(f"{len(hostile)} files", before, during, service, memory)
    assert len(answered) == len(hostile)
    for file in hostile:
        for status, _ in answered[file.name]:
            judged = may_be_judged and status == 200 and file.suffix == ".json"
            assert judged or 400 <= status < 500, (file.name, status)
    assert service.memory - memory < MEMORY_ALLOWED
    return before, during


@pytest.mark.case("UPL-01", "UPL-06", "WEB-08")
def test_a_handful_of_hostile_files_is_refused(service: Service, bomb: Path, tmp_path: Path) -> None:
    itxt = files.png(files.chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + files.deflated_zeros(1 << 27)))
    hostile = {
        "itxt.png": itxt,
        "laughs.svg": files.svg("&a;", before='<!DOCTYPE s [<!ENTITY a "lol">]>'),
        "deep.json": b"[" * 100_000 + b"]" * 100_000,
        "cut.pdf": bomb.read_bytes()[:5_000],
    }
    for name, data in hostile.items():
        (tmp_path / name).write_bytes(data)
    all_refused(service, [bomb, *(tmp_path / name for name in hostile)], 1.0, may_be_judged=False)


@pytest.mark.slow
@pytest.mark.case("UPL-01", "UPL-03", "UPL-06", "UPL-07", "WEB-08")
def test_every_file_of_the_bomb_maker_is_refused(service: Service, security_cases: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bombs"
    subprocess.run([sys.executable, str(security_cases / "makers" / "mkbombs.py"), str(folder)], check=True)
    before, during = all_refused(service, sorted(folder.iterdir()), 20.0, may_be_judged=True)
    assert during.percentile(0.99) <= max(2 * before.percentile(0.99), QUIET_MS)


@pytest.mark.slow
@pytest.mark.case("UPL-03")
def test_every_malformed_pdf_is_refused(service: Service, vectors: Path) -> None:
    hostile = sorted((vectors / "pdf-malformed").glob("*.pdf"))
    assert len(hostile) >= 139
    before, during = all_refused(service, hostile, 20.0, may_be_judged=False)
    assert during.percentile(0.99) <= max(2 * before.percentile(0.99), QUIET_MS)

"""The pool keeps its promises when its processes do not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from issuer.certificates import CertificatePool, Limits, MissingGlyph, RendererBusy, RenderingStopped, frames
from issuer.certificates.pool import ROOT
from tests.issuer.certificates import reading
from tests.worlds.certificates import CREDENTIAL, ORDINARY


def _workers() -> list[int]:
    """Process ids of this process's rendering children."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    found = [int(pid) for file in children for pid in file.read_text().split()]
    return [pid for pid in found if b"issuer.certificates.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.fixture
def own_pool() -> Iterator[tuple[CertificatePool, int]]:
    """A pool with a short deadline, warm, and the id of its one process."""
    before = set(_workers())
    with CertificatePool(workers=1, limits=Limits(deadline=1.0)) as pool:
        pool.render(ORDINARY, CREDENTIAL)
        (pid,) = set(_workers()) - before
        yield pool, pid
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.case("TPL-05")
@pytest.mark.parametrize(("ended", "words"), [(signal.SIGSTOP, "deadline"), (signal.SIGKILL, "signal 9")])
def test_a_process_that_hangs_or_dies_fails_one_certificate_only(
    own_pool: tuple[CertificatePool, int], ended: signal.Signals, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, pid = own_pool
    asked = frames.request

    def end_it_first(*values: object) -> bytes:
        os.kill(pid, ended)
        monkeypatch.undo()
        return asked(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(frames, "request", end_it_first)
    with pytest.raises(RenderingStopped, match=words):
        pool.render(ORDINARY, CREDENTIAL)
    assert reading.failures(pool.render(ORDINARY, CREDENTIAL)) == []


def test_a_process_that_died_idle_is_replaced_unnoticed(own_pool: tuple[CertificatePool, int]) -> None:
    pool, pid = own_pool
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert pool.render(ORDINARY, CREDENTIAL).startswith(b"%PDF-1.7")


@pytest.mark.case("TPL-05")
def test_a_process_over_its_memory_is_ended_with_the_reason() -> None:
    with (
        CertificatePool(workers=1, limits=Limits(memory=24 << 20)) as pool,
        pytest.raises(RenderingStopped, match="renderer gave no answer"),
    ):
        pool.render(ORDINARY, CREDENTIAL)


@pytest.mark.case("TPL-05")
@pytest.mark.parametrize(
    ("work", "ended"),
    [
        ("limits.apply(64 << 20); bytearray(128 << 20)", "MemoryError"),
        ("limits.allow_cpu(0)\nwhile True: pass", -signal.SIGXCPU),
        ("limits.write_little(); print(tempfile.TemporaryFile(buffering=0).write(bytes(1 << 20)))", "65536"),
    ],
)
def test_limits_hold(work: str, ended: int | str) -> None:
    code = f"import tempfile\nfrom issuer.certificates import limits\n{work}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert ended == done.returncode if isinstance(ended, int) else ended in done.stdout + done.stderr


def test_many_come_in_order_and_an_error_stands_in_its_place(pool: CertificatePool) -> None:
    names = ["Ada", "Amun 𓀀", "佐藤 美咲", "Bo"]
    drawn = list(pool.render_many((replace(ORDINARY, student_name=name), name.encode()) for name in names))
    assert isinstance(drawn[1], MissingGlyph)
    for name, pdf in zip(names, drawn, strict=True):
        if isinstance(pdf, bytes):
            assert reading.attachments(pdf)["credential.json"][0] == name.encode()


def test_requests_are_read_as_they_are_needed(pool: CertificatePool) -> None:
    read = []

    def requests() -> Iterator[tuple[object, bytes]]:
        for number in range(1000):
            read.append(number)
            yield ORDINARY, b"{}"

    next(pool.render_many(requests()))  # type: ignore[arg-type]
    assert len(read) < 10


def test_a_worker_is_replaced_after_its_share() -> None:
    before = set(_workers())
    with CertificatePool(workers=1, limits=Limits(renders=1)) as pool:
        first = pool.render(ORDINARY, CREDENTIAL)
        assert set(_workers()) - before == set()
        assert pool.render(ORDINARY, CREDENTIAL) == first


def test_a_busy_pool_says_so_instead_of_waiting_for_ever() -> None:
    with CertificatePool(workers=1, patience=0.01) as pool:
        place = pool._places.get()
        with pytest.raises(RendererBusy):
            pool.render(ORDINARY, CREDENTIAL)
        pool._places.put(place)


def test_a_worker_learns_nothing_of_the_services_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAUDIT_PASSPHRASE", "correct horse")
    before = set(_workers())
    with CertificatePool(workers=1) as pool:
        pool.render(ORDINARY, CREDENTIAL)
        (pid,) = set(_workers()) - before
        assert b"PLAUDIT_" not in Path(f"/proc/{pid}/environ").read_bytes()

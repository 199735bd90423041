"""PDFs from strangers are read in children that cost nothing to lose."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pikepdf
import pytest

from tests.verifier import files
from tests.verifier.files import CREDENTIAL
from verifier import sandbox
from verifier.problems import DamagedFile, EncryptedFile, FileTookTooLong, FileUnpacksTooLarge, ReaderBusy
from verifier.sandbox import FileSandbox, SandboxLimits


def test_the_child_gives_the_credential_back() -> None:
    assert FileSandbox().read_pdf(files.pdf(CREDENTIAL)) == CREDENTIAL


@pytest.mark.case("UPL-01", "UPL-02")
def test_the_childs_problems_come_back_typed() -> None:
    reader = FileSandbox()
    with pytest.raises(FileUnpacksTooLarge):
        reader.read_pdf(files.pdf_with_stream(files.deflated_zeros(1 << 26), "/FlateDecode"))
    with pytest.raises(EncryptedFile):
        reader.read_pdf(files.pdf(CREDENTIAL, encryption=pikepdf.Encryption(owner="o", user="u")))


@pytest.mark.case("UPL-03")
def test_a_file_that_takes_too_long_is_stopped() -> None:
    started = time.monotonic()
    with pytest.raises(FileTookTooLong):
        FileSandbox(SandboxLimits(seconds=0.01)).read_pdf(files.pdf(CREDENTIAL))
    assert time.monotonic() - started < 2


@pytest.mark.case("UPL-01")
def test_a_child_without_enough_memory_is_no_disaster() -> None:
    with pytest.raises(DamagedFile):
        FileSandbox(SandboxLimits(memory_bytes=16 * 1024 * 1024)).read_pdf(files.pdf(CREDENTIAL))


@pytest.mark.case("UPL-13")
def test_more_than_the_places_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two children are held at their start; the third caller hears at once that all places are taken."""
    inside, release = threading.Semaphore(0), threading.Event()

    def held(task: str, data: bytes, limits: SandboxLimits) -> bytes:
        inside.release()
        release.wait(10)
        return b"found\n" + data

    monkeypatch.setattr(sandbox, "_run_child", held)
    reader = FileSandbox(SandboxLimits(at_once=2, wait_seconds=0.01))
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(reader.read_pdf(b"x"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=10)
    with pytest.raises(ReaderBusy):
        reader.read_pdf(b"x")
    release.set()
    for thread in threads:
        thread.join()
    assert answers == [b"x", b"x"]
    assert reader.read_pdf(b"y") == b"y"


@pytest.mark.case("UPL-14")
def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    FileSandbox().read_pdf(files.pdf(CREDENTIAL))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("answer", [b"", b"problem\nno_such_code\nx", b"nonsense\nx", b"\xff\xfe", b"problem"])
def test_an_answer_that_is_none_is_a_damaged_file(answer: bytes) -> None:
    with pytest.raises(DamagedFile):
        sandbox._result(answer)

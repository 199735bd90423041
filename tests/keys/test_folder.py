"""The private folder: what is refused (KEY-01), and that a file is whole whatever the disk does."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from keys.errors import KeyFileExposed, KeyStoreUnwritable
from keys.folder import PrivateFolder
from tests.keys.world import FaultyDisk, Loss, PowerCut

OLD, NEW = b"old content " * 40, b"new content, longer " * 40
#: More calls than any single write makes; each test stops at the first number that is not reached.
ENOUGH = 50


@pytest.fixture
def private(folder: Path) -> PrivateFolder:
    private = PrivateFolder(folder)
    private.ensure()
    private.write("file", OLD, replace=False)
    return private


def read(folder: Path, name: str = "file") -> bytes | None:
    return PrivateFolder(folder).read(name, max_bytes=10_000)


def test_folder_and_files_are_private_from_the_first_moment(private: PrivateFolder) -> None:
    assert private.path.stat().st_mode & 0o777 == 0o700
    assert (private.path / "file").stat().st_mode & 0o777 == 0o600


@pytest.mark.case("KEY-01")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601, 0o777])
def test_a_file_open_to_others_is_refused_with_the_command_that_helps(private: PrivateFolder, mode: int) -> None:
    path = private.path / "file"
    path.chmod(mode)
    with pytest.raises(KeyFileExposed, match=f"has mode {mode:04o}. Run: chmod 600 {path}"):
        read(private.path)


@pytest.mark.case("KEY-01")
@pytest.mark.parametrize("mode", [0o777, 0o755, 0o770, 0o702, 0o1777])
def test_a_folder_open_to_others_is_refused_for_reading_and_for_writing(private: PrivateFolder, mode: int) -> None:
    private.path.chmod(mode)
    for attempt in (private.names, lambda: read(private.path), lambda: private.write("x", NEW, replace=True)):
        with pytest.raises(KeyFileExposed, match=f"Run: chmod 700 {private.path}"):
            attempt()


@pytest.mark.case("KEY-01")
def test_a_folder_that_anybody_may_replace_is_refused(private: PrivateFolder, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(KeyFileExposed, match=f"chmod o-w {tmp_path}"):
        read(private.path)
    tmp_path.chmod(0o1777)  # sticky, as /tmp: others may add to it, not rename what is ours
    assert read(private.path) == OLD


@pytest.mark.case("KEY-01")
def test_links_are_never_followed(private: PrivateFolder, tmp_path: Path) -> None:
    (private.path / "link").symlink_to(private.path / "file")
    with pytest.raises(KeyFileExposed, match="symbolic link"):
        read(private.path, "link")
    (tmp_path / "other").symlink_to(private.path)
    with pytest.raises(KeyFileExposed, match="not a link"):
        read(tmp_path / "other")


@pytest.mark.case("KEY-01")
def test_what_is_not_a_file_is_refused_without_waiting(private: PrivateFolder, tmp_path: Path) -> None:
    os.mkfifo(private.path / "pipe", 0o600)
    with pytest.raises(KeyFileExposed, match="not a regular file"):
        read(private.path, "pipe")
    (tmp_path / "plain").write_bytes(b"")
    with pytest.raises(KeyFileExposed, match="must be a folder"):
        PrivateFolder(tmp_path / "plain").names()


@pytest.mark.case("KEY-01")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_files_and_folders_of_another_user_are_refused(private: PrivateFolder) -> None:
    os.chown(private.path / "file", 12345, -1)
    with pytest.raises(KeyFileExposed, match=r"belongs to user 12345\. Run: chown 0 "):
        read(private.path)
    os.chown(private.path, 12345, -1)
    with pytest.raises(KeyFileExposed, match="belongs to user 12345"):
        private.names()


def test_an_absent_folder_is_empty_and_an_absent_file_is_none(tmp_path: Path, private: PrivateFolder) -> None:
    assert PrivateFolder(tmp_path / "absent").names() == []
    assert read(private.path, "absent") is None


def test_a_taken_name_is_not_overwritten_unasked(private: PrivateFolder) -> None:
    with pytest.raises(FileExistsError):
        private.write("file", NEW, replace=False)
    assert read(private.path) == OLD
    assert private.names() == ["file"]


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("loss", Loss)
def test_a_power_cut_at_any_call_leaves_the_old_or_the_new_file(folder: Path, loss: Loss, replace: bool) -> None:
    """Replacing leaves old or new; creating leaves nothing or new. Both whole, and nothing else is visible."""
    name, before = ("file", OLD) if replace else ("fresh", None)
    found = []
    for fail_at in range(1, ENOUGH):
        place = folder.with_name(f"keys-{fail_at}")
        PrivateFolder(place).ensure()
        PrivateFolder(place).write("file", OLD, replace=False)
        disk = FaultyDisk(fail_at, loss=loss)
        try:
            PrivateFolder(place, disk).write(name, NEW, replace=replace)
        except PowerCut:
            found.append(read(place, name))
            assert set(PrivateFolder(place).names()) <= {"file", name}
            continue
        assert not disk.reached
        break
    assert len(found) >= 6
    assert set(found) == {before, NEW} if loss is not Loss.NAMES else set(found) == {before}


@pytest.mark.parametrize("loss", Loss)
def test_what_was_written_outlasts_a_power_cut(private: PrivateFolder, loss: Loss) -> None:
    disk = FaultyDisk(ENOUGH, loss=loss)
    PrivateFolder(private.path, disk).write("file", NEW, replace=True)
    PrivateFolder(private.path, disk).mark("stop", b"reason")
    disk.cut()
    assert read(private.path) == NEW
    assert read(private.path, "stop") == b"reason"


def test_what_a_power_cut_left_unfinished_is_swept_by_the_next_writer(private: PrivateFolder) -> None:
    with pytest.raises(PowerCut):
        PrivateFolder(private.path, FaultyDisk(3)).write("file", NEW, replace=True)
    assert len(os.listdir(private.path)) == 2
    with private.locked():
        pass
    assert os.listdir(private.path) == ["file"]


@pytest.mark.case("REL-03")
def test_a_full_disk_at_any_call_is_an_error_that_says_so_and_harms_nothing(folder: Path) -> None:
    told: set[tuple[str, int]] = set()
    for fail_at in range(1, ENOUGH):
        place = folder.with_name(f"keys-{fail_at}")
        PrivateFolder(place).ensure()
        PrivateFolder(place).write("file", OLD, replace=False)
        disk = FaultyDisk(fail_at, power_cut=False)
        try:
            PrivateFolder(place, disk).write("file", NEW, replace=True)
        except KeyStoreUnwritable as error:
            told.add((error.detail.partition(": ")[2], error.status_hint))
            assert read(place) in (OLD, NEW)
            assert os.listdir(place) == ["file"]
            continue
        assert not disk.reached
        assert told == {("No space left on device.", 503)}
        return
    pytest.fail("the write never got through")


def test_the_lock_lets_one_in_at_a_time(private: PrivateFolder) -> None:
    inside, most = [0], [0]

    def enter() -> None:
        for _ in range(20):
            with private.locked():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]

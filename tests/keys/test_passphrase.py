"""Where the passphrase comes from, which are refused, and that it never shows itself."""

from __future__ import annotations

import copy
import os
import pickle
from pathlib import Path

import pytest

from keys import passphrase
from keys.errors import KeysSealed, PassphraseUnusable
from keys.passphrase import Passphrase

LONG_ENOUGH = "twelve words or so"


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(LONG_ENOUGH + "\n")
    path.chmod(0o600)
    return path


def test_words_in_the_environment_are_used(tmp_path: Path) -> None:
    assert passphrase.load({"PLAUDIT_PASSPHRASE": LONG_ENOUGH}, tmp_path).reveal() == LONG_ENOUGH.encode()


def test_a_named_file_is_used_without_its_line_end(tmp_path: Path, secret_file: Path) -> None:
    found = passphrase.load({"PLAUDIT_PASSPHRASE_FILE": str(secret_file)}, tmp_path)
    assert found.reveal() == LONG_ENOUGH.encode()


def test_only_one_line_end_is_taken_away_and_no_other_space(tmp_path: Path) -> None:
    path = tmp_path / "windows"
    path.write_bytes(b" spaces count here \r\n")
    path.chmod(0o600)
    assert passphrase.read(path).reveal() == b" spaces count here "


def test_the_systemd_credential_is_used_even_when_its_mode_lets_the_group_read(tmp_path: Path) -> None:
    path = tmp_path / "plaudit-passphrase"
    path.write_text(LONG_ENOUGH)
    path.chmod(0o440)
    assert passphrase.load({"CREDENTIALS_DIRECTORY": str(tmp_path)}, tmp_path / "home").reveal() == LONG_ENOUGH.encode()


def test_a_named_file_goes_before_systemd_and_the_data_folder(tmp_path: Path, secret_file: Path) -> None:
    passphrase.create(tmp_path)
    environ = {"PLAUDIT_PASSPHRASE_FILE": str(secret_file), "CREDENTIALS_DIRECTORY": str(tmp_path / "absent")}
    assert passphrase.load(environ, tmp_path).reveal() == LONG_ENOUGH.encode()


def test_two_settings_at_once_are_refused(tmp_path: Path, secret_file: Path) -> None:
    environ = {"PLAUDIT_PASSPHRASE": LONG_ENOUGH, "PLAUDIT_PASSPHRASE_FILE": str(secret_file)}
    with pytest.raises(PassphraseUnusable, match="both set"):
        passphrase.load(environ, tmp_path)


@pytest.mark.case("KEY-02")
def test_no_passphrase_at_all_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(KeysSealed, match="PLAUDIT_PASSPHRASE_FILE, PLAUDIT_PASSPHRASE"):
        passphrase.load({}, tmp_path)


@pytest.mark.case("KEY-02")
def test_a_missing_file_is_an_error_and_not_a_reason_to_look_elsewhere(tmp_path: Path) -> None:
    passphrase.create(tmp_path)
    with pytest.raises(KeysSealed, match="No such file"):
        passphrase.load({"PLAUDIT_PASSPHRASE_FILE": str(tmp_path / "gone")}, tmp_path)


def test_the_data_folder_is_the_last_place_and_can_be_ruled_out(tmp_path: Path) -> None:
    made = passphrase.create(tmp_path)
    assert passphrase.load({}, tmp_path).reveal() == made.reveal()
    with pytest.raises(KeysSealed):
        passphrase.load({}, tmp_path, beside_keys=False)


def test_create_makes_a_private_random_file_and_never_overwrites_it(tmp_path: Path) -> None:
    made = passphrase.create(tmp_path, randomness=lambda length: bytes(range(length)))
    again = passphrase.create(tmp_path)
    assert made.reveal() == again.reveal() == bytes(range(20)).hex().encode()
    assert (tmp_path / "passphrase").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["passphrase"]


@pytest.mark.case("KEY-01")
@pytest.mark.parametrize("mode", [0o604, 0o620, 0o644, 0o666, 0o777])
def test_a_file_that_others_can_use_is_refused_with_the_command_that_helps(secret_file: Path, mode: int) -> None:
    secret_file.chmod(mode)
    with pytest.raises(PassphraseUnusable, match=f"chmod 600 {secret_file}"):
        passphrase.read(secret_file)


@pytest.mark.parametrize("words", ["", "short", "elevenchars"])
def test_short_passphrases_are_refused(words: str) -> None:
    with pytest.raises(PassphraseUnusable, match="12 is the least"):
        Passphrase(words)


def test_a_folder_a_long_file_and_bytes_that_are_no_text_are_refused(tmp_path: Path, secret_file: Path) -> None:
    with pytest.raises(KeysSealed):
        passphrase.read(tmp_path)
    secret_file.write_bytes(b"x" * 4097)
    with pytest.raises(PassphraseUnusable, match="not a passphrase file"):
        passphrase.read(secret_file)
    secret_file.write_bytes(b"\xff" * 20)
    with pytest.raises(PassphraseUnusable, match="not UTF-8"):
        passphrase.read(secret_file)


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(PassphraseUnusable, match="not a regular file"):
        passphrase.read(tmp_path / "pipe")


@pytest.mark.case("KEY-01")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_of_another_user_is_refused(secret_file: Path) -> None:
    os.chown(secret_file, 12345, -1)
    with pytest.raises(PassphraseUnusable, match="belongs to user 12345"):
        passphrase.read(secret_file)


def test_the_same_words_typed_on_two_keyboards_are_the_same_passphrase() -> None:
    assert Passphrase("composed \u00e9 letters").reveal() == Passphrase("composed e\u0301 letters").reveal()


@pytest.mark.case("KEY-07")
def test_a_passphrase_never_shows_itself() -> None:
    hidden = Passphrase(LONG_ENOUGH)
    assert LONG_ENOUGH not in f"{hidden!r} {hidden!s} {hidden}"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never pickled"):
            leave(hidden)

"""`plaudit verify --receipt` and the verifier key, through the real command line and composition."""

from __future__ import annotations

import json
from pathlib import Path

from tests.issuer.certificates import reading
from tests.verifier import forgeries
from tests.worlds.tables import csv_bytes, rows
from tests.worlds.terminal import NOT_VALID, VALID, Terminal, index


def _issued(tmp_path: Path) -> tuple[Terminal, str]:
    """A terminal, and the name of a certificate that was issued there."""
    terminal = Terminal(tmp_path)
    assert terminal("init").code == 0
    (tmp_path / "rows.csv").write_bytes(csv_bytes(rows(1)))
    assert terminal("issue", "rows.csv", "--out", "out").code == 0
    [files] = [line["files"] for line in index(terminal)]
    return terminal, "out/" + next(name for name in files if name.endswith(".pdf"))


def test_a_receipt_is_written_and_verifies_by_itself(tmp_path: Path) -> None:
    terminal, pdf = _issued(tmp_path)
    assert terminal("verify", pdf, "--receipt", "receipt.json").code == VALID
    assert terminal("verify", pdf, "--receipt", "receipt.pdf").code == VALID
    subject = json.loads((tmp_path / "receipt.json").read_text())["credentialSubject"]
    assert [check["outcome"] for check in subject["check"] if check["stepNumber"] == 10] == ["passed"]
    assert reading.failures((tmp_path / "receipt.pdf").read_bytes()) == []
    assert terminal("verify", "receipt.json", "receipt.pdf").code == VALID
    assert terminal("fsck").code == 0


def test_what_is_not_valid_gets_a_receipt_that_says_so(tmp_path: Path) -> None:
    terminal, pdf = _issued(tmp_path)
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(forgeries.white_box((tmp_path / pdf).read_bytes()))
    assert terminal("verify", "forged.pdf", "--receipt", "receipt.json").code == NOT_VALID
    assert json.loads((tmp_path / "receipt.json").read_text())["credentialSubject"]["verdict"] == "altered"
    assert terminal("verify", "receipt.json").code == VALID


def test_a_receipt_is_about_one_thing_that_could_be_judged(tmp_path: Path) -> None:
    terminal, pdf = _issued(tmp_path)
    assert terminal("verify", pdf, pdf, "--receipt", "receipt.json").code == 64
    (tmp_path / "note.txt").write_text("hello")
    assert terminal("verify", "note.txt", "--receipt", "receipt.json").code == NOT_VALID
    assert not (tmp_path / "receipt.json").exists()


def test_the_verifier_key_rotates_and_old_receipts_stay_good(tmp_path: Path) -> None:
    terminal, pdf = _issued(tmp_path)
    terminal("verify", pdf, "--receipt", "old.json")
    rotated = terminal("keys", "rotate", "--verifier", "--json")
    assert rotated.json["owner"].endswith(":verify")
    assert terminal("keys", "rotate", "--verifier", "--org", "example").code == 64
    terminal("verify", pdf, "--receipt", "new.json")
    methods = {
        json.loads((tmp_path / name).read_text())["proof"][0]["verificationMethod"] for name in ("old.json", "new.json")
    }
    assert len(methods) == 2
    assert terminal("verify", "old.json", "new.json").code == VALID


def test_a_stop_keeps_receipts_from_being_signed_and_checks_going(tmp_path: Path) -> None:
    terminal, pdf = _issued(tmp_path)
    assert terminal("keys", "stop", "--reason", "drill").code == 0
    assert terminal("verify", pdf).code == VALID
    stopped = terminal("verify", pdf, "--receipt", "receipt.json")
    assert stopped.code != VALID
    assert not (tmp_path / "receipt.json").exists()

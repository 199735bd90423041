"""The `plaudit` command, run as a person runs it: a process of its own, a data folder of its own."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import plaudit
import schemas
from tests.worlds.terminal import NOT_CHECKED, NOT_VALID, REPOSITORY, USAGE, VALID, Terminal, index

SAMPLES = REPOSITORY / "issuer" / "samples" / "demo.csv"


def rows(count: int, target: Path, change: Callable[[list[dict[str, str]]], None] = lambda _: None) -> Path:
    """Write the first rows of the samples to `target`, changed as wanted."""
    with SAMPLES.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        taken = [row for _, row in zip(range(count), reader, strict=False)]
    change(taken)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(taken[0]))
        writer.writeheader()
        writer.writerows(taken)
    return target


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """An instance that issued three records and left their files in `out`."""
    terminal = Terminal(tmp_path_factory.mktemp("issued"))
    assert terminal("init").code == 0
    ran = terminal("issue", rows(3, terminal.folder / "three.csv"), "--out", "out")
    assert (ran.code, ran.out) == (
        0,
        "3 of 3 rows are issued.\nCredentials, certificates, keys and status lists: out\n",
    )
    return terminal


@pytest.fixture
def terminal(issued: Terminal, tmp_path: Path) -> Terminal:
    """A copy of the issued instance, for a test that changes it."""
    shutil.copytree(issued.folder, tmp_path / "copy", symlinks=True)
    return Terminal(tmp_path / "copy")


def test_init_says_where_and_as_whom_it_will_issue(tmp_path: Path) -> None:
    ran = Terminal(tmp_path)("init", "--org", "north", "--name", "North", "--domain", "north.example", "--json")
    assert ran.code == 0
    assert ran.json["issuer"] == "did:web:localhost%3A8000:o:north"


def test_init_refuses_a_folder_that_is_not_empty(issued: Terminal) -> None:
    ran = issued("init")
    assert ran.code == 1
    assert "not empty" in ran.err


def test_the_export_holds_what_its_index_says(issued: Terminal) -> None:
    out = issued.folder / "out"
    listed = index(issued)
    assert [set(line) for line in listed] == [{"id", "name", "url", "files"}] * 3
    named = {name for line in listed for name in line["files"]}
    assert named == {f"{line['id']}.{ending}" for line in listed for ending in ("json", "jwt", "pdf")}
    others = {path.name for path in out.iterdir()} - named - {"index.json"}
    assert "did.json" in others
    assert {name.partition("-")[0] for name in others - {"did.json"}} == {"status"}


def test_everything_in_the_export_verifies_elsewhere_with_these_files_alone(issued: Terminal, tmp_path: Path) -> None:
    elsewhere = Terminal(tmp_path)
    shutil.copytree(issued.folder / "out", tmp_path / "received")
    files = [f"received/{name}" for line in index(issued) for name in line["files"]]
    ran = elsewhere("verify", *files, "--json")
    assert ran.code == VALID, ran.out + ran.err
    assert [one["verdict"] for one in ran.json] == ["valid"] * len(files)
    domain = {check["outcome"] for one in ran.json for check in one["checks"] if check["id"] == "domain"}
    assert domain == {"not_applicable"}, "a folder's key is never shown as the domain's word"


def test_live_refuses_the_answers_of_a_folder(issued: Terminal, tmp_path: Path) -> None:
    shutil.copytree(issued.folder / "out", tmp_path / "received")
    ran = Terminal(tmp_path)("verify", f"received/{index(issued)[0]['files'][0]}", "--live")
    assert ran.code == NOT_CHECKED
    assert "Can't check right now" in ran.out


def test_one_changed_letter_is_seen(issued: Terminal, tmp_path: Path) -> None:
    shutil.copytree(issued.folder / "out", tmp_path / "received")
    line = index(issued)[0]
    file = tmp_path / "received" / f"{line['id']}.json"
    changed = file.read_text(encoding="utf-8").replace(line["name"], line["name"][:-1] + "x")
    file.write_text(changed, encoding="utf-8")
    ran = Terminal(tmp_path)("verify", file, "--json")
    assert ran.code == NOT_VALID
    assert ran.json[0]["verdict"] == "altered"
    assert ran.json[0]["credential"] is None


def test_verify_reads_standard_input_and_asks_its_own_origin(issued: Terminal) -> None:
    credential = (issued.folder / "out" / index(issued)[0]["files"][0]).read_bytes()
    ran = issued("verify", "-", "--json", given=credential)
    assert ran.code == VALID
    assert {check["outcome"] for check in ran.json[0]["checks"]} == {"passed"}


def test_verify_takes_a_records_address(issued: Terminal) -> None:
    assert issued("verify", index(issued)[0]["url"]).code == VALID


def test_the_exit_code_is_the_worst_of_several(issued: Terminal, tmp_path: Path) -> None:
    junk = tmp_path / "junk.json"
    junk.write_text('{"a": 1}')
    ran = issued("verify", index(issued)[0]["url"], junk, "https://host.invalid/c/1", "--json")
    assert ran.code == NOT_VALID
    assert [one["verdict"] for one in ran.json] == ["valid", "not_a_credential", None]


def test_what_could_not_be_reached_is_not_called_invalid(issued: Terminal) -> None:
    assert issued("verify", "https://host.invalid/c/1").code == NOT_CHECKED


@pytest.mark.parametrize(
    "arguments", [("verify",), ("verify", "missing.json"), ("issue",), ("nonsense",), ("revoke", "x")]
)
def test_wrong_usage_is_64(issued: Terminal, arguments: tuple[str, ...]) -> None:
    ran = issued(*arguments)
    assert ran.code == USAGE
    assert "Usage:" in ran.err


def test_revoking_shows_and_is_final(terminal: Terminal) -> None:
    line = index(terminal)[0]
    ran = terminal("revoke", line["url"], "--reason", "Issued to the wrong person", "--json")
    assert ran.code == 0
    assert (ran.json["id"], ran.json["state"]) == (line["id"], "revoked")
    assert terminal("verify", line["url"]).code == NOT_VALID
    assert terminal("unsuspend", line["id"]).code == 1
    assert terminal("verify", index(terminal)[1]["url"]).code == VALID


def test_suspending_ends_with_unsuspend(terminal: Terminal) -> None:
    line = index(terminal)[0]
    assert terminal("suspend", line["id"]).code == 0
    assert terminal("verify", line["url"]).code == NOT_VALID
    assert terminal("unsuspend", line["id"]).code == 0
    assert terminal("verify", line["url"]).code == VALID


def test_an_unknown_record_is_named(issued: Terminal) -> None:
    ran = issued("revoke", "a" * 26, "--reason", "x")
    assert ran.code == 1
    assert "no such credential" in ran.err


@pytest.mark.case("KEY-03")
def test_after_a_rotation_old_and_new_records_verify(terminal: Terminal) -> None:
    before = index(terminal)
    assert terminal("keys", "rotate").code == 0
    keys = terminal("keys", "list", "--json").json["keys"]
    assert [key["state"] for key in keys] == ["retiring", "active"]
    assert terminal("keys", "retire", keys[0]["id"]).code == 0
    ran = terminal("issue", rows(5, terminal.folder / "five.csv"), "--good-rows", "--json")
    assert len(ran.json["issued"]) == 2
    assert terminal("verify", before[0]["url"], *ran.json["issued"]).code == VALID


def test_the_same_file_twice_issues_nothing_twice(terminal: Terminal) -> None:
    ran = terminal("issue", "three.csv", "--out", "again")
    assert ran.code == 0
    assert "came in before" in ran.err
    again = json.loads((terminal.folder / "again" / "index.json").read_text())
    assert again == index(terminal)


@pytest.mark.case("CSV-05")
def test_bad_rows_are_named_and_nothing_is_issued_unasked(terminal: Terminal) -> None:
    def break_two(taken: list[dict[str, str]]) -> None:
        taken[3]["hours"] = "-3"
        taken[4]["end_date"] = "31.02.2026"

    file = rows(6, terminal.folder / "some-bad.csv", break_two)
    ran = terminal("issue", file, "--json")
    assert ran.code == 1
    assert ran.json["issued"] == []
    named = {(one["row"], one["column"]) for one in ran.json["problems"]}
    assert {(5, "hours"), (6, "end_date")} <= named
    assert all(one["reason"] and one["remedy"] for one in ran.json["problems"])
    asked = terminal("issue", file, "--good-rows", "--json")
    assert len(asked.json["issued"]) == 1


@pytest.mark.case("CSV-01")
def test_a_name_like_a_formula_is_issued_only_on_somebodys_word_and_then_literally(terminal: Terminal) -> None:
    formula = '=HYPERLINK("https://evil.example","x")'

    def name_it(taken: list[dict[str, str]]) -> None:
        taken[3]["student_name"] = formula

    file = rows(4, terminal.folder / "formula.csv", name_it)
    assert terminal("issue", file, "--good-rows", "--json").json["issued"] == []
    ran = terminal("issue", file, "--good-rows", "--held-rows", "--out", "held", "--json")
    assert len(ran.json["issued"]) == 1
    (line,) = json.loads((terminal.folder / "held" / "index.json").read_text())
    assert line["name"] == formula


@pytest.mark.case("KEY-01")
def test_a_key_that_others_may_read_stops_every_command(terminal: Terminal) -> None:
    (key,) = (terminal.home / "keys").glob("*.json")
    key.chmod(0o644)
    ran = terminal("fsck")
    assert ran.code == 1
    assert "chmod" in ran.err


def test_an_instance_of_this_version_can_be_upgraded_without_harm(terminal: Terminal) -> None:
    assert terminal("init", "--upgrade").code == 0
    assert terminal("fsck").code == 0


def test_a_dry_run_issues_nothing(terminal: Terminal) -> None:
    ran = terminal("issue", rows(6, terminal.folder / "six.csv"), "--dry-run")
    assert (ran.code, ran.out) == (0, "6 of 6 rows can be issued. Nothing was issued.\n")
    assert terminal("fsck", "--json").json == {"damaged": False, "findings": []}


def test_fsck_finds_a_changed_credential(terminal: Terminal) -> None:
    import sqlite3

    with sqlite3.connect(terminal.home / "plaudit.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE credentials SET signed = CAST(replace(signed, 'hours', 'weeks') AS BLOB)")
    ran = terminal("fsck")
    assert ran.code == 1
    assert "damage" in ran.out


def test_a_setting_that_does_not_exist_stops_the_start(issued: Terminal) -> None:
    ran = issued("fsck", PLAUDIT_HOEM="x")
    assert ran.code == 1
    assert "PLAUDIT_HOEM" in ran.err


def test_a_changed_schema_stops_every_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(schemas.FOLDER, tmp_path / "schemas")
    (tmp_path / "schemas" / "contexts" / "plaudit-v1.json").write_text("{}")
    monkeypatch.setattr(schemas, "FOLDER", tmp_path / "schemas")
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        assert plaudit.run(["keys", "list"]) == 1
    assert "plaudit-v1.json" in said.getvalue()


def test_a_taken_port_is_said_in_one_line(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = terminal("serve", "--port", str(taken.getsockname()[1]))
    assert ran.code == USAGE
    assert "choose another --port" in ran.err


def test_the_demonstration_leaves_an_organisation_that_is_there_alone(terminal: Terminal) -> None:
    before = index(terminal)
    assert terminal("demo", "--no-serve", "--out", "samples").code == 0
    assert len(index(terminal, "samples")) == 12
    assert terminal("verify", *(line["url"] for line in before)).code == VALID
    assert {line["id"] for line in before}.isdisjoint(line["id"] for line in index(terminal, "samples"))
    assert terminal("issue", "three.csv", "--org", "example").code == 0


def test_the_demonstration_refuses_production_and_keeps_out_of_the_usual_folder(tmp_path: Path) -> None:
    terminal = Terminal(
        tmp_path,
        PLAUDIT_MODE="production",
        PLAUDIT_BASE_URL="https://records.example",
        PLAUDIT_PASSPHRASE="a passphrase of some length",
    )
    assert terminal("init", "--org", "a-b", "--name", "A", "--domain", "a.example").code == 0
    ran = terminal("demo", "--no-serve")
    assert ran.code == 1
    assert "production" in ran.err
    elsewhere = Terminal(tmp_path / "elsewhere")
    elsewhere.folder.mkdir()
    assert elsewhere("demo", "--no-serve", PLAUDIT_HOME="").code == 0
    assert [path.name for path in elsewhere.folder.iterdir()] == ["demo-data"]


def test_the_demonstration_issues_once_and_leaves_verified_files(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    first = terminal("demo", "--no-serve", "--out", "out")
    assert first.code == 0, first.err
    assert "Valid" in first.out
    listed = index(terminal)
    second = terminal("demo", "--no-serve", "--out", "out", "--json")
    assert second.code == 0
    assert second.json["first"]["verdict"] == "valid"
    assert second.json["records"] == [line["url"] for line in listed]
    assert index(terminal) == listed
    assert len(listed) == len(SAMPLES.read_text(encoding="utf-8").splitlines()) - 1


def test_the_history_of_the_keys_is_published_when_asked_and_carried_on(terminal: Terminal) -> None:
    """A did:webvh beside the did:web: made once, unchanged without news, one entry for each rotation."""
    first = terminal("publish-history", "--json")
    assert (first.code, first.json["changed"]) == (0, True)
    assert first.json["did"].startswith("did:webvh:Qm")
    assert "was already at version 1" in terminal("publish-history").out
    assert terminal("keys", "rotate").code == 0
    ran = terminal("publish-history", "--rotate-update-key", "--json")
    assert (ran.json["did"], ran.json["versionId"][:2]) == (first.json["did"], "2-")

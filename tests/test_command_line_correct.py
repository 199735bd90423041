"""`plaudit correct`, run as a person runs it: every difference is shown, and nothing happens without a yes."""

from __future__ import annotations

import json

from tests.test_command_line import issued, terminal
from tests.worlds.terminal import NOT_VALID, USAGE, VALID, Terminal, index

__all__ = ["issued", "terminal"]


def test_a_correction_is_shown_made_and_known_to_the_old_file(terminal: Terminal) -> None:
    line = index(terminal)[0]
    old = terminal.folder / "out" / f"{line['id']}.json"
    before = terminal("correct", line["url"], "--print").json
    ran = terminal("correct", line["url"], "--set", "hours=5", "--reason", "Booked twice.", "--dry-run")
    assert ran.code == 0
    assert "Hours" in ran.err
    assert "Booked twice." in ran.err
    assert terminal("verify", str(old)).code == VALID
    ran = terminal("correct", line["id"], "--set", "hours=5", "--reason", "Booked twice.", "--yes", "--json")
    assert (ran.code, ran.json["version"], ran.json["corrected"]) == (0, 2, True)
    assert ran.json["changes"] == [{"field": "hours", "before": f"{before['hours']:g}", "after": "5"}]
    ran = terminal("verify", str(old), "--json")
    assert ran.code == NOT_VALID
    assert '"replaced"' in ran.out
    assert terminal("verify", line["url"]).code == VALID
    assert terminal("fsck").code == 0


def test_the_whole_record_can_be_given_as_a_file(terminal: Terminal) -> None:
    line = index(terminal)[1]
    record = terminal("correct", line["id"], "--print").json
    record["deliverables"][0]["title"] = "Another title"
    (terminal.folder / "record.json").write_text(json.dumps(record), encoding="utf-8")
    ran = terminal("correct", line["id"], "--record", "record.json", "--reason", "Wrong title.", "--yes", "--json")
    assert (ran.code, ran.json["changes"]) == (0, [{"field": "deliverables"}])


def test_nobody_corrects_by_mistake(issued: Terminal) -> None:
    """Without a yes, without a reason, without a change: nothing."""
    name = index(issued)[0]["id"]
    for arguments, code in (
        (("--set", "hours=5", "--reason", "x"), USAGE),
        (("--set", "hours", "--reason", "x", "--yes"), USAGE),
        (("--set", "hours.much=5", "--reason", "x", "--yes"), USAGE),
        (("--set", "hours=5", "--yes"), 1),
        (("--reason", "x", "--yes"), 1),
        (("--set", "hours=many", "--reason", "x", "--yes"), 1),
        (("--set", "role=", "--reason", "x", "--yes"), 1),
        (("--set", "awarded_date=2026-12-31", "--reason", "x", "--yes"), 1),
    ):
        assert issued("correct", name, *arguments).code == code, arguments
    assert issued("correct", "a" * 26, "--print").code == 1

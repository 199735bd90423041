"""Correcting a record in the console: every difference is seen before anything is signed, and the old code leads on."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from credentials import strict_json
from credentials.verify import Verdict, verify
from issuer.services import corrections, notices, organisations, records, revocation
from issuer.services.origin import OwnOriginFetcher
from tests.issuer.web.conftest import NoNetwork, Site, csrf, row
from tests.issuer.web.test_records import PAGE, verdict, words


def typed(text: str) -> dict[str, str]:
    """What a browser would send back of the form on a page."""
    data: dict[str, str] = {}
    for attributes in re.findall(r"<input([^>]*)>", text):
        name, value = re.search(r'name="([^"]*)"', attributes), re.search(r'value="([^"]*)"', attributes, re.DOTALL)
        if name:
            data[name[1]] = html.unescape(value[1]) if value else ""
    for attributes, inner in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", text, re.DOTALL):
        name = re.search(r'name="([^"]*)"', attributes)
        assert name is not None
        data[name[1]] = html.unescape(inner).removeprefix("\r\n").replace("\n", "\r\n")
    for attributes, inner in re.findall(r"<select([^>]*)>(.*?)</select>", text, re.DOTALL):
        name, chosen = re.search(r'name="([^"]*)"', attributes), re.search(r'<option selected value="([^"]*)"', inner)
        assert name is not None
        data[name[1]] = html.unescape(chosen[1]) if chosen else ""
    return data


def send(client: FlaskClient, name: str, step: str, **changes: str) -> TestResponse:
    """Open the form, change fields, and press the button of `step`."""
    address = f"/console/records/{name}/correct"
    return client.post(address, data={**typed(client.get(address).text), **changes, "step": step})


def versions_of(site: Site, name: str) -> int:
    return records.get(site.instance, name).version


def test_a_correction_takes_three_steps_and_only_the_last_changes_anything(site: Site) -> None:
    name = site.issue(row())[0]
    site.world.clock.move(days=3)
    client = site.signed_in()
    assert f"/console/records/{name}/correct" in client.get(f"/console/records/{name}").text
    look = send(client, name, "preview", hours="24,5", student_name="Maya Li", reason="Booked  twice.")
    assert (look.status_code, versions_of(site, name)) == (200, 1)
    shown = words(look.text)
    for expected in ("2 differences", "Maya Lee Maya Li", "31 24.5", "Reason given: Booked twice.", "Version 2"):
        assert expected in shown
    hidden = typed(look.text)
    back = client.post(f"/console/records/{name}/correct", data={**hidden, "step": "edit"})
    assert (back.status_code, versions_of(site, name)) == (200, 1)
    assert (typed(back.text)["hours"], typed(back.text)["reason"]) == ("24,5", "Booked twice.")
    done = client.post(f"/console/records/{name}/correct", data={**hidden, "step": "confirm"})
    assert (done.status_code, done.headers["Location"]) == (303, f"/console/records/{name}")
    assert versions_of(site, name) == 2
    page = words(client.get(done.headers["Location"]).text)
    assert "Version 2, of 26 November 2026" in page
    assert "version 2, Booked twice. (Student’s name, Hours)" in page


def test_the_old_code_leads_to_the_new_version_which_says_what_changed(site: Site) -> None:
    """The address on paper stays; the page, the data and the certificate are those of the newest version."""
    name = site.issue(row())[0]
    old = records.get(site.instance, name).credential
    anonymous = site.anonymous()
    before = anonymous.get(f"/c/{name}.pdf").data
    assert anonymous.get(f"/c/{name}/standing").status_code == 404
    site.world.clock.move(days=3)
    send(site.signed_in(), name, "confirm", hours="24", reason="Booked twice.")
    answer = anonymous.get(f"/c/{name}", headers=PAGE)
    assert verdict(answer.text) == "Valid"
    shown = words(answer.text)
    assert "24 hours" in shown
    assert "This is a corrected version It replaced the version before on 26 November 2026 : Booked twice." in shown
    assert "Hours: 31 → 24" in shown
    after = anonymous.get(f"/c/{name}.pdf").data
    assert before != after
    with pikepdf.open(io.BytesIO(after)) as pdf:
        (attached,) = (pdf.attachments[key].get_file().read_bytes() for key in pdf.attachments)
    assert attached == anonymous.get(f"/c/{name}.json").data != old
    notice = anonymous.get(f"/c/{name}/standing")
    assert (notice.mimetype, notice.headers["Access-Control-Allow-Origin"]) == ("application/vc+json", "*")
    assert notice.data == notices.published(site.instance, name)
    fetcher = OwnOriginFetcher(site.instance, NoNetwork())
    report = verify(old, fetcher=fetcher, now=site.world.clock())
    assert report.verdict is Verdict.REPLACED


def test_the_notice_of_a_withdrawal_is_public_and_the_page_uses_it(site: Site) -> None:
    name = site.issue(row())[0]
    revocation.suspend(site.instance, name, "We look into it.", actor="user 1")
    found = strict_json.loads_object(site.anonymous().get(f"/c/{name}/standing").data)
    assert (found["credentialSubject"]["standing"], found["credentialSubject"]["reason"]) == (
        "suspended", "We look into it.",
    )  # fmt: skip
    page = site.anonymous().get(f"/c/{name}", headers=PAGE)
    assert verdict(page.text) == "Suspended"
    assert "We look into it." in words(page.text)


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_while_the_notice_cannot_be_signed_the_page_says_what_the_database_knows(
    site: Site, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = site.issue(row())[0]
    with monkeypatch.context() as patched:
        patched.setattr(notices, "publish", lambda *_, **__: None)
        change = revocation.suspend if state == "suspended" else revocation.revoke
        change(site.instance, name, "We look into it.", actor="user 1")
    site.instance.keyring().stop("drill")
    page = site.anonymous().get(f"/c/{name}", headers=PAGE)
    assert verdict(page.text) == ("Suspended" if state == "suspended" else "Withdrawn")
    assert "We look into it." in words(page.text)
    assert site.anonymous().get(f"/c/{name}/standing", headers={"Accept": "application/json"}).status_code == 503


@pytest.mark.parametrize(
    ("changes", "words_shown"),
    [
        ({"reason": ""}, "Please give a reason"),
        ({"hours": "24", "reason": ""}, "Please give a reason"),
        ({"reason": "why"}, "Nothing is different"),
        ({"hours": "a lot", "reason": "why"}, "The record"),
        ({"hours": "0", "reason": "why"}, "The record"),
        ({"end": "2020-01-01", "reason": "why"}, "before"),
        ({"student_name": "", "reason": "why"}, "Please fill this in."),
        ({"start": "soon", "reason": "why"}, "another look"),
    ],
)
def test_what_cannot_be_corrected_is_told_and_everything_typed_stays(
    site: Site, changes: dict[str, str], words_shown: str
) -> None:
    name = site.issue(row())[0]
    site.world.clock.move(days=1)
    client = site.signed_in()
    for step in ("preview", "confirm"):
        answer = send(client, name, step, role="Another role" if "hours" in changes else "Data intern", **changes)
        assert answer.status_code == 422
        assert words_shown.casefold() in html.unescape(answer.text).casefold()
        assert typed(answer.text)["reason"] == changes["reason"]
    assert versions_of(site, name) == 1


def test_who_looked_at_an_older_version_is_told(site: Site) -> None:
    """Two people at once: the second one sees what is there now instead of writing over it."""
    name = site.issue(row())[0]
    site.world.clock.move(days=1)
    client = site.signed_in()
    address = f"/console/records/{name}/correct"
    opened = typed(client.get(address).text)
    send(client, name, "confirm", hours="24", reason="Booked twice.")
    site.world.clock.move(days=1)
    late = client.post(address, data={**opened, "role": "Analyst", "reason": "Wrong role.", "step": "confirm"})
    assert late.status_code == 409
    assert "corrected meanwhile" in late.text
    assert versions_of(site, name) == 2


def test_lists_and_empty_fields_are_corrected_too(site: Site) -> None:
    """Skills keep their addresses, an emptied field is gone, and white space alone is no change."""
    name = site.issue(row(ai_use="None."))[0]
    site.world.clock.move(days=1)
    changes = {
        "skills": "data visualisation\r\n\r\n Python ", "tools": "", "ai_use": "", "team_size": "", "mode": "",
        "place": "Lyon", "description": " Explain churn of 1,800 accounts with a dashboard and a memo.\r\n",
    }  # fmt: skip
    assert send(site.signed_in(), name, "confirm", reason="Tidied.", **changes).status_code == 303
    record: dict[str, Any] = corrections.current(site.instance, name)[1]
    assert [skill["name"] for skill in record["project"]["skills"]] == ["data visualisation", "Python"]
    assert (record["project"].get("tools"), record.get("ai_use"), record["engagement"]) == (
        [], None, {"kind": "paid contract", "place": "Lyon"},
    )  # fmt: skip
    fields = [change.field for change in corrections_of(site, name)]
    assert fields == ["skills", "tools", "way of working", "place", "team size", "use of AI"]


def corrections_of(site: Site, name: str) -> Any:
    report = verify(
        records.get(site.instance, name).credential,
        fetcher=OwnOriginFetcher(site.instance, NoNetwork()),
        now=site.world.clock(),
    )
    assert report.verified is not None
    return report.verified.corrections[0].changes


@pytest.mark.case("TEN-01")
def test_another_organisations_record_does_not_exist(site: Site) -> None:
    name = site.issue(row())[0]
    other = organisations.create(
        site.instance, slug="globex", name="Globex", domain="globex.example", url="https://globex.example"
    )
    foreign = records.get(site.instance, name)
    assert foreign.organisation.id != other.id
    client = site.signed_in()
    token = csrf(client.get(f"/console/records/{name}/correct"))
    for address in ("/console/records/" + "a" * 26 + "/correct", "/console/records/nonsense/correct"):
        assert client.get(address).status_code == 404
        assert client.post(address, data={"csrf_token": token, "step": "confirm"}).status_code == 404


def test_nobody_corrects_without_signing_in(site: Site) -> None:
    name = site.issue(row())[0]
    anonymous = site.anonymous()
    assert anonymous.get(f"/console/records/{name}/correct", headers=PAGE).status_code == 302
    assert anonymous.post(f"/console/records/{name}/correct", data={"step": "confirm"}).status_code in (401, 403)
    assert versions_of(site, name) == 1


@pytest.mark.case("WEB-01")
def test_hostile_reasons_and_values_are_shown_literally(site: Site) -> None:
    name = site.issue(row())[0]
    site.world.clock.move(days=1)
    hostile = "<script>alert(1)</script>"
    look = send(site.signed_in(), name, "preview", role=hostile, reason=hostile)
    send(site.signed_in(), name, "confirm", role=hostile, reason=hostile)
    for text in (look.text, site.anonymous().get(f"/c/{name}", headers=PAGE).text):
        assert hostile not in text
        assert html.escape(hostile) in text

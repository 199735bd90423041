"""Signing in and out, the first-run page, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import text

from issuer import auth, welcome
from issuer.db.engine import reading, writing
from issuer.instance import Instance
from issuer.services import accounts, organisations
from tests.issuer.web.conftest import OWNER, PASSWORD, Site, app_of, csrf, make_site, row, sign_in
from tests.worlds.instances import World, make_world

PAGE = {"Accept": "text/html"}
SETUP = {
    "name": "Lantern Research",
    "legal_name": "",
    "slug": "lantern",
    "url": "https://www.lantern.example",
    "description": "",
    "owner_name": "Ruth Okonjo",
    "email": "Ruth@Lantern.example",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("plaudit")
    assert found is not None
    return found.value


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Instance]:
    """An instance with no organisation and no account."""
    world = make_world(tmp_path)
    with writing(world.instance.engine) as connection:
        connection.execute(text("DELETE FROM organisations"))
    yield world.instance
    world.instance.close()


# --- signing in ---------------------------------------------------------------------------------------------------


def test_the_console_asks_for_a_sign_in(site: Site) -> None:
    client = site.anonymous()
    answer = client.get("/console/records", headers=PAGE)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=/console/records"
    assert client.get("/console/records", headers={"Accept": "application/json"}).status_code == 401


def test_after_sign_in_the_page_that_was_wanted_opens(site: Site) -> None:
    answer = sign_in(site.anonymous(), path="/login?next=/console/records")
    assert answer.status_code == 302
    assert answer.headers["Location"].removeprefix("http://localhost") == "/console/records"


@pytest.mark.parametrize("email", [OWNER, OWNER.upper()])
def test_the_address_is_compared_without_case(site: Site, email: str) -> None:
    assert sign_in(site.anonymous(), email=email).status_code == 302


@pytest.mark.case("TEN-03")
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(site: Site) -> None:
    pages = []
    for email, password in ((OWNER, "wrong"), ("nobody@employer.example", PASSWORD), (OWNER, PASSWORD.upper())):
        client = site.anonymous()
        answer = sign_in(client, email=email, password=password)
        assert answer.status_code == 200
        assert client.get("/console", headers=PAGE).status_code == 302
        pages.append(re.sub(r'value="[^"]*"', "", answer.text))
    assert len(set(pages)) == 1
    assert "do not go together" in pages[0]


@pytest.mark.case("AUT-01")
def test_passwords_are_kept_as_argon2id(site: Site) -> None:
    with reading(site.instance.engine) as connection:
        kept = connection.execute(text("SELECT password FROM users")).scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_a_hash_made_by_argon2_itself_is_accepted(tmp_path: Path) -> None:
    """The demonstration makes its owner without the web's libraries."""
    world = make_world(tmp_path)
    accounts.create_first_owner(
        world.instance,
        email=OWNER,
        name="Sample owner",
        password_hash=PasswordHasher().hash(PASSWORD),
        organisation_id=world.organisation.id,
    )
    assert sign_in(app_of(world.instance).test_client()).status_code == 302
    world.instance.close()


@pytest.mark.case("WEB-06")
def test_the_session_is_new_after_sign_in(site: Site) -> None:
    client = site.anonymous()
    client.get("/login")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    before, token = cookie(client), csrf(client.get("/login"))
    assert sign_in(client).status_code == 302
    assert cookie(client) != before
    with client.session_transaction() as session:
        assert "planted" not in session
    stale = client.post("/console/upload", data={"csrf_token": token})
    assert stale.status_code == 403


def test_signing_out_ends_the_session(site: Site) -> None:
    client = site.signed_in()
    token = csrf(client.get("/console", headers=PAGE))
    assert client.post("/logout", data={"csrf_token": token}).status_code == 302
    assert client.get("/console", headers=PAGE).headers["Location"].startswith("/login")


@pytest.mark.case("WEB-05")
@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example",
        "%2f%2fevil.example", "///evil.example", "javascript:alert(1)", "http:///evil.example",
        "/\t/evil.example", "\n//evil.example", "http://localhost@evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_sign_in(site: Site, target: str) -> None:
    client = site.anonymous()
    token = csrf(client.get("/login"))
    data = {"csrf_token": token, "email": OWNER, "password": PASSWORD}
    assert client.get("/login", query_string={"next": target}).status_code == 400
    assert client.post("/login", query_string={"next": target}, data=data).status_code == 400
    assert client.post("/login", data=data | {"next": target}).status_code == 400
    assert client.get("/console", headers=PAGE).status_code == 302, "nobody was signed in on the way"


@pytest.mark.case("AUT-01", "WEB-10")
def test_guessing_is_slowed_down(site: Site) -> None:
    client = site.anonymous()
    token = csrf(client.get("/login"))
    data = {"csrf_token": token, "email": OWNER, "password": "wrong"}
    statuses = [
        client.post("/login", data=data, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(11)
    ]
    assert statuses == [200] * 10 + [429]
    refused = client.post("/login", data=data, headers={"Accept": "application/json"})
    assert refused.mimetype == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    # The account is slowed from any other address too.
    other = site.app.test_client()
    answer = other.post(
        "/login", data=data | {"csrf_token": csrf(other.get("/login"))}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert answer.status_code == 429
    site.world.clock.move(seconds=61)
    assert client.post("/login", data=data | {"password": PASSWORD}).status_code == 302


# --- forms from elsewhere -----------------------------------------------------------------------------------------


@pytest.mark.case("WEB-03")
def test_every_route_that_changes_something_refuses_a_form_without_token(site: Site) -> None:
    client = site.signed_in()
    issued, draft = site.issue(row())[0], site.draft(row("Zoë", student_email="z@students.example"))
    values = {"credential_id": issued, "batch_id": draft}
    changing = [rule for rule in site.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(changing) >= 9
    for rule in changing:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values[part[1]], rule.rule)
        for data in ({}, {"csrf_token": "forged", "step": "confirm", "reason": "x"}):
            answer = client.post(path, data=data)
            assert answer.status_code == 403, (path, answer.status_code)


# --- the first run ------------------------------------------------------------------------------------------------


def setup_link(instance: Instance) -> str:
    return next(line for line in welcome(instance) if "/setup?" in line).strip().removeprefix("http://localhost:8000")


def test_the_first_run_makes_the_organisation_and_its_owner(empty: Instance) -> None:
    client = app_of(empty).test_client()
    link = setup_link(empty)
    page = client.get(link, headers=PAGE)
    assert page.status_code == 200
    token = re.search(r'name="token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    answer = client.post("/setup", data=SETUP | {"csrf_token": csrf(page), "token": token[1]})
    assert answer.status_code == 302, answer.text
    made = organisations.only(empty)
    assert (made.slug, made.name, made.domain) == ("lantern", "Lantern Research", "lantern.example")
    assert sign_in(client, email="ruth@lantern.example").status_code == 302
    assert client.get(link, headers=PAGE).status_code == 404
    assert not any("/setup" in line for line in welcome(empty))


@pytest.mark.parametrize("token", ["", "wrong", "é", "0" * 40])
def test_the_first_run_needs_its_token(empty: Instance, token: str) -> None:
    client = app_of(empty).test_client()
    answer = client.get("/setup", query_string={"token": token}, headers=PAGE)
    assert answer.status_code == 403
    assert "terminal" in answer.text
    assert organisations.all(empty) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "Not A Slug"}, "small letters"),
        ({"slug": "console"}, "word of the service"),
        ({"url": "not a website"}, "must be"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"password": "short", "password_again": "short"}, "at least 12"),
        ({"password_again": "something else"}, "not the same"),
        ({"name": ""}, "fill this in"),
    ],
)
@pytest.mark.case("DID-10")
def test_what_is_wrong_in_the_first_run_is_said_beside_the_field(
    empty: Instance, changed: dict[str, str], said: str
) -> None:
    client = app_of(empty).test_client()
    page = client.get(setup_link(empty), headers=PAGE)
    data = SETUP | changed | {"csrf_token": csrf(page), "token": auth.setup_token(empty)}
    answer = client.post("/setup", data=data, headers=PAGE)
    assert answer.status_code == 422
    assert re.search(rf'class="field__error"[^>]*>[^<]*{re.escape(said)}', answer.text, re.IGNORECASE), answer.text
    assert organisations.all(empty) == []
    assert accounts.needs_first_owner(empty)


def test_an_organisation_made_on_the_command_line_only_gets_its_owner(tmp_path: Path) -> None:
    world: World = make_world(tmp_path)
    client = app_of(world.instance).test_client()
    page = client.get(setup_link(world.instance), headers=PAGE)
    assert 'name="slug"' not in page.text
    data = {name: SETUP[name] for name in ("owner_name", "email", "password", "password_again")}
    data |= {"csrf_token": csrf(page), "token": auth.setup_token(world.instance)}
    assert client.post("/setup", data=data).status_code == 302
    assert organisations.only(world.instance).slug == "acme"
    assert sign_in(client, email="ruth@lantern.example").status_code == 302
    world.instance.close()


# --- roles and tenants --------------------------------------------------------------------------------------------


def as_role(site: Site, role: str) -> FlaskClient:
    with writing(site.instance.engine) as connection:
        connection.execute(text("UPDATE memberships SET role = :role"), {"role": role})
    return site.signed_in()


@pytest.mark.case("TEN-02")
def test_a_viewer_looks_and_changes_nothing(site: Site) -> None:
    issued, draft = site.issue(row())[0], site.draft(row("Zoë", student_email="z@students.example"))
    client = as_role(site, "viewer")
    token = csrf(client.get("/console", headers=PAGE))
    assert client.get(f"/console/records/{issued}", headers=PAGE).status_code == 200
    assert client.get(f"/console/records/{issued}/withdraw", headers=PAGE).status_code == 403
    for path in ("upload", f"batches/{draft}/confirm", f"batches/{draft}/discard", f"records/{issued}/suspend"):
        answer = client.post(f"/console/{path}", data={"csrf_token": token, "reason": "x", "step": "confirm"})
        assert answer.status_code == 403, path


@pytest.mark.case("TEN-01")
def test_another_organisations_things_do_not_exist(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    issued, draft = site.issue(row())[0], site.draft(row("Zoë", student_email="z@students.example"))
    stranger = site.world.organise("stranger")
    with writing(site.instance.engine) as connection:
        connection.execute(text("UPDATE memberships SET organisation_id = :id"), {"id": stranger.id})
    client = site.signed_in()
    token = csrf(client.get("/console", headers=PAGE))
    reading_paths = (
        f"records/{issued}", f"records/{issued}/withdraw", f"records/{issued}/suspend", f"records?before={issued}",
        f"batches/{draft}", f"batches/{draft}/preview.png",
        f"batches/{draft}/problems.csv", f"batches/{draft}/progress.json",
    )  # fmt: skip
    for path in reading_paths:
        assert client.get(f"/console/{path}", headers=PAGE).status_code == 404, path
    for path in (f"records/{issued}/withdraw", f"records/{issued}/suspend", f"records/{issued}/restore",
                 f"batches/{draft}/confirm", f"batches/{draft}/discard"):  # fmt: skip
        answer = client.post(f"/console/{path}", data={"csrf_token": token, "reason": "x", "step": "confirm"})
        assert answer.status_code == 404, path
    site.instance.close()


def test_somebody_without_a_membership_gets_nowhere(site: Site) -> None:
    with writing(site.instance.engine) as connection:
        connection.execute(text("DELETE FROM memberships"))
    assert site.signed_in().get("/console", headers=PAGE).status_code == 403


def test_the_set_up_link_ends_after_a_day_and_is_this_instances_own(empty: Instance) -> None:
    token = auth.setup_token(empty)
    assert auth.is_setup_token(empty, token)
    later = replace(empty, clock=lambda: empty.clock() + timedelta(days=1, seconds=1))
    assert not auth.is_setup_token(later, token)
    assert not auth.is_setup_token(replace(empty, secret_key="another installation's secret, long enough"), token)
    unsigned = jwt.encode(jwt.decode(token, options={"verify_signature": False}), "", algorithm="none")
    assert not auth.is_setup_token(empty, unsigned)

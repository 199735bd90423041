"""Organisations and the people who act for them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from credentials import strict_json
from credentials.errors import PlauditError
from issuer.problems import AccountExists, BadAccount, BadOrganisation, BadSlug, NotFound, SlugTaken, WrongState
from issuer.services import accounts, addresses, organisations, projects, records
from issuer.services.ids import new_human_code, new_id, read_human_code
from issuer.services.origin import OwnOriginFetcher
from tests.issuer.services.test_status_lists import NoWayOut
from tests.worlds.instances import SeededRandomness, World, issued
from verifier import pdf

FIELDS = {"name": "Globex", "domain": "globex.example", "url": "https://globex.example/"}


@pytest.mark.case("DID-10")
@pytest.mark.parametrize(
    "slug",
    ["", "a", ".well-known", "well-known", "api", "static", "verify", "c", "o", "../etc", "a/b", "a%2Fb", "A", "ä",
     "аcme", "-a", "a-", "a--b", "1a", "a b", "a.b", "a\n", "x" * 41],
)  # fmt: skip
def test_slugs_that_cannot_be_part_of_an_address(world: World, slug: str) -> None:
    """DID-10: refused at creation; no key is made for them."""
    before = world.instance.keyring().list()
    with pytest.raises(BadSlug):
        organisations.create(world.instance, slug=slug, **FIELDS)
    assert world.instance.keyring().list() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "a\nb"), ("name", "x" * 201), ("domain", "localhost"), ("domain", "https://a.example"),
     ("domain", "ä.example"), ("url", "javascript:alert(1)"), ("url", "https://u@a.example/"), ("url", "https://a b/")],
)  # fmt: skip
def test_fields_are_checked_and_named(world: World, field: str, value: str) -> None:
    """They become part of what is signed."""
    with pytest.raises(BadOrganisation) as caught:
        organisations.create(world.instance, slug="globex", **{**FIELDS, field: value})
    assert caught.value.pointer == f"/{field}"


def test_an_organisation_has_its_did_and_a_key_at_once(world: World) -> None:
    """Its DID follows from the base URL, port included; a slug is taken once."""
    assert world.organisation.did == "did:web:localhost%3A8000:o:acme"
    document = strict_json.loads_object(records.did_document(world.instance, "acme"))
    assert document["id"] == world.organisation.did
    assert len(document["verificationMethod"]) == 1
    with pytest.raises(SlugTaken):
        world.organise("acme")
    assert organisations.only(world.instance) == world.organisation
    world.organise("globex")
    with pytest.raises(WrongState, match="acme, globex"):
        organisations.only(world.instance)


def test_the_first_owner_is_made_once_however_many_try(world: World) -> None:
    """Of many at once exactly one succeeds."""

    def attempt(number: int) -> bool:
        try:
            accounts.create_first_owner(
                world.instance, email=f"Owner{number}@Acme.example ", name="Owner", password_hash="x",
                organisation_id=world.organisation.id,
            )  # fmt: skip
        except AccountExists:
            return False
        return True

    assert accounts.needs_first_owner(world.instance)
    with ThreadPoolExecutor(8) as workers:
        assert sum(workers.map(attempt, range(8))) == 1
    assert not accounts.needs_first_owner(world.instance)
    ((organisation, role),) = accounts.memberships(world.instance, 1)
    assert (organisation.slug, role) == ("acme", "owner")
    assert accounts.email_of(world.instance, 1).endswith("@acme.example")
    assert accounts.role_in(world.instance, 1, "somewhere else") is None


@pytest.mark.parametrize("email", ["", "a", "a@b", "a b@c.example", "a@c.example\nBcc: x@y.example", "@c.example"])
def test_addresses_that_are_none(world: World, email: str) -> None:
    """Refused before anything is stored."""
    with pytest.raises(BadAccount):
        accounts.normalise_email(email)


def test_codes_are_read_forgivingly_and_strictly() -> None:
    """Case, spaces and look-alikes are forgiven; anything else is no code."""
    random = SeededRandomness()
    codes = {new_human_code(random) for _ in range(1_000)}
    assert len(codes) == 1_000
    for code in codes:
        assert read_human_code(f" {code.lower().replace('-', ' ')} ") == code
        assert read_human_code(code.replace("0", "O").replace("1", "l")) == code
        assert read_human_code(code[:-1]) is None
    assert read_human_code("UUUU-UUUU-UUUUU") is None
    assert len({new_id(random) for _ in range(1_000)}) == 1_000


def test_projects_and_skills_are_public_once_something_was_issued(world: World) -> None:
    """The addresses in a credential lead to them; differing case of a skill is one page."""
    (name,) = issued(world, 1)
    document = strict_json.loads_object(records.get(world.instance, name).credential)
    achievement = document["credentialSubject"]["achievement"]
    project = projects.get(world.instance, achievement["id"].rsplit("/", 1)[-1])
    assert project.content["title"] == achievement["name"]
    key = achievement["alignment"][0]["targetUrl"].rsplit("/", 1)[-1]
    assert key == addresses.skill_key("Web Accessibility")
    assert projects.skill(world.instance, "acme", key).projects == (project,)
    for missing in (lambda: projects.get(world.instance, "x"), lambda: projects.skill(world.instance, "acme", "x")):
        with pytest.raises(NotFound):
            missing()


def test_the_own_origin_is_answered_in_process(world: World) -> None:
    """DID document, list and credential; what is not there is an error, and never asked for outside."""
    (name,) = issued(world, 1)
    fetcher = OwnOriginFetcher(world.instance, NoWayOut())
    record = records.get(world.instance, name)
    list_url = strict_json.loads_object(record.credential)["credentialStatus"]["statusListCredential"]
    documents = [f"{scheme}://localhost:8000/o/acme/did.json" for scheme in ("http", "https")]
    for url in (*documents, list_url, record.url):
        assert fetcher.fetch(url).source == "own origin"
    assert fetcher.fetch(record.url).body == record.credential
    assert pdf.embedded_credential(fetcher.fetch(f"{record.url}.pdf").body) == record.credential
    own = strict_json.loads_object(fetcher.fetch("https://localhost:8000/.well-known/did.json").body)
    assert own["id"] == "did:web:localhost%3A8000"
    assert "verificationMethod" not in own, "the installation signs nothing in its own name"
    for url in (
        "http://localhost:8000/console",
        "http://localhost:8000/o/acme/../did.json",
        "http://localhost:8000/o/acme/did.jsonl",
        "http://localhost:8000/c/x",
    ):
        with pytest.raises(PlauditError):
            fetcher.fetch(url)
    for url in ("http://localhost:80001/c/x", "http://localhost:8000@evil.example/", "https://evil.example/"):
        with pytest.raises(AssertionError, match="asked for"):
            fetcher.fetch(url)

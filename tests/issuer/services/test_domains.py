"""An organisation shows its domain by a file or by DNS: kept with its date, told to the audit and to credentials."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from credentials import strict_json
from credentials.domains import linkage
from credentials.errors import PlauditError, Unreachable
from credentials.ports import Fetcher, TextRecords
from credentials.verify import verify
from issuer.db import tables
from issuer.db.engine import reading
from issuer.domain_cli import domain_commands
from issuer.problems import DomainNotOfPage
from issuer.services import audit, domains, organisations, records
from issuer.services.domains import Shown
from issuer.services.organisations import Organisation
from issuer.services.origin import OwnOriginFetcher
from keys.errors import SigningStopped
from tests.worlds.instances import World, damages, issued
from tests.worlds.memory_web import MemoryWeb
from tests.worlds.name_systems import NameSystem
from verifier.ladder.looking import Ladders
from verifier.ladder.registries import Registries

FILE = "https://acme.example/.well-known/did-configuration.json"
DOCUMENT = "https://acme.example/.well-known/did.json"
RECORD = "_plaudit.acme.example"


class Outside:
    """The employer's own web server and name system; everything is answered unless a test says otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.web = MemoryWeb()
        self.names = NameSystem()
        for url in (FILE, DOCUMENT):
            self.gone(url)

    def gone(self, url: str) -> None:
        error = Unreachable("404")
        error.status = 404
        self.web.crash(url, error)

    @property
    def fetcher(self) -> Fetcher:
        return OwnOriginFetcher(self.world.instance, self.web)

    def prove(self) -> Shown:
        return domains.prove(
            self.world.instance, self.organisation(), fetcher=self.fetcher, texts=self.names, actor="tester"
        )

    def organisation(self) -> Organisation:
        return organisations.get(self.world.instance, "acme")


@pytest.fixture
def outside(world: World) -> Outside:
    return Outside(world)


def signed_proofs(world: World) -> list[str]:
    """What the credentials issued so far say of the domain, oldest first."""
    found = reversed(records.list_recent(world.instance, world.organisation.id))
    return [strict_json.loads_object(record.credential)["issuer"]["domainProof"] for record in found]


def test_nothing_is_said_before_anything_was_shown(world: World, outside: Outside) -> None:
    assert (outside.organisation().domain_proof, outside.organisation().domain_shown_at) == ("none", None)
    issued(world)
    assert signed_proofs(world) == ["none"]


def test_what_to_publish(outside: Outside) -> None:
    steps = domains.steps(outside.organisation())
    assert (steps.record_name, steps.record_value) == (RECORD, "did=did:web:localhost%3A8000:o:acme")
    assert steps.addresses == (FILE,)


def test_a_dns_record_shows_the_domain_and_stands_in_what_is_issued_then(world: World, outside: Outside) -> None:
    outside.names.records[RECORD] = [domains.steps(outside.organisation()).record_value]
    world.clock.move(hours=1)
    shown = outside.prove()
    assert (shown.proof, shown.evidence, shown.before) == ("dns", RECORD, "none")
    assert outside.organisation().domain_shown_at == world.clock()
    issued(world)
    assert signed_proofs(world) == ["dns"]
    assert damages(world.instance) == []


def test_a_file_that_we_signed_shows_it_better(world: World, outside: Outside) -> None:
    outside.names.records[RECORD] = [domains.steps(outside.organisation()).record_value]
    outside.web.put(FILE, domains.configuration(world.instance, outside.organisation(), actor="tester"))
    assert outside.prove().proof == "https"
    issued(world)
    assert signed_proofs(world) == ["https"]


def test_the_file_is_what_a_verifier_finds(world: World, outside: Outside) -> None:
    """The same file makes the reader's own rung pass, at its origin and no other."""
    outside.web.put(FILE, domains.configuration(world.instance, outside.organisation(), actor="tester"))
    outside.prove()
    issued(world)
    record = records.list_recent(world.instance, world.organisation.id)[0]
    report = verify(record.credential, fetcher=outside.fetcher, now=world.clock())
    found = Ladders(outside.fetcher, outside.names, Registries((), {}, lambda: 0.0)).look_up(report)
    assert found is not None
    assert (found.proof, found.domain) == ("https", "acme.example")
    assert found.rung("did_configuration").outcome.value == "passed"
    assert found.rung("did_configuration").stated


def test_the_domains_own_did_document_may_name_it(world: World, outside: Outside) -> None:
    document: dict[str, Any] = {"id": "did:web:acme.example", "alsoKnownAs": [outside.organisation().did]}
    outside.web.put(DOCUMENT, document)
    shown = outside.prove()
    assert (shown.proof, shown.evidence) == ("https", DOCUMENT)
    others: list[Any] = [{**document, "alsoKnownAs": "did:web:x"}, {**document, "id": "did:web:x"}, {"id": 7}, []]
    for other in others:
        outside.web.put(DOCUMENT, other)
        assert outside.prove().proof == "none"


@pytest.mark.parametrize("body", [b"nonsense", b'{"linked_dids": []}'])
def test_a_file_that_does_not_hold_up_shows_nothing(outside: Outside, body: bytes) -> None:
    outside.web.put(FILE, body)
    assert outside.prove().proof == "none"


def test_a_file_for_another_origin_or_organisation_shows_nothing(world: World, outside: Outside) -> None:
    now = world.instance.now()
    with world.instance.keyring().signer(outside.organisation().did) as signer:
        body = signer.sign_domain_linkage("https://evil.example", start=now, end=now.replace(year=2030))
    outside.web.put(FILE, body)
    assert outside.prove().proof == "none"
    globex = world.organise("globex")
    outside.web.put(FILE, domains.configuration(world.instance, globex, actor="tester"))
    assert outside.prove().proof == "none"


def test_a_file_behind_a_redirect_shows_nothing(world: World, outside: Outside) -> None:
    outside.web.put(FILE, domains.configuration(world.instance, outside.organisation(), actor="tester"))
    fetch = outside.web.fetch

    def redirected(url: str) -> Any:
        found = fetch(url)
        return type(found)(url.replace("acme", "cdn"), found.body, found.content_type, found.source)

    outside.web.fetch = redirected  # type: ignore[method-assign]
    assert outside.prove().proof == "none"


def test_what_is_gone_is_no_longer_said(world: World, outside: Outside) -> None:
    outside.names.records[RECORD] = [domains.steps(outside.organisation()).record_value]
    outside.prove()
    outside.names.records.clear()
    shown = outside.prove()
    assert (shown.proof, shown.evidence, shown.before) == ("none", None, "dns")
    assert outside.organisation().domain_proof == "none"


@pytest.mark.parametrize("what", ["file", "names"])
def test_a_place_that_does_not_answer_changes_nothing(world: World, outside: Outside, what: str) -> None:
    outside.names.records[RECORD] = [domains.steps(outside.organisation()).record_value]
    outside.prove()
    outside.names.records.clear()
    if what == "file":
        outside.web.hang(FILE)
    else:
        outside.names.failures[RECORD] = Unreachable("silence")
    before = audit_lines(world)
    with pytest.raises(Unreachable):
        outside.prove()
    assert outside.organisation().domain_proof == "dns"
    assert audit_lines(world) == before


def test_one_place_that_does_not_answer_does_not_hide_another(outside: Outside) -> None:
    outside.web.hang(FILE)
    outside.names.records[RECORD] = [domains.steps(outside.organisation()).record_value]
    assert outside.prove().proof == "dns"


def test_a_page_elsewhere_is_not_shown_by_the_domain(world: World, outside: Outside) -> None:
    other = organisations.create(
        world.instance, slug="initech", name="Initech", domain="initech.example", url="https://elsewhere.example/"
    )
    with pytest.raises(DomainNotOfPage):
        domains.steps(other)
    with pytest.raises(DomainNotOfPage):
        domains.prove(world.instance, other, fetcher=outside.fetcher, texts=outside.names, actor="tester")


def test_nothing_is_signed_while_signing_is_stopped(world: World, outside: Outside) -> None:
    world.instance.keyring().stop("a drill")
    with pytest.raises(SigningStopped):
        domains.configuration(world.instance, outside.organisation(), actor="tester")


def audit_lines(world: World) -> list[tuple[str, str]]:
    with reading(world.instance.engine) as connection:
        assert list(audit.breaks(connection)) == []
        line = tables.AuditLine
        rows = connection.execute(select(line.action, line.detail).where(line.action.like("organisation.domain%")))
        return [(row.action, row.detail) for row in rows]


def test_the_audit_tells_what_was_signed_and_what_was_found(world: World, outside: Outside) -> None:
    outside.web.put(FILE, domains.configuration(world.instance, outside.organisation(), actor="tester"))
    outside.prove()
    signed, found = audit_lines(world)
    assert signed[0] == "organisation.domain_configuration"
    assert strict_json.loads_object(found[1].encode()) == {
        "domain": "acme.example", "proof": "https", "evidence": FILE, "before": "none",
    }  # fmt: skip


# -- the command


class Installed:
    """What the composition root hands to commands."""

    def __init__(self, outside: Outside) -> None:
        self.instance = outside.world.instance
        self.config = outside.world.config
        self._outside = outside

    def live_fetcher(self) -> Fetcher:
        return self._outside.fetcher

    def text_records(self) -> TextRecords:
        return self._outside.names


def run(outside: Outside, *arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(domain_commands, arguments, obj=Installed(outside))
    if isinstance(ran.exception, PlauditError):
        raise ran.exception
    return ran.exit_code, ran.output


def test_the_command_says_what_to_publish_and_finds_it(outside: Outside, tmp_path_factory: Any) -> None:
    code, said = run(outside, "steps")
    assert code == 0
    assert RECORD in said
    code, said = run(outside, "steps", "--json")
    assert strict_json.loads_object(said.encode())["dnsValue"] == "did=did:web:localhost%3A8000:o:acme"
    code, said = run(outside, "prove")
    assert (code, said) == (1, "acme.example does not name the organisation; credentials say 'none' from now on.\n")
    target = tmp_path_factory.mktemp("out") / "did-configuration.json"
    code, said = run(outside, "file", "--org", "acme", "--out", str(target))
    assert (code, FILE in said) == (0, True)
    outside.web.put(FILE, target.read_bytes())
    code, said = run(outside, "prove", "--json")
    assert (code, strict_json.loads_object(said.encode())["proof"]) == (0, "https")
    code, said = run(outside, "prove")
    assert said == f"{FILE} names the organisation; credentials say 'https' from now on.\n"
    code, said = run(outside, "file")
    assert len(linkage.read(said.encode())) == 2


def test_own_organisations_are_known_issuers(world: World) -> None:
    (known,) = domains.known_issuers(world.instance)
    assert (known.name, known.domain, known.did) == ("Acme Ltd", "acme.example", world.organisation.did)

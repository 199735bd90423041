"""The issuer's domain ladder: what each rung needs to pass, that it is asked only on demand, and changes no verdict."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials import errors
from credentials.domains import linkage
from credentials.domains.registry import Registry
from credentials.errors import Unreachable
from credentials.jose import claims, jws
from credentials.verify import Report
from tests.verifier.pages import Page
from tests.worlds.completions import NOW
from tests.worlds.federations import Entity, chain
from tests.worlds.issuers import Issuer, Key, judge, sign
from tests.worlds.memory_web import MemoryWeb
from tests.worlds.name_systems import NameSystem, sleepy
from verifier import create_app
from verifier.config import VerifierConfig
from verifier.ladder.looking import Ladders
from verifier.ladder.registries import Registries
from verifier.ladder.rungs import TITLES, Ladder
from verifier.problems import ConfigurationRefused

HOST, HOME = "plaudit.example", "acme.example"
DID = f"did:web:{HOST}"
RECORD = f"_plaudit.{HOME}"
CONFIGURATION = f"https://{HOME}/.well-known/did-configuration.json"
REGISTRY_URL = "https://registry.example/registry.json"
ANCHOR = "https://anchor.example"
ANCHOR_EC = f"{ANCHOR}/.well-known/openid-federation"


class World:
    """An employer at acme.example whose records are signed at plaudit.example."""

    def __init__(self) -> None:
        self.web = MemoryWeb()
        self.issuer = Issuer(self.web, HOST)
        self.names = NameSystem()
        self.listed: tuple[Registry, ...] = ()
        self.seconds = 5.0

    def report(self, *, page: str = f"https://{HOME}/", **profile: Any) -> Report:
        document = self.issuer.unsigned()
        document["issuer"] = {**document["issuer"], "url": page, **profile}
        document["issuer"] = {name: value for name, value in document["issuer"].items() if value is not None}
        return judge(self.issuer.issue(document), self.web)

    def look(self, report: Report | None = None) -> Ladder:
        found = self.ladders().look_up(report or self.report())
        assert found is not None
        return found

    def ladders(self) -> Ladders:
        registries = Registries(self.listed, {}, time.monotonic)
        return Ladders(self.web, self.names, registries, seconds=self.seconds)

    def configure(self, origin: str = f"https://{HOME}", *, at: str = CONFIGURATION, days: int = 300) -> None:
        start, end = NOW - timedelta(days=1), NOW + timedelta(days=days)
        self.web.put(at, linkage.write(DID, origin, self.issuer.key, start=start, end=end))


@pytest.fixture
def world() -> World:
    return World()


def outcome(ladder: Ladder, rung: str) -> str:
    return ladder.rung(rung).outcome.value


# -- as at signing


@pytest.mark.parametrize(
    ("word", "rung", "said"),
    [
        ("none", None, "nothing had shown"),
        ("e-mail", "email", "e-mail address"),
        ("dns", "dns", "DNS record"),
        ("https", "did_configuration", "a file at its domain"),
        (None, None, "does not say"),
        ("certainly", None, "does not say"),
    ],
)
def test_as_at_signing_is_the_issuers_word_and_no_tick(
    world: World, word: str | None, rung: str | None, said: str
) -> None:
    asked = len(world.web.asked)
    report = world.report(domainProof=word)
    ladder = world.ladders().of(report)
    assert ladder is not None
    assert said in ladder.statement
    assert ladder.signed_at == NOW - (NOW - ladder.signed_at if ladder.signed_at else timedelta())
    assert [one.id for one in ladder.rungs if one.stated] == ([rung] if rung else [])
    assert [one.id for one in ladder.rungs] == list(TITLES)
    assert "passed" not in {outcome(ladder, name) for name in TITLES if name != "did_web"}
    assert not ladder.looked_up
    assert world.names.asked == []
    assert {url.split("/")[2] for url in world.web.asked[asked:]} == {HOST}
    assert ladder.proof == (word if word != "certainly" else None)


def test_an_unconfirmed_issuer_has_no_ladder(world: World) -> None:
    altered = world.issuer.issue()
    altered["name"] = "Something else"
    report = judge(altered, world.web)
    assert world.ladders().of(report) is None
    assert world.ladders().look_up(report) is None
    assert world.names.asked == []


def test_keys_at_the_domain_itself_are_known_without_asking(world: World) -> None:
    own = world.ladders().of(world.report(page=f"https://www.{HOST}/about"))
    elsewhere = world.ladders().of(world.report())
    no_page = world.ladders().of(world.report(page="mailto:x"))
    assert own is not None
    assert elsewhere is not None
    assert no_page is not None
    assert (own.domain, outcome(own, "did_web")) == (HOST, "passed")
    assert (elsewhere.domain, outcome(elsewhere, "did_web")) == (HOME, "not_applicable")
    assert (no_page.domain, outcome(no_page, "did_web")) == (HOST, "passed")


def test_keys_from_a_folder_are_not_keys_at_the_domain(world: World) -> None:
    document = world.issuer.unsigned()
    credential = world.issuer.issue({**document, "issuer": {**document["issuer"], "url": f"https://{HOST}/"}})
    folder = MemoryWeb("folder")
    for url in world.web.urls():
        folder.put(url, world.web.body(url))
    ladder = world.ladders().of(judge(credential, folder))
    assert ladder is not None
    assert outcome(ladder, "did_web") == "not_checked"


def test_an_issuer_that_is_only_a_key_names_no_domain(world: World) -> None:
    document = world.issuer.unsigned()
    stranger = Key("stranger")
    document["issuer"] = {"id": stranger.controller, "type": ["Profile"], "name": "Somebody"}
    for name in ("credentialStatus", "credentialSchema"):
        del document[name]
    ladder = world.look(judge(sign(document, stranger), world.web))
    assert ladder.domain is None
    for rung in ("email", "dns", "did_web", "did_configuration", "registry", "federation"):
        assert outcome(ladder, rung) == "not_applicable"
    world.listed = (Registry("Anchor", "oidf", ANCHOR_EC),)
    assert outcome(world.look(judge(sign(document, stranger), world.web)), "federation") == "not_applicable"


# -- DNS


def test_a_dns_record_names_the_issuer(world: World) -> None:
    world.names.records[RECORD] = ["v=spf1 -all", f"did={DID}"]
    rung = world.look().rung("dns")
    assert (rung.outcome.value, rung.checked_at) == ("passed", NOW)
    assert rung.details == {"name": RECORD, "wanted": f"did={DID}", "named": [DID]}


def test_a_dns_record_of_somebody_else_does_not(world: World) -> None:
    world.names.records[RECORD] = ["did=did:web:other.example"]
    assert outcome(world.look(), "dns") == "failed"


def test_no_dns_record_is_no_failure(world: World) -> None:
    assert outcome(world.look(), "dns") == "not_applicable"


def test_a_silent_name_system_leaves_it_unchecked(world: World) -> None:
    world.names.failures[RECORD] = Unreachable("silence")
    assert outcome(world.look(), "dns") == "not_checked"


# -- DID configuration


def test_a_did_configuration_names_the_issuer(world: World) -> None:
    world.configure()
    rung = world.look().rung("did_configuration")
    assert rung.outcome.value == "passed"
    assert rung.details["origin"] == f"https://{HOME}"


def test_only_the_exact_origin_counts(world: World) -> None:
    world.configure("https://jobs.acme.example")
    assert outcome(world.look(), "did_configuration") == "failed"


def test_the_origin_of_the_page_as_it_is_written_counts_too(world: World) -> None:
    at = f"https://www.{HOME}:8443/.well-known/did-configuration.json"
    world.web.put(CONFIGURATION, b"oops")
    world.configure(f"https://www.{HOME}:8443", at=at)
    assert outcome(world.look(world.report(page=f"https://www.{HOME}:8443/")), "did_configuration") == "passed"
    world.web.remove(at)
    assert outcome(world.look(world.report(page=f"https://www.{HOME}:8443/")), "did_configuration") == "failed"


def test_one_that_leads_to_another_origin_does_not_count(world: World) -> None:
    world.configure()
    fetch = world.web.fetch

    def redirected(url: str) -> Any:
        found = fetch(url)
        return type(found)(url.replace(HOME, "cdn.example"), found.body, found.content_type, found.source)

    world.web.fetch = redirected  # type: ignore[method-assign]
    assert outcome(world.look(), "did_configuration") == "failed"


def test_one_that_names_others_only_does_not_name_this_issuer(world: World) -> None:
    other = Issuer(world.web, "other.example")
    start, end = NOW - timedelta(days=1), NOW + timedelta(days=1)
    world.web.put(CONFIGURATION, linkage.write(other.did, f"https://{HOME}", other.key, start=start, end=end))
    rung = world.look().rung("did_configuration")
    assert rung.outcome.value == "failed"
    assert "does not name this issuer" in rung.sentence


def test_an_expired_or_forged_entry_does_not_hold(world: World) -> None:
    world.configure(days=-1)
    assert outcome(world.look(), "did_configuration") == "failed"
    forger = Key("forger", DID)
    start, end = NOW - timedelta(days=1), NOW + timedelta(days=1)
    world.web.put(CONFIGURATION, linkage.write(DID, f"https://{HOME}", forger, start=start, end=end))
    assert outcome(world.look(), "did_configuration") == "failed"


def test_one_good_entry_among_bad_ones_is_enough(world: World) -> None:
    world.configure(days=-1)
    (bad, _) = json.loads(world.web.body(CONFIGURATION))["linked_dids"]
    world.configure()
    good = json.loads(world.web.body(CONFIGURATION))
    world.web.put(CONFIGURATION, {**good, "linked_dids": [bad, *good["linked_dids"]]})
    assert outcome(world.look(), "did_configuration") == "passed"


def test_keys_that_cannot_be_reached_leave_it_unchecked(world: World) -> None:
    world.configure()
    report = world.report()
    world.web.hang(world.issuer.did_url)
    assert outcome(world.look(report), "did_configuration") == "not_checked"


@pytest.mark.parametrize("how", ["hang", "fail", "forbid"])
def test_a_host_that_does_not_answer_leaves_it_unchecked(world: World, how: str) -> None:
    getattr(world.web, how)(CONFIGURATION)
    assert outcome(world.look(), "did_configuration") == "not_checked"


def test_nothing_published_is_no_failure(world: World) -> None:
    gone = Unreachable("404")
    gone.status = 404
    world.web.crash(CONFIGURATION, gone)
    assert outcome(world.look(), "did_configuration") == "not_applicable"


# -- registries


def registry_at(world: World, *dids: str) -> None:
    world.listed = (*world.listed, Registry("Pilot", "dcc-legacy", REGISTRY_URL))
    world.web.put(REGISTRY_URL, {"registry": {did: {"name": "Acme Ltd", "url": f"https://{HOME}"} for did in dids}})


def test_no_registry_is_asked_unless_the_operator_names_one(world: World) -> None:
    assert outcome(world.look(), "registry") == "not_applicable"
    assert outcome(world.look(), "federation") == "not_applicable"


def test_a_registry_lists_the_issuer_or_does_not(world: World) -> None:
    registry_at(world, DID)
    rung = world.look().rung("registry")
    assert rung.outcome.value == "passed"
    assert "Pilot lists this issuer as Acme Ltd" in rung.sentence
    registry_at(world, "did:web:other.example")
    assert outcome(world.look(), "registry") == "not_applicable"


@pytest.mark.parametrize("body", [b"nonsense", None])
def test_a_registry_that_cannot_be_read_is_not_checked(world: World, body: bytes | None) -> None:
    registry_at(world)
    world.web.put(REGISTRY_URL, body) if body else world.web.hang(REGISTRY_URL)
    assert outcome(world.look(), "registry") == "not_checked"


def test_a_registry_is_asked_once_an_hour_and_after_a_failure_once_a_minute(world: World) -> None:
    seconds = [0.0]
    one = Registry("Pilot", "dcc-legacy", REGISTRY_URL)
    registries = Registries((one,), {}, lambda: seconds[0])
    world.web.hang(REGISTRY_URL)
    for _ in range(3):
        with pytest.raises(Unreachable):
            registries.entries(one, world.web)
    assert world.web.asked.count(REGISTRY_URL) == 1
    seconds[0] = 61.0
    world.web.put(REGISTRY_URL, {"registry": {DID: {"name": "Acme"}}})
    for _ in range(3):
        assert registries.entries(one, world.web)[DID].name == "Acme"
    assert world.web.asked.count(REGISTRY_URL) == 2
    assert [issuer.name for issuer in registries.known()] == ["Acme"]


def test_a_federations_registry_answers_about_the_did_itself(world: World) -> None:
    anchor = Entity(world.web, ANCHOR, name="Members")
    anchor.publish()
    world.listed = (Registry("Members", "oidf", ANCHOR_EC, None, anchor.jwks()),)
    gone = Unreachable("404")
    gone.status = 404
    world.web.crash(f"{ANCHOR}/fetch?sub=did%3Aweb%3Aplaudit.example", gone)
    assert outcome(world.look(), "registry") == "not_applicable"
    named = {"federation_entity": {"organization_name": "Acme of the federation"}}
    anchor.publish_about(DID, metadata=named)
    assert "as Acme of the federation" in world.look().rung("registry").sentence
    world.web.fail(f"{ANCHOR}/fetch?sub=did%3Aweb%3Aplaudit.example")
    assert outcome(world.look(), "registry") == "not_checked"
    other = Entity(world.web, ANCHOR)
    other.key = Key("other")
    world.listed = (Registry("Members", "oidf", ANCHOR_EC, None, other.jwks()),)
    assert outcome(world.look(), "registry") == "not_checked"


def test_the_operators_list_is_read_with_the_copies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "registries.json"
    path.write_text(json.dumps([{"name": "Copy", "type": "dcc-legacy", "file": "copy.json"}]))
    with pytest.raises(ConfigurationRefused):
        Registries.load(path, time.monotonic)
    (tmp_path / "copy.json").write_text(json.dumps({"registry": {DID: {"name": "Acme", "url": f"https://{HOME}"}}}))
    registries = Registries.load(path, time.monotonic)
    (one,) = registries.listed
    assert registries.entries(one, MemoryWeb())[DID].name == "Acme"
    assert [(known.name, known.domain) for known in registries.known()] == [("Acme", HOME)]
    with pytest.raises(ConfigurationRefused):
        Registries.load(tmp_path / "missing.json", time.monotonic)
    assert Registries.load(None, time.monotonic).listed == ()


# -- federation


def federate(world: World, *middle: str, signing: bool = True, pinned: bool = True) -> list[Entity]:
    keys = {"keys": [{**world.issuer.key.public.to_jwk(), "kid": "1"}]}
    metadata = {"openid_credential_issuer": {"jwks": keys}} if signing else {}
    entities = chain(world.web, f"https://{HOME}", *middle, ANCHOR, leaf_metadata=metadata)
    jwks = entities[-1].jwks() if pinned else None
    world.listed = (Registry("Anchor", "oidf", ANCHOR_EC, None, jwks),)
    return entities


@pytest.mark.parametrize("middle", [(), ("https://a.example",), ("https://a.example", "https://b.example")])
def test_a_chain_up_to_a_trusted_anchor_holds(world: World, middle: tuple[str, ...]) -> None:
    federate(world, *middle, pinned=bool(middle))
    rung = world.look().rung("federation")
    assert (rung.outcome.value, rung.details.get("metadataPolicy")) == ("passed", "none")
    assert rung.details["chain"][-1] == ANCHOR


def test_a_longer_chain_is_not_followed(world: World) -> None:
    federate(world, *(f"https://{name}.example" for name in "abc"))
    assert outcome(world.look(), "federation") == "failed"


def test_a_member_whose_keys_are_not_this_issuers_does_not_vouch_for_it(world: World) -> None:
    federate(world, signing=False)
    rung = world.look().rung("federation")
    assert rung.outcome.value == "failed"
    assert "does not name this issuer's key" in rung.sentence


def test_at_the_very_domain_of_the_keys_nothing_more_is_needed(world: World) -> None:
    entities = chain(world.web, f"https://{HOST}", ANCHOR)
    world.listed = (Registry("Anchor", "oidf", ANCHOR_EC, None, entities[-1].jwks()),)
    assert outcome(world.look(world.report(page=f"https://{HOST}/")), "federation") == "passed"


def test_one_superior_that_is_silent_does_not_hide_another(world: World) -> None:
    leaf, anchor = federate(world)
    silent = Entity(world.web, "https://silent.example")
    leaf.publish(authority_hints=[silent.identifier, anchor.identifier])
    assert outcome(world.look(), "federation") == "passed"
    leaf.publish(authority_hints=[silent.identifier])
    assert outcome(world.look(), "federation") == "not_checked"


def test_circles_end(world: World) -> None:
    leaf, middle, _ = federate(world, "https://a.example")
    middle.publish(authority_hints=[leaf.identifier, middle.identifier])
    assert outcome(world.look(), "federation") == "failed"


def test_forged_statements_do_not_hold(world: World) -> None:
    leaf, anchor = federate(world)
    forger = Entity(world.web, ANCHOR)
    forger.key = Key("forger")
    forger.publish_about(leaf)
    assert outcome(world.look(), "federation") == "failed"
    anchor.publish_about("https://other.example")
    url = f"{ANCHOR}/fetch?sub=https%3A%2F%2F{HOME}"
    world.web.put(url, anchor.statement("https://other.example").encode())
    assert outcome(world.look(), "federation") == "failed"


def test_a_metadata_policy_is_named_and_not_applied(world: World) -> None:
    leaf, anchor = federate(world)
    anchor.publish_about(leaf, metadata_policy={"openid_credential_issuer": {}})
    assert world.look().rung("federation").details["metadataPolicy"] == "not_applied"


def test_a_domain_outside_every_federation_is_no_failure(world: World) -> None:
    federate(world)
    gone = Unreachable("404")
    gone.status = 404
    world.web.crash(f"https://{HOME}/.well-known/openid-federation", gone)
    assert outcome(world.look(), "federation") == "not_applicable"
    world.web.put(f"https://{HOME}/.well-known/openid-federation", b"<html>")
    assert outcome(world.look(), "federation") == "failed"
    world.web.hang(f"https://{HOME}/.well-known/openid-federation")
    assert outcome(world.look(), "federation") == "not_checked"


# -- the whole look


@pytest.mark.case("OUT-15")
def test_whatever_breaks_leaves_its_rung_unchecked(world: World) -> None:
    world.web.crash(CONFIGURATION, RuntimeError("nobody foresaw this"))
    world.names.before = lambda: (_ for _ in ()).throw(RuntimeError("nor this"))
    ladder = world.look()
    for rung in ("dns", "did_configuration"):
        assert outcome(ladder, rung) == "not_checked"
        assert ladder.rung(rung).details == {"code": "internal_error"}


@pytest.mark.case("DID-05")
def test_one_budget_covers_everything(world: World) -> None:
    world.names = sleepy(2.0)
    world.seconds = 0.3
    world.configure()
    started = time.monotonic()
    ladder = world.look()
    assert time.monotonic() - started < 1.0
    assert outcome(ladder, "dns") == "not_checked"
    assert ladder.rung("dns").details["code"] == "took_too_long"
    assert outcome(ladder, "did_configuration") == "passed"


def test_what_waits_in_line_past_the_budget_is_never_begun(world: World) -> None:
    world.names = sleepy(2.0)
    world.seconds = 0.03
    ladders, report = world.ladders(), world.report()
    found = [ladders.look_up(report) for _ in range(20)]
    assert len(world.names.asked) == 16
    assert all(ladder is not None and outcome(ladder, "registry") == "not_checked" for ladder in found[16:])


@pytest.mark.parametrize("good", [True, False])
def test_no_rung_changes_the_verdict(world: World, good: bool) -> None:
    if good:
        world.names.records[RECORD] = [f"did={DID}"]
        world.configure()
    else:
        world.names.records[RECORD] = ["did=did:web:other.example"]
    withdrawn = world.report()
    assert withdrawn.verdict.id == "valid"
    world.look(withdrawn)
    app = create_app(VerifierConfig(trusted_hosts=("localhost",)), fetcher=world.web, clock=lambda: NOW,
                     texts=world.names)  # fmt: skip
    body = json.dumps(world.issuer.issue())
    kind = "application/vc+json"
    plain: Any = app.test_client().post("/api/v1/verify", data=body, content_type=kind).json
    looked: Any = app.test_client().post("/api/v1/verify?domain=1", data=body, content_type=kind).json
    assert (plain["issuerDomain"]["lookedUp"], looked["issuerDomain"]["lookedUp"]) == (False, True)
    assert plain["warnings"] == looked["warnings"] == []
    for name in ("verdict", "headline", "checks", "reasons", "credential"):
        assert plain[name] == looked[name]


def test_the_page_offers_the_look_and_shows_it(world: World) -> None:
    world.names.records[f"_plaudit.{HOST}"] = [f"did={DID}"]
    app = create_app(VerifierConfig(trusted_hosts=("localhost",)), fetcher=world.web, clock=lambda: NOW,
                     texts=world.names)  # fmt: skip
    address = f"https://{HOST}/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"
    world.web.put(address, world.issuer.issue())
    client = app.test_client()
    first = client.get("/verify", query_string={"url": address}).text
    assert world.names.asked == []
    assert "domain=1#domain" in first
    assert "Not looked up yet" not in first
    second = Page(client.get("/verify", query_string={"url": address, "domain": "1"}).text)
    text = " ".join("".join(second.plain).split())
    assert f"A DNS record of {HOST} names this issuer." in text
    assert "does not change the result above" in text
    by_hand = client.post("/verify", data={"credential": json.dumps(world.issuer.issue())}).text
    assert 'formaction="/verify/domain#domain"' in by_hand
    carried = by_hand.split('name="carried" value="')[1].split('"')[0]
    third = client.post("/verify/domain", data={"carried": carried}).text
    assert f"A DNS record of {HOST} names this issuer." in third


def test_a_token_tells_when_it_was_signed_by_its_validity(world: World) -> None:
    document = world.issuer.unsigned()
    payload = {**document, "iat": claims.numeric_date(NOW)}
    header = {"typ": "vc+jwt", "kid": world.issuer.key.verification_method}
    token = jws.sign(header, json.dumps(payload).encode(), world.issuer.key)
    ladder = world.ladders().of(judge(token.encode(), world.web))
    assert ladder is not None
    assert ladder.signed_at is not None


def test_a_rung_that_is_not_there_is_an_error(world: World) -> None:
    ladder = world.ladders().of(world.report())
    assert ladder is not None
    with pytest.raises(KeyError):
        ladder.rung("nonsense")
    assert isinstance(errors.DomainEvidenceMalformed("x"), errors.BadData)

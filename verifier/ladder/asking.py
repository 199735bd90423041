"""How each rung of the ladder is asked: through the one outbound door and the name system, and read by the core.

An asker returns a rung or raises; what it raises becomes `not_checked` (`looking`). Nobody's answer is a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import did, errors
from credentials import verify as verifying
from credentials.domains import federation, linkage, names, proving, registry, txt
from credentials.domains.federation import Statement
from credentials.domains.registry import Registry
from credentials.ports import Fetcher, TextRecords
from credentials.sentence import Sentence
from credentials.verify import Outcome, Verdict
from verifier.ladder.registries import Registries
from verifier.ladder.rungs import Rung


@dataclass(frozen=True, slots=True)
class Subject:
    """About whom is asked: the issuer's DID, the ids of the keys that signed, and the domain and home page it names."""

    did: str
    keys: tuple[str, ...]
    domain: str | None
    page: str | None


@dataclass(frozen=True, slots=True)
class Ways:
    """What is asked with: the door, the name system, the registries, the time now, and the seconds that are left."""

    fetcher: Fetcher
    texts: TextRecords
    registries: Registries
    now: datetime
    left: Callable[[], float]


Asker = Callable[[Subject, Ways], Rung]


# -- DNS


def ask_dns(subject: Subject, ways: Ways) -> Rung:
    """The TXT records of `_plaudit.<domain>`."""
    if subject.domain is None:
        return _no_domain("dns")
    name, domain = txt.record_name(subject.domain), subject.domain
    named = txt.named(ways.texts.texts(name, ways.left()))
    told = {"name": name, "wanted": txt.record_value(subject.did), "named": list(named)}
    if subject.did in named:
        return Rung("dns", Outcome.PASSED, Sentence("A DNS record of %(domain)s names this issuer.", domain=domain),
                    ways.now, told)  # fmt: skip
    if named:
        sentence = Sentence("The DNS record of %(domain)s names somebody else, not this issuer.", domain=domain)
        return Rung("dns", Outcome.FAILED, sentence, ways.now, told)
    sentence = Sentence("%(domain)s has no DNS record that names an issuer.", domain=domain)
    return Rung("dns", Outcome.NOT_APPLICABLE, sentence, ways.now, told)


# -- DID configuration


def ask_did_configuration(subject: Subject, ways: Ways) -> Rung:
    """The DID configuration of each origin of the issuer; the first that names it counts, else the worst."""
    if subject.domain is None:
        return _no_domain("did_configuration")
    found = [_configuration_at(origin, subject, ways) for origin in names.origins(subject.domain, subject.page)]
    order = (Outcome.PASSED, Outcome.FAILED, Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE)
    return min(found, key=lambda rung: order.index(rung.outcome))


def _configuration_at(origin: str, subject: Subject, ways: Ways) -> Rung:
    rung, told = "did_configuration", {"origin": origin, "url": origin + linkage.PATH}
    try:
        fetched = ways.fetcher.fetch(origin + linkage.PATH)
    except errors.PlauditError as error:
        if proving.says_nothing_there(error):
            sentence = Sentence("%(origin)s publishes no DID configuration.", origin=origin)
            return Rung(rung, Outcome.NOT_APPLICABLE, sentence, ways.now, told)
        return not_checked(rung, error, ways.now, told)
    try:
        if not fetched.url.startswith(origin + "/"):
            raise errors.DomainEvidenceMalformed(f"{origin} leads on to another origin")
        ours = [entry for entry in linkage.read(fetched.body) if linkage.claims_to_be_of(entry, subject.did)]
        if not ours:
            sentence = Sentence("The DID configuration of %(origin)s does not name this issuer.", origin=origin)
            return Rung(rung, Outcome.FAILED, sentence, ways.now, told)
        return _judged_entry(ours[: linkage.MAX_EXAMINED], origin, subject, ways, told)
    except errors.DomainEvidenceMalformed as error:
        return does_not_hold(rung, error, ways.now, {**told, "detail": error.detail})


def _judged_entry(entries: Sequence[bytes], origin: str, subject: Subject, ways: Ways, told: dict[str, Any]) -> Rung:
    """One good entry is enough: an origin may publish the same link in several forms and for several years."""
    failure: Rung | None = None
    for entry in entries:
        report = verifying.verify(entry, fetcher=ways.fetcher, now=ways.now)
        try:
            linkage.check(report, did=subject.did, origin=origin)
        except errors.DomainEvidenceMalformed as error:
            more = {**told, "detail": error.detail, "verdict": report.verdict.id}
            undone = report.verdict is Verdict.CANNOT_CHECK
            here = (not_checked if undone else does_not_hold)("did_configuration", error, ways.now, more)
            failure = failure or here
            continue
        sentence = Sentence("The DID configuration of %(origin)s names this issuer, who signed it.", origin=origin)
        return Rung("did_configuration", Outcome.PASSED, sentence, ways.now, {**told, "verdict": report.verdict.id})
    assert failure is not None  # noqa: S101 - there is at least one entry
    return failure


# -- registries


def ask_registry(subject: Subject, ways: Ways) -> Rung:
    """Every configured registry; the first that lists the issuer counts."""
    if not ways.registries.listed:
        sentence = Sentence("No registry is asked here.")
        return Rung("registry", Outcome.NOT_APPLICABLE, sentence, ways.now)
    listed = [_ask_one(one, subject, ways) for one in ways.registries.listed]
    told: dict[str, Any] = {"registries": listed}
    found = next((row for row in listed if row["outcome"] == Outcome.PASSED.value), None)
    if found is not None:
        values = {"registry": found["registry"], "name": found["name"]}
        sentence = Sentence("%(registry)s lists this issuer as %(name)s.", **values)
        return Rung("registry", Outcome.PASSED, sentence, ways.now, told)
    if any(row["outcome"] == Outcome.NOT_CHECKED.value for row in listed):
        sentence = Sentence("Not every registry could be read, and no other one lists this issuer.")
        return Rung("registry", Outcome.NOT_CHECKED, sentence, ways.now, told)
    sentence = Sentence("None of the registries that are asked here lists this issuer.")
    return Rung("registry", Outcome.NOT_APPLICABLE, sentence, ways.now, told)


def _ask_one(one: Registry, subject: Subject, ways: Ways) -> dict[str, Any]:
    row: dict[str, Any] = {"registry": one.name, "type": one.kind}
    try:
        name = _listed_as(one, subject, ways)
    except errors.PlauditError as error:
        return {**row, "outcome": Outcome.NOT_CHECKED.value, "detail": error.detail}
    if name is None:
        return {**row, "outcome": Outcome.NOT_APPLICABLE.value}
    return {**row, "outcome": Outcome.PASSED.value, "name": name}


def _listed_as(one: Registry, subject: Subject, ways: Ways) -> str | None:
    """Under which name a registry lists the issuer; None: it does not."""
    if one.kind == registry.LEGACY:
        entry = ways.registries.entries(one, ways.fetcher).get(subject.did)
        return None if entry is None else entry.name
    anchor = _own_statement(federation.entity_of(str(one.url)), ways)
    if one.jwks is not None:
        federation.check_signed(anchor, federation.pinned_keys(one.jwks))
    try:
        statement = _statement_about(anchor, subject.did, ways)
    except errors.PlauditError as error:
        if proving.says_nothing_there(error):
            return None
        raise
    return statement.organisation or one.name


# -- OpenID Federation


def ask_federation(subject: Subject, ways: Ways) -> Rung:
    """Is the issuer's domain an entity below a configured trust anchor, and is the issuer's key that entity's?"""
    anchors = {federation.entity_of(str(one.url)): one for one in ways.registries.of_kind(registry.FEDERATION)}
    if not anchors:
        return Rung("federation", Outcome.NOT_APPLICABLE, Sentence("No federation is asked here."), ways.now)
    if subject.domain is None:
        return _no_domain("federation")
    entity = f"https://{subject.domain}"
    told: dict[str, Any] = {"entity": entity}
    try:
        own = _own_statement(entity, ways)
    except errors.PlauditError as error:
        if proving.says_nothing_there(error):
            sentence = Sentence("%(domain)s is not part of a federation.", domain=subject.domain)
            return Rung("federation", Outcome.NOT_APPLICABLE, sentence, ways.now, told)
        raise
    climb = _Climb(anchors, ways)
    chain = next(climb.chains([own]), None)
    if chain is None:
        if climb.failure is not None:
            raise climb.failure
        sentence = Sentence("%(domain)s is not below a federation that is trusted here.", domain=subject.domain)
        return Rung("federation", Outcome.FAILED, sentence, ways.now, told)
    told["chain"] = [statement.issuer for statement in chain]
    told["metadataPolicy"] = "not_applied" if any(statement.has_policy for statement in chain) else "none"
    name = chain[-1].organisation or anchors[chain[-1].subject].name
    if not _is_entitys(own, subject, ways):
        sentence = Sentence("%(domain)s belongs to the federation %(name)s, which does not name this issuer's key.",
                            domain=subject.domain, name=name)  # fmt: skip
        return Rung("federation", Outcome.FAILED, sentence, ways.now, told)
    sentence = Sentence("The federation %(name)s vouches for %(domain)s.", name=name, domain=subject.domain)
    return Rung("federation", Outcome.PASSED, sentence, ways.now, told)


class _Climb:
    """The way from a member up to an anchor, trying what each entity names as above it; bounded in length and breadth.

    What goes wrong with one superior does not keep another from being tried; `failure` is the first of those errors.
    """

    def __init__(self, anchors: Mapping[str, Registry], ways: Ways) -> None:
        self._anchors = anchors
        self._ways = ways
        self.failure: errors.PlauditError | None = None

    def chains(self, chain: list[Statement]) -> Iterator[list[Statement]]:
        """Every whole chain that begins with `chain`: the member's own statement and those about it, upwards."""
        if len(chain) + 2 > federation.MAX_CHAIN:
            return
        below = chain[-1].issuer
        own = chain[0] if len(chain) == 1 else _own_statement(below, self._ways)
        for hint in own.hints:
            if hint not in {statement.issuer for statement in chain}:
                try:
                    yield from self._through(hint, chain, below)
                except errors.PlauditError as error:
                    self.failure = self.failure or error

    def _through(self, hint: str, chain: list[Statement], below: str) -> Iterator[list[Statement]]:
        above = _own_statement(hint, self._ways)
        longer = [*chain, _statement_about(above, below, self._ways)]
        if hint not in self._anchors:
            yield from self.chains(longer)
            return
        jwks = self._anchors[hint].jwks
        whole = [*longer, above]
        federation.check_chain(whole, hint, None if jwks is None else federation.pinned_keys(jwks))
        yield whole


def _own_statement(entity: str, ways: Ways) -> Statement:
    statement = federation.read(ways.fetcher.fetch(federation.configuration_url(entity)).body, ways.now)
    federation.check_own(statement, entity)
    return statement


def _statement_about(superior: Statement, subject: str, ways: Ways) -> Statement:
    fetched = ways.fetcher.fetch(federation.fetch_url(superior, subject))
    statement = federation.read(fetched.body, ways.now)
    if statement.issuer != superior.subject or statement.subject != subject:
        raise errors.DomainEvidenceMalformed(f"it is not {superior.subject[:200]}'s statement about {subject[:200]}")
    federation.check_signed(statement, superior.keys)
    return statement


def _is_entitys(own: Statement, subject: Subject, ways: Ways) -> bool:
    """The issuer's keys lie at the entity's very domain, or the entity lists the key that signed."""
    if did.domain_of(subject.did) == subject.domain:
        return True
    resolved = did.DidResolver(ways.fetcher, now=ways.now).resolve(subject.did)
    methods = [did.dereference(resolved, key, "assertionMethod") for key in subject.keys]
    return bool(methods) and all(own.vouches_for(method.public_key) for method in methods)


# -- what all share


def not_checked(rung: str, error: errors.PlauditError, now: datetime, told: dict[str, Any] | None = None) -> Rung:
    """Nothing is known: it could not be asked, or what came could not be judged."""
    sentence = Sentence("This could not be looked up now.")
    return Rung(rung, Outcome.NOT_CHECKED, sentence, now, {**(told or {}), "code": error.code, "detail": error.detail})


def does_not_hold(rung: str, error: errors.PlauditError, now: datetime, told: dict[str, Any]) -> Rung:
    """It was asked, and what is published speaks against the issuer or is broken."""
    sentence = Sentence("What is published there about this issuer does not hold up.")
    return Rung(rung, Outcome.FAILED, sentence, now, {**told, "code": error.code})


def _no_domain(rung: str) -> Rung:
    return Rung(rung, Outcome.NOT_APPLICABLE, Sentence("The issuer names no domain."))

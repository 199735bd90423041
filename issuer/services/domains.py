"""An organisation's own domain: how it is shown to be its own, looked for when somebody asks, and kept with its date.

What was last seen stands in every credential issued from then on (`domainProof`); it is not looked for again before
each one. A host that does not answer changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import delete, insert

import issuer.db.tables as tables
from credentials.domains import linkage, names, proving, txt
from credentials.errors import PlauditError
from credentials.lookalikes import KnownIssuer
from credentials.ports import Fetcher, TextRecords
from issuer.db.engine import writing
from issuer.instance import Instance
from issuer.problems import DomainNotOfPage
from issuer.services import audit, organisations
from issuer.services.organisations import Organisation

#: How long a DID configuration that is handed out holds: a year, then the employer publishes a new one.
CONFIGURATION_DAYS: Final = 365
#: In seconds: how long the name system is waited for.
_DNS_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Steps:
    """What an employer can publish, either of them: a DNS record, or a file at one of `addresses`."""

    domain: str
    record_name: str
    record_value: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found: `proof` is one of `credentials.model.DOMAIN_PROOFS`, `evidence` where it was seen, if
    anywhere. `before` is what was known until then.
    """

    domain: str
    proof: str
    evidence: str | None
    at: datetime
    before: str


def steps(organisation: Organisation) -> Steps:
    """Say what the employer publishes to show that the domain is its own. Raises `DomainNotOfPage`."""
    found = _origins(organisation)
    return Steps(
        organisation.domain,
        txt.record_name(organisation.domain),
        txt.record_value(organisation.did),
        tuple(origin + linkage.PATH for origin in found),
    )


def configuration(instance: Instance, organisation: Organisation, *, actor: str) -> bytes:
    """Sign the DID configuration that the employer publishes at its home page's origin, for a year from now.

    Raises `DomainNotOfPage`, and what signing raises.
    """
    origin, start = _origins(organisation)[0], instance.now()
    with instance.keyring().signer(organisation.did) as signer:
        end = start + timedelta(days=CONFIGURATION_DAYS)
        body = signer.sign_domain_linkage(origin, start=start, end=end)
        detail = {"did": organisation.did, "key": signer.info.id, "origin": origin, "until": end.isoformat()}
    with writing(instance.engine) as connection:
        line = audit.Line("organisation.domain_configuration", organisation.slug, detail, organisation.id)
        audit.append(connection, [line], now=instance.clock(), actor=actor)
    return body


def prove(instance: Instance, organisation: Organisation, *, fetcher: Fetcher, texts: TextRecords, actor: str) -> Shown:
    """Look for what shows the domain, the web server first and then DNS, and keep what was found.

    When every place answers and none of them names the organisation, it is kept that nothing shows the domain any
    more. Raises `DomainNotOfPage`; and when nothing was found and some place did not answer, its error, with nothing
    changed.
    """
    found, failure = _find(instance, organisation, fetcher, texts)
    if found is None and failure is not None:
        raise failure
    proof, evidence = found or ("none", None)
    shown = Shown(organisation.domain, proof, evidence, instance.clock(), organisation.domain_proof)
    _keep(instance, organisation, shown, actor)
    return shown


def known_issuers(instance: Instance) -> list[KnownIssuer]:
    """The organisations of this installation, as a verifier compares names with."""
    return [KnownIssuer(one.name, one.domain, one.did) for one in organisations.all(instance)]


def _find(
    instance: Instance, organisation: Organisation, fetcher: Fetcher, texts: TextRecords
) -> tuple[tuple[str, str] | None, PlauditError | None]:
    """The best proof with where it was seen, or None; and the first error on the way."""
    failure: PlauditError | None = None
    for proof, place, holds in _ways(instance, organisation, fetcher, texts):
        try:
            if holds():
                return (proof, place), failure
        except PlauditError as error:
            failure = failure or error
    return None, failure


def _ways(
    instance: Instance, organisation: Organisation, fetcher: Fetcher, texts: TextRecords
) -> Iterator[tuple[str, str, Callable[[], bool]]]:
    """Every way: what it proves, where it is looked for, and the question. The stronger ways come first."""
    did, domain = organisation.did, organisation.domain
    for origin in _origins(organisation):
        by_configuration = partial(proving.by_configuration, did, origin, fetcher=fetcher, now=instance.now())
        yield "https", origin + linkage.PATH, by_configuration
    yield "https", f"https://{domain}/.well-known/did.json", partial(proving.by_document, did, domain, fetcher=fetcher)
    by_dns = partial(proving.by_dns, did, domain, texts=texts, seconds=_DNS_SECONDS)
    yield "dns", txt.record_name(domain), by_dns


def _keep(instance: Instance, organisation: Organisation, shown: Shown, actor: str) -> None:
    table = tables.DomainProof
    detail = {"domain": shown.domain, "proof": shown.proof, "evidence": shown.evidence, "before": shown.before}
    with writing(instance.engine) as connection:
        connection.execute(delete(table).where(table.organisation_id == organisation.id))
        if shown.proof != "none":
            row = {"organisation_id": organisation.id, "proof": shown.proof, "shown_at": shown.at}
            connection.execute(insert(table).values(row))
        line = audit.Line("organisation.domain", organisation.slug, detail, organisation.id)
        audit.append(connection, [line], now=shown.at, actor=actor)


def _origins(organisation: Organisation) -> tuple[str, ...]:
    """The origins at which a file counts; raises `DomainNotOfPage`: a credential names the page, not the domain."""
    page = names.domain_of_page(organisation.url)
    if page is None or not names.is_within(page, organisation.domain):
        raise DomainNotOfPage(f"{organisation.url} is not at {organisation.domain}")
    return names.origins(organisation.domain, organisation.url)

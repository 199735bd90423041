"""The command `plaudit domain`: shows an employer what to publish at its domain, and looks whether it is there.

It decides nothing; what it looks with comes from the composition root.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import click

from credentials.ports import Fetcher, TextRecords
from issuer import terminal
from issuer.cli import Installation, actor, as_json, print_json
from issuer.services import domains, organisations
from issuer.services.organisations import Organisation
from keys.process import forbid_core_dumps


class Reaching(Installation, Protocol):
    """An installation that can also look outside."""

    def live_fetcher(self) -> Fetcher: ...
    def text_records(self) -> TextRecords: ...


named = click.option("--org", "slug", metavar="SLUG", help="Organisation; needed when there are several.")


@click.group("domain")
def domain_commands() -> None:
    """Show that an organisation's domain is its own (docs/domains.md)."""


@domain_commands.command("steps")
@named
@as_json
@click.pass_obj
def steps_command(installation: Reaching, slug: str | None, json_output: bool) -> None:
    """Say what the employer can publish: a DNS record, or a file on its web server. One of them is enough."""
    steps = domains.steps(_organisation(installation, slug))
    facts = {
        "domain": steps.domain,
        "dnsName": steps.record_name,
        "dnsType": "TXT",
        "dnsValue": steps.record_value,
        "fileAt": steps.addresses[0],
    }
    if json_output:
        print_json(facts)
    else:
        terminal.show_facts(list(facts.items()))


@domain_commands.command("file")
@named
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it there instead of printing it.")
@click.pass_obj
def file_command(installation: Reaching, slug: str | None, out: Path | None) -> None:
    """Sign the file did-configuration.json, which the employer publishes at its home page's host; it holds a year."""
    forbid_core_dumps()
    organisation = _organisation(installation, slug)
    body = domains.configuration(installation.instance, organisation, actor=actor())
    if out is None:
        click.echo(body.decode("utf-8"))
        return
    out.write_bytes(body + b"\n")
    click.echo(f"{out} is written; publish it at {domains.steps(organisation).addresses[0]}")


@domain_commands.command("prove")
@named
@as_json
@click.pass_obj
def prove_command(installation: Reaching, slug: str | None, json_output: bool) -> None:
    """Look for the file and the DNS record, and keep what was found for the credentials issued from now on.

    Exit code 1 when neither is there.
    """
    shown = domains.prove(
        installation.instance,
        _organisation(installation, slug),
        fetcher=installation.live_fetcher(),
        texts=installation.text_records(),
        actor=actor(),
    )
    if json_output:
        print_json({"domain": shown.domain, "proof": shown.proof, "evidence": shown.evidence,
                    "at": shown.at.isoformat(), "before": shown.before})  # fmt: skip
    elif shown.evidence:
        click.echo(f"{shown.evidence} names the organisation; credentials say {shown.proof!r} from now on.")
    else:
        click.echo(f"{shown.domain} does not name the organisation; credentials say 'none' from now on.")
    click.get_current_context().exit(0 if shown.evidence else 1)


def _organisation(installation: Installation, slug: str | None) -> Organisation:
    instance = installation.instance
    return organisations.get(instance, slug) if slug else organisations.only(instance)

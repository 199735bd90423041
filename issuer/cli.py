"""The issuer's commands: `plaudit init`, `issue`, `revoke`, `suspend`, `unsuspend`, `correct`, `publish-history`,
`make-tokens`, `fsck`, `work`.

Each command asks services for one thing and prints the answer; it decides nothing. `plaudit.py` mounts them, puts what
they act on into the click context, and words whatever error passes through.
"""

from __future__ import annotations

import gc
import getpass
import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import click

from issuer import correcting, terminal, worker
from issuer.config import IssuerConfig
from issuer.instance import Instance
from issuer.services import corrections, did_history, fsck, organisations, revocation, tokens
from issuer.uploading import Permission, Upload
from keys.process import forbid_core_dumps

EXIT_DONE, EXIT_REFUSED = 0, 1


class Installation(Protocol):
    """What the composition root puts into the click context."""

    @property
    def config(self) -> IssuerConfig: ...
    @property
    def instance(self) -> Instance: ...
    def initialise(self) -> Instance: ...


as_json = click.option("--json", "json_output", is_flag=True, help="Print JSON.")


def actor() -> str:
    """Who is at this terminal, as the audit names it."""
    return f"terminal:{getpass.getuser()}"


def print_json(value: Any) -> None:
    """Print one JSON document to standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


# -- init ----------------------------------------------------------------------------------------------------------

#: In development an instance is for trying things out; production has no organisation until somebody names one.
EXAMPLE = {
    "slug": "example",
    "name": "Example Organisation",
    "domain": "employer.example",
    "url": "https://employer.example",
}


@click.command("init")
@click.option("--org", "slug", metavar="SLUG", help="Short name of the first organisation; part of its addresses.")
@click.option("--name", help="The organisation's name as certificates show it.")
@click.option("--domain", help="The organisation's own domain, such as northwind.example.")
@click.option("--upgrade", is_flag=True, help="Bring an existing instance's database to this version, and no more.")
@as_json
@click.pass_obj
def init_command(
    installation: Installation,
    slug: str | None,
    name: str | None,
    domain: str | None,
    upgrade: bool,
    json_output: bool,
) -> None:
    """Prepare an empty data folder: database, keys, and a first organisation.

    Without --org, an instance in development mode gets an organisation named "example" for trying things out.
    """
    if upgrade:
        Instance.upgrade(installation.config)
        click.echo("The database is at this version.")
        return
    organisation = _first_organisation(installation.config, slug, name, domain)
    instance = installation.initialise()
    made = organisations.create(instance, **organisation, actor=actor()) if organisation else None
    answer = {
        "home": str(instance.config.home),
        "baseUrl": instance.config.base_url,
        "organisation": made.slug if made else None,
        "issuer": made.did if made else None,
    }
    if json_output:
        print_json(answer)
    else:
        terminal.show_facts([(key, value or "none yet") for key, value in answer.items()])


def _first_organisation(config: IssuerConfig, slug: str | None, name: str | None, domain: str | None) -> dict[str, str]:
    given = {"--org": slug, "--name": name, "--domain": domain}
    if slug and name and domain:
        return {"slug": slug, "name": name, "domain": domain, "url": f"https://{domain}"}
    if any(given.values()):
        missing = ", ".join(option for option, value in given.items() if not value)
        raise click.UsageError(f"an organisation needs --org, --name and --domain; missing: {missing}")
    return {} if config.production else EXAMPLE


# -- issue ---------------------------------------------------------------------------------------------------------


@click.command("issue")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--org", "slug", metavar="SLUG", help="Organisation that issues; needed when there are several.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Leave the records' files here.")
@click.option("--dry-run", is_flag=True, help="Check the file and issue nothing.")
@click.option("--good-rows", is_flag=True, help="Issue the good rows although others are bad.")
@click.option("--held-rows", is_flag=True, help="Issue the rows too that were held back for a look, as written.")
@as_json
@click.pass_obj
def issue_command(
    installation: Installation,
    file: Path,
    slug: str | None,
    out: Path | None,
    dry_run: bool,
    good_rows: bool,
    held_rows: bool,
    json_output: bool,
) -> None:
    """Issue a credential for each row of FILE (CSV, XLSX, XLS or ODS).

    Every bad row is named with row, column, reason and remedy. When there is one, nothing is issued before you say so:
    at the prompt, or by --good-rows. A run that was cut off is finished by the same command.
    """
    forbid_core_dumps()
    instance = installation.instance
    organisation = organisations.get(instance, slug) if slug else organisations.only(instance)
    upload = Upload(instance, organisation, file.read_bytes(), file.name, actor=actor())
    permission = Permission(good_rows, held_rows, may_ask=not json_output and os.isatty(0))
    outcome = upload.check() if dry_run else upload.issue(permission, out)
    if json_output:
        print_json(outcome.to_json())
    else:
        outcome.show()
    click.get_current_context().exit(EXIT_DONE if outcome.complete else EXIT_REFUSED)


# -- revoke, suspend, unsuspend, correct ---------------------------------------------------------------------------


def credential_id(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Accept a record's id or its whole address."""
    return value.rstrip("/").rsplit("/", 1)[-1].removesuffix(".json")


identified = click.argument("credential", metavar="ID", callback=credential_id)


@click.command("revoke")
@identified
@click.option("--reason", required=True, help="Why; shown to everybody who opens the record.")
@as_json
@click.pass_obj
def revoke_command(installation: Installation, credential: str, reason: str, json_output: bool) -> None:
    """Withdraw a record for good. ID is the record's id or its address."""
    _show_change(revocation.revoke(installation.instance, credential, reason, actor=actor()), json_output)


@click.command("suspend")
@identified
@click.option("--reason", default="", help="Why; shown to everybody who opens the record.")
@as_json
@click.pass_obj
def suspend_command(installation: Installation, credential: str, reason: str, json_output: bool) -> None:
    """Withdraw a record until `unsuspend`. ID is the record's id or its address."""
    _show_change(revocation.suspend(installation.instance, credential, reason, actor=actor()), json_output)


@click.command("unsuspend")
@identified
@as_json
@click.pass_obj
def unsuspend_command(installation: Installation, credential: str, json_output: bool) -> None:
    """Give a suspended record back. ID is the record's id or its address."""
    _show_change(revocation.unsuspend(installation.instance, credential, actor=actor()), json_output)


@click.command("correct")
@identified
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="What is to change, such as hours=24.")
@click.option(
    "--record", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The whole record as JSON."
)
@click.option("--print", "print_record", is_flag=True, help="Print the present record as JSON, and change nothing.")
@click.option("--reason", default="", help="Why; shown to everybody who opens the record.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@click.pass_obj
def correct_command(
    installation: Installation,
    credential: str,
    settings: tuple[str, ...],
    record: Path | None,
    print_record: bool,
    reason: str,
    dry_run: bool,
    yes: bool,
    json_output: bool,
) -> None:
    """Correct what a record says. ID is the record's id or its address.

    The record keeps address, code and award date; a newer version is signed, and every copy of the old one says that it
    was replaced, what changed and why. PATH is a member of the completion record, such as hours, student.name,
    project.title; an empty VALUE takes it away. Every difference is shown before anything is signed.
    """
    forbid_core_dumps()
    if print_record:
        print_json(corrections.current(installation.instance, credential)[1])
        return
    asked = correcting.read(installation.instance, credential, settings, record, reason)
    draft = asked.draft()
    if not json_output:
        correcting.show(draft)
    made = None
    if not dry_run and (yes or _agreed(json_output)):
        made = asked.make(actor())
    if json_output:
        print_json(correcting.to_json(draft, made))
    elif made is not None:
        click.echo(f"{credential} is now at version {made.version}; its page, status lists and notice are published.")
    click.get_current_context().exit(EXIT_DONE if made or dry_run else EXIT_REFUSED)


def _agreed(json_output: bool) -> bool:
    if json_output or not os.isatty(0):
        raise click.UsageError("say --yes to correct without being asked, or --dry-run to only look")
    return click.confirm("Sign this correction?", err=True)


def _show_change(change: revocation.StatusChange, json_output: bool) -> None:
    if json_output:
        print_json({"id": change.credential_id, "state": change.state, "reason": change.reason,
                    "at": change.at.isoformat(), "changed": change.changed})  # fmt: skip
    else:
        now_or_before = "is now" if change.changed else "was already"
        click.echo(f"{change.credential_id} {now_or_before} {change.state}; the status list is published.")


# -- publish-history -----------------------------------------------------------------------------------------------


@click.command("publish-history")
@click.option("--org", "slug", metavar="SLUG", help="Organisation; needed when there are several.")
@click.option("--rotate-update-key", is_flag=True, help="Make a new key for the entries after this one.")
@as_json
@click.pass_obj
def publish_history_command(
    installation: Installation, slug: str | None, rotate_update_key: bool, json_output: bool
) -> None:
    """Publish an organisation's keys as a did:webvh too, or bring its history up to date.

    Run it again after each `plaudit keys rotate`, `retire` and `compromised`: the history only says what it was told.
    """
    forbid_core_dumps()
    instance = installation.instance
    organisation = organisations.get(instance, slug) if slug else organisations.only(instance)
    published = did_history.publish(instance, organisation, rotate_update_key=rotate_update_key, actor=actor())
    if json_output:
        print_json({"did": published.did, "versionId": published.version_id, "changed": published.changed})
    else:
        state = "is now at" if published.changed else "was already at"
        click.echo(f"{published.did} {state} version {published.version_id.partition('-')[0]}.")


# -- fsck and work -------------------------------------------------------------------------------------------------


@click.command("make-tokens")
@click.pass_obj
def make_tokens_command(installation: Installation) -> None:
    """Sign as tokens (vc+jwt) the records that were issued before there were any.

    What is signed is what was signed then, with the organisation's key of today. Run twice it signs nothing twice.
    """
    made = tokens.make_missing(installation.instance, actor=actor())
    click.echo(f"{made} tokens made.")


@click.command("fsck")
@as_json
@click.pass_obj
def fsck_command(installation: Installation, json_output: bool) -> None:
    """Check everything that was issued: signatures, status lists, allocations, batches, the audit chain.

    Exit code 0 when nothing is damaged; work that a stop interrupted is named and is no damage.
    """
    findings = fsck.fsck(installation.instance)
    damaged = [finding for finding in findings if finding.severity == "damage"]
    if json_output:
        print_json({"damaged": bool(damaged), "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{len(damaged)} damaged, {len(findings) - len(damaged)} worth knowing.")
    click.get_current_context().exit(EXIT_REFUSED if damaged else EXIT_DONE)


@click.command("work", hidden=True)
@click.pass_obj
def work_command(installation: Installation) -> None:
    """Sign what was confirmed and draw certificates, until the process that started this one is gone."""
    forbid_core_dumps()
    parent = os.getppid()
    gc.freeze()  # what was loaded lives as long as the process; the collector need not look through it
    worker.run(installation.instance, stopping=lambda: os.getppid() != parent, pause=time.sleep)


commands = (
    init_command,
    issue_command,
    revoke_command,
    suspend_command,
    unsuspend_command,
    correct_command,
    publish_history_command,
    make_tokens_command,
    fsck_command,
    work_command,
)

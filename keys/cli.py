"""The commands `plaudit keys …`: each asks the keyring for one thing and prints it. Decides nothing itself.

`plaudit.py` mounts the group and puts into the click context (`ctx.obj`) whatever opens the keyring; errors pass
through to it, so that every command of Plaudit words them alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

import click

from credentials import timestamps
from keys.key_info import KeyInfo
from keys.keyring import Keyring


class Installation(Protocol):
    """What these commands need from the program round them."""

    def keyring(self) -> Keyring:
        """Open the keyring of this installation."""
        ...

    def owner(self, slug: str | None) -> str:
        """Return the DID of the organisation with this slug; of the only one when None."""
        ...

    def verifier_owner(self) -> str:
        """Return the DID whose key signs the verifier's receipts."""
        ...


organisation = click.option("--org", metavar="SLUG", help="Organisation; needed when there are several.")
as_json = click.option("--json", "json_output", is_flag=True, help="Print JSON.")


@click.group()
def keys() -> None:
    """Look after the signing keys."""


@keys.command("list")
@organisation
@as_json
@click.pass_obj
def list_keys(installation: Installation, org: str | None, json_output: bool) -> None:
    """List the keys, oldest first: of one organisation, or all."""
    owner = None if org is None else installation.owner(org)
    keyring = installation.keyring()
    found = keyring.list(owner)
    stopped = keyring.stopped()
    if json_output:
        _print_json({"keys": [_public(info) for info in found], "stopped": stopped})
        return
    _print_table(found)
    if stopped is not None:
        click.echo(f"All signing is stopped: {stopped}")


@keys.command()
@organisation
@click.option(
    "--passphrase-lost",
    is_flag=True,
    help="The old keys' passphrase is lost for good: seal the new key with the present one.",
)
@click.option("--verifier", is_flag=True, help="The key that signs the verifier's receipts, of no organisation.")
@as_json
@click.pass_obj
def rotate(
    installation: Installation, org: str | None, passphrase_lost: bool, verifier: bool, json_output: bool
) -> None:
    """Make a new signing key; what the key before it signed stays good."""
    if verifier and org is not None:
        raise click.UsageError("--verifier and --org name two different keys")
    owner = installation.verifier_owner() if verifier else installation.owner(org)
    new = installation.keyring().rotate(owner, passphrase_lost=passphrase_lost)
    _print_key(new, "signs from now on", json_output)


@keys.command()
@click.argument("key_id")
@as_json
@click.pass_obj
def retire(installation: Installation, key_id: str, json_output: bool) -> None:
    """End the signing of a key that was replaced; what it signed stays good."""
    _print_key(installation.keyring().retire(key_id), "is retired", json_output)


@keys.command()
@click.argument("key_id")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="When somebody else got hold of it, in UTC. Left out: since the key was made.",
)
@as_json
@click.confirmation_option(prompt="Everything this key signed stops verifying. It cannot be undone. Go on?")
@click.pass_obj
def compromised(installation: Installation, key_id: str, since: datetime | None, json_output: bool) -> None:
    """Declare that somebody else may hold a key: it never signs again, and nothing it signed verifies."""
    keyring = installation.keyring()
    moment = keyring.find(key_id).created if since is None else since.replace(tzinfo=UTC)
    _print_key(keyring.mark_compromised(key_id, moment), "is compromised", json_output)


@keys.command()
@click.option("--reason", required=True, help="Shown to everybody who tries to issue.")
@click.pass_obj
def stop(installation: Installation, reason: str) -> None:
    """Emergency stop: nothing is signed any more, in any process, until `resume`."""
    installation.keyring().stop(reason)
    click.echo("All signing is stopped. `plaudit keys resume` takes the stop off.")


@keys.command()
@click.pass_obj
def resume(installation: Installation) -> None:
    """Take the emergency stop off."""
    installation.keyring().resume()
    click.echo("Signing is possible again.")


def _public(info: KeyInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "owner": info.owner,
        "state": info.state.value,
        "created": timestamps.format(info.created),
        "validUntil": timestamps.format(info.valid_until) if info.valid_until else None,
        "compromisedSince": timestamps.format(info.compromised_since) if info.compromised_since else None,
        "verificationMethod": info.verification_method,
        "publicKeyMultibase": info.public_key.multikey,
    }


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2))


def _print_key(info: KeyInfo, what: str, json_output: bool) -> None:
    if json_output:
        _print_json(_public(info))
    else:
        click.echo(f"Key {info.id} of {info.owner} {what}.")


def _print_table(infos: Iterable[KeyInfo]) -> None:
    for info in infos:
        click.echo(f"{info.id}  {info.state.value:<11}  {timestamps.format(info.created)}  {info.owner}")

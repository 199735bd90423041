"""`plaudit export-verifier`: the page that checks without a server, as one HTML file with issuers' keys in it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

import click

from credentials.ports import Fetcher
from verifier.exporting import html_file
from verifier.issuer_keys import known_keys


class World(Protocol):
    """What the composition root puts into the click context for this command."""

    def live_fetcher(self) -> Fetcher: ...
    def now(self) -> datetime: ...
    def issuers(self) -> list[str]: ...


@click.command("export-verifier")
@click.option("--issuer", "issuers", metavar="DID", multiple=True, help="An issuer to include; again for each.")
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def export_verifier_command(context: click.Context, issuers: tuple[str, ...], out: Path) -> None:
    """Write one HTML file that checks printed codes and credentials from a disk, with no server.

    The public keys of the issuers are in it, with those that were retired or withdrawn, as of today. Without --issuer
    they are the organisations of this installation.
    """
    world: World = context.obj
    now = world.now()
    wanted = list(dict.fromkeys(issuers)) or world.issuers()
    if not wanted:
        raise click.UsageError("no organisation lives here; name an issuer with --issuer")
    known = [known_keys(did, world.live_fetcher(), now) for did in wanted]
    unfinished = out.with_name(f".{out.name}.unfinished")
    unfinished.write_text(html_file(known, now), encoding="utf-8")
    unfinished.replace(out)
    keys = sum(len(one["keys"]) for one in known)
    click.echo(f"{out}: {len(known)} issuers with {keys} keys, {out.stat().st_size:,} bytes.")

"""Plaudit's composition root and its command: the only file that knows both web applications.

Here, and nowhere else, the environment is read, the clock and the randomness are chosen, and the issuer's and the
verifier's applications are put behind one port. It holds no rule of its own.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

import issuer
import schemas
import verifier
from credentials.errors import PlauditError, Unreachable
from credentials.ports import Fetcher, Signer, TextRecords
from credentials.verify import Report, verify
from issuer.cli import as_json, print_json
from issuer.cli import commands as issuer_commands
from issuer.config import IssuerConfig
from issuer.demo import Demonstration
from issuer.domain_cli import domain_commands
from issuer.instance import Instance
from issuer.problems import DatabaseOutdated, HomeMissing, PinnedDifferently
from issuer.services import codes, domains, organisations
from issuer.services.origin import OwnOriginFetcher
from issuer.services.receipt_printing import ReceiptPrinting
from issuer.services.redrawing import Redrawing
from issuer.serving import refuse_taken, serve
from keys.cli import keys as keys_commands
from keys.keyring import Keyring
from keys.verifier_key import PublishedHere, VerifierKey
from verifier.cli import verify_command
from verifier.config import VerifierConfig
from verifier.document.judging_pdf import Documents
from verifier.export_cli import export_verifier_command
from verifier.fetch import SafeFetcher
from verifier.ladder.text_records import DnsTexts
from verifier.receipts.signer import ReceiptOffice
from verifier.sandbox import FileSandbox

EXIT_DONE, EXIT_REFUSED, EXIT_UNREACHABLE, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 64, 130

#: Where we listen when the public address names no port.
DEFAULT_PORT = 8000
#: Names of this machine that a self-signed certificate is always good for.
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
#: A demonstration never lands in the folder of real records by itself.
DEMO_HOME = "demo-data"
#: Where the web server finds `create_application`.
APPLICATION = "plaudit:create_application"
#: Paths that the verifier answers; everything else is the issuer's.
VERIFIER_PATHS = ("/verify", "/api", "/vc-api")

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def now() -> datetime:
    """The one clock of the process: aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class World:
    """What commands act on, made when first asked for: settings, the instance, the way out."""

    environ: Mapping[str, str]

    @cached_property
    def config(self) -> IssuerConfig:
        return IssuerConfig.from_environ(self.environ)

    @cached_property
    def instance(self) -> Instance:
        """The instance in the data folder; raises `HomeMissing`."""
        return Instance.open(self.config, self.environ, clock=now)

    def initialise(self) -> Instance:
        """Make the instance; raises `HomeExists`."""
        return Instance.initialise(self.config, self.environ, clock=now)

    def open_or_initialise(self) -> Instance:
        """The instance in the data folder, made now when there is none."""
        try:
            return self.instance
        except HomeMissing:
            self.initialise().close()
        return self.instance

    def now(self) -> datetime:
        return now()

    def keyring(self) -> Keyring:
        return self.instance.keyring()

    def owner(self, slug: str | None) -> str:
        """The DID of an organisation; of the only one when no slug is given."""
        found = organisations.get(self.instance, slug) if slug else organisations.only(self.instance)
        return found.did

    def issuers(self) -> list[str]:
        """The DIDs of the organisations that live here; none where no instance does."""
        try:
            return [one.did for one in organisations.all(self.instance)]
        except HomeMissing:
            return []

    @cached_property
    def redrawing(self) -> Redrawing:
        """Draws certificates for comparing; its process starts with the first one."""
        return Redrawing(self._living)

    def documents(self) -> Documents:
        """What judges a PDF as a whole."""
        roots = VerifierConfig.from_environ(self.environ).pdf_roots
        return Documents(FileSandbox(), now, self.redrawing, roots)

    @cached_property
    def verifier_key(self) -> VerifierKey:
        """What signs receipts; the key is made with the first one."""
        return VerifierKey(self.keyring, self.config.base_url, now)

    def verifier_owner(self) -> str:
        """The DID whose key signs receipts."""
        return self.verifier_key.did

    def receipts(self) -> ReceiptOffice:
        """What makes receipts: the key, and a printer that shares its process with comparing."""
        return ReceiptOffice(self.verifier_key, ReceiptPrinting(self.redrawing.pool))

    def _living(self) -> Instance | None:
        """The instance that lives here, or None."""
        try:
            return self.instance
        except (HomeMissing, PinnedDifferently, DatabaseOutdated):
            return None

    def live_fetcher(self) -> Fetcher:
        """The outbound door; where an instance lives here, its own origin is answered in-process."""
        outside, instance = SafeFetcher(), self._living()
        return PublishedHere(self.verifier_key, OwnOriginFetcher(instance, outside)) if instance else outside

    def text_records(self) -> TextRecords:
        """The way to the name system."""
        return DnsTexts()


def create_application() -> WsgiApplication:
    """Both applications behind one port, as a WSGI callable; the server calls this once in each of its workers."""
    schemas.check_manifest()
    world = World(os.environ)
    fetcher = world.live_fetcher()
    issuing = issuer.create_app(world.instance, own_origin=fetcher)
    verifying = verifier.create_app(
        VerifierConfig.from_environ(world.environ),
        fetcher=fetcher,
        clock=now,
        codes=lambda code: codes.address_of(world.instance, code),
        known=lambda: domains.known_issuers(world.instance),
        redrawer=world.redrawing,
        receipts=world.receipts(),
    )
    keep_for_good()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        chosen = verifying if _is_verifiers(environ.get("PATH_INFO", "")) else issuing
        return chosen.wsgi_app(environ, start_response)

    return application


def keep_for_good() -> None:
    """Spare the garbage collector what was loaded at the start: it lives as long as the process.

    Looking through it again and again takes a fifth of the time of issuing (bench/measure.py does the same).
    """
    gc.collect()
    gc.freeze()


def _is_verifiers(path: str) -> bool:
    return any(path == own or path.startswith(own + "/") for own in VERIFIER_PATHS)


# -- the command ---------------------------------------------------------------------------------------------------


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plaudit", message="plaudit %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Turn finished micro-internships into proof: sign completion records, draw certificates, verify.

    PLAUDIT_HOME names the data folder and PLAUDIT_BASE_URL the public address.
    """
    context.obj = World(os.environ)


def listens(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say where it listens."""
    port = click.option(
        "--port", type=click.IntRange(1, 65535), help="Port to listen on; by default the address's own."
    )
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    return host(port(command))


@cli.command("serve")
@listens
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--conformance", is_flag=True, help="Serve only the VC-API, with keys that are thrown away after.")
@click.option("--tls-self-signed", is_flag=True, help="With --conformance: https, with a fresh certificate.")
@click.option("--token", help="With --conformance: issuing asks for this bearer token.")
@click.pass_obj
def serve_command(
    world: World, host: str, port: int | None, workers: int, conformance: bool, tls_self_signed: bool, token: str | None
) -> None:
    """Serve the console, the public pages and the verifier, and work off what was confirmed.

    On an empty data folder it prepares one; the first-run page then creates the organisation and its first owner.
    Conformance mode is for other people's test suites: it prints its did:keys as one line of JSON, and does not start
    where there is real data.
    """
    if conformance:
        serve_conformance(world, host, port or DEFAULT_PORT, tls=tls_self_signed, token=token)
        return
    if tls_self_signed or token is not None:
        raise click.UsageError("--tls-self-signed and --token go with --conformance")
    for line in issuer.welcome(world.open_or_initialise()):
        click.echo(line, err=True)
    serve(APPLICATION, host, port or _own_port(world), workers)


def _own_port(world: World) -> int:
    """The port of the public address when it is of this machine, else the one that a proxy usually passes on to."""
    return urlsplit(world.config.base_url).port or DEFAULT_PORT


def serve_conformance(world: World, host: str, port: int, *, tls: bool, token: str | None) -> None:
    """Serve the VC-API with throw-away keys until interrupted; the first line of output is their did:keys, as JSON."""
    from issuer import vc_api
    from issuer.vc_api import server
    from keys import throwaway

    vc_api.refuse_real_data(world.config, world.environ)
    refuse_taken(host, port)
    signers = throwaway.make()
    names = list(dict.fromkeys([*LOOPBACK_NAMES, host, *world.config.trusted_hosts]))
    address = world.environ.get("PLAUDIT_BASE_URL", "").strip() and world.config.base_url
    reached_by = f"[{host}]" if ":" in host else host
    base_url = address or f"{'https' if tls else 'http'}://{reached_by}:{port}"
    application = conformance_application({throwaway.owner(it): it for it in signers.values()}, base_url, names, token)
    keys = json.dumps({curve: throwaway.owner(signer) for curve, signer in signers.items()})
    context = server.self_signed(names, now()) if tls else None
    server.serve(application, host, port, tls=context, ready=lambda: click.echo(keys))


def conformance_application(
    signers: Mapping[str, Signer], base_url: str, hosts: Sequence[str], token: str | None
) -> WsgiApplication:
    """Both halves of the VC-API behind one port, as a WSGI callable; `signers` by the did:key they sign for."""
    from issuer import vc_api
    from issuer.vc_api.own_lists import OwnLists

    issuing = vc_api.assemble(signers, base_url=base_url, clock=now)
    lists = OwnLists(issuing, f"{base_url}{vc_api.LISTS}/", SafeFetcher())
    config = VerifierConfig(base_url, tuple(hosts))
    verifying = verifier.create_app(config, fetcher=lists, clock=now)
    issuers = vc_api.create_app(issuing, token=token)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        chosen = issuers if vc_api.answers(environ.get("PATH_INFO", "")) else verifying
        return chosen.wsgi_app(environ, start_response)

    return application


@cli.command("demo")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Leave the records' files here.")
@click.option("--no-serve", is_flag=True, help="Stop when everything is issued and verified.")
@as_json
@listens
@click.pass_obj
def demo_command(
    world: World, out: Path | None, no_serve: bool, json_output: bool, host: str, port: int | None
) -> None:
    """Issue sample records, show where to look at them, and serve them.

    Runs on a data folder of its own, demo-data unless PLAUDIT_HOME names another; a second run finds what the first
    one issued.
    """
    if json_output and not no_serve:
        raise click.UsageError("--json goes with --no-serve: a server has no result to print")
    if not os.environ.get("PLAUDIT_HOME"):
        os.environ["PLAUDIT_HOME"] = DEMO_HOME  # inherited: the server's processes serve the same folder
    demonstration = Demonstration(world.open_or_initialise(), verify=lambda data: _verify(world, data))
    shown = demonstration.run(out)
    if json_output:
        print_json(shown.to_json())
    else:
        shown.show()
    if not no_serve:
        demonstration.show_addresses()
        serve(APPLICATION, host, port or _own_port(world))


def _verify(world: World, data: bytes) -> Report:
    return verify(data, fetcher=world.live_fetcher(), now=now())


for command in (*issuer_commands, domain_commands, keys_commands, verify_command, export_verifier_command):
    cli.add_command(command)


def main() -> None:
    """Entry point: runs the command and turns what was raised into one message and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code (docs/command-line.md)."""
    try:
        schemas.check_manifest()
        result = cli.main(args=arguments, prog_name="plaudit", standalone_mode=False)
        return result if isinstance(result, int) else EXIT_DONE
    except click.UsageError as error:
        error.show()
        return EXIT_USAGE
    except click.Abort:
        return EXIT_INTERRUPTED
    except schemas.SchemaIntegrityError as error:
        click.echo(f"This installation is damaged: {error}. Install Plaudit again.", err=True)
        return EXIT_REFUSED
    except PlauditError as error:
        click.echo(f"{error.title}: {error}\n{error.remedy}", err=True)
        return EXIT_UNREACHABLE if isinstance(error, Unreachable) else EXIT_REFUSED


if __name__ == "__main__":
    main()

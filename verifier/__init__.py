"""The public verifier: says what a credential is worth, to anybody, without an account. It has no database and no keys.

`create_app` is everything its composition root needs. Flask is loaded only there: the disposable child that reads files
imports this package too, and should start quickly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from credentials.ports import Fetcher, TextRecords
    from verifier.config import VerifierConfig
    from verifier.document.judging_pdf import Redrawer
    from verifier.intake import FileReader
    from verifier.many import Effort
    from verifier.receipts.signer import ReceiptOffice
    from verifier.short_codes import CodeDirectory
    from verifier.surroundings import Known

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def create_app(
    config: VerifierConfig,
    *,
    fetcher: Fetcher,
    clock: Callable[[], datetime],
    reader: FileReader | None = None,
    effort: Effort | None = None,
    codes: CodeDirectory | None = None,
    texts: TextRecords | None = None,
    known: Known | None = None,
    redrawer: Redrawer | None = None,
    receipts: ReceiptOffice | None = None,
) -> Flask:
    """Assemble the verifier's web app: its pages, its API, and the VC-API's verifying endpoints.

    `fetcher` opens every address (a `fetch.SafeFetcher`, or one that answers for our own origin first); `clock` returns
    the time now, aware; `reader` reads untrusted files, by default in disposable child
    processes; `effort` bounds what one request about many credentials may cost; `codes` leads from a short code to the
    address of its record, by default as the configuration says; `texts` asks the name system, by default the one of
    this machine; `known` names the issuers whose look-alikes are warned of, beside those of the registries;
    `redrawer` draws a credential's certificate once more, to lay it over a PDF that was handed in; `receipts` signs
    and draws receipts, without it there are none.
    """
    from flask import Flask

    from credentials.verify import Policy
    from credentials.verify.memory import KeptOutcomes
    from verifier import assembling, current, languages, receiving, short_codes, surroundings
    from verifier.config import flask_settings
    from verifier.document.judging_pdf import Documents
    from verifier.judging import Judge
    from verifier.many import Effort, Together
    from verifier.sandbox import FileSandbox, SandboxLimits

    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(TEMPLATES / "static"))
    app.request_class = receiving.PrivateRequest
    app.config.update(flask_settings(config))
    languages.install(app)
    files = reader or FileSandbox(SandboxLimits(at_once=config.readers))
    directory = codes or (short_codes.template(config.codes) if config.codes else None)
    asked = short_codes.ShortCodes(directory, short_codes.Guesses(clock), receiving.asker) if directory else None
    documents = Documents(files, clock, redrawer, config.pdf_roots)
    judge = Judge(fetcher, clock, files, asked, documents, policy=Policy(memory=KeptOutcomes()))
    app.extensions[current.EXTENSION] = judge
    app.extensions[current.MANY] = Together(judge, effort=effort or Effort())
    app.extensions[current.SURROUNDINGS] = surroundings.assemble(config, fetcher, texts, known)
    assembling.add_routes(app, config, receipts)
    assembling.add_rules(app, config)
    return app

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

    from credentials.ports import Fetcher
    from verifier.config import VerifierConfig
    from verifier.intake import FileReader
    from verifier.many import Effort

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def create_app(
    config: VerifierConfig,
    *,
    fetcher: Fetcher,
    clock: Callable[[], datetime],
    reader: FileReader | None = None,
    effort: Effort | None = None,
) -> Flask:
    """Assemble the verifier's web app: its pages, its API, and the VC-API's verifying endpoints.

    `fetcher` opens every address (a `fetch.SafeFetcher`, or one that answers for our own origin first); `clock` returns
    the time now, aware; `reader` reads untrusted files, by default in disposable child
    processes; `effort` bounds what one request about many credentials may cost.
    """
    from flask import Flask

    from credentials import wording
    from verifier import failures, headers, receiving, views
    from verifier.batch.views import batch
    from verifier.config import flask_settings
    from verifier.judging import Judge
    from verifier.many import Effort, Together
    from verifier.offline import offline
    from verifier.resume.views import resume
    from verifier.sandbox import FileSandbox, SandboxLimits
    from verifier.vc_api.views import surface

    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(TEMPLATES / "static"))
    app.request_class = receiving.PrivateRequest
    app.config.update(flask_settings(config))
    app.jinja_env.globals["wording"] = wording
    files = reader or FileSandbox(SandboxLimits(at_once=config.readers))
    judge = Judge(fetcher, clock, files)
    app.extensions[views.EXTENSION] = judge
    app.extensions[views.MANY] = Together(judge, effort=effort or Effort())
    app.register_blueprint(views.pages)
    app.register_blueprint(resume)
    app.register_blueprint(batch)
    app.register_blueprint(offline)
    app.register_blueprint(surface)
    headers.protect(app, https=config.https)
    failures.register(app)
    return app

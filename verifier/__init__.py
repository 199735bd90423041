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

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def create_app(
    config: VerifierConfig,
    *,
    fetcher: Fetcher,
    clock: Callable[[], datetime],
    reader: FileReader | None = None,
) -> Flask:
    """Assemble the verifier's web app: `/verify`, `/api/v1/verify` and the VC-API's verifying endpoints.

    `fetcher` opens every address (a `fetch.SafeFetcher`, or one that answers for our own origin first); `clock` returns
    the time now, aware; `reader` reads untrusted files, by default in disposable child processes.
    """
    from flask import Flask

    from credentials import wording
    from verifier import failures, headers, views
    from verifier.config import flask_settings
    from verifier.judging import Judge
    from verifier.sandbox import FileSandbox, SandboxLimits
    from verifier.vc_api.views import surface

    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(TEMPLATES / "static"))
    app.request_class = views.PrivateRequest
    app.config.update(flask_settings(config))
    app.jinja_env.globals["wording"] = wording
    files = reader or FileSandbox(SandboxLimits(at_once=config.readers))
    app.extensions[views.EXTENSION] = Judge(fetcher, clock, files)
    app.register_blueprint(views.pages)
    app.register_blueprint(surface)
    headers.protect(app, https=config.https)
    failures.register(app)
    return app

"""The issuer: where completions come in, are signed and published, and can be withdrawn. Owns the database.

`create_app` puts the web application together from what it is given; it reads no environment and starts nothing. The
web's libraries are imported inside it, so that commands without a web page do not wait for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from credentials.ports import Fetcher
    from issuer.instance import Instance

#: Largest request body that is read: a spreadsheet of a batch, with room for its form.
MAX_REQUEST_BYTES = 17 * 1024 * 1024
#: Form fields are short; werkzeug refuses more before it has kept them.
MAX_FORM_BYTES, MAX_FORM_PARTS = 500_000, 200


def create_app(instance: Instance, *, own_origin: Fetcher) -> Flask:
    """Return the WSGI application of `instance`.

    `own_origin` fetches for verification: our own addresses in-process, everything else through the outbound door.
    """
    from pathlib import Path

    from flask import Flask

    from credentials.verify import Policy
    from credentials.verify.memory import KeptOutcomes
    from issuer import auth, headers
    from issuer.views import BLUEPRINTS, failures, languages, shapes, throttle, words
    from issuer.views.site import EXTENSION, Site

    templates = Path(__file__).resolve().parent.parent / "templates"
    app = Flask(__name__, template_folder=str(templates), static_folder=str(templates / "static"))
    app.config.update(
        TRUSTED_HOSTS=list(instance.config.trusted_hosts),
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        DEBUG=instance.config.debug,
    )
    app.extensions[EXTENSION] = Site(instance, own_origin, Policy(memory=KeptOutcomes()))
    headers.protect(app, https=instance.config.base_url.startswith("https://"))
    auth.install(app, instance)
    throttle.install(app, instance.clock)
    failures.install(app)
    words.install(app)
    languages.install(app)
    shapes.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def welcome(instance: Instance) -> Iterator[str]:
    """Yield the lines that the terminal shows when the server starts: where to go, and the set-up link if it is due."""
    from issuer import auth
    from issuer.services import accounts

    base_url = instance.config.base_url
    if accounts.needs_first_owner(instance):
        yield "This installation has no owner yet. Set it up here, once, within a day:"
        yield f"  {base_url}/setup?token={auth.setup_token(instance)}"
    else:
        yield f"Console   {base_url}/console"
    yield f"Verifier  {base_url}/verify"

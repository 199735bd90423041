"""The language of a page: `?lang=` in its address, else what the browser prefers, else English. Nothing is remembered.

Words come from the catalogs in templates/languages/ (docs/languages.md). There is no cookie: links and forms inside the
verifier hand on the `lang` of their own page's address with the filter `in_language`.
"""

from __future__ import annotations

from pathlib import Path

import flask_babel
from flask import Flask, Response, has_request_context, request
from jinja2 import pass_context
from jinja2.runtime import Context

from credentials.languages import ENGLISH, Known, Spoken, addresses, of_locale

CATALOGS = Path(__file__).resolve().parent.parent / "templates" / "languages"
#: Where a request's environment keeps the tag of its language.
_KEPT = "plaudit.language"


def install(app: Flask) -> None:
    """Make `_`, `ngettext`, `wording` and what a page needs to know of its language known to the templates of `app`."""
    flask_babel.Babel(app, default_locale=ENGLISH.locale, locale_selector=_selected, configure_jinja=False)
    spoken = Spoken({path.stem: path.read_bytes() for path in CATALOGS.glob("*.po")}, _current)
    app.jinja_env.globals.update(
        spoken.in_templates(),
        language_choices=lambda: _choices(spoken.language()),
    )
    app.add_template_filter(in_language)

    @app.after_request
    def tell(response: Response) -> Response:
        """Say which language it is, and that another browser would be answered in another."""
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = spoken.language().html
            response.vary.add("Accept-Language")
        return response


@pass_context
def in_language(_: Context, path: str) -> str:
    """Return a path of the verifier with the `lang` of this page's own address, if there is one.

    It takes the context only so that Jinja does not work it out once and for all while it compiles the template.
    """
    return addresses.in_language(path, _asked())


def _asked() -> Known | None:
    return addresses.named(request.args.get("lang")) if has_request_context() else None


def _selected() -> str:
    """The CLDR locale for this request."""
    return (_asked() or addresses.preferred(request.accept_languages)).locale


def _current() -> str:
    """The language's tag. A page asks for it a hundred times, so it is worked out once for each request."""
    kept = request.environ if has_request_context() else {}
    if _KEPT not in kept:
        kept[_KEPT] = of_locale(str(flask_babel.get_locale())).tag
    return str(kept[_KEPT])


def _choices(now: Known) -> tuple[addresses.Choice, ...]:
    """What was handed in by a form is in no address, so there the switch leads to the form again."""
    return addresses.choices(request.path, {"url": request.args["url"]} if request.args.get("url") else {}, now)

"""What the entrance may do that no other page may: use the camera, run the reader of QR codes, be installed.

The rights go with the page itself, wherever it is shown: as the form, and beside what went wrong. The installed page
takes what other apps share: the share target of its manifest is the same form (W3C Web Share Target).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, g, json, template_rendered

entrance = Blueprint("entrance", __name__)

_PAGE = "verifier/verify.html"
_CAMERA = ("camera=()", "camera=(self)")
#: zxing-wasm is WebAssembly (CSP 3, 4.4); the manifest is the page's own.
_SCRIPTS = ("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
_MANIFEST = "; manifest-src 'self'"
_KINDS = [
    "application/pdf", "application/json", "application/ld+json", "image/png", "image/jpeg", "image/webp",
    "image/svg+xml", "text/plain", ".pdf", ".json", ".jsonld", ".jwt", ".png", ".jpg", ".jpeg", ".webp", ".svg",
]  # fmt: skip


@entrance.get("/verify/manifest.webmanifest")
def manifest() -> Response:
    """Describe the page to whoever installs it; apps then share links, texts and files with it."""
    say = cast(Callable[[str], str], current_app.jinja_env.globals["_"])
    icons = [
        {"src": "/static/icons/verify.svg", "sizes": "any", "type": "image/svg+xml"},
        *(
            {
                "src": f"/static/icons/verify-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ),
    ]
    told = {
        "id": "/verify",
        "name": say("Plaudit: check a credential"),
        "short_name": say("Check"),
        "description": say("See at once who vouches for it, what was done, and whether it still stands."),
        "start_url": "/verify",
        "scope": "/verify",
        "display": "standalone",
        "background_color": "#fdfcf9",
        "theme_color": "#0f5c4d",
        "icons": icons,
        "share_target": {
            "action": "/verify",
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"title": "title", "text": "text", "url": "url", "files": [{"name": "file", "accept": _KINDS}]},
        },
    }
    return Response(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")


def install(app: Flask) -> None:
    """Register the manifest, and give the page its rights; called before `headers.protect`, whose work it changes."""
    app.register_blueprint(entrance)

    def rendered(_app: Flask, template: Any, **_more: Any) -> None:
        g.is_entrance = template.name == _PAGE

    template_rendered.connect(rendered, app, weak=False)

    @app.after_request
    def allow(response: Response) -> Response:
        if g.get("is_entrance"):
            policy = response.headers["Content-Security-Policy"]
            response.headers["Content-Security-Policy"] = policy.replace(*_SCRIPTS) + _MANIFEST
            response.headers["Permissions-Policy"] = response.headers["Permissions-Policy"].replace(*_CAMERA)
        return response

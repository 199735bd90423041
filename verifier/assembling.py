"""Puts addresses, and the rules that hold for every answer, on the verifier's app. It makes nothing itself."""

from __future__ import annotations

from flask import Flask

from verifier import compressing, entrance, failures, headers, pace
from verifier.api import description, other_origins
from verifier.api.many import many
from verifier.api.one import one
from verifier.batch.views import batch
from verifier.config import VerifierConfig
from verifier.help import help_pages
from verifier.offline import offline
from verifier.receipts import views as receipt_views
from verifier.receipts.signer import ReceiptOffice
from verifier.resume.views import resume
from verifier.vc_api.views import surface
from verifier.views import pages


def add_routes(app: Flask, config: VerifierConfig, receipts: ReceiptOffice | None) -> None:
    """Answer at every address of the verifier; of receipts only where there is who signs them."""
    for blueprint in (pages, help_pages, one, many, resume, batch, offline, surface):
        app.register_blueprint(blueprint)
    receipt_views.install(app, receipts)
    description.install(app, config.base_url)


def add_rules(app: Flask, config: VerifierConfig) -> None:
    """What holds for every request and answer. Of two that set the same header, the one that is added first wins."""
    pace.install(app, config.per_minute, proxies=config.proxies)
    other_origins.allow(app)
    entrance.install(app)
    compressing.install(app)
    headers.protect(app, https=config.https)
    failures.register(app)

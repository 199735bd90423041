"""The issuer's pages, thin: read the request, call one service, choose a template. No rule of the trade lives here."""

from __future__ import annotations

from issuer.views import batches, console, corrections, front, organisations, portfolios, records, setup, wellknown

#: Every group of pages. One that is not listed here is not served.
BLUEPRINTS = tuple(
    module.routes
    for module in (front, setup, records, portfolios, organisations, wellknown, console, corrections, batches)
)

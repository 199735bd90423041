"""The issuer's pages, thin: read the request, call one service, choose a template. No rule of the trade lives here."""

from __future__ import annotations

from issuer.views.batches import batches
from issuer.views.console import console
from issuer.views.front import front
from issuer.views.organisations import organisation_pages
from issuer.views.portfolios import portfolios
from issuer.views.records import record_pages
from issuer.views.setup import setup
from issuer.views.wellknown import wellknown

#: Every group of pages. One that is not listed here is not served.
BLUEPRINTS = (front, setup, record_pages, portfolios, organisation_pages, wellknown, console, batches)

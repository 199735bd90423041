"""A verifier in a world of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from credentials.ports import Fetcher
from tests.verifier.reading import InProcess
from tests.worlds.completions import NOW
from verifier import create_app
from verifier.config import VerifierConfig
from verifier.intake import FileReader
from verifier.many import Effort
from verifier.short_codes import CodeDirectory

ORIGIN = "https://verify.example"
IN_PROCESS = InProcess()
MakeClient = Callable[..., FlaskClient]


@pytest.fixture
def client_for() -> MakeClient:
    """Return a function that makes a client of a verifier whose only way out is the fetcher it is given."""

    def make(
        fetcher: Fetcher,
        *,
        now: datetime = NOW,
        reader: FileReader | None = IN_PROCESS,
        effort: Effort | None = None,
        codes: CodeDirectory | None = None,
    ) -> FlaskClient:
        config = VerifierConfig(ORIGIN, ("verify.example", "localhost"))
        app = create_app(config, fetcher=fetcher, clock=lambda: now, reader=reader, effort=effort, codes=codes)
        return app.test_client()

    return make

"""The running API against its own description: whatever is sent, the answer is one that the description names.

Inputs are made by schemathesis out of the description, right ones and wrong ones. What they may not lead to: an answer
above 499 but "all are busy", a status, media type or member that is not described, a crash of the connection.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from werkzeug.serving import make_server

from tests.verifier.reading import InProcess
from tests.worlds.completions import NOW
from tests.worlds.memory_web import MemoryWeb
from verifier import create_app
from verifier.api import catalogue
from verifier.config import VerifierConfig

#: Whether an input of the right shape is accepted is for the world to say: an address may lead nowhere.
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]
#: Bytes that the description gives no schema, because their media type says what they are.
RAW = [*catalogue.RAW_TYPES, *catalogue.ARCHIVE_TYPES]


@schemathesis.serializer(*(kind for kind in RAW if kind != "text/plain"))
def raw_bytes(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@contextmanager
def running() -> Iterator[str]:
    config = VerifierConfig(trusted_hosts=("127.0.0.1",))
    app = create_app(config, fetcher=MemoryWeb(), clock=lambda: NOW, reader=InProcess())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with running() as found:
        yield found


def battery(origin: str, examples: int, paths: str) -> int:
    """Try every endpoint whose path matches; return how many requests were made."""
    schema = schemathesis.openapi.from_url(f"{origin}/api/openapi.json").include(path_regex=paths)
    schema.config.update(base_url=origin)
    made = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in GenerationMode:
            strategy = operation.as_strategy(generation_mode=mode)

            def ask(case: Any) -> None:
                nonlocal made
                made += 1
                case.call_and_validate(checks=CHECKS)

            settings(
                max_examples=examples,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                derandomize=True,
                database=None,
            )(given(case=strategy)(ask))()
    return made


@pytest.mark.case("OUT-07", "WEB-07", "WEB-08")
@pytest.mark.timeout(300)
def test_no_input_leads_to_an_answer_that_is_not_described(origin: str) -> None:
    assert battery(origin, 15, r"^/api/v1/|^/vc-api/(credentials|presentations)/") > 50


@pytest.mark.slow
@pytest.mark.case("OUT-07", "WEB-07", "WEB-08")
@pytest.mark.timeout(1800)
def test_no_input_of_thousands_does(origin: str) -> None:
    made = battery(origin, 300, r"^/api/v1/|^/vc-api/")
    print(f"\nschemathesis: {made} requests, 0 failures")
    assert made > 3_000

"""Writes an answer of the API as JSON. What it holds is made elsewhere."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response


def as_json(body: Any) -> Response:
    """An answer of 200 with `body` as JSON in UTF-8."""
    return Response(orjson.dumps(body), content_type="application/json")

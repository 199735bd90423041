"""Compresses the verifier's pages: a result then comes with the first packets that a phone's connection carries.

Safe here, and not on pages that hold a secret beside text of others (BREACH): the verifier has no session and no token.
"""

from __future__ import annotations

import gzip
from typing import Final

from flask import Flask, Response, request

#: Half a millisecond for a result; higher levels gain a hundred bytes.
LEVEL: Final = 5
#: Less than this fits in one packet anyway.
_WORTHWHILE: Final = 1_200


def install(app: Flask) -> None:
    """Send HTML as gzip to whoever accepts it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype != "text/html" or response.is_streamed or "Content-Encoding" in response.headers:
            return response
        response.vary.add("Accept-Encoding")
        page = response.get_data()
        if len(page) >= _WORTHWHILE and request.accept_encodings["gzip"] > 0:
            response.set_data(gzip.compress(page, LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response

"""What the app that is answering judges with. Views take it from here, so that none of them needs another."""

from __future__ import annotations

from typing import cast

from flask import current_app

from verifier.judging import Judge
from verifier.many import Together
from verifier.surroundings import Surroundings

EXTENSION = "plaudit-verifier"
MANY = "plaudit-verifier-many"
SURROUNDINGS = "plaudit-verifier-surroundings"


def judge() -> Judge:
    """Return the `Judge` of the app that is answering."""
    return cast(Judge, current_app.extensions[EXTENSION])


def together() -> Together:
    """Return what judges many things at once in the app that is answering."""
    return cast(Together, current_app.extensions[MANY])


def surroundings() -> Surroundings:
    """Return what adds the issuer's surroundings to what the app that is answering has judged."""
    return cast(Surroundings, current_app.extensions[SURROUNDINGS])

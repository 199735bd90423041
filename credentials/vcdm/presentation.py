"""The shape of a presentation, in version 2.0 or 1.1 of the data model, and of the credentials in it.

Source: VCDM 2.0, 4.13; VCDM 1.1, 4.10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials.findings import Finding
from credentials.vcdm import credential, shapes, version_1
from credentials.vcdm.envelope import check_envelope, is_envelope

_TYPED: Final = {"termsOfUse": False}


def holder_id(document: Mapping[str, Any]) -> str | None:
    """The holder's id, written plainly or in an object; None when there is none."""
    return shapes.id_of(document.get("holder"))


def check_presentation(document: Mapping[str, Any]) -> list[Finding]:
    """Every breach of the data model in the presentation `document` and the credentials in it; an empty list is good.

    A credential inside may be of either version. Only a presentation of version 1.1 may hold one as text (a JWT).
    """
    return list(_findings(document))


def _findings(document: Mapping[str, Any]) -> Iterator[Finding]:
    old = shapes.is_version_1(document)
    yield from shapes.check_context(document, shapes.OLD_CONTEXT if old else shapes.CONTEXT)
    yield from shapes.check_type(document, "VerifiablePresentation")
    yield from shapes.check_id(document)
    if "holder" in document:
        yield from shapes.check_named(document, "holder")
    yield from shapes.check_typed(document, _TYPED)
    if "verifiableCredential" in document:
        yield from _check_credentials(document["verifiableCredential"], text_allowed=old)


def _check_credentials(value: Any, *, text_allowed: bool) -> Iterator[Finding]:
    several = isinstance(value, list)
    for number, item in enumerate(shapes.as_list(value)):
        where = f"/verifiableCredential/{number}" if several else "/verifiableCredential"
        if isinstance(item, Mapping):
            yield from (Finding(where + found.pointer, found.code, found.message) for found in _check_one(item))
        elif not (text_allowed and isinstance(item, str) and item):
            yield Finding(where, "wrong_type", "A credential in a presentation must be an object.")


def _check_one(item: Mapping[str, Any]) -> Iterator[Finding]:
    if is_envelope(item):
        yield from check_envelope(item)
    elif shapes.is_version_1(item):
        yield from version_1.check(item)
    else:
        yield from credential.check(item)

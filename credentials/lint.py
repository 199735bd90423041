"""Checks an unsigned credential before it may be signed, and hands out a token for exactly those bytes. Signs nothing.

Everything wrong is collected, so one look mends all. What is checked: the shape demanded by VCDM 2.0 · the JSON Schema
of Open Badges 3.0 and ours · pinned contexts and lossless JSON-LD (nothing that a signature would silently leave out) ·
no e-mail address anywhere · no signature dated before its key existed.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import errors, findings, jsonld, model, strict_json, timestamps, vcdm
from credentials.findings import Finding
from credentials.jsonld import shapes


@dataclass(frozen=True, slots=True)
class Covered:
    """What the lint learnt of the checked bytes and a signature needs: the contexts (URLs, in their order), and the
    SHA-256 of the document's canonical N-Quads."""

    contexts: tuple[str, ...]
    document_hash: bytes


class LintToken:
    """Leave to make one signature over one document: bound to its bytes, good once (also between threads)."""

    def __init__(self, data: bytes, flags: tuple[Finding, ...] = (), covered: Covered | None = None) -> None:
        #: SHA-256 of the bytes that were checked, in hexadecimal.
        self.digest = hashlib.sha256(data).hexdigest()
        #: What is allowed and still worth a person's look, such as a start of validity before the key existed.
        self.flags = flags
        self.covered = covered
        self._spent = threading.Lock()

    def redeem(self, data: bytes) -> None:
        """Spend the token on `data`.

        Raises `errors.LintTokenMismatch` for other bytes than those checked (the token is spent all the same: whoever
        tries other bytes is not to try again), and `errors.LintTokenSpent` the second time.
        """
        if not self._spent.acquire(blocking=False):
            raise errors.LintTokenSpent("the token was redeemed before")
        if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), self.digest):
            raise errors.LintTokenMismatch("the token was given for other bytes")

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a lint token cannot be copied or stored: each copy would allow one more signature")


def lint(document: Mapping[str, Any], *, now: datetime, key_created: datetime | None = None) -> LintToken:
    """Check `document`, which is to be signed at `now` with a key made at `key_created`.

    Raises `errors.LintFailed` with every finding. The token is for `strict_json.dumps(document)`.
    """
    in_time = key_created is None or now >= key_created
    token = _lint_known_shape(document, key_created) if in_time else None
    return token or _lint_whole(document, now, key_created)


def _lint_known_shape(document: Mapping[str, Any], key_created: datetime | None) -> LintToken | None:
    """The token of a good document whose shape passed before; None when it is not, or not good, or not that simple.

    What the shape alone decides (that nothing would be dropped, no proof, no e-mail address, limits) was decided then;
    what values decide is looked at again: the data model's rules and the JSON Schemas run in full.
    """
    document = dict(document)
    try:
        filled = shapes.filled(document)
    except errors.PlauditError:
        return None
    template = shapes.SHAPES["sha256"].find(filled) if len(filled.data) <= strict_json.MAX_BYTES else None
    canonical_form = template.fill(filled) if template is not None and template.approved else None
    if canonical_form is None or vcdm.check(document) or not _fits_schemas(document):
        return None
    return _token(document, filled.data, canonical_form, key_created)


def _lint_whole(document: Mapping[str, Any], now: datetime, key_created: datetime | None) -> LintToken:
    found = [finding for rule in _RULES for finding in rule(document)]
    canonical_form = b""
    try:
        canonical_form = jsonld.canonical_nquads(dict(document)).encode()
    except errors.PlauditError as error:
        found.append(Finding(error.pointer or "", error.code, f"{error.title}: {error.detail}."))
    if key_created is not None and now < key_created:
        found.append(Finding("/proof/created", errors.ProofBeforeKey.code, f"{errors.ProofBeforeKey.title}."))
    if found:
        raise errors.LintFailed(found[: findings.MAX_FINDINGS])
    filled = shapes.filled(dict(document))
    template = shapes.SHAPES["sha256"].recall(document, filled, canonical_form)
    if template is not None:
        template.approved = True
    return _token(document, filled.data, canonical_form, key_created)


def _token(document: Mapping[str, Any], data: bytes, canonical_form: bytes, key_created: datetime | None) -> LintToken:
    covered = Covered(tuple(vcdm.as_list(document["@context"])), hashlib.sha256(canonical_form).digest())
    return LintToken(data, tuple(_flags(document, key_created)), covered)


def check_proof_time(created: datetime, key_created: datetime) -> None:
    """Raise `errors.ProofBeforeKey` when a proof would be older than its key."""
    if created < key_created:
        raise errors.ProofBeforeKey(
            f"proof.created {timestamps.format(created)} is before the key's {timestamps.format(key_created)}"
        )


def _flags(document: Mapping[str, Any], key_created: datetime | None) -> Iterator[Finding]:
    """A validity that starts before the key is a claim about the past, not a signature from the past."""
    valid_from = document.get("validFrom")
    if key_created is not None and valid_from is not None and timestamps.parse(valid_from) < key_created:
        yield Finding("/validFrom", "valid_before_key", "The validity starts before the signing key was made.")


def _check_gate(document: Mapping[str, Any]) -> Iterator[Finding]:
    """What we sign must come back through our own byte gate unchanged."""
    try:
        data = strict_json.dumps(dict(document))
        if strict_json.dumps(strict_json.loads_object(data)) != data:
            yield Finding("", "not_stable", "The document does not survive being written and read.")
    except errors.PlauditError as error:
        yield Finding(error.pointer or "", error.code, f"{error.title}: {error.detail}.")


def _check_unsigned(document: Mapping[str, Any]) -> Iterator[Finding]:
    if "proof" in document:
        yield Finding("/proof", "already_signed", "The document already carries a proof.")


def _schemas_for(document: Mapping[str, Any]) -> list[str]:
    """The strict schema of Open Badges 3.0 for achievements; ours for what uses our context."""
    kinds = vcdm.types(document)
    if "AchievementCredential" not in kinds and "OpenBadgeCredential" not in kinds:
        return []
    ours = model.EXTENSION_CONTEXT in vcdm.as_list(document.get("@context"))
    return [model.OB_SCHEMA, model.CREDENTIAL_SCHEMA] if ours else [model.OB_SCHEMA]


def _check_schemas(document: Mapping[str, Any]) -> Iterator[Finding]:
    for schema in _schemas_for(document):
        yield from findings.check(dict(document), schema)


def _fits_schemas(document: Mapping[str, Any]) -> bool:
    return all(findings.fits(document, schema) for schema in _schemas_for(document))


def _check_no_email(document: Mapping[str, Any]) -> Iterator[Finding]:
    """No member `email`, and no identity of the kind e-mail address, at any depth."""
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(dict(document), ())]
    while waiting:
        value, path = waiting.pop()
        if type(value) is dict:
            if "email" in value or value.get("identityType") == "emailAddress":
                yield Finding(findings.pointer(path), "email_inside", "E-mail addresses never go into a credential.")
            steps: Any = value.items()
        else:
            steps = enumerate(value)
        waiting += [(item, (*path, step)) for step, item in steps if type(item) is dict or type(item) is list]


_RULES: tuple[Callable[[Mapping[str, Any]], Iterator[Finding] | list[Finding]], ...] = (
    _check_gate,
    _check_unsigned,
    vcdm.check,
    _check_schemas,
    _check_no_email,
)

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
from datetime import datetime
from typing import Any

from credentials import errors, findings, jsonld, model, strict_json, timestamps, vcdm
from credentials.findings import Finding


class LintToken:
    """Leave to make one signature over one document: bound to its bytes, good once (also between threads)."""

    def __init__(self, data: bytes, flags: tuple[Finding, ...] = ()) -> None:
        #: SHA-256 of the bytes that were checked, in hexadecimal.
        self.digest = hashlib.sha256(data).hexdigest()
        #: What is allowed and still worth a person's look, such as a start of validity before the key existed.
        self.flags = flags
        self._unspent = threading.Semaphore(1)

    def redeem(self, data: bytes) -> None:
        """Spend the token on `data`.

        Raises `errors.LintTokenMismatch` for other bytes than those checked (the token is spent all the same: whoever
        tries other bytes is not to try again), and `errors.LintTokenSpent` the second time.
        """
        if not self._unspent.acquire(blocking=False):
            raise errors.LintTokenSpent("the token was redeemed before")
        if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), self.digest):
            raise errors.LintTokenMismatch("the token was given for other bytes")

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a lint token cannot be copied or stored: each copy would allow one more signature")


def lint(document: Mapping[str, Any], *, now: datetime, key_created: datetime | None = None) -> LintToken:
    """Check `document`, which is to be signed at `now` with a key made at `key_created`.

    Raises `errors.LintFailed` with every finding. The token is for `strict_json.dumps(document)`.
    """
    found = [finding for rule in _RULES for finding in rule(document)]
    if key_created is not None and now < key_created:
        found.append(Finding("/proof/created", errors.ProofBeforeKey.code, f"{errors.ProofBeforeKey.title}."))
    if found:
        raise errors.LintFailed(found[: findings.MAX_FINDINGS])
    return LintToken(strict_json.dumps(dict(document)), tuple(_flags(document, key_created)))


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
        if strict_json.loads_object(data) != document:
            yield Finding("", "not_stable", "The document does not survive being written and read.")
    except errors.PlauditError as error:
        yield Finding(error.pointer or "", error.code, f"{error.title}: {error.detail}.")


def _check_unsigned(document: Mapping[str, Any]) -> Iterator[Finding]:
    if "proof" in document:
        yield Finding("/proof", "already_signed", "The document already carries a proof.")


def _check_schemas(document: Mapping[str, Any]) -> Iterator[Finding]:
    """The strict schema of Open Badges 3.0 for achievements; ours for what uses our context."""
    kinds = vcdm.types(document)
    if "AchievementCredential" in kinds or "OpenBadgeCredential" in kinds:
        yield from findings.check(dict(document), model.OB_SCHEMA)
        if model.EXTENSION_CONTEXT in vcdm.as_list(document.get("@context")):
            yield from findings.check(dict(document), model.CREDENTIAL_SCHEMA)


def _check_lossless(document: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        jsonld.to_quads(dict(document))
    except errors.PlauditError as error:
        yield Finding(error.pointer or "", error.code, f"{error.title}: {error.detail}.")


def _check_no_email(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[Finding]:
    """No member `email`, and no identity of the kind e-mail address, at any depth."""
    if isinstance(document, Mapping):
        if "email" in document or document.get("identityType") == "emailAddress":
            yield Finding(findings.pointer(path), "email_inside", "E-mail addresses never go into a credential.")
        for name, value in document.items():
            yield from _check_no_email(value, (*path, name))
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from _check_no_email(value, (*path, number))


_RULES: tuple[Callable[[Mapping[str, Any]], Iterator[Finding] | list[Finding]], ...] = (
    _check_gate,
    _check_unsigned,
    vcdm.check,
    _check_schemas,
    _check_lossless,
    _check_no_email,
)

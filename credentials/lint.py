"""Checks an unsigned credential before it may be signed, and hands out a token for exactly those bytes. Signs nothing.

Everything wrong is collected, so one look mends all. What is checked: the shape demanded by VCDM 2.0 · the JSON Schema
of Open Badges 3.0 and ours · pinned contexts and lossless JSON-LD (nothing that a signature would silently leave out) ·
no e-mail address anywhere · no signature dated before its key existed.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import errors, findings, jsonld, model, strict_json, timestamps, vcdm
from credentials.findings import Finding
from credentials.jsonld import shapes
from credentials.jsonld.template import Reading


class Covered:
    """What the lint learnt of the checked bytes and a signature needs: the contexts (URLs, in their order), and hashes
    of the document."""

    __slots__ = ("_data", "_known", "contexts")

    def __init__(self, contexts: tuple[str, ...], known: Reading | bytes, data: bytes) -> None:
        """`known` are the canonical N-Quads of the document with the text `data`, or what nearly always gives them."""
        self.contexts = contexts
        self._known, self._data = known, data

    @property
    def document_hash(self) -> bytes:
        """SHA-256 of the document's canonical N-Quads (RDFC-1.0); may raise `errors.CanonicalizationLimit`."""
        known = self._known
        form = known if isinstance(known, bytes) else known.nquads()
        if form is None:
            form = jsonld.canonical_nquads(strict_json.loads_object(self._data)).encode()
        return hashlib.sha256(form).digest()

    @property
    def json_hash(self) -> bytes | None:
        """SHA-256 of the document's canonical JSON (RFC 8785), where it costs next to nothing; else None."""
        known = self._known
        return None if isinstance(known, bytes) else hashlib.sha256(known.jcs()).digest()


class LintToken:
    """Leave to make one signature over one document: bound to its bytes, good once (also between threads)."""

    __slots__ = ("_spent", "covered", "data", "flags")

    def __init__(self, data: bytes, flags: tuple[Finding, ...] = (), covered: Covered | None = None) -> None:
        #: The bytes that were checked.
        self.data = data
        #: What is allowed and still worth a person's look, such as a start of validity before the key existed.
        self.flags = flags
        self.covered = covered
        self._spent = threading.Lock()

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes that were checked, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    def redeem(self, data: bytes) -> None:
        """Spend the token on `data`.

        Raises `errors.LintTokenMismatch` for other bytes than those checked (the token is spent all the same: whoever
        tries other bytes is not to try again), and `errors.LintTokenSpent` the second time.
        """
        if not self._spent.acquire(blocking=False):
            raise errors.LintTokenSpent("the token was redeemed before")
        if data != self.data:
            raise errors.LintTokenMismatch("the token was given for other bytes")

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a lint token cannot be copied or stored: each copy would allow one more signature")


def lint(document: Mapping[str, Any], *, now: datetime, key_created: datetime | None = None) -> LintToken:
    """Check `document`, which is to be signed at `now` with a key made at `key_created`.

    Raises `errors.LintFailed` with every finding. The token is for `strict_json.dumps(document)`.
    """
    document = dict(document)
    in_time = key_created is None or now >= key_created
    token = _lint_known(document, _written(document), key_created) if in_time else None
    return token or _lint_whole(document, _written(document, strict_json.dumps), now, key_created)


def _written(document: dict[str, Any], write: Callable[[Any], bytes] = strict_json.written) -> bytes:
    """The document's text; no bytes at all when it has none, which is a finding of its own."""
    try:
        return write(document)
    except errors.PlauditError:
        return b""


@dataclass(frozen=True, slots=True)
class _Approval:
    """What may still be wrong with a document whose template passed: rules about what varies, and the JSON Schemas."""

    contexts: tuple[str, ...]
    rules: tuple[vcdm.Rule, ...]
    schemas: tuple[Callable[[Any], bool], ...]


def _lint_known(document: dict[str, Any], data: bytes, key_created: datetime | None) -> LintToken | None:
    """The token of a good document of which nearly all passed before; None when it is not, or not good.

    What the template fixes was judged then: that nothing would be dropped, no proof, no e-mail address, limits, and
    the data model's rules about members that do not vary. What varies is looked at again, numbers digit by digit.
    """
    if not data or len(data) > strict_json.MAX_BYTES:
        return None
    reading = shapes.SHAPES["sha256"].find(document, data)
    approval: _Approval | None = reading.template.approved if reading else None
    if reading is None or approval is None:
        return None
    for fits in approval.schemas:
        if not fits(document):
            return None
    for rule in approval.rules:
        for _ in rule(document):
            return None
    return LintToken(data, _flags(document, key_created), Covered(approval.contexts, reading, data))


def _lint_whole(document: dict[str, Any], data: bytes, now: datetime, key_created: datetime | None) -> LintToken:
    found = [finding for rule in _RULES for finding in rule(document, data)]
    canonical_form = b""
    try:
        canonical_form = jsonld.canonical_nquads(document).encode()
    except errors.PlauditError as error:
        found.append(Finding(error.pointer or "", error.code, f"{error.title}: {error.detail}."))
    if key_created is not None and now < key_created:
        found.append(Finding("/proof/created", errors.ProofBeforeKey.code, f"{errors.ProofBeforeKey.title}."))
    if found:
        raise errors.LintFailed(found[: findings.MAX_FINDINGS])
    _approve(document, data, canonical_form)
    covered = Covered(tuple(vcdm.as_list(document["@context"])), canonical_form, data)
    return LintToken(data, _flags(document, key_created), covered)


def _approve(document: dict[str, Any], data: bytes, canonical_form: bytes) -> None:
    """Remember that this document is good, for others that differ in a few values."""
    known = shapes.SHAPES["sha256"]
    reading = known.find(document, data)
    template = reading.template if reading else known.learn(document, data, canonical_form)
    if template is not None:
        template.approved = _Approval(
            tuple(vcdm.as_list(document["@context"])),
            vcdm.rules_about(document, template.members),
            tuple(findings.fitting(schema) for schema in _schemas_for(document)),
        )


def check_proof_time(created: datetime, key_created: datetime) -> None:
    """Raise `errors.ProofBeforeKey` when a proof would be older than its key."""
    if created < key_created:
        raise errors.ProofBeforeKey(
            f"proof.created {timestamps.format(created)} is before the key's {timestamps.format(key_created)}"
        )


def _flags(document: Mapping[str, Any], key_created: datetime | None) -> tuple[Finding, ...]:
    """A validity that starts before the key is a claim about the past, not a signature from the past."""
    valid_from = document.get("validFrom")
    if key_created is None or valid_from is None or timestamps.parse(valid_from) >= key_created:
        return ()
    return (Finding("/validFrom", "valid_before_key", "The validity starts before the signing key was made."),)


def _check_gate(document: dict[str, Any], data: bytes) -> Iterator[Finding]:
    """What we sign must come back through our own byte gate, which reads what it wrote or refuses it."""
    try:
        strict_json.loads_object(data or strict_json.dumps(document))
    except errors.PlauditError as error:
        yield Finding(error.pointer or "", error.code, f"{error.title}: {error.detail}.")


def _check_unsigned(document: dict[str, Any], data: bytes) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    if "proof" in document:
        yield Finding("/proof", "already_signed", "The document already carries a proof.")


def _schemas_for(document: Mapping[str, Any]) -> list[str]:
    """The strict schema of Open Badges 3.0 for achievements; ours for what uses our context."""
    kinds = vcdm.types(document)
    if "AchievementCredential" not in kinds and "OpenBadgeCredential" not in kinds:
        return []
    ours = model.EXTENSION_CONTEXT in vcdm.as_list(document.get("@context"))
    return [model.OB_SCHEMA, model.CREDENTIAL_SCHEMA] if ours else [model.OB_SCHEMA]


def _check_model(document: dict[str, Any], data: bytes) -> list[Finding]:  # noqa: ARG001 - a rule's shape
    return vcdm.check(document)


def _check_schemas(document: dict[str, Any], data: bytes) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    for schema in _schemas_for(document):
        yield from findings.check(document, schema)


def _check_no_email(document: dict[str, Any], data: bytes) -> Iterator[Finding]:
    """No member `email`, and no identity of the kind e-mail address, at any depth."""
    if data and b"email" not in data:
        return
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(document, ())]
    while waiting:
        value, path = waiting.pop()
        if type(value) is dict:
            if "email" in value or value.get("identityType") == "emailAddress":
                yield Finding(findings.pointer(path), "email_inside", "E-mail addresses never go into a credential.")
            steps: Any = value.items()
        else:
            steps = enumerate(value)
        waiting += [(item, (*path, step)) for step, item in steps if type(item) is dict or type(item) is list]


#: Each is given the document and its text.
_RULES: tuple[Callable[[dict[str, Any], bytes], Iterator[Finding] | list[Finding]], ...] = (
    _check_gate,
    _check_unsigned,
    _check_model,
    _check_schemas,
    _check_no_email,
)

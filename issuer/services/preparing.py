"""Builds and lints the unsigned credential of one completion: the same function for the real thing and the preview.

Stores and signs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import lint, strict_json
from credentials.corrections import Correction
from credentials.lint import LintToken
from credentials.model import build_credential
from credentials.record import CompletionRecord
from credentials.status_list import StatusEntry
from issuer.instance import Instance
from issuer.services import addresses, organisations
from issuer.services.allocation import LENGTH, Allocation
from issuer.services.ids import new_human_code, new_id
from issuer.services.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Prepared:
    """A credential that may be signed: its exact bytes, and the token that is good for one signature over them."""

    credential_id: str
    human_code: str
    unsigned: bytes
    token: LintToken


def prepare(
    instance: Instance,
    organisation: Organisation,
    record: CompletionRecord,
    *,
    project_id: str,
    allocation: Allocation,
    key_created: datetime,
) -> Prepared:
    """Build and lint. Raises `LintFailed` with every finding."""
    human_code = new_human_code(instance.random)
    built = document(instance, organisation, record, project_id, allocation, human_code)
    token = lint.lint(built, now=instance.now(), key_created=key_created)
    return Prepared(allocation.credential_id, human_code, token.data, token)


def linted(instance: Instance, credential_id: str, human_code: str, unsigned: bytes, key_created: datetime) -> Prepared:
    """Lint exactly these bytes, found again after a power cut. Raises `LintFailed`."""
    token = lint.lint(strict_json.loads_object(unsigned), now=instance.now(), key_created=key_created)
    return Prepared(credential_id, human_code, unsigned, token)


def preview(instance: Instance, organisation: Organisation, record: str, project_id: str) -> dict[str, Any]:
    """Return what would be signed for a stored record, with an id and a status index that are given to nobody."""
    index = int.from_bytes(instance.random(4), "big") % LENGTH
    nobody = Allocation(new_id(instance.random), new_id(instance.random), index)
    code = new_human_code(instance.random)
    built = document(instance, organisation, stored_record(record), project_id, nobody, code)
    lint.lint(built, now=instance.now())
    return built


def stored_record(text: str) -> CompletionRecord:
    """Read a record back from the database."""
    return CompletionRecord.from_mapping(strict_json.loads_object(text.encode()))


def document(
    instance: Instance,
    organisation: Organisation,
    record: CompletionRecord,
    project_id: str,
    allocation: Allocation,
    human_code: str,
    *,
    credential_id: str | None = None,
    corrections: Sequence[Correction] = (),
) -> dict[str, Any]:
    """The unsigned credential, valid from now. A corrected one goes on under its own `credential_id`."""
    return build_credential(
        record,
        issuer=organisations.profile(organisation),
        credential_id=addresses.record_url(instance, credential_id or allocation.credential_id),
        human_code=human_code,
        achievement_id=addresses.achievement_url(instance, project_id),
        status=StatusEntry(addresses.status_list_url(instance, allocation.list_id), allocation.index, "revocation"),
        valid_from=instance.now(),
        skill_url=lambda name: addresses.skill_url(instance, organisation.slug, name),
        corrections=corrections,
    )

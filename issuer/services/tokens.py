"""Records and status lists as `vc+jwt`, for readers who do no JSON-LD: kept beside the first form, made with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

import issuer.db.tables as tables
from credentials import lint, strict_json
from issuer.db.engine import reading, writing
from issuer.db.upsert import insert_new
from issuer.instance import Instance
from issuer.problems import NotFound
from issuer.services import audit, organisations, signing

#: Records signed in one transaction by `make_missing`.
_CHUNK = 100


def keep(connection: Connection, organisation_id: str, tokens: Sequence[tuple[str, bytes]], made_at: datetime) -> None:
    """Store tokens, (version id, token), in the transaction that makes the versions. One that is there stays."""
    rows = [
        {"version_id": name, "organisation_id": organisation_id, "token": token, "made_at": made_at}
        for name, token in tokens
    ]
    if rows:
        connection.execute(insert_new(connection, tables.CredentialToken), rows)


def of_version(instance: Instance, version_id: str) -> bytes:
    """Return the token of one version of a record. Raises `NotFound` for one that has none yet."""
    found = of_versions(instance, [version_id])
    if version_id not in found:
        raise NotFound("this record was not issued as a token")
    return found[version_id]


def of_versions(instance: Instance, version_ids: Sequence[str]) -> dict[str, bytes]:
    """Return the tokens of these versions, by version, as far as they have any."""
    table = tables.CredentialToken
    found: dict[str, bytes] = {}
    for start in range(0, len(version_ids), 1_000):
        wanted = select(table.version_id, table.token).where(table.version_id.in_(version_ids[start : start + 1_000]))
        with reading(instance.engine) as connection:
            found |= {row.version_id: bytes(row.token) for row in connection.execute(wanted)}
    return found


def exists(instance: Instance, version_id: str) -> bool:
    """Say whether that version of a record has a token."""
    table = tables.CredentialToken
    with reading(instance.engine) as connection:
        found = connection.execute(select(table.version_id).where(table.version_id == version_id)).first()
    return found is not None


def make_missing(instance: Instance, *, actor: str) -> int:
    """Sign a token for the newest version of each record that has none, and return how many were made.

    For records that were issued before there were tokens. Each organisation signs with its key of today; what is signed
    is the text that was signed then, and the token is dated now. Raises what signing raises; what is done stays done.
    """
    made = 0
    for organisation_id in _owners(instance):
        did = organisations.by_id(instance, organisation_id).did
        with instance.keyring().signer(did) as signer:
            while rows := _without(instance, organisation_id):
                now = instance.now()
                found = []
                for version_id, signed in rows:
                    unsigned = _unsigned(signed)
                    token = lint.lint(strict_json.loads_object(unsigned), now=now)
                    found.append((version_id, signing.sign_token(signer, token, unsigned, created=now)))
                with writing(instance.engine) as connection:
                    keep(connection, organisation_id, found, now)
                    lines = [
                        audit.Line("credential.token", name, {"key": signer.verification_method}, organisation_id)
                        for name, _ in found
                    ]
                    audit.append(connection, lines, now=now, actor=actor)
                made += len(found)
    return made


def _unsigned(signed: bytes) -> bytes:
    """The text that was signed, out of a credential with its proof."""
    document = strict_json.loads_object(signed)
    del document["proof"]
    return strict_json.dumps(document)


def _owners(instance: Instance) -> list[str]:
    with reading(instance.engine) as connection:
        return list(connection.execute(select(tables.Organisation.id).order_by(tables.Organisation.id)).scalars())


def _without(instance: Instance, organisation_id: str) -> list[tuple[str, bytes]]:
    """(version id, signed bytes) of the next newest versions that have no token."""
    table, later, token = tables.Credential, tables.Correction, tables.CredentialToken
    newest = (later.credential_id == table.id) & (later.state == "signed") & later.replaced_at.is_(None)
    version_id = func.coalesce(later.id, table.id)
    wanted = (
        select(version_id, func.coalesce(later.signed, table.signed))
        .select_from(table)
        .outerjoin(later, newest)
        .outerjoin(token, token.version_id == version_id)
        .where(table.organisation_id == organisation_id, token.version_id.is_(None))
        .limit(_CHUNK)
    )
    with reading(instance.engine) as connection:
        return [(name, bytes(signed)) for name, signed in connection.execute(wanted)]


def keep_list(connection: Connection, list_id: str, organisation_id: str, version: int, token: bytes) -> None:
    """Store a status list's token, unless a newer one is there."""
    table = tables.StatusListToken
    known = connection.execute(select(table.version).where(table.list_id == list_id)).scalar()
    if known is None:
        values = {"list_id": list_id, "organisation_id": organisation_id, "version": version, "token": token}
        connection.execute(insert(table).values(values))
    elif known < version:
        connection.execute(update(table).where(table.list_id == list_id).values(version=version, token=token))


def of_list(instance: Instance, list_id: str) -> tuple[int, bytes] | None:
    """Return the version of the list that its newest token shows, and the token; None when it has none."""
    table = tables.StatusListToken
    with reading(instance.engine) as connection:
        row = connection.execute(select(table.version, table.token).where(table.list_id == list_id)).first()
    return None if row is None else (row.version, bytes(row.token))

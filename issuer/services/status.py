"""Publishes status lists: a signed picture of the rows, never a blob that is read, changed and written back.

A list's `version` rises with every change of a row, in the same transaction. `publish` reads rows and version in one
consistent picture, signs outside any transaction, and stores the result only when it is newer than what is published:
writers cannot lose each other's changes, and readers always get one whole signed list.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import select, update

import issuer.db.tables as tables
from credentials import lint, strict_json
from credentials.errors import PlauditError
from credentials.status_list import BitList, build_status_list_credential
from issuer.db.engine import reading, writing
from issuer.instance import Instance
from issuer.problems import NotFound
from issuer.services import addresses, signing, tokens
from issuer.services.signing import Forms
from keys.signer import LintedSigner

#: How long a verifier may keep a copy, in milliseconds: after that a withdrawal is known everywhere (case STL-09).
TTL_MS = 60_000


def published(instance: Instance, list_id: str) -> bytes:
    """Return the signed list of that id, newest version. Raises `NotFound`.

    A power cut between a change and its publication is made good here. When the key cannot be used now, the last list
    that was published is returned: whole and signed, only older (case KEY-02: status pages stay up).
    """
    table = tables.StatusList
    with reading(instance.engine) as connection:
        row = connection.execute(
            select(table.published, table.version, table.published_version).where(table.id == list_id)
        ).first()
    if row is None:
        raise NotFound("there is no such status list")
    if row.published is not None and row.published_version == row.version:
        return bytes(row.published)
    try:
        return publish(instance, list_id)
    except PlauditError:
        if row.published is None:
            raise
        return bytes(row.published)


def published_token(instance: Instance, list_id: str) -> bytes:
    """Return the list as `vc+jwt`, as new as the list itself where the key can be used now. Raises `NotFound`."""
    table = tables.StatusList
    with reading(instance.engine) as connection:
        version = connection.execute(select(table.version).where(table.id == list_id)).scalar()
    if version is None:
        raise NotFound("there is no such status list")
    shown = tokens.of_list(instance, list_id)
    if shown is not None and shown[0] >= version:
        return shown[1]
    try:
        publish(instance, list_id)
    except PlauditError:
        if shown is None:
            raise
    _, token = tokens.of_list(instance, list_id) or (0, b"")
    return token


def publish(instance: Instance, list_id: str, *, signer: LintedSigner | None = None, at_least: int = 0) -> bytes:
    """Sign and store the list as its rows are now, as a token too, and return it.

    `signer` is one that is open already. With `at_least`, nothing is signed when that version or a newer one was
    published meanwhile by another process. Raises what signing raises; then the last published list stays.
    """
    version, did, done = _state(instance, list_id)
    if done is not None and at_least and done[0] >= at_least:
        return done[1]
    opened: AbstractContextManager[LintedSigner] = nullcontext(signer) if signer else instance.keyring().signer(did)
    with opened as active:
        version, owner, forms = _project(instance, list_id, did, active)
    with writing(instance.engine) as connection:
        connection.execute(
            update(tables.StatusList)
            .where(tables.StatusList.id == list_id, tables.StatusList.published_version < version)
            .values(published=forms.document, published_version=version, published_at=instance.clock())
        )
        tokens.keep_list(connection, list_id, owner, version, forms.token)
    return forms.document


def stale(instance: Instance) -> list[str]:
    """Return the ids of lists whose rows are newer than what is published."""
    table = tables.StatusList
    with reading(instance.engine) as connection:
        return list(connection.execute(select(table.id).where(table.published_version < table.version)).scalars())


def _state(instance: Instance, list_id: str) -> tuple[int, str, tuple[int, bytes] | None]:
    table, owner = tables.StatusList, tables.Organisation
    with reading(instance.engine) as connection:
        row = connection.execute(
            select(table.version, table.published_version, table.published, owner.did)
            .join(owner, owner.id == table.organisation_id)
            .where(table.id == list_id)
        ).first()
    if row is None:
        raise NotFound("there is no such status list")
    return row.version, row.did, None if row.published is None else (row.published_version, bytes(row.published))


def _project(instance: Instance, list_id: str, did: str, signer: LintedSigner) -> tuple[int, str, Forms]:
    """Turn rows into a signed list; return the version that it shows, its organisation, and its bytes."""
    table, entry = tables.StatusList, tables.StatusEntry
    with reading(instance.engine) as connection:
        row = connection.execute(
            select(table.version, table.length, table.purpose, table.organisation_id).where(table.id == list_id)
        ).one()
        marked = connection.execute(
            select(entry.status_index).where(entry.status_list_id == list_id, entry.value != "valid")
        ).scalars()
        bits = BitList(row.length)
        bits.set_all(list(marked))
    now = instance.now()
    document = build_status_list_credential(
        list_id=addresses.status_list_url(instance, list_id),
        issuer=did,
        purpose=row.purpose,
        encoded=bits.encode(),
        valid_from=now,
        ttl=TTL_MS,
    )
    token = lint.lint(document, now=now, key_created=signer.info.created)
    forms = signing.sign_forms(signer, token, strict_json.dumps(document), created=now)
    return row.version, row.organisation_id, forms


def list_of(credential: bytes) -> str:
    """Return the id of the list that a credential of ours names."""
    entry = strict_json.loads_object(credential)["credentialStatus"]
    return str(entry["statusListCredential"]).rsplit("/", 1)[-1]

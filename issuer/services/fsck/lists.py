"""Checks every status list: its count, its signature, and its bits against the rows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

import issuer.db.tables as tables
from credentials import strict_json
from credentials.errors import PlauditError
from credentials.status_list import BitList
from issuer.db.engine import reading
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.services import addresses, signing
from issuer.services.fsck.finding import Finding, damage
from keys.key_info import KeyInfo


def check(instance: Instance) -> Iterator[Finding]:
    """Yield what is wrong with each list."""
    listed, entry, owner = tables.StatusList, tables.StatusEntry, tables.Organisation
    keys = instance.keyring().list()
    with reading(instance.engine) as connection:
        counted = connection.execute(select(entry.status_list_id, func.count()).group_by(entry.status_list_id))
        count = {row[0]: row[1] for row in counted}
        marked: dict[str, set[int]] = {}
        for list_id, index in connection.execute(
            select(entry.status_list_id, entry.status_index).where(entry.value != "valid")
        ):
            marked.setdefault(list_id, set()).add(index)
        query = select(*listed.__table__.c, owner.did).join(owner, owner.id == listed.organisation_id)
        lists = connection.execute(query.order_by(listed.id)).all()
    for row in lists:
        where = f"status list {row.id}"
        if row.allocated != count.get(row.id, 0):
            yield damage(where, f"{row.allocated} indices were given out, {count.get(row.id, 0)} are on record.")
        if row.published_version < row.version:
            what = f"Version {row.version} is not published yet ({row.published_version} is)."
            yield Finding(
                "resumable", where, what, "It is published at the next request for it, or run fsck after that."
            )
        elif row.published is not None:
            faults = _published_faults(instance, row, keys, marked.get(row.id, set()))
            yield from (damage(where, what) for what in faults)


def _published_faults(instance: Instance, row: AnyRow, keys: tuple[KeyInfo, ...], marked: set[int]) -> Iterator[str]:
    signed = bytes(row.published)
    try:
        document = strict_json.loads_object(signed)
        method = document["proof"][0]["verificationMethod"]
        key = next((info for info in keys if info.verification_method == method and info.owner == row.did), None)
        if key is None:
            yield f"It was signed with {method}, which is not a key of its organisation."
            return
        signing.check(signed, key.public_key.raw)
        bits = BitList.decode(document["credentialSubject"]["encodedList"])
    except (PlauditError, LookupError, TypeError) as error:
        yield f"The published list cannot be verified: {error}"
        return
    if document.get("id") != addresses.status_list_url(instance, row.id):
        yield f"The published list calls itself {document.get('id')}."
    shown = {index for index in range(len(bits)) if bits.get(index)}
    for index in sorted(shown ^ marked)[:10]:
        yield f"Index {index} is {'set' if index in shown else 'clear'} in the published list, not so in the database."

"""Checks every record's token: signed by a key of ours that still vouches, and of the same text as its first form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select

import issuer.db.tables as tables
from credentials import second_path, strict_json
from credentials.errors import PlauditError
from credentials.jose import jws
from issuer.db.engine import reading
from issuer.db.types import AnyRow
from issuer.instance import Instance
from issuer.services.fsck.finding import Finding, damage
from keys.key_info import KeyInfo


def check(instance: Instance) -> Iterator[Finding]:
    """Yield what is wrong with each token. Records of before there were tokens may have none."""
    keys = {info.verification_method: info for info in instance.keyring().list()}
    table, first, later = tables.CredentialToken, tables.Credential, tables.Correction
    wanted = (
        select(table.version_id, table.token, func.coalesce(later.signed, first.signed).label("signed"))
        .outerjoin(first, first.id == table.version_id)
        .outerjoin(later, later.id == table.version_id)
        .order_by(table.version_id)
        .execution_options(yield_per=200)
    )
    with reading(instance.engine) as connection:
        for row in connection.execute(wanted):
            fault = _fault(row, keys)
            if fault:
                yield damage(f"token {row.version_id}", fault)


def _fault(row: AnyRow, keys: Mapping[str, KeyInfo]) -> str | None:
    if row.signed is None:
        return "The record that it is a form of is gone."
    try:
        unsigned = strict_json.loads_object(bytes(row.signed))
        del unsigned["proof"]
        key = keys.get(_kid(bytes(row.token)))
        if key is None:
            return "Its key is not in the keyring."
        second_path.verify_token(bytes(row.token), strict_json.dumps(unsigned), key.public_key.raw)
    except (PlauditError, KeyError) as error:
        return f"It is not what was signed: {error}"
    return None


def _kid(token: bytes) -> str:
    try:
        return jws.parse(token).kid or ""
    except PlauditError:
        return ""

"""Leads from the short code on a certificate to the record's address, for the verifier beside us. Judges nothing."""

from __future__ import annotations

from sqlalchemy import select

import issuer.db.tables as tables
from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.services import addresses


def address_of(instance: Instance, code: str) -> str | None:
    """Return the address of the record with this code, which is in its one form; None when there is none.

    One look-up in an index, whether there is such a record or not: how long it takes says nothing.
    """
    wanted = select(tables.Credential.id).where(tables.Credential.human_code == code)
    with reading(instance.engine) as connection:
        found = connection.execute(wanted).scalar()
    return None if found is None else addresses.record_url(instance, found)

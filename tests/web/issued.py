"""An instance in a folder with real records in it, made before it is served."""

from __future__ import annotations

from pathlib import Path

from bench.issue import table
from bench.over_http import forget_certificates
from issuer.config import IssuerConfig
from issuer.instance import Instance
from issuer.services import batches, issuance, organisations, records


def issue(folder: Path, address: str, count: int) -> list[bytes]:
    """Issue `count` records of different students in `folder`/data; return them as signed."""
    environ = {"PLAUDIT_HOME": str(folder / "data"), "PLAUDIT_BASE_URL": address}
    instance = Instance.initialise(IssuerConfig.from_environ(environ), environ)
    owner = organisations.create(instance, slug="acme", name="Acme", domain="acme.example", url="https://acme.example/")
    batch = batches.create(instance, owner, table(count), "students.csv", actor="test")
    batches.confirm(instance, batch.id, actor="test")
    found = records.of_ids(instance, list(issuance.issue_batch(instance, batch.id).issued))
    forget_certificates(instance)
    instance.close()
    assert len(found) == count
    return [record.credential for record in found]

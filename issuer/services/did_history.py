"""An organisation's did:webvh: published when somebody asks for it, and served as it was published. Off until then.

Credentials go on naming the did:web; the did:webvh has the same keys and says so, each of the other (`alsoKnownAs`).
"""

from __future__ import annotations

from issuer.db.engine import writing
from issuer.instance import Instance
from issuer.problems import NotFound
from issuer.services import audit
from issuer.services.organisations import Organisation
from keys.did_log import DidLogs, Published

#: Folder in the data folder that keeps the logs, one file for each organisation.
FOLDER = "webvh"


def publish(
    instance: Instance, organisation: Organisation, *, rotate_update_key: bool = False, actor: str
) -> Published:
    """Make the organisation's log, or append an entry when its keys have changed; raises what `DidLogs.publish` does.

    The entry is public before the audit tells of it: a power cut between them leaves a log without its line.
    """
    published = _logs(instance).publish(organisation.did, organisation.slug, rotate_update_key=rotate_update_key)
    if published.changed:
        detail = {"did": published.did, "version": published.version_id}
        with writing(instance.engine) as connection:
            line = audit.Line("organisation.publish_history", organisation.slug, detail, organisation.id)
            audit.append(connection, [line], now=instance.clock(), actor=actor)
    return published


def published(instance: Instance, slug: str) -> bytes:
    """Return the log (did.jsonl) of the organisation of that slug. Raises `NotFound` when none was published."""
    log = _logs(instance).read(slug)
    if log is None:
        raise NotFound("no history of this organisation's keys is published")
    return log


def did_of(instance: Instance, slug: str) -> str | None:
    """Return the organisation's did:webvh, or None while it has none."""
    return _logs(instance).did(slug)


def _logs(instance: Instance) -> DidLogs:
    return DidLogs(instance.config.home / FOLDER, instance.keyring, instance.clock)

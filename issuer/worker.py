"""The process that signs what was confirmed and draws certificates: it reads its work from the database, asks nobody.

Run by `plaudit work`, which `plaudit serve` starts beside the web server. Killing it loses nothing: a batch goes on
where it was, an outbox line that is not marked done is done again.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from credentials.errors import PlauditError
from issuer.instance import Instance
from issuer.problems import AlreadyIssuing
from issuer.services import certificates, issuance, status

#: Certificates between two looks for a newly confirmed batch: people wait for records first, for PDFs second.
CERTIFICATES_AT_ONCE = 8
#: Pause after an empty look. A person notices half a second, the database does not notice two questions a second.
IDLE_SECONDS = 0.5
#: Pause after a failure that is not one row's (a sealed key, a full disk): it will not be gone in half a second.
TROUBLED_SECONDS = 5.0

log = structlog.get_logger("plaudit.worker")


def run(instance: Instance, *, stopping: Callable[[], bool], pause: Callable[[float], None]) -> None:
    """Work until `stopping()`; `pause(seconds)` waits. An error ends one round, is logged, and the next tries again."""
    while not stopping():
        try:
            worked = work_once(instance)
        except PlauditError as error:
            log.error("round_failed", code=error.code, detail=str(error))
            pause(TROUBLED_SECONDS)
        else:
            if not worked:
                pause(IDLE_SECONDS)


def work_once(instance: Instance) -> bool:
    """Do the next piece of work; tell whether there was any."""
    for list_id in status.stale(instance):
        status.publish(instance, list_id)
    for batch_id in issuance.unfinished(instance):
        try:
            issuance.issue_batch(instance, batch_id)
        except AlreadyIssuing:
            continue
        log.info("batch_issued", batch=batch_id)
        return True
    return certificates.draw_waiting(instance, limit=CERTIFICATES_AT_ONCE) > 0

"""The process that signs what was confirmed and draws certificates: it reads its work from the database, asks nobody.

Run by `plaudit work`, which `plaudit serve` starts beside the web server. Killing it loses nothing: a batch goes on
where it was, an outbox line that is not marked done is done again.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from credentials.errors import PlauditError
from issuer.instance import Instance
from issuer.problems import AlreadyIssuing, CorrectionRefused, CorrectionUnderWay, WrongState
from issuer.services import certificates, corrections, issuance, notices, status

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
    done, trouble = _catch_up(instance)
    drawn = certificates.draw_waiting(instance, limit=CERTIFICATES_AT_ONCE) > 0
    if trouble is not None and not drawn:
        raise trouble
    return done or drawn


def _catch_up(instance: Instance) -> tuple[bool, PlauditError | None]:
    """Finish corrections and notices that were cut off; return whether any was, and what kept one from it.

    What one organisation's key cannot do now keeps nobody else's waiting.
    """
    done, trouble = False, None
    waiting = [
        *((corrections.finish, one) for one in corrections.unfinished(instance)),
        *((notices.publish, one) for one in notices.owed(instance)),
    ]
    for finish, credential_id in waiting:
        try:
            finish(instance, credential_id)
            done = True
        except (CorrectionUnderWay, CorrectionRefused, WrongState) as error:
            log.info("correction_not_finished", credential=credential_id, code=error.code)
        except PlauditError as error:
            trouble = error
    return done, trouble

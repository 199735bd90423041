"""Looks through everything that an instance stores and says what is not as it must be. Mends nothing.

Three kinds of finding: *damage* (something was lost, doubled or changed), *resumable* (work that a crash cut off and
the next run finishes), *note* (worth knowing, nothing wrong).
"""

from __future__ import annotations

from collections.abc import Iterator

from issuer.instance import Instance
from issuer.services.fsck import batches, corrections, credentials, database, lists, notices, tokens
from issuer.services.fsck.finding import Finding

__all__ = ["Finding", "fsck"]


def fsck(instance: Instance) -> list[Finding]:
    """Check the database itself, the audit, every version of every credential, every notice, status list and batch, the
    outbox.

    An empty list, or one without "damage", means that nothing was lost. Needs no passphrase.
    """
    return list(_all(instance))


def _all(instance: Instance) -> Iterator[Finding]:
    yield from database.check(instance)
    yield from credentials.check(instance)
    yield from corrections.check(instance)
    yield from tokens.check(instance)
    yield from notices.check(instance)
    yield from lists.check(instance)
    yield from batches.check(instance)

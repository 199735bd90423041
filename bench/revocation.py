"""How long it takes to withdraw: set the bit, encode the list, sign it; one credential, and a thousand at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from random import Random
from typing import Any

from bench.measure import Comparison, Contender, timed
from bench.targets import ONE_REVOCATION, THOUSAND_REVOCATIONS
from bench.world import CREATED, World, require
from credentials import data_integrity, status_list
from credentials.status_list import BitList

#: Withdrawn before: a list compresses worse the more is in it.
ALREADY_SET = 1_000


def comparisons(world: World) -> Iterator[Comparison]:
    """One against a thousand."""
    random = Random(2)
    indices = random.sample(range(status_list.MINIMUM_ENTRIES), ALREADY_SET + 1_000)
    bits = BitList()
    for index in indices[:ALREADY_SET]:
        bits.set(index)
    batch = indices[ALREADY_SET:]
    values = cycle([True, False])

    def publish() -> dict[str, Any]:
        unsigned = status_list.build_status_list_credential(
            list_id=world.issuer.list_url(),
            issuer=world.issuer.did,
            purpose="revocation",
            encoded=bits.encode(),
            valid_from=CREATED,
        )
        return data_integrity.add_proof(unsigned, signer=world.ed25519, created=CREATED)

    def withdraw(some: list[int]) -> dict[str, Any]:
        bits.set_all(some, next(values))
        return publish()

    def check() -> None:
        signed = withdraw(batch)
        data_integrity.check_proof(signed, signed["proof"][0], world.ed25519.public)
        published = BitList.decode(signed["credentialSubject"]["encodedList"])
        require(sum(map(published.get, indices)) == len(indices), "a withdrawn credential is not on the list")
        withdraw(batch)

    yield Comparison(
        "revocation",
        [
            Contender(ONE_REVOCATION, timed(lambda: withdraw(batch[:1]))),
            Contender(THOUSAND_REVOCATIONS, timed(lambda: withdraw(batch))),
        ],
        check,
    )

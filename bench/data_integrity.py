"""How long it takes to issue and to verify one credential with a Data Integrity proof, by cryptosuite.

To issue is to lint, canonicalise, hash and sign on our side; the peer checks less before it signs, so ours is also
measured without the lint. To verify is, on both sides, to read
the text, check the form, find the key in the issuer's DID document (read before) and check the proof.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

from bench.measure import Comparison, Contender, timed
from bench.new_shapes import timed_as_new
from bench.targets import BY_TEMPLATE, DIGITAL_BAZAAR, OURS, RAW, UNLINTED
from bench.world import CREATED, CREATED_TEXT, World, require
from credentials import data_integrity, strict_json
from credentials.verify import Outcome, verify
from tests.interop.shared_keys import SharedKey
from tests.worlds.completions import NOW

#: What a key signs in these suites: two SHA-256.
HASHES = bytes(range(64))


def comparisons(world: World) -> Iterator[Comparison]:
    """Issue and verify for each cryptosuite; then the whole verification, status list included."""
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"):
        key = world.ed25519 if suite.startswith("eddsa") else world.p256
        yield issuing(world, suite, key)
        yield verifying(world, suite, key)
    yield whole_verification(world)


def issuing(world: World, suite: str, key: SharedKey) -> Comparison:
    """One document made into a credential."""
    records = cycle(world.records)
    args = {"suite": suite, "key": key.verification_method, "created": CREATED_TEXT}

    def ours() -> dict[str, Any]:
        return world.issue(next(records), key, suite)

    def signed() -> dict[str, Any]:
        return data_integrity.add_proof(next(records), signer=key, created=CREATED, cryptosuite=suite)

    def check() -> None:
        judged_by_both(world, signed(), suite)
        for record in world.records[:3]:
            judged_by_both(world, world.issue(record, key, suite), suite)
        judged_by_both(world, world.node.do("issue", credential=world.unsigned, **args), suite)

    contenders = [
        Contender(OURS, timed_as_new(ours)),
        Contender(BY_TEMPLATE, timed(ours)),
        Contender(UNLINTED, timed_as_new(signed)),
        Contender(DIGITAL_BAZAAR, lambda n: world.node.ask("issueNext", {"list": "records", **args}, n=n).microseconds),
        Contender(RAW, timed(lambda: key.sign(HASHES)), yardstick=True),
    ]
    return Comparison(f"{suite} issue", contenders, check)


def verifying(world: World, suite: str, key: SharedKey) -> Comparison:
    """One credential, signed by us, from its text on."""
    signed = [world.issue(record, key, suite) for record in world.records]
    texts = [strict_json.dumps(document) for document in signed]
    list_name = f"{suite} texts"
    world.node.do("keep", **{list_name: [text.decode() for text in texts]})
    each = cycle(texts)
    signature = key.sign(HASHES)

    def proof_alone(text: bytes) -> None:
        document = strict_json.loads_object(text)
        data_integrity.check_proof(document, document["proof"][0], key.public)

    def check() -> None:
        judged_by_both(world, signed[0], suite)
        require(key.public.verify(signature, HASHES), "the bare signature")
        proof_alone(texts[0])

    args = {"list": list_name, "suite": suite}
    contenders = [
        Contender(OURS, timed_as_new(lambda: world.verify(next(each)))),
        Contender("Plaudit, proof alone", timed_as_new(lambda: proof_alone(next(each)))),
        Contender(DIGITAL_BAZAAR, lambda n: world.node.ask("verifyNext", args, n=n).microseconds),
        Contender(RAW, timed(lambda: key.public.verify(signature, HASHES)), yardstick=True),
    ]
    return Comparison(f"{suite} verify", contenders, check)


def whole_verification(world: World) -> Comparison:
    """All that our verifier does for a stranger: also the issuer's DID document and the status list, read and checked.

    The peer checks proof and status list and gives no report.
    """
    suite = "eddsa-rdfc-2022"
    texts = [strict_json.dumps(world.issue(record, world.ed25519, suite)) for record in world.records]
    each = cycle(texts)
    args = {"list": f"{suite} texts", "suite": suite, "status": True}
    world.node.do("keep", **{f"{suite} texts": [text.decode() for text in texts]})

    def ours() -> Any:
        return verify(next(each), fetcher=world.issuer.web, now=NOW)

    def check() -> None:
        outcomes = {step.id: step.outcome for step in ours().steps}
        require(set(outcomes.values()) == {Outcome.PASSED}, f"our own report: {outcomes}")
        require(world.node.do("verifyNext", **args)["verified"], "the peer refuses")

    contenders = [
        Contender(OURS, timed(ours)),
        Contender(DIGITAL_BAZAAR, lambda n: world.node.ask("verifyNext", args, n=n).microseconds),
    ]
    return Comparison("eddsa-rdfc-2022 verify with status list", contenders, check)


def judged_by_both(world: World, signed: Mapping[str, Any], suite: str) -> None:
    """Both sides accept this credential, and the peer refuses it with one word changed."""
    text = json.dumps(signed, ensure_ascii=False)
    altered = text.replace(' of this summer."', ' of that summer."')
    require(altered != text, "the comment is not in the credential")
    world.verify(text.encode())
    verdicts = world.node.do("verifyAll", suite=suite, texts=[text, altered])
    require([verdict["verified"] for verdict in verdicts] == [True, False], f"the peer: {verdicts}")

"""How long it takes to issue and to verify one credential with a Data Integrity proof, by cryptosuite.

To issue is to lint, canonicalise, hash and sign on our side; the peer lints less. To verify is, on both sides, to read
the text, check the form, find the key in the issuer's DID document (read before) and check the proof.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bench.measure import Comparison, Contender, timed
from bench.targets import DIGITAL_BAZAAR, OURS, RAW
from bench.world import CREATED_TEXT, World, require
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
    document = world.unsigned
    args = {"suite": suite, "key": key.verification_method, "created": CREATED_TEXT, "credential": document}

    def ours() -> dict[str, Any]:
        return world.issue(document, key, suite)

    def check() -> None:
        judged_by_both(world, ours(), suite)
        theirs = world.node.do("issue", **args)
        judged_by_both(world, theirs, suite)

    contenders = [
        Contender(OURS, timed(ours)),
        Contender(DIGITAL_BAZAAR, lambda n: world.node.ask("issue", args, n=n).microseconds),
        Contender(RAW, timed(lambda: key.sign(HASHES)), yardstick=True),
    ]
    return Comparison(f"{suite} issue", contenders, check)


def verifying(world: World, suite: str, key: SharedKey) -> Comparison:
    """One credential, signed by us, from its text on."""
    signed = world.issue(world.unsigned, key, suite)
    text = strict_json.dumps(signed)
    args = {"suite": suite, "text": text.decode()}
    signature = key.sign(HASHES)

    def proof_alone() -> None:
        document = strict_json.loads_object(text)
        data_integrity.check_proof(document, document["proof"][0], key.public)

    def check() -> None:
        judged_by_both(world, signed, suite)
        require(key.public.verify(signature, HASHES), "the bare signature")
        proof_alone()

    contenders = [
        Contender(OURS, timed(lambda: world.verify(text))),
        Contender("Plaudit, proof alone", timed(proof_alone)),
        Contender(DIGITAL_BAZAAR, lambda n: world.node.ask("verify", args, n=n).microseconds),
        Contender(RAW, timed(lambda: key.public.verify(signature, HASHES)), yardstick=True),
    ]
    return Comparison(f"{suite} verify", contenders, check)


def whole_verification(world: World) -> Comparison:
    """All that our verifier does for a stranger: also the issuer's DID document and the status list, read and checked.

    The peer checks proof and status list and gives no report.
    """
    text = strict_json.dumps(world.issue(world.unsigned, world.ed25519, "eddsa-rdfc-2022"))
    args = {"suite": "eddsa-rdfc-2022", "text": text.decode(), "status": True}

    def ours() -> Any:
        return verify(text, fetcher=world.issuer.web, now=NOW)

    def check() -> None:
        outcomes = {step.id: step.outcome for step in ours().steps}
        require(set(outcomes.values()) == {Outcome.PASSED}, f"our own report: {outcomes}")
        require(world.node.do("verify", **args)["verified"], "the peer refuses")

    contenders = [
        Contender(OURS, timed(ours)),
        Contender(DIGITAL_BAZAAR, lambda n: world.node.ask("verify", args, n=n).microseconds),
    ]
    return Comparison("eddsa-rdfc-2022 verify with status list", contenders, check)


def judged_by_both(world: World, signed: Mapping[str, Any], suite: str) -> None:
    """Both sides accept this credential, and neither accepts it with another student's name in it."""
    text = json.dumps(signed, ensure_ascii=False)
    altered = text.replace("Nguyễn", "Nguyên")
    require(altered != text, "the student's name is not in the credential")
    world.verify(text.encode())
    verdicts = world.node.do("verifyAll", suite=suite, texts=[text, altered])
    require([verdict["verified"] for verdict in verdicts] == [True, False], f"the peer: {verdicts}")

"""@sd-jwt/sd-jwt-vc and Plaudit issue, present and verify each other's SD-JWT VCs: key binding, decoys, nesting."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import shake_128
from itertools import count
from typing import Any

import pytest

from credentials import errors
from credentials.sd_jwt.holding import BindingDemand, bind, present
from credentials.sd_jwt.issuing import issue
from credentials.sd_jwt.profiles import SD_JWT_VC
from credentials.sd_jwt.verifying import verify
from credentials.token_status_list import (
    INVALID,
    SUSPENDED,
    VALID,
    Reference,
    StatusListToken,
    StatusValues,
    sign_jwt,
    status_claim,
)
from tests.interop.conftest import Node
from tests.interop.node_worker import NodeWorker, PeerError
from tests.interop.shared_keys import EcdsaKey, EdKey, SharedKey
from tests.worlds.completions import NOW, SIGNED_AT

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]

KEYS: list[SharedKey] = [EdKey("sd-jwt"), EcdsaKey("sd-jwt"), EcdsaKey("sd-jwt", "ES384")]
HOLDER = EcdsaKey("holder")
each_algorithm = pytest.mark.parametrize("key", KEYS, ids=lambda key: key.algorithm)

CLAIMS: dict[str, Any] = {
    "iss": "https://employer.example",
    "iat": int(SIGNED_AT.timestamp()),
    "vct": "https://w3id.org/plaudit/completion",
    "student": "Nguyễn Thị Hồng Ánh",
    "role": "Accessibility intern",
    "hours": 31,
    "skills": ["web accessibility", "technical writing", "空間"],
    "supervisor": {"name": "Óscar Ibarra", "title": "Engineering Manager"},
}
HIDDEN = ["/student", "/hours", "/skills/1", "/supervisor", "/supervisor/name"]
FRAME = {"_sd": ["student", "hours", "supervisor"], "skills": {"_sd": [1]}, "supervisor": {"_sd": ["name"]}}
NONCE, AUDIENCE = "n-0S6_WzA2Mj", "https://recruiter.example"
NOW_SECONDS = int(NOW.timestamp())
DEMAND = BindingDemand(audience=AUDIENCE, nonce=NONCE)


@pytest.fixture(scope="module")
def peer(node: Node) -> Iterator[NodeWorker]:
    with NodeWorker("sd_jwt_vc") as worker:
        yield worker


def ours(key: SharedKey, **options: Any) -> str:
    numbers = count()
    return issue(
        CLAIMS,
        disclosable=HIDDEN,
        signer=key,
        salts=lambda size: shake_128(str(next(numbers)).encode()).digest(size),
        profile=SD_JWT_VC,
        **options,
    )


def theirs(peer: NodeWorker, key: SharedKey, *, frame: Any = FRAME, **claims: Any) -> str:
    made: str = peer.do("issue", claims={**CLAIMS, **claims}, frame=frame, alg=key.algorithm, issuerKey=key.jwk())
    return made


def judged_by_them(peer: NodeWorker, key: SharedKey, *texts: str, **options: Any) -> Any:
    return peer.do("verifyAll", texts=texts, alg=key.algorithm, issuerKey=key.public_jwk(), now=NOW_SECONDS, **options)


def altered(text: str) -> list[str]:
    """The token with another payload, and with another signature."""
    token, *disclosures = text.split("~")
    header, payload, signature = token.split(".")
    other = signature[:8] + ("A" if signature[8] != "A" else "B") + signature[9:]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    changed = base64url({**claims, "role": "Director"})
    return [
        "~".join([f"{header}.{changed}.{signature}", *disclosures]),
        "~".join([f"{header}.{payload}.{other}", *disclosures]),
    ]


def with_another_name(text: str) -> str:
    """The disclosure of the student's name exchanged for one of another name, which no digest vouches for."""
    parts = text.split("~")
    number = next(n for n, part in enumerate(parts[1:-1], 1) if "student" in _disclosure(part))
    parts[number] = base64url([*_disclosure(parts[number])[:2], "Somebody Else"])
    return "~".join(parts)


def _disclosure(text: str) -> list[Any]:
    found: list[Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def base64url(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@each_algorithm
def test_it_reads_what_we_issue_and_nothing_altered(peer: NodeWorker, key: SharedKey) -> None:
    token = ours(key)
    good, *others = judged_by_them(peer, key, token, *altered(token))
    assert good == {"payload": CLAIMS, "audience": None}
    assert [list(other) for other in others] == [["error"]] * 2, others


def test_it_drops_a_disclosure_that_nobody_signed_and_we_refuse_it(peer: NodeWorker) -> None:
    """RFC 9901, 7.1, step 5: the whole SD-JWT must be rejected. This peer leaves the claim out and accepts the rest."""
    key = KEYS[1]
    without = {name: value for name, value in CLAIMS.items() if name != "student"}
    assert judged_by_them(peer, key, with_another_name(ours(key))) == [{"payload": without, "audience": None}]
    for token in (ours(key), theirs(peer, key)):
        with pytest.raises(errors.DisclosureUnreferenced):
            verify(with_another_name(token), key.public, now=NOW)


@each_algorithm
def test_we_read_what_it_issues_and_nothing_altered(peer: NodeWorker, key: SharedKey) -> None:
    token = theirs(peer, key)
    verified = verify(token, key.public, now=NOW)
    assert verified.claims == CLAIMS
    assert set(verified.disclosed) == set(HIDDEN)
    for other in altered(token):
        with pytest.raises(errors.PlauditError):
            verify(other, key.public, now=NOW)


def test_decoys_of_either_side_mislead_nobody(peer: NodeWorker) -> None:
    key = KEYS[1]
    with_decoys = ours(key, decoys=lambda pointer: 3)
    assert judged_by_them(peer, key, with_decoys) == [{"payload": CLAIMS, "audience": None}]
    frame = {**FRAME, "_sd_decoy": 4, "skills": {"_sd": [1], "_sd_decoy": 2}}
    token = theirs(peer, key, frame=frame)
    assert verify(token, key.public, now=NOW).claims == CLAIMS


def test_each_discloses_a_part_of_the_other_s(peer: NodeWorker) -> None:
    key, shown = KEYS[1], {name: value for name, value in CLAIMS.items() if name not in ("hours", "supervisor")}
    part = {**shown, "skills": ["web accessibility", "空間"]}
    assert judged_by_them(peer, key, present(ours(key), ["/student"])) == [{"payload": part, "audience": None}]
    theirs_shown = peer.do("present", text=ours(key), frame={"student": True}, alg=key.algorithm, issuerKey=key.jwk())
    assert verify(theirs_shown, key.public, now=NOW).claims == part
    assert verify(present(theirs(peer, key), ["/student"]), key.public, now=NOW).claims == part


def test_it_accepts_our_key_binding_for_its_nonce_alone(peer: NodeWorker) -> None:
    key = KEYS[1]
    token = ours(key, holder=HOLDER.public)
    bound = bind(token, audience=AUDIENCE, nonce=NONCE, issued_at=NOW, signer=HOLDER)
    by_another = bind(token, audience=AUDIENCE, nonce=NONCE, issued_at=NOW, signer=EcdsaKey("thief"))
    good, stolen, unbound = judged_by_them(peer, key, bound, by_another, token, nonce=NONCE)
    assert good == {"payload": {**CLAIMS, "cnf": {"jwk": HOLDER.public_jwk()}}, "audience": AUDIENCE}
    assert "error" in stolen
    assert "error" in unbound
    assert "error" in judged_by_them(peer, key, bound, nonce="another nonce")[0]


def test_we_accept_its_key_binding_for_our_demand_alone(peer: NodeWorker) -> None:
    key = KEYS[1]
    token = theirs(peer, key, cnf={"jwk": HOLDER.public_jwk()})

    def bound_by(holder: SharedKey, **changes: Any) -> str:
        binding = {"iat": NOW_SECONDS, "aud": AUDIENCE, "nonce": NONCE, **changes}
        made: str = peer.do(
            "present",
            text=token,
            frame={"student": True},
            binding=binding,
            alg=key.algorithm,
            issuerKey=key.jwk(),
            holderKey=holder.jwk(),
        )
        return made

    verified = verify(bound_by(HOLDER), key.public, now=NOW, binding=DEMAND)
    assert verified.key_binding is not None
    assert (verified.key_binding.audience, verified.key_binding.nonce) == (AUDIENCE, NONCE)
    wrong = [
        bound_by(EcdsaKey("thief")),
        bound_by(HOLDER, nonce="another"),
        bound_by(HOLDER, aud="https://elsewhere.example"),
        bound_by(HOLDER, iat=NOW_SECONDS - 86_400),
        token,
    ]
    for presentation in wrong:
        with pytest.raises(errors.PlauditError):
            verify(presentation, key.public, now=NOW, binding=DEMAND)


def test_neither_accepts_it_after_its_end(peer: NodeWorker) -> None:
    key, ended = KEYS[1], NOW_SECONDS - 3600
    with pytest.raises(errors.PlauditError):
        verify(theirs(peer, key, exp=ended), key.public, now=NOW)
    assert verify(theirs(peer, key, exp=ended), key.public, now=NOW - timedelta(days=1)).claims["exp"] == ended
    token = issue({**CLAIMS, "exp": ended}, disclosable=[], signer=key, salts=lambda size: b"", profile=SD_JWT_VC)
    assert "error" in judged_by_them(peer, key, token)[0]


@pytest.mark.parametrize(("value", "accepted"), [(VALID, True), (INVALID, False), (SUSPENDED, False)])
def test_it_sees_the_status_in_our_list(peer: NodeWorker, value: int, accepted: bool) -> None:
    """A Token Status List of two bits an entry, made, packed and signed by us; anything but 0 is not valid to it."""
    key, place = KEYS[1], Reference(uri="https://employer.example/statuslists/1", index=7)
    values = StatusValues(length=1_024, bits=2)
    values.set(7, value)
    token = sign_jwt(StatusListToken(place.uri, SIGNED_AT, values), key, kid="key-1")
    text = issue(
        {**CLAIMS, "status": status_claim(place)},
        disclosable=[],
        signer=key,
        salts=lambda size: b"",
        profile=SD_JWT_VC,
    )
    (answer,) = judged_by_them(peer, key, text, statusList=token)
    assert answer == (
        {"payload": {**CLAIMS, "status": status_claim(place)}, "audience": None}
        if accepted
        else {"error": "Status is not valid"}
    )


def test_neither_hides_what_must_stay_open(peer: NodeWorker) -> None:
    """`vct` may not be disclosed selectively (SD-JWT VC): no issuer makes it so, and we read no such token."""
    key = KEYS[1]
    with pytest.raises(errors.ClaimMustBeOpen):
        issue(CLAIMS, disclosable=["/vct"], signer=key, salts=lambda size: bytes(size), profile=SD_JWT_VC)
    with pytest.raises(PeerError, match="Cannot disclose protected field"):
        theirs(peer, key, frame={"_sd": ["vct"]})

"""Credentials that other programs issued get one verdict through every entrance, and lose it when they are altered.

@digitalbazaar/vc in seven suites, DIDKit in both data models and as a JWT, openbadgeslib with a proof, as a JWT and in
images that it baked itself, @sd-jwt/sd-jwt-vc.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from openbadgeslib import ob3

from credentials import strict_json
from tests.interop import test_didkit, test_openbadgeslib, test_sd_jwt_vc
from tests.interop.conftest import Node
from tests.interop.employer import CREATED, Employer
from tests.interop.node_worker import NodeWorker
from tests.interop.shared_keys import EcdsaKey
from tests.interop.test_digitalbazaar_suites import SUITES
from tests.verifier.conftest import MakeClient, client_for
from tests.verifier.entrances import ENTRANCES, FORMS, OF_TOKENS, comparable, directory, publish, sent, uploaded
from tests.worlds.memory_web import MemoryWeb

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]

__all__ = ["client_for"]


@pytest.fixture(scope="module")
def didkit(node: Node) -> Iterator[NodeWorker]:
    with NodeWorker("didkit") as worker:
        yield worker


@pytest.fixture(scope="module")
def sd_jwt(node: Node) -> Iterator[NodeWorker]:
    with NodeWorker("sd_jwt_vc") as worker:
        yield worker


def entered_everywhere(web: MemoryWeb, credential: bytes, client_for: MakeClient) -> str:
    """The one verdict that every entrance gives; fails when two differ."""
    is_token = credential.startswith(b"eyJ")
    publish(web, credential)
    client = client_for(web, codes=directory)
    wanted = comparable(sent(client, credential, "text/plain" if is_token else "application/json"))
    for way, enter in (OF_TOKENS if is_token else ENTRANCES).items():
        assert comparable(enter(client, credential)) == wanted, way
    for way, show in FORMS.items():
        assert wanted["word"].replace("'", "&#39;") in show(client, credential), way
    assert wanted["verdict"] == "altered" or "Nguyễn" not in wanted["headline"]
    return str(wanted["verdict"])


def judged(web: MemoryWeb, document: dict[str, Any], alter: tuple[str, str], client_for: MakeClient) -> tuple[str, str]:
    """The verdicts for a document of theirs, and for the same with one text exchanged for another."""
    text = strict_json.dumps(document).decode()
    assert alter[0] in text
    changed = text.replace(*alter)
    return entered_everywhere(web, text.encode(), client_for), entered_everywhere(web, changed.encode(), client_for)


ROLE = ("Accessibility intern", "Accessibility lead")


@pytest.mark.parametrize(("suite", "kind"), SUITES)
def test_what_digitalbazaar_signs(
    suite: str, kind: str, digitalbazaar: NodeWorker, employer: Employer, client_for: MakeClient
) -> None:
    key = employer.keys[kind].verification_method
    made = digitalbazaar.do(
        "issue", suite=suite, key=key, created=CREATED, credential=employer.unsigned(suite), now=CREATED
    )
    assert judged(employer.web, made, ROLE, client_for) == ("valid", "altered")
    own = Employer()
    own.publish_list(7)
    assert entered_everywhere(own.web, strict_json.dumps(made), client_for) == "withdrawn"


@test_didkit.both_suites
def test_what_didkit_signs(suite: str, didkit: NodeWorker, client_for: MakeClient) -> None:
    document = test_didkit.unsigned(suite)
    del document["credentialStatus"]
    made = didkit.do("issue", credential=document, options=test_didkit.options(suite), jwk=test_didkit.KEY.jwk())
    assert judged(MemoryWeb(), made, ROLE, client_for) == ("issuer_not_recognised", "altered")


def test_what_didkit_signs_in_the_older_data_model(didkit: NodeWorker, client_for: MakeClient) -> None:
    suite, key = "Ed25519Signature2020", test_didkit.KEY
    document, options = test_didkit.unsigned_1_1(suite), test_didkit.options(suite)
    made = didkit.do("issue", credential=document, options=options, jwk=key.jwk())
    student = ("did:example:student", "did:example:another")
    assert judged(MemoryWeb(), made, student, client_for) == ("issuer_not_recognised", "altered")
    asked = {"verificationMethod": key.verification_method, "proofFormat": "jwt"}
    token = didkit.do("issue", credential=test_didkit.unsigned_1_1(), options=asked, jwk=key.jwk())
    assert entered_everywhere(MemoryWeb(), token.encode(), client_for) == "issuer_not_recognised"


def test_what_openbadgeslib_signs(client_for: MakeClient) -> None:
    made = test_openbadgeslib.signed_by_them()
    name = ("Accessibility audit", "Something grander")
    assert judged(MemoryWeb(), made, name, client_for) == ("issuer_not_recognised", "altered")


def test_what_openbadgeslib_bakes(client_for: MakeClient) -> None:
    """Its images, made by itself, get the verdict of what is in them."""
    key = test_openbadgeslib.KEY.verification_method
    client = client_for(MemoryWeb(), now=datetime.now(UTC))  # its signer dates by the clock of today
    signer = ob3.OB3LdpSigner(test_openbadgeslib.PRIVATE, verification_method=key)
    baked = signer.sign_into_png(test_openbadgeslib.theirs(), test_openbadgeslib.PNG)
    report = uploaded(client, baked)
    signature = next(check for check in report["checks"] if check["id"] == "signature")
    assert signature["outcome"] == "passed"
    tokens = ob3.OB3Signer(test_openbadgeslib.PRIVATE, algorithm="EdDSA")
    token = tokens.sign(test_openbadgeslib.theirs())
    wanted = entered_everywhere(MemoryWeb(), token.encode(), client_for)
    for image in (
        tokens.sign_into_png(test_openbadgeslib.theirs(), test_openbadgeslib.PNG),
        tokens.sign_into_svg(test_openbadgeslib.theirs(), test_openbadgeslib.SVG),
    ):
        assert uploaded(client, image)["verdict"] == wanted


def test_what_sd_jwt_vc_signs(sd_jwt: NodeWorker, client_for: MakeClient) -> None:
    key = EcdsaKey("sd-jwt")
    token = test_sd_jwt_vc.theirs(sd_jwt, key, iss=key.controller)
    good = entered_everywhere(MemoryWeb(), token.encode(), client_for)
    bad = {
        entered_everywhere(MemoryWeb(), other.encode(), client_for)
        for other in [*test_sd_jwt_vc.altered(token), test_sd_jwt_vc.with_another_name(token)]
    }
    assert (good, bad) == ("issuer_not_recognised", {"altered", "invalid"})


def test_an_open_badge_2_is_named_through_every_entrance(client_for: MakeClient) -> None:
    """As other platforms still give them out: nobody calls it invalid, and where to ask is said."""
    assertion = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": "https://badges.example/assertions/1",
        "badge": "https://badges.example/classes/1",
        "verification": {"type": "HostedBadge"},
    }
    credential = json.dumps(assertion).encode()
    web = MemoryWeb()
    publish(web, credential)
    client = client_for(web, codes=directory)
    for way in ("address", "pasted address", "short code", "JSON", "file", "photo of a code", "page that links it",
                "page that holds it", "baked PNG", "baked SVG", "archive of JSON"):  # fmt: skip
        report = ENTRANCES[way](client, credential)
        assert (report["verdict"], report["checks"][1]["code"]) == ("cannot_check", "open_badges_2"), way
        assert "Open Badges 2.0" in report["headline"]

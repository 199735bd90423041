"""Issuers named by an X.509 certificate, as the whole verifier judges them: only under authorities that it is given."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from credentials import strict_json
from credentials.jose import jws
from credentials.sd_jwt import issuing, profiles
from credentials.verify import Policy, Report, Verdict
from tests.worlds import tokens
from tests.worlds.authorities import LEAF_KEY, OTHER_KEY, ROOT_KEY, certify, x5c
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, judge, outcome
from tests.worlds.memory_web import MemoryWeb

ROOT = certify("root", ROOT_KEY, authority=True)
LEAF = certify("signer", LEAF_KEY)
ADDRESS = "https://issuer.example/o/acme"


class CertifiedSigner:
    """Signs with the key that `LEAF` certifies; names no document."""

    algorithm = "ES256"
    verification_method = "unused"

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(LEAF_KEY.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def sd_jwt_vc(issuer: str, chain: list[str]) -> bytes:
    claims = {"iss": issuer, "vct": "https://issuer.example/vct"}
    return issuing.issue(
        claims, disclosable=[], signer=CertifiedSigner(), salts=tokens.salts(), profile=profiles.SD_JWT_VC,
        header={"x5c": chain},
    ).encode()  # fmt: skip


def judged(data: bytes, *, web: MemoryWeb | None = None, anchors: Any = (ROOT,), **options: Any) -> Report:
    return judge(data, web or MemoryWeb(), policy=Policy(trust_anchors=anchors), **options)


@pytest.mark.parametrize("issuer", [ADDRESS, "x509_san_dns:issuer.example"])
def test_a_certificate_under_a_trusted_authority_names_the_issuer_and_its_domain(issuer: str) -> None:
    report = judged(sd_jwt_vc(issuer, x5c(LEAF)))
    assert report.verdict is Verdict.VALID
    assert report.step("key").details["sources"] == ["certificate"]
    assert report.step("domain").details["domain"] == "issuer.example"
    assert report.step("domain").details["certificateRevocation"] == "not_checked"


def test_a_certificate_known_by_its_hash_has_no_domain() -> None:
    digest = base64.urlsafe_b64encode(LEAF.fingerprint(hashes.SHA256())).rstrip(b"=").decode()
    report = judged(sd_jwt_vc(f"x509_hash:{digest}", x5c(LEAF)))
    assert report.verdict is Verdict.ISSUER_NOT_RECOGNISED


def test_a_w3c_token_may_come_with_a_certificate_too() -> None:
    document = {**Issuer(MemoryWeb()).unsigned(), "issuer": ADDRESS}
    del document["credentialStatus"]
    header = {"typ": "vc+jwt", "x5c": x5c(LEAF)}
    assert judged(jws.sign(header, strict_json.dumps(document), CertifiedSigner()).encode()).verdict is Verdict.VALID


@pytest.mark.case("JOS-05")
def test_a_chain_counts_for_nothing_without_an_authority_that_the_caller_trusts() -> None:
    web = MemoryWeb()
    report = judged(sd_jwt_vc(ADDRESS, x5c(LEAF)), web=web, anchors=())
    assert report.step("key").outcome.value == "not_checked"
    assert web.asked == [ADDRESS]


@pytest.mark.case("JOS-05")
def test_a_chain_never_chooses_the_key_of_an_issuer_with_a_did() -> None:
    web = MemoryWeb()
    issuer = Issuer(web)
    report = judged(sd_jwt_vc(issuer.did, x5c(LEAF)), web=web)
    assert report.step("signature").code in ("signature_invalid", "alg_key_mismatch")
    assert report.verified is None


@pytest.mark.parametrize(
    ("issuer", "chain", "code"),
    [
        ("https://other.example/o/acme", x5c(LEAF), "certificate_name"),
        (ADDRESS, x5c(certify("signer", LEAF_KEY, "other", OTHER_KEY)), "certificate_not_trusted"),
        (ADDRESS, ["AAAA"], "certificate_malformed"),
    ],
)
def test_a_chain_that_does_not_lead_to_the_issuer_is_refused(issuer: str, chain: list[str], code: str) -> None:
    report = judged(sd_jwt_vc(issuer, chain))
    assert report.step("key").code == code
    assert report.verified is None


def test_a_certificate_that_has_ended_is_not_trusted() -> None:
    report = judged(sd_jwt_vc(ADDRESS, x5c(LEAF)), now=NOW + timedelta(days=60))
    assert report.step("key").code == "certificate_not_trusted"


def test_another_key_than_the_certified_one_does_not_fit() -> None:
    report = judged(sd_jwt_vc(ADDRESS, x5c(certify("signer", OTHER_KEY))))
    assert outcome(report, "signature") == ("failed", "signature_invalid")
    assert report.verdict is Verdict.ALTERED

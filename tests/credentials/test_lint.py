"""Lint before signing: every finding at once, one token for exactly the bytes that were checked."""

from __future__ import annotations

import copy
import hashlib
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from credentials import canonical, errors, findings, lint, strict_json
from credentials.lint import LintToken
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, sign
from tests.worlds.memory_web import MemoryWeb

pytestmark = pytest.mark.usefixtures("nothing_learnt")


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


def _codes(document: dict[str, Any], **options: Any) -> list[str]:
    with pytest.raises(errors.LintFailed) as caught:
        lint.lint(document, now=NOW, **options)
    return [finding.code for finding in caught.value.findings]


def test_a_credential_of_ours_passes(issuer: Issuer) -> None:
    document = issuer.unsigned()
    lint.lint(document, now=NOW, key_created=SIGNED_AT).redeem(strict_json.dumps(document))


def test_a_status_list_of_ours_passes(issuer: Issuer) -> None:
    """It is no achievement: the Open Badges schema is not asked."""
    document = {name: value for name, value in issuer.list_credential().items() if name != "proof"}
    lint.lint(document, now=NOW).redeem(strict_json.dumps(document))


def _undefined_term(document: dict[str, Any]) -> None:
    document["credentialSubject"]["grade"] = "A+"


def _undefined_type(document: dict[str, Any]) -> None:
    document["evidence"][0]["type"].append("Masterpiece")


def _null(document: dict[str, Any]) -> None:
    document["name"] = None


def _relative_id(document: dict[str, Any]) -> None:
    document["evidence"][0]["id"] = "report.pdf"


def _unknown_context(document: dict[str, Any]) -> None:
    document["@context"].append("https://evil.example/context.json")


def _inline_context(document: dict[str, Any]) -> None:
    document["@context"].append({"grade": "https://schema.org/name"})


def _email(document: dict[str, Any]) -> None:
    document["issuer"]["email"] = "oscar@employer.example"


def _email_identity(document: dict[str, Any]) -> None:
    document["credentialSubject"]["identifier"].append(
        {"type": "IdentityObject", "hashed": False, "identityHash": "a@b.example", "identityType": "emailAddress"}
    )


def _two_statuses(document: dict[str, Any]) -> None:
    document["credentialStatus"] = [document["credentialStatus"]] * 2


def _no_hours(document: dict[str, Any]) -> None:
    document["credentialSubject"]["result"].pop(0)


def _bad_date(document: dict[str, Any]) -> None:
    document["validFrom"] = "2026-02-31T00:00:00Z"


def _big_number(document: dict[str, Any]) -> None:
    document["credentialSubject"]["teamSize"] = 2**60


def _signed_already(document: dict[str, Any]) -> None:
    document["proof"] = [{"type": "DataIntegrityProof"}]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(_undefined_term, "data_loss", marks=pytest.mark.case("LDP-02")),
        pytest.param(_undefined_type, "data_loss", marks=pytest.mark.case("LDP-02")),
        (_null, "malformed"),
        pytest.param(_relative_id, "malformed", marks=pytest.mark.case("LDP-08")),
        (_unknown_context, "context_not_known"),
        (_inline_context, "inline_context"),
        (_email, "email_inside"),
        (_email_identity, "email_inside"),
        (_two_statuses, "wrong_type"),
        (_no_hours, "too_few"),
        (_bad_date, "timestamp"),
        (_big_number, "number_out_of_range"),
        (_signed_already, "already_signed"),
    ],
)
def test_a_spoilt_credential_is_not_signed(issuer: Issuer, spoil: Callable[[dict[str, Any]], None], code: str) -> None:
    document = issuer.unsigned()
    spoil(document)
    assert code in _codes(document)


def test_all_findings_come_at_once(issuer: Issuer) -> None:
    document = issuer.unsigned()
    for spoil in (_undefined_term, _email, _bad_date):
        spoil(document)
    assert {"data_loss", "email_inside", "timestamp"} <= set(_codes(document))


@pytest.mark.case("KEY-06")
def test_a_signature_before_its_key_is_blocked(issuer: Issuer) -> None:
    """`proof.created` is the present; a key from the future means a wrong clock or a planted key."""
    assert _codes(issuer.unsigned(), key_created=NOW + timedelta(seconds=1)) == ["proof_before_key"]
    with pytest.raises(errors.ProofBeforeKey):
        lint.check_proof_time(SIGNED_AT, NOW)
    lint.check_proof_time(NOW, NOW)


@pytest.mark.case("KEY-06")
def test_a_validity_before_the_key_is_a_claim_and_flagged(issuer: Issuer) -> None:
    token = lint.lint(issuer.unsigned(), now=NOW, key_created=NOW - timedelta(days=1))
    assert [flag.code for flag in token.flags] == ["valid_before_key"]


@pytest.mark.case("KEY-09")
def test_a_token_is_good_once(issuer: Issuer) -> None:
    document = issuer.unsigned()
    data = strict_json.dumps(document)
    token = lint.lint(document, now=NOW)
    token.redeem(data)
    with pytest.raises(errors.LintTokenSpent):
        token.redeem(data)


@pytest.mark.case("KEY-09")
def test_a_token_is_for_its_own_bytes(issuer: Issuer) -> None:
    """The token of one credential used on another, or on the same one altered afterwards; then it is spent."""
    document = issuer.unsigned()
    token = lint.lint(document, now=NOW)
    altered = copy.deepcopy(document)
    altered["name"] += "!"
    with pytest.raises(errors.LintTokenMismatch):
        token.redeem(strict_json.dumps(altered))
    with pytest.raises(errors.LintTokenSpent):
        token.redeem(strict_json.dumps(document))


@pytest.mark.case("KEY-09")
def test_of_many_threads_one_gets_to_sign() -> None:
    token = LintToken(b"x")

    def redeem(_: int) -> bool:
        try:
            token.redeem(b"x")
        except errors.LintTokenSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(redeem, range(64))) == 1


@pytest.mark.case("KEY-09")
@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_token_cannot_be_copied(clone: Callable[[LintToken], object]) -> None:
    with pytest.raises(TypeError):
        clone(LintToken(b"x"))


@pytest.mark.case("KEY-08")
def test_what_was_linted_is_what_is_signed(issuer: Issuer) -> None:
    """Signing changes nothing but the proof: without it the bytes are those that the token was for."""
    document = issuer.unsigned()
    token = lint.lint(document, now=NOW)
    signed = sign(document, issuer.key)
    del signed["proof"]
    token.redeem(strict_json.dumps(signed))


def test_a_document_with_more_wrong_than_is_told_is_told_a_hundred(issuer: Issuer) -> None:
    document = issuer.unsigned()
    document["evidence"] = [{"type": 5} for _ in range(findings.MAX_FINDINGS + 1)]
    with pytest.raises(errors.LintFailed) as caught:
        lint.lint(document, now=NOW)
    assert len(caught.value.findings) == findings.MAX_FINDINGS


def test_what_varies_is_looked_at_each_time(issuer: Issuer) -> None:
    """Documents of which nearly all was seen before are refused for the little that is new."""
    for number in range(4):
        lint.lint({**issuer.unsigned(), "id": f"https://employer.example/c/{number}"}, now=NOW)
    with pytest.raises(errors.LintFailed) as caught:
        lint.lint({**issuer.unsigned(), "id": "https://employer.example/c/ 5"}, now=NOW)
    assert "/id" in [finding.pointer for finding in caught.value.findings]
    backwards = {**issuer.unsigned(), "id": "https://employer.example/c/6", "validFrom": "2027-01-01T00:00:00Z"}
    for day in ("2027-01-02", "2027-01-03", "2027-01-04"):
        lint.lint({**backwards, "validUntil": f"{day}T00:00:00Z"}, now=NOW)
    with pytest.raises(errors.LintFailed) as caught:
        lint.lint({**backwards, "validUntil": "2026-12-31T00:00:00Z"}, now=NOW)
    assert [finding.code for finding in caught.value.findings] == ["before_start"]


def test_a_token_gives_the_digest_of_its_bytes(issuer: Issuer) -> None:
    token = lint.lint(issuer.unsigned(), now=NOW)
    assert token.digest == hashlib.sha256(token.data).hexdigest()


def test_the_hash_of_the_json_form_is_known_where_a_template_gives_it(issuer: Issuer) -> None:
    tokens = [
        lint.lint({**issuer.unsigned(), "id": f"https://employer.example/c/json-{number}"}, now=NOW)
        for number in range(4)
    ]
    covered = [token.covered for token in tokens]
    assert covered[0] is not None
    assert covered[-1] is not None
    assert covered[-1].json_hash == hashlib.sha256(canonical.jcs(strict_json.loads(tokens[-1].data))).digest()
    assert lint.Covered((), b"", b"{}").json_hash is None

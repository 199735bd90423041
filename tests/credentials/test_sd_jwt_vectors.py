"""The published cases of SD-JWT, RFC 9901 and SD-JWT VC, and the W3C's inputs, each with the result that it names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from sd_jwt.utils.yaml_specification import load_yaml_specification

from credentials import errors, vcdm
from credentials.sd_jwt import (
    CREDENTIAL,
    PLAIN,
    PRESENTATION,
    SD_JWT_VC,
    BindingDemand,
    bind,
    document,
    issue,
    parse,
    parse_json,
    paths,
    present,
    verify,
)
from tests.credentials.sd_jwt_tokens import NOW, JwkKey, Salts, marked

FOLDERS = {"sd-jwt-testcases": 17, "sd-jwt-spec-examples": 15, "sd-jwt-vc-spec-examples": 3}
AUDIENCE = "https://verifier.example.org"


def _specifications(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/specification.yml"))


def _shown(tree: Any, wanted: Any) -> list[paths.Path]:
    """The hidden places of `tree` that `wanted`, the case's own tree, says are disclosed."""
    return [path for path in marked(tree)[1] if _is_wanted(path, wanted)]


def _is_wanted(path: paths.Path, wanted: Any) -> bool:
    for step in path:
        if isinstance(wanted, dict):
            wanted = wanted.get(step)
        elif isinstance(wanted, list) and isinstance(step, int) and step < len(wanted):
            wanted = wanted[step]
        else:
            return False
    return wanted not in (None, False, {}, [])


def _keys(folder: Path) -> tuple[JwkKey, JwkKey]:
    settings = yaml.safe_load((folder / "settings.yml").read_text(encoding="utf-8"))["key_settings"]
    return JwkKey(settings.get("issuer_key") or settings["issuer_keys"][0]), JwkKey(settings["holder_key"])


def _issued(folder: Path, case: Any) -> tuple[str, Any]:
    claims, hidden = marked(case["user_claims"])
    key, holder = _keys(folder)
    header = {**case.get("extra_header_parameters", {})}
    profile = SD_JWT_VC if header.get("typ") == "dc+sd-jwt" else PLAIN
    if "kid" in header:
        header["kid"] = str(header["kid"])
    decoys = (lambda _: 2) if case.get("add_decoy_claims") else None
    text = issue(
        claims,
        disclosable=hidden,
        signer=key,
        salts=Salts(),
        profile=profile,
        header=header,
        decoys=decoys,
        holder=holder.public if case.get("key_binding") else None,
    )
    return text, profile


def _presented(folder: Path, case: Any, text: str) -> tuple[str, BindingDemand | None]:
    shown = present(text, _shown(case["user_claims"], case["holder_disclosed_claims"]))
    if not case.get("key_binding"):
        return shown, None
    demand = BindingDemand(AUDIENCE, "1234567890")
    signer = _keys(folder)[1]
    return bind(shown, audience=AUDIENCE, nonce=demand.nonce, issued_at=NOW, signer=signer), demand


def _as_json(text: str) -> bytes:
    token, *disclosures, binding = text.split("~")
    protected, payload, signature = token.split(".")
    header = {"disclosures": disclosures, **({"kb_jwt": binding} if binding else {})}
    return json.dumps({"payload": payload, "protected": protected, "signature": signature, "header": header}).encode()


@pytest.mark.parametrize("name", FOLDERS)
def test_every_published_case_comes_to_its_result(vectors: Path, name: str) -> None:
    """Issued as each specification says, presented as it says, compact and as JSON; all of a case's claims agree."""
    folder = vectors / name
    judged = 0
    for file in _specifications(folder):
        case = load_yaml_specification(file)
        text, profile = _issued(folder, case)
        key = _keys(folder)[0].public
        whole = verify(text, key, now=NOW, profile=profile)
        expected, hidden = marked(case["user_claims"])
        assert {**whole.claims, "cnf": 0} == {**expected, "cnf": 0}, file
        assert sorted(whole.disclosed) == sorted(map(paths.pointer_of, hidden)), file
        shown, demand = _presented(folder, case, text)
        for sent in (parse(shown), parse_json(_as_json(shown))):
            result = verify(sent, key, now=NOW, profile=profile, binding=demand)
            assert (result.key_binding is None) == (demand is None)
            if "expect_verified_user_claims" in case:
                claims = {one: item for one, item in result.claims.items() if one != "cnf"}
                assert claims == case["expect_verified_user_claims"], file
        judged += 1
    assert judged == FOLDERS[name]


def test_a_kid_that_is_no_text_is_refused(vectors: Path) -> None:
    """One published case writes a number as `kid`; RFC 7515, 4.1.4 wants text."""
    folder = vectors / "sd-jwt-testcases"
    case = load_yaml_specification(folder / "header_mod" / "specification.yml")
    assert case["extra_header_parameters"] == {"kid": 42}
    with pytest.raises(errors.TokenMalformed):
        issue({}, disclosable=[], signer=_keys(folder)[0], salts=Salts(), profile=PLAIN, header={"kid": 42})


# --- VC-JOSE-COSE, 3.2 ------------------------------------------------------------------------------------------------

PROFILES = {"credential_sdjwt": CREDENTIAL, "presentation_sdjwt": PRESENTATION}
#: Why each input that must fail does.
REFUSALS = {23: "signature_invalid", 24: "typ", 25: "typ", 26: "typ"}


def _selector(path: str) -> list[str | int]:
    """ "a.b[0]" as a claim path."""
    steps: list[str | int] = []
    for part in path.split("."):
        name, *indices = part.replace("]", "").split("[")
        steps += [name, *map(int, indices)]
    return steps


def _outcome(case: Any, folder: Path) -> str:
    method = json.loads((folder / case["key_file"]).read_bytes())
    key = JwkKey(method["secretKeyJwk"])
    profile = PROFILES[case["feature"]]
    if case["fn"] == "issue":
        claims = json.loads((folder / case["input_file"]).read_bytes())
        hidden = [_selector(path) for path in case["disclosure_paths"]]
        text = issue(claims, disclosable=hidden, signer=key, salts=Salts(), profile=profile)
        result = verify(text, key.public, now=NOW, profile=profile)
        assert result.claims == claims
        assert sorted(result.disclosed) == sorted(paths.pointer_of(tuple(path)) for path in hidden)
        assert parse(text).header == {"alg": key.algorithm, "typ": profile.typ[0], "cty": profile.cty}
        return ""
    try:
        result = verify((folder / case["input_file"]).read_text().strip(), key.public, now=NOW, profile=profile)
    except errors.PlauditError as error:
        return error.code
    assert not {"iss", "iat", "jti"} & document(result.claims).keys()
    return ""


def test_the_inputs_of_the_w3c_come_to_their_results(vectors: Path) -> None:
    folder = vectors / "w3c-vc-jose-cose-inputs"
    mapping = json.loads((folder / "_mapping.json").read_bytes())
    cases = [case for case in mapping if case["feature"] in PROFILES]
    assert len(cases) == 10
    for case in cases:
        outcome = _outcome(case, folder)
        assert outcome == REFUSALS.get(case["number"], ""), case["name"]
        assert (outcome == "") == (case["expected_result"] == "success")


def test_a_bad_credential_in_a_presentation_is_refused_for_itself() -> None:
    """The W3C's input for it fails by its type already; here everything else is right."""
    key = JwkKey({**_OKP, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})
    claims = {
        "@context": [vcdm.CONTEXT],
        "type": "VerifiablePresentation",
        "verifiableCredential": [{"@context": vcdm.CONTEXT, "id": "bad", "type": "EnvelopedVerifiableCredential"}],
    }
    with pytest.raises(errors.EnvelopeMalformed):
        issue(claims, disclosable=[], signer=key, salts=Salts(), profile=PRESENTATION)
    text = issue(
        claims, disclosable=[], signer=key, salts=Salts(), profile=PLAIN, header={"typ": "vp+sd-jwt", "cty": "vp"}
    )
    with pytest.raises(errors.EnvelopeMalformed):
        verify(text, key.public, now=NOW, profile=PRESENTATION)


_OKP = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
CREDENTIAL_CLAIMS = {
    "@context": [vcdm.CONTEXT],
    "type": ["VerifiableCredential"],
    "issuer": "https://issuer.example",
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:1"},
}


@pytest.mark.parametrize(
    ("more", "header", "error"),
    [
        ({"vc": {}}, {}, errors.UnexpectedClaim),
        ({"vp": {}}, {}, errors.UnexpectedClaim),
        ({"@context": []}, {}, errors.CredentialMalformed),
        ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, {}, errors.CredentialMalformed),
        ({"type": ["VerifiablePresentation"]}, {}, errors.NotACredential),
        ({"iss": "https://other.example"}, {}, errors.IssuerMismatch),
        ({"sub": "did:example:2"}, {}, errors.ClaimMismatch),
        ({"id": "urn:x", "jti": "urn:y"}, {}, errors.ClaimMismatch),
        ({"exp": 1}, {}, errors.TokenExpired),
        ({"iat": "soon"}, {}, errors.ClaimMalformed),
        ({}, {"cty": "vp"}, errors.TokenTypeMismatch),
        ({}, {"typ": "dc+sd-jwt"}, errors.TokenTypeMismatch),
    ],
)
def test_what_is_no_w3c_credential_is_refused(more: Any, header: Any, error: type[errors.PlauditError]) -> None:
    key = JwkKey({**_OKP, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})
    written = {"typ": "vc+sd-jwt", "cty": "vc", **header}
    claims = {**CREDENTIAL_CLAIMS, **more}
    text = issue(claims, disclosable=[], signer=key, salts=Salts(), profile=PLAIN, header=written)
    with pytest.raises(error):
        verify(text, key.public, now=NOW, profile=CREDENTIAL)


@pytest.mark.parametrize(
    "name", ["@context", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema"]
)
def test_what_judges_a_w3c_credential_is_never_hidden(name: str) -> None:
    key = JwkKey({**_OKP, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})
    more = {"validUntil": "2030-01-01T00:00:00Z", "credentialStatus": {"id": "urn:x"}, "credentialSchema": {"id": "u"}}
    claims = {**CREDENTIAL_CLAIMS, **more}
    with pytest.raises(errors.ClaimMustBeOpen):
        issue(claims, disclosable=[[name]], signer=key, salts=Salts(), profile=CREDENTIAL)
    header = {"typ": "vc+sd-jwt"}
    text = issue(claims, disclosable=[[name]], signer=key, salts=Salts(), profile=PLAIN, header=header)
    with pytest.raises(errors.ClaimMustBeOpen):
        verify(text, key.public, now=NOW, profile=CREDENTIAL)

"""The verifier's JavaScript judges as its Python does: the official vectors, and thousands of twisted cases."""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

import schemas
from credentials import errors, multibase
from credentials.canonical import jcs
from credentials.jose import jws, vc_jwt
from credentials.multikey import PublicKey
from credentials.verify import verify
from tests.credentials.jose_tokens import KEYS, handmade
from tests.credentials.test_wycheproof_jose import cases as wycheproof
from tests.verifier import twisted
from tests.verifier.in_browser import NOT_HERE, OK, Case, Page, in_python, opened
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import to_bytes
from verifier.issuer_keys import known_keys

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CREDENTIALS, DOCUMENTS, AT_ONCE = 3_000, 1_200, 200
#: What Python refuses in a token because JSON-LD would read it otherwise. The browser reads no JSON-LD; a token's
#: signature covers its text, so nothing there can be changed unseen.
JSON_LD = {"data_loss", "jsonld_malformed", "inline_context", "context_malformed"}


def judged(page: Page, cases: list[Case]) -> list[tuple[Case, str, str]]:
    """Each case with the word of Python and of the browser."""
    found: list[str] = []
    for start in range(0, len(cases), AT_ONCE):
        found += page.judge(cases[start : start + AT_ONCE])
    return [(case, in_python(case, twisted.ISSUER.did_url), in_js) for case, in_js in zip(cases, found, strict=True)]


@pytest.mark.case("JOS-01", "JOS-03", "JOS-04", "JOS-05", "JOS-06", "JOS-07", "JOS-08", "JOS-11", "JOS-12", "JOS-14")
@pytest.mark.case("JOS-15", "JOS-16", "JOS-17", "JOS-19")
def test_thousands_of_twisted_credentials(browser: Any) -> None:
    cases = [*twisted.credentials(20_261, CREDENTIALS), *twisted.documents(20_262, DOCUMENTS)]
    tally: Counter[str] = Counter()
    with opened(browser) as page:
        for case, python, in_js in judged(page, cases):
            if in_js in NOT_HERE:
                tally["not here"] += 1
            elif in_js == OK and python in JSON_LD:
                assert case.data.strip().startswith(b"eyJ"), case
                tally["json-ld"] += 1
            else:
                assert (in_js == OK) == (python == OK), (python, in_js, case)
                tally["good" if python == OK else "refused"] += 1
                tally["for the same reason"] += python == in_js != OK
                assert python != "internal_error", case
    assert tally["good"] > 500
    assert tally["refused"] > 1_500
    assert tally["for the same reason"] > 0.9 * tally["refused"]
    assert tally["not here"] + tally["json-ld"] < 400


def test_the_keys_that_the_page_is_given_judge_as_the_document_does(browser: Any) -> None:
    """The page's server reads the DID document in Python, the component reads it in the browser: the same outcome."""
    with opened(browser) as page:
        for case in twisted.documents(20_263, 120):
            try:
                twisted.ISSUER.web.put(twisted.ISSUER.did_url, case.document)
                keys = known_keys(twisted.ISSUER.did, twisted.ISSUER.web, case.now)["keys"]
            except errors.PlauditError:
                continue
            in_js = page.judge_with_keys(case.data, keys)
            assert (in_js == OK) == (in_python(case, twisted.ISSUER.did_url) == OK), (in_js, case)


def test_canonical_json(browser: Any, vectors: Path) -> None:
    """The six JCS vectors, and numbers and names of every kind: the bytes of `credentials.canonical`."""
    run = """async (texts) => {
        const { parseJson, canonical } = await import("/static/js/strict-json.js");
        return texts.map((text) => {
            try { return canonical(parseJson(new TextEncoder().encode(text))); } catch (error) { return [error.code]; }
        });
    }"""
    files = sorted((vectors / "jcs-rfc8785" / "input").glob("*.json"))
    numbers = [
        0.1,
        1e21,
        1e-7,
        5e-324,
        1.7976931348623157e308,
        -0.0,
        2**53 - 1,
        1 - 2**53,
        1e20,
        123456789.125,
        4.5,
        2e-3,
    ]
    names = {"\ue000": 1, "\U0001f600": 2, "\r": 3, "é": 4, "e\u0301": 5, "": 6, "\u2028": 7, "__proto__": 8}
    values = [*(json.loads(file.read_bytes()) for file in files), numbers, names]
    with opened(browser) as page:
        found = page.run(run, [json.dumps(value) for value in values])
        assert page.run(run, [str(2**53), str(-(2**53))]) == [["not_canonicalizable"]] * 2
    with pytest.raises(errors.NotCanonicalizable):
        jcs(2**53)
    assert len(files) == 6
    assert [text.encode() for text in found] == [jcs(value) for value in values]


def test_encodings(browser: Any) -> None:
    """base64url and base58btc of every short length, and one character changed in each."""
    run = """async (texts) => {
        const { fromBase64url, fromMultibase } = await import("/static/js/encodings.js");
        const read = (reader, text) => { try { return [...reader(text)]; } catch (error) { return error.code; } };
        return texts.map((text) => [read(fromBase64url, text), read(fromMultibase, text)]);
    }"""
    parts = [bytes([0] * (length % 3) + [251, 7 * length % 256] * length)[:length] for length in range(40)]
    texts = [multibase.encode_base64url(part) for part in parts] + [multibase.encode(part) for part in parts]
    texts += [text[:place] + other + text[place + 1 :] for text in texts for place in (0, len(text) - 1, len(text) // 2)
              for other in "=+/0OIl_-Bz ." if text]  # fmt: skip

    def read(reader: Any, text: str) -> Any:
        try:
            return list(reader(text))
        except errors.PlauditError:
            return "encoding"

    with opened(browser) as page:
        found = page.run(run, texts)
    assert found == [[read(multibase.decode_base64url, text), read(multibase.decode, text)] for text in texts]


_CHECK_JWS = """async (cases) => {
    const { fromJwk, fromMultikey, confirms } = await import("/static/js/public-keys.js");
    const { fromBase64url } = await import("/static/js/encodings.js");
    const found = [];
    for (const { jwk, multikey, signature, data } of cases) {
        try {
            const key = jwk ? fromJwk(jwk) : fromMultikey(multikey);
            found.push(await confirms(key, fromBase64url(signature), fromBase64url(data)));
        } catch (error) { found.push(error.code ?? String(error)); }
    }
    return found;
}"""


@pytest.mark.case("JOS-09", "JOS-10", "JOS-12")
def test_wycheproof_signatures(browser: Any, vectors: Path) -> None:
    """Ed25519 and P-256 of RFC 7515's form: what Python confirms is confirmed, everything else is not."""
    asked, expected = [], []
    for group, case in wycheproof(vectors, "ed25519_test.json"):
        raw = bytes.fromhex(group["publicKey"]["pk"])
        asked.append((PublicKey.from_ed25519_bytes(raw), bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"])))
        expected.append(case["result"] == "valid")
    for group, case in wycheproof(vectors, "ecdsa_secp256r1_sha256_p1363_test.json"):
        try:
            key = PublicKey.from_jwk({name: value for name, value in group["publicKeyJwk"].items() if name != "kid"})
        except (KeyError, errors.PlauditError):
            continue
        asked.append((key, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"])))
        expected.append(case["result"] == "valid")
    sent = [
        {
            "multikey": key.multikey,
            "signature": multibase.encode_base64url(signature),
            "data": multibase.encode_base64url(data),
        }
        for key, signature, data in asked
    ]
    with opened(browser) as page:
        found = page.run(_CHECK_JWS, sent)
    assert [one is True for one in found] == expected
    assert [_confirms(*one) for one in asked] == expected
    assert len(expected) > 300
    assert sum(expected) > 100


def _confirms(key: PublicKey, signature: bytes, data: bytes) -> bool:
    try:
        return key.verify(signature, data)
    except errors.SignatureMalformed:
        return False


def test_wycheproof_tokens(browser: Any, vectors: Path) -> None:
    """The JSON Web Signatures whose key and algorithm a browser knows: the same ones are confirmed as in Python."""
    run = """async (cases) => {
        const { fromJwk, confirms } = await import("/static/js/public-keys.js");
        const { fromBase64url } = await import("/static/js/encodings.js");
        const { parseObject } = await import("/static/js/strict-json.js");
        const found = [];
        for (const { token, jwk } of cases) {
            try {
                const key = fromJwk(jwk), parts = token.split(".");
                const header = parseObject(fromBase64url(parts[0]));
                fromBase64url(parts[1]);
                if (parts.length !== 3 || header.alg !== key.algorithm || "crit" in header) throw new Error("refused");
                const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
                found.push(await confirms(key, fromBase64url(parts[2]), signed));
            } catch (error) { found.push(false); }
        }
        return found;
    }"""
    asked = [
        {"token": case["jws"], "jwk": group["public"]}
        for group, case in wycheproof(vectors, "json_web_signature_test.json")
        if isinstance(case["jws"], str) and group.get("public", {}).get("crv") in ("P-256", "Ed25519")
    ]
    with opened(browser) as page:
        found = page.run(run, asked)
    assert found == [_accepts(one["token"], one["jwk"]) for one in asked]
    assert any(found)
    assert len(asked) > 20


def _accepts(token: str, jwk: Any) -> bool:
    try:
        jws.check_signature(jws.parse(token), PublicKey.from_jwk(jwk))
    except errors.PlauditError:
        return False
    return True


def test_the_official_jcs_proofs(browser: Any, vectors: Path) -> None:
    """The W3C's own (eddsa-jcs-2022, ecdsa-jcs-2019): each signature is confirmed, and none with a byte changed."""
    run = """async (cases) => {
        const { parseObject } = await import("/static/js/strict-json.js");
        const { signedBy } = await import("/static/js/jcs-proofs.js");
        const { fromMultikey, confirms } = await import("/static/js/public-keys.js");
        const found = [];
        for (const { text, multikey } of cases) {
            const document = parseObject(new TextEncoder().encode(text)), key = fromMultikey(multikey);
            const proof = [document.proof].flat()[0];
            const { signature, signed } = await signedBy(document, proof, key.algorithm);
            found.push(await confirms(key, signature, signed));
        }
        return found;
    }"""
    good = []
    for folder in ("w3c-vc-di-eddsa", "w3c-vc-di-ecdsa"):
        for file in sorted((vectors / folder).rglob("signed*.json")):
            document = json.loads(file.read_bytes())
            proof = document.get("proof")
            suite = proof.get("cryptosuite") if isinstance(proof, dict) else None
            method = proof["verificationMethod"] if suite in ("eddsa-jcs-2022", "ecdsa-jcs-2019") else ""
            multikey = method.rpartition("#")[2]
            if multikey.startswith(("z6Mk", "zDna")):
                good.append({"text": file.read_text(), "multikey": multikey})
    spoilt = [{**one, "text": one["text"].replace("2023", "2024", 1)} for one in good]
    with opened(browser) as page:
        assert page.run(run, good) == [True] * len(good)
        assert page.run(run, spoilt) == [False] * len(good)
    assert len(good) >= 2


def test_the_w3cs_tokens(browser: Any, vectors: Path) -> None:
    """The credentials of the VC-JOSE-COSE suite, signed here as tokens: accepted and refused as in Python."""
    folder = vectors / "w3c-vc-jose-cose-inputs"
    signer = KEYS["EdDSA"]
    cases = []
    for file in sorted(folder.rglob("*.json")):
        document = json.loads(file.read_bytes())
        if isinstance(document, dict) and "@context" in document:
            document["issuer"] = twisted.ISSUER.did
            header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": twisted.ISSUER.key.verification_method}
            cases.append(Case(handmade(header, document, twisted.ISSUER.key).encode(), twisted.DOCUMENT))
            cases.append(Case(handmade(header, document, signer).encode(), twisted.DOCUMENT))
    assert len(cases) > 10
    with opened(browser) as page:
        for _, python, in_js in judged(page, cases):
            assert (in_js == OK) == (python == OK) or python in JSON_LD, (python, in_js)


def test_what_the_browser_has_no_code_for_is_named_and_never_confirmed(browser: Any) -> None:
    issuer, random = twisted.ISSUER, Random(1)
    p384 = {"alg": "ES384", "typ": "vc+jwt", "kid": twisted.P384.verification_method}
    cases = [
        Case(to_bytes(issuer.issue()), twisted.DOCUMENT),
        Case(handmade(p384, issuer.unsigned(), twisted.P384).encode(), twisted.DOCUMENT),
        Case(twisted.token_signed(issuer.unsigned(), random) + b"~", twisted.DOCUMENT),
        Case(b"\xd2\x84\x43\xa1\x01\x26", twisted.DOCUMENT),
    ]
    with opened(browser) as page:
        found = page.judge(cases)
    assert found == ["format_not_here", "browser_cannot", "format_not_here", "format_not_here"]


def test_contexts_are_the_pinned_ones(browser: Any) -> None:
    run = """async () => (await import("/static/js/credential-shape.js")).KNOWN"""
    with opened(browser) as page:
        assert sorted(page.run(run, None)) == sorted(schemas.contexts())


def test_it_takes_a_few_milliseconds(browser: Any) -> None:
    """A token of a whole record, key document included."""
    token = vc_jwt.sign_credential(twisted.ISSUER.unsigned(), twisted.ISSUER.key, issued_at=SIGNED_AT).encode()
    assert verify(token, fetcher=twisted.ISSUER.web, now=NOW) is not None
    run = """async ([data, document]) => {
        const { checkCredential } = await import("/static/js/credential-check.js");
        const { readCredential } = await import("/static/js/credential-reading.js");
        const { keysOfDocument } = await import("/static/js/did-document.js");
        const { momentOf } = await import("/static/js/moments.js");
        const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
        const [one, other, now] = [bytes(data), bytes(document), momentOf("2026-07-01T12:00:00Z")];
        const times = [];
        for (let turn = 0; turn < 30; turn++) {
            const started = performance.now();
            const read = readCredential(one);
            await checkCredential(read, keysOfDocument(other, read.issuer), now);
            times.push(performance.now() - started);
        }
        return times.sort((a, b) => a - b)[15];
    }"""
    with opened(browser) as page:
        median = page.run(run, [base64.b64encode(part).decode() for part in (token, twisted.DOCUMENT)])
    assert median < 50

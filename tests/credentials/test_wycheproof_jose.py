"""Wycheproof's vectors for JSON Web Signatures and Keys: each is accepted or refused as it should be.

Where ours differ from the file's word, the vectors are named here with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from credentials import errors, multibase
from credentials.jose import jws
from credentials.multikey import PublicKey

#: Algorithms of the file that are not accepted here, whatever the key: shared secrets, RSA-PSS, RSA with other hashes.
FOREIGN = {"HS256", "HS384", "HS512", "PS256", "PS384", "PS512", "RS384", "RS512"}
#: Good by the file's word, with a key whose own `alg` names another algorithm ("ES521", which does not exist) than the
#: header: a contradiction is refused. 346 and 350, of the same kind, are RSA-PSS, and 348 and 352 shared secrets.
CONTRADICTING_KEYS = {347, 351}
#: Called good by the file and marked as using a `?` inside base64url: a fault of the file. No strict reader takes it.
NOT_BASE64URL = {372, 373}
#: Called bad by the file, and byte for byte the same as the good vector 357: a fault of the file.
SAME_AS_357 = {367, 370}


def cases(vectors: Path, name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every vector of a file, with its group."""
    for group in json.loads((vectors / "wycheproof" / name).read_bytes())["testGroups"]:
        for case in group["tests"]:
            yield group, case


def code_of(token: Any, jwk: Any) -> str:
    """The code of the error with which `token` is refused under the key `jwk`; "" when it is accepted."""
    try:
        text = token if isinstance(token, str) else json.dumps(token)
        jws.check_signature(jws.parse(text), PublicKey.from_jwk(jwk))
    except errors.PlauditError as error:
        return error.code
    return ""


@pytest.mark.case("JOS-09", "JOS-10", "JOS-12")
def test_signatures(vectors: Path) -> None:
    """All 401 vectors: none that is bad is accepted, and of those that are good and ours, none is refused."""
    accepted = refused = 0
    for group, case in cases(vectors, "json_web_signature_test.json"):
        code = code_of(case["jws"], group.get("public", group["private"]))
        if case["result"] == "invalid":
            assert code, case["tcId"]
            refused += 1
        elif group["comment"].upper() in FOREIGN or "kty" not in group.get("public", {}):
            assert code in ("alg_not_allowed", "encoding"), case["tcId"]
        elif case["tcId"] in CONTRADICTING_KEYS:
            assert code == "invalid_public_key", case["tcId"]
        elif group["public"]["alg"] in FOREIGN:
            assert code == "alg_not_allowed", case["tcId"]
        else:
            assert code == "", case["tcId"]
            accepted += 1
    assert (accepted, refused) == (10, 355)


@pytest.mark.case("JOS-12")
def test_base64url_of_the_signature_vectors(vectors: Path) -> None:
    """The group about encoding uses a shared secret, so its parts are read here without their signature.

    Read are the vectors that are good, and the two that equal a good one; never the two with a `?`.
    """
    group = [case for group, case in cases(vectors, "json_web_signature_test.json") if group["comment"] == "base64"]
    good = {case["tcId"] for case in group if case["result"] == "valid"}
    read = {case["tcId"] for case in group if all(_is_read(part) for part in case["jws"].split("."))}
    assert read == (good | SAME_AS_357) - NOT_BASE64URL
    assert len({case["jws"] for case in group if case["tcId"] in {357, *SAME_AS_357}}) == 1


def _is_read(part: str) -> bool:
    try:
        multibase.decode_base64url(part)
    except errors.MalformedEncoding:
        return False
    return True


def test_keys(vectors: Path) -> None:
    """All 26 vectors: a key for another use, algorithm or curve, off its curve, too small, or of a faulty chip."""
    for group, case in cases(vectors, "json_web_key_test.json"):
        codes = {code_of(case["jws"], jwk) for jwk in group.get("public", group["private"])["keys"]}
        if case["result"] == "valid" and not group["comment"].startswith(("HS", "jws_keyset")):
            assert codes == {""}, case["tcId"]
        else:
            assert "" not in codes, case["tcId"]

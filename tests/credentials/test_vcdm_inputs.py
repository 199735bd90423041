"""Every input of the W3C suite for VCDM 2.0 gets the outcome that its file name demands, by shape and by JSON-LD."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from credentials import errors, jsonld, vcdm

ISSUER = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"
FOLDER = "w3c-vcdm2-inputs"


def _names() -> list[str]:
    """The inputs by name, so that each is a test; none when the folder is absent (the fixture then says so)."""
    shared = Path(__file__).resolve().parents[2].parent / "shared" / "vectors"
    folder = Path(os.environ.get("PLAUDIT_VECTORS", shared)) / FOLDER
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.json")) or ["absent"]


def _as_the_suite_sends_it(path: Path) -> dict[str, Any]:
    """The suite's runner adds the issuer's id, and the two moments of one pair of files, before it posts an input."""
    document: dict[str, Any] = json.loads(path.read_text())
    if path.name.startswith("presentation"):
        return document
    issuer = document.get("issuer")
    if path.name != "credential-no-issuer-fail.json" and "issuer" not in document:
        document["issuer"] = ISSUER
    if isinstance(issuer, dict):
        issuer.setdefault("id", ISSUER)
    if "validUntil-validFrom" in path.name:
        days = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
        document["validFrom"], document["validUntil"] = days if path.stem.endswith("-ok") else days[::-1]
    return document


def _is_good(document: dict[str, Any]) -> bool:
    """By the rules of the data model, and because JSON-LD would lose nothing of it."""
    presentation = "VerifiablePresentation" in vcdm.types(document) or "verifiableCredential" in document
    rules = vcdm.check_presentation if presentation else vcdm.check
    if rules(document) or list(vcdm.check_proofs(document)):
        return False
    try:
        unsecured = {name: value for name, value in document.items() if name != "proof"}
        jsonld.to_quads(unsecured, allow_inline_contexts=True)
    except errors.PlauditError:
        return False
    return True


@pytest.mark.parametrize("name", _names())
def test_an_input_of_the_w3c_suite(name: str, vectors: Path) -> None:
    """-ok is good; -fail and -fail-or-inject are refused: nothing is ever injected.

    The three inputs about self-asserted credentials have no suffix: their shape is good, and whether they hold is a
    question of signatures (tests/verifier/test_vc_api.py).
    """
    path = vectors / FOLDER / name
    assert _is_good(_as_the_suite_sends_it(path)) is not path.stem.endswith(("-fail", "-fail-or-inject"))


def test_no_input_of_the_w3c_suite_is_left_out(vectors: Path) -> None:
    files = list((vectors / FOLDER).rglob("*.json"))
    assert len(files) == 120 == len(_names())
    assert sum(path.stem.endswith("-ok") for path in files) > 60

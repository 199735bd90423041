"""The specification of the compact claim says what the code does: its example, limits, codes and measured sizes."""

from __future__ import annotations

import json
import re
import statistics
from collections import Counter
from pathlib import Path

import pytest

from credentials import compact_claim, errors
from credentials.compact_claim import claim as claims
from tests.credentials.test_compact_claim_printed import address, code, samples, signed, version
from tests.vectors.make_compact_claims import CLAIM, FOLDER

pytestmark = pytest.mark.docs
PAGE = (Path(__file__).resolve().parent.parent / "docs" / "compact-claim.md").read_text(encoding="utf-8")


def number(value: int) -> str:
    return f"{value:,}"


def test_its_example_is_the_first_vector() -> None:
    vector = json.loads((FOLDER / "valid" / "usual.json").read_bytes())
    shown = re.search(r"^(https://\S+#9\d+)…$", PAGE, re.MULTILINE)
    assert shown is not None
    assert f"{CLAIM.record}#{vector['fragment']}".startswith(shown[1])


def test_its_limits_are_the_codes() -> None:
    for limit in (compact_claim.MAX_BYTES, claims.MAX_HUNDREDTHS, claims.MAX_INDEX, claims._LAST_DAY, claims.MAX_TEXT):
        assert number(limit) in PAGE


def test_its_codes_are_errors_of_ours() -> None:
    known = {getattr(errors, name).code for name in errors.__all__}
    section = PAGE.partition("## 8. Errors")[2].partition("## 9.")[0]
    named = set(re.findall(r"`([a-z_]+)`", section))
    assert len(named) >= 10
    assert named <= known


def test_its_sizes_were_measured(shared_samples: Path) -> None:
    messages = [signed(record) for record in samples(shared_samples)]
    sizes = [len(message) for message in messages]
    middle = round(statistics.median(sizes))
    assert f"have {min(sizes)} to {max(sizes)} bytes, {middle} in the middle" in PAGE
    versions = Counter(version(code(address(message))) for message in messages)
    assert f"version 13 for {versions[13]} of them, 14 for {versions[14]}." in PAGE.replace("\n", " ")
    assert versions.keys() == {13, 14}

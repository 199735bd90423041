"""The tests of the verifier notice when the verifier is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation import battery

#: Percent of the changes that some test must notice. The rest are changes that make no difference, or texts.
NEEDED = 90


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_nine_changes_in_ten_to_the_verifier_are_noticed(vectors: Path) -> None:
    with battery.sandbox() as folder:
        found = battery.run(folder, (), vectors)
        told = battery.describe(found, folder)
    print(told)
    judged = {score.module for score in found}
    assert {f"credentials/verify/{name}.py" for name in ("steps", "keys", "outcomes", "report")} <= judged, told
    assert {"credentials/data_integrity.py", "credentials/cryptosuites/hashed.py"} <= judged, told
    assert battery.total(found).percent >= NEEDED, told

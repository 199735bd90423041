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
    told = battery.describe(found)
    print(told)
    assert {score.module.partition("/")[0] for score in found} == {"credentials"}
    assert len(found) > 10, told
    assert battery.total(found).percent >= NEEDED, told

"""Points in time are read as XML Schema dateTimeStamp and nothing looser."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors, timestamps


def test_the_corpus_of_datetimes(security_cases: Path) -> None:
    """Every record of corpora/datetimes.json: with a zone it is read, without one refused."""
    for record in json.loads((security_cases / "corpora" / "datetimes.json").read_bytes()):
        if record["expect"] == "ok":
            assert timestamps.parse(record["in"]).tzinfo is not None, record["id"]
        else:
            with pytest.raises(errors.MalformedTimestamp):
                timestamps.parse(record["in"])


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T25:00:00Z",
        "2026-01-01T24:00:01Z", "2026-01-01t00:00:00Z", "2026-01-01T00:00:00z", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00+14:01", "2026-01-01T00:00:00+0200", "2026-01-01T00:00Z", "2026-01-01T00:00:00.Z",
        "٢٠٢٦-01-01T00:00:00Z", "2026-01-01T00:00:00Z\n", " 2026-01-01T00:00:00Z", "20260101T000000Z",
        "+2026-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "12026-01-01T00:00:00Z", "9999-12-31T24:00:00Z", "", None,
        ["2026-01-01T00:00:00Z"], True,
    ],
)  # fmt: skip
def test_other_forms_are_refused(text: object) -> None:
    """ISO 8601 has many spellings; exactly one is read."""
    with pytest.raises(errors.MalformedTimestamp):
        timestamps.parse(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-01T00:00:00+02:00", datetime(2025, 12, 31, 22, tzinfo=UTC)),
        ("2026-01-01T24:00:00Z", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-01T00:00:00.123456789Z", datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)),
        ("2026-01-01T00:00:00.5-14:00", datetime(2026, 1, 1, 14, 0, 0, 500000, tzinfo=UTC)),
        ("0099-01-01T00:00:00Z", datetime(99, 1, 1, tzinfo=UTC)),
    ],
)
def test_the_moment_is_the_right_one(text: str, moment: datetime) -> None:
    """Zones, midnight written as 24:00 and fractions come out as the same point in time."""
    assert timestamps.parse(text) == moment


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])))
def test_writing_rounds_down_to_the_second(moment: datetime) -> None:
    """What is written is UTC, reads back, and is never later than the moment itself."""
    if not datetime(1, 1, 2, tzinfo=UTC) < moment:
        return
    text = timestamps.format(moment)
    assert len(text) == 20
    assert text.endswith("Z")
    assert timedelta(0) <= moment - timestamps.parse(text) < timedelta(seconds=1)


def test_a_moment_without_a_zone_is_not_written() -> None:
    """A naive datetime is a wall clock somewhere, not a point in time."""
    with pytest.raises(errors.MalformedTimestamp):
        timestamps.format(datetime(2026, 1, 1))

"""Short codes: one form, forgiving reading, and a check that notices what people do wrong when they type."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import short_code
from credentials.errors import CodeMistyped

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def made(seed: bytes) -> str:
    return short_code.new(lambda count: seed[:count])


codes = st.binary(min_size=8, max_size=8).map(made)
CODE = made(bytes.fromhex("0123456789abcdef"))


def bare(code: str) -> str:
    return code.replace("-", "")


@given(codes)
def test_a_code_is_thirteen_characters_in_groups_and_reads_as_itself(code: str) -> None:
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{5}}", code)
    assert short_code.read(code) == code
    assert short_code.resembles(code)


@given(codes, st.sampled_from([str.lower, bare, lambda code: f" {code.replace('-', ' ')}\n"]))
def test_case_spaces_dashes_and_look_alikes_are_forgiven(code: str, spoil: object) -> None:
    assert callable(spoil)
    assert short_code.read(spoil(code)) == code
    assert short_code.read(code.replace("0", "o").replace("1", "l")) == code
    assert short_code.read(code.replace("0", "O").replace("1", "I")) == code


def test_the_sixty_bits_are_all_used() -> None:
    """Every random bit that counts makes another code; the four that are left over make none."""
    found = {made((1 << bit).to_bytes(8, "big")) for bit in range(64)}
    assert len(found) == 61
    assert made(bytes(8)) in found


@given(codes, st.integers(0, 12), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    typed = bare(code)
    wrong = typed[:place] + other + typed[place + 1 :]
    if wrong == typed:
        assert short_code.read(wrong) == code
        return
    with pytest.raises(CodeMistyped, match="wrong, or two have changed places"):
        short_code.read(wrong)


@given(codes)
def test_every_two_that_changed_places_are_noticed(code: str) -> None:
    typed = bare(code)
    for first, second in combinations(range(13), 2):
        if typed[first] != typed[second]:
            swapped = list(typed)
            swapped[first], swapped[second] = swapped[second], swapped[first]
            with pytest.raises(CodeMistyped, match="changed places"):
                short_code.read("".join(swapped))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (CODE[:-1], "12 characters; every code has 13"),
        (CODE + "0", "14 characters"),
        ("", "0 characters"),
        (bare(CODE)[:-1] + "U", "no code has"),
        (bare(CODE)[:-1] + "é", "no code has"),
        (bare(CODE)[:-1] + "٣", "no code has"),
        (CODE.replace("-", "."), "no code has"),
    ],
)
def test_what_is_wrong_is_said(typed: str, reason: str) -> None:
    with pytest.raises(CodeMistyped, match=reason):
        short_code.read(typed)


@pytest.mark.parametrize(
    "text",
    ["https://a.example", "eyJhbGciOiJFZERTQSJ9.e30.AA", "{}", "", "a", "hello", "7K2M--9QX4-T0ZD6",
     "did:web:a.example", "7K2M-9QX4-T0ZD6-7K2M", "７K2M-9QX4-T0ZD6", "7K2M\n9QX4-T0ZD6"],
)  # fmt: skip
def test_other_texts_do_not_resemble_a_code(text: str) -> None:
    assert not short_code.resembles(text)


@pytest.mark.parametrize(
    "text", [CODE, CODE[:-1], CODE + "x", bare(CODE).lower(), f"  {CODE} ", CODE.replace("-", " ")]
)
def test_a_code_with_a_slip_in_it_still_resembles_one(text: str) -> None:
    assert short_code.resembles(text)

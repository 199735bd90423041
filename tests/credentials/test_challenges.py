"""Challenges are good once, for a few minutes, for one of many who try."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from credentials import errors, multibase
from credentials.challenges import LIFETIME, Challenges
from tests.worlds.completions import NOW


def randomness(number: int) -> bytes:
    return number.to_bytes(16, "big")


def test_a_challenge_is_redeemed_within_its_lifetime() -> None:
    challenges = Challenges()
    given = challenges.give(randomness(1), NOW)
    challenges.redeem(given, NOW + LIFETIME)


@pytest.mark.case("HLD-01")
def test_a_challenge_is_good_once() -> None:
    challenges = Challenges()
    given = challenges.give(randomness(1), NOW)
    challenges.redeem(given, NOW)
    with pytest.raises(errors.ChallengeMismatch):
        challenges.redeem(given, NOW)


@pytest.mark.case("HLD-01")
def test_an_old_or_unknown_challenge_is_refused() -> None:
    challenges = Challenges()
    given = challenges.give(randomness(1), NOW)
    with pytest.raises(errors.ChallengeMismatch):
        challenges.redeem(given, NOW + LIFETIME + timedelta(seconds=1))
    with pytest.raises(errors.ChallengeMismatch):
        challenges.redeem("never-given", NOW)


@pytest.mark.case("HLD-08")
def test_of_twenty_who_redeem_one_challenge_at_once_one_succeeds() -> None:
    challenges = Challenges()
    given = challenges.give(randomness(1), NOW)

    def attempt(_: int) -> bool:
        try:
            challenges.redeem(given, NOW)
        except errors.ChallengeMismatch:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 1


def test_challenges_differ_as_their_randomness_does() -> None:
    challenges = Challenges()
    assert len({challenges.give(randomness(number), NOW) for number in range(100)}) == 100
    with pytest.raises(ValueError, match="16 random bytes"):
        challenges.give(b"short", NOW)


def test_the_number_of_open_challenges_is_bounded_and_old_ones_make_room() -> None:
    challenges = Challenges(limit=2)
    for number in range(2):
        challenges.give(randomness(number), NOW)
    with pytest.raises(errors.ChallengesExhausted):
        challenges.give(randomness(3), NOW)
    challenges.redeem(challenges.give(randomness(3), NOW + LIFETIME + timedelta(seconds=1)), NOW + LIFETIME * 1.5)


def test_what_is_refused_is_told_in_words() -> None:
    challenges = Challenges(limit=1)
    with pytest.raises(ValueError, match=r"^a challenge takes 16 random bytes$"):
        challenges.give(bytes(17), NOW)
    with pytest.raises(errors.ChallengeMismatch) as unknown:
        challenges.redeem("never-given", NOW)
    assert unknown.value.detail == "the challenge was not given out here, is too old, or was used before"
    challenges.give(randomness(1), NOW)
    with pytest.raises(errors.ChallengesExhausted) as full:
        challenges.give(randomness(2), NOW)
    assert full.value.detail == "1 challenges are open"


def test_a_challenge_is_its_randomness_in_text() -> None:
    assert Challenges().give(randomness(1), NOW) == multibase.encode(randomness(1))


def test_the_lifetime_is_the_caller_s_to_choose_and_its_last_moment_counts() -> None:
    minute = timedelta(minutes=1)
    for late, good in ((minute, True), (minute + timedelta(microseconds=1), False)):
        challenges = Challenges(lifetime=minute)
        given = challenges.give(randomness(1), NOW)
        if good:
            challenges.redeem(given, NOW + late)
        else:
            with pytest.raises(errors.ChallengeMismatch):
                challenges.redeem(given, NOW + late)


def test_the_oldest_are_forgotten_and_the_newer_stay() -> None:
    challenges = Challenges(limit=2)
    old = challenges.give(randomness(1), NOW)
    new = challenges.give(randomness(2), NOW + LIFETIME)
    later = NOW + LIFETIME + timedelta(seconds=1)
    newest = challenges.give(randomness(3), later)
    with pytest.raises(errors.ChallengeMismatch):
        challenges.redeem(old, later)
    challenges.redeem(new, later)
    challenges.redeem(newest, later)


def test_a_redeemed_challenge_makes_room() -> None:
    challenges = Challenges(limit=1)
    challenges.redeem(challenges.give(randomness(1), NOW), NOW)
    challenges.redeem(challenges.give(randomness(2), NOW), NOW)

"""An instance is made once, pinned to its address, and opened only as what it is."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from issuer.config import IssuerConfig
from issuer.db.migrations import run
from issuer.instance import Instance
from issuer.problems import DatabaseOutdated, HomeExists, HomeMissing, PinnedDifferently
from keys.errors import KeysSealed
from tests.worlds.instances import CHEAP, ENVIRON, make_world


def test_init_refuses_a_home_that_is_in_use(tmp_path: Path) -> None:
    """Nothing in it is touched."""
    world = make_world(tmp_path)
    before = sorted(world.home.rglob("*"))
    with pytest.raises(HomeExists):
        Instance.initialise(world.config, ENVIRON, stretching=CHEAP)
    assert sorted(world.home.rglob("*")) == before


def test_open_without_init_is_a_clear_error(tmp_path: Path) -> None:
    """Both for no folder and for an empty one."""
    config = IssuerConfig.from_environ({"PLAUDIT_HOME": str(tmp_path / "none")})
    with pytest.raises(HomeMissing):
        Instance.open(config, ENVIRON)
    (tmp_path / "none").mkdir()
    with pytest.raises(HomeMissing):
        Instance.open(config, ENVIRON)


@pytest.mark.parametrize(
    "changed",
    [
        {"PLAUDIT_BASE_URL": "https://other.example.org"},
        {"PLAUDIT_BASE_URL": "https://a.example.org", "PLAUDIT_MODE": "production"},
    ],
)
def test_the_address_and_the_mode_are_pinned(tmp_path: Path, changed: dict[str, str]) -> None:
    """What was signed names the address for ever: another one is refused, naming both."""
    world = make_world(tmp_path)
    config = IssuerConfig.from_environ({**world.environ, **changed})
    with pytest.raises(PinnedDifferently, match="http://localhost:8000"):
        Instance.open(config, ENVIRON)


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    """Neither older nor newer is guessed at."""
    world = make_world(tmp_path)
    run.downgrade(world.instance.engine)
    with pytest.raises((HomeMissing, DatabaseOutdated)):
        world.reopened()


def test_the_home_is_private(tmp_path: Path) -> None:
    """Folder 0700; what is secret in it 0600."""
    world = make_world(tmp_path)
    assert stat.S_IMODE(world.home.stat().st_mode) == 0o700
    assert stat.S_IMODE((world.home / "secret-key").stat().st_mode) == 0o600
    assert len(world.instance.secret_key) == 64


def test_development_makes_a_passphrase_and_production_does_not(tmp_path: Path) -> None:
    """A passphrase beside the keys is for trying out; production has to be given one."""
    config = IssuerConfig.from_environ({"PLAUDIT_HOME": str(tmp_path / "desk")})
    Instance.initialise(config, {}, stretching=CHEAP).close()
    assert (tmp_path / "desk" / "passphrase").exists()
    production = IssuerConfig.from_environ(
        {
            "PLAUDIT_HOME": str(tmp_path / "live"),
            "PLAUDIT_MODE": "production",
            "PLAUDIT_BASE_URL": "https://a.example.org",
        }
    )
    with pytest.raises(KeysSealed):
        Instance.initialise(production, {}, stretching=CHEAP)
    assert not (tmp_path / "live" / "passphrase").exists()
    Instance.initialise(production, ENVIRON, stretching=CHEAP).close()

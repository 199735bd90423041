"""Settings: all faults at once, each with its remedy; production refuses what is only safe on a desk."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from issuer.config import SETTINGS, IssuerConfig, Secret
from issuer.problems import ConfigurationError

GOOD_SECRET = "vN3kQ8xZ1pR6tY0wB5mC2jH7gF4dS9aL"
PRODUCTION = {
    "PLAUDIT_MODE": "production",
    "PLAUDIT_BASE_URL": "https://credentials.example.org",
    "PLAUDIT_SECRET_KEY": GOOD_SECRET,
}


def faults(**environ: str) -> list[str]:
    """The names of the settings that are refused."""
    try:
        IssuerConfig.from_environ(environ)
    except ConfigurationError as error:
        return [fault.name for fault in error.faults if fault.reason and fault.remedy]
    return []


def test_defaults_are_for_a_desk() -> None:
    """Nothing set: development, SQLite in ./data, localhost."""
    config = IssuerConfig.from_environ({})
    assert (config.mode, config.base_url, config.debug) == ("development", "http://localhost:8000", False)
    assert config.home == Path("data").absolute()
    assert config.database_url.reveal() == f"sqlite:///{config.home / 'plaudit.db'}"
    assert config.trusted_hosts == ("localhost",)


@pytest.mark.case("OPS-01")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLAUDIT_DEBUG", "1"),
        ("PLAUDIT_SECRET_KEY", "changeme"),
        ("PLAUDIT_SECRET_KEY", "dev-secret"),
        ("PLAUDIT_SECRET_KEY", "a" * 40),
        ("PLAUDIT_SECRET_KEY", "secretsecretsecretsecretsecretsecret"),
        ("PLAUDIT_BASE_URL", "http://credentials.example.org"),
        ("PLAUDIT_TRUSTED_HOSTS", "*"),
        ("PLAUDIT_TRUSTED_HOSTS", "*.example.org"),
        ("PLAUDIT_TRUSTED_HOSTS", ".example.org"),
    ],
)
def test_production_refuses(name: str, value: str) -> None:
    """OPS-01: debug, known secrets, plain http and wildcard hosts stop the start."""
    assert faults(**PRODUCTION) == []
    assert faults(**{**PRODUCTION, name: value}) == [name]


@pytest.mark.case("OPS-05")
@pytest.mark.parametrize("name", ["PLAUDIT_BASEURL", "PLAUDIT_BASE_URLS", "PLAUDIT_", "PLAUDIT_secret_key"])
def test_a_misspelt_name_stops_the_start(name: str) -> None:
    """OPS-05: a name that means nothing is refused, and the message lists those that do."""
    with pytest.raises(ConfigurationError, match=name) as caught:
        IssuerConfig.from_environ({name: "x"})
    assert "PLAUDIT_HOME" in str(caught.value)


def test_names_that_others_read_are_let_through() -> None:
    """The verifier's settings and the tests' own live in the same environment."""
    assert faults(PLAUDIT_VERIFIER_TIMEOUT="5", PLAUDIT_TEST_POSTGRES_URL="x", PLAUDIT_VECTORS="x") == []


def test_every_fault_is_named_at_once() -> None:
    """One look is enough to mend all."""
    found = faults(PLAUDIT_MODE="live", PLAUDIT_BASE_URL="example.org", PLAUDIT_DEBUG="perhaps", PLAUDIT_X="1",
                   PLAUDIT_DATABASE_URL="mysql://db/x", PLAUDIT_TRUSTED_HOSTS="a b")  # fmt: skip
    assert sorted(found) == [
        "PLAUDIT_BASE_URL", "PLAUDIT_DATABASE_URL", "PLAUDIT_DEBUG", "PLAUDIT_MODE", "PLAUDIT_TRUSTED_HOSTS",
        "PLAUDIT_X",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value",
    ["https://a.example/path", "https://u:p@a.example", "https://a.example?x", "https://ä.example", "https://A.example",
     "https://a.example:99999", "ftp://a.example", "https://", "//a.example", "https://a.example:"],
)  # fmt: skip
def test_a_base_url_is_an_origin_and_nothing_else(value: str) -> None:
    """It becomes part of ids that live for ever: one form only."""
    assert faults(PLAUDIT_BASE_URL=value) == ["PLAUDIT_BASE_URL"]


def test_a_database_in_memory_is_refused() -> None:
    """What was accepted must outlive the process."""
    assert faults(PLAUDIT_DATABASE_URL="sqlite://") == ["PLAUDIT_DATABASE_URL"]


def test_the_secret_comes_from_a_file_too(tmp_path: Path) -> None:
    """And only from one place."""
    path = tmp_path / "secret"
    path.write_text(GOOD_SECRET + "\n")
    config = IssuerConfig.from_environ({"PLAUDIT_SECRET_KEY_FILE": str(path)})
    assert config.secret_key == Secret(GOOD_SECRET)
    assert faults(PLAUDIT_SECRET_KEY_FILE=str(path), PLAUDIT_SECRET_KEY=GOOD_SECRET) == ["PLAUDIT_SECRET_KEY"]
    assert faults(PLAUDIT_SECRET_KEY_FILE=str(tmp_path / "absent")) == ["PLAUDIT_SECRET_KEY_FILE"]


def test_secrets_do_not_show_themselves() -> None:
    """Neither in repr nor in str nor in a pickle; nor does the database's password."""
    environ = {"PLAUDIT_SECRET_KEY": GOOD_SECRET, "PLAUDIT_DATABASE_URL": "postgresql://me:hunter2secret@db/x"}
    config = IssuerConfig.from_environ(environ)
    shown = repr(config) + str(config)
    assert GOOD_SECRET not in shown
    assert "hunter2secret" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(config)


def test_every_setting_says_what_it_is_for() -> None:
    """The words end up in the documentation."""
    assert all(len(words) > 15 for words in SETTINGS.values())

"""Settings of the verifier: read once, and refused rather than guessed."""

from __future__ import annotations

import pytest

from verifier.config import VerifierConfig
from verifier.problems import ConfigurationRefused


def test_defaults_are_for_one_desk() -> None:
    assert VerifierConfig.from_environ({}) == VerifierConfig("http://localhost:8000", ("localhost",), 2, per_minute=60)


def test_settings_are_read() -> None:
    config = VerifierConfig.from_environ(
        {
            "PLAUDIT_BASE_URL": "https://verify.example/",
            "PLAUDIT_TRUSTED_HOSTS": "www.verify.example, verify.example",
            "PLAUDIT_VERIFIER_READERS": "4",
            "PLAUDIT_VERIFIER_PER_MINUTE": "600",
            "PLAUDIT_VERIFIER_PROXIES": "1",
            "PLAUDIT_MODE": "production",
        }
    )
    hosts = ("verify.example", "www.verify.example")
    assert config == VerifierConfig("https://verify.example", hosts, 4, per_minute=600, proxies=1)
    assert config.https


@pytest.mark.case("OPS-01", "OPS-05")
@pytest.mark.parametrize(
    "environ",
    [
        {"PLAUDIT_VERIFIER_REDERS": "4"},
        {"PLAUDIT_VERIFIER_READERS": "0"},
        {"PLAUDIT_VERIFIER_READERS": "٤"},
        {"PLAUDIT_VERIFIER_PER_MINUTE": "many"},
        {"PLAUDIT_VERIFIER_PROXIES": "-1"},
        {"PLAUDIT_BASE_URL": "verify.example"},
        {"PLAUDIT_BASE_URL": "http://verify.example", "PLAUDIT_MODE": "production"},
        {"PLAUDIT_BASE_URL": "https://a.example", "PLAUDIT_MODE": "production", "PLAUDIT_TRUSTED_HOSTS": "*.a.example"},
    ],
)
def test_what_is_wrong_stops_the_start(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationRefused):
        VerifierConfig.from_environ(environ)

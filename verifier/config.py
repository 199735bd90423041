"""The verifier's settings, read once from the environment and frozen. There is no secret among them: it has none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from verifier.problems import ConfigurationRefused

DEFAULT_BASE_URL = "http://localhost:8000"
#: A certificate with fonts for several scripts is under 1 MB; a scanned dossier is not what is asked for.
MAX_UPLOAD = 5_000_000
#: Two hundred certificates of 100 kB in one archive.
MAX_ARCHIVE = 20_000_000
_OWN = "PLAUDIT_VERIFIER_"

#: The verifier's own settings (it also reads base URL, mode and trusted hosts); docs/settings.md is held to this.
SETTINGS: Mapping[str, str] = {
    f"{_OWN}READERS": "How many uploaded files the verifier reads at once, each in a process of its own. Default: 2",
}


@dataclass(frozen=True, slots=True)
class VerifierConfig:
    """`base_url` is the public origin; `trusted_hosts` are the only Host headers that are answered; `readers` files
    are read at once, each in a process of its own."""

    base_url: str = DEFAULT_BASE_URL
    trusted_hosts: tuple[str, ...] = ("localhost",)
    readers: int = 2

    @property
    def https(self) -> bool:
        """Tell whether people reach this installation by https, so that it may promise to stay there."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> VerifierConfig:
        """Read the settings; raises `ConfigurationRefused` that names the first one that is wrong."""
        unknown = [name for name in environ if name.startswith(_OWN) and name not in SETTINGS]
        if unknown:
            raise ConfigurationRefused(f"{min(unknown)} is no setting of the verifier.")
        base_url = environ.get("PLAUDIT_BASE_URL", "").strip().removesuffix("/") or DEFAULT_BASE_URL
        production = environ.get("PLAUDIT_MODE", "").strip() == "production"
        return cls(base_url, _hosts(environ, base_url, production), _readers(environ))


def _hosts(environ: Mapping[str, str], base_url: str, production: bool) -> tuple[str, ...]:
    own = urlsplit(base_url).hostname
    if own is None or not base_url.startswith("https://" if production else ("https://", "http://")):
        raise ConfigurationRefused(f"PLAUDIT_BASE_URL is not {'an https' if production else 'a web'} address.")
    named = [host.strip().lower() for host in environ.get("PLAUDIT_TRUSTED_HOSTS", "").split(",") if host.strip()]
    if production and any("*" in host or host.startswith(".") for host in named):
        raise ConfigurationRefused("PLAUDIT_TRUSTED_HOSTS holds a wildcard; write each host out.")
    return tuple(dict.fromkeys([own, *named]))


def _readers(environ: Mapping[str, str]) -> int:
    text = environ.get(f"{_OWN}READERS", "").strip() or "2"
    if not re.fullmatch(r"[1-9][0-9]?", text, re.ASCII):
        raise ConfigurationRefused("PLAUDIT_VERIFIER_READERS is not a number from 1 to 99.")
    return int(text)


def flask_settings(config: VerifierConfig) -> dict[str, Any]:
    """Return what Flask must know: whom it answers, and how much it reads before it says no (413)."""
    return {
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "MAX_CONTENT_LENGTH": MAX_UPLOAD + 1,
        "MAX_FORM_MEMORY_SIZE": MAX_UPLOAD,
        "MAX_FORM_PARTS": 8,
    }

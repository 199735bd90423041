"""The verifier's settings, read once from the environment and frozen. There is no secret among them: it has none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from verifier.problems import ConfigurationRefused

DEFAULT_BASE_URL = "http://localhost:8000"
#: A certificate with fonts for several scripts is under 1 MB; a scanned dossier is not what is asked for.
MAX_UPLOAD = 5_000_000
#: Two hundred certificates of 100 kB in one archive.
MAX_ARCHIVE = 20_000_000
_OWN = "PLAUDIT_VERIFIER_"
#: One certificate in PEM (RFC 7468, 5.1).
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")

#: The verifier's own settings (it also reads base URL, mode and trusted hosts); docs/settings.md is held to this.
SETTINGS: Mapping[str, str] = {
    f"{_OWN}CODES": "Where the record of a short code is if no issuer lives here: https://…/{code}. Default: nowhere",
    f"{_OWN}PDF_ROOTS": "File with certificates (PEM) under which the signer of a PDF is trusted. Default: nobody is",
    f"{_OWN}REGISTRIES": "File with a list of registries of issuers (docs/domains.md). Default: none is asked",
    f"{_OWN}PER_MINUTE": "Checks that one address may ask for in a minute, of each web process; 0: any. Default: 60",
    f"{_OWN}PROXIES": "How many proxies of yours stand in front, each adding to X-Forwarded-For. Default: 0",
    f"{_OWN}READERS": "How many uploaded files the verifier reads at once, each in a process of its own. Default: 2",
}


@dataclass(frozen=True, slots=True)
class VerifierConfig:
    """`base_url` is the public origin; `trusted_hosts` are the only Host headers that are answered; `readers` files
    are read at once, each in a process of its own; `codes` is the address of a short code's record, with `{code}`;
    `registries` is a list of registries of issuers; `pdf_roots` are certificates (PEM) that vouch for who signs PDFs.
    """

    base_url: str = DEFAULT_BASE_URL
    trusted_hosts: tuple[str, ...] = ("localhost",)
    readers: int = 2
    codes: str | None = None
    registries: Path | None = None
    pdf_roots: tuple[bytes, ...] = ()
    #: Checks in a minute for each address; 0: any number.
    per_minute: int = 0
    proxies: int = 0

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
        hosts = _hosts(environ, base_url, production)
        pace = _number(environ, "PER_MINUTE", "60"), _number(environ, "PROXIES", "0")
        return cls(base_url, hosts, _readers(environ), _codes(environ), _file(environ), _pdf_roots(environ), *pace)


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


def _number(environ: Mapping[str, str], name: str, default: str) -> int:
    text = environ.get(_OWN + name, "").strip() or default
    if not re.fullmatch(r"0|[1-9][0-9]{0,5}", text, re.ASCII):
        raise ConfigurationRefused(f"{_OWN}{name} is not a whole number of up to six digits.")
    return int(text)


def _codes(environ: Mapping[str, str]) -> str | None:
    template = environ.get(f"{_OWN}CODES", "").strip()
    if template and (not template.startswith("https://") or template.count("{code}") != 1):
        raise ConfigurationRefused("PLAUDIT_VERIFIER_CODES is not an https address with {code} in it once.")
    return template or None


def _file(environ: Mapping[str, str]) -> Path | None:
    text = environ.get(f"{_OWN}REGISTRIES", "").strip()
    return Path(text) if text else None


def _pdf_roots(environ: Mapping[str, str]) -> tuple[bytes, ...]:
    """The certificates in the file that is named. An empty or unreadable file is a mistake, and not "nobody"."""
    path = environ.get(f"{_OWN}PDF_ROOTS", "").strip()
    if not path:
        return ()
    try:
        found = tuple(_CERTIFICATE.findall(Path(path).read_bytes()))
    except OSError as error:
        raise ConfigurationRefused(f"PLAUDIT_VERIFIER_PDF_ROOTS cannot be read: {error.strerror}.") from error
    if not found:
        raise ConfigurationRefused("PLAUDIT_VERIFIER_PDF_ROOTS holds no certificate in PEM.")
    return found


def flask_settings(config: VerifierConfig) -> dict[str, Any]:
    """Return what Flask must know: whom it answers, and how much it reads before it says no (413)."""
    return {
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "MAX_CONTENT_LENGTH": MAX_UPLOAD + 1,
        "MAX_FORM_MEMORY_SIZE": MAX_UPLOAD,
        "MAX_FORM_PARTS": 8,
    }

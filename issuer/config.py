"""The issuer's settings, read once from the environment and frozen. Opens no database and starts nothing.

Every fault is reported at once, each with its remedy (`ConfigurationError`). A name that starts with `PLAUDIT_` and
means nothing is a typing error and stops the start: a misspelt setting must not silently become its default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from issuer.problems import ConfigurationError, Setting

Mode = Literal["development", "production"]

DEFAULT_BASE_URL = "http://localhost:8000"
DEFAULT_HOME = "data"
#: Flask signs sessions with HMAC; 32 characters are at least 128 bits even when somebody types hexadecimal.
SHORTEST_SECRET = 32

#: Every setting and what it is for. docs/settings.md is held to this by a test.
SETTINGS: Mapping[str, str] = {
    "PLAUDIT_HOME": "Folder that holds the database, the encrypted keys and the certificates. Default: ./data",
    "PLAUDIT_BASE_URL": f"Public origin, for ever part of what is signed. Default: {DEFAULT_BASE_URL}",
    "PLAUDIT_MODE": "development or production. Production refuses every setting that is only safe on one's own desk.",
    "PLAUDIT_SECRET_KEY": "Secret that signs log-in sessions; without it a random one is kept in the home folder.",
    "PLAUDIT_SECRET_KEY_FILE": "File that holds PLAUDIT_SECRET_KEY.",
    "PLAUDIT_PASSPHRASE": "Passphrase of the signing keys.",
    "PLAUDIT_PASSPHRASE_FILE": "File that holds PLAUDIT_PASSPHRASE.",
    "PLAUDIT_DATABASE_URL": "Database; default: SQLite in the home folder. postgresql://… for PostgreSQL.",
    "PLAUDIT_TRUSTED_HOSTS": "Host names that requests may carry, separated by commas. Default: the base URL's host.",
    "PLAUDIT_DEBUG": "1 shows tracebacks in the browser. Refused in production.",
}

#: Names that other parts of the same process environment read: not ours, and not typing errors.
_READ_ELSEWHERE = ("PLAUDIT_VECTORS",)
_READ_ELSEWHERE_PREFIXES = ("PLAUDIT_VERIFIER_", "PLAUDIT_TEST_")

_WELL_KNOWN_SECRETS = re.compile(
    r"(?:change[-_ ]?me|default|dev|development|insecure|password|plaudit|secret|test)+\W*", re.A | re.I
)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


class Secret:
    """A secret text that does not show itself: `repr` and `str` are masked, `reveal()` is explicit."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('********')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not written into pickles")


@dataclass(frozen=True, slots=True)
class IssuerConfig:
    """What the issuer was told: where its data is, which address it has, how strict it is."""

    home: Path
    base_url: str
    mode: Mode
    #: None: `Instance` keeps a random one in the home folder.
    secret_key: Secret | None
    database_url: Secret
    trusted_hosts: tuple[str, ...]
    debug: bool

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> IssuerConfig:
        """Read and check every setting; raise `ConfigurationError` naming all that is wrong."""
        return _Reading(environ).config()


class _Reading:
    """One pass over the environment that collects faults instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[Setting] = []

    def config(self) -> IssuerConfig:
        self._unknown_names()
        mode = self._mode()
        home = Path(self._get("PLAUDIT_HOME", DEFAULT_HOME)).expanduser().absolute()
        base_url = self._base_url(mode)
        config = IssuerConfig(
            home=home,
            base_url=base_url,
            mode=mode,
            secret_key=self._secret_key(),
            database_url=self._database_url(home),
            trusted_hosts=self._trusted_hosts(mode, base_url),
            debug=self._debug(mode),
        )
        if self._faults:
            raise ConfigurationError(self._faults)
        return config

    def _get(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def _fault(self, name: str, reason: str, remedy: str) -> None:
        self._faults.append(Setting(name, reason, remedy))

    def _unknown_names(self) -> None:
        for name in sorted(self._environ):
            known = name in SETTINGS or name in _READ_ELSEWHERE or name.startswith(_READ_ELSEWHERE_PREFIXES)
            if name.startswith("PLAUDIT_") and not known:
                self._fault(name, "there is no such setting", f"Remove it, or use one of: {', '.join(SETTINGS)}")

    def _mode(self) -> Mode:
        value = self._get("PLAUDIT_MODE", "development")
        if value not in ("development", "production"):
            self._fault("PLAUDIT_MODE", f"{value!r} is not a mode", "Use development or production")
            return "production"  # the stricter reading, so that the other settings' faults are all listed
        return cast(Mode, value)

    def _base_url(self, mode: Mode) -> str:
        value = self._get("PLAUDIT_BASE_URL", DEFAULT_BASE_URL).removesuffix("/")
        reason = _origin_fault(value)
        if reason:
            self._fault(
                "PLAUDIT_BASE_URL", f"{value!r} {reason}", "Give an origin such as https://credentials.example.org"
            )
        elif mode == "production" and not value.startswith("https://"):
            self._fault("PLAUDIT_BASE_URL", "production needs https", "Give the https:// address that people will open")
        return value

    def _secret_key(self) -> Secret | None:
        name, value = "PLAUDIT_SECRET_KEY", self._environ.get("PLAUDIT_SECRET_KEY", "").strip()
        path = self._get("PLAUDIT_SECRET_KEY_FILE")
        if value and path:
            self._fault(name, "it is given twice, here and in PLAUDIT_SECRET_KEY_FILE", "Keep one of them")
        if path and not value:
            name, value = "PLAUDIT_SECRET_KEY_FILE", self._read_secret(path)
        if not value:
            return None
        if len(value) < SHORTEST_SECRET or len(set(value)) < 8 or _WELL_KNOWN_SECRETS.fullmatch(value):
            self._fault(name, "the secret is short, repetitive or well known",
                        f"Use at least {SHORTEST_SECRET} random characters, or unset it to have one made")  # fmt: skip
        return Secret(value)

    def _read_secret(self, path: str) -> str:
        try:
            value = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self._fault(
                "PLAUDIT_SECRET_KEY_FILE", f"it cannot be read ({type(error).__name__})", "Name a readable text file"
            )
            return ""
        if not value:
            self._fault("PLAUDIT_SECRET_KEY_FILE", "the file is empty", "Put the secret into it")
        return value

    def _database_url(self, home: Path) -> Secret:
        value = self._get("PLAUDIT_DATABASE_URL", f"sqlite:///{home / 'plaudit.db'}")
        try:
            url = make_url(value)
        except ArgumentError:
            url = None
        if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
            self._fault("PLAUDIT_DATABASE_URL", "it is no address of a database that is supported",
                        "Use postgresql://user@host/name, or unset it to have SQLite in the home folder")  # fmt: skip
        elif url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
            self._fault("PLAUDIT_DATABASE_URL", "a database in memory would lose what was accepted", "Name a file")
        return Secret(value)

    def _trusted_hosts(self, mode: Mode, base_url: str) -> tuple[str, ...]:
        own = urlsplit(base_url).hostname or ""
        hosts = [host.strip().lower() for host in self._get("PLAUDIT_TRUSTED_HOSTS").split(",") if host.strip()]
        for host in hosts:
            if "*" in host or host.startswith("."):
                if mode == "production":
                    self._fault("PLAUDIT_TRUSTED_HOSTS", f"{host!r} is a wildcard", "Write each host name out")
            elif not _HOST.fullmatch(host):
                self._fault(
                    "PLAUDIT_TRUSTED_HOSTS",
                    f"{host!r} is not a host name",
                    "Write names such as credentials.example.org",
                )
        return tuple(dict.fromkeys([own, *hosts] if own else hosts))

    def _debug(self, mode: Mode) -> bool:
        value = self._get("PLAUDIT_DEBUG").lower()
        if value not in _TRUE | _FALSE:
            self._fault("PLAUDIT_DEBUG", f"{value!r} is neither yes nor no", "Use 1 or 0")
        if value in _TRUE and mode == "production":
            self._fault("PLAUDIT_DEBUG", "it shows the inside of the program to visitors", "Unset it in production")
        return value in _TRUE


def _origin_fault(value: str) -> str | None:
    """Say why `value` is not an origin (scheme, host, optional port and nothing else), or None when it is one."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme not in ("http", "https"):
        return "does not start with https:// or http://"
    host = parts.hostname or ""
    if not _HOST.fullmatch(host):
        return "has no plain ASCII host name"
    canonical = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    return None if value == canonical else "has more in it than scheme, host and port"

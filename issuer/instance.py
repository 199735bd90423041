"""One running instance: its settings, database, clock, randomness and keys, put together once and handed to services.

Time and randomness come in here and nowhere deeper. Nothing starts at import; nothing is global.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session, sessionmaker

from issuer.certificates.pool import CertificatePool
from issuer.config import IssuerConfig
from issuer.db.engine import open_engine, reading, writing
from issuer.db.migrations import run as migrations
from issuer.db.tables import Installation
from issuer.problems import DatabaseOutdated, HomeExists, HomeMissing, PinnedDifferently
from issuer.services import audit
from keys import passphrase
from keys.keyring import Keyring
from keys.sealing import DEFAULT_STRETCHING, Stretching

#: Names inside the home folder.
SECRET_KEY_FILE = "secret-key"  # noqa: S105 - the name of a file
KEYS_FOLDER = "keys"
CERTIFICATES_FOLDER = "certificates"
LOCKS_FOLDER = "locks"
#: Processes that draw certificates, for each process of the service: the machine that figures are for has two cores.
DRAWERS = 2

Clock = Callable[[], datetime]
Randomness = Callable[[int], bytes]


def system_clock() -> datetime:
    """Return the time of this machine, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Instance:
    """What every service function takes as its first argument."""

    config: IssuerConfig
    engine: Engine
    clock: Clock
    random: Randomness
    #: Opens the keyring; needs no passphrase until something is signed or changed.
    keyring: Callable[[], Keyring]
    #: Signs log-in sessions.
    secret_key: str
    #: Sessions of SQLAlchemy's ORM, for the log-in part; services use `reading` and `writing` instead.
    sessions: sessionmaker[Session]
    #: Draws certificates; its processes start with the first one.
    pool: CertificatePool

    @classmethod
    def initialise(
        cls,
        config: IssuerConfig,
        environ: Mapping[str, str] | None = None,
        *,
        clock: Clock = system_clock,
        randomness: Randomness = os.urandom,
        stretching: Stretching = DEFAULT_STRETCHING,
    ) -> Instance:
        """Make a new instance in an empty or absent home folder, and return it open.

        Raises `HomeExists` when there is one. In development a passphrase is made in the home folder when none was
        given; production wants one given from outside.
        """
        home = config.home
        if home.is_dir() and any(home.iterdir()):
            raise HomeExists(f"{home} is not empty")
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.chmod(0o700)
        environ = os.environ if environ is None else environ
        passphrase_of(config, environ, create=True)
        if config.secret_key is None:
            _write_private(home / SECRET_KEY_FILE, randomness(32).hex())
        engine = open_engine(config.database_url.reveal())
        migrations.upgrade(engine)
        _pin(engine, config, clock())
        engine.dispose()
        return cls.open(config, environ, clock=clock, randomness=randomness, stretching=stretching)

    @classmethod
    def open(
        cls,
        config: IssuerConfig,
        environ: Mapping[str, str] | None = None,
        *,
        clock: Clock = system_clock,
        randomness: Randomness = os.urandom,
        stretching: Stretching = DEFAULT_STRETCHING,
    ) -> Instance:
        """Open the instance in the home folder.

        Raises `HomeMissing`, `DatabaseOutdated`, `PinnedDifferently`, and `KeyFileExposed` or `KeyFileDamaged` when a
        key cannot be trusted to be ours alone (case KEY-01). Needs no passphrase.
        """
        if not config.home.is_dir() or not any(config.home.iterdir()):
            raise HomeMissing(f"{config.home} holds no instance")
        environ = dict(os.environ if environ is None else environ)
        engine = open_engine(config.database_url.reveal())
        _check_pinned(engine, config)

        def keyring() -> Keyring:
            return Keyring.open(
                config.home / KEYS_FOLDER,
                passphrase=lambda: passphrase_of(config, environ),
                clock=clock,
                stretching=stretching,
            )

        keyring()
        return cls(
            config=config,
            engine=engine,
            clock=clock,
            random=randomness,
            keyring=keyring,
            secret_key=_secret_key(config),
            sessions=sessionmaker(engine, expire_on_commit=False),
            pool=CertificatePool(DRAWERS),
        )

    @classmethod
    def upgrade(cls, config: IssuerConfig) -> None:
        """Bring the database in the home folder to this version's shape. Raises `HomeMissing`."""
        if not config.home.is_dir() or not any(config.home.iterdir()):
            raise HomeMissing(f"{config.home} holds no instance")
        engine = open_engine(config.database_url.reveal())
        migrations.upgrade(engine)
        engine.dispose()

    def now(self) -> datetime:
        """The clock in whole seconds, as a proof's date is (a list or credential is never dated in the future)."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    def close(self) -> None:
        """Give the database connections back and end the drawing processes."""
        self.pool.close()
        self.engine.dispose()


def passphrase_of(config: IssuerConfig, environ: Mapping[str, str], *, create: bool = False) -> passphrase.Passphrase:
    """Find the passphrase of the signing keys. Only development looks into, or makes one in, the home folder."""
    given = any(
        environ.get(name) for name in ("PLAUDIT_PASSPHRASE", "PLAUDIT_PASSPHRASE_FILE", "CREDENTIALS_DIRECTORY")
    )
    if create and not given and not config.production:
        return passphrase.create(config.home)
    return passphrase.load(environ, config.home, beside_keys=not config.production)


def _pin(engine: Engine, config: IssuerConfig, now: datetime) -> None:
    with writing(engine) as connection:
        if connection.execute(select(Installation.id)).first() is not None:
            raise HomeExists("the database holds an instance already")
        pinned = {"base_url": config.base_url, "mode": config.mode}
        connection.execute(insert(Installation).values(id=1, created_at=now, **pinned))
        audit.append(connection, [audit.Line("initialise", "installation", pinned)], now=now, actor="setup")


def _check_pinned(engine: Engine, config: IssuerConfig) -> None:
    at, expected = migrations.current(engine), migrations.newest()
    if at is None:
        raise HomeMissing("the database is empty")
    if at != expected:
        raise DatabaseOutdated(f"the database is at {at}, this version of Plaudit expects {expected}")
    with reading(engine) as connection:
        pinned = connection.execute(select(Installation.base_url, Installation.mode)).first()
    if pinned is None:
        raise HomeMissing("the database was never initialised")
    for name, was, now in (
        ("PLAUDIT_BASE_URL", pinned.base_url, config.base_url),
        ("PLAUDIT_MODE", pinned.mode, config.mode),
    ):
        if was != now:
            raise PinnedDifferently(f"{name} is {now}, but this instance was made with {was}")


def _secret_key(config: IssuerConfig) -> str:
    if config.secret_key is not None:
        return config.secret_key.reveal()
    with suppress(OSError):
        return (config.home / SECRET_KEY_FILE).read_text("ascii").strip()
    raise HomeMissing(f"there is no PLAUDIT_SECRET_KEY and no file {SECRET_KEY_FILE} in {config.home}")


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


__all__ = ["Instance", "passphrase_of", "system_clock"]

"""Moves a database between migrations, from code: there is no ini file and no command of Alembic's to know."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from issuer.db.engine import reading, writing


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; one transaction, so a power cut leaves it as it was."""
    with writing(engine) as connection:
        command.upgrade(_config(connection=connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to `revision`."""
    with writing(engine) as connection:
        command.downgrade(_config(connection=connection), revision)


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at; None for an empty one."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """Return the revision that this version of the program expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("this installation has no migrations")
    return head


def _config(**attributes: object) -> Config:
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config

"""Brings a database to a revision of the schema, one process at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.errors import Invalid

_INI = Path(__file__).resolve().parents[2] / "alembic.ini"
# Any number that no other program on the same database uses.
_ADVISORY_LOCK = 7_262_005


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Bring the schema to the revision. Workers that start together do it one after the other.

    revision: an id, `head` or `base`. Raises: Invalid for one that there is not.
    """
    async with engine.connect() as connection:
        await connection.execution_options(writes=True)
        if connection.dialect.name == "postgresql":
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
            )
        await connection.run_sync(_to_revision, revision)
        await connection.commit()


async def is_current(engine: AsyncEngine) -> bool:
    """Return whether the schema is at the newest revision."""
    async with engine.connect() as connection:
        return await connection.run_sync(_at_head)


def _config(connection: Connection) -> Config:
    config = Config(str(_INI))
    config.attributes["connection"] = connection
    return config


def _at_head(connection: Connection) -> bool:
    head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def _to_revision(connection: Connection, revision: str) -> None:
    config = _config(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    known = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    if revision not in ("head", "base", *known):
        there_are = ", ".join(reversed(known))
        raise Invalid(
            f"There is no revision “{revision}”. Choose head, base or one of {there_are}."
        )
    if revision == "head" or current is None:
        command.upgrade(config, revision)
        return
    is_down = revision == "base" or known.index(revision) > known.index(current)
    (command.downgrade if is_down else command.upgrade)(config, revision)

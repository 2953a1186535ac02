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
        await connection.run_sync(bring_to, revision)
        await connection.commit()


async def is_current(engine: AsyncEngine) -> bool:
    """Return whether the schema is at the newest revision."""
    async with engine.connect() as connection:
        return await connection.run_sync(_at_head)


def revision_of(connection: Connection) -> str | None:
    """Return the revision that the schema is at; None if there is none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def list_revisions(connection: Connection) -> list[str]:
    """Return every revision that this program knows, the newest first."""
    scripts = ScriptDirectory.from_config(_config(connection))
    return [step.revision for step in scripts.walk_revisions()]


def bring_to(connection: Connection, revision: str) -> None:
    """Bring the schema to the revision, in the caller's transaction.

    Raises: Invalid for one that there is not.
    """
    config = _config(connection)
    current = revision_of(connection)
    known = list_revisions(connection)
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


def _config(connection: Connection) -> Config:
    config = Config(str(_INI))
    config.attributes["connection"] = connection
    return config


def _at_head(connection: Connection) -> bool:
    return revision_of(connection) == list_revisions(connection)[0]

"""The schema goes up and down on both engines, and is the one that the tables describe."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.base import Base
from app.db.engine import create_engine
from app.db.migrate import is_current, migrate
from app.errors import Invalid
from app.settings import Settings


@pytest_asyncio.fixture
async def engine(empty_database_url: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An engine on a database without any table."""
    settings = Settings.model_validate({"home": tmp_path, "DATABASE_URL": empty_database_url})
    made = create_engine(settings.database_url)
    yield made
    await made.dispose()


async def tables_of(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_the_schema_is_what_the_tables_describe(engine: AsyncEngine) -> None:
    await migrate(engine)

    def differences(connection: Connection) -> list[Any]:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        return list(found)

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_schema_goes_down_to_nothing_and_up_again(engine: AsyncEngine) -> None:
    await migrate(engine)
    await migrate(engine, "base")
    assert await tables_of(engine) <= {"alembic_version"}
    assert not await is_current(engine)

    await migrate(engine)
    assert await is_current(engine)
    assert set(Base.metadata.tables) <= await tables_of(engine)


async def test_a_revision_that_there_is_not_is_refused_in_words(engine: AsyncEngine) -> None:
    await migrate(engine)

    with pytest.raises(Invalid, match="There is no revision “nonsense”"):
        await migrate(engine, "nonsense")

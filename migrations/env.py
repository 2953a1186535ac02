"""Runs migrations on the connection given by app.db.migrate, or on the address of the settings."""

import asyncio
from importlib import import_module

from alembic import context
from sqlalchemy import Connection

from app.db.base import Base
from app.db.engine import create_engine
from app.settings import Settings

# Importing the package registers every table.
import_module("app.db.tables")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run_on_settings() -> None:
    engine = create_engine(Settings().database_url)
    async with engine.connect() as connection:
        await connection.execution_options(writes=True)
        await connection.run_sync(_run)
        await connection.commit()
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    asyncio.run(_run_on_settings())

"""The servers, databases and peers that other tests stand on do what they promise."""

from pathlib import Path

import httpx
import pytest
import redis.asyncio
from playwright.async_api import Browser
from sqlalchemy import func, inspect, select, text

from app.db.engine import Database, create_engine
from app.db.migrate import is_current
from app.db.tables.people import Member
from app.settings import Settings
from tests.conftest import OpenBrowser
from tests.house.servers import ANSWER_S, LiveServer, Redis


@pytest.mark.parametrize("which", ["first", "second"])
async def test_each_test_has_a_migrated_database_to_itself(database: Database, which: str) -> None:
    assert await is_current(database.engine)
    async with database.write() as work:
        assert await work.session.scalar(select(func.count()).select_from(Member)) == 0
        work.session.add(Member(name=which, email=f"{which}@example.org"))


async def test_an_empty_database_has_no_table(empty_database_url: str, tmp_path: Path) -> None:
    settings = Settings.model_validate({"home": tmp_path, "DATABASE_URL": empty_database_url})
    engine = create_engine(settings.database_url)
    async with engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()

    assert tables == []


@pytest.mark.engine("postgresql")
async def test_postgresql_is_the_real_one(database: Database) -> None:
    async with database.read() as session:
        assert "PostgreSQL" in str(await session.scalar(text("SELECT version()")))


async def test_a_redis_comes_back_on_its_port_after_a_kill(own_redis: Redis) -> None:
    own_redis.process.kill()
    own_redis.start()

    async with redis.asyncio.from_url(own_redis.url) as client:
        assert await client.ping()


def test_a_server_comes_back_after_a_kill(live_server: LiveServer) -> None:
    live_server.kill()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{live_server.url}/healthz")

    live_server.start()

    assert httpx.get(f"{live_server.url}/healthz", timeout=ANSWER_S).status_code == httpx.codes.OK


async def test_a_browser_shows_a_page(browser: Browser, open_browser: OpenBrowser) -> None:
    page = await (await open_browser()).new_page()
    await page.set_content("<p>States should ensure access.</p>")

    assert await page.inner_text("p") == "States should ensure access."
    assert browser.is_connected()

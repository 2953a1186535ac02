"""Fixtures of the exports' tests: typefaces."""

from pathlib import Path

import pytest

from app.settings import Settings
from tests.exports import fonts


@pytest.fixture(scope="session")
def fonts_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of typefaces that the PDF is set in."""
    return fonts.lay_out(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def settings(database_url: str, tmp_path: Path, fonts_dir: Path) -> Settings:
    """Settings with the typefaces of the front end's packages."""
    return Settings.model_validate(
        {"home": tmp_path / "home", "DATABASE_URL": database_url, "fonts_dir": fonts_dir}
    )

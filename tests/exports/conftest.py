"""Fixtures of the exports' tests: typefaces."""

from pathlib import Path

import pytest

from tests.exports import fonts


@pytest.fixture(scope="session")
def fonts_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of typefaces that the PDF is set in."""
    return fonts.lay_out(tmp_path_factory.mktemp("fonts"))

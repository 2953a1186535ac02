"""The committed description of the HTTP API is that of the application."""

from tests.house.openapi import description
from tests.house.servers import REPOSITORY


def test_the_committed_description_is_the_application_s_own() -> None:
    committed = (REPOSITORY / "contracts/openapi.json").read_text(encoding="utf-8")

    assert committed == description(), "The API changed: run `make api` and commit what it writes."

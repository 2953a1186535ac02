"""The committed description of the HTTP API, and the pages' client, are the application's own."""

import subprocess

from tests.house.needs import missing
from tests.house.openapi import description
from tests.house.peers import peers_can_run
from tests.house.servers import REPOSITORY

REMEDY = "The API changed: run `make api` and commit what it writes."


def test_the_committed_description_is_the_application_s_own() -> None:
    committed = (REPOSITORY / "contracts/openapi.json").read_text(encoding="utf-8")

    assert committed == description(), REMEDY


def test_the_pages_client_is_made_from_the_committed_description() -> None:
    if not peers_can_run():
        missing("Node and the front end's packages", "install Node and run make")
    frontend = REPOSITORY / "frontend"
    committed = (frontend / "src/api/generated.ts").read_text(encoding="utf-8")
    made = subprocess.run(
        ["node_modules/.bin/openapi-typescript", "../contracts/openapi.json"],
        cwd=frontend,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert committed.strip() == made.strip(), REMEDY

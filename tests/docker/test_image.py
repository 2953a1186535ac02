"""The steps of the Dockerfile, carried out in clean folders, give a server that answers."""

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.architecture.sources import REPOSITORY
from tests.docker.dockerfile import Stage, Step, build, is_ignored, steps_of
from tests.house.needs import missing
from tests.house.servers import ANSWER_S, ServerProcess, free_port

SCRIPTS = ("NotoSerif-Regular", "NotoNaskhArabic-Regular", "NotoSerifSC-Regular")


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return steps_of((REPOSITORY / "Dockerfile").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def image(steps: list[Step], tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The last stage, built from what is committed or about to be."""
    if shutil.which("npm") is None:
        missing("npm", "install Node")
    folder = tmp_path_factory.mktemp("image")
    _copy_context(folder / "context")
    return build(steps, folder / "context", folder)


@pytest.mark.slow
def test_the_image_serves_the_pages_and_is_healthy(image: Stage) -> None:
    port = free_port()
    environment = {**image.variables, "PORT": str(port), "RAPPORTEUR_HOST": "127.0.0.1"}
    server = ServerProcess(image.command, env=environment, cwd=image.place("."))
    try:
        server.wait_answering(f"http://127.0.0.1:{port}/readyz")
        page = httpx.get(f"http://127.0.0.1:{port}/", timeout=ANSWER_S)
        health = subprocess.run(
            [image.rooted(part) for part in image.health],
            env=environment,
            cwd=image.place("."),
            check=False,
        )
    finally:
        server.stop()

    assert "<title>" in page.text
    assert health.returncode == 0


@pytest.mark.slow
def test_the_image_holds_the_typefaces_and_no_tools_for_tests(image: Stage) -> None:
    fonts = {path.stem for path in image.place("frontend/dist/fonts").glob("*.ttf")}
    packages = {path.name.partition("-")[0] for path in image.place(".venv").rglob("*.dist-info")}

    assert fonts.issuperset(SCRIPTS)
    assert "fastapi" in packages
    assert packages.isdisjoint({"pytest", "playwright", "mypy"})


def test_the_image_does_not_run_as_root(steps: list[Step]) -> None:
    users = [step.rest for step in steps if step.verb == "USER"]

    assert users
    assert not users[-1].startswith(("root", "0"))


def test_the_health_check_asks_the_right_address(steps: list[Step]) -> None:
    checks = [step.rest for step in steps if step.verb == "HEALTHCHECK"]

    assert len(checks) == 1
    assert "/healthz" in checks[0]


def _copy_context(context: Path) -> None:
    patterns = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for path in listed:
        if path and not is_ignored(path, patterns) and (REPOSITORY / path).is_file():
            (context / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / path, context / path)

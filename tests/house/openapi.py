"""Writes the description of the HTTP API: `python -m tests.house.openapi FILE`."""

import json
import sys
from pathlib import Path

from app.main import create_app
from app.settings import Settings


def description() -> str:
    """Return the OpenAPI document of the application as text, keys sorted."""
    app = create_app(Settings.model_validate({}))
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(description(), encoding="utf-8")

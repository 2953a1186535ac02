"""What the machine must have for some tests: missing, they are skipped loudly, and fail in CI."""

import os
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
MISSING = "Missing here: "


def missing(what: str, remedy: str) -> NoReturn:
    """Skip the test for want of something; `remedy` says how to get it. In CI it fails instead."""
    sentence = f"{MISSING}{what} ({remedy})"
    if IN_CI:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)

"""Real editing traces as the updates of the one who typed them."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from app.ids import new_paragraph_id
from benchmarks.load.clients import empty_text

_FOLDER = Path(__file__).resolve().parents[2] / "tests" / "data"


@cache
def trace_rows(name: str) -> tuple[bytes, ...]:
    """Return one update for each step of a trace, typed into the one paragraph of a section.

    Line ends become spaces: a paragraph holds none.
    """
    doc = empty_text()
    body = doc["body"]
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(event.update))
    with doc.transaction():
        body.insert_embed(0, {"b": 1}, {"b.id": new_paragraph_id(), "b.kind": "para"})
    text = ""
    for step in _steps(name):
        with doc.transaction():
            for place, deleted, inserted in step["patches"]:
                text = _patch(body, text, (place, deleted, inserted.replace("\n", " ")))
    doc.unobserve(subscription)
    return tuple(made)


def _patch(body: Any, text: str, patch: tuple[int, int, str]) -> str:
    place, deleted, inserted = patch
    end = place + deleted
    # The library counts bytes of UTF-8, and the paragraph's own marker as one.
    at = 1 + len(text[:place].encode())
    if deleted:
        del body[at : at + len(text[place:end].encode())]
    if inserted:
        body.insert(at, inserted, {})
    return text[:place] + inserted + text[end:]


def _steps(name: str) -> list[dict[str, Any]]:
    with gzip.open(_FOLDER / f"{name}.json.gz") as source:
        steps: list[dict[str, Any]] = json.load(source)["txns"]
    return steps

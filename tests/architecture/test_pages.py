"""The pages say nothing that is not in the list of words, and their parts are small."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import Source, every_source
from tests.house.needs import missing
from tests.house.peers import peers_can_run

READER = Path(__file__).with_name("pages.mjs")
LONG = "export function long(): void {\n" + "  go();\n" * 40 + "}\n"
BAD = {
    "words": [
        "export const A = () => <p>Nobody is here</p>;",
        'export const A = () => <p>{is ? "Agreed" : null}</p>;',
        'export const A = () => <button aria-label="Close" />;',
        'export const A = () => <Field label={"Your name"} />;',
    ],
    "size": [LONG],
}
GOOD = {
    "words": [
        'export const A = () => <p className="quiet">{t("desk.nobody")}</p>;',
        'export const A = () => <p>{state === "agreed" ? t("agreed") : "·"}</p>;',
        "export const A = () => <b>✓ 1</b>;",
    ],
    "size": [LONG.replace("  go();\n", "", 2)],
}


def _faults(sources: list[Source]) -> list[dict[str, Any]]:
    if not peers_can_run():
        missing("Node and the front end's packages", "install Node and run make")
    asked = json.dumps([{"path": source.path, "text": source.text} for source in sources])
    done = subprocess.run(
        ["node", str(READER)], input=asked, capture_output=True, text=True, check=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@cache
def _pages() -> list[str]:
    sources = [source for source in every_source() if source.is_under("frontend/src")]
    scripts = [source for source in sources if source.path.endswith((".ts", ".tsx"))]
    written = [
        source
        for source in scripts
        if ".test." not in source.path and not source.path.endswith("generated.ts")
    ]
    return [
        f"{fault['path']}:{fault['line']}: {fault['rule']}: {fault['sentence']}"
        for fault in _faults(written)
    ]


@pytest.mark.parametrize("rule", ["words", "size"])
def test_the_pages_keep(rule: str) -> None:
    found = [fault for fault in _pages() if f": {rule}: " in fault]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", ["words", "size"])
def test_the_rule_fires_on_what_it_forbids_only(rule: str) -> None:
    ending = {"words": "tsx", "size": "ts"}[rule]
    bad = [Source(f"bad{number}.{ending}", text) for number, text in enumerate(BAD[rule])]
    good = [Source(f"good{number}.{ending}", text) for number, text in enumerate(GOOD[rule])]

    faults = [fault["path"] for fault in _faults([*bad, *good]) if fault["rule"] == rule]

    assert faults == [source.path for source in bad]

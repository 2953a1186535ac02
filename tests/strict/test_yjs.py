"""What the server relays of a damaged update, yjs takes without a throw, and shows the same text.

MUTANTS_FOR_YJS says how many are tried, MUTANTS_SEED which.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.house.peers import NodePeer
from tests.strict.children import SEED, accepted, run_batches

MUTANTS = int(os.environ.get("MUTANTS_FOR_YJS", "5000"))
# Other mutants than those that are only proven: every new text is a chance.
FIRST = 100_000_000
LONG_S = 12 * 3600
_PER_LINE = 50
StartPeer: TypeAlias = Callable[..., Awaitable[NodePeer]]

pytestmark = [pytest.mark.peers]


@pytest.mark.timeout(LONG_S if MUTANTS > 30_000 else 120)
async def test_yjs_shows_what_the_server_shows(start_peer: StartPeer, tmp_path: Path) -> None:
    yjs = await start_peer("mutants.mjs")
    seen = 0
    for so_far in run_batches(MUTANTS, FIRST, tmp_path):
        assert so_far.faults == []
        cases = accepted(tmp_path)
        for start in range(0, len(cases), _PER_LINE):
            await compare(yjs, cases[start : start + _PER_LINE])
        seen += len(cases)

    assert seen > MUTANTS / 10


async def compare(yjs: NodePeer, cases: list[dict[str, Any]]) -> None:
    """Fail unless yjs shows each case as the server does."""
    told = await yjs.ask("take", cases=cases)
    for case, taken in zip(cases, told["taken"], strict=True):
        where = f"SEED={SEED} state={case['state']} relayed={case['relayed']}"
        assert "fault" not in taken, f"{taken['fault']} {where}"
        assert taken["shown"] == case["shown"], where

"""Programs in Node with stock sync clients, told what to do line by line."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any, Self

from tests.house.servers import REPOSITORY

ANSWER_S = 180
_RESOLVE = Path(__file__).with_name("resolve_from_frontend.mjs")
_SCRIPTS = REPOSITORY / "tests" / "peers"


def peers_can_run() -> bool:
    """Return whether this machine has Node and the packages that the scripts import."""
    return shutil.which("node") is not None and (REPOSITORY / "frontend/node_modules").is_dir()


class NodePeer:
    """A running script of tests/peers: one JSON object per line in, one per line out."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, script: str, **facts: Any) -> Self:
        """Start tests/peers/`script` with Node; it finds `facts` as JSON in PEER_FACTS."""
        process = await asyncio.create_subprocess_exec(
            "node",
            f"--import={_RESOLVE}",
            str(_SCRIPTS / script),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PEER_FACTS": json.dumps(facts)},
            cwd=REPOSITORY,
            limit=16 * 1024 * 1024,
        )
        return cls(process)

    async def ask(self, verb: str, **facts: Any) -> dict[str, Any]:
        """Tell the script to do something and return its answer to that."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"verb": verb, **facts}).encode() + b"\n")
        await self._process.stdin.drain()
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """Return the next line that the script writes; fail if it ended or says nothing."""
        assert self._process.stdout is not None
        async with asyncio.timeout(ANSWER_S):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The peer ended with {await self._process.wait()}.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def stop(self) -> None:
        """End the script."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

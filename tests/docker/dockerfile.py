"""Reads the Dockerfile and carries out its steps in plain folders, one for each stage.

It stands in for a container engine as far as our file goes: COPY (from the context or a stage),
RUN (with `sh -c` in WORKDIR, ENV set), ENV, WORKDIR, CMD and HEALTHCHECK. Base images, USER and
VOLUME are the machine's. An absolute path of the image lies under the folder of its stage.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

# Downloads are kept between runs of the test; the image itself keeps none.
_LEFT_OUT = {"PIP_NO_CACHE_DIR"}


@dataclass(frozen=True)
class Step:
    """One instruction of the file."""

    verb: str
    rest: str


@dataclass
class Stage:
    """A stage as far as it was carried out: its folder, and what was declared in it."""

    root: Path
    workdir: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def place(self, path: str) -> Path:
        """Return where a path of the image lies on this machine."""
        return self.root / Path(self.workdir, path).relative_to("/")

    def rooted(self, text: str) -> str:
        """Return the text with paths under WORKDIR as they are on this machine."""
        return text.replace(self.workdir, str(self.place(".")))

    @property
    def variables(self) -> dict[str, str]:
        """The environment of its programs."""
        declared = {name: self.rooted(text) for name, text in self.environment.items()}
        return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **declared}


def steps_of(text: str) -> list[Step]:
    """Return the instructions, continued lines joined and comments dropped."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    split = [line.split(maxsplit=1) for line in joined.splitlines() if line.strip()]
    return [Step(verb.upper(), rest) for verb, rest in split]


def build(steps: list[Step], context: Path, folder: Path) -> Stage:
    """Carry out every step and return the last stage.

    Raises: subprocess.CalledProcessError if a RUN line fails, its output included.
    """
    stages: dict[str, Stage] = {}
    stage = Stage(folder)
    for step in steps:
        if step.verb == "FROM":
            name = step.rest.partition(" AS ")[2] or "last"
            stage = stages[name] = Stage(folder / name)
            stage.root.mkdir(parents=True)
        elif step.verb == "COPY":
            _copy(step.rest, stage, context, stages)
        else:
            _carry_out(step, stage)
    return stage


def _carry_out(step: Step, stage: Stage) -> None:
    match step.verb:
        case "WORKDIR":
            stage.workdir = step.rest
            stage.place(".").mkdir(parents=True, exist_ok=True)
        case "ENV":
            pairs = (part.partition("=") for part in shlex.split(step.rest))
            stage.environment |= {name: value for name, _, value in pairs if name not in _LEFT_OUT}
        case "RUN":
            _run(step.rest, stage)
        case "CMD":
            stage.command = json.loads(step.rest)
        case "HEALTHCHECK":
            stage.health = json.loads(step.rest.partition("CMD ")[2])
        case "USER" | "VOLUME" | "EXPOSE":
            pass
        case unknown:
            raise ValueError(f"This test does not know the instruction {unknown}.")


def _run(command: str, stage: Stage) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", stage.rooted(command)],
        cwd=stage.place("."),
        env=stage.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"RUN {command}\n{done.stdout}\n{done.stderr}")


def _copy(rest: str, stage: Stage, context: Path, stages: dict[str, Stage]) -> None:
    parts = rest.split()
    origin = context
    if parts[0].startswith("--from="):
        source_stage = stages[parts.pop(0).removeprefix("--from=")]
        origin = source_stage.root
    *sources, target = parts
    for source in sources:
        found = origin / source.lstrip("/")
        place = stage.place(target)
        if found.is_dir():
            shutil.copytree(found, place, dirs_exist_ok=True, symlinks=True)
        else:
            into = place / found.name if target.endswith("/") or place.is_dir() else place
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(found, into)


def is_ignored(path: str, patterns: list[str]) -> bool:
    """Return whether .dockerignore keeps this path, or a folder it lies in, out of the context."""
    parts = path.split("/")
    heads = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(_fits(head, pattern) for head in heads for pattern in patterns)


def _fits(path: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch(path.rpartition("/")[2], pattern.removeprefix("**/"))
    return fnmatch(path, pattern)

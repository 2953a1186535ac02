"""The sources of the project as values that a rule can look at."""

import ast
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One text file: its path from the root of the repository, and what is in it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed Python."""
        return ast.parse(self.text, self.path)

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem

    @property
    def lines(self) -> list[str]:
        """Its lines, without line ends."""
        return self.text.splitlines()

    def is_under(self, *folders: str) -> bool:
        """Return whether it is one of these files or lies in one of these folders."""
        return any(self.path == folder or self.path.startswith(f"{folder}/") for folder in folders)


@dataclass(frozen=True)
class Fault:
    """Where a rule is broken, and what to do instead."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        """As an editor can open it."""
        return f"{self.path}:{self.line}: {self.sentence}"


Rule = Callable[[Source], Iterable[Fault]]


@dataclass(frozen=True)
class Sample:
    """Code that breaks a rule, and code that looks like it and does not."""

    rule: Rule
    path: str
    bad: str
    good: str


def faults(rule: Rule, sources: Iterable[Source]) -> list[str]:
    """Return every fault that the rule finds, one line each."""
    return [str(fault) for source in sources for fault in rule(source)]


@cache
def every_source() -> tuple[Source, ...]:
    """Return each text file that is committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return tuple(_readable(path for path in listed if path))


def _readable(paths: Iterable[str]) -> Iterator[Source]:
    for path in sorted(set(paths)):
        try:
            text = (REPOSITORY / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        yield Source(path, text)


def python_sources(*folders: str) -> list[Source]:
    """Return the Python files in these folders."""
    found = [source for source in every_source() if source.path.endswith(".py")]
    return [source for source in found if source.is_under(*folders)]


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Give each call with the dotted name of what is called, as far as it has one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for an attribute chain; a call or a subscript inside stands as `()`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "()"


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give each imported module with its line; `from a import b` gives both `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def definitions(tree: ast.Module) -> Iterator[Definition]:
    """Give each class and function, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            yield node

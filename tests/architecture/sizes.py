"""Rules about size: what one sitting can read."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.architecture.sources import Fault, Source, definitions

FILE_LINES = 400
FUNCTION_LINES = 40
NESTING = 3
PACKAGE_FILES = 10

Function = ast.FunctionDef | ast.AsyncFunctionDef
_DEEPER = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def file_is_short(source: Source) -> Iterator[Fault]:
    """A file has at most 400 lines, whatever its language."""
    if len(source.lines) > FILE_LINES:
        sentence = f"{len(source.lines)} lines; split it by responsibility ({FILE_LINES} at most)."
        yield Fault(source.path, FILE_LINES + 1, sentence)


def function_is_short(source: Source) -> Iterator[Fault]:
    """A function has at most 40 lines, its docstring aside."""
    for node in _functions(source):
        length = _length(node)
        if length > FUNCTION_LINES:
            sentence = f"{node.name} has {length} lines; name its parts ({FUNCTION_LINES} at most)."
            yield Fault(source.path, node.lineno, sentence)


def nesting_is_shallow(source: Source) -> Iterator[Fault]:
    """Blocks lie at most three deep in a function."""
    for node in _functions(source):
        depth = max((_depth(child) for child in node.body), default=0)
        if depth > NESTING:
            sentence = f"{node.name} nests {depth} deep; return early or name the inner block."
            yield Fault(source.path, node.lineno, sentence)


def packages_are_small(sources: Iterable[Source]) -> list[Fault]:
    """A package has at most ten files beside its `__init__`."""
    folders = Counter(
        source.path.rpartition("/")[0] for source in sources if source.name != "__init__"
    )
    return [
        Fault(folder, 0, f"{count} files; make a package of some ({PACKAGE_FILES} at most).")
        for folder, count in folders.items()
        if count > PACKAGE_FILES
    ]


def _functions(source: Source) -> Iterator[Function]:
    for node in definitions(source.tree):
        if isinstance(node, Function):
            yield node


def _length(node: Function) -> int:
    assert node.end_lineno is not None
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return node.end_lineno - node.lineno + 1 - docstring


def _depth(node: ast.AST) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return 0
    inner = max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)
    if not isinstance(node, _DEEPER):
        return inner
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        # An elif lies beside its if, not inside it.
        body = max((_depth(child) for child in node.body), default=0)
        return max(body + 1, _depth(node.orelse[0]))
    return inner + 1

"""Rules about words: names from the glossary, docstrings that say something, nothing left over."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Fault, Source, definitions

_BANNED = {
    "manager": "say what it does",
    "handler": "name the thing that happens",
    "helper": "name what it gives",
    "util": "name what it gives",
    "utils": "name what it gives",
    "misc": "name what it gives",
    "data": "name the noun of the glossary",
    "info": "name the noun of the glossary",
    "process": "use the verb spoken in the hall",
    "flag": "name it is_, has_ or may_",
    "flags": "name each is_, has_ or may_",
}
_BANNED_FOR_FILES = {"common": "name what they share"}
_LEFT_OVER = re.compile(r"(?:#|//|/\*)\s*(TODO|FIXME|XXX|HACK)\b")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FIRST_LINE = 100
# Names that a library calls by.
_OF_LIBRARIES = {"data_received", "process_bind_param", "process_result_value"}


def names_are_spoken(source: Source) -> Iterator[Fault]:
    """No file, class or function is called by a word that says nothing."""
    yield from _banned(source.path, 1, source.name, {**_BANNED, **_BANNED_FOR_FILES})
    if source.path.endswith(".py"):
        for node in definitions(source.tree):
            if node.name not in _OF_LIBRARIES:
                yield from _banned(source.path, node.lineno, node.name, _BANNED)


def module_says_its_responsibility(source: Source) -> Iterator[Fault]:
    """A module begins with one line that says its one responsibility."""
    if not source.text.strip():
        return
    docstring = ast.get_docstring(source.tree) or ""
    first, _, rest = docstring.partition("\n")
    if not first.endswith((".", "?", "!")) or len(first) > _FIRST_LINE or rest.partition("\n")[0]:
        yield Fault(source.path, 1, "Begin with one line: the module's one responsibility.")


def nothing_is_left_over(source: Source) -> Iterator[Fault]:
    """Work that is still to do is not kept in comments."""
    for number, line in enumerate(source.lines, start=1):
        if _LEFT_OVER.search(line):
            yield Fault(source.path, number, "Do it, or leave it out: no notes to oneself.")


def _banned(path: str, line: int, name: str, banned: dict[str, str]) -> Iterator[Fault]:
    for word in _WORD.findall(name):
        remedy = banned.get(word.lower())
        if remedy is not None:
            yield Fault(path, line, f"`{name}`: not “{word.lower()}”; {remedy}.")

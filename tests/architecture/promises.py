"""Rules about tests: they wait for what happens, on the real thing, and none is left out."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Fault, Source, calls, dotted, imports

_SLEEPS = {"asyncio.sleep", "time.sleep", "anyio.sleep", "sleep"}
_SKIPS = {"pytest.skip", "pytest.importorskip", "pytest.xfail"}
_SKIP_MARKS = {"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}


def tests_wait_for_what_happens(source: Source) -> Iterator[Fault]:
    """No test sleeps: it waits for the event, pumps the wire or sets the clock."""
    for call, name in calls(source.tree):
        if name in _SLEEPS and not _yields_only(call):
            sentence = "Wait for what is to happen, with a time limit."
            yield Fault(source.path, call.lineno, sentence)
        if name.endswith(".wait_for_timeout"):
            sentence = "Wait for what the page is to show: `expect(...)` or `wait_for(...)`."
            yield Fault(source.path, call.lineno, sentence)


def tests_use_the_real_thing(source: Source) -> Iterator[Fault]:
    """No test puts a stand-in where our own code should run."""
    for line, module in imports(source.tree):
        if module.startswith(("unittest.mock", "pytest_mock", "mock")):
            sentence = "Use the real thing from conftest: databases, Redis, servers, browser."
            yield Fault(source.path, line, sentence)
    for call, name in calls(source.tree):
        if name.endswith("monkeypatch.setattr") and not _sets_a_limit(call):
            sentence = "Hand the part in, or use `clock.set_now`; our code is not patched."
            yield Fault(source.path, call.lineno, sentence)


def tests_are_not_left_out(source: Source) -> Iterator[Fault]:
    """Only the fixtures may skip, for want of a program, by `tests.house.needs.missing`."""
    if source.is_under("tests/house/needs.py"):
        return
    for call, name in calls(source.tree):
        if name in _SKIPS:
            yield Fault(source.path, call.lineno, "Say `tests.house.needs.missing(...)`.")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in _SKIP_MARKS:
            yield Fault(source.path, node.lineno, "Mend the test or remove it; none is left out.")


def _sets_a_limit(call: ast.Call) -> bool:
    """Return whether it sets a constant of a module, such as a limit, for this test."""
    second = call.args[1] if len(call.args) > 1 else None
    name = second.value if isinstance(second, ast.Constant) else None
    return isinstance(name, str) and name.isupper()


def _yields_only(call: ast.Call) -> bool:
    """Return whether it is `sleep(0)`, which lets other tasks run and takes no time."""
    return (
        len(call.args) == 1 and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    )

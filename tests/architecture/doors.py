"""Rules about doors: the one place where each dangerous thing is done."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Fault, Source, calls, dotted, imports

# Who may look a row up by its id without asking for rights: the doors, and the table's own package.
_OWNERS = {
    "WorkingGroup": ("app/accounts", "app/reports"),
    "Subgroup": ("app/accounts", "app/reports"),
    # The view is built after a commit, for a report that its caller came to by a door.
    "Report": ("app/reports", "app/plenary/facts.py"),
    "Section": ("app/reports", "app/rooms"),
    "Meeting": ("app/plenary",),
}
_EVERYWHERE = ("app/access", "app/demo", "app/cli.py", "app/operator_commands.py")
_WEB_EDGES = ("app/main.py", "app/access/web.py", "app/web", "app/services.py")
_CRDT = (
    "app/rooms",
    "app/text/from_crdt.py",
    "app/text/into_crdt.py",
    # A past text is replayed on documents of its own, never on a live one.
    "app/revisions",
    # The demonstration's authors write as clients do, before any server runs.
    "app/demo/typist.py",
)
_CLOCK = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
}
_ENVIRONMENT = {"os.environ", "os.getenv", "os.environb"}


def commit_has_one_place(source: Source) -> Iterator[Fault]:
    """Only the unit of work commits, the ledger, and the migrations."""
    if source.is_under("app/db/unit_of_work.py", "app/db/ledger.py", "app/db/migrate.py"):
        return
    for call, name in calls(source.tree):
        if name.endswith(".commit"):
            yield Fault(
                source.path, call.lineno, "Commit by leaving `database.write()` (db/unit_of_work)."
            )


def rows_come_through_access(source: Source) -> Iterator[Fault]:
    """A protected row is reached by id through app/access, or by the package that owns it."""
    for call, _ in calls(source.tree):
        table = _looked_up_by_id(call)
        if table is not None and not source.is_under(*_OWNERS[table], *_EVERYWHERE):
            yield Fault(
                source.path, call.lineno, f"Reach a {table} by its id through `app.access.load`."
            )


def routes_hold_no_query(source: Source) -> Iterator[Fault]:
    """Routes open a door, call a service and answer; they do not speak to the database."""
    if not source.name.endswith("routes"):
        return
    for line, module in imports(source.tree):
        if module in {"sqlalchemy", "app.db.tables"} or module.startswith("sqlalchemy."):
            yield Fault(source.path, line, "Put the query into the package's service.")


def web_stays_at_the_edge(source: Source) -> Iterator[Fault]:
    """Only routes, sockets and the wiring know the web framework."""
    at_edge = source.name.endswith(("routes", "socket", "sockets"))
    if at_edge or source.is_under(*_WEB_EDGES):
        return
    for line, module in imports(source.tree):
        if module.split(".")[0] in {"fastapi", "starlette"}:
            yield Fault(
                source.path, line, "Raise an AppError or return a value; the routes answer."
            )


def crdt_stays_in_its_rooms(source: Source) -> Iterator[Fault]:
    """Only rooms, the two doors of app/text and those that replay a log touch the CRDT."""
    if source.is_under(*_CRDT):
        return
    for line, module in imports(source.tree):
        if module.split(".")[0] in {"pycrdt", "y_py"}:
            yield Fault(
                source.path, line, "Read with `text.from_crdt`, write by `rooms.server_edit`."
            )


def clock_has_one_place(source: Source) -> Iterator[Fault]:
    """Only app/clock.py asks what time it is."""
    if source.is_under("app/clock.py"):
        return
    for call, name in calls(source.tree):
        if ".".join(name.split(".")[-2:]) in _CLOCK:
            yield Fault(source.path, call.lineno, "Ask `app.clock.now()`: tests can set it.")


def environment_is_read_once(source: Source) -> Iterator[Fault]:
    """Only app/settings.py reads the environment."""
    if source.is_under("app/settings.py"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in _ENVIRONMENT:
            yield Fault(source.path, node.lineno, "Add a field to `app.settings.Settings`.")


def migrations_stand_alone(source: Source) -> Iterator[Fault]:
    """A migration imports nothing of the application: it must still run when that has changed."""
    for line, module in imports(source.tree):
        if module.split(".")[0] == "app":
            yield Fault(source.path, line, "Write the tables out; a migration outlives the code.")


def _looked_up_by_id(call: ast.Call) -> str | None:
    """Return the protected table that the call gets a row of by its id, if it does."""
    name = dotted(call.func)
    if name.endswith("session.get") and call.args:
        table = dotted(call.args[0])
        return table if table in _OWNERS else None
    if not name.endswith((".where", ".filter")):
        return None
    columns = [_compared_column(node) for argument in call.args for node in ast.walk(argument)]
    for table in _OWNERS:
        # Bound to a parent that came through a door, the id cannot reach anything else.
        bound = any(column.startswith(f"{table}.") and column.endswith("_id") for column in columns)
        if f"{table}.id" in columns and not bound and _selects(call, table):
            return table
    return None


def _compared_column(node: ast.AST) -> str:
    is_equation = isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq)
    return dotted(node.left) if is_equation and isinstance(node, ast.Compare) else ""


def _selects(call: ast.Call, table: str) -> bool:
    for node in ast.walk(call.func):
        if isinstance(node, ast.Call) and dotted(node.func) in {"select", "update", "delete"}:
            return any(dotted(argument) == table for argument in node.args)
    return False

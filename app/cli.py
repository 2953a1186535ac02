"""The operator's commands: serve, people, tokens, reports, exports, checks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app import operator_commands as commands
from app.access.actor import Role, StakeholderGroup
from app.backups import commands as keeping
from app.db.embedded.private import write_private
from app.db.refusals import OTHER, reason_of
from app.errors import AppError, Invalid, Refused
from app.logs import configure_logs
from app.main import build_services
from app.services import Services
from app.serving.supervisor import Supervisor
from app.serving.worker import bound_socket, serve_alone
from app.settings import Settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False
)
member = typer.Typer(no_args_is_help=True, help="Members and their seats.")
report = typer.Typer(no_args_is_help=True, help="Reports.")
app.add_typer(member, name="member")
app.add_typer(report, name="report")

Command = Callable[[Services], Awaitable[Any]]


def main() -> None:
    """Run the command line; what goes wrong is told in one sentence."""
    try:
        app()
    except AppError as error:
        typer.secho(str(error), err=True, fg="red")
        raise SystemExit(1) from None
    except ValidationError as error:
        typer.secho(_settings_sentence(error), err=True, fg="red")
        raise SystemExit(2) from None
    except (OSError, SQLAlchemyError) as error:
        typer.secho(_outside_sentence(error), err=True, fg="red")
        raise SystemExit(1) from None


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Server processes.")] = None,
    with_demo: Annotated[bool, typer.Option("--demo", help="First do as `demo` does.")] = False,
) -> None:
    """Bring the schema up to date and serve until interrupted."""
    settings = _serving(host, port, workers)
    for line in _run(commands.demonstrate if with_demo else commands.bring_up_to_date, settings):
        typer.echo(line)
    typer.echo(f"Rapporteur is at {settings.address}")
    if settings.workers == 1:
        serve_alone(settings)
    else:
        configure_logs(as_json=settings.log_json)
        Supervisor(settings, settings.workers).run()


def _serving(host: str | None, port: int | None, workers: int | None) -> Settings:
    """Return the settings of what is to be served, after finding that it can be."""
    settings = Settings()
    given = {"host": host, "port": port, "workers": workers}
    settings = settings.model_copy(update={name: one for name, one in given.items() if one})
    if settings.workers > 1 and settings.is_embedded:
        raise Refused(
            "One process serves an SQLite database. Set DATABASE_URL to a PostgreSQL database "
            f"to run {settings.workers} workers."
        )
    try:
        bound_socket(settings.host, settings.port).close()
    except OSError as error:
        # Before links are printed that lead nowhere.
        reason = error.strerror or str(error)
        raise Refused(
            f"The server cannot listen on {settings.host}:{settings.port}: {reason}. "
            "Choose another PORT."
        ) from None
    return settings


@app.command("migrate")
def bring_up_to_date(revision: Annotated[str, typer.Argument()] = "head") -> None:
    """Bring the schema to a revision (the newest by default)."""
    _run(lambda services: commands.bring_up_to_date(services, revision))
    typer.echo(f"The schema is at {revision}.")


@app.command()
def demo() -> None:
    """Seed the demonstration unless it is there, and print a sign-in link for each of its roles."""
    for line in _run(commands.demonstrate):
        typer.echo(line)


@member.command("add")
def member_add(
    email: str,
    name: str,
    system_administrator: Annotated[bool, typer.Option("--system-administrator")] = False,
) -> None:
    """Make a person known, and print their one-time sign-in link."""
    typer.echo(_run(lambda s: commands.add_member(s, email, name, system_administrator)))


@member.command("invite")
def member_invite(
    working_group: Annotated[str, typer.Argument(help="Name or id; made if it is new.")],
    email: str,
    name: str,
    role: Annotated[list[Role] | None, typer.Option(help="May be given several times.")] = None,
    stakeholder_group: StakeholderGroup = StakeholderGroup.INTERNATIONAL_ORGANISATION,
) -> None:
    """Give a person a seat in a working group, and print their one-time sign-in link."""
    seat = commands.SeatAsked(email, name, tuple(role or [Role.MEMBER]), stakeholder_group)
    typer.echo(_run(lambda services: commands.invite(services, working_group, seat)))


@member.command("list")
def member_list() -> None:
    """Print every member with their seats."""
    for line in _run(commands.list_members):
        typer.echo(line)


@app.command()
def token(email: str, name: Annotated[str, typer.Option()] = "command line") -> None:
    """Print a new API token of the member."""
    typer.echo(_run(lambda services: commands.make_token(services, email, name)))


@report.command("list")
def report_list() -> None:
    """Print every report with its id."""
    for line in _run(commands.list_reports):
        typer.echo(line)


@app.command()
def export(
    report_id: str,
    output: Annotated[Path, typer.Argument(help="File to write; its ending is the format.")],
) -> None:
    """Write the whole report, as it stands, to a file (.docx, .pdf, .html, .md)."""
    if not output.parent.is_dir():
        raise Invalid(f"There is no folder {output.parent}.")
    written = output.suffix.lower().removeprefix(".")
    content: bytes = _run(lambda services: commands.export(services, report_id, written))
    write_private(output, content)
    typer.echo(f"Wrote {output} ({len(content)} bytes).")


@app.command("verify-log")
def verify_log() -> None:
    """Check every section's log and checkpoints; the exit code is 1 if any is damaged."""
    lines, is_damaged = _run(lambda services: keeping.verify_logs(services.database))
    _tell(lines)
    raise typer.Exit(1 if is_damaged else 0)


@app.command("back-up")
def back_up(
    path: Annotated[Path, typer.Argument(help="New file to write; nothing is overwritten.")],
) -> None:
    """Write everything to one file, also while the server runs, and read it back."""
    _tell(_run(lambda services: keeping.back_up(services.database, path)))


@app.command("check-back-up")
def check_back_up(path: Annotated[Path, typer.Argument(help="A back-up.")]) -> None:
    """Prove that a back-up is whole; the exit code is 1 if it is not."""
    _tell(keeping.check(path))


@app.command()
def restore(path: Annotated[Path, typer.Argument(help="A back-up.")]) -> None:
    """Take a back-up into an empty database of either engine, and compare: all of it or nothing."""
    _tell(_run(lambda services: keeping.restore(services.database, path)))


@app.command()
def compact(
    back_up_path: Annotated[
        str | None,
        typer.Option(
            "--needs-backup", help="Pack only what this back-up holds; `none` asks for no back-up."
        ),
    ] = None,
    report_id: Annotated[str | None, typer.Option("--report", help="Only this report.")] = None,
    unpack: Annotated[bool, typer.Option("--unpack", help="Undo it.")] = False,
) -> None:
    """Pack the old rows of the logs, losing nothing; the exit code is 1 if any log is damaged."""
    if unpack:
        _tell(_run(lambda services: keeping.unpack(services.database, report_id)))
        return
    if back_up_path is None:
        raise Invalid("Say which back-up holds the rows: --needs-backup FILE, or none.")
    path = None if back_up_path == "none" else Path(back_up_path)
    lines, is_sound = _run(lambda services: keeping.pack(services.database, report_id, path))
    _tell(lines)
    raise typer.Exit(0 if is_sound else 1)


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Services]:
    services = build_services(settings)
    try:
        yield services
    finally:
        await services.jobs.close()
        await services.rooms.close()
        await services.broker.close()
        await services.database.dispose()


def _run(command: Command, settings: Settings | None = None) -> Any:
    """Return what comes of a command, which waits for its database as long as it must."""
    patient = (settings or Settings()).model_copy(update={"database_patience_s": 0})

    async def run() -> Any:
        async with _opened(patient) as services:
            return await command(services)

    return asyncio.run(run())


def _settings_sentence(error: ValidationError) -> str:
    problem = error.errors()[0]
    name = ".".join(str(part) for part in problem["loc"])
    return f"A setting cannot be used: {name}: {problem['msg']}."


def _outside_sentence(error: OSError | SQLAlchemyError) -> str:
    if isinstance(error, DBAPIError):
        first = str(error.orig).partition("\n")[0]
        reason = reason_of(error)
        if reason not in (None, OTHER):
            return f"{reason} It says: {first}."
        return f"The database refuses: {first}. Has `rapporteur migrate` been run on it?"
    return f"That did not work: {error}."


if __name__ == "__main__":
    main()

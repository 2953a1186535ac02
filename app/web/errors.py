"""Renders every error in one place: a name, a sentence, and what is true now."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.db.away import MAYBE_AWAY, is_away
from app.errors import AppError
from app.logs import get_logger

log = get_logger(__name__)

_PLAIN = {
    404: ("NotFound", "There is nothing at this address."),
    408: ("TooSlow", "The rest of this request did not come in time. Please try again."),
    405: ("MethodNotAllowed", "This address does not take that kind of request."),
    413: ("TooLarge", "That is more than this server takes in one request."),
    429: ("TooMany", "Too many large requests are under way. Please try again in a moment."),
}
_AWAY_READING = "The database does not answer at the moment. Please try again in a moment."
# The connection may have broken after the change was made, and before the database could say so.
_AWAY_WRITING = (
    "The database does not answer at the moment. "
    "Look whether your change was made before you try again."
)


def install_error_pages(app: FastAPI) -> None:
    """Make the application answer every failure with the one error shape."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    for kind in MAYBE_AWAY:
        app.add_exception_handler(kind, _database_error)
    app.add_exception_handler(Exception, _bug)


def error_body(name: str, sentence: str, **facts: Any) -> dict[str, Any]:
    """Return the one shape of an error in JSON."""
    return {**facts, "error": name, "detail": sentence}


async def _app_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, AppError):
        raise error
    log.info("refused", error=type(error).__name__, sentence=str(error))
    body = error_body(type(error).__name__, str(error), **error.facts)
    return JSONResponse(body, error.status)


async def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = error.errors()
    sentence = validation_sentence(problems[0]) if problems else "The request cannot be understood."
    where = (
        []
        if problems and problems[0]["type"] == "json_invalid"
        else [".".join(str(part) for part in problem["loc"][1:]) for problem in problems]
    )
    return JSONResponse(error_body("Invalid", sentence, fields=where), 422)


def validation_sentence(problem: dict[str, Any]) -> str:
    """Return one validation problem as a sentence that names the field and what would be right."""
    if problem["type"] == "json_invalid":
        return "The body of the request is not valid JSON."
    place = ".".join(str(part) for part in problem["loc"] if part not in ("body", "query", "path"))
    said = str(problem["msg"]).removeprefix("Value error, ")
    said = said[0].upper() + said[1:] if said else "It cannot be understood"
    return f"{said.rstrip('.')}: {place}." if place else f"{said.rstrip('.')}."


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 400:
        # The framework's word for a body that broke its parser, such as one nested too deep.
        return JSONResponse(error_body("Invalid", "The request's body cannot be read."), 422)
    name, sentence = _PLAIN.get(error.status_code, ("HttpError", str(error.detail)))
    return JSONResponse(error_body(name, sentence), error.status_code, headers=error.headers)


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    if not is_away(error):
        raise error
    log.warning("database_away", path=request.url.path, error=str(error) or type(error).__name__)
    sentence = _AWAY_READING if request.method in ("GET", "HEAD") else _AWAY_WRITING
    return JSONResponse(error_body("Unavailable", sentence), 503, headers={"Retry-After": "2"})


async def _bug(request: Request, error: Exception) -> JSONResponse:
    log.error("bug", path=request.url.path, exc_info=error)
    sentence = "Something went wrong on the server. Nothing was changed; please try again."
    return JSONResponse(error_body("ServerError", sentence), 500)

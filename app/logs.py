"""Structured logging, bound to request, room and connection; secrets never pass."""

import logging
import re
import sys
from collections.abc import MutableMapping
from functools import partial
from typing import Any

import structlog

_SECRET = re.compile(r"(/screen/|/sign-in/link/|[?&]token=)[^/\s&\"']+")


def redact(text: str) -> str:
    """Return the text with screen tokens, one-time links and `?token=` values blanked."""
    return _SECRET.sub(r"\1[redacted]", text)


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


def _say_worker(
    worker: int | None, _: Any, __: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return event if worker is None else {"worker": worker, **event}


class _RedactingFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        return True


def configure_logs(*, as_json: bool, worker: int | None = None) -> None:
    """Set up structured logging for the process; standard logging goes to stderr, redacted.

    worker: its number among several, carried by every line.
    """
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False,
            # The default shows the values of local variables: texts, passwords, tokens.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            partial(_say_worker, worker),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info
            if as_json
            else structlog.processors.StackInfoRenderer(),
            _redact_event,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    stream = logging.StreamHandler(sys.stderr)
    stream.addFilter(_RedactingFilter())
    said = "" if worker is None else f"worker={worker} "
    stream.setFormatter(logging.Formatter(f"%(asctime)s {said}%(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[stream], force=True)


def get_logger(name: str) -> Any:
    """Return a logger that binds key=value pairs; name: the module's."""
    return structlog.get_logger(name)

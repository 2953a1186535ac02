"""What a field of a request may hold: checked text, in one place for every route."""

import unicodedata
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


class Asked(BaseModel):
    """The body of a request: unknown fields are refused, so that a misspelling is noticed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Shown(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True)


def _one_line(text: str) -> str:
    _refuse_controls(text, "\n\r\t")
    return " ".join(text.split())


def _free_text(text: str) -> str:
    _refuse_controls(text, "\n\t")
    return text


def _refuse_controls(text: str, allowed: str) -> None:
    # PostgreSQL cannot store NUL, and no control character has a meaning in a name or a reason.
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in allowed for char in text):
        raise ValueError("control characters are not allowed here")


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("this is not a time zone; write one such as Europe/Zurich")
    return name


def _with_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


_LINE = AfterValidator(_one_line)
_LINES = (AfterValidator(_with_line_ends), AfterValidator(_free_text))

Name = Annotated[str, StringConstraints(min_length=1, max_length=200), _LINE]
Title = Annotated[str, StringConstraints(min_length=1, max_length=500), _LINE]
Label = Annotated[str, StringConstraints(min_length=1, max_length=100), _LINE]
Symbol = Annotated[str, StringConstraints(max_length=100), _LINE]
Country = Annotated[str, StringConstraints(max_length=120), _LINE]
LongText = Annotated[str, StringConstraints(max_length=20_000), *_LINES]
Sentences = Annotated[str, StringConstraints(min_length=1, max_length=2_000), *_LINES]
Reason = Annotated[str, StringConstraints(max_length=2_000), *_LINES]
Zone = Annotated[str, StringConstraints(max_length=60), AfterValidator(_known_zone)]

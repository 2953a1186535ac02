"""The one family of errors: each has a name, a sentence for people, a status and a close code."""

from typing import Any, ClassVar

WS_POLICY = 1008
WS_UNAUTHORISED = 4401
WS_FORBIDDEN = 4403


class AppError(Exception):
    """Something that the asker can be told. `str(error)` is a whole sentence for people.

    facts: what is true now, merged into the JSON body beside `error` and `detail`.
    """

    status: ClassVar[int] = 500
    close_code: ClassVar[int] = WS_POLICY

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.facts = facts


class NotSignedIn(AppError):
    """Nobody is signed in, or the sign-in has ended."""

    status = 401
    close_code = WS_UNAUTHORISED


class Forbidden(AppError):
    """The thing is visible to the asker, but the act is not theirs."""

    status = 403
    close_code = WS_FORBIDDEN


class NotFound(AppError):
    """Absent or not yours: nobody can tell which from the answer."""

    status = 404
    close_code = WS_FORBIDDEN

    def __init__(self, sentence: str = "There is nothing here that you can see.") -> None:
        super().__init__(sentence)


class Refused(AppError):
    """The rules of procedure do not allow it now; the sentence says why."""

    status = 409


class TextMoved(Refused):
    """The text is no longer the one that was shown; the facts carry both."""


class TooLarge(AppError):
    """More bytes than this door takes."""

    status = 413
    close_code = 1009


class Invalid(AppError):
    """The request cannot be understood; the sentence says which part and what would be right."""

    status = 422


class TooMany(AppError):
    """Too many tries in too short a time."""

    status = 429


class Unavailable(AppError):
    """Something the server needs is away; trying again later may help."""

    status = 503
    close_code = 1013

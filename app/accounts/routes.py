"""Routes of signing in and out, of who I am, and of my keys."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.access.identify import COOKIE
from app.access.networks import network_of
from app.access.web import (
    ActorDep,
    ReadDep,
    WorkDep,
    check_origin,
    database_of,
    settings_of,
)
from app.accounts.keys import list_api_tokens, make_api_token, withdraw_api_token
from app.accounts.schemas import (
    ApiTokenAsked,
    ApiTokenMade,
    ApiTokenShown,
    LinkRedeemed,
    Me,
    NewPassword,
    SignInAsked,
    normal_email,
)
from app.accounts.shown import show_me
from app.accounts.sign_ins import (
    change_password,
    end_sign_in,
    sign_in_by_link,
    sign_in_by_password,
)
from app.accounts.tries import SignInLimit
from app.errors import Forbidden, NotSignedIn

router = APIRouter(tags=["accounts"])

_DAY_S = 86_400


def sign_in_cookie(request: Request, actor: ActorDep) -> str:
    """Return the cookie of the browser that asks.

    Raises: NotSignedIn; Forbidden for an API token, which must not be able to outlive itself.
    """
    cookie = request.cookies.get(COOKIE)
    if cookie is None or "authorization" in request.headers:
        raise Forbidden("Only somebody who has signed in may do this; an API token may not.")
    return cookie


CookieDep = Annotated[str, Depends(sign_in_cookie)]


@router.post("/sign-ins", status_code=201)
async def sign_in(asked: SignInAsked, request: Request, response: Response) -> Me:
    """Sign in with e-mail address and password."""
    check_origin(request)
    settings, limit = settings_of(request), _limit_of(request)
    address = network_of(request.client.host) if request.client else ""
    email = normal_email(asked.email)
    tried = await limit.count(address, email)
    try:
        opened = await sign_in_by_password(
            database_of(request), email, asked.password, settings.sign_in_days
        )
    except NotSignedIn:
        await limit.count_wrong(tried)
        raise
    await limit.forget(address, email)
    _set_cookie(request, response, opened.token)
    async with database_of(request).read() as session:
        return await show_me(session, opened.member_id)


@router.post("/sign-ins/by-link", status_code=201)
async def sign_in_once(
    asked: LinkRedeemed, request: Request, response: Response, work: WorkDep
) -> Me:
    """Sign in with a one-time link, which is good for nothing afterwards."""
    check_origin(request)
    opened = await sign_in_by_link(work, asked.token, settings_of(request).sign_in_days)
    _set_cookie(request, response, opened.token)
    return await show_me(work.session, opened.member_id)


@router.delete("/sign-ins/current", status_code=204)
async def sign_out(request: Request, response: Response, actor: ActorDep, work: WorkDep) -> None:
    """End this browser's sign-in."""
    cookie = request.cookies.get(COOKIE)
    if cookie is not None:
        await end_sign_in(work, cookie)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


@router.get("/me")
async def me(actor: ActorDep, session: ReadDep) -> Me:
    """Say who is signed in, with seats, roles and subgroups."""
    return await show_me(session, actor.member_id)


@router.put("/me/password", status_code=204)
async def new_password(
    asked: NewPassword, request: Request, actor: ActorDep, cookie: CookieDep
) -> None:
    """Set my password; ends my other sign-ins."""
    await change_password(database_of(request), actor.member_id, asked, cookie)


@router.get("/me/api-tokens")
async def my_api_tokens(actor: ActorDep, session: ReadDep) -> list[ApiTokenShown]:
    """List my API tokens, without their secrets."""
    rows = await list_api_tokens(session, actor.member_id)
    return [ApiTokenShown.model_validate(row, from_attributes=True) for row in rows]


@router.post("/me/api-tokens", status_code=201)
async def new_api_token(
    asked: ApiTokenAsked, actor: ActorDep, cookie: CookieDep, work: WorkDep
) -> ApiTokenMade:
    """Make an API token; its secret is shown this once."""
    row, token = await make_api_token(work, actor.member_id, asked.name)
    shown = ApiTokenShown.model_validate(row, from_attributes=True)
    return ApiTokenMade(**shown.model_dump(), token=token)


@router.delete("/me/api-tokens/{token_id}", status_code=204)
async def old_api_token(token_id: UUID, actor: ActorDep, cookie: CookieDep, work: WorkDep) -> None:
    """Withdraw one of my API tokens."""
    await withdraw_api_token(work, actor.member_id, token_id)


def _limit_of(request: Request) -> SignInLimit:
    limit: SignInLimit = request.app.state.services.sign_in_limit
    return limit


def _set_cookie(request: Request, response: Response, token: str) -> None:
    settings = settings_of(request)
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.sign_in_days * _DAY_S,
        path="/",
        secure=settings.secure_cookie,
        httponly=True,
        samesite="strict",
    )

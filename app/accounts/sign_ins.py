"""Signing in by password or one-time link, signing out, changing the password."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from app import clock
from app.access.secrets import new_token, token_hash
from app.accounts.members import touch_reports_of
from app.accounts.passwords import hash_password, is_password
from app.accounts.schemas import NewPassword, normal_email
from app.db.engine import Database
from app.db.tables import Member, OneTimeLink, SignIn
from app.db.unit_of_work import Work
from app.errors import Forbidden, Invalid, NotSignedIn

_WRONG = "The e-mail address or the password is wrong."
_SPENT = "This link has been used or has expired. Ask the secretariat for a new one."


@dataclass(frozen=True, slots=True)
class Opened:
    """A new sign-in: whose it is, and the secret for the cookie."""

    member_id: UUID
    token: str


async def sign_in_by_password(database: Database, email: str, password: str, days: int) -> Opened:
    """Open a sign-in for whoever has this e-mail address and password.

    Effects: the slow hash is computed outside of any transaction.
    Raises: NotSignedIn, the same and after the same time for an unknown address.
    """
    async with database.read() as session:
        found = select(Member).where(Member.email == normal_email(email))
        member = await session.scalar(found)
    stored = member.password_hash if member else None
    if not await is_password(password, stored) or member is None:
        raise NotSignedIn(_WRONG)
    async with database.write() as work:
        now_stored = await work.session.scalar(
            select(Member.password_hash).where(Member.id == member.id).with_for_update()
        )
        if now_stored != stored:
            raise NotSignedIn(_WRONG)
        return await open_sign_in(work, member.id, days)


async def sign_in_by_link(work: Work, token: str, days: int) -> Opened:
    """Open a sign-in for the owner of an unused, unexpired one-time link, and use the link up.

    Raises: NotSignedIn.
    """
    used = await work.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == token_hash(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(OneTimeLink.member_id)
    )
    member_id = used.scalar_one_or_none()
    if member_id is None:
        raise NotSignedIn(_SPENT)
    return await open_sign_in(work, member_id, days, by_link=True)


async def open_sign_in(work: Work, member_id: UUID, days: int, *, by_link: bool = False) -> Opened:
    """Open a sign-in of so many days, and forget the member's expired ones."""
    now = clock.now()
    await work.session.execute(
        delete(SignIn).where(SignIn.member_id == member_id, SignIn.expires_at <= now)
    )
    token = new_token()
    opened = SignIn(
        member_id=member_id,
        token_hash=token_hash(token),
        by_link=by_link,
        expires_at=now + timedelta(days=days),
    )
    work.session.add(opened)
    return Opened(member_id, token)


async def end_sign_in(work: Work, cookie: str) -> None:
    """End the sign-in of this cookie, if there is one.

    Effects: the live documents that were opened with it are closed.
    """
    ended = await work.session.execute(
        delete(SignIn).where(SignIn.token_hash == token_hash(cookie)).returning(SignIn.member_id)
    )
    member_id = ended.scalar_one_or_none()
    if member_id is not None:
        await touch_reports_of(work, member_id)


async def change_password(
    database: Database, member_id: UUID, asked: NewPassword, cookie: str
) -> None:
    """Set the member's password.

    The present one must be given, unless there is none or the member came by a one-time link.
    Effects: ends the member's other sign-ins, the live documents that were opened with them, and
    unused links.
    Raises: Forbidden when the present password is wrong; Invalid when it is missing.
    """
    stored = await _password_to_prove(database, member_id, cookie)
    if stored is not None and asked.current is None:
        raise Invalid("Please give your present password as well.")
    if stored is not None and not await is_password(asked.current or "", stored):
        raise Forbidden("The present password is wrong.")
    hashed = await hash_password(asked.new)
    async with database.write() as work:
        changed = update(Member).where(Member.id == member_id).values(password_hash=hashed)
        await work.session.execute(changed)
        await work.session.execute(
            delete(SignIn).where(
                SignIn.member_id == member_id, SignIn.token_hash != token_hash(cookie)
            )
        )
        await work.session.execute(
            delete(OneTimeLink).where(
                OneTimeLink.member_id == member_id, OneTimeLink.used_at.is_(None)
            )
        )
        await touch_reports_of(work, member_id)


async def _password_to_prove(database: Database, member_id: UUID, cookie: str) -> str | None:
    async with database.read() as session:
        by_link = await session.scalar(
            select(SignIn.by_link).where(SignIn.token_hash == token_hash(cookie))
        )
        if by_link:
            return None
        stored = select(Member.password_hash).where(Member.id == member_id)
        return await session.scalar(stored)

"""Messages in the inbox; written inside the transaction of what they tell about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.paging import Page, paginate
from app.hall.db.transaction import transaction
from app.hall.errors import NotFound
from app.identity.actor import Actor
from app.identity.mail.service import mail_member
from app.identity.notifications.models import Notification
from app.identity.organisations.directory import members_of, members_with_role


def notify_member(member_id: int, code: str, url: str = "", *, by_mail: bool = False, **params: Any) -> None:
    """Tell one member; `code` names the sentence, `params` must be plain JSON values.

    What lapses unless somebody answers goes out `by_mail` too.
    """
    with transaction():
        if by_mail:
            mail_member(member_id, code, url, **params)
        db.session.add(
            Notification(member_id=member_id, code=code, params=params, url=url, created_at=clock.now())
        )


def notify_organisation(
    organisation_id: int, code: str, url: str = "", roles: Iterable[str] | None = None, **params: Any
) -> None:
    """Tell every active member of an organisation, or only those with one of `roles`."""
    with transaction():
        for member in members_of(organisation_id, roles):
            notify_member(member.id, code, url, **params)


def notify_role(role: str, code: str, url: str = "", **params: Any) -> None:
    """Tell everybody who holds `role`."""
    with transaction():
        for member in members_with_role(role):
            notify_member(member.id, code, url, **params)


def count_unread(member_id: int) -> int:
    query = sa.select(sa.func.count()).where(
        Notification.member_id == member_id, Notification.read_at.is_(None)
    )
    return db.session.scalar(query) or 0


def list_notifications(actor: Actor, page: int = 1, per_page: int = 20, unread_only: bool = False) -> Page:
    query = sa.select(Notification).where(Notification.member_id == actor.member_id)
    if unread_only:
        query = query.where(Notification.read_at.is_(None))
    return paginate(query.order_by(Notification.created_at.desc(), Notification.id.desc()), page, per_page)


def newest(actor: Actor, most: int) -> list[Notification]:
    """The last messages, without how many there are in all."""
    query = sa.select(Notification).where(Notification.member_id == actor.member_id)
    query = query.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(most)
    return list(db.session.scalars(query))


def mark_read(actor: Actor, notification_id: int) -> str:
    """Mark one message as read; answers where it leads."""
    with transaction():
        row = db.session.get(Notification, notification_id)
        if row is None or row.member_id != actor.member_id:
            raise NotFound("notification_not_found")
        row.read_at = row.read_at or clock.now()
        return row.url


def mark_all_read(actor: Actor) -> list[int]:
    """Everything unread is read; answers which messages that were."""
    unread = sa.select(Notification.id).where(
        Notification.member_id == actor.member_id, Notification.read_at.is_(None)
    )
    with transaction():
        ids = list(db.session.scalars(unread.order_by(Notification.id)))
        read = sa.update(Notification).where(
            Notification.member_id == actor.member_id, Notification.read_at.is_(None)
        )
        db.session.execute(read.values(read_at=clock.now()))
    return ids


def mark_unread(actor: Actor, ids: Sequence[int]) -> None:
    """The reader's own messages are new again."""
    own = sa.update(Notification).where(
        Notification.id.in_(list(ids)), Notification.member_id == actor.member_id
    )
    with transaction():
        db.session.execute(own.values(read_at=None))


def slice_notifications(
    actor: Actor, limit: int, offset: int, unread_only: bool = False
) -> tuple[list[Notification], int]:
    """Messages by offset (API), newest first, and how many there are."""
    query = sa.select(Notification).where(Notification.member_id == actor.member_id)
    if unread_only:
        query = query.where(Notification.read_at.is_(None))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(Notification.created_at.desc(), Notification.id.desc())
    return list(db.session.scalars(newest.limit(limit).offset(offset))), total

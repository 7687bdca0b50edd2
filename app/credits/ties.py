"""What credits know of an organisation, and do when it is joined or leaves: an account is frozen, never re-pointed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.credits.claims.models import Claim
from app.credits.ledger.accounts import account_summary, available_credits, balance
from app.credits.ledger.models import Account
from app.credits.park import service as proposals
from app.credits.park.models import Proposal
from app.hall.db.base import db
from app.hall.db.counting import how_many
from app.identity import door as identity
from app.identity.door import Actor, FirstStep, Line, Move, OpenThing, Ties, register_ties, roles


def lines(actor: Actor, organisation_id: int) -> Sequence[Line]:
    """Balance and claims, for the firm itself and who may see every account."""
    own = actor.organisation_id == organisation_id and actor.may(roles.SEES_OWN_CREDITS)
    if not own and not actor.may(roles.SEES_ALL_CREDITS):
        return ()
    summary = account_summary(organisation_id)
    if summary.account_id is None:
        return ()
    approved = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Claim)
        .where(Claim.organisation_id == organisation_id, Claim.state == "approved")
    )
    return (
        Line(_("可用积分"), f"{summary.available_credits:,}"),
        Line(_("累计获得"), f"{summary.lifetime_earned_credits:,}"),
        Line(_("已批准的申报"), str(approved or 0)),
    )


def open_things(organisation_id: int, _day: dt.date) -> Sequence[OpenThing]:
    """Unspent credits, holds and claims under way."""
    free, held = balance(organisation_id)
    waiting = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Claim)
        .where(
            Claim.organisation_id == organisation_id, Claim.state.in_(("submitted", "returned", "appealed"))
        )
    )
    return (
        OpenThing(
            _("未用积分"),
            free,
            _("最后一天前可以兑换；当天账户冻结，积分按原日期失效"),
            url_for("credits.account"),
        ),
        OpenThing(_("兑换中暂扣的积分"), held, _("兑换照常兑现或退回")),
        OpenThing(_("审核中的申报"), int(waiting or 0), _("照常审核，结果留档")),
    )


def _freeze(organisation_id: int, frozen: bool) -> Account | None:
    account = db.session.scalar(sa.select(Account).where(Account.organisation_id == organisation_id))
    if account is not None:
        db.session.execute(sa.update(Account).where(Account.id == account.id).values(frozen=frozen))
    return account


def left(organisation_id: int, _day: dt.date) -> None:
    _freeze(organisation_id, True)


def joined(actor: Actor, move: Move) -> None:
    """The joined account is frozen; a second person lets its unspent credits follow, each with its own last day."""
    account = _freeze(move.from_id, True)
    if account is None or not available_credits(move.from_id):
        return
    one, into = identity.get_organisation(move.from_id), identity.get_organisation(move.into_id)
    payload = {
        "from_id": one.id,
        "into_id": into.id,
        "from": one.code,
        "into": into.code,
        "join_id": move.join_id,
    }
    proposals.propose(
        actor, "lots", one.code, payload, _("%(one)s并入%(into)s", one=one.name_zh, into=into.name_zh)
    )


def parted(actor: Actor, move: Move) -> None:
    """The account is open again; credits that had followed and are not spent go back by a proposal of their own."""
    _freeze(move.from_id, False)
    rows = db.session.scalars(sa.select(Proposal).where(Proposal.kind == "lots")).all()
    for row in rows:
        if row.payload.get("join_id") != move.join_id or row.payload.get("back"):
            continue
        if row.state == "proposed":
            row.state, row.decided_by, row.decision_reason = "rejected", _another(row, actor), _("合并已撤销")
        elif row.state == "approved":
            payload = {
                "from_id": move.into_id,
                "into_id": move.from_id,
                "from": row.payload["into"],
                "into": row.payload["from"],
                "join_id": move.join_id,
                "back": row.id,
            }
            proposals.propose(actor, "lots", row.payload["into"], payload, _("合并已撤销"))


def _another(row: Proposal, actor: Actor) -> int:
    """Whoever takes a joining back ends its proposal; the one who made it cannot sign that, another of the park does."""
    if row.proposed_by != actor.member_id:
        return actor.member_id
    others = [one.id for one in identity.members_of(actor.organisation_id) if one.id != row.proposed_by]
    return others[0]


def steps(organisation_id: int) -> Sequence[FirstStep]:
    """The first claim."""
    return (
        FirstStep("claim", how_many(Claim.organisation_id == organisation_id), url_for("credits.claim_list")),
    )


def register() -> None:
    register_ties(
        "credits",
        Ties(
            _l("创新积分"),
            lines=lines,
            open_things=open_things,
            joined=joined,
            parted=parted,
            left=left,
            steps=steps,
        ),
    )

"""The demo park is one that a director believes: nobody waits in any queue for a season."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.credits.claims.models import Claim
from app.credits.rewards.models import Redemption
from app.ecosystem.market.models import Post
from app.hall import clock
from app.hall.db.base import db
from app.identity.facts.models import OrganisationChange
from app.identity.organisations.models import Organisation
from app.sharing.bookings.models import Booking
from tests.factories import Park

LONGEST_WAIT = dt.timedelta(days=45)
QUEUES = (
    sa.select(Organisation.code, Organisation.created_at).where(Organisation.status == "pending"),
    sa.select(OrganisationChange.id, OrganisationChange.at).where(OrganisationChange.state == "waits"),
    sa.select(Claim.id, Claim.submitted_at).where(Claim.state.in_(("submitted", "appealed"))),
    sa.select(Redemption.id, Redemption.requested_at).where(Redemption.state.in_(("requested", "approved"))),
    sa.select(Booking.id, Booking.created_at).where(Booking.state == "requested"),
    sa.select(Post.id, Post.submitted_at).where(Post.state == "draft", Post.submitted_at.is_not(None)),
)


def test_nobody_waits_for_a_season(demo_park: Park) -> None:
    with demo_park.app.app_context():
        now, late, seen = clock.now(), [], 0
        for query in QUEUES:
            for number, since in db.session.execute(query):
                seen += 1
                if now - since > LONGEST_WAIT:
                    late.append((str(query.columns_clause_froms[0]), number, (now - since).days))
    assert seen >= 5  # there is something to decide
    assert late == []

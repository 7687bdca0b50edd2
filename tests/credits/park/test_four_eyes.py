"""Nobody signs alone: every kind of proposal is put before every role, and before whoever holds all of them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from app.credits.claims import review
from app.credits.park import service as proposals
from app.credits.park.models import Proposal
from app.credits.rewards import service as redemptions
from app.hall.db.base import Base, db
from app.hall.db.transaction import transaction
from app.hall.errors import Refusal
from app.identity.roles import PROPOSES_CREDIT_CHANGES, ROLES
from tests.credits.conftest import REWARD, RULE, CreditsPark

# Every pair of columns that must name two people, in every room; a table that gets such a pair tomorrow belongs here.
PAIRS = {
    "appeal": ("decided_by <> rejected_by", "decided_by <> appealed_by"),
    "claim": ("decided_by <> submitted_by",),
    "clock_rule_version": ("approved_by_id <> proposed_by_id",),
    "earn_rule": ("approved_by <> proposed_by",),
    "erasure": ("decided_by_id <> asked_by_id", "decided_by_id <> member_id"),
    "fact": ("confirmed_by <> recorded_by",),
    "insight_codebook": ("approved_by_id <> proposed_by_id",),
    "insight_weights": ("approved_by_id <> proposed_by_id",),
    "outcome": ("confirmed_by <> recorded_by",),
    "playbook": ("approved_by_id <> made_by_id",),
    "policy_version": ("approved_by <> imported_by",),
    "proposal": ("decided_by <> proposed_by",),
    "redemption": ("decided_by <> requested_by",),
    "starter_set": ("decided_by_id <> by_id",),
    "survey_version": ("reviewed_by <> written_by",),
}


def propose(park: CreditsPark, kind: str, login: str, number: int) -> int:
    """One proposal of each kind, as its own page makes it."""
    actor = park.actor(login)
    with park.app.app_context():
        if kind == "earn_rule":
            row = proposals.propose_rule(actor, f"rule_{number}", {**RULE, "credits": 5}, "新规则")
        elif kind == "reward":
            row = proposals.propose_reward(actor, f"reward_{number}", {**REWARD, "cost_credits": 5}, "新权益")
        elif kind == "adjustment":
            row = proposals.propose_adjustment(actor, "E01", 5, "更正")
        else:
            firm = park.actor("e01").organisation_id
            row = proposals.propose(
                actor, "lots", "E01", {"from_id": firm, "into_id": park.actor("e02").organisation_id}, "合并"
            )
        return int(row.id)


def decide(park: CreditsPark, login: str, number: int) -> str:
    """Try to approve; answers what was said, and that nothing happened where it was refused."""
    actor = park.actor(login)
    with park.app.app_context():
        try:
            proposals.decide_proposal(actor, number, True)
        except Refusal as refusal:
            assert db.session.get_one(Proposal, number, populate_existing=True).state == "proposed"
            return refusal.code
        return "approved"


@pytest.fixture
def crowd(credits_park: CreditsPark) -> CreditsPark:
    """A member for every role there is, where that role is held; and one who holds all of the park's."""
    credits_park.firm("E02")
    credits_park.earn("e01", "invention_patent", "CN1")
    homes = {
        "park": credits_park.actor("park").organisation_id,
        "enterprise": credits_park.actor("e02").organisation_id,
    }
    for kind in ("university", "institute"):
        homes[kind] = credits_park.organisation(kind.upper(), kind)
    for role in ROLES:
        home = next(homes[kind] for kind in homes if kind in role.held_in)
        credits_park.member(f"one_{role.code}", home, role.code)
    credits_park.member("every", homes["park"], *(one.code for one in ROLES if "park" in one.held_in))
    return credits_park


@pytest.mark.parametrize("kind", ["earn_rule", "reward", "adjustment", "lots"])
def test_every_role_meets_every_kind_of_proposal(crowd: CreditsPark, kind: str) -> None:
    number = propose(crowd, kind, "every", 0)
    assert decide(crowd, "every", number) != "approved"
    said = {
        role.code: decide(crowd, f"one_{role.code}", number)
        for role in ROLES
        if role.code not in PROPOSES_CREDIT_CHANGES
    }
    assert set(said.values()) <= {"proposal_not_found", "only_park_staff"}, said
    for count, role in enumerate(sorted(PROPOSES_CREDIT_CHANGES), start=1):
        own = propose(crowd, kind, f"one_{role}", count)
        assert decide(crowd, f"one_{role}", own) == "second_person_too_close"
        assert decide(crowd, f"one_{role}", number) == "approved"
        number = propose(crowd, kind, "every", count + 10)


def test_who_let_somebody_in_yesterday_is_no_second_person(crowd: CreditsPark) -> None:
    number = propose(crowd, "earn_rule", "park", 0)
    with crowd.app.app_context(), transaction() as session:
        given = "UPDATE member_role SET given_by_id = :giver, given_at = CURRENT_TIMESTAMP WHERE member_id = :member"
        session.execute(
            sa.text(given),
            {"giver": crowd.actor("park").member_id, "member": crowd.actor("reviewer").member_id},
        )
    assert decide(crowd, "reviewer", number) == "second_person_too_close"
    assert decide(crowd, "reviewer2", number) == "approved"


def test_nobody_grants_a_claim_or_a_reward_to_themselves(crowd: CreditsPark) -> None:
    """Also not where one person holds the firm's and the park's roles at once."""
    home = crowd.actor("e01").organisation_id
    for role in ("credit_reviewer", "park_admin"):
        _give(crowd, "e01", role)
    claim = crowd.claim("e01", "invention_patent", "CN2").json["id"]
    crowd.reward("cup", 10)
    wish = crowd.api("e01").post("/credits/redemptions", {"reward": "cup", "quantity": 1}).json["id"]
    actor = crowd.actor("e01")
    assert actor.organisation_id == home
    for deed, number in ((review.approve_claim, claim), (redemptions.approve_redemption, wish)):
        with crowd.app.app_context(), pytest.raises(Refusal) as refused:
            deed(actor, number)
        assert refused.value.code in {"reviewer_same_organisation", "not_your_own_redemption"}, (
            refused.value.code
        )


def _give(park: CreditsPark, login: str, role: str) -> None:
    with park.app.app_context(), transaction() as session:
        values = {"member": park.actor(login).member_id, "role": role}
        session.execute(sa.text("INSERT INTO member_role (member_id, role) VALUES (:member, :role)"), values)


def test_every_pair_of_signatures_is_kept_apart_by_the_database(credits_park: CreditsPark) -> None:
    said: dict[str, Any] = {}
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            text = str(getattr(constraint, "sqltext", ""))
            if "four_eyes" in str(constraint.name) or "other_reviewer" in str(constraint.name):
                said[table.name] = text
    assert set(said) == set(PAIRS)
    for name, pairs in PAIRS.items():
        assert all(pair in said[name] for pair in pairs), (name, said[name])
    with (
        credits_park.app.app_context(),
        pytest.raises(sa.exc.IntegrityError),
        db.engine.begin() as connection,
    ):
        connection.exec_driver_sql("UPDATE proposal SET decided_by = proposed_by")

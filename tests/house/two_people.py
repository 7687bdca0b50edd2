"""Every act of this house that takes two people, in one table: how it begins, how it ends, and where it is kept apart.

A new one belongs here: `test_two_people.py` looks for calls that ask for a second person and for pairs of columns in every room.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.credits.claims import review
from app.credits.rewards import service as redemptions
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.outcomes.rules import Result
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.factors import losses
from app.identity.factors.models import SecondFactor
from app.identity.members import resets
from app.identity.members.models import Member
from app.identity.privacy import erasure
from app.identity.roles import ROLES
from app.identity.starter import service as starter
from app.insight.themes import service as themes
from app.insight.themes.models import CodebookVersion
from app.insight.versions import service as versions
from app.insight.weights import service as weights
from app.insight.weights.models import WeightsVersion
from app.insight.weights.rules import Weight
from app.policy.facts import service as facts
from app.policy.facts.kinds import PLATFORM, TYPED
from app.policy.versions import service as policies
from app.problems.clocks import service as clocks
from app.problems.playbooks import service as playbooks
from app.voice.surveys import service as surveys
from tests.credits.conftest import CreditsPark
from tests.credits.park import test_four_eyes as proposals
from tests.policy.park import equal_conditions
from tests.voice.surveys.people import yes_no

WIDER = Path(__file__).resolve().parents[1] / "data" / "wider"
TOO_CLOSE = "second_person_too_close"


class Scene:
    """A park in which `one` begins every act; `near` has a role and `nearer` a password from `one`, `far` has nothing."""

    def __init__(self, app: Any) -> None:
        self.park = park = CreditsPark(app)
        self.count = 0
        home = park.staff()
        for code in ("E01", "E02"):
            park.firm(code)
        park.rule("invention_patent", 10)
        park.reward("cup", 1, stock=None)
        every = [role.code for role in ROLES if "park" in role.held_in]
        for login in ("one", "near", "nearer", "far"):
            park.member(login, home, *every)
        for number in range(8):
            park.earn("e01", "invention_patent", f"CN{number}")

    def next(self) -> int:
        self.count += 1
        return self.count

    def closed_member(self) -> str:
        login = f"gone{self.next()}"
        self.park.member(login, self.park.actor("one").organisation_id, "credit_reviewer")
        return login


@dataclass(frozen=True)
class Act:
    """One act of two people; `signs` are the table, the columns of the first ones and that of the second."""

    begin: Callable[[Scene], int]
    finish: Callable[[Any, int], object]
    signs: tuple[str, tuple[str, ...], str]
    own: str
    asks: str  # the function that asks for the second person
    first: str = "one"
    close: str = TOO_CLOSE


def _inside(begin: Callable[[Scene], int]) -> Callable[[Scene], int]:
    """A service is called with the application at hand; a call over HTTP must not be."""

    def begun(scene: Scene) -> int:
        with scene.park.app.app_context():
            number = begin(scene)
            db.session.remove()
            return number

    return begun


def _claim(scene: Scene) -> int:
    return int(scene.park.claim("e01", "invention_patent", f"CN9{scene.next()}").json["id"])


def _granted(scene: Scene) -> int:
    return scene.park.earn("e01", "invention_patent", f"CN8{scene.next()}")


def _appealed(scene: Scene) -> int:
    number = _claim(scene)
    scene.park.api("one").post(f"/credits/claims/{number}/reject", {"reason": "看不清"})
    assert (
        scene.park.api("e01").post(f"/credits/claims/{number}/appeal", {"reason": "请再看"}).status_code
        == 200
    )
    return number


def _wish(scene: Scene) -> int:
    made = scene.park.api("e01").post("/credits/redemptions", {"reward": "cup", "quantity": 1})
    return int(made.json["id"])


def _proposed(kind: str) -> Callable[[Scene], int]:
    return lambda scene: proposals.propose(scene.park, kind, "one", 100 + scene.next())


def _decide_proposal(actor: Any, number: int) -> object:
    return proposals.proposals.decide_proposal(actor, number, True)


@_inside
def _starter(scene: Scene) -> int:
    return starter.propose(scene.park.actor("one"), [one.key for one in starter.offers()[1:]]).id


@_inside
def _reset(scene: Scene) -> int:
    login = scene.closed_member()
    member = scene.park.actor(login).member_id
    resets.ask_reset(scene.park.actor("one"), member)
    return int(db.session.scalar(sa.text("SELECT max(id) FROM secret_link")) or 0)


@_inside
def _loss(scene: Scene) -> int:
    member = scene.park.actor(scene.closed_member()).member_id
    with transaction() as session:
        now = clock.now()
        session.add(
            SecondFactor(member_id=member, kind="totp", name="手机", created_at=now, confirmed_at=now)
        )
    losses.ask_loss(scene.park.actor("one"), member, "手机遗失")
    return int(db.session.scalar(sa.text("SELECT max(id) FROM factor_loss")) or 0)


@_inside
def _erasure(scene: Scene) -> int:
    login = scene.closed_member()
    with transaction() as session:
        session.execute(sa.update(Member).where(Member.login == login).values(status="deactivated"))
    return erasure.ask(scene.park.actor("one"), login, "本人要求").id


@_inside
def _weights(scene: Scene) -> int:
    return weights.propose(
        scene.park.actor("one"),
        {code: Weight(*said) for code, said in weights.weights_of(weights.in_force()).items()},
        f"第{scene.next()}版",
    ).id


@_inside
def _codebook(scene: Scene) -> int:
    text = (WIDER / "codebook.yaml").read_text("utf-8")
    rows = db.session.scalar(sa.select(sa.func.count()).select_from(CodebookVersion)) or 0
    return themes.propose(scene.park.actor("one"), text.replace("version: 2", f"version: {rows + 100}")).id


@_inside
def _clock_rules(scene: Scene) -> int:
    return clocks.propose_rules(
        scene.park.actor("one"), clocks.rules_from(clocks.in_force().rules), "同前"
    ).id


@_inside
def _playbook(scene: Scene) -> int:
    draft = playbooks.Draft(f"lamps-{scene.next()}", "路灯", "lamp", ("查线路", "换灯"))
    return playbooks.write(scene.park.actor("one"), draft).id


@_inside
def _policy(scene: Scene) -> int:
    return policies.import_version(scene.park.actor("one"), equal_conditions(3, f"p{scene.next()}")).id


@_inside
def _fact(scene: Scene) -> int:
    policies.ensure_known_kinds()
    firm = scene.park.actor("e01").organisation_id
    kind = facts.list_kinds()
    code = next(
        one.code
        for one in kind
        if one.value_kind == "number" and not one.by_month and one.source not in PLATFORM
    )
    facts.record(scene.park.actor("one"), [facts.Entry(firm, code, 0, str(scene.next()), TYPED[0])])
    return int(db.session.scalar(sa.text("SELECT max(id) FROM fact")) or 0)


@_inside
def _outcome(scene: Scene) -> int:
    now = clock.now()
    firm = scene.park.actor("e01").organisation_id
    other = scene.park.actor("e02").organisation_id
    with transaction() as session:
        row = Introduction(
            origin="staff",
            title="对接",
            asking_id=firm,
            giving_id=other,
            state="met",
            opened_at=now,
            last_noted_at=now,
        )
        session.add(row)
        session.flush()
        made = outcomes.record(scene.park.actor("one"), row.id, Result("节省", 1, 2, "万元", "2026"), firm)
        made.beneficiary_id = None  # a prospect's: signed for by the staff
        return int(made.id)


@_inside
def _survey(scene: Scene) -> int:
    survey = surveys.read_file(json.dumps(yes_no(code=f"lamps{scene.next()}")))
    return surveys.write(scene.park.actor("one"), surveys.Wish(survey)).id


PROPOSAL = ("proposal", ("proposed_by",), "decided_by")
CLAIM = ("claim", ("submitted_by",), "decided_by")
LINK = ("secret_link", ("created_by_id", "member_id"), "confirmed_by_id")
LOSS = ("factor_loss", ("created_by_id", "member_id"), "confirmed_by_id")
ERASURE = ("erasure", ("asked_by_id", "member_id"), "decided_by_id")
BY_CLAIM, BY_CONFIRM = "credits.claims.review._by_another", "identity.members.resets.may_confirm"
BY_VERSION = "insight.versions.service.decide"
ACTS = {
    **{
        f"proposal of {kind}": Act(
            _proposed(kind), _decide_proposal, PROPOSAL, TOO_CLOSE, "credits.park.service.decide_proposal"
        )
        for kind in ("earn_rule", "reward", "adjustment", "lots")
    },
    "approve a claim": Act(
        _claim, review.approve_claim, CLAIM, "reviewer_same_organisation", BY_CLAIM, "e01"
    ),
    "return a claim": Act(
        _claim,
        lambda a, n: review.return_claim(a, n, "请补"),
        CLAIM,
        "reviewer_same_organisation",
        BY_CLAIM,
        "e01",
    ),
    "reject a claim": Act(
        _claim,
        lambda a, n: review.reject_claim(a, n, "不符"),
        CLAIM,
        "reviewer_same_organisation",
        BY_CLAIM,
        "e01",
    ),
    "revoke a claim": Act(
        _granted,
        lambda a, n: review.revoke_claim(a, n, "有误"),
        CLAIM,
        "reviewer_same_organisation",
        BY_CLAIM,
        "e01",
    ),
    "decide an appeal": Act(
        _appealed,
        review.approve_claim,
        ("appeal", ("rejected_by", "appealed_by"), "decided_by"),
        "other_reviewer_needed",
        BY_CLAIM,
    ),
    "approve a redemption": Act(
        _wish,
        redemptions.approve_redemption,
        ("redemption", ("requested_by",), "decided_by"),
        "not_your_own_redemption",
        "credits.rewards.service._to_decide",
        "e01",
    ),
    "starter set": Act(
        _starter,
        lambda a, n: starter.decide(a, n, True),
        ("starter_set", ("by_id",), "decided_by_id"),
        TOO_CLOSE,
        "identity.starter.service.decide",
    ),
    "password reset": Act(
        _reset, resets.confirm_reset, LINK, "reset_needs_another", BY_CONFIRM, close="reset_needs_another"
    ),
    "lost factors": Act(
        _loss, losses.confirm_loss, LOSS, "reset_needs_another", BY_CONFIRM, close="reset_needs_another"
    ),
    "erasure": Act(
        _erasure,
        lambda a, n: erasure.decide(a, n, True),
        ERASURE,
        "erasure_second_person",
        "identity.privacy.erasure.decide",
    ),
    "weights of the index": Act(
        _weights,
        lambda a, n: versions.decide(a, WeightsVersion, n, True),
        ("insight_weights", ("proposed_by_id",), "approved_by_id"),
        "insight_four_eyes",
        BY_VERSION,
    ),
    "codebook": Act(
        _codebook,
        lambda a, n: versions.decide(a, CodebookVersion, n, True),
        ("insight_codebook", ("proposed_by_id",), "approved_by_id"),
        "insight_four_eyes",
        BY_VERSION,
    ),
    "clock rules": Act(
        _clock_rules,
        lambda a, n: clocks.decide_rules(a, n, True),
        ("clock_rule_version", ("proposed_by_id",), "approved_by_id"),
        "clock_rules_four_eyes",
        "problems.clocks.service.decide_rules",
    ),
    "playbook": Act(
        _playbook,
        playbooks.approve,
        ("playbook", ("made_by_id",), "approved_by_id"),
        "playbook_four_eyes",
        "problems.playbooks.service.approve",
    ),
    "policy version": Act(
        _policy,
        policies.approve,
        ("policy_version", ("imported_by",), "approved_by"),
        "policy_own_version",
        "policy.versions.service.approval_reasons",
    ),
    "policy fact": Act(
        _fact,
        facts.confirm,
        ("fact", ("recorded_by",), "confirmed_by"),
        "policy_own_fact",
        "policy.facts.service.confirm",
    ),
    "outcome": Act(
        _outcome,
        outcomes.confirm,
        ("outcome", ("recorded_by",), "confirmed_by"),
        "outcome_four_eyes",
        "ecosystem.outcomes.service._for_answer",
    ),
    "questionnaire": Act(
        _survey,
        surveys.review,
        ("survey_version", ("written_by",), "reviewed_by"),
        "voice_survey_own",
        "voice.surveys.service.review_reasons",
    ),
}
# What a decided proposal leaves behind with both names on it.
COPIES = {"earn_rule": (("proposed_by",), "approved_by"), "reward": (("proposed_by",), "approved_by")}
# Two names in a row that one person may hold, and why.
ONE_MAY_DO_BOTH = {
    "position_wish": "what a firm says of its product is taken up by the park; who keeps both firms' side may enter it",
    "match_decision": "two firms agree, each by its own people",
    "organisation_change": "a firm asks, the park agrees; what the park itself changes needs no second",
    "position_correction": "a firm proposes, the park's staff decides on its own register",
    "problem_plan": "the first responsible approves, and may have written it",
}

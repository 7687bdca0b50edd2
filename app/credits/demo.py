"""Twelve months of credits in the fictional demo park: every state of a claim and of a redemption is there."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable
from pathlib import Path

from app.credits.claims import files, review
from app.credits.claims import service as claims
from app.credits.claims.models import Claim
from app.credits.demo_catalogue import PICTURES, REWARDS
from app.credits.demo_evidence import specimen
from app.credits.demo_rules import EVENTS, RULES
from app.credits.ledger import expiry, seals
from app.credits.park import service as proposals
from app.credits.rewards import pictures
from app.credits.rewards import service as redemptions
from app.hall import clock
from app.hall.errors import Refusal
from app.hall.text.official_numbers import check_letter
from app.identity import door as identity
from app.identity.door import Actor

DAYS = 365
# How many claims an enterprise hands in over the year; those not named do nothing.
BUSY = {
    "E01": 18,
    "E02": 9,
    "E03": 8,
    "E04": 3,
    "E05": 4,
    "E07": 5,
    "E09": 4,
    "E14": 4,
    "E16": 5,
    "E20": 7,
    "E22": 5,
    "E24": 6,
    "E28": 9,
    "E30": 3,
    "E31": 3,
    "E34": 3,
}
TASTE = (
    "third_party_test",
    "green_logistics_10",
    "policy_coaching",
    "meeting_hall_day",
    "training_seats",
    "patent_fast_track",
    "instrument_voucher_8h",
    "job_fair_booth",
    "compute_500",
)

Event = tuple[dt.date, int, Callable[[], None]]


def load() -> None:
    """Rules and rewards with four eyes, then a year of deeds and wishes in the order in which they happened."""
    people = _people()
    today = clock.today()
    with clock.as_of(clock.at(today - dt.timedelta(days=395), 10)):
        _catalogue(people, today)
    events = [
        *_deeds(people, today),
        *_wishes(people, today),
        *_story(people, today),
        *_housekeeping(people, today),
    ]
    for day, _, happen in sorted(events, key=lambda one: (one[0], one[1])):
        moment = clock.at(day, 10)
        with clock.as_of(min(moment, clock.now())):
            happen()
    _open_cases(people, today)


def _people() -> dict[str, Actor]:
    found = {}
    for organisation in identity.list_organisations(per_page=200).items:
        for member in identity.members_of(organisation.id):
            found[member.login] = Actor(member.id, organisation.id, member.name, member.roles)
    return found


def _catalogue(people: dict[str, Actor], today: dt.date) -> None:
    start = today - dt.timedelta(days=394)
    for code, zh, en, credits, kind, icon, lifetime, origin, caps, about_zh, about_en in RULES:
        values = {
            "title_zh": zh,
            "title_en": en,
            "description_zh": about_zh,
            "description_en": about_en,
            "icon": icon,
            "origin": origin,
            "evidence_kind": kind,
            "credits": credits,
            "lifetime_days": lifetime,
            "valid_from": start - dt.timedelta(days=365),
            "valid_to": None,
            **caps,
        }
        row = proposals.propose_rule(people["park"], code, values, "年度积分办法")
        proposals.decide_proposal(people["reviewer"], row.id, True)
    drawings = Path(__file__).with_name("demo_pictures")
    for code, zh, en, category, icon, cost, stock, limit, kind, params, sizes, about_zh, about_en in REWARDS:
        values = {
            "name_zh": zh,
            "name_en": en,
            "description_zh": about_zh,
            "description_en": about_en,
            "category": category,
            "icon": icon,
            "cost_credits": cost,
            "stock": stock,
            "limit_per_enterprise": limit,
            "eligible_sizes": sizes,
            "eligible_industries": [],
            "valid_from": start,
            "valid_to": None,
            "fulfilment": kind,
            "fulfilment_params": params,
            "picture_zh": PICTURES[code][0],
            "picture_en": PICTURES[code][1],
            "picture": pictures.put(people["park"], (drawings / f"{code}.webp").read_bytes()),
        }
        row = proposals.propose_reward(people["park"], code, values, "年度权益目录")
        proposals.decide_proposal(people["reviewer2"], row.id, True)


def _evidence(rule: str, day: dt.date, serial: int) -> tuple[str, str]:
    if rule == "invention_patent":
        return "patent_no", f"ZL {day.year - 2} 1 {serial:07d}"
    if rule == "industry_event":
        return "event_no", f"{EVENTS[serial % len(EVENTS)]} {day:%Y-%m} 第{serial}场"
    if rule == "startup_incubated":
        first = f"91320600MA{serial:05d}XF"
        return "company_no", first + check_letter(first)
    names = {
        "standard_led": ("standard_no", "T/YZ"),
        "tech_contract": ("contract_no", "HT"),
        "quality_certified": ("certificate_no", "RZ"),
    }
    kind, prefix = names[rule]
    return kind, f"{prefix} {serial:04d}-{day.year}"


def _deeds(people: dict[str, Actor], today: dt.date) -> list[Event]:
    dice = random.Random(20261123)
    serial = 100
    events: list[Event] = []
    mix = (
        ["invention_patent"] * 8
        + ["industry_event"] * 6
        + ["tech_contract"] * 3
        + ["quality_certified"] * 3
        + ["standard_led"]
    )
    mix += ["startup_incubated"]
    for code, count in BUSY.items():
        for number in range(count):
            serial += 1
            back = DAYS - 5 - int((number + dice.random()) * (DAYS - 20) / count)
            day = today - dt.timedelta(days=back)
            rule = mix[dice.randrange(len(mix))]
            evidence = _evidence(rule, day, serial)
            events += _claim_events(
                people, code.lower(), rule, evidence, day, dice.choice(("reviewer", "reviewer2"))
            )
        for number in range(count // 3):
            day = today - dt.timedelta(days=DAYS - 20 - int(number * 300 / max(1, count // 3)))
            events.append((day, 1, _award(people, code.lower(), day, f"demo:hours:{code}:{number}")))
    return events


def _claim_events(
    people: dict[str, Actor], login: str, rule: str, evidence: tuple[str, str], day: dt.date, reviewer: str
) -> list[Event]:
    def happen() -> None:
        proof = [evidence]
        if evidence[0] not in ("patent_no", "company_no"):
            page = hashlib.sha256(evidence[1].encode()).hexdigest()[:12]
            proof.append(("url", f"https://yingzhou.example/gazette/{page}"))
        claim = claims.draft_claim(people[login], rule, day - dt.timedelta(days=3), proof, "")
        claims.submit_claim(people[login], claim.id)
        review.approve_claim(people[reviewer], claim.id)

    return [(day, 0, happen)]


def _award(people: dict[str, Actor], login: str, day: dt.date, key: str) -> Callable[[], None]:
    def happen() -> None:
        review.award(
            identity.SYSTEM, people[login].organisation_id, "hours_shared", day, [("platform", key)], key
        )

    return happen


def _wishes(people: dict[str, Actor], today: dt.date) -> list[Event]:
    dice = random.Random(7)
    events: list[Event] = []
    for code, count in BUSY.items():
        for number in range(count // 2):
            day = today - dt.timedelta(days=DAYS - 60 - int((number + dice.random()) * 290 / (count // 2)))
            reward = dice.choice(TASTE)
            ending = "fulfilled" if dice.random() < 0.85 else dice.choice(("rejected", "cancelled"))
            events.append((day, 2, _wish(people, code.lower(), reward, ending)))
    return events


def _wish(people: dict[str, Actor], login: str, reward: str, ending: str) -> Callable[[], None]:
    def happen() -> None:
        try:
            row = redemptions.redeem(people[login], reward, 1)
        except Refusal:
            return  # not enough credits on that day: a firm does not ask for what it cannot have
        if ending == "cancelled":
            redemptions.cancel_redemption(people[login], row.id, "项目延期")
        elif ending == "rejected":
            redemptions.reject_redemption(people["park"], row.id, "本期名额已满，请下季度再申请")
        else:
            redemptions.approve_redemption(people["park"], row.id)
            if row.reward.fulfilment in ("manual", "venue"):
                redemptions.fulfil_redemption(people["park"], row.id, f"FW-{clock.today():%y%m}-{row.id:03d}")
            else:
                redemptions.reject_redemption(people["park"], row.id, "改为线下办理")

    return happen


def _story(people: dict[str, Actor], today: dt.date) -> list[Event]:
    """A start-up earns 460, takes the office, and has the university's hours approved."""
    day = today - dt.timedelta(days=75)
    events: list[Event] = []
    for number in range(4):
        evidence = ("patent_no", f"ZL {day.year - 1} 1 077120{number}")
        events += _claim_events(
            people, "e25", "invention_patent", evidence, day + dt.timedelta(days=number * 3), "reviewer"
        )
    events += _claim_events(
        people, "e25", "industry_event", ("event_no", "星汐开放日"), day + dt.timedelta(days=14), "reviewer2"
    )

    def office() -> None:
        row = redemptions.redeem(people["e25"], "office_3_months", 1, note="团队扩编至 12 人")
        redemptions.approve_redemption(people["park"], row.id)
        redemptions.fulfil_redemption(people["park"], row.id, "孵化楼 302 室")

    def hours() -> None:
        row = redemptions.redeem(people["e25"], "university_support_20h", 1, note="边缘推理模型压缩")
        redemptions.approve_redemption(people["park"], row.id)

    return [*events, (today - dt.timedelta(days=40), 2, office), (today - dt.timedelta(days=6), 2, hours)]


def _housekeeping(people: dict[str, Actor], today: dt.date) -> list[Event]:
    """Month by month: expiry, a seal, and the month before last is closed."""
    firsts = sorted(
        {(today.replace(day=1) - dt.timedelta(days=31 * back)).replace(day=1) for back in range(12)}
    )

    def month_end() -> None:
        expiry.expire_lots()
        seals.take_seal()
        before_last = (clock.today().replace(day=1) - dt.timedelta(days=40)).replace(day=1)
        seals.close_month(people["park"], f"{before_last:%Y-%m}", "月度关账")

    return [(first, 9, month_end) for first in firsts if first <= today]


def _open_cases(people: dict[str, Actor], today: dt.date) -> None:
    """What is on the desks today: claims and redemptions in every state, proposals that wait for a second person."""
    handed_in = []
    cases = (
        ("e01", "invention_patent", ("patent_no", "ZL 2025 1 0900001"), "同一技术路线的第二件授权专利"),
        ("e02", "industry_event", ("event_no", "虚拟电厂供需对接会"), "到场 64 人，附签到表"),
        ("e20", "standard_led", ("standard_no", "T/YZ 0901-2026"), ""),
        ("e28", "invention_patent", ("patent_no", "ZL 2024 1 0900002"), ""),
        ("e05", "quality_certified", ("certificate_no", "RZ 0905-2026"), ""),
        ("e07", "tech_contract", ("contract_no", "HT 0906-2026"), ""),
        (
            "e01",
            "startup_incubated",
            ("company_no", "91320600MA0900001" + check_letter("91320600MA0900001")),
            "孵化企业：江澜回收（虚构）",
        ),
        ("e14", "invention_patent", ("patent_no", "ZL 2025 1 0900003"), ""),
        ("e22", "quality_certified", ("certificate_no", "RZ 0908-2026"), ""),
    )
    for back, (login, rule, evidence, note) in enumerate(cases):
        with clock.as_of(clock.now() - dt.timedelta(days=9 - back)):
            on = clock.today() - dt.timedelta(days=2)
            claim = claims.draft_claim(people[login], rule, on, [evidence], note)
            _attach_specimen(people[login], claim, evidence[1])
            handed_in.append(claims.submit_claim(people[login], claim.id))
    reviewer = people["reviewer"]
    with clock.as_of(clock.now() - dt.timedelta(days=1)):
        review.return_claim(reviewer, handed_in[5].id, "请补充合同登记表第 2 页")
        review.reject_claim(reviewer, handed_in[4].id, "证书为换证，不属于新增认证")
        review.reject_claim(reviewer, handed_in[8].id, "证书名称与申报企业不一致")
        claims.appeal_claim(people["e22"], handed_in[8].id, "企业更名，附变更通知书")
        review.approve_claim(reviewer, handed_in[7].id)
        review.revoke_claim(people["reviewer2"], handed_in[7].id, "专利已转让至园区外企业")
    claims.draft_claim(people["e01"], "industry_event", today, [("event_no", "电芯一致性沙龙")], "")
    taken = claims.draft_claim(people["e09"], "tech_contract", today, [("contract_no", "HT 0910-2026")], "")
    claims.withdraw_claim(people["e09"], taken.id)
    for back, (login, reward) in enumerate(
        (
            ("e01", "pilot_line_half_day"),
            ("e02", "expo_booth"),
            ("e28", "talent_flat_1_month"),
            ("e20", "third_party_test"),
        )
    ):
        with clock.as_of(clock.now() - dt.timedelta(days=3 - back, hours=2)):
            _try_redeem(people[login], reward)
    with clock.as_of(clock.now() - dt.timedelta(days=20)):
        _try_redeem(people["e03"], "third_party_test")
    redemptions.expire_redemptions()
    _proposals(people, today)


def _try_redeem(actor: Actor, reward: str) -> None:
    try:
        redemptions.redeem(actor, reward, 1)
    except Refusal:
        return  # the year went differently for this firm: one open wish less


def _proposals(people: dict[str, Actor], today: dt.date) -> None:
    july = {
        "title_zh": "主办或主讲产业活动",
        "title_en": "Industry event hosted",
        "icon": "presentation",
        "origin": "claim",
        "evidence_kind": "event_no",
        "credits": 50,
        "lifetime_days": 730,
        "cap_period": "year",
        "cap_claims": 12,
        "valid_from": (today + dt.timedelta(days=38)).replace(day=1),
        "valid_to": None,
        "description_zh": "在园区举办、对外开放且不少于 50 人的产业活动。",
        "description_en": "Open events in the park with at least 50 guests.",
    }
    proposals.propose_rule(people["park"], "industry_event", july, "活动数量增长较快，提高门槛")
    proposals.propose_adjustment(people["reviewer"], "E16", 30, "补记：系统上线前登记的活动")


def _attach_specimen(actor: Actor, claim: Claim, number: str) -> None:
    files.attach(actor, claim.id, "证明材料.png", specimen(number))

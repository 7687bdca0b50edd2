"""Questionnaires of the fictional demo park: two versions with a break between them, an anonymous one that runs, a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.voice.invitations.service import Opening, code_for, open_survey
from app.voice.responses import service as responses
from app.voice.responses.closing_service import close
from app.voice.surveys import queries, service
from app.voice.surveys.content import written
from app.voice.surveys.models import SurveyVersion
from app.voice.surveys.questions import Value

LAST_TIME = "最近一次申报政策"
DAYS = {
    "id": "days",
    "kind": "number",
    "unit": "天",
    "dimension": "policy",
    "scenario": "最近一次申报政策，从了解政策到拿到资金",
    "text": "您最近一次申报政策，从了解政策到拿到资金，用了多少天？",
    "text_en": "Your last policy application: how many days from hearing of it to the money?",
    "metric": {"kind": "linear", "best": 30, "worst": 120},
    "required": True,
}
UNCLEAR = {
    "id": "unclear",
    "kind": "yes_no",
    "dimension": "policy",
    "scenario": LAST_TIME,
    "text": "申报时有没有遇到政策看不懂的情况？",
    "text_en": "Was there anything in the policy you could not understand?",
    "metric": {"kind": "yes_no", "good": "no"},
}
WHAT = {
    "id": "what",
    "kind": "text",
    "scenario": LAST_TIME,
    "text": "哪一句看不懂？",
    "text_en": "Which sentence?",
    "show_if": {"unclear": "yes"},
}
GUARD = {
    "id": "guard",
    "kind": "choice",
    "options": ["5分钟内", "5到15分钟", "更久", "没遇到"],
    "dimension": "infrastructure",
    "scenario": "夜间加班时遇到紧急情况",
    "text": "夜间遇到紧急情况，安保多久能到？",
    "text_en": "In an emergency at night, how soon is the guard there?",
    "metric": {"kind": "choice", "scores": {"5分钟内": 100, "5到15分钟": 60, "更久": 0}},
}
WHO = {
    "id": "who",
    "kind": "yes_no",
    "dimension": "policy",
    "scenario": LAST_TIME,
    "text": "申报时有没有遇到对接找不到人的情况？",
    "text_en": "Was there a time you found nobody to talk to?",
    "metric": {"kind": "yes_no", "good": "no"},
}
CANTEEN = {
    "id": "queue",
    "kind": "number",
    "unit": "分钟",
    "dimension": "living",
    "scenario": "最近一次在食堂吃午饭",
    "text": "最近一次在食堂吃午饭，排队等了多少分钟？",
    "text_en": "Your last lunch in the canteen: how many minutes in the queue?",
    "metric": {"kind": "linear", "best": 3, "worst": 20},
    "required": True,
}
WISH = {
    "id": "wish",
    "kind": "text",
    "text": "食堂最该先改哪一处？",
    "text_en": "What should the canteen change first?",
}
BARE = {"id": "happy", "kind": "scale", "dimension": "activity", "text": "您对园区活动满意吗？"}
SENTENCES = (
    "“研发费用归集口径”那一段",
    "不知道要不要专项审计",
    "附件三和正文对不上",
    "申报窗口的日期写得太绕",
)


def _file(code: str, number: int, *questions: Mapping[str, object]) -> str:
    return written(
        {"format": "parklink-survey/1", "id": code, "version": number, "questions": list(questions)}
    )


def load() -> None:
    """What stands on the analyst's desk today (虚构)."""
    analyst, vp = (
        _actor(identity.members_with_role(role)[0]) for role in (roles.ANALYST, roles.VICE_PRESIDENT)
    )
    today = clock.today()
    policy = "政策申报体验（虚构）", "Applying for policies (fictional)"
    first = _opened(
        analyst, vp, _file("policy", 1, DAYS, UNCLEAR, WHAT, GUARD), policy, today - dt.timedelta(days=150)
    )
    _fill(analyst, first, today - dt.timedelta(days=135), slower=30)
    second = _opened(
        analyst,
        vp,
        _file("policy", 2, DAYS, UNCLEAR, WHO, WHAT, GUARD),
        policy,
        today - dt.timedelta(days=60),
    )
    _fill(analyst, second, today - dt.timedelta(days=45), slower=0)
    running = _opened(
        analyst,
        vp,
        _file("canteen", 1, CANTEEN, WISH),
        ("食堂午餐（虚构，匿名）", "Lunch in the canteen (fictional, anonymous)"),
        today - dt.timedelta(days=3),
        anonymous=True,
    )
    for at, token in enumerate(_tokens(running)[:7]):
        with clock.as_of(clock.at(today - dt.timedelta(days=1), 10, at * 5)):
            responses.answer(token, {"queue": 6 + at * 2})
    with clock.as_of(clock.at(today - dt.timedelta(days=1), 15)):
        draft = service.read_file(_file("activity", 1, BARE))
        service.write(
            analyst, service.Wish(draft, "园区活动（草稿，虚构）", "Park activities (draft, fictional)")
        )


def _actor(one: identity.MemberInfo) -> Actor:
    return Actor(one.id, one.organisation_id, one.name, one.roles)


def _opened(
    analyst: Actor, vp: Actor, text: str, title: tuple[str, str], day: dt.date, anonymous: bool = False
) -> SurveyVersion:
    with clock.as_of(clock.at(day, 9, 30)):
        row = service.write(analyst, service.Wish(service.read_file(text), *title, anonymous=anonymous))
        service.look_over(analyst, row.id)
        service.review(vp, row.id)
        layers = ("medium", "small_micro") if anonymous else ()
        return open_survey(analyst, row.id, Opening(layers=layers))


def _tokens(row: SurveyVersion) -> list[str]:
    return [code_for(one.salt) for one in db.session.scalars(queries.invitations(row.id)).all()]


def _fill(analyst: Actor, row: SurveyVersion, day: dt.date, slower: int) -> None:
    """Two of three firms answer, each a little differently; then the survey closes."""
    ids = {one.id for one in service.survey_of(row).questions}
    for at, token in enumerate(_tokens(row)):
        if at % 3 == 2:
            continue
        answers: dict[str, Value] = {
            "days": 40 + at * 7 % 60 + slower,
            "unclear": "yes" if at % 4 in (0, 3) else "no",
            "what": SENTENCES[at // 4 % len(SENTENCES)],
            "who": "yes" if at % 5 == 0 else "no",
            "guard": GUARD["options"][at % 4],  # type: ignore[index]
        }
        with clock.as_of(clock.at(day, 9 + at % 8, at % 60)):
            responses.answer(token, {name: value for name, value in answers.items() if name in ids})
    with clock.as_of(clock.at(day + dt.timedelta(days=6), 17)):
        close(analyst, row.id)

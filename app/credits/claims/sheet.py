"""Claims in bulk: a patent office's list, an event's attendance; one draft or handed-in claim a row, by the form's rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.credits.claims import earn_rules, proof, rules, service
from app.credits.claims.models import Claim, EarnRule, Evidence
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict, Refusal
from app.hall.files.cells import shown
from app.hall.files.sheets.columns import Column, Row, Table, fold
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.kinds import Fault, Resolved, SheetKind
from app.hall.files.sheets.reading import Line, key_of
from app.identity.door import Actor, roles

SHOWN = ("draft", *service.STANDING)
FORM_FIELDS = {"number": "number", "occurred_on": "occurred_on", "url": "url"}
CLAIMS = Table(
    "claims",
    (
        Column(
            "rule",
            "积分规则",
            "Earn rule",
            also=("规则", "规则代码", "事项", "申报事项", "行为"),
            required=True,
            width=24,
            note_zh="规则的名称或代码，须在发生日期有效",
            note_en="The rule's name or code; it must be in force on the day",
        ),
        Column(
            "occurred_on",
            "发生日期",
            "Occurred on",
            "day",
            ("日期", "申请日", "授权日", "授权公告日", "活动日期"),
            required=True,
        ),
        Column(
            "number",
            "证明编号",
            "Number of the proof",
            "code",
            ("专利号", "申请号", "活动编号", "编号"),
            required=True,
            note_zh="专利号、活动编号等；同一编号只能申报一次",
            note_en="A patent number, an event's number and the like; each proves one claim only",
        ),
        Column("url", "公开网址", "Public link", also=("网址", "链接"), width=30),
        Column("note", "情况说明", "Note", also=("说明", "专利名称", "活动名称"), longest=2000, width=30),
        Column(
            "submit",
            "提交",
            "Hand in",
            "yes_no",
            ("是否提交",),
            note_zh="是：提交审核；否或空白：先存草稿，可再上传扫描件",
            note_en="yes hands it in; no or empty keeps a draft to which scans can be added",
        ),
    ),
    ("rule", "number"),
    "积分申报",
    "Credit claims",
    500,
)


def _claims(actor: Actor) -> list[tuple[Claim, list[Evidence]]]:
    query = sa.select(Claim).where(Claim.organisation_id == actor.organisation_id, Claim.state.in_(SHOWN))
    found = list(db.session.scalars(query.order_by(Claim.id)))
    if not found:
        return []
    own = sa.select(Claim.id).where(Claim.organisation_id == actor.organisation_id)
    evidence: dict[int, list[Evidence]] = {}
    for one in db.session.scalars(
        sa.select(Evidence).where(Evidence.claim_id.in_(own)).order_by(Evidence.id)
    ):
        evidence.setdefault(one.claim_id, []).append(one)
    return [(claim, evidence.get(claim.id, [])) for claim in found]


def _row(claim: Claim, evidence: Sequence[Evidence]) -> Row | None:
    number = next((one for one in evidence if one.kind != "url"), None)
    if number is None:
        return None
    return {
        "rule": claim.rule_code,
        "occurred_on": claim.occurred_on,
        "number": number.value,
        "url": next((one.value for one in evidence if one.kind == "url"), None),
        "note": claim.note or None,
        "submit": claim.state not in service.EDITABLE,
    }


def _by_key(actor: Actor) -> dict[Key, tuple[Claim, Row]]:
    found = {}
    for claim, evidence in _claims(actor):
        row = _row(claim, evidence)
        if row is not None:
            found[key_of(CLAIMS, row)] = claim, row
    return found


def current(actor: Actor) -> dict[Key, Row]:
    """The firm's claims that are neither rejected nor withdrawn; what was handed in is there and changes no more."""
    return {key: row for key, (_claim, row) in _by_key(actor).items()}


def _names() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in db.session.scalars(sa.select(EarnRule)):
        for word in (row.code, row.title_zh, row.title_en):
            found.setdefault(fold(word), set()).add(row.code)
    return found


class _Resolver:
    """One list of claims against the rules and what the firm has claimed."""

    def __init__(self, actor: Actor) -> None:
        claims = _claims(actor)
        self.names = _names()
        self.there = {claim.id: row for claim, evidence in claims if (row := _row(claim, evidence))}
        self.used = {(one.kind, one.normal): claim for claim, evidence in claims for one in evidence}
        self.earned = {
            code: earn_rules.earned_by(actor.organisation_id, code)
            for code in {code for codes in self.names.values() for code in codes}
        }
        self.seen: dict[tuple[str, str], int] = {}
        self.faults: list[Fault] = []

    def say(self, line: Line, column: str, code: str, /, **params: object) -> None:
        self.faults.append(Fault(line.row, column, code, params))

    def line(self, line: Line) -> Line | None:
        values = dict(line.values)
        codes = self.names.get(fold(str(values["rule"])), set())
        if len(codes) != 1:
            self.say(line, "rule", "claims_no_rule", value=shown(str(values["rule"])))
            return None
        values["rule"] = next(iter(codes))
        day, number = values["occurred_on"], str(values["number"])
        assert isinstance(day, dt.date)
        try:
            rule = service.claimable(str(values["rule"]), day)
            kind = earn_rules.evidence_kind(rule.evidence_kind, rule.evidence_kind)
            values["number"] = proof.settled_value(kind, number)
        except Refusal as refused:
            at = "number" if refused.params.get("at") == "number" else "occurred_on"
            self.say(line, at, refused.code, **refused.params)
            return None
        normal = rules.normalise_evidence(kind, str(values["number"]))
        if not normal:
            self.say(line, "number", "evidence_empty", value=shown(number))
            return None
        if (kind, normal) in self.seen:
            self.say(line, "number", "table_duplicate", key=number, first=self.seen[kind, normal])
            return None
        self.seen[kind, normal] = line.row
        used = self.used.get((kind, normal))
        if used is not None and used.rule_code == rule.code:
            return self._known(line, values, used)
        if used is not None:
            self.say(line, "number", "claims_used", value=shown(number), number=service.claim_number(used))
        elif values.get("submit"):
            self._handed_in(line, values, rule, kind)
        values["submit"] = bool(values.get("submit"))
        return Line(line.row, values)

    def _known(self, line: Line, values: Row, claim: Claim) -> Line | None:
        """A claim that is there: empty cells say nothing, and what was handed in stays as it is."""
        old = self.there[claim.id]
        values = {name: value for name, value in values.items() if value not in (None, "")}
        values |= {"number": old["number"]}
        differs = [name for name, value in values.items() if old.get(name) != value]
        if differs and claim.state not in service.EDITABLE:
            number = service.claim_number(claim)
            self.say(line, differs[0], "claims_handed_in", number=number)
            return None
        return Line(line.row, values)

    def _handed_in(self, line: Line, values: Row, rule: EarnRule, kind: str) -> None:
        """What the desk refuses is said before anything is written."""
        evidence = [(kind, str(values["number"]))]
        if values.get("url"):
            evidence.append(("url", str(values["url"])))
        if not proof.is_proven(evidence, 0):
            self.say(line, "number", "proof_missing")
        day = values["occurred_on"]
        assert isinstance(day, dt.date)
        for reason in rules.cap_reasons(earn_rules.pure(rule), day, self.earned[rule.code]):
            self.say(line, "rule", reason.code, **reason.params)


def resolve(actor: Actor, lines: Sequence[Line]) -> Resolved:
    """Rules by name or code, numbers as they are kept; all that the form would refuse."""
    judge = _Resolver(actor)
    found = [settled for line in lines if (settled := judge.line(line)) is not None]
    return found, judge.faults


@dataclass(frozen=True)
class Ready:
    """What is read before anything is locked: the claims that change, and the kind of proof that each rule asks for."""

    ids: Mapping[Key, int]
    kinds: Mapping[tuple[str, dt.date], str]


def prepare(actor: Actor, changes: Sequence[Change]) -> Ready:
    wanted = {_rule_and_day(change.new) for change in changes}
    kinds = {one: earn_rules.rule_on(*one).evidence_kind for one in sorted(wanted)}
    return Ready({key: claim.id for key, (claim, _row) in _by_key(actor).items()}, kinds)


def write(actor: Actor, changes: Sequence[Change], ready: Ready) -> None:
    for change in changes:
        row = change.new
        rule, day = _rule_and_day(row)
        evidence = [(ready.kinds[rule, day], str(row["number"]))]
        if row.get("url"):
            evidence.append(("url", str(row["url"])))
        said = (rule, day, evidence, str(row.get("note") or ""))
        if change.old is None:
            claim = service.draft_claim(actor, *said)
        else:
            claim = service.change_claim(actor, ready.ids[change.key], *said)
        if row.get("submit"):
            db.session.expire_all()
            service.submit_claim(actor, claim.id)


def _rule_and_day(row: Row) -> tuple[str, dt.date]:
    day = row["occurred_on"]
    assert isinstance(day, dt.date)
    return str(row["rule"]), day


def restore(actor: Actor, changes: Sequence[Change], ready: Ready) -> None:
    if any("submit" in change.fields for change in changes):
        raise Conflict("claims_stay")
    write(actor, changes, ready)


def find(actor: Actor, keys: Sequence[Key]) -> list[int]:
    there = _by_key(actor)
    return [there[key][0].id for key in keys if key in there]


def remove(actor: Actor, _keys: Sequence[Key], ids: Sequence[int]) -> None:
    """A claim is withdrawn, never wiped out: its history stays, and its number is free again."""
    for number in ids:
        service.withdraw_claim(actor, number)


def stamp(actor: Actor) -> object:
    own = Claim.organisation_id == actor.organisation_id
    claims = sa.select(Claim.id, Claim.state, Claim.occurred_on, Claim.note, Claim.rule_code)
    rows = [tuple(row) for row in db.session.execute(claims.where(own).order_by(Claim.id))]
    mine = sa.select(Claim.id).where(own)
    counted = sa.select(sa.func.count(), sa.func.max(Evidence.id)).where(Evidence.claim_id.in_(mine))
    return hash(tuple(rows)), *db.session.execute(counted).one(), clock.today()


SHEETS = (
    SheetKind(
        table=CLAIMS,
        title=_l("申报清单"),
        purpose=_l("一份专利或活动清单，一行一件：存草稿或直接提交，与表单同样审核；用过的编号逐个指出"),
        icon="award",
        may=lambda actor: bool(actor.may(roles.CLAIMS_FOR_THE_FIRM)),
        current=current,
        resolve=resolve,
        prepare=prepare,
        write=write,
        restore=restore,
        find=find,
        remove=remove,
        stamp=stamp,
        undoing=_l("新增的申报将撤回（记录保留，编号可再用），改过的草稿恢复原样。"),
        at_once=20,  # twenty milliseconds of the lock each: every claim is judged like one from the form
        back="credits.claim_list",
    ),
)

"""Needs and offers from a sheet and to one: an organisation's own open posts, matched by kind and title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.ecosystem import sources
from app.ecosystem.limits import SHEET_ROWS
from app.ecosystem.market import queries, service
from app.ecosystem.market.checks import Checked
from app.ecosystem.market.models import Post, PostTag
from app.ecosystem.market.rules import OPEN_STATES, Draft
from app.ecosystem.matches.models import Match
from app.hall.db.base import db
from app.hall.errors import Conflict, Invalid
from app.hall.files.sheets.columns import Choice, Column, Row, Table
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.kinds import Fault, Resolved, SheetKind
from app.hall.files.sheets.reading import Line, key_of
from app.hall.text.normalise import comparable
from app.identity.door import Actor, roles

STANDING = ("draft", *OPEN_STATES)
POSTS = Table(
    "posts",
    (
        Column(
            "kind",
            "类型",
            "Kind",
            "choice",
            ("供需类型", "类别"),
            required=True,
            choices=(Choice("need", "需求", "need"), Choice("offer", "供给", "offer", ("供应",))),
        ),
        Column("title", "标题", "Title", also=("名称", "需求名称", "供给名称"), required=True, longest=80),
        Column(
            "description", "说明", "Description", also=("描述", "需求描述"), longest=4000, blank="", width=40
        ),
        Column("product", "产品", "Product", also=("产品名称",), blank=""),
        Column("tags", "标签", "Tags", "list", ("关键词",), longest=30, blank=()),
        Column("segment", "产业链环节", "Chain segment", also=("环节",), longest=120),
        Column(
            "amount_yuan", "金额", "Amount", "yuan", ("预算", "报价", "amount"), unit="元", low=0, high=1e10
        ),
        Column("quantity", "数量", "Quantity", "whole", low=1, high=1e9),
        Column("unit", "单位", "Unit", also=("计量单位",), longest=20, blank=""),
        Column("deadline", "截止日期", "Deadline", "day", ("截止", "有效期至", "截止日")),
    ),
    ("kind", "title"),
    "供需",
    "Needs and offers",
    SHEET_ROWS,
    (
        {
            "kind": "need",
            "title": "寻找正极材料粒度检测",
            "description": "每月十批",
            "product": "磷酸铁锂",
            "tags": ("检测", "材料"),
            "amount_yuan": 3_000_000,
            "quantity": 10,
            "unit": "批",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Checked posts by their row, and the post that each changed row is."""

    checked: Mapping[int, Checked]
    ids: Mapping[Key, int]


def _own(actor: Actor) -> list[Post]:
    query = sa.select(Post).where(Post.organisation_id == actor.organisation_id, Post.state.in_(STANDING))
    return list(db.session.scalars(query.order_by(Post.id)))


def _row(post: Post, tags: Sequence[str]) -> Row:
    return {
        "kind": post.kind,
        "title": post.title,
        "description": post.description,
        "product": post.product,
        "tags": tuple(tags),
        "segment": post.segment,
        "amount_yuan": post.amount_fen,
        "quantity": post.quantity,
        "unit": post.unit,
        "deadline": post.deadline,
    }


def current(actor: Actor) -> dict[Key, Row]:
    posts = _own(actor)
    tags = queries.tags_of(post.id for post in posts)
    found: dict[Key, Row] = {}
    for post in posts:
        row = _row(post, tags[post.id])
        found.setdefault(key_of(POSTS, row), row)
    return found


def _draft(row: Row) -> Draft:
    def text(name: str) -> str:
        return str(row.get(name) or "")

    amount, quantity, tags, deadline = (row.get(n) for n in ("amount_yuan", "quantity", "tags", "deadline"))
    return Draft(
        title=text("title"),
        description=text("description"),
        product=text("product"),
        tags=tags if isinstance(tags, tuple) else (),
        segment=text("segment") or None,
        amount_fen=amount if isinstance(amount, int) else None,
        quantity=quantity if isinstance(quantity, int) else None,
        unit=text("unit"),
        deadline=deadline,  # type: ignore[arg-type]
    )


def resolve(actor: Actor, lines: Sequence[Line]) -> Resolved:
    """Segments by key or name become keys, tags get one spelling; what the market would refuse is said."""
    names: dict[str, set[str]] = {}
    for key, info in sources.segments().items():
        for word in (key, info.name_zh, info.name_en, info.name):
            names.setdefault(comparable(word).strip(), set()).add(key)
    found, faults = [], []
    for line in lines:
        values = dict(line.values)
        if word := str(values.get("segment") or ""):
            meant = names.get(comparable(word).strip(), set())
            values["segment"] = next(iter(meant)) if len(meant) == 1 else word
        try:
            checked = service.checked(actor.organisation_id, _draft(values))
        except Invalid as refused:
            columns = {"post_unknown_segment": "segment", "post_deadline_past": "deadline"}
            columns |= {"tag_gives_away": "tags", "post_too_many_tags": "tags"}
            faults += [
                Fault(line.row, columns.get(one.code, "title"), one.code, one.params)
                for one in refused.reasons
            ]
            continue
        if "tags" in values:
            values["tags"] = tuple(sorted(checked.draft.tags))
        found.append(Line(line.row, values))
    return found, faults


def prepare(actor: Actor, changes: Sequence[Change]) -> Prepared:
    """Check and mask every text; the market's own check takes a while, so nothing is locked meanwhile."""
    checked = {change.row: service.checked(actor.organisation_id, _draft(change.new)) for change in changes}
    ids = {key_of(POSTS, {"kind": post.kind, "title": post.title}): post.id for post in reversed(_own(actor))}
    return Prepared(checked, ids)


def write(actor: Actor, changes: Sequence[Change], prepared: Prepared) -> None:
    new = [change for change in changes if change.old is None]
    if new:
        service.create_checked(actor, [(str(one.new["kind"]), prepared.checked[one.row]) for one in new])
    for change in changes:
        if change.old is not None:
            service.edit_checked(actor, prepared.ids[change.key], prepared.checked[change.row])


def remove(actor: Actor, keys: Sequence[Key], _found: object) -> None:
    """Take posts back that nobody has answered yet."""
    known = {key_of(POSTS, {"kind": post.kind, "title": post.title}): post for post in reversed(_own(actor))}
    posts = [known[key] for key in keys if key in known]
    ids = [post.id for post in posts]
    sides = sa.or_(Match.need_id.in_(ids), Match.offer_id.in_(ids))
    unanswered = sa.and_(sides, Match.need_says.is_(None), Match.offer_says.is_(None))
    db.session.execute(sa.delete(Match).where(unanswered))
    for table in db.metadata.sorted_tables:
        named = [key.parent.in_(ids) for key in table.foreign_keys if key.column is Post.__table__.c.id]
        if (
            table.name != "post_tag"
            and named
            and db.session.execute(sa.select(1).select_from(table).where(sa.or_(*named)).limit(1)).first()
        ):
            raise Conflict("sheet_in_use", name=posts[0].title)
    db.session.execute(sa.delete(PostTag).where(PostTag.post_id.in_(ids)))
    db.session.execute(sa.delete(Post).where(Post.id.in_(ids)))


def stamp(actor: Actor) -> object:
    counted = sa.select(sa.func.count(), sa.func.max(Post.id), sa.func.max(Post.updated_at))
    return tuple(db.session.execute(counted.where(Post.organisation_id == actor.organisation_id)).one())


SHEETS = (
    SheetKind(
        table=POSTS,
        title=_l("需求与供给"),
        purpose=_l("本单位的需求与供给；与在网页上发布一样审核、脱敏和撮合"),
        icon="speakerphone",
        may=lambda actor: bool(actor.may(roles.WRITES_POSTS)),
        current=current,
        resolve=resolve,
        prepare=prepare,
        write=write,
        remove=remove,
        stamp=stamp,
        back="ecosystem.my_posts",
    ),
)

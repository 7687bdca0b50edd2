"""The sentences about needs and offers."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem.market.models import Post

MESSAGES = {
    "post_refused": _l("内容有误，请按提示修改。"),
    "post_title_too_short": _l("标题至少 4 个字。"),
    "post_too_many_tags": _l("标签最多 8 个。"),
    "post_deadline_past": _l("截止日期不能早于今天。"),
    "post_unknown_segment": _l("产业链上没有环节「%(segment)s」。"),
    "tag_gives_away": _l("标签「%(tag)s」会透露贵机构身份，请改用业务词。"),
    "post_not_found": _l("没有找到这条需求或供给。"),
    "not_your_post": _l("这不是贵机构发布的内容。"),
    "post_closed": _l("这条内容已结束，不能再修改。"),
    "not_in_review": _l("这条内容不在待审核列表中。"),
    "posts_to_review": _l("%(num)s 条新的供需内容等待审核。"),
    "post_to_review": _l("有新的供需内容等待审核：%(title)s"),
    "post_published": _l("「%(title)s」已通过审核并发布。"),
    "post_returned": _l("「%(title)s」被退回，请按意见修改后重新提交。"),
    "post_expired": _l("「%(title)s」已到期，可重新提交。"),
    "post_expires_soon": _l("「%(title)s」将于 %(on)s 到期。"),
    "policy_out_of_bounds": _l("数值应在 %(low)s–%(high)s 之间。"),
}
KINDS = {"need": _l("需求"), "offer": _l("供给")}
POST_STATES = {
    "draft": _l("草稿"),
    "review": _l("待审核"),
    "published": _l("已发布"),
    "engaged": _l("对接中"),
    "satisfied": _l("已满足"),
    "expired": _l("已到期"),
    "withdrawn": _l("已撤回"),
}
VISIBILITIES = {"park": _l("全园可见（隐去身份）"), "matched": _l("仅撮合对象可见")}
FLAGS = {
    "contact": _l("含有联系方式，他人看到时会自动隐去"),
    "gives_away": _l("含有单位名称或人名，他人看到时会自动隐去"),
    "too_little": _l("内容过短，难以撮合"),
}


def post_state(row: Post) -> str:
    """Return the state of a post as people call it: a draft that was handed in is in review."""
    return "review" if row.state == "draft" and row.submitted_at else str(row.state)


def hint_of_post(
    code: str, is_need: bool, open_matches: int, introductions: int, reviewing: bool = False
) -> str:
    """Return what the owner of a need or offer does next; `code` is its state as people call it."""
    if code == "draft":
        return _("内容写好后点「提交发布」。")
    if code == "review":
        return (
            _("请阅读内容，然后通过或退回。")
            if reviewing
            else _("等待委员会秘书审核，通过后自动发布并开始撮合，届时会通知您。")
        )
    if code in ("expired", "withdrawn"):
        return _("需要继续的话，修改截止日期后点「提交发布」。")
    if code == "satisfied":
        return ""
    if open_matches:
        return _(
            "下方有 %(num)s 条撮合建议待答复：打开看理由，选择「愿意对接」或「暂不对接」。", num=open_matches
        )
    if introductions:
        return _("对接已建立：到「对接进展」记录会面、下一步和成效。")
    return (
        _("系统正在寻找合适的供给；补充标签、环节和数量会找得更准。")
        if is_need
        else _("系统正在寻找合适的需求；补充标签、环节和数量会找得更准。")
    )

"""What a need or offer may say: everything that is wrong is named at once, what a person should see is flagged."""

from __future__ import annotations

from datetime import date

import pytest

from app.ecosystem.market.checks import check
from app.ecosystem.market.rules import Draft, clean_tags, engaged, split_tags
from app.hall.errors import Invalid

DAY = date(2026, 3, 31)
NAMES = ["江澜电芯有限公司"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    draft = Draft(
        "光谱",
        tags=(*"甲乙丙丁戊己庚辛", "江澜电芯"),
        segment="moon",
        deadline=date(2026, 3, 30),
    )
    with pytest.raises(Invalid) as refused:
        check(draft, NAMES, {"cell"}, DAY)
    assert refused.value.code == "post_refused"
    assert [reason.code for reason in refused.value.reasons] == [
        "post_title_too_short",
        "post_too_many_tags",
        "post_deadline_past",
        "post_unknown_segment",
        "tag_gives_away",
    ]


def test_the_bounds_themselves_pass() -> None:
    draft = Draft("光谱测试", tags=tuple("甲乙丙丁戊己庚辛"), segment="cell", deadline=DAY)
    found = check(draft, NAMES, {"cell"}, DAY)
    kept = Draft("光谱测试", tags=tuple(sorted("甲乙丙丁戊己庚辛")), segment="cell", deadline=DAY)
    assert (found.draft, found.flags) == (kept, ())


def test_a_park_without_a_chain_asks_for_no_segment() -> None:
    assert check(Draft("光谱测试服务", segment="cell"), (), (), DAY).draft.segment == "cell"


@pytest.mark.parametrize(
    ("draft", "flags"),
    [
        (Draft("光谱测试服务", "致电 13800138000"), ["contact"]),
        (Draft("江澜电芯求购光谱仪"), ["gives_away"]),
        (Draft("江澜电芯求购光谱仪", "江澜 13800138000"), ["contact"]),  # contact says it all
        (Draft("求购服务"), ["too_little"]),
        (Draft("光谱测试服务", unit=" 江澜电芯 "), ["gives_away"]),
    ],
)
def test_what_a_person_should_look_at(draft: Draft, flags: list[str]) -> None:
    found = check(draft, NAMES, (), DAY)
    assert list(found.flags) == flags
    assert found.draft.unit == draft.unit.strip()
    assert "江澜" not in found.shown_title + found.shown_unit


def test_tags_are_one_spelling_each() -> None:
    assert clean_tags(split_tags("#检测，检测、ＡＩ ai")) == ("ai", "检测")


def test_only_an_open_post_becomes_engaged() -> None:
    states = ("draft", "published", "engaged", "satisfied", "expired", "withdrawn")
    assert [engaged(state) for state in states] == [
        "draft",
        "engaged",
        "engaged",
        "satisfied",
        "expired",
        "withdrawn",
    ]

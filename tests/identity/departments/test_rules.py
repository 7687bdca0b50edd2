"""Who leads on a day: dates decide, gaps leave nobody, and a post for one takes no second."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from app.identity.departments.rules import Post, holder, leaders, reasons_against

DAY = dt.date(2026, 9, 1)


def on(n: int) -> dt.date:
    return DAY + dt.timedelta(days=n)


def test_the_head_leads_and_the_acting_head_only_inside_the_dates() -> None:
    posts = [Post(1, "head", 7, DAY, None, 3), Post(2, "acting", 9, on(10), on(12), 3)]
    assert [sorted(leaders(posts, 3, on(n))) for n in (9, 10, 12, 13)] == [[7], [7, 9], [7, 9], [7]]
    assert leaders(posts, 4, DAY) == frozenset()


def test_between_two_heads_nobody_is_head() -> None:
    posts = [Post(1, "head", 7, DAY, on(4), 3), Post(2, "head", 8, on(6), None, 3)]
    assert [holder(posts, "head", on(n), 3) for n in (4, 5, 6)] == [7, None, 8]


def test_a_duty_is_refused_with_every_reason() -> None:
    wrong = Post(0, "acting_vice_president", 7, DAY, None, 3, 7)
    assert reasons_against(wrong, []) == ("duty_department", "duty_instead_of_oneself", "duty_without_end")
    assert reasons_against(Post(0, "head", 7, DAY), []) == ("duty_department",)
    assert reasons_against(Post(0, "acting", 7, DAY, on(-1), 3), []) == ("duty_backwards",)
    assert reasons_against(Post(0, "vice_president", 7, DAY, None, 3, 8), []) == ("duty_instead_of",)


def test_one_head_at_a_time_to_the_day() -> None:
    first = Post(1, "head", 7, DAY, on(9), 3)
    assert reasons_against(Post(0, "head", 8, on(9), None, 3), [first]) == ("duty_taken",)
    assert reasons_against(Post(0, "head", 8, on(10), None, 3), [first]) == ()
    assert reasons_against(Post(0, "head", 8, on(9), None, 4), [first]) == ()
    assert reasons_against(Post(0, "deputy", 8, on(9), None, 3), [Post(1, "deputy", 7, DAY, None, 3)]) == ()


days = st.integers(0, 30).map(on)


@given(st.lists(st.tuples(st.integers(1, 5), days, st.none() | days), max_size=8), days)
def test_what_was_accepted_never_names_two_heads(
    wishes: list[tuple[int, dt.date, dt.date | None]], day: dt.date
) -> None:
    kept: list[Post] = []
    for n, (member, first, last) in enumerate(wishes):
        post = Post(n, "head", member, first, last, 3)
        if not reasons_against(post, kept):
            kept.append(post)
    assert sum(post.holds(day) for post in kept) <= 1
    assert leaders(kept, 3, day) == frozenset(post.member for post in kept if post.holds(day))

"""Who is tied in how firmly, worked by hand."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from app.chain.stickiness.rules import LocalLink, stickiness

NOW = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def _ago(days: int | None) -> dt.datetime | None:
    return None if days is None else NOW - days * DAY


def test_those_at_risk_come_first() -> None:
    links = [
        LocalLink("E1", "E2", _ago(10)),
        LocalLink("E1", "E3", _ago(365)),  # a year to the day still counts
        LocalLink("E2", "E3", _ago(366)),
        LocalLink("E4", "E1", _ago(None)),
        LocalLink("E5", "E5", _ago(1)),  # with itself: no tie to the park
        LocalLink("E6", "X9", _ago(1)),  # with somebody outside
    ]
    firms = ("E1", "E2", "E3", "E4", "E5", "E6", "E7")
    found = stickiness(firms, firms[:6], links, NOW)
    assert [(one.firm, one.state, one.confirmed, one.lapsed, one.unconfirmed) for one in found] == [
        ("E4", "none", 0, 0, 1),
        ("E5", "none", 0, 0, 0),
        ("E6", "none", 0, 0, 0),
        ("E2", "falling", 1, 1, 0),
        ("E3", "falling", 1, 1, 0),
        ("E7", "unknown", 0, 0, 0),
        ("E1", "holding", 2, 0, 1),
    ]
    assert [one.last for one in found if one.firm in ("E1", "E4")] == [None, _ago(10)]


FIRM = st.sampled_from("ABCDE")
LINK = st.builds(LocalLink, FIRM, FIRM, st.sampled_from([_ago(None), _ago(1), _ago(365), _ago(800)]))


@given(st.lists(LINK, max_size=12), st.sets(FIRM), st.randoms(use_true_random=False))
def test_every_link_counts_for_both_ends_in_any_order(
    links: list[LocalLink], placed: set[str], dice: random.Random
) -> None:
    found = stickiness("ABCDE", placed, links, NOW)
    real = [link for link in links if link.supplier != link.customer]
    assert sum(one.confirmed + one.lapsed + one.unconfirmed for one in found) == 2 * len(real)
    assert all((one.state == "holding") == (one.confirmed > 0 and not one.lapsed) for one in found)
    shuffled = list(links)
    dice.shuffle(shuffled)
    assert stickiness("EDCBA", placed, shuffled, NOW) == found

"""Nobody can work out what fewer than five firms said: from any total, any group, any two filters."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.insight.scores.rules import FEW
from app.insight.scores.small import hidden_cells, refused_filters

COUNTS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 14), max_size=7)


def test_the_next_smallest_goes_with_a_hidden_one() -> None:
    assert hidden_cells({"large": 4, "medium": 9, "small": 20}) == {"large", "medium"}
    assert hidden_cells({"large": 1, "new": 4, "small": 20}) == {"large", "new"}
    assert hidden_cells({"large": 0, "small": 20}) == {"large"}
    assert hidden_cells({"small": 4}) == {"small"}


@given(COUNTS)
def test_what_is_hidden_together_is_nobody_or_at_least_five(counts: dict[str, int]) -> None:
    hidden = hidden_cells(counts)
    rest = sum(counts[name] for name in hidden)
    shown = counts.keys() - hidden
    assert all(counts[name] >= FEW for name in shown)
    assert rest == 0 or rest >= FEW or not shown
    # the total beside any of the shown groups, alone or together, leaves nobody or five and more
    total = sum(counts.values())
    for many in range(1, len(shown) + 1):
        for some in combinations(sorted(shown), many):
            left = total - sum(counts[name] for name in some)
            assert left == 0 or left >= FEW


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.frozensets(st.integers(0, 20)), max_size=8))
def test_no_two_filters_that_remain_differ_by_one_to_four_firms(filters: dict[str, frozenset[int]]) -> None:
    refused = refused_filters(filters)
    for one, other in combinations(sorted(filters.keys() - refused), 2):
        assert not 0 < len(filters[one] ^ filters[other]) < FEW

"""Who is proposed to whom: relevant, explained, never oneself, never after a no, never too many."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from app.ecosystem.market.similarity import terms
from app.ecosystem.matches import score
from app.ecosystem.matches.score import Post, Refused, Surroundings, propose

WORDS = ["正极材料", "光谱仪检测", "隔膜涂布", "海外仓", "冷链物流", "细胞培养"]
TAGS = ["检测", "材料", "仓储", "技术转化难"]
SEGMENTS = ["cathode", "cell", "pack", None]


def posts(first_id: int) -> st.SearchStrategy[list[Post]]:
    one = st.tuples(
        st.integers(1, 4),
        st.sampled_from(WORDS),
        st.frozensets(st.sampled_from(TAGS), max_size=2),
        st.sampled_from(SEGMENTS),
        st.sampled_from(["A1", "B2", None]),
        st.one_of(st.none(), st.integers(1, 10**9)),
    )
    return st.lists(one, max_size=8).map(
        lambda rows: [
            Post(first_id + i, org, terms(words), tags, segment, place, money)
            for i, (org, words, tags, segment, place, money) in enumerate(rows)
        ]
    )


AROUND = Surroundings(frozenset({("cathode", "cell"), ("cell", "pack")}), frozenset({1, 2}))


@settings(max_examples=80, deadline=None)
@given(posts(1), posts(100), st.integers(0, 3), st.randoms(use_true_random=False))
def test_rules_hold_for_any_market(
    needs: list[Post], offers: list[Post], most: int, rng: random.Random
) -> None:
    found = propose(needs, offers, around=AROUND, most_open=most)
    count = Counter(o for p in found for o in (p.need_organisation, p.offer_organisation))
    assert all(n <= most for n in count.values())
    assert all(p.need_organisation != p.offer_organisation for p in found)
    assert all(0 < p.score <= 1 and p.reasons for p in found)
    shuffled = [rng.sample(rows, len(rows)) for rows in (needs, offers)]
    assert propose(*shuffled, around=AROUND, most_open=most) == found


@settings(max_examples=50, deadline=None)
@given(posts(1), posts(100))
def test_a_refused_pair_never_comes_back(needs: list[Post], offers: list[Post]) -> None:
    for chosen in propose(needs, offers, around=AROUND)[:1]:
        no = Refused(chosen.need, chosen.offer, chosen.need_organisation, chosen.offer_organisation)
        again = propose(needs, offers, around=AROUND, refused=[no], most_open=99)
        assert (chosen.need, chosen.offer) not in {(p.need, p.offer) for p in again}


def test_a_no_outlives_a_better_score() -> None:
    no = Refused(1, 7, 10, 20)
    better = Post(7, 20, terms("正极材料检测"), frozenset({"检测"}), "cathode", "A1", 1)
    need = Post(1, 10, terms("正极材料检测"), frozenset({"检测"}), "cathode", "A1", 100)
    assert propose([need], [better])[0].score == 1.0
    assert propose([need], [better], refused=[no]) == []


def test_a_no_is_not_walked_round_by_posting_the_same_again() -> None:
    no = Refused(1, 7, 10, 20)
    copy = Post(8, 20, terms("正极材料检测"))
    assert propose([Post(1, 10, terms("正极材料检测"))], [copy], refused=[no]) == []
    assert propose([Post(1, 10, terms("正极材料检测"))], [Post(9, 30, terms("正极材料检测"))], refused=[no])


def test_neighbours_with_nothing_in_common_are_not_proposed() -> None:
    need = Post(1, 10, terms("细胞培养"), place="A1", amount_fen=100)
    offer = Post(2, 20, terms("海外仓"), place="A1", amount_fen=50)
    assert propose([need], [offer], around=Surroundings(proven=frozenset({10, 20}))) == []


def test_score_is_the_weighted_mean_of_what_both_sides_tell() -> None:
    """Same segment and one of one tag, no text in common: (0.4·0 + 0.2·1 + 0.2·1) / 0.8 = 0.5."""
    need = Post(1, 10, ("a",), frozenset({"检测"}), "cell")
    offer = Post(2, 20, ("b",), frozenset({"检测"}), "cell")
    (found,) = propose([need], [offer])
    assert found.score == 0.5
    assert [r.code for r in found.reasons] == ["segment_same", "tags"]


def test_supplier_of_the_segment_is_next_best() -> None:
    """cathode feeds cell: 0.7; (0.2·0.7 + 0.2·1) / 0.8 = 0.425."""
    need = Post(1, 10, ("a",), frozenset({"检测"}), "cell")
    offer = Post(2, 20, ("b",), frozenset({"检测"}), "cathode")
    (found,) = propose([need], [offer], around=AROUND)
    assert found.score == 0.425
    assert score.Why("segment_feeds", 0.7, {"input": "cathode", "output": "cell"}) in found.reasons


def test_half_the_quantity_costs_a_quarter() -> None:
    """0.5 as above × (0.5 + 0.5 · 50/100) = 0.375."""
    need = Post(1, 10, ("a",), frozenset({"x"}), "cell", quantity=100, unit="吨")
    offer = Post(2, 20, ("b",), frozenset({"x"}), "cell", quantity=50, unit="吨")
    (found,) = propose([need], [offer])
    assert found.score == 0.375


def test_a_no_covers_these_two_organisations_about_either_subject_and_nobody_else() -> None:
    """Both organisations must be the refused ones, each on its own side, and one of the posts the refused one."""
    no = Refused(1, 7, 10, 20)
    covered = {
        (need, offer, asking, giving)
        for need in (1, 2)
        for offer in (7, 8)
        for asking in (10, 20, 30)
        for giving in (10, 20, 30)
        if no.covers(Post(need, asking), Post(offer, giving))
    }
    assert covered == {(1, 7, 10, 20), (1, 8, 10, 20), (2, 7, 10, 20)}

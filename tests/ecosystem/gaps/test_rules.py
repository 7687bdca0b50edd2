"""What could fill a weak link: only what stands on it or names its subject, what stands on it first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.ecosystem.gaps.rules import Candidate, Gap, fillers, words_of

GAP = Gap("cathode", words_of(["正极材料", "Cathode material"]))


def test_standing_on_the_segment_beats_any_number_of_words_and_more_output_beats_less() -> None:
    rows = [
        Candidate("equipment", 1, "正极 CATHODE MATERIAL 正极材料"),
        Candidate("prospect", 2, "", frozenset({"cathode"}), 10.0),
        Candidate("prospect", 3, "", frozenset({"cathode", "anode"}), 4000.0),
        Candidate("offer", 4, "隔膜涂布", frozenset({"separator"}), 9000.0),
    ]
    found = fillers(GAP, rows)
    assert [(f.id, f.code) for f in found] == [(3, "stands_on"), (2, "stands_on"), (1, "names_it")]


def test_a_word_within_a_longer_one_is_not_a_second_reason() -> None:
    (found,) = fillers(GAP, [Candidate("equipment", 1, "正极材料粒度仪")])
    assert found.params == {"words": ("正极材料",)} and found.weight == 1.0


def test_no_words_fill_nothing() -> None:
    assert fillers(Gap("x", ()), [Candidate("offer", 1, "任何")]) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["offer", "talent"]), st.integers(1, 9), st.sampled_from(["正极", "仓储", ""])
        ),
        max_size=12,
        unique_by=lambda row: row[:2],
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_candidates_does_not_matter(rows: list[tuple[str, int, str]], rng: object) -> None:
    candidates = [Candidate(*row) for row in rows]
    shuffled = list(candidates)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fillers(GAP, shuffled) == fillers(GAP, candidates)

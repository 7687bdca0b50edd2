"""A "no" stands between the same two firms only, on either of the two subjects."""

from __future__ import annotations

import pytest

from app.ecosystem.matches.score import Post, Refused

NO = Refused(need=1, offer=7, need_organisation=10, offer_organisation=20)


@pytest.mark.parametrize(
    ("need", "offer", "covered"),
    [
        (Post(1, 10), Post(7, 20), True),  # the very pair
        (Post(1, 10), Post(8, 20), True),  # the same firm tries with another offer
        (Post(2, 10), Post(7, 20), True),  # the same firm asks for the same offer with another need
        (Post(2, 10), Post(8, 20), False),  # the same two firms on another subject
        (Post(1, 10), Post(8, 30), False),  # another firm offers for the same need
        (Post(3, 30), Post(7, 20), False),  # another firm asks for the same offer
        (Post(1, 11), Post(7, 20), False),  # the ids are there, the firm that asks is another
        (Post(1, 10), Post(7, 21), False),  # the ids are there, the firm that offers is another
        (Post(7, 20), Post(1, 10), False),  # the two firms the other way round
    ],
)
def test_a_no_covers_the_same_two_firms_on_either_subject(need: Post, offer: Post, covered: bool) -> None:
    assert NO.covers(need, offer) is covered

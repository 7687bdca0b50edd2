"""What counts as a signal, and what a firm may say in its own name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.ecosystem.signals.rules import Heard, check, must_be_own
from app.hall.errors import Invalid, NotAllowed

DAY = date(2026, 3, 31)
HEARD = Heard("complaint", "排队太久", occurred_on=DAY)


def test_today_is_not_the_future_and_no_day_means_today() -> None:
    check(HEARD, DAY)
    check(replace(HEARD, occurred_on=None), DAY)


@pytest.mark.parametrize(
    ("heard", "codes"),
    [
        (replace(HEARD, kind="rumour"), ["signal_incomplete"]),
        (replace(HEARD, text="  "), ["signal_incomplete"]),
        (replace(HEARD, occurred_on=DAY + timedelta(days=1)), ["signal_in_future"]),
        (
            replace(HEARD, text="", occurred_on=DAY + timedelta(days=1)),
            ["signal_incomplete", "signal_in_future"],
        ),
    ],
)
def test_what_is_no_signal(heard: Heard, codes: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        check(heard, DAY)
    assert [reason.code for reason in refused.value.reasons] or [refused.value.code] == codes
    assert refused.value.code == codes[0]


def test_a_firm_complains_in_its_own_name_only() -> None:
    must_be_own(HEARD, 7)
    must_be_own(replace(HEARD, organisation_id=7), 7)
    for heard in (replace(HEARD, organisation_id=8), replace(HEARD, kind="visit")):
        with pytest.raises(NotAllowed):
            must_be_own(heard, 7)

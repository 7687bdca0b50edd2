"""Stories 1 to 19 in a park that was founded empty: the same walks, another park, everybody in by a link."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.hall import clock
from tests.chain.folders import write
from tests.chain.test_room import bring_in
from tests.factories import Park
from tests.walks import test_01_weak_link as story_01
from tests.walks import test_02_filling_it as story_02
from tests.walks import test_03_single_source as story_03
from tests.walks import test_04_matches as story_04
from tests.walks import test_05_all_reasons as story_05
from tests.walks import test_06_race as story_06
from tests.walks import test_07_first_come as story_07
from tests.walks import test_08_income as story_08
from tests.walks import test_09_charged_time as story_09
from tests.walks import test_10_maintenance as story_10
from tests.walks import test_11_patents_and_people as story_11
from tests.walks import test_12_credits as story_12
from tests.walks import test_13_redeem as story_13
from tests.walks import test_15_review as story_15
from tests.walks import test_16_before_they_arrive as story_16
from tests.walks import test_17_round_table as story_17
from tests.walks import test_18_no_is_final as story_18
from tests.walks import test_19_one_page_per_gap as story_19
from tests.walks.credits_words import balance, earn, reward
from tests.walks.founded import Founded

Walk = Callable[[Founded, Path], None]


def weak_link(park: Park, folder: Path) -> None:
    park.staff()
    story_01.textile(park, folder / "park")
    story_01.test_another_chain_has_another_weak_link(park)


def ready_for_credits(park: Park) -> None:
    """The starter set is taken over by two people, then the park proposes two rewards of its own."""
    park.staff()
    made = park.api("park").post("/identity/starter", {}).json
    assert (
        park.api("second").post(f"/identity/starter/{made['id']}/decide", {"agree": True}).status_code == 200
    )
    reward(park, "office_3_months", 300)
    university = park.organisation("U7", "university")
    park.member("u7", university, "university_office")
    support = {"category": "university", "fulfilment": "introduction", "fulfilment_params": {"partner": "U7"}}
    reward(park, "university_support_20h", 150, **support)
    for code in ("E90", "E91"):
        park.firm(code)


def credits(park: Park, _folder: Path) -> None:
    """460 credits, spent on an office and on a university's help; another firm's patent earns once."""
    ready_for_credits(park)
    story_12.test_office_is_held_then_captured_and_university_support_opens_an_introduction(park, "e90")
    firm, reviewer = park.api("e91"), park.api("reviewer")
    earn(firm, reviewer, "invention_patent", "patent_number", "ZL202610119000.6")
    again = {
        "rule": "invention_patent",
        "occurred_on": clock.today().isoformat(),
        "evidence": [{"kind": "patent_number", "value": "ＺＬ２０２６ １０１１９０００．６"}],
    }
    assert firm.post("/credits/claims", again).status_code == 409
    assert balance(firm) == (100, 0)


def race(park: Park, _folder: Path) -> None:
    ready_for_credits(park)
    story_12.test_two_redemptions_at_once_and_a_retried_one(park, "e90")


def review(park: Park, _folder: Path) -> None:
    """A rejected claim is appealed to another reviewer; a firm's own people never hold a reviewer's role at all."""
    story_15.test_a_changed_rule_leaves_what_happened_before_at_its_value(park)
    house = park.browse("e01")
    invited = {"name": "内应", "email": "", "roles": ["credit_reviewer"]}
    assert house.post("/identity/members/invite", data=invited).status_code in (403, 422)
    story_15.rejected_and_appealed(park, before=55, worth=20)


# segment, zh; what it takes of another one
SEGMENTS = (("precursor", "前驱体"), ("lithium_salt", "锂盐"), ("cathode", "正极材料"), ("cell", "电芯"))
INPUTS = (("precursor", "cathode", 0.55), ("lithium_salt", "cathode", 0.25), ("cathode", "cell", 0.4))


def battery(park: Park, folder: Path) -> None:
    """A chain of firms that came by links, four of them makers of cells, with two firms to recruit."""
    park.staff()
    for number in range(1, 29):
        park.firm(f"E{number:02d}", name_zh=f"白洲{number}号制造")
    makers = [(f"E{n:02d}", f"白洲{n}号制造", "cell", 9000 - n, "yes") for n in range(1, 5)]
    write(
        folder / "park",
        segments=[(code, name, code, "") for code, name in SEGMENTS],
        inputs=INPUTS,
        positions=[*makers, ("E05", "白洲5号制造", "cathode", 1800, "yes")],
    )
    bring_in(park, folder / "park", chain="+", new_code="battery", new_name="动力电池")
    staff = park.browse("investment")
    wanted = (
        ("屿光正极", [("cathode", 4000)]),
        ("循岛电池回收", [("precursor", 3000), ("lithium_salt", 800)]),
    )
    for name, adds in wanted:
        form = {
            "chain": "battery",
            "name": name,
            "segment": [s for s, _ in adds],
            "output": [o for _, o in adds],
        }
        assert staff.post("/chain/prospects", data=form).status_code == 303


def one_page_per_gap(park: Park, folder: Path) -> None:
    battery(park, folder)
    policy = {"refusal_days": 180, "most_open": 8, "least_percent": 30, "answer_days": 30, "review": "rules"}
    assert park.browse("secretary").post("/ecosystem/review/policy", data=policy).status_code == 303
    story_19.test_everything_that_could_fill_the_gap_and_nothing_else(park)


def before_they_arrive(park: Park, folder: Path) -> None:
    battery(park, folder)
    ready = story_05.spectrometer(park.api("e02"), name="电池循环测试柜")
    assert ready
    made = park.api("park").post("/identity/starter", {}).json
    assert (
        park.api("second").post(f"/identity/starter/{made['id']}/decide", {"agree": True}).status_code == 200
    )
    staff = park.browse("investment")
    link, number = story_16.pack_for(staff, "P01", "battery")
    story_16.leaves_with_signed_orders(park, (staff, link, number), "P01")


# By the number of the story; where a park of its own has another course, by the functions above.
WALKS: dict[str, Walk] = {
    "01": weak_link,
    "02": story_02.test_the_same_with_weavers,
    "03": story_03.test_a_second_firm_ends_it_and_the_loss_of_the_first_is_a_gap,
    "04": story_04.test_weavers_find_each_other,
    "05": lambda park, _: story_05.test_wish_over_closing_time_and_outage_hears_both_and_gets_an_alternative(
        park
    ),
    "06": lambda park, _: story_06.test_twenty_members_one_hour(park),
    "07": lambda park, _: story_07.test_optimised_round_serves_all_eight_hours_and_publishing_books_them(
        park
    ),
    "08": lambda park, _: story_08.test_income_and_utilisation(
        park, 2, 4, 7, 75.5, (80, 8, 14, 0.275, 0.1, 17.5, 1.75), 1_057
    ),
    "09": lambda park, _: story_09.test_late_cancellation_costs_its_share_of_what_nobody_else_takes(park),
    "10": lambda park, _: story_10.test_an_outage_cancels_tells_offers_and_calls_up(park),
    "11": lambda park, _: story_11.test_a_granted_licence_outlives_the_listing_and_a_new_wish_is_refused(
        park
    ),
    "12": credits,
    "13": lambda park, _: story_13.test_held_then_captured_or_released_with_the_stock(park),
    "15": lambda park, _: story_15.test_what_expires_first_goes_first_and_a_late_job_changes_nothing(park),
    "14": race,
    "15, two people": review,
    "16": before_they_arrive,
    "17": lambda park, _: story_17.test_a_shared_concern_becomes_a_resolution_and_a_base(park, 5, 3),
    "18": lambda park, _: story_18.test_no_is_final_for_the_set_period(park, 45),
    "19": one_page_per_gap,
}


@pytest.mark.parametrize("story", WALKS)
def test_story(app: Flask, tmp_path: Path, story: str) -> None:
    WALKS[story](Founded(app), tmp_path)

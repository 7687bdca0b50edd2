"""Two firms claim one number: neither hears of the other, the reviewer sees both, one of them is granted."""

from __future__ import annotations

import threading

from tests.credits.conftest import CreditsPark

NUMBERS = ("ZL 2026 1 7654321.0", "zl2026-1-7654321。0")


def test_a_draft_and_a_submission_tell_nothing_about_another_firm(credits_park: CreditsPark) -> None:
    park = credits_park
    park.firm("E02")
    answers = []
    for state in ("nobody", "submitted", "approved"):  # of the other firm's claim on the same number
        if state == "submitted":
            first = park.claim("e01", "invention_patent", NUMBERS[0]).json["id"]
        if state == "approved":
            assert park.api("reviewer").post(f"/credits/claims/{first}/approve").status_code == 200
        claim = park.claim("e02", "invention_patent", NUMBERS[1])
        answers.append((claim.status_code, claim.json["state"], claim.json["evidence"]))
        assert park.api("e02").post(f"/credits/claims/{claim.json['id']}/withdraw").status_code == 200
    assert answers == [(200, "submitted", [{"kind": "patent_no", "value": NUMBERS[1]}])] * 3


def test_the_reviewer_sees_the_other_claim_beside_this_one_and_grants_one(credits_park: CreditsPark) -> None:
    park = credits_park
    park.firm("E02")
    ids = [park.claim(f"e0{n}", "invention_patent", NUMBERS[n - 1]).json["id"] for n in (1, 2)]
    page = park.browse("reviewer").get(f"/credits/review/{ids[1]}").text
    assert f'href="/credits/review/{ids[0]}"' in page and "E01公司" in page
    assert "E01公司" not in park.browse("e02").get(f"/credits/claims/{ids[1]}").text
    reviewer = park.api("reviewer")
    assert reviewer.post(f"/credits/claims/{ids[1]}/approve").status_code == 200
    assert reviewer.post(f"/credits/claims/{ids[0]}/approve").status_code == 409
    assert (
        reviewer.post(f"/credits/claims/{ids[0]}/reject", {"reason": "已认定给另一企业"}).status_code == 200
    )
    assert (park.balance("e01"), park.balance("e02")) == ((0, 0), (100, 0))
    assert park.audit().exit_code == 0, park.audit().output


def test_a_firms_own_open_claim_stays_unique_until_it_is_rejected(credits_park: CreditsPark) -> None:
    park = credits_park
    first = park.claim("e01", "invention_patent", NUMBERS[0]).json["id"]
    again = park.claim("e01", "invention_patent", NUMBERS[1])
    assert again.status_code == 409 and again.json["reasons"][0]["code"] == "evidence_used"
    reviewer = park.api("reviewer")
    assert reviewer.post(f"/credits/claims/{first}/reject", {"reason": "未附证书"}).status_code == 200
    assert park.claim("e01", "invention_patent", NUMBERS[1]).status_code == 200
    # The rejected claim cannot come back beside the one that took its place.
    appeal = park.api("e01").post(f"/credits/claims/{first}/appeal", {"reason": "已补"})
    assert appeal.status_code == 409 and appeal.json["reasons"][0]["code"] == "evidence_used"


def test_two_reviewers_at_once_grant_one_of_two_firms(credits_park: CreditsPark) -> None:
    park = credits_park
    park.firm("E02")
    ids = [park.claim(f"e0{n}", "invention_patent", NUMBERS[n - 1]).json["id"] for n in (1, 2)]
    clients = [park.api("reviewer"), park.api("reviewer2")]
    start = threading.Barrier(2)
    codes = []

    def approve(at: int) -> None:
        start.wait()
        codes.append(clients[at].post(f"/credits/claims/{ids[at]}/approve").status_code)

    threads = [threading.Thread(target=approve, args=(at,)) for at in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(codes) == [200, 409]
    assert sorted(park.balance(f"e0{n}")[0] for n in (1, 2)) == [0, 100]

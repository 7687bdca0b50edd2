"""What firms say about a segment stands beside its rank, with the sentences, and moves nothing."""

from __future__ import annotations

import re


def _ranks(page: str) -> list[tuple[str, str]]:
    return re.findall(r'data-label="名次"><b>([^<]+)</b>.*?/chain/segments/([a-z_]+)\?', page, re.S)


def test_sentences_stand_beside_the_rank(demo_park):
    desk = demo_park.browse("investment")
    before = desk.get("/chain/weak-links?all=1").text
    segment = _ranks(before)[-1][1]
    sentence = "隔膜交期从两周拖到七周"
    for login in ("e03", "e04"):
        body = {"kind": "complaint", "text": f"{sentence}（{login}）", "segment": segment}
        assert demo_park.api(login).post("/ecosystem/signals", body).status_code == 201
    after = desk.get("/chain/weak-links?all=1").text
    assert _ranks(after) == _ranks(before)
    assert f"{sentence}（e03）" not in before and f"{sentence}（e03）" in after
    page = desk.get(f"/chain/segments/{segment}").text
    assert f"{sentence}（e04）" in page and "不改变名次" in page
    assert f"/ecosystem/signals?segment={segment}" in page

"""A firm that may come: a note without a move, saving what stands, and why it did not come in the end."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def desk(demo_park):
    return demo_park.browse("investment")


def _page(desk, code: str) -> str:
    return desk.get(f"/chain/prospects/{code}").text


def test_a_note_moves_nothing_and_saving_what_stands_notes_nothing(desk):
    segment = re.search(r"/chain/segments/([a-z_]+)\?", desk.get("/chain/weak-links?all=1").text)[1]
    form = {"name": "岚桥隔膜", "region": "常州", "segment": segment, "output": "1200"}
    made = desk.post("/chain/prospects", data=form)
    assert made.status_code == 303, made.text
    code = made.location.rsplit("/", 1)[1].split("?")[0]
    assert desk.post(f"/chain/prospects/{code}/note", data={"note": "  "}).status_code == 422
    assert desk.post(f"/chain/prospects/{code}/note", data={"note": "对方来电问电价"}).status_code == 303
    page = _page(desk, code)
    assert "对方来电问电价" in page and "记了一笔" in page and "记为已联系" in page
    plan = {"next_step": "寄送园区手册", "due_on": "2027-03-09", "owner": "", "contact": "岚总"}
    assert desk.post(f"/chain/prospects/{code}/plan", data=plan).status_code == 303
    steps = len(re.findall("寄送园区手册", _page(desk, code)))
    assert desk.post(f"/chain/prospects/{code}/plan", data=plan).status_code == 303
    again = _page(desk, code)
    assert len(re.findall("寄送园区手册", again)) == steps and 'value="岚总"' in again
    assert 'value="2027-03-09"' in again
    lost = desk.post(f"/chain/prospects/{code}/move", data={"state": "lost", "note": ""})
    assert lost.status_code == 422
    lost = desk.post(f"/chain/prospects/{code}/move", data={"state": "lost", "note": "地价高于邻市"})
    assert lost.status_code == 303
    assert "未能引进的原因：地价高于邻市" in _page(desk, code)

"""Many firms: risk is worked out behind the page; the pipeline is paged, searched and sorted; outside firms can be asked."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from app.chain.prospects import service as prospects
from app.chain.prospects.rules import NewProspect
from app.chain.register import service as chains
from app.chain.risk import service as risks
from app.identity.actor import SYSTEM
from tests.chain.folders import battery
from tests.chain.test_pages import text_of
from tests.chain.test_room import bring_in
from tests.factories import Park

OUTSIDE = [("X1", "远山正极", "cathode", 2000, "no"), ("X2", "远海前驱体", "precursor", 500, "no")]


@pytest.fixture
def chain(park: Park, tmp_path: Path) -> Park:
    park.staff()
    folder = battery(
        tmp_path / "park", supply=[("E01", "E03", "cell", 10000), ("X1", "E01", "cathode", 11400)]
    )
    rows = (folder / "positions.csv").read_text(encoding="utf-8")
    rows += "".join(",".join(map(str, row)) + "\n" for row in OUTSIDE)
    (folder / "positions.csv").write_text(rows, encoding="utf-8")
    bring_in(park, folder)
    return park


def test_risk_is_worked_out_behind_the_page(chain: Park, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risks, "RISK_AT_ONCE", 0)
    client = chain.browse("investment")
    client.get("/chain/risk")
    with chain.app.app_context():
        run = risks.standing(chains.get_chain())
        assert run.ended.wait(60)
    assert client.get("/chain/risk/progress").headers["HX-Refresh"] == "true"
    page = text_of(chain, "/chain/risk")
    # X1 fails: nobody else sells cathode, so cells stop, and with them all that is sold
    assert page.index("远山正极") < page.index("海岸负极"), "who sells nothing comes last"
    assert "100.0 %" in page
    assert "芦汀电池系统" not in text_of(chain, "/chain/risk?q=X1")


def test_while_it_runs_the_page_shows_how_far_it_is(chain: Park, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way = risks.Run(total=40, done=10)
    monkeypatch.setattr(risks, "standing", lambda _chain, again=False: under_way)
    page = text_of(chain, "/chain/risk")
    assert "10 / 40" in page
    assert "25.0 %" in page
    assert "HX-Refresh" not in chain.browse("investment").get("/chain/risk/progress").headers


def test_a_computation_that_broke_off_says_so_and_can_be_asked_again(
    chain: Park, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(risks, "_ranges", lambda *_: 1 / 0)
        assert "计算中断了" in text_of(chain, "/chain/risk")
    assert "计算中断了" in text_of(chain, "/chain/risk"), "it is not tried over and over"
    assert "远山正极" in text_of(chain, "/chain/risk?again=1")
    assert "远山正极" in text_of(chain, "/chain/risk")


def test_the_risk_of_a_what_if_comes_after_the_rest(chain: Park, monkeypatch: pytest.MonkeyPatch) -> None:
    """N makes 4,000 of cathode: the cell maker needs 12,000, of which the park sold nothing: N sells all, X1 keeps 8,000."""
    monkeypatch.setattr(risks, "RISK_AT_ONCE", 0)
    query = "name=N&segment=cathode&output=4000"
    page = text_of(chain, f"/chain/what-if?{query}")
    assert "/chain/what-if/risk?" in page
    assert "假定新企业的供货关系" not in page
    for text in (
        text_of(chain, f"/chain/what-if/risk?{query}"),
        text_of(chain, f"/chain/what-if?{query}&risk=1"),
    ):
        assert "假定新企业的供货关系 1 条，共 4,000 万元" in text
        assert "N → 江澜电芯：cathode 4,000" in text
    refused = chain.browse("investment").get("/chain/what-if/risk?name=N&segment=nowhere&output=4000")
    assert refused.status_code == 422


def test_an_outside_firm_is_asked_to_come(chain: Park) -> None:
    """X1 would close 2,000 of the 10,200: 0.6 · 2,000 / 10,200; none of its inputs are made here; all it makes is used: 0.2."""
    page = text_of(chain, "/chain/segments/cathode?chain=battery")
    assert "远山正极" in page
    assert "31.8 %" in page
    assert "远海前驱体" not in page
    assert "远海前驱体" in text_of(chain, "/chain/prospects?view=outside")
    assert chain.browse("auditor").post("/chain/prospects/outside/X1").status_code == 403
    client = chain.browse("investment")
    assert client.post("/chain/prospects/outside/E01").status_code == 404
    assert client.post("/chain/prospects/outside/X1").headers["Location"].endswith("/chain/prospects/X1")
    assert client.post("/chain/prospects/outside/X1").status_code == 404
    assert "远山正极" not in text_of(chain, "/chain/prospects?view=outside")
    for state in ("contacted", "visited", "negotiating", "signed", "landed"):
        assert client.post("/chain/prospects/X1/move", data={"state": state}).status_code == 303
    answer = chain.api("investment").get("/chain/segments").json
    assert {row["segment"]: row["supply_wan"] for row in answer["segments"]}["cathode"] == 3800.0


def test_the_pipeline_is_paged_searched_and_sorted(chain: Park) -> None:
    with chain.app.app_context():
        here = chains.get_chain()
        for n in range(120):
            name, segment = (f"候选{n:03d}", "cathode") if n % 2 else (f"备选{n:03d}", "separator")
            prospects.create_prospect(SYSTEM, here, NewProspect(name, {segment: 10.0 + n}, code=f"Q{n:03d}"))
    first = text_of(chain, "/chain/prospects?view=table&sort=name")
    assert "共 120 条" in first
    assert first.index("候选001") < first.index("候选099")
    assert "候选101" not in first
    assert "备选118" in text_of(chain, "/chain/prospects?view=table&sort=name&page=3")
    assert "共 60 条" in text_of(chain, "/chain/prospects?view=table&q=separator")
    assert "另有 90 家" in text_of(chain, "/chain/prospects")  # 30 cards of the column
    api = chain.api("investment")
    page = api.get("/chain/prospects", limit=100, offset=100).json
    assert (page["total"], len(page["items"])) == (120, 20)
    assert api.get("/chain/prospects", state="landed").json["total"] == 0
    bench = text_of(chain, "/chain/what-if")
    assert "另有 20 家匹配度较低" in bench


def test_the_report_is_numbers_that_print(chain: Park) -> None:
    """Cathode makes 1,800 of the 12,000 asked for: 10,200 lacking, 15 % covered; as figures, not as text."""
    answer = chain.browse("investment").get("/chain/report.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    gaps = book["薄弱环节"]
    rank, name, demand, supply, gap, coverage = (cell for cell in gaps[2][:6])
    values = [cell.value for cell in (rank, name, demand, supply, gap, coverage)]
    assert values == [1, "cathode", 12000, 1800, 10200, 0.15]
    assert (coverage.number_format, gap.number_format) == ("0.0%", "#,##0")
    assert (gaps.freeze_panes, gaps.print_title_rows, gaps.page_setup.orientation) == (
        "A2",
        "$1:$1",
        "landscape",
    )
    assert (gaps.page_setup.fitToWidth, gaps.page_setup.fitToHeight) == (1, 0)
    assert book["摘要"]["B4"].value == 13240
    today = book["引进之后"][2]
    assert all(isinstance(cell.value, (int, float)) for cell in today[5:7]), (
        "the range of risk is two numbers"
    )

"""Firms are asked once a quarter whether it is still so; one click answers, and what is older than a year is marked."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from xml.etree import ElementTree

import networkx as nx
import pytest

from app.chain.exchange import parquet
from app.hall import clock
from tests.chain.register.test_states import bring
from tests.factories import Park

ASKED = "还准确吗"


def test_one_click_a_quarter(park: Park) -> None:
    park.staff(), park.firm("E01"), park.firm("E02")
    start = clock.now()
    bring(park.browse("investment"), "battery", "锂", "E01", 1000)
    assert ASKED not in park.browse("e01").get("/identity/todo").text
    with clock.frozen(start + dt.timedelta(days=91)):
        firm, staff = park.browse("e01"), park.browse("investment")
        assert ASKED in firm.get("/identity/todo").text
        assert ASKED not in park.browse("e02").get("/identity/todo").text
        assert "没有确认过 1" in staff.get("/chain/?chain=battery&colour=age").text
        assert park.browse("e02").post("/chain/firms/E01/still-so").status_code == 404
        assert firm.post("/chain/firms/E01/still-so").status_code == 303
        assert ASKED not in firm.get("/identity/todo").text
        said = staff.get("/chain/segments/pack?chain=battery").text
        assert "由" in said and "确认" in said and "园区未确认" not in said and "超过一年" not in said
        assert "一年内确认 1" in staff.get("/chain/?chain=battery&colour=age").text
    with clock.frozen(start + dt.timedelta(days=91 + 366)):
        assert "超过一年" in park.browse("e01").get("/chain/firms/E01").text
        assert "超过一年" in park.browse("investment").get("/chain/segments/pack?chain=battery").text
        assert "超过一年 1" in park.browse("investment").get("/chain/?chain=battery&colour=age").text


def test_graphs_leave_for_gephi_and_for_a_graph_database(park: Park) -> None:
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    data = browser.get("/chain/export.gexf?chain=battery").data
    ids = [edge.get("id") for edge in ElementTree.fromstring(data).iter() if edge.tag.endswith("}edge")]
    assert len(ids) == len(set(ids)) == 2
    assert nx.read_gexf(io.BytesIO(data)).number_of_nodes() == 3
    text = browser.get("/chain/export.cypher?chain=battery").text
    assert 'MERGE (n:Segment {id: "segment:cell"}) SET n += {' in text
    assert (
        'MATCH (a {id: "segment:cell"}), (b {id: "segment:pack"}) MERGE (a)-[r:INPUT {key: "input"}]->(b)'
        in text
    )


def test_tables_leave_as_parquet_where_that_can_be_written(
    park: Park, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    archive = zipfile.ZipFile(io.BytesIO(browser.get("/chain/export.parquet?chain=battery").data))
    rows = {name: pq.read_table(io.BytesIO(archive.read(name))).to_pylist() for name in archive.namelist()}
    assert rows["inputs.parquet"] == [{"input": "cell", "output": "pack", "coefficient": 0.5}]
    assert [row["output_wan"] for row in rows["positions.parquet"]] == [1000.0]
    assert rows["positions.parquet"][0]["in_park"] is True and rows["segments.parquet"][0]["stage"] is None
    monkeypatch.setattr(parquet, "installed", lambda: False)
    assert "没有安装所需的组件" in browser.get("/chain/import?chain=battery").text
    refused = browser.get("/chain/export.parquet?chain=battery")
    assert refused.status_code == 409 and "请用 CSV 或 Excel" in refused.text

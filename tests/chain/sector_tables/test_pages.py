"""A published table over the pages: what is asked, what the preview says, where a coefficient tells it is from; undo."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest

from app.hall import clock
from tests.chain.register.test_states import bring
from tests.chain.sector_tables.test_reading import CHINA, OECD
from tests.factories import Park
from tests.hall.tables import book

TABLE = book(("4部门表", CHINA), merged=("A6:A9", "A11:A13"))


def send(browser: Any, content: bytes, name: str = "2020年投入产出表.xlsx", **form: str) -> Any:
    data = {"file": (io.BytesIO(content), name), **form}
    return browser.post("/chain/import/sectors", data=data, content_type="multipart/form-data")


def answers(**segments: str) -> dict[str, str]:
    form = {"source": "国家统计局 2020 年表", "year": "2020", "kind": "flows", "least": "0"}
    return form | {f"segment.{name[1:]}": code for name, code in segments.items()}


def inputs(browser: Any, chain: str) -> dict[tuple[str, str], float]:
    text = browser.get(f"/chain/export.json?chain={chain}").json
    edges = [edge for edge in text["edges"] if edge["kind"] == "input"]
    return {(e["source"].split(":")[1], e["target"].split(":")[1]): e["coefficient"] for e in edges}


def test_a_table_gives_coefficients_with_source_and_year(park: Park) -> None:
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)  # cell → pack 0.5
    asked = send(browser, TABLE, chain="battery")
    assert asked.status_code == 303
    draft = asked.location
    page = browser.get(draft).text
    assert "认作流量：有大于 1 的数字。" in page and 'value="2020"' in page
    assert "劳动者报酬 VA001" in page and "2 个空白或" in page
    assert park.browse("park").get(draft).status_code == 404  # its maker's alone
    refused = browser.post(draft, data=answers() | {"source": "", "year": "二零", "least": "2"})
    assert refused.status_code == 422
    for sentence in ("请写明来源", "请填写数据年份", "0 到 1 之间", "请至少为一个部门选择环节"):
        assert sentence in refused.text
    assert browser.post(draft, data=answers(_0="nowhere")).status_code == 422
    # Manufacturing is cell, building and services together are pack: 80 + 20 of 160 + 200.
    done = browser.post(draft, data=answers(_1="cell", _2="pack", _3="pack"))
    assert done.status_code == 303
    assert browser.get(draft).status_code == 404
    preview = browser.get(done.location).text
    assert "国家统计局 2020 年表，2020 年" in preview and "流量，按列除以总投入" in preview
    assert re.search("<code>pack</code> ← 建筑业、服务业", preview)
    step = done.location.split("?")[0]
    assert browser.post(f"{step}/apply", data={"chain": "battery"}).status_code == 303
    assert inputs(browser, "battery") == {
        ("cell", "cell"): 0.5,
        ("cell", "pack"): pytest.approx(100 / 360, abs=1e-11),
        ("pack", "cell"): 0.1,
        ("pack", "pack"): pytest.approx(66 / 360, abs=1e-11),
    }
    with clock.frozen(dt.datetime(2027, 3, 1, tzinfo=dt.UTC)):
        segment = park.browse("investment").get("/chain/segments/pack?chain=battery").text
        assert "国家统计局 2020 年表" in segment and "2020 年的数据" in segment
        assert "7 年前" in segment and "超过五年" in segment
        assert "2020 年的数据" in park.browse("e01").get("/chain/firms/E01?chain=battery").text
    assert browser.post(f"{step}/undo", data={"chain": "battery"}).status_code == 303
    assert inputs(browser, "battery") == {("cell", "pack"): 0.5}
    segment = browser.get("/chain/segments/pack?chain=battery").text
    assert "年的数据" not in segment and "inputs.csv" in segment


def test_other_coefficients_stay_and_a_file_takes_the_year_away(park: Park) -> None:
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    draft = send(browser, TABLE, chain="battery").location
    done = browser.post(draft, data=answers(_0="+", _1="pack") | {"least": "0.15"})
    preview = browser.get(done.location).text
    assert "1 个小于 0.15 的系数没有导入" in preview  # farming takes 0.1 of manufactures
    browser.post(f"{done.location.split('?')[0]}/apply", data={"chain": "battery"})
    told = {("01", "01"): 0.2, ("01", "pack"): 0.2, ("pack", "pack"): 0.5}
    assert inputs(browser, "battery") == told | {("cell", "pack"): 0.5}
    text = b"input,output,coefficient\ncell,pack,0.5\npack,pack,0.4\n"
    data = {"files": [(io.BytesIO(text), "inputs.csv")], "chain": "battery"}
    looked = browser.post("/chain/import", data=data, content_type="multipart/form-data")
    browser.post(f"{looked.location.split('?')[0]}/apply", data={"chain": "battery"})
    assert "年的数据" not in browser.get("/chain/segments/pack?chain=battery").text


def test_a_new_chain_from_a_table_alone(park: Park) -> None:
    park.staff()
    browser = park.browse("investment")
    assert send(browser, OECD.encode(), "CHN2018ttl.csv", chain="+").status_code == 422  # no code
    draft = send(
        browser, OECD.encode(), "CHN2018ttl.csv", chain="+", new_code="whole", new_name="全"
    ).location
    page = browser.get(draft).text
    assert page.count('value="+" selected') == 4 and 'value="2018"' in page
    answer = answers(_0="+", _1="+", _2="+", _3="+") | {"year": "2018", "source": "OECD"}
    done = browser.post(draft, data=answer)
    browser.post(f"{done.location.split('?')[0]}/apply", data={"chain": "whole"})
    assert inputs(browser, "whole")[("10T12", "41T43")] == 0.5
    assert len(inputs(browser, "whole")) == 13
    english = park.browse("investment").get("/chain/segments/41T43?chain=whole&lang=en")
    assert english.status_code == 200


def test_what_is_no_table_and_who_may_not(park: Park) -> None:
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    bad = send(browser, b"a,b\n1,2\n", "x.csv", chain="battery")
    assert bad.status_code == 422 and "没有找到投入产出表" in bad.text
    assert park.browse("auditor").get("/chain/import/sectors").status_code == 200
    assert send(park.browse("auditor"), TABLE, chain="battery").status_code == 403
    assert park.browse("e01").get("/chain/import/sectors").status_code == 403
    draft = send(browser, TABLE, chain="battery").location
    given_up = browser.post(draft, data={"step": "discard"})
    assert given_up.status_code == 303 and browser.get(draft).status_code == 404
    no_total = [row for row in CHINA if row[1:2] != ["总投入"]]
    draft = send(browser, book(("表", no_total)), "x.xlsx", chain="battery").location
    refused = browser.post(draft, data=answers(_0="cell"))
    assert refused.status_code == 422 and "没有找到“总投入”一行" in refused.text
    wanted = browser.post(draft, data=answers(_0="cell") | {"kind": "coefficients"})
    assert wanted.status_code == 303  # what the person says holds

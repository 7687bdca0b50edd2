"""A park's own tables for a chain: any file name, Chinese headings, GB18030, units; a misspelt column is named."""

from __future__ import annotations

import io
import re
from typing import Any

from tests.chain.register.test_states import bring
from tests.factories import Park
from tests.hall.tables import book


def send(browser: Any, name: str, content: bytes) -> Any:
    data = {"files": [(io.BytesIO(content), name)], "chain": "battery"}
    return browser.post("/chain/import", data=data, content_type="multipart/form-data")


def lines(answer: Any) -> list[str]:
    return re.findall("<li><code>(.*?)</code>", answer.text)


def test_a_register_of_enterprises_is_known_by_its_headings(park: Park) -> None:
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    text = "链上企业\n企业编号,企业名称,环节,年产值（亿元）,在园\nE01,甲,pack,0.1,是\nE09,乙,cell,1.2亿,否\n合计,,,1.3,\n"
    looked = send(browser, "企业名册.csv", text.encode("gb18030"))
    assert looked.status_code == 303, lines(looked)
    assert (
        browser.post(f"{looked.location.split('?')[0]}/apply", data={"chain": "battery"}).status_code == 303
    )
    found = {
        row["segment"]: row
        for row in park.api("investment").get("/chain/segments", chain="battery").json["segments"]
    }
    # E01 makes 0.1 亿 = 1,000 万 of packs, which need 500 of cells; E09 stands outside and supplies nobody.
    assert (found["cell"]["demand_wan"], found["cell"]["supply_wan"], found["cell"]["shortfall_wan"]) == (
        500,
        0,
        500,
    )


def test_a_misspelt_column_stops_and_a_spelling_of_it_does_not(park: Park) -> None:
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    head = "enterprise,name,segment,output_wan"
    assert send(browser, "positions.csv", f"{head},in park\nE09,乙,cell,12,no\n".encode()).status_code == 303
    stopped = send(browser, "positions.csv", f"{head},in_prak\nE09,乙,cell,12,no\n".encode())
    assert stopped.status_code == 422 and "in_park" in lines(stopped)[0]
    wrong = [
        ["企业编号", "企业名称", "所在环节", "年产值"],
        ["E09", "甲", "cell", "3,000万元"],
        ["E08", "乙", "cell", "约三千"],
    ]
    stopped = send(browser, "x.xlsx", book(("链上企业", wrong)))
    assert stopped.status_code == 422 and lines(stopped)[0].startswith(
        "x.xlsx#positions.csv:3:output_wan: “约三千”"
    )
    stranger = send(browser, "nonsense.csv", b"a,b\n1,2\n")
    assert stranger.status_code == 422 and "nonsense.csv" in lines(stranger)[0]

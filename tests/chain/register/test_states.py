"""Two chains with equal segment codes stay two; a trial is its maker's alone; nothing in use is deleted."""

from __future__ import annotations

import io
import re
from typing import Any

from tests.factories import Park

FILES = {
    "segments.csv": "segment,name_zh,name_en\ncell,{0}电芯,\npack,{0}电池包,\n",
    "inputs.csv": "input,output,coefficient\ncell,pack,0.5\n",
    "positions.csv": "enterprise,name,segment,output_wan\n{1},甲,pack,{2}\n",
}


def bring(browser: Any, code: str, *words: Any, **more: str) -> str:
    files = [(io.BytesIO(text.format(*words).encode()), name) for name, text in FILES.items()]
    data = {"files": files, "chain": "+", "new_code": code, "new_name": code, **more}
    looked = browser.post("/chain/import", data=data, content_type="multipart/form-data")
    assert looked.status_code == 303, re.findall("<code>(.*?)</code>", looked.text)
    step = looked.location.split("?")[0]
    assert browser.post(f"{step}/apply", data={"chain": code}).status_code == 303
    return str(step)


def test_equal_codes_of_two_chains_are_two_segments(park: Park) -> None:
    park.staff(), park.firm("E01"), park.firm("E02")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    bring(browser, "sodium", "钠", "E02", 300)
    gaps = {
        row["segment"]: row
        for row in park.api("investment").get("/chain/segments", chain="battery").json["segments"]
    }
    assert gaps["cell"]["shortfall_wan"] == 500
    page = park.browse("secretary").get("/ecosystem/gaps").text
    assert "锂电芯（battery）" in page and "钠电芯（sodium）" in page
    first, second = (
        park.browse("secretary").get(f"/ecosystem/gaps/{key}") for key in ("cell", "sodium:cell")
    )
    assert (first.status_code, second.status_code) == (200, 200)
    assert "锂电芯" in first.text and "钠电芯" not in first.text and "钠电芯" in second.text
    body = {"title": "寻找钠电芯供应商", "segment": "sodium:cell"}
    made = park.api("e01").post("/ecosystem/needs", body)
    assert made.status_code == 201 and made.json["segment"] == "sodium:cell"
    assert "寻找钠电芯供应商" not in park.browse("secretary").get("/ecosystem/gaps/cell").text
    assert browser.post("/chain/chains/sodium/delete").status_code == 409
    assert browser.post("/chain/chains/sodium/archive").status_code == 303
    assert park.browse("secretary").get("/ecosystem/gaps/sodium:cell").status_code == 404
    assert browser.post("/chain/chains/sodium/restore").status_code == 303
    assert park.browse("secretary").get("/ecosystem/gaps/sodium:cell").status_code == 200


def test_a_trial_is_its_makers_alone_until_it_goes_live(park: Park) -> None:
    park.staff(), park.firm("E01")
    maker, other = park.browse("investment"), park.browse("park")
    bring(maker, "try", "试", "E01", 1000, trial="1")
    assert "试电芯" in maker.get("/chain/weak-links?chain=try").text
    assert other.get("/chain/weak-links?chain=try").status_code == 404
    assert park.api("park").get("/chain/chains").json["total"] == 0
    assert "试电芯" not in park.browse("secretary").get("/ecosystem/gaps").text
    assert other.post("/chain/chains/try/make_live").status_code == 404
    assert maker.post("/chain/chains/try/make_live").status_code == 303
    assert "试电芯" in other.get("/chain/weak-links?chain=try").text
    assert maker.post("/chain/chains/try/make_live").status_code == 409
    assert maker.post("/chain/chains/try/delete").status_code == 303
    assert park.api("park").get("/chain/chains").json["total"] == 0
    assert maker.get("/chain/import").status_code == 200

"""A firm gets at no other firm's figures: not by looking everywhere, not by subtracting what it may see."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.chain.folders import write
from tests.chain.test_room import bring_in
from tests.factories import Park

CODES = ("metal", "casing", "cell", "pack", "seal")
INPUTS = [("metal", "casing", 0.3), ("casing", "cell", 0.06), ("cell", "pack", 0.7), ("seal", "cell", 0.01)]
FIRMS = {
    "K1": ("casing", 7317.0),
    "K2": ("casing", 4391.0),
    "K3": ("casing", 2963.0),
    "C1": ("cell", 61813.0),
    "C2": ("cell", 28657.0),
    "P1": ("pack", 33391.0),
    "M1": ("metal", 5519.0),
    "S1": ("seal", 1297.0),
    "S2": ("seal", 0.0),
    "S3": ("seal", 0.0),
}
SALES = {("K1", "C1", "casing"): 1747.0, ("C1", "P1", "cell"): 19391.0, ("M1", "K1", "metal"): 1483.0}
CAPACITY = 8887.0


def bring(park: Park, folder: Path, code: str = "+", **outputs: float) -> None:
    positions = [
        (f, f"{f}公司", s, outputs.get(f, o), "yes")
        for f, (s, o) in (FIRMS | dict.fromkeys(outputs.keys() - FIRMS.keys(), ("casing", 0.0))).items()
    ]
    sales = [(*key, value * (0.37 if outputs else 1)) for key, value in SALES.items()]
    segments = [(c, c, c, "") for c in CODES]
    write(folder, segments=segments, inputs=INPUTS, positions=positions, supply=sales)
    bring_in(park, folder, chain=code, new_code="hidden", new_name="保密")


@pytest.fixture
def hidden(park: Park, tmp_path: Path) -> Park:
    """Every firm with figures found nowhere else; K1's capacity comes in by its own correction."""
    park.staff()
    for code in (*FIRMS, "N1"):
        park.firm(code)
    bring(park, tmp_path / "park")
    own, staff = park.browse("k1"), park.browse("investment")
    page = own.get("/chain/firms/K1").get_data(as_text=True)
    position = re.search(r'name="position" value="(\d+)"', page)[1]  # type: ignore[index]
    form = {"position": position, "output_wan": "7317", "capacity_wan": str(CAPACITY), "products": "铝壳"}
    assert own.post("/chain/firms/K1/corrections", data=form).status_code == 303
    page = staff.get("/chain/firms/K1").get_data(as_text=True)
    place = re.search(r'action="(/chain/corrections/\d+/confirm)"', page)[1]  # type: ignore[index]
    assert staff.post(place).status_code == 303
    return park


def written(amount: float) -> list[str]:
    """The ways an amount may stand on a page or in an answer."""
    return [f"{amount:,.0f}", f"{amount:.0f}", f"{amount / 100:.2f}", f"{amount / 100:,.1f}"]


def secrets_of(code: str) -> set[str]:
    """What `code` may not see: outputs of others, sales it has no part in, K1's capacity."""
    amounts = [output for firm, (_s, output) in FIRMS.items() if firm != code and output]
    amounts += [value for (a, b, _s), value in SALES.items() if code not in (a, b)]
    amounts += [CAPACITY] if code != "K1" else []
    # shortfalls and sums from which one firm's output follows: demand for seal is 0.01 of the two cell firms
    amounts += [0.01 * (61813 + 28657), 7317 + 4391, 7317 + 2963, 4391 + 2963]
    return {text for amount in amounts for text in written(amount)}


def everything(park: Park, login: str, lang: str) -> dict[str, str]:
    """All addresses of the room (and those where rooms meet) that answer this reader, with every parameter filled."""
    fillings: dict[str, list[str]] = {
        "code": [*FIRMS, *CODES],
        "kind": ["zip", "xlsx", "graphml", "json", "pdf"],
        "format": ["csv", "xlsx", "graphml", "json"],
        "batch_id": ["1"],
        "draft_id": ["1"],
    }
    client, api = park.browse(login, lang), park.api(login)
    found = {}
    rules = [
        r.rule for r in park.app.url_map.iter_rules() if "GET" in (r.methods or ()) and "/chain/" in r.rule
    ]
    for rule in ["/", "/search?q=K", "/search?q=casing", *sorted(rules)]:
        name = re.search(r"<(?:\w+:)?(\w+)>", rule)
        for value in fillings[name[1]] if name else [""]:
            path = re.sub(r"<[^>]+>", value, rule)
            answer = api.get(path.removeprefix("/api/v1")) if path.startswith("/api/") else client.get(path)
            assert answer.status_code < 500, path
            if answer.status_code == 200:
                found[path] = answer.get_data(as_text=True)
                if "matches" in path:
                    side = (
                        api.get(path.removeprefix("/api/v1"), side="customers")
                        if path.startswith("/api/")
                        else client.get(path, query_string={"side": "customers"})
                    )
                    found[f"{path}?side=customers"] = side.get_data(as_text=True)
    return found


@pytest.mark.parametrize(("login", "lang"), [("c2", "zh"), ("n1", "en")])
def test_no_address_tells_another_firms_figures(hidden: Park, login: str, lang: str) -> None:
    """C2 stands in the chain, N1 does not; neither finds anybody else's figure anywhere."""
    found = everything(hidden, login, lang)
    assert len(found) >= 8, sorted(found)
    secret = secrets_of(login.upper())
    for path, text in found.items():
        numbers = set(re.findall(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])", text))
        assert not numbers & secret, (path, numbers & secret)
    # The park itself does see them, so the search above can find something.
    seen = hidden.browse("investment").get("/chain/segments/casing?chain=hidden").get_data(as_text=True)
    assert "7,317" in seen


def panel(park: Park, login: str, segment: str) -> str:
    text = park.browse(login).get(f"/chain/segments/{segment}/panel?chain=hidden").get_data(as_text=True)
    return re.sub(r"\s+", " ", text)


def total(text: str) -> float | None:
    found = re.search(r"合计约 ([\d,.]+) 万元", text)
    return float(found[1].replace(",", "")) if found else None


def test_subtracting_yesterday_does_not_tell_the_newcomer(hidden: Park, tmp_path: Path) -> None:
    """Three make 14,671, shown as 15,000; with a newcomer of 387 that is 15,058, and still shown so."""
    assert total(panel(hidden, "n1", "casing")) == 15000.0
    # A member of the three would be left with two.
    assert total(panel(hidden, "k2", "casing")) is None
    bring(hidden, tmp_path / "next", "hidden", N1=387.0)
    assert total(panel(hidden, "c1", "casing")) == 15000.0
    # 387 + 4,391 + 2,963 and so on: three others, each time another sum, none of which gives a single firm
    sums = {login: total(panel(hidden, login, "casing")) for login in ("n1", "k1", "k2", "k3")}
    assert sums == {"n1": 15000.0, "k1": 7700.0, "k2": 11000.0, "k3": 12000.0}
    shown = [15000.0, *[value for value in sums.values() if value]]
    singles = {7317.0, 4391.0, 2963.0, 387.0}
    assert not {round(abs(a - b), 6) for a in shown for b in shown} & singles


def test_firms_that_make_nothing_hide_nobody(hidden: Park) -> None:
    """Seal has three firms, but only S1 makes anything: no sum for anyone."""
    for login in ("n1", "s2", "c1"):
        assert total(panel(hidden, login, "seal")) is None
    assert total(panel(hidden, "n1", "cell")) is None


def proposals(park: Park, code: str, side: str) -> list[dict[str, Any]]:
    answer = park.api(code.lower()).get(f"/chain/enterprises/{code}/matches", chain="hidden", side=side)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json["items"]
    assert not {"weights", "learnt_from"} & answer.json.keys()
    return items


def test_a_firms_proposals_do_not_move_with_the_figures_of_others(hidden: Park, tmp_path: Path) -> None:
    """C2 buys casing from nobody; K1, K2 and K3 change what they make and sell: nothing C2 sees changes."""
    before = {side: proposals(hidden, "C2", side) for side in ("suppliers", "customers")}
    assert {row["segment"] for row in before["suppliers"]} == {"casing", "seal"}
    assert all(row["masked"] and row["value_wan"] is None for rows in before.values() for row in rows)
    text = str(before)
    assert not any(f"'{code}'" in text or f"{code}公司" in text for code in FIRMS if code != "C2")
    bring(hidden, tmp_path / "next", "hidden", K1=3.0, K2=99999.0, K3=0.5, S1=17.0, P1=33391.0, M1=0.0)
    assert {side: proposals(hidden, "C2", side) for side in before} == before
    # The park sees them move.
    staff = hidden.api("investment")
    rows = staff.get("/chain/enterprises/C2/matches", chain="hidden", side="suppliers").json["items"]
    assert next(r for r in rows if r["enterprise"] == "K2")["value_wan"] == pytest.approx(0.06 * 28657)

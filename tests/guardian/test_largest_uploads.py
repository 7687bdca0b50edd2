"""The largest input of each upload: nobody waits longer than a second of computing for the write lock, for a preview next to nothing.

Whatever reads a file that somebody sends stands here, with the attack that sends the largest, or the reason why its size does no
work under the lock. A reader that does not stand here fails the first test. The bounds themselves are watched by the house for every
test (`tests/conftest.py`): no transaction, of a worker neither, may compute longer than a second.
"""

from __future__ import annotations

import ast
import gc
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.chain.limits import MOST_ROWS, MOST_SEGMENTS
from app.ecosystem.limits import SHEET_ROWS as POST_ROWS
from app.hall.jobs import deliver_outbox
from app.identity.members.columns_sheet import MEMBERS
from app.identity.register.columns import FIRMS
from app.policy.facts.service import MOST_ENTRIES
from app.problems import limits as problem_limits
from app.sharing.catalogue import columns
from app.upkeep import limits as upkeep_limits
from app.voice import limits as voice_limits
from tests import conftest
from tests.factories import Park
from tests.policy.park import Policies, equal_conditions
from tests.problems.team import Team

APP = Path(__file__).resolve().parents[2] / "app"
PREVIEW_SECONDS = 0.1  # at most 50 ms on a quiet machine; a busy one takes longer for the same
BYTES = "one file, stored as it came; hashed once and at most 10 MB"
HEADER = "one picture, judged by its header and stored as it came"
BEFORE = "one small file, read whole before the transaction"
READERS = {
    "hall/web/offline/views.py:_entry": "each kind prepares its file before the transaction; pictures below",
    "identity/sheets/views.py:take_upload": "test_lists, test_colleagues, test_reports",
    "identity/park/views.py:park_identity": BEFORE,
    "identity/park/schemas.py:ParkForm": BEFORE,
    "voice/feedback/views.py:feedback_sheet": "test_remarks",
    "voice/feedback/api.py:upload_photo": "test_the_largest_picture",
    "voice/forms.py:photos": "test_the_largest_picture",
    "voice/surveys/views.py:_uploaded": BEFORE,
    "policy/facts/forms.py:SheetForm": "test_facts",
    "policy/versions/views.py:RuleForm": BEFORE,
    "chain/exchange/views.py:upload": "test_a_chain",
    "chain/sector_tables/views.py:sector_upload": BEFORE,
    "chain/prospects/views_files.py:add_prospect_file": BYTES,
    "ecosystem/schemas.py:FileForm": BYTES,
    "problems/api.py:upload_photo": "test_the_largest_picture",
    "problems/reports/views.py:_report": "test_the_largest_picture",
    "upkeep/orders/views.py:_photos": "test_the_largest_picture",
    "upkeep/machines/views.py:add_file": "test_the_largest_picture",
    "upkeep/readings/views.py:readings_sheet": "test_readings",
    "credits/park/schemas.py:RewardForm": HEADER,
    "credits/claims/schemas.py:ClaimForm": BYTES,
    "credits/claims/api.py:add_file": BYTES,
    "credits/rewards/api.py:add_picture": HEADER,
    "sharing/catalogue/views_files.py:add_files": BYTES,
    "sharing/catalogue/schemas_form.py:ResourceForm": HEADER,
    "sharing/park_terms/views_days.py:_rows": BEFORE,
}


def readers() -> set[str]:
    """Where files of a request, or its bare body, are read: the function, or the form that has the field."""
    found = set()
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and _reads(node):
                found.add(f"{path.relative_to(APP)}:{node.name}")
    return found - {
        "hall/api/idempotency.py:_request_hash"
    }  # every body of the API, before anything is written


def _reads(node: ast.ClassDef | ast.FunctionDef) -> bool:
    calls = [one for part in node.body for one in ast.walk(part)]
    if isinstance(node, ast.ClassDef):
        names = {one.func.id for one in calls if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
        return bool(names & {"FileField", "MultipleFileField"})
    return any(
        isinstance(one, ast.Attribute)
        and one.attr in ("files", "get_data", "stream")
        and isinstance(one.value, ast.Name)
        and one.value.id == "request"
        for one in calls
    )


def test_every_reader_of_a_file_stands_here() -> None:
    assert readers() == set(READERS)
    attacks = {
        one.strip() for said in READERS.values() if said.startswith("test_") for one in said.split(",")
    }
    assert attacks <= globals().keys()


@pytest.fixture(autouse=True)
def only_what_is_new_is_collected() -> Iterator[None]:
    """What thousands of tests before have left in this process is not searched for garbage under the lock: no server has it."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def longest() -> float:
    """The longest transaction since the last look."""
    found = max(conftest._locks, default=0.0)
    conftest._locks.clear()
    return found


def body(fields: dict[str, str], files: list[tuple[str, str, bytes]]) -> bytes:
    """A form with files, as bytes: the client would leave a file of its own open for a large one."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for field, name, data in files:
        head = f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    return b"".join([*parts, b"--x--\r\n"])


def send(
    client: FlaskClient, path: str, *files: tuple[str, str, bytes], headers: Any = None, **fields: str
) -> TestResponse:
    longest()
    answer: TestResponse = client.post(
        path, data=body(fields, list(files)), content_type="multipart/form-data; boundary=x", headers=headers
    )
    return answer


def previewed(client: FlaskClient, kind: str, text: str) -> str:
    """The address of a preview that held the lock for one short INSERT."""
    answer = send(client, f"/sheets/{kind}", ("file", "list.csv", text.encode()))
    assert answer.status_code == 303, answer.text[-3000:]
    assert len(conftest._locks) == 1
    assert longest() <= PREVIEW_SECONDS
    return str(answer.location)


def steps(client: FlaskClient, path: str, *names: str, **form: str) -> None:
    for name in names:
        assert client.post(f"{path}/{name}", data=form).status_code == 303
        assert longest() < 1


def _name(n: int) -> str:
    """Names that are not much alike."""
    return chr(0x4E00 + n % 3000) + chr(0x4E00 + 7 * (n // 3000) + n % 11) + str(n)


LISTS = {
    "equipment": "name,model,price,opening,units\n"
    + "".join(f"设备{n},M{n},{n % 900},1-5 09:00-17:00,1；2\n" for n in range(columns.EQUIPMENT.most_rows)),
    "patents": "专利号,专利名称,许可费,类别\n"
    + "".join(f"ZL2020{1_000_000 + n}.0,专利{n},100,材料\n" for n in range(columns.PATENTS.most_rows)),
    "talent": "姓名,称谓,技能\n"
    + "".join(f"林深{n},正极专家{n},烧结；包覆\n" for n in range(columns.TALENT.most_rows)),
    "posts": "kind,title,description,tags\n"
    + "".join(f"need,寻找光谱检测{n},{'说明文字' * 990},检测；材料\n" for n in range(POST_ROWS)),
    "firms": "企业名称,规模,首位管理员,首位管理员邮箱\n"
    + "".join(f"{_name(n)}科技有限公司,小型,张{n},a{n}@x.example\n" for n in range(FIRMS.most_rows)),
    "members": "姓名,邮箱,角色\n"
    + "".join(f"张{n},a{n}@x.example,enterprise_member\n" for n in range(MEMBERS.most_rows)),
}


CHANGED = {
    "equipment": ("09:00-17:00,1；2", "08:00-17:00,1；3"),
    "posts": ("说明文字,检测", "说明文,检测"),
    "patents": (",100,", ",200,"),
    "talent": ("烧结；包覆", "烧结"),
    "firms": ("小型", "中型"),
}
SHORT = ("equipment",)  # the longest to store; the others in the long form, posts also in test_masking.py


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", CHANGED if os.environ.get("PARKLINK_LONG") else SHORT)
def test_lists(park: Park, kind: str) -> None:
    """The largest list is new, then every row of it is another one; both are taken back."""
    park.staff()
    park.firm("E01")
    client = park.browse("park" if kind == "firms" else "e01")
    first = previewed(client, kind, LISTS[kind])
    steps(client, first, "apply")
    if kind == "firms":  # of a firm whose facts changed a history stays, which keeps it from being deleted
        steps(client, first, "undo")
        steps(client, previewed(client, kind, LISTS[kind]), "apply")
    changed = previewed(client, kind, LISTS[kind].replace(*CHANGED[kind]))
    steps(client, changed, "apply", "undo")
    if kind != "firms":
        steps(client, first, "undo")


def test_colleagues(park: Park) -> None:
    park.firm("E01")
    client = park.browse("e01")
    steps(client, previewed(client, "members", LISTS["members"]), "apply", "undo")


def test_reports(park: Park) -> None:
    team = Team(park)
    client = team.park.browse("desk")
    rows = (f"R-{n},E01,lamp,3号楼,第{n}盏灯不亮\n" for n in range(problem_limits.SHEET_ROWS))
    path = previewed(client, "problems", "ref,enterprise,category,place,text\n" + "".join(rows))
    steps(client, path, "apply")
    with park.app.app_context():
        deliver_outbox(2 * problem_limits.SHEET_ROWS)
    assert longest() < 1


@pytest.mark.parametrize("visibility", ["named", "park_only"])
def test_remarks(park: Park, visibility: str) -> None:
    staff = park.staff()
    park.member("old", staff, "service_specialist")
    park.firm("E01")
    rows = (
        f"E01,visit,2026-01-05,{'说明文字' * 450}{n},{visibility},no,,\n"
        for n in range(voice_limits.SHEET_ROWS)
    )
    head = "enterprise,channel,heard_on,text,visibility,hesitation,probe,promise\n"
    client = park.browse("old")

    def sheet(text: str) -> TestResponse:
        return send(client, "/voice/feedback/sheet", ("file", "list.csv", (head + text).encode()))

    answer = sheet("".join(rows))
    assert answer.status_code == 303, answer.text[-2000:]
    assert longest() < 1
    assert (
        sheet(f"E01,visit,2026-01-05,x,{visibility},no,,\n" * (voice_limits.SHEET_ROWS + 1)).status_code
        == 422
    )


def test_facts(park: Park) -> None:
    people = Policies(park)
    people.firm("F1")
    people.publish(equal_conditions(2))
    months = [f"{year}-{month:02d}" for year in range(1980, 2026) for month in range(1, 13)]
    months = months[: MOST_ENTRIES // 2]
    rows = "".join(
        f"F1,{name},{month},1,monthly_report\n"
        for name in ("revenue_wan", "rd_expense_wan")
        for month in months
    )
    text = "enterprise,fact,period,value,source\n" + rows
    answer = send(park.browse("f1"), "/policy/facts/sheet", ("file", "list.csv", text.encode()))
    assert answer.status_code == 303, answer.text[-2000:]
    assert longest() < 1


def test_a_chain(park: Park) -> None:
    park.staff()
    client = park.browse("investment")
    firms = MOST_ROWS // 4
    sellers = firms // 2  # the other half buys
    links = range(MOST_ROWS - MOST_SEGMENTS - firms)
    bought = [(n % sellers, sellers + (n + n // sellers) % sellers, n % MOST_SEGMENTS) for n in links]
    tables = {
        "segments.csv": "segment,name_zh,name_en,stage\n"
        + "".join(f"s{n},环节{n},segment {n},{n % 5 + 1}\n" for n in range(MOST_SEGMENTS)),
        "positions.csv": "enterprise,name,segment,output_wan,in_park\n"
        + "".join(f"F{n},企业{n},s{n % MOST_SEGMENTS},100,yes\n" for n in range(firms)),
        "supply.csv": "supplier,customer,segment,value_wan\n"
        + "".join(f"F{seller},F{buyer},s{segment},10\n" for seller, buyer, segment in bought),
    }

    def upload(chain: str, **more: str) -> TestResponse:
        files = [("files", name, text.encode()) for name, text in tables.items()]
        form = {"chain": chain, "new_code": "big", "new_name": "大", **more}
        return send(client, "/chain/import", *files, **form)

    answer = upload("+")
    assert answer.status_code == 303, answer.text[-3000:]
    assert longest() <= PREVIEW_SECONDS
    steps(client, answer.location.split("?")[0], "apply", chain="big")
    tables = {name: text.replace(",100,", ",200,").replace(",10\n", ",20\n") for name, text in tables.items()}
    changed = upload("big").location.split("?")[0]
    assert longest() <= PREVIEW_SECONDS
    steps(client, changed, "apply", "undo", chain="big")
    tables["supply.csv"] += "F1,F2,s5,1\n"
    assert upload("big").status_code == 422


def test_readings(park: Park) -> None:
    park.firm("E01")
    api = park.api("e01")
    machine = api.post("/upkeep/machines", {"code": "M1", "name": "机床"}).json["id"]
    assert (
        api.post(
            f"/upkeep/machines/{machine}/meters",
            {"code": "h", "kind": "hours"},
        ).status_code
        == 201
    )
    rows = "".join(
        f"{machine},h,2025-{n // 840 + 1:02d}-{n // 30 % 28 + 1:02d}T{n % 24:02d}:{n // 24 % 60:02d}:00+08:00,{n}\n"
        for n in range(upkeep_limits.SHEET_ROWS)
    )
    sheet = ("file", "list.csv", f"machine,meter,at,value\n{rows}".encode())
    answer = send(park.browse("e01"), "/upkeep/readings", sheet)
    assert answer.status_code == 200, answer.text[-2000:]
    assert longest() < 1


def largest_picture() -> bytes:
    """So many pixels as are taken, each another one than its neighbour where that is cheap."""
    out = io.BytesIO()
    tile = Image.effect_noise((200, 200), 40).convert("RGB")
    picture = Image.new("RGB", (8000, 5000), "white")
    for x in range(0, 8000, 400):
        picture.paste(tile, (x, 0))
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def test_the_largest_picture(park: Park) -> None:
    """Unpacked, turned and written anew with nothing locked, in the request and in the worker."""
    park.staff()
    park.firm("E01")
    data = largest_picture()
    api, client = park.api("e01"), park.browse("e01")
    machine = api.post("/upkeep/machines", {"code": "M1", "name": "机床"}).json["id"]
    for path in ("/api/v1/problems/photos", "/api/v1/voice/photos"):
        answer = send(api.client, path, ("photo", "a.png", data), headers=api.headers)
        assert answer.status_code in (200, 201), answer.text
    assert send(client, f"/upkeep/machines/{machine}/files", ("file", "a.png", data)).status_code == 303
    with park.app.app_context():
        deliver_outbox()
    assert longest() < 1

"""Pictures and documents of a resource over HTTP: judged by content, bounded, the owner's alone to change."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from app.sharing.catalogue import files
from tests.pictures import png

PNG = png()
PDF = b"%PDF-1.7 manual"


@pytest.fixture
def lent(park: Any, instrument: Any) -> int:
    park.firm("E01")
    park.firm("E02")
    return int(instrument("e01"))


def upload(client: Any, resource: int, *sent: tuple[str, bytes]) -> Any:
    data = {"files": [(io.BytesIO(content), name) for name, content in sent]}
    return client.post(f"/sharing/resources/{resource}/files", data=data, content_type="multipart/form-data")


def links(client: Any, resource: int) -> list[str]:
    page = client.get(f"/sharing/resources/{resource}").text
    return sorted(set(re.findall(rf'/sharing/resources/{resource}/files/\d+(?=")', page)))


def test_owner_uploads_everybody_reads_owner_removes(park, lent, tmp_path):
    owner, other = park.browse("e01"), park.browse("e02")
    assert upload(owner, lent, ("../../x.html", PNG), ("..\\手册.exe", PDF)).status_code == 303
    assert upload(owner, lent, ("again.png", PNG)).status_code == 303  # the same content is one file
    picture, document = links(other, lent)
    shown, taken = other.get(picture), other.get(document)
    assert (shown.data, shown.mimetype) == (PNG, "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert (taken.data, taken.mimetype) == (PDF, "application/pdf")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    page = other.get(f"/sharing/resources/{lent}").text
    assert "手册.pdf" in page and ".." not in re.findall(r"手册.*?<", page)[0]
    assert picture in other.get("/sharing/resources").text  # the catalogue's card
    stored = [p for p in (tmp_path / "resource-files").rglob("*") if p.is_file()]
    assert len(stored) == 2 and all(re.fullmatch(r"[0-9a-f]{32}", p.name) for p in stored)
    assert other.post(f"{picture}/remove").status_code == 403
    assert park.app.test_client().get(picture).status_code in (302, 303, 401)
    assert owner.post(f"{picture}/remove").status_code == 303
    assert other.get(picture).status_code == 404
    assert len([p for p in Path(tmp_path / "resource-files").rglob("*") if p.is_file()]) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"<html>", b"MZ", PNG + bytes(5000), PDF + bytes(10_000)],
)
def test_wrong_or_large_files_are_refused_and_leave_nothing(park, lent, tmp_path, monkeypatch, content):
    monkeypatch.setattr(files, "MAX_BYTES", {"picture": 5000, "document": 10_000})
    answer = upload(park.browse("e01"), lent, ("good.png", PNG), ("photo.png", content))
    assert answer.status_code == 422
    assert links(park.browse("e01"), lent) == []
    assert not [p for p in (tmp_path / "resource-files").rglob("*") if p.is_file()]


def test_strangers_counts_and_unknown_resources(park, lent, tmp_path):
    assert upload(park.browse("e02"), lent, ("a.png", PNG)).status_code == 403
    owner = park.browse("e01")
    assert upload(owner, 987654, ("a.png", PNG)).status_code == 404
    assert upload(owner, lent).status_code == 422
    many = [(f"{n}.png", PNG + bytes([n])) for n in range(7)]
    assert upload(owner, lent, *many).status_code == 409
    assert not [p for p in (tmp_path / "resource-files").rglob("*") if p.is_file()]
    assert upload(owner, lent, *many[:6]).status_code == 303
    assert upload(owner, lent, many[6]).status_code == 409
    assert upload(owner, lent, ("m.pdf", PDF)).status_code == 303

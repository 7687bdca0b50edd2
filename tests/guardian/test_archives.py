"""Uploads that unpack to more than they say, and pictures that become gigabytes when somebody looks at them."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import openpyxl
import pytest

from app.hall.errors import Invalid
from app.hall.files.archives import FORM_SHEET, REGISTER, Bounds, Unreadable, check_workbook
from app.hall.files.pictures import check_picture
from app.hall.limits import MEBIBYTE, MOST_PIXELS
from tests.factories import Park
from tests.pictures import png

MIB = MEBIBYTE
WORKBOOK = b"<workbook/>"


def archive(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in parts:
            made.writestr(name, content)
    out.seek(0)
    return out


def noise(size: int) -> bytes:
    """Bytes that do not shrink, the same each time."""
    state, found = 1, bytearray()
    while len(found) < size:
        state = zlib.crc32(state.to_bytes(8, "big"))
        found += state.to_bytes(4, "big")
    return bytes(found[:size])


def refused(source: io.BytesIO, bounds: Bounds = FORM_SHEET) -> str:
    with pytest.raises(Unreadable) as error:
        check_workbook(source, bounds)
    return error.value.code


def test_a_sound_workbook_passes() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for n in range(500):
        book.active.append([n, f"光谱仪 {n}", "每周两次" * 20])
    book.save(out)
    check_workbook(out, FORM_SHEET)
    check_workbook(out, REGISTER)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([("xl/other.xml", b"")], "table_not_a_workbook"),
        ([("xl/worksheets/sheet1.xml", b"0" * 7 * MIB)], "table_workbook_too_large"),
        (
            [(f"xl/worksheets/sheet{n}.xml", noise(10) * 300_000) for n in range(3)],
            "table_workbook_too_large",
        ),
        ([("xl/sharedStrings.xml", b"0" * 5 * MIB)], "table_workbook_too_large"),
        ([("xl/worksheets/sheet1.xml", b"0" * 3 * MIB)], "table_squeezed"),
        ([(f"xl/{n}.xml", b"") for n in range(100)], "table_not_a_workbook"),
        ([("xl/" + "a/" * 9 + "b.xml", b"")], "table_not_a_workbook"),
        ([("xl/media/inner.zip", archive(("a", b"0" * 100)).getvalue())], "table_not_a_workbook"),
        ([("xl/media/a.gz", b"\x1f\x8b" + b"0" * 10)], "table_not_a_workbook"),
        (
            [("xl/styles.xml", b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "b">]>')],
            "table_not_a_workbook",
        ),
        ([("xl/styles.xml", '<?xml version="1.0"?><!doctype a>'.encode("utf-16"))], "table_not_a_workbook"),
    ],
)
def test_what_unpacks_too_far_is_refused(parts: list[tuple[str, bytes]], code: str) -> None:
    main = (
        []
        if code == "table_not_a_workbook" and parts[0][0] == "xl/other.xml"
        else [("xl/workbook.xml", WORKBOOK)]
    )
    assert refused(archive(*main, *parts)) == code


def test_the_bounds_themselves_pass() -> None:
    parts = [(f"xl/p{n}.bin", noise(2 * MIB)) for n in range(3)]
    check_workbook(archive(("xl/workbook.xml", WORKBOOK), *parts), FORM_SHEET)


def test_broken_archives_are_refused() -> None:
    whole = archive(("xl/workbook.xml", WORKBOOK), ("xl/a.xml", noise(4000))).getvalue()
    for cut in (0, 4, 30, len(whole) // 2, len(whole) - 1):
        assert refused(io.BytesIO(whole[:cut])) == "table_not_a_workbook"


def sheet_bomb(rows: int) -> bytes:
    """A small file whose sheet has a million cells on one line."""
    cells = b'<c t="n"><v>1</v></c>' * rows
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with zipfile.ZipFile(out) as sound:
        parts = [(name, sound.read(name)) for name in sound.namelist()]
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    )
    bomb = head + cells + b"</row></sheetData></worksheet>"
    return archive(*((name, bomb if "sheet1" in name else data) for name, data in parts)).getvalue()


@pytest.mark.parametrize(
    ("login", "path", "field"),
    [("e01", "/ecosystem/posts/import", "file"), ("e01", "/sharing/resources/import", "file")],
)
def test_no_small_sheet_keeps_a_thread_busy(park: Park, login: str, path: str, field: str) -> None:
    """A sheet of 56 kB cost 33 s of a thread once; the largest that unpacks may cost some, the bomb nothing."""
    park.firm("E01")
    browser = park.browse(login)
    for size in (1_000_000, 250_000):
        begun = time.thread_time()
        answer = browser.post(
            path,
            data={field: (io.BytesIO(sheet_bomb(size)), "a.xlsx")},
            content_type="multipart/form-data",
        )
        assert answer.status_code in (200, 422), answer.status_code
        assert time.thread_time() - begun < 10


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(100_000, 100_000), "picture_too_many_pixels"),
        (png(8000, 5001), "picture_too_many_pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "picture_type_refused"),
        (b"GIF89a" + b"0" * 50, "picture_type_refused"),
        (b"\x89PNG" + b"0" * MIB, "file_too_big"),
    ],
)
def test_pictures_are_judged_by_what_they_become(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as error:
        check_picture(data, MIB, MOST_PIXELS)
    assert error.value.code == code


def test_a_photograph_passes() -> None:
    check_picture(png(8000, 5000), MIB, MOST_PIXELS)

"""Notices of the State Council, lines of days and calendar files read as rows of the calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall.errors import Invalid
from app.identity.calendar.notice import as_lines, read_calendar_file, read_notice

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
各省、自治区、直辖市人民政府：
一、元旦：2027年1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。2月13日（周六）、2月14日（周日）上班。
三、国庆节：9月30日至10月2日放假调休，共3天。9月26日（周日）上班。
节假日期间，各地区要妥善安排好值班和安全工作。"""


def test_a_notice_gives_ranges_over_months_and_make_up_days():
    rows = read_notice(NOTICE)
    off = [row.day for row in rows if row.kind == "holiday"]
    work = [row.day for row in rows if row.kind == "workday"]
    assert [d.isoformat() for d in off[:3]] == ["2027-01-01", "2027-01-02", "2027-01-03"]
    assert len(off) == 3 + 7 + 3 and dt.date(2027, 10, 1) in off
    assert [d.isoformat() for d in work] == ["2027-02-13", "2027-02-14", "2027-09-26"]
    assert {row.name for row in rows} == {"元旦", "春节", "国庆节"}
    assert read_notice(as_lines(rows)) == rows


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("一、元旦：1月1日放假。", "days_year"),
        ("关于2027年节假日的通知\n没有安排", "days_unread"),
        ("2027-02-30, holiday", "days_wrong"),
        ("2027-02-03, holiday\n2027-02-04, weekend", "days_wrong"),
        ("2027-01-01, holiday\n" * 2000, "days_many"),
    ],
)
def test_what_cannot_be_read_is_said(text, code):
    with pytest.raises(Invalid) as refused:
        read_notice(text)
    assert refused.value.code == code


def test_a_calendar_file_gives_whole_days():
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for first, last, title in (
        ("20270917", "20270920", "中秋节（休） 第1天/共3天"),
        ("20270926", "20270927", "国庆节（班）"),
    ):
        lines += ["BEGIN:VEVENT", f"DTSTART;VALUE=DATE:{first}", f"DTEND;VALUE=DATE:{last}"]
        lines += [f"SUMMARY:{title}", f"UID:{first}", "END:VEVENT"]
    lines += ["BEGIN:VEVENT", "DTSTART:20270101T090000Z", "SUMMARY:例会", "UID:m", "END:VEVENT"]
    rows = read_calendar_file("\r\n".join([*lines, "END:VCALENDAR"]).encode())
    assert [(row.day.day, row.kind, row.name) for row in rows] == [
        (17, "holiday", "中秋节"),
        (18, "holiday", "中秋节"),
        (19, "holiday", "中秋节"),
        (26, "workday", "国庆节"),
    ]
    with pytest.raises(Invalid):
        read_calendar_file(b"%PDF-1.7")

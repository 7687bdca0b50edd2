"""The frame and the parts every page is made of, rendered without a browser."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app import create_app
from app.hall.db.paging import Page
from app.hall.web.listing import Listing
from tests.conftest import running, settings_for

ICONS = Path("app/static/app/icons.txt").read_text("utf-8").split()


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("frame")
    with running(create_app(settings_for(f"sqlite:///{folder}/none.db", folder))) as app:
        yield app


class Wish(FlaskForm):
    name = StringField("名称", [InputRequired("请填写此项。")], description="写全称。")
    agree = BooleanField("同意")
    days = SelectMultipleField(
        "开放日",
        choices=[SelectChoice("1", "周一"), SelectChoice("2", "周二")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    way = RadioField("方式", choices=[SelectChoice("a", "自动"), SelectChoice("b", "审批")])


def show(app: Flask, part: str, path: str = "/list", method: str = "GET", **values: Any) -> str:
    with app.test_request_context(path, method=method):
        made = {name: value() if callable(value) else value for name, value in values.items()}
        return render_template_string('{% import "macros.html" as ui %}' + part, **made)


def listing(**more: Any) -> Any:
    return lambda: Listing.from_request(
        sorts={"name": None, "day": None}, default="name", filters=("kind",), **more
    )


def test_a_sorted_column_says_so_and_turns_round(frame: Flask) -> None:
    part = "{{ ui.sort_th(listing, 'name', '名称') }}{{ ui.sort_th(listing, 'day', '日期', num=True) }}"
    page = show(frame, part, "/list?kind=a&page=3&sort=name", listing=listing())
    assert 'aria-sort="ascending"' in page
    links = re.findall(r'href="(/list[^"]*)"', page)
    assert links == ["/list?kind=a&amp;sort=name&amp;desc=1", "/list?kind=a&amp;sort=day"]
    turned = show(frame, part, "/list?sort=name&desc=1", listing=listing())
    assert 'aria-sort="descending"' in turned


def test_the_pager_keeps_everything_else_that_was_asked(frame: Flask) -> None:
    page = show(
        frame,
        "{{ ui.pager(page, listing) }}",
        "/list?q=%E7%94%B5&kind=a&page=2",
        listing=listing(),
        page=Page([1], 61, 2, 20),
    )
    assert re.findall(r'rel="(?:prev|next)" href="([^"]+)"', page) == [
        "/list?q=%E7%94%B5&amp;kind=a&amp;page=1",
        "/list?q=%E7%94%B5&amp;kind=a&amp;page=3",
    ]
    assert "2 / 4" in page
    assert "共 61 条" in page


def test_one_page_needs_no_pager(frame: Flask) -> None:
    page = show(frame, "{{ ui.pager(page, listing) }}", listing=listing(), page=Page([1], 1, 1, 20))
    assert "<nav" not in page


def test_a_filter_form_carries_the_other_filters_along_but_not_twice(frame: Flask) -> None:
    part = (
        "{% call ui.search_bar(listing) %}{{ ui.filter_select(listing, 'kind', '类别', kinds) }}{% endcall %}"
    )
    page = show(
        frame, part, "/list?q=x&kind=a&sort=day&page=4", listing=listing(), kinds=[("a", "甲"), ("b", "乙")]
    )
    assert page.count('name="kind"') == 1
    assert '<option value="a" selected>' in page
    assert '<input type="hidden" name="sort" value="day">' in page
    assert 'name="page"' not in page
    assert 'href="/list?sort=day"' in page  # clear filters


def test_what_was_typed_into_a_filter_cannot_break_out(frame: Flask) -> None:
    part = "{% call ui.search_bar(listing) %}{% endcall %}{{ ui.chips(listing, 'kind', kinds) }}"
    page = show(
        frame,
        part,
        "/list?q=%22%3E%3Cscript%3E&evil=%22%3E%3Cb%3E&kind=%22%27",
        listing=listing(),
        kinds=[("a", "甲")],
    )
    assert "<script>" not in page
    assert "<b>" not in page


def test_a_refused_form_names_every_problem_where_it_is(frame: Flask) -> None:
    def refused() -> Wish:
        form = Wish()
        form.validate()
        form.form_errors.extend(["时段已被占用", "不在开放时间"])
        return form

    page = show(frame, "{{ ui.form_errors(form) }}{{ ui.field(form.name) }}", method="POST", form=refused)
    assert 'role="alert"' in page
    assert "<li>时段已被占用</li><li>不在开放时间</li>" in page
    assert '<a href="#name">名称</a>' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="name-hint name-error"' in page
    assert 'id="name-hint"' in page
    assert 'id="name-error"' in page


def test_groups_of_choices_have_a_legend_and_every_box_a_label(frame: Flask) -> None:
    page = show(
        frame, "{{ ui.field(form.days) }}{{ ui.field(form.way) }}{{ ui.field(form.agree) }}", form=Wish
    )
    assert page.count("<legend>") == 2
    boxes = re.findall(r'<input[^>]* id="([^"]+)"', page)
    assert len(boxes) == 5
    for box in boxes:
        assert f'<label class="pl-check" for="{box}">' in page


def test_a_dangerous_button_is_a_form_that_asks_first(frame: Flask) -> None:
    page = show(frame, "{{ ui.post_button('/x', '删除', '确定吗？', 'danger', 'trash', {'next': '/y'}) }}")
    assert '<form class="pl-inline-form" method="post" action="/x" data-confirm="确定吗？"' in page
    assert 'name="csrf_token"' in page
    assert '<input type="hidden" name="next" value="/y">' in page


def test_progress_is_a_real_progress_element_within_its_bounds(frame: Flask) -> None:
    page = show(
        frame, "{{ ui.progress(0.634, '利用率') }}{{ ui.progress(1.7, '过量') }}{{ ui.progress(none, '无') }}"
    )
    assert re.findall(r'max="1" value="([\d.]+)"', page) == ["0.6340", "1.0000", "0.0000"]
    assert "63.4 %" in page


def test_every_icon_the_templates_name_is_in_the_sprite() -> None:
    missing = set()
    for path in Path("app/templates").rglob("*.html"):
        text = path.read_text("utf-8")
        calls = r"ui\.(?:icon|empty|kpi)\(\s*'([a-z0-9-]+)'"
        missing |= {(path.name, name) for name in re.findall(calls, text) if name not in ICONS}
    assert missing == set()


def test_no_template_needs_what_the_policy_forbids() -> None:
    for path in Path("app/templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<[a-z][^>]*\sstyle=", text), path
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), path
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", text):
            assert "nonce" in tag or " src=" in tag, (path, tag)


def test_a_style_sheet_is_kept_by_the_browser_until_its_text_changes(frame: Flask) -> None:
    sheets = re.findall(r'href="(/static/v-[^"]+\.css)"', show(frame, '{% include "skeleton.html" %}'))
    assert len(sheets) > 5
    for address in sheets:
        with frame.test_client().get(address) as answer:
            assert answer.status_code == 200, address
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
    with frame.test_client().get(re.sub(r"/v-\w+/", "/", sheets[0])) as bare:
        assert bare.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", sorted(Path("app/static/app").glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_is_small_and_says_what_it_dresses(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("/* ")
    assert text.count("\n") <= 400


def test_no_page_takes_a_name_of_the_frame() -> None:
    """What the frame shows of the reader must not be what a page calls something else."""
    with_names = {
        "me",
        "nav",
        "nav_tabs",
        "bottom_nav",
        "balance",
        "unread",
        "other_lang_url",
        "park",
    }
    taken = [
        f"{path}:{call.lineno} {keyword.arg}"
        for path in Path("app").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "render_template"
        for keyword in call.keywords
        if keyword.arg in with_names
    ]
    assert taken == []

"""Policies on the phone: one question is answered, what fits comes at once with its reasons and where each fact is from."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open, scrolls_sideways, violations


def test_a_firm_answers_one_question_and_reads_why_a_policy_fits(open_as: Open) -> None:
    """E25 has moved in and signed; only its power is unknown, so the starter kit waits for one number."""
    page = open_as("e25", width=390)
    page.goto("/policy/")
    assert violations(page) == [] and not scrolls_sideways(page)
    question = page.locator(".pl-question")
    field = question.locator("input[name^=fact_]")
    expect(question).to_contain_text("用电容量")
    field.fill("很多")
    question.get_by_role("button", name="回答").click()
    expect(question).to_contain_text("“很多”不是可以计算的数字")
    expect(field).to_have_value("很多")
    field.fill("315")
    question.get_by_role("button", name="回答").click()
    card = page.locator("#policy-newcomer-basics")
    expect(card).to_contain_text("3 / 3 个条件满足")
    expect(card).to_contain_text("用电容量：315 千伏安 企业自述")
    assert violations(page) == [] and not scrolls_sideways(page)
    page.get_by_role("button", name=re.compile("同意并申报|自己申请|我要办理")).first.wait_for()


def test_an_officer_sees_whose_question_is_open(open_as: Open) -> None:
    page = open_as("policy", lang="en", dark=True)
    page.goto("/policy/desk?list=ask")
    assert violations(page) == [] and not scrolls_sideways(page)

"""Sentences about research costs."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "research_firms_only": _l("只有入园企业可以填报自己的研发费用。"),
    "research_year": _l("年份应在 %(first)s 与 %(last)s 之间。"),
    "research_base_year": _l("基准年应早于填报的年份。"),
    "research_amount": _l("金额不能为负，也不能超出范围。"),
    "research_not_said": _l("这一年还没有填报。"),
}

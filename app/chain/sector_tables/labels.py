"""What rows and columns of a published table are called: sectors by code or name, and everything that is no sector."""

from __future__ import annotations

import re

from app.chain.sector_tables.oecd import JOINED, NAMES
from app.chain.sector_tables.rules import Sector
from app.hall.files.sheets.columns import Cell, fold
from app.hall.files.sheets.judge import as_text, is_blank

TOTAL_INPUT, SUBTOTAL, TOTAL, VALUE_ADDED, FINAL_USE, TAX, NO_LABEL, UNKNOWN = (
    "total_input",
    "subtotal",
    "total",
    "value_added",
    "final_use",
    "tax",
    "no_label",
    "unknown",
)
#: China's tables name a row in words and by a code (TII, VA001 …), the OECD's by a code alone.
_WORDS = {
    TOTAL_INPUT: "总投入 总投入合计 ti totalinput totalinputs output out 总产出 grossoutput totaloutput go",
    SUBTOTAL: "中间投入合计 中间投入小计 tii totalintermediateinput totalintermediateinputs",
    TOTAL: "合计 总计 小计 total 中间使用合计 中间使用小计 tiu 最终使用合计 tfu 总使用 中间需求合计 最终需求合计 ttlintfnl",
    VALUE_ADDED: "增加值 增加值合计 tva valu va 劳动者报酬 生产税净额 固定资产折旧 营业盈余 valueadded grossvalueadded",
    FINAL_USE: "thc tc gcf ex im err erx 其他 hfce npish ggfc gfcf invnt dpabr consabr consnonres nonres expo impo disc p33",
    TAX: "txsintfnl tximpfnl txsimpfnl tls",
    NO_LABEL: "代码 编码 部门代码 序号 code 部门 部门名称 行业 名称 投入 产出 投入产出 v1 sector industry",
}
_KNOWN = {word: why for why, words in _WORDS.items() for word in words.split()}
_CODES = ((re.compile(r"va\d{1,3}"), VALUE_ADDED), (re.compile(r"fu\d{0,3}"), FINAL_USE))
_FINAL = re.compile(r"消费支出|资本形成|存货|^出口|^进口|最终使用|最终消费|误差|国内省外|^流[入出]|^调[入出]")
# The OECD names rows TTL_01T02 or DOM_01T02 and columns D01T02: both are sector 01T02.
_PREFIX = re.compile(r"^(?:(?:ttl|dom)_?d?|d)(?=\d)", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]{0,4}[_-]?\d[\w.\-]{0,20}", re.ASCII)
_NONE = frozenset({"-", "—", "–", "－", "…", "..", "——"})


def begins_with_digit(text: str) -> bool:
    """Also a full-width one.

    >>> begins_with_digit("１2"), begins_with_digit("²"), begins_with_digit("")
    (True, False, False)
    """
    return re.match(r"\d", text) is not None


def key(cell: Cell) -> str:
    """A label as it is compared: folded, without the OECD's prefixes and without leading zeros.

    >>> key("TTL_01T02"), key("D01T02"), key("007"), key(7.0), key("农 业")
    ('1t02', '1t02', '7', '7', '农业')
    """
    if cell is None or isinstance(cell, bool) or (isinstance(cell, float) and not cell.is_integer()):
        return ""
    word = _PREFIX.sub("", fold(as_text(cell)))
    return word.lstrip("0") or "0" if begins_with_digit(word) else word


def why(cell: Cell) -> str:
    """What kind of label it is, where it is known to be no sector; else nothing.

    >>> why("中间投入合计"), why("VA001"), why("农村居民消费支出"), why("农业")
    ('subtotal', 'value_added', 'final_use', '')
    """
    word = fold(as_text(cell)) if isinstance(cell, str) else ""
    if word in _KNOWN:
        return _KNOWN[word]
    for pattern, kind in _CODES:
        if pattern.fullmatch(word):
            return kind
    return FINAL_USE if _FINAL.search(word) else ""


def is_none(cell: Cell) -> bool:
    """A blank cell, or the dash that stands for one."""
    return is_blank(cell) or (isinstance(cell, str) and cell.strip() in _NONE)


def sectors(found: list[list[str]]) -> tuple[Sector, ...]:
    """The sectors of these labels; those of the OECD with their names."""
    named = [Sector(*code_and_name(words)) for words in found]
    if not any(JOINED.fullmatch(sector.code) for sector in named):
        return tuple(named)
    return tuple(
        Sector(one.code, *NAMES[one.code]) if one.code == one.name and one.code in NAMES else one
        for one in named
    )


def code_and_name(labels: list[str]) -> tuple[str, str]:
    """Which of a sector's labels is its code and which its name.

    >>> code_and_name(["电池", "039", "39"]), code_and_name(["TTL_01T02", "D01T02"]), code_and_name(["农业"])
    (('039', '电池'), ('01T02', '01T02'), ('', '农业'))
    """
    codes = [_PREFIX.sub("", word) for word in labels if _CODE.fullmatch(word)]
    names = [word for word in labels if not _CODE.fullmatch(word)]
    code = max(codes, key=len) if codes else ""
    return code[:64], (names[0] if names else code)[:200]

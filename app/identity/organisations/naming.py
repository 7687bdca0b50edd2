"""Whether two names mean one firm: what is only form, place or spelling is taken off before they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.hall.text.normalise import comparable

SAME, LIKELY, SIMILAR, NONE = "same", "likely", "similar", ""
GRADES = (SAME, LIKELY, SIMILAR)
SIMILAR_FROM = 0.6  # shared pairs of characters of the cores, twice over all pairs
_PAIR, _SHORTEST_CORE = 2, 2

_LEGAL = re.compile(
    r"(?:股份有限责任公司|股份有限公司|有限责任公司|有限公司|集团公司|股份公司|总公司|公司|集团|股份|有限合伙|普通合伙|个体工商户)$"
)
_BRANCH = re.compile(r"(?:分公司|办事处|分院|分所|分行|支行|营业部|分部)$")
_LEGAL_EN = re.compile(
    r"\b(?:companylimited|co\.?,?\s*ltd|ltd|limited|inc|incorporated|corp|corporation|company|co|llc|plc|gmbh|group)\b\.?"
)
_PROVINCES = """北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西
甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 中国"""
_CITIES = """石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海
赤峰 通辽 鄂尔多斯 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛 长春 四平 辽源 通化 白山 松原 哈尔滨 齐齐哈尔 鸡西 大庆
牡丹江 佳木斯 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 江阴 张家港 常熟 太仓 宜兴 溧阳 杭州 宁波 温州 嘉兴 湖州
绍兴 金华 衢州 舟山 台州 丽水 义乌 慈溪 余姚 桐乡 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田
三明 泉州 漳州 南平 龙岩 宁德 晋江 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海
日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳
鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名
肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 海口 三亚 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江
乐山 南充 眉山 宜宾 贵阳 遵义 昆明 曲靖 玉溪 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 兰州 嘉峪关 金昌 白银 天水 酒泉 西宁 银川 石嘴山 吴忠 乌鲁木齐
克拉玛依"""
_MUNICIPALITIES = frozenset(["北京", "天津", "上海", "重庆", "香港", "澳门"])
_ALL_PROVINCES = frozenset(_PROVINCES.split())
_PLACES = sorted((*_PROVINCES.split(), *_CITIES.split()), key=lambda one: (-len(one), one))
_PLACE = re.compile(
    rf"(?:{'|'.join(_PLACES)})(?:特别行政区|壮族自治区|维吾尔自治区|回族自治区|自治区|省|市)?"
)
_DIGITS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")
_NUMBER = re.compile(r"第?([0-9]+)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: what distinguishes it (`core`), where it says it is, whether it is a branch."""

    full: str
    core: str
    places: frozenset[str]
    branch: str

    @property
    def numbers(self) -> tuple[str, ...]:
        """一厂 and 二厂 are two; so are 21 and 22."""
        return tuple(_NUMBER.findall(self.core.translate(_DIGITS)))


@lru_cache(maxsize=4096)
def name_of(text: str) -> Name:
    """Take a firm's name apart.

    Full width, blanks, brackets and invisible characters fall away; then legal forms at the end and places in
    front, in brackets, or before the legal form.

    >>> name_of("江澜（苏州）新能源有限责任公司").core, sorted(name_of("江澜（苏州）新能源有限责任公司").places)
    ('江澜新能源', ['苏州'])
    >>> name_of("苏州市江澜新能源有限公司昆山分公司").branch
    '昆山分公司'
    >>> name_of("Jianglan Cells Co., Ltd.").core == name_of("ＪＩＡＮＧＬＡＮ  CELLS").core
    True
    """
    written = comparable(text)
    if written.isascii():
        words = re.sub(r"[^a-z0-9 ]", " ", _LEGAL_EN.sub(" ", written))
        return Name("".join(one for one in written if one.isalnum()), "".join(words.split()), frozenset(), "")
    full = "".join(one for one in written if one.isalnum())
    core, branch = _without_branch(full)
    core, places = _without_places(_bracketed(written, core))
    return Name(full, core or full, places, branch)


def _without_branch(full: str) -> tuple[str, str]:
    """A branch stands behind the legal form of the firm it belongs to."""
    if not _BRANCH.search(full):
        return full, ""
    head, form, tail = (
        full.rpartition("公司") if not full.endswith("分公司") else full[:-3].rpartition("公司")
    )
    if not head:
        return full, full[-3:]
    return head + form, tail + ("分公司" if full.endswith("分公司") else "")


def _bracketed(written: str, core: str) -> str:
    """Without what brackets say of place or form: （苏州）, （集团）, （有限合伙）, （虚构） stays out too."""
    for inside in re.findall(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]", written):
        plain = "".join(one for one in inside if one.isalnum())
        if plain and not _PLACE.fullmatch(plain) and (_LEGAL.fullmatch(plain) or plain == "虚构"):
            core = core.replace(plain, "", 1)
    return core


def _without_places(core: str) -> tuple[str, frozenset[str]]:
    places = set()
    while (form := _LEGAL.search(core)) and len(core[: form.start()]) >= _SHORTEST_CORE:
        core = core[: form.start()]
    while (found := _PLACE.match(core)) and len(core[found.end() :]) >= _SHORTEST_CORE:
        places.add(_bare(found[0]))
        core = core[found.end() :]
    for found in list(_PLACE.finditer(core))[1:] or list(_PLACE.finditer(core)):
        left = core[: found.start()] + core[found.end() :]
        if found.start() >= _SHORTEST_CORE and len(left) >= _SHORTEST_CORE:
            places.add(_bare(found[0]))
            core = left
            break
    return core, frozenset(places)


def _bare(place: str) -> str:
    return re.sub(r"(?:特别行政区|壮族自治区|维吾尔自治区|回族自治区|自治区|省|市)$", "", place)


def grade(one: str, other: str) -> str:
    """How sure it is that two names mean one firm: same, likely, similar, or nothing.

    `same`: the same name but for width, blanks, brackets and invisible characters. `likely`: the same distinctive
    part, and neither place nor branch nor number speaks against it. `similar`: the same part somewhere else, a branch,
    a shorter form, or most pairs of characters shared.

    >>> grade("江澜（苏州）电芯有限公司", "江澜(苏州)电芯 有限公司"), grade("江澜电芯", "苏州江澜电芯有限公司")
    ('same', 'likely')
    >>> grade("苏州江澜电芯有限公司", "杭州江澜电芯有限公司"), grade("江澜电芯", "白鹭正极")
    ('similar', '')
    """
    a, b = name_of(one), name_of(other)
    if not a.full or not b.full:
        return NONE
    if a.full == b.full:
        return SAME
    if a.core == b.core:
        return LIKELY if not _apart(a, b) else SIMILAR
    if a.numbers != b.numbers and _unnumbered(a) == _unnumbered(b):
        return SIMILAR
    return SIMILAR if _alike(a.core, b.core) else NONE


def _apart(a: Name, b: Name) -> bool:
    """Whether something says that these are two although the distinctive part is one."""
    if a.branch != b.branch:
        return True
    if a.places and b.places:
        return not (a.places <= b.places or b.places <= a.places or _may_be_one_address(a, b))
    return False


def _may_be_one_address(a: Name, b: Name) -> bool:
    """江苏 and 苏州 may be one address; two provinces, two cities, or 上海 and a city are not."""
    if (a.places | b.places) & _MUNICIPALITIES:
        return False
    return not any(
        kind & a.places and kind & b.places
        for kind in (_ALL_PROVINCES, (a.places | b.places) - _ALL_PROVINCES)
    )


def _unnumbered(name: Name) -> str:
    return _NUMBER.sub("", name.core.translate(_DIGITS))


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) >= _SHORTEST_CORE and not short.isascii() and long.startswith(short):
        return len(short) > _SHORTEST_CORE or len(long) <= 2 * len(short)
    return likeness(one, other) >= SIMILAR_FROM


def likeness(one: str, other: str) -> float:
    """Dice's share of common pairs of characters, 0 to 1.

    >>> likeness("江澜电芯", "江澜电池"), likeness("江澜", "白鹭")
    (0.6666666666666666, 0.0)
    """
    a, b = pairs(one), pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def pairs(text: str) -> frozenset[str]:
    """Every two neighbouring characters.

    >>> sorted(pairs("abc"))
    ['ab', 'bc']
    """
    return frozenset(text[at : at + _PAIR] for at in range(len(text) - 1))


@dataclass(frozen=True, slots=True)
class Known:
    """A firm that is there already; `names` in both languages, short and former ones."""

    id: int
    names: tuple[str, ...]
    credit_code: str = ""


def find_same(names: Iterable[str], credit_code: str, known: Iterable[Known]) -> list[tuple[str, Known]]:
    """Who is meant, the surest first: the same credit code is the same firm whatever the names.

    Another credit code is another firm: then the name alone makes nobody more than similar.

    >>> firm = Known(7, ("苏州江澜电芯有限公司",), "91350100M000100Y43")
    >>> find_same(["江澜电芯"], "", [firm])[0][0], find_same(["别的"], "91350100M000100Y43", [firm])[0][0]
    ('likely', 'same')
    """
    wanted = [one for one in names if one.strip()]
    found = []
    for firm in known:
        how = _grade_of(wanted, credit_code, firm)
        if how:
            found.append((how, firm))
    return sorted(found, key=lambda pair: (GRADES.index(pair[0]), pair[1].id))


def _grade_of(wanted: list[str], credit_code: str, firm: Known) -> str:
    if credit_code and credit_code == firm.credit_code:
        return SAME
    grades = [how for mine in wanted for theirs in firm.names if (how := grade(mine, theirs))]
    if not grades:
        return NONE
    if credit_code and firm.credit_code:
        return SIMILAR
    return min(grades, key=GRADES.index)

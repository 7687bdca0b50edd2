"""Needs, offers, matches and introductions of the demo park (虚构)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem.demo.people import Cast, ago
from app.ecosystem.introductions import service as introductions
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.market import rules as market_rules
from app.ecosystem.market import service as market
from app.ecosystem.market.models import Post
from app.ecosystem.matches import service as matches
from app.ecosystem.matches.models import Match
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.outcomes.rules import Result
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import Actor

#: kind | firm | days ago | title | text | tags | segment | amount in 元 | days until the deadline
POSTS = """\
need | E01 | 58 | 寻找磷酸铁锂正极材料本地供应 | 每月约 40 吨，要求批次一致性好，希望园区内半日可达。 | 正极材料 本地配套 | cathode | 4800000 | 120
need | E01 | 21 | 电芯热失控气体成分分析 | 针刺与过充试验后的产气成分分析，每季度两批。 | 检测 电池安全 | cell | 60000 | 80
need | E02 | 40 | 储能柜液冷板打样与小批量 | 液冷板流道打样三版，小批量 200 套。 | 热管理 打样 | thermal | 350000 | 60
need | E03 | 33 | BMS 主控板国产芯片替代验证 | 现有主控芯片交期长，需要替代方案和台架验证。 | 电控 国产替代 | bms | 260000 | 90
need | E04 | 30 | 正极材料前驱体稳定来源 | 磷酸铁前驱体每月 15 吨，需要检测报告。 | 前驱体 本地配套 | precursor | 900000 | 100
need | E05 | 47 | 负极粉体粒度与比表面积检测 | 每周六个样，希望三个工作日出报告。 | 检测 粉体 | anode | 48000 | 70
need | E07 | 26 | 隔膜涂布机速度改造技术支持 | 现有涂布线提速 30%，技术转化难，需要懂工艺的团队。 | 技术转化难 涂布 | separator | 300000 | 110
need | E09 | 18 | 电解液水分在线监测方案 | 产线要在线测水分，实验室方法搬不到产线，技术转化难。 | 技术转化难 检测 | electrolyte | 180000 | 95
need | E14 | 24 | 电控外壳小批量压铸 | 铝合金外壳 500 件，一个月内交付。 | 压铸 打样 | casing | 75000 | 45
need | E16 | 15 | 热管理仿真联合研发 | 液冷系统仿真模型与实测对不上，希望与高校合作。 | 仿真 热管理 | thermal | 220000 | 130
need | E20 | 44 | 流式细胞仪机时 | 每周 6 小时，周三或周五，操作人员自带。 | 仪器机时 细胞 |  | 90000 | 75
need | E21 | 12 | 细胞培养间短期租用 | 两个月，万级洁净，需要二氧化碳培养箱。 | 实验室 细胞 |  | 60000 | 60
need | E22 | 36 | 诊断试剂冷链仓储 | 2–8 ℃ 冷库 40 立方，需要温度记录。 | 仓储 冷链 |  | 120000 | 85
need | E26 | 29 | 欧洲海外仓与退货处理 | 德国、波兰两地，月均 3000 单，含退货质检。 | 海外仓 跨境 |  | 400000 | 100
need | E29 | 9 | 文创图案版权登记与维权辅导 | 年内约 60 件作品登记，两起侵权取证。 | 版权 法务 |  | 30000 | 120
need | E30 | 20 | 新材料中试场地 | 公斤级放大，需要通风与防爆，三个月。 | 中试 场地 |  | 150000 | 90
need | E32 | 6 | 户用光储并网检测与认证 | 两款机型，需要并网检测报告。 | 检测 认证 |  | 110000 | 100
need | E34 | 14 | 轻型电驱电机定子铁芯供应 | 每月 2000 套，公差 0.02 毫米。 | 精密加工 本地配套 |  | 360000 | 90
need | E36 | 28 | 船用电池包振动与盐雾试验 | 按船级社要求，两套电池包。 | 检测 认证 | pack | 80000 | 70
need | E37 | 11 | 户储外壳注塑模具 | 两套模具，三万模次。 | 模具 打样 | casing | 190000 | 80
offer | E04 | 50 | 磷酸铁锂正极材料现货 | 年产能 1800 吨，每批附粒度、振实、磁性物质报告，园区内当日送达。 | 正极材料 本地配套 | cathode | 4600000 | 150
offer | E24 | 55 | 激光粒度仪与比表面积检测服务 | 正极、负极粉体粒度与比表面积，三个工作日出报告，CMA 资质。 | 检测 粉体 |  | 36000 | 200
offer | E24 | 31 | 电池安全试验与产气成分分析 | 针刺、过充、热箱，气相色谱分析产气成分。 | 检测 电池安全 | cell | 55000 | 150
offer | E16 | 42 | 液冷板设计打样与小批量 | 流道仿真、钎焊打样两周，月产能 1000 套。 | 热管理 打样 | thermal | 320000 | 120
offer | E15 | 27 | BMS 主控国产芯片替代方案 | 两款国产主控已过台架与低温验证，可提供移植服务。 | 电控 国产替代 | bms | 240000 | 120
offer | E28 | 37 | 涂布、分切产线提速改造 | 做过三条隔膜涂布线提速，含张力与烘箱改造。 | 涂布 装备改造 | separator | 280000 | 140
offer | U01 | 34 | 热管理仿真与实测校准团队 | 东区实验室三位老师带队，专做仿真模型落地到产线，解决技术转化难。 | 技术转化难 仿真 | thermal | 200000 | 160
offer | U01 | 19 | 流式细胞仪空闲机时开放 | 周三、周五下午空闲，含质控，操作人员可自带。 | 仪器机时 细胞 |  | 80000 | 150
offer | I01 | 39 | 磷酸铁前驱体小试到中试放大 | 公斤级中试线，通风防爆齐全，可按月出租。 | 前驱体 中试 | precursor | 140000 | 150
offer | E11 | 23 | 铝合金外壳压铸与机加工 | 500 件起，模具三周，一个月交付。 | 压铸 打样 | casing | 70000 | 100
offer | E20 | 17 | 万级洁净细胞培养间短租 | 含二氧化碳培养箱两台，可按月租用。 | 实验室 细胞 |  | 54000 | 120
offer | E27 | 45 | 德国与波兰海外仓 | 两地自营仓，退货质检与再上架，月处理两万单。 | 海外仓 跨境 |  | 380000 | 150
offer | E27 | 32 | 医药冷链仓储 2–8 ℃ | 冷库 300 立方，温度全程记录，可验证。 | 仓储 冷链 |  | 110000 | 150
offer | E31 | 25 | 定子铁芯精密冲压与叠装 | 公差 0.015 毫米，月产能 5000 套。 | 精密加工 本地配套 |  | 340000 | 120
offer | E13 | 16 | 冲压件与电池壳体 | 铝壳、钢壳，月产能二十万件。 | 冲压 本地配套 | casing | 160000 | 120
offer | E35 | 10 | 搬运机器人产线试用 | 两台移动机器人，免费试用一个月。 | 机器人 试用 |  |  | 90
offer | E25 | 8 | 视觉质检模型快速部署 | 一周完成涂布缺陷识别试跑。 | 人工智能 质检 |  | 50000 | 120
offer | A01 | 13 | 电池认证与标准培训班 | 船级社、并网两类认证辅导，每月一期。 | 认证 培训 |  | 8000 | 180
offer | A01 | 4 | 作品版权登记与维权辅导窗口 | 每周二上午驻园，代办作品登记，侵权取证与调解辅导。 | 版权 法务 |  | 24000 | 170
offer | B01 | 22 | 知识产权质押与订单贷 | 以专利或订单质押，三个工作日批复。 | 金融 专利 |  |  | 180
offer | E33 | 7 | 园区食堂生态果蔬直供 | 每日配送，可溯源。 | 生活配套 |  | 20000 | 60
"""


@dataclass(frozen=True)
class Written:
    """One line of the table."""

    kind: str
    firm: str
    days: int
    title: str
    text: str
    tags: tuple[str, ...]
    segment: str | None
    amount_fen: int | None
    open_days: int


def _written() -> list[Written]:
    """Return the posts of the table, the oldest first."""
    found = []
    for line in POSTS.splitlines():
        kind, firm, days, title, text, tags, segment, amount, open_days = line.split(" | ")
        fen = int(amount) * 100 if amount else None
        found.append(
            Written(
                kind, firm, int(days), title, text, tuple(tags.split()), segment or None, fen, int(open_days)
            )
        )
    return sorted(found, key=lambda post: -post.days)


Post_ = dict[str, Post]


def load(cast: Cast) -> None:
    """Post, review, answer, introduce, deliver."""
    with ago(59):  # the demo park trusts its firms: what the rules have no doubt about goes out at once
        matches.set_policy(cast.staff("committee_secretary"), {"review": "rules"})
    by_title: Post_ = {}
    for post in _written():
        with ago(post.days, 9 + post.days % 8):
            draft = market_rules.Draft(
                title=post.title,
                description=post.text,
                tags=post.tags,
                segment=post.segment,
                amount_fen=post.amount_fen,
                deadline=clock.today() + dt.timedelta(days=post.days + post.open_days),
            )
            by_title[post.title] = market.create(cast.of(post.firm), post.kind, draft)
    _in_review(cast)
    _answers(cast, by_title)
    _introductions(cast)


def _in_review(cast: Cast) -> None:
    with ago(1, 16):
        market.create(
            cast.of("E12"),
            "offer",
            market_rules.Draft(
                "圩角五金承接五金冲压件",
                "请联系圩角五金，电话 0513-80000000（虚构号码）。",
                tags=("冲压",),
                segment="casing",
            ),
        )
        market.create(
            cast.of("E23"),
            "need",
            market_rules.Draft("求购合作服务", "详情见 www.example.invalid", tags=("细胞",)),
        )
        market.create(
            cast.of("E06"),
            "need",
            market_rules.Draft(
                "负极石墨化加工外协", "每月二十吨，待补充指标。", tags=("负极",), segment="anode"
            ),
            submit=False,
        )
    with ago(3, 15):
        returned = market.create(
            cast.of("E10"),
            "offer",
            market_rules.Draft("电解液代工", "微信号：example_only", tags=("电解液",)),
        )
        market.give_back(
            cast.staff("committee_secretary"), returned.id, "请写明溶剂体系、月产能和起订量，便于企业判断。"
        )


def _pair(by_title: Post_, need: str, offer: str) -> Match | None:
    found = sa.select(Match).where(Match.need_id == by_title[need].id, Match.offer_id == by_title[offer].id)
    return db.session.scalar(found)


def _answers(cast: Cast, by_title: Post_) -> None:
    """Both yes, one yes, or no: every state is somewhere in the park."""
    both = (
        ("寻找磷酸铁锂正极材料本地供应", "磷酸铁锂正极材料现货", 48),
        ("负极粉体粒度与比表面积检测", "激光粒度仪与比表面积检测服务", 44),
        ("储能柜液冷板打样与小批量", "液冷板设计打样与小批量", 38),
        ("流式细胞仪机时", "流式细胞仪空闲机时开放", 18),
        ("诊断试剂冷链仓储", "医药冷链仓储 2–8 ℃", 30),
        ("欧洲海外仓与退货处理", "德国与波兰海外仓", 27),
        ("轻型电驱电机定子铁芯供应", "定子铁芯精密冲压与叠装", 12),
        ("BMS 主控板国产芯片替代验证", "BMS 主控国产芯片替代方案", 24),
        ("电控外壳小批量压铸", "铝合金外壳压铸与机加工", 20),
    )
    for need, offer, days in both:
        match = _pair(by_title, need, offer)
        if match is None:
            continue
        with ago(days, 11):
            matches.accept(_side(cast, match.need_organisation_id), match.id)
        with ago(days - 1, 15):
            matches.accept(_side(cast, match.offer_organisation_id), match.id)
    for need, offer, days, who in (
        ("热管理仿真联合研发", "热管理仿真与实测校准团队", 9, "offer"),
        ("电芯热失控气体成分分析", "电池安全试验与产气成分分析", 8, "offer"),
        ("细胞培养间短期租用", "万级洁净细胞培养间短租", 6, "need"),
    ):
        match = _pair(by_title, need, offer)
        if match is not None:
            with ago(days, 14):
                matches.accept(_side(cast, getattr(match, f"{who}_organisation_id")), match.id)
    match = _pair(by_title, "隔膜涂布机速度改造技术支持", "涂布、分切产线提速改造")
    if match is not None:
        with ago(5, 10):
            matches.decline(_side(cast, match.need_organisation_id), match.id, "今年产线检修窗口已排满。")


def _side(cast: Cast, organisation_id: int) -> Actor:

    return cast.of(identity.get_organisation(organisation_id).code)


# title of the need → (days ago, step or note, text) in order; then outcomes (metric, baseline, actual, unit, period, signed)
COURSE: dict[
    str, tuple[tuple[tuple[int, str, str], ...], tuple[tuple[str, float, float, str, str, bool], ...]]
] = {
    "寻找磷酸铁锂正极材料本地供应": (
        (
            (45, "met", "双方在 5 号楼见面，确认批次一致性指标。"),
            (38, "negotiating", "首批 5 吨送样。"),
            (30, "agreed", "签订半年框架协议。"),
            (24, "delivering", "每周二、周五送货。"),
        ),
        (("新增订单", 0, 320, "万元", "近三个月", True), ("平均到货时间", 72, 6, "小时", "近三个月", True)),
    ),
    "负极粉体粒度与比表面积检测": (
        (
            (40, "met", "参观实验室。"),
            (35, "agreed", "按样计价，三个工作日出报告。"),
            (28, "delivering", "每周六个样。"),
        ),
        (("节约检测费用", 0, 1.7, "万元", "近一季度", True),),
    ),
    "诊断试剂冷链仓储": (
        (
            (26, "met", "现场看库。"),
            (22, "negotiating", "讨论温度记录的验证方式。"),
            (16, "agreed", "先租 20 立方。"),
            (10, "delivering", "首批入库。"),
        ),
        (("节约仓储费用", 0, 2.5, "万元", "本年度", False),),
    ),
    "储能柜液冷板打样与小批量": (
        ((34, "met", "评审第一版流道。"), (29, "negotiating", "压降高于目标，改第二版。")),
        (),
    ),
    "欧洲海外仓与退货处理": (
        ((24, "met", "线上会议，核对退货流程。"), (6, "negotiating", "报价进入第二轮。")),
        (),
    ),
    "BMS 主控板国产芯片替代验证": (((20, "met", "确定台架方案。"), (9, "agreed", "签订验证协议。")), ()),
    "电控外壳小批量压铸": (((17, "met", "看样件。"), (5, "lost", "交期与项目节点对不上，下次再合作。")), ()),
    "流式细胞仪机时": (((13, "met", "完成操作资质确认。"),), ()),
}


def _introductions(cast: Cast) -> None:
    rows = db.session.scalars(sa.select(Introduction).where(Introduction.origin == "match")).all()
    for row in rows:
        steps, results = COURSE.get(row.title, ((), ()))
        asking, giving = (_side(cast, id_) for id_ in (row.asking_id, row.giving_id) if id_)
        for days, step, text in steps:
            with ago(days, 14):
                introductions.move(asking if days % 2 else giving, row.id, step, text)
        if row.state not in ("lost",):
            days = max(1, steps[-1][0] - 2) if steps else 3
            with ago(days, 9):
                introductions.plan_next(
                    giving,
                    row.id,
                    "回传下一批数据并约定复盘",
                    clock.today() + dt.timedelta(days=12),
                    row.giving_id,
                )
        for metric, baseline, actual, unit, period, signed in results:
            with ago(4, 10):
                outcome = outcomes.record(
                    giving,
                    row.id,
                    Result(metric=metric, baseline=baseline, actual=actual, unit=unit, period=period),
                )
            if signed:
                with ago(3, 16):
                    outcomes.confirm(asking, outcome.id)
    for row in rows:
        if row.title == "轻型电驱电机定子铁芯供应":
            start = clock.at(clock.today() + dt.timedelta(days=2), 14)
            introductions.invite(
                _side(cast, row.giving_id),
                row.id,
                start,
                start + dt.timedelta(hours=1, minutes=30),
                "5 号楼 302 会议室",
            )

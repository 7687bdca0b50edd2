"""Every sentence of the room that has a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.hall.text import language

MESSAGES = {
    "insight_scores_refused": _l("得分没有保存"),
    "insight_firm_unknown": _l("没有代码为“%(value)s”的企业"),
    "insight_weights_refused": _l("权重没有提交"),
    "insight_weight_missing": _l("缺少维度“%(value)s”的权重"),
    "insight_weight_not_whole": _l("维度“%(name)s”的权重“%(value)s”应为 0 到 1000 的整数"),
    "insight_weight_negative": _l("权重不能为负数"),
    "insight_red_above_target": _l("维度“%(value)s”的红线应在 0 到目标之间，目标不超过 100"),
    "insight_weights_missing": _l("没有生效的权重"),
    "insight_analysts_only": _l("由分析员提出"),
    "insight_approvers_only": _l("由分管副总、分析员或园区管理员批准"),
    "insight_version_not_found": _l("没有这个版本"),
    "insight_version_decided": _l("这个版本已有结论"),
    "insight_four_eyes": _l("提出的人不能批准"),
    "insight_alert_not_found": _l("没有这条预警"),
    "insight_alert_not_yours": _l("预警由分管副总、分析员、部门负责人或园区管理员处理"),
    "insight_alert_over": _l("这条预警已经结束"),
    "insight_alert_seen": _l("这条预警已经确认过"),
    "insight_counter_refused": _l("对策没有保存"),
    "insight_counter_empty": _l("请写明做什么"),
    "insight_counter_owner": _l("责任人应为园区成员的登录名"),
    "insight_counter_too_early": _l("开始日期不能早于预警的月份"),
    "insight_counter_problem": _l("没有这个问题"),
    "insight_counter_day": _l("请选择开始日期"),
    "insight_end_because": _l("请写明结束的原因"),
    "insight_figure_not_found": _l("没有这个数字"),
    "insight_figures_not_yours": _l("这个数字只给园区工作人员看"),
    "insight_firms_not_yours": _l("单个企业的得分只给分管副总、分析员和园区管理员看"),
    "insight_codebook_refused": _l("编码本没有保存"),
    "insight_codebook_not_later": _l("版本号应大于 %(version)s"),
    "insight_codebook_no_tests": _l("编码本至少要有一个测试"),
    "insight_test_shape": _l("测试应有 text 和 themes，且主题在编码本中"),
    "insight_test_fails": _l("测试没有通过：“%(text)s”"),
    "insight_said_not_found": _l("没有这句话"),
    "insight_theme_unknown": _l("编码本中没有主题“%(value)s”"),
    "insight_falls_twice": _l("%(dimension)s 连续两个月下降（%(month)s）"),
    "insight_leading": _l("%(dimension)s 提前预警（%(month)s）"),
    "insight_table_falls_twice": _l("%(dimension)s（%(group)s）连续两个月下降，自 %(month)s 起未恢复"),
    "insight_table_leading": _l("%(dimension)s（%(group)s）还没跌破目标，但在下降且被反复提到（%(month)s）"),
    "insight_counter_yours": _l("一项对策由您负责：%(what)s"),
    "insight_not_a_month": _l("“%(value)s”不是月份，应为如 2026-08 的月份"),
    "insight_department_not_found": _l("没有代码为“%(value)s”的部门"),
    "insight_not_a_quarter": _l("“%(value)s”不是已开始的季度，应为如 2026-Q3 的季度"),
    "insight_not_a_score": _l("“%(value)s”应为 0 到 100 的数字"),
    "insight_weights": _l("权重合计 %(total)s，应为 1000"),
    "insight_unknown_dimension": _l("未知维度“%(value)s”，dimensions 表中没有"),
    "insight_two_layers": _l("企业“%(value)s”同一月份在两个分层"),
    "insight_out_of_order": _l("%(value)s 不在月份顺序中"),
    "insight_format": _l("format 应为 %(expected)s"),
    "insight_version": _l("version 应为从 1 起的整数"),
    "insight_no_themes": _l("themes 应为非空列表"),
    "insight_theme_shape": _l("主题应为带键的映射"),
    "insight_theme_twice": _l("主题“%(value)s”已在前面出现"),
    "insight_theme_key": _l("主题缺少 %(name)s"),
    "insight_pattern_list": _l("应为模式的列表"),
    "insight_pattern": _l("模式“%(value)s”的形式不允许：只可用文字、?、(甲|乙) 与 .{0,10} 以内"),
}
STATES = {
    "ok": _l("平稳"),
    "pending": _l("首次下降"),
    "firing": _l("预警中"),
    "recovering": _l("回升中"),
    "resolved": _l("回到原水平"),
    "stale": _l("数据中断"),
    "unknown": _l("未知"),
    "warning": _l("提前预警"),
}
LAYER_NAMES = {
    "all": _l("全部企业"),
    "new": _l("新入驻"),
    "large": _l("大型"),
    "medium": _l("中型"),
    "small_micro": _l("小微"),
    "others": _l("其他（合并）"),
}
MESSAGES |= {f"insight_layer_{code}": name for code, name in LAYER_NAMES.items()}
SOURCE_NAMES = {
    "survey": _l("问卷"),
    "rating": _l("问题评价"),
    "response": _l("首次响应用时"),
    "policy_money": _l("政策到账天数"),
    "activity": _l("活动"),
    "import": _l("导入"),
}
SAID_SOURCES = {"remark": _l("企业发言"), "interview": _l("访谈"), "import": _l("导入")}
VERSION_STATES = {
    "proposed": _l("待批准"),
    "in_force": _l("生效中"),
    "superseded": _l("已被取代"),
    "rejected": _l("已退回"),
}
TONES = {"red": _l("低于红线"), "amber": _l("低"), "green": _l("达标"), "grey": _l("不足 5 家")}
REASONS = {
    "missing": _l("没有作答"),
    "few": _l("不足 5 家"),
    "suppressed": _l("为保护少数企业而不显示"),
    "version": _l("问法不同，不能比较"),
    "not_comparable": _l("不能比较"),
    "insufficient": _l("还不能预测，至少 12 个月"),
}
OUTCOMES = {"hits": _l("命中"), "false_alarms": _l("误报"), "missed": _l("漏报"), "quiet": _l("平静")}
CELLS = {"missing": _l("未作答"), "few": _l("不足 5 家"), "suppressed": _l("隐去")}
SEEN = {"new": _l("未确认"), "acknowledged": _l("已确认"), "countered": _l("已有对策")}
ALERT_STATES = {
    "firing": _l("预警中"),
    "recovering": _l("回升中"),
    "stale": _l("数据中断"),
    "resolved": _l("已解除"),
    "ended": _l("人工结束"),
    "withdrawn": _l("已撤销"),
}
CLASS_NAMES = {"immediate": _l("即时解决"), "process": _l("流程优化"), "longterm": _l("长期攻坚")}


@dataclass(frozen=True)
class Monthly:
    """A monthly figure of another room: its name, its unit, how many of the stored amount are one of it, and its digits.

    English tells 万元 as millions of yuan: where that is so, `in_english` are the two numbers for it.
    """

    title: Any
    unit: Any
    parts: int = 1
    places: int = 0
    in_english: tuple[int, int] | None = None

    @property
    def scale(self) -> int:
        return self._told()[0]

    @property
    def digits(self) -> int:
        return self._told()[1]

    def _told(self) -> tuple[int, int]:
        if self.in_english is not None and language.lang() == "en":
            return self.in_english
        return self.parts, self.places


FIGURES = {
    "shared_minutes": Monthly(_l("共享机时"), _l("小时"), 60, 1),
    "own_minutes": Monthly(_l("自用机时"), _l("小时"), 60, 1),
    "bookable_minutes": Monthly(_l("可用机时"), _l("小时"), 60, 1),
    "income_fen": Monthly(_l("共享收入"), _l("元"), 100, 2),
    "gap_fen": Monthly(_l("产业链缺口"), _l("万元"), 1_000_000, 1, (100_000_000, 2)),
    "credits_earned": Monthly(_l("积分发放"), _l("分")),
    "credits_redeemed": Monthly(_l("积分使用"), _l("分")),
    "needs": Monthly(_l("新需求"), _l("项")),
    "introductions": Monthly(_l("对接"), _l("次")),
    "outcomes": Monthly(_l("确认的成效"), _l("项")),
}

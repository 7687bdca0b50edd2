"""Rules and rewards of the fictional demo park, in the project's own words (虚构)."""

from __future__ import annotations

from typing import Any

# code, zh, en, credits, evidence kind, icon, lifetime in days, origin, caps, zh description, en description
RULES: tuple[tuple[Any, ...], ...] = (
    ("invention_patent", "授权发明专利", "Invention patent granted", 100, "patent_no", "certificate", 730, "claim", {},
     "以国家知识产权局授权公告日为准，每件专利只计一次。", "Counted on the day of the grant notice; each patent once."),
    ("industry_event", "主办或主讲产业活动", "Industry event hosted", 60, "event_no", "presentation", 730, "claim",
     {"cap_period": "year", "cap_claims": 20},
     "在园区举办、对外开放且不少于 30 人的产业活动。", "Open events in the park with at least 30 guests."),
    ("startup_incubated", "孵化初创企业", "Start-up incubated", 200, "company_no", "rocket", 1095, "claim", {},
     "被孵化企业在园区完成注册并存续满三个月。", "The start-up is registered in the park and three months old."),
    ("standard_led", "主导制定标准", "Standard led", 150, "standard_no", "ruler", 1095, "claim",
     {"cap_period": "year", "cap_claims": 4},
     "作为第一起草单位发布团体、行业或国家标准。", "First drafter of a published standard."),
    ("tech_contract", "技术合同登记", "Technology contract registered", 80, "contract_no", "signature", 730, "claim",
     {"cap_period": "quarter", "cap_claims": 6},
     "经登记机构认定的技术开发、转让、许可合同。", "Development, transfer or licence contract on the public register."),
    ("quality_certified", "通过体系或产品认证", "Certification passed", 40, "certificate_no", "medal", 270, "claim",
     {"cap_period": "year", "cap_claims": 6},
     "取得新的管理体系或产品认证。", "A new management-system or product certificate."),
    ("hours_shared", "共享仪器机时", "Instrument hours shared", 20, "platform", "hourglass", 180, "platform",
     {"cap_period": "month", "cap_credits": 400},
     "每共享满 10 小时，由平台在结算时自动记入。", "For every 10 shared hours, credited when they are settled."),
    ("introduction_verified", "对接成效核实", "Introduction verified", 50, "platform", "heart-handshake", 365, "platform",
     {"cap_period": "quarter", "cap_credits": 500},
     "对接双方确认成效后自动记入。", "Credited when both sides confirm what came of it."),
    ("licence_granted", "专利许可达成", "Patent licence granted", 40, "platform", "license", 365, "platform",
     {"cap_period": "year", "cap_credits": 400},
     "专利池许可生效时自动记入。", "Credited when a licence from the patent pool takes effect."),
)  # fmt: skip

# code, zh, en, category, icon, cost, stock, limit, fulfilment, params, sizes, zh description, en description
REWARDS: tuple[tuple[Any, ...], ...] = (
    ("office_3_months", "办公空间 3 个月", "Office space, 3 months", "space", "building", 300, 24, None, "venue",
     {"months": 3, "place": "孵化楼"}, [],
     "孵化楼 60 平方米精装单元，含水电网", "60 m² in the incubator, utilities included"),
    ("university_support_20h", "高校专家支持 20 小时", "University support, 20 hours", "university", "school", 150, 40, None,
     "introduction", {"partner": "U01", "hours": 20}, [],
     "东圩理工大学课题组，自动开启对接", "A research group of the partner university; opens an introduction"),
    ("instrument_voucher_8h", "仪器机时券 8 小时", "Instrument voucher, 8 hours", "testing", "microscope", 120, 60, 6,
     "instrument_voucher", {"hours": 8}, [],
     "园区共享仪器通用，预约时抵扣", "Any shared instrument of the park, used when booking"),
    ("third_party_test", "第三方检测服务券", "Third-party test voucher", "testing", "flask", 80, 50, 10, "manual", {}, [],
     "双资质实验室，含检测报告", "Accredited laboratory, report included"),
    ("patent_fast_track", "专利快速预审通道", "Patent fast track", "policy", "file-certificate", 90, 20, 4, "manual", {}, [],
     "园区知识产权服务站受理", "Handled by the park's IP desk"),
    ("compute_500", "算力资源 500 核时", "Computing, 500 core hours", "digital", "cpu", 150, 30, 4, "manual", {}, [],
     "混合集群，支持仿真与训练", "Mixed cluster for simulation and training"),
    ("pilot_line_half_day", "中试车间半日使用", "Pilot line, half a day", "space", "building-factory", 240, 9, 2, "manual", {}, [],
     "含 1 名工艺工程师", "One process engineer included"),
    ("expert_diagnosis", "高校专家 1 对 1 诊断", "Expert diagnosis, one to one", "university", "stethoscope", 100, 16, 3, "manual", {},
     ["small", "micro"], "材料、电化学、自动化方向", "Materials, electrochemistry, automation"),
    ("expo_booth", "展会联合参展位", "Joint booth at a fair", "market", "presentation", 360, 4, 1, "manual", {}, [],
     "含搭建与两人证件", "Stand and two badges included"),
    ("green_logistics_10", "绿色物流车 10 次", "Green logistics, 10 trips", "market", "truck", 60, 40, 4, "manual", {}, [],
     "园区至港口往返", "Park to port and back"),
    ("talent_flat_1_month", "人才公寓 1 个月", "Talent flat, 1 month", "talent", "home", 200, 12, 3, "manual", {}, [],
     "青年工程师优先，拎包入住", "Furnished; young engineers first"),
    ("policy_coaching", "政策申报辅导 1 次", "Policy coaching session", "policy", "clipboard-text", 50, None, 6, "manual", {}, [],
     "专精特新、首台套等专题", "Specialised-firm and first-of-kind programmes"),
    ("roadshow_slot", "投融资路演席位", "Roadshow slot", "market", "microphone", 180, 6, 1, "manual", {}, ["small", "micro"],
     "季度路演，含辅导与材料打磨", "Quarterly roadshow with coaching"),
    ("meeting_hall_day", "会议厅全天使用", "Conference hall, full day", "space", "armchair", 70, 30, 4, "venue", {"days": 1, "place": "会议厅"}, [],
     "200 座，含音视频设备", "200 seats with audio and video"),
    ("training_seats", "数字化转型培训 5 席", "Digital training, 5 seats", "digital", "server", 45, 25, 4, "manual", {}, [],
     "两天线下课程与案例参访", "Two days on site with a visit"),
    ("job_fair_booth", "校园招聘展位", "Campus job fair booth", "talent", "users-group", 65, 18, 2, "manual", {}, [],
     "春秋两季双选会，任选一场", "Spring or autumn fair"),
)  # fmt: skip

# What is to be seen on the drawings in demo_pictures/ (made for this demo park).
PICTURES = {
    "office_3_months": ("两栋亮着灯的办公楼", "Two office buildings with lit windows"),
    "university_support_20h": ("带立柱的大学主楼", "A university hall with columns"),
    "instrument_voucher_8h": ("一台显微镜", "A microscope"),
    "third_party_test": ("锥形瓶、试管和一份检测报告", "A flask, test tubes and a test report"),
    "patent_fast_track": ("盖了章的证书", "A certificate with a seal"),
    "compute_500": ("三排相连的服务器机柜", "Three connected server racks"),
    "pilot_line_half_day": ("锯齿屋顶的中试车间", "A pilot plant with a saw-tooth roof"),
    "expert_diagnosis": ("两个人在看屏幕上的曲线", "Two people before a curve on a screen"),
    "expo_booth": ("带遮阳篷的展位", "A booth with an awning"),
    "green_logistics_10": ("一辆印着树叶的货车", "A lorry with a leaf on it"),
    "talent_flat_1_month": ("一栋公寓和两棵树", "A house of flats and two trees"),
    "policy_coaching": ("清单旁两人交谈", "Two people talking beside a checklist"),
    "roadshow_slot": ("讲台上的演讲者", "A speaker at a lectern"),
    "meeting_hall_day": ("会议厅里的听众和大屏幕", "An audience before a large screen"),
    "training_seats": ("培训教室里的三张课桌", "Three desks in a training room"),
    "job_fair_booth": ("招聘展位前的来访者", "Visitors at a job fair booth"),
}

EVENTS = (
    "固态电解质沙龙", "储能安全公开课", "隔膜涂覆技术交流会", "电池回收圆桌", "细胞培养开放日", "智能装备供需会", "跨境物流座谈",
    "正极材料失效分析讲座", "BMS 标定工作坊", "热管理仿真分享会", "检测实验室开放周", "青年工程师论坛",
)  # fmt: skip

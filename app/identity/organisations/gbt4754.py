"""The divisions of GB/T 4754-2017 (two digits) with their names in both languages."""

from __future__ import annotations

_TEXT = """
01 农业|Agriculture
02 林业|Forestry
03 畜牧业|Animal husbandry
04 渔业|Fishery
05 农、林、牧、渔专业及辅助性活动|Services for agriculture, forestry, husbandry and fishery
06 煤炭开采和洗选业|Coal mining and washing
07 石油和天然气开采业|Oil and gas extraction
08 黑色金属矿采选业|Ferrous ore mining
09 有色金属矿采选业|Non-ferrous ore mining
10 非金属矿采选业|Non-metal ore mining
11 开采专业及辅助性活动|Services for mining
12 其他采矿业|Other mining
13 农副食品加工业|Processing of farm products
14 食品制造业|Food
15 酒、饮料和精制茶制造业|Wine, drinks and refined tea
16 烟草制品业|Tobacco
17 纺织业|Textiles
18 纺织服装、服饰业|Clothing
19 皮革、毛皮、羽毛及其制品和制鞋业|Leather, fur, feathers and shoes
20 木材加工和木、竹、藤、棕、草制品业|Wood, bamboo and straw products
21 家具制造业|Furniture
22 造纸和纸制品业|Paper
23 印刷和记录媒介复制业|Printing and copying of media
24 文教、工美、体育和娱乐用品制造业|Goods for culture, crafts, sport and play
25 石油、煤炭及其他燃料加工业|Refining of oil, coal and other fuels
26 化学原料和化学制品制造业|Chemicals
27 医药制造业|Medicines
28 化学纤维制造业|Chemical fibres
29 橡胶和塑料制品业|Rubber and plastics
30 非金属矿物制品业|Non-metallic mineral products
31 黑色金属冶炼和压延加工业|Smelting and rolling of ferrous metals
32 有色金属冶炼和压延加工业|Smelting and rolling of non-ferrous metals
33 金属制品业|Metal products
34 通用设备制造业|General equipment
35 专用设备制造业|Special equipment
36 汽车制造业|Cars
37 铁路、船舶、航空航天和其他运输设备制造业|Rail, ships, aerospace and other transport equipment
38 电气机械和器材制造业|Electrical machinery and equipment
39 计算机、通信和其他电子设备制造业|Computers, communication and other electronics
40 仪器仪表制造业|Instruments
41 其他制造业|Other manufacturing
42 废弃资源综合利用业|Use of waste resources
43 金属制品、机械和设备修理业|Repair of metal products, machines and equipment
44 电力、热力生产和供应业|Electricity and heat
45 燃气生产和供应业|Gas supply
46 水的生产和供应业|Water supply
47 房屋建筑业|House building
48 土木工程建筑业|Civil engineering
49 建筑安装业|Building installation
50 建筑装饰、装修和其他建筑业|Building decoration and other building
51 批发业|Wholesale
52 零售业|Retail
53 铁路运输业|Rail transport
54 道路运输业|Road transport
55 水上运输业|Water transport
56 航空运输业|Air transport
57 管道运输业|Pipeline transport
58 多式联运和运输代理业|Multimodal transport and forwarding
59 装卸搬运和仓储业|Handling and storage
60 邮政业|Post
61 住宿业|Lodging
62 餐饮业|Catering
63 电信、广播电视和卫星传输服务|Telecommunication, broadcasting and satellite services
64 互联网和相关服务|Internet and related services
65 软件和信息技术服务业|Software and information technology
66 货币金融服务|Monetary services
67 资本市场服务|Capital market services
68 保险业|Insurance
69 其他金融业|Other finance
70 房地产业|Real estate
71 租赁业|Leasing
72 商务服务业|Business services
73 研究和试验发展|Research and development
74 专业技术服务业|Professional technical services
75 科技推广和应用服务业|Promotion and application of technology
76 水利管理业|Water management
77 生态保护和环境治理业|Ecology and environment
78 公共设施管理业|Public facilities
79 土地管理业|Land management
80 居民服务业|Services for residents
81 机动车、电子产品和日用产品修理业|Repair of vehicles, electronics and household goods
82 其他服务业|Other services
83 教育|Education
84 卫生|Health
85 社会工作|Social work
86 新闻和出版业|News and publishing
87 广播、电视、电影和录音制作业|Radio, television, film and recording
88 文化艺术业|Culture and arts
89 体育|Sport
90 娱乐业|Entertainment
91 中国共产党机关|Party organs
92 国家机构|State organs
93 人民政协、民主党派|Political consultative conference and parties
94 社会保障|Social security
95 群众团体、社会团体和其他成员组织|Associations and other member organisations
96 基层群众自治组织及其他组织|Grassroots self-government
97 国际组织|International organisations
"""
DIVISIONS: dict[str, tuple[str, str]] = {
    line[:2]: (line[3:].split("|")[0], line[3:].split("|")[1]) for line in _TEXT.strip().splitlines()
}


def division_name(code: str, lang: str) -> str:
    """What a division is called; an unknown one keeps its code.

    >>> division_name("38", "zh"), division_name("38", "en"), division_name("00", "zh")
    ('电气机械和器材制造业', 'Electrical machinery and equipment', '00')
    """
    zh, en = DIVISIONS.get(code, (code, code))
    return en if lang == "en" else zh

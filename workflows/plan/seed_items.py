"""The seed's projects: 38 first-year sub-projects of 篇1, and those of 篇2, 篇3 and 篇4 by name.

篇1 gives quantities but neither the amount nor the village of a sub-project. The villages are
placeholders and the illustrative amounts (万元) a demonstration's proposal: a fifth of each
category's three-year money, as most first-year quantities are a fifth of the three years'.
"""

# A row of a table stays on one line.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass, field

from workflows.plan.seed_promises import CY, JC, NH

PLACED = "实施村为示例安排，原文未列"
HOUSEHOLD = "首年一段列入基础设施，此处按三年任务归类"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedItem:
    """A row of the sheet of items, amounts in 万元."""

    code: str
    name: str
    category: str
    department: str
    kind: str
    place: str
    quantity: float | None
    unit: str
    text: str
    origin: str
    doubt: str = ""
    measure: str = ""
    amount: float | None = None
    illustrative: float | None = None
    funding: dict[str, float] = field(default_factory=dict)


W, G, S = "工程", "货物", "服务"
ROADS, WATER, FARM = "交通运输", "水利", "农业农村"

#: name, measure, department, kind, quantity, words, illustrative amount.
FIRST_YEAR = (
    ("整治村道路", "整治村道", ROADS, W, 13, "整治村道路13公里", 156),
    ("硬化村道路", "硬化村道", ROADS, W, 54, "硬化村道路54公里", 1404),
    ("新建社道路", "新建社道", ROADS, W, 11.4, "新建社道路11.4公里", 91.2),
    ("整治社道路", "整治社道", ROADS, W, 13.8, "整治社道路13.8公里", 55.2),
    ("打机压井", "打机压井", WATER, W, 330, "打机压井330口", 66),
    ("新修集中供水点", "新修集中供水点", WATER, W, 30, "新修集中供水点30处", 150),
    ("铺设供水管道", "铺设供水管道", WATER, W, 36.8, "铺设供水管道36.8公里", 110.4),
    ("新修蓄水池", "新修蓄水池", WATER, W, 50, "新修蓄水池50口", 40),
    ("新建灌溉渠", "新建灌溉渠", WATER, W, 12.2, "新建灌溉渠12.2公里", 146.4),
    ("整治灌溉渠", "整治灌溉渠", WATER, W, 19.6, "整治灌溉渠19.6公里", 98),
    ("整治病险水库", "整治病险水库", WATER, W, 1, "整治病险水库1座", 140.7),
    ("兴建集雨节灌工程", "集雨节灌工程", WATER, W, 2, "兴建2个村的集雨节灌工程", 60),
    ("整理土地", "整理土地", FARM, W, 4000, "整理土地4000亩", 400),
    ("农网改造", "农网改造", ROADS, W, 12, "完成农网改造12公里", 96),
    ("改造危房", "改造危房", FARM, W, 78, "改造危房78户", 234),
    ("改厨", "改厨", FARM, W, 700, "改厨700户", 175),
    ("改厕", "改厕", FARM, W, 700, "改厕700户", 140),
    ("改圈", "改圈", FARM, W, 12800, "改圈12800平方米", 128),
    ("建院坝", "建院坝", FARM, W, 400, "建院坝400户", 80),
    ("新建沼气池", "新建沼气池", FARM, W, 2870, "新建沼气池2870口", 656),
    ("种植水果", "种植水果", FARM, G, 1000, "种植水果1000亩", 150),
    ("种植干果", "种植干果", FARM, G, 1500, "干果l500亩", 180),
    (
        "培育柑桔、干果示范园",
        "柑桔、干果示范园",
        FARM,
        G,
        280,
        "培育柑桔、干果品牌示范园280亩",
        140,
    ),
    ("种植蔬菜", "种植蔬菜", FARM, G, None, "蔬菜XX亩", 200),
    ("种植中药材", "种植中药材", FARM, G, 400, "中药材400亩", 80),
    ("种植茶叶", "种植茶叶", FARM, G, 6000, "茶叶6000亩", 1500),
    ("扶持农户养猪", "扶持农户养猪", FARM, G, 10000, "扶持片区内农户养猪10000头", 600),
    (
        "建生猪标准化规模养殖小区",
        "生猪标准化规模养殖小区",
        FARM,
        W,
        4,
        "建生猪标准化规模养殖小区4个",
        320,
    ),
    ("组建扶贫互助社", "扶贫互助社", FARM, S, 9, "组建9个扶贫互助社", 135),
    ("培训转移农民工", "培训转移农民工", FARM, S, 620, "培训转移农民工620人", 49.6),
    ("实用技术培训", "实用技术培训", FARM, S, 4000, "实用技术培训4000人次", 40),
    ("建设红色旅游重点景区", "红色旅游重点景区", ROADS, W, 1, "建设红色旅游重点景区1个", 240.6),
    ("改建村小", "改建村小", FARM, W, 5, "改建村小5所、1500平方米", 300),
    ("新建村务活动室", "新建村务活动室", FARM, W, 4, "新建村务活动室4个240平方米", 60),
    ("改建村务活动室", "改建村务活动室", FARM, W, 5, "改建5个300平方米", 30),
    ("购置教学设备", "购置教学设备", FARM, G, 450, "购置教学设备450台(套)", 225),
    ("购置医疗设备", "购置医疗设备", FARM, G, 24, "购置医疗设备24台(件)", 189.2),
    ("培训医务人员", "培训医务人员", FARM, S, 14, "培训医务人员14人", 7),
)

#: Items of the other texts: their amounts and villages are the source's.
OTHERS = (
    SeedItem(
        code="P2-01", name="青茶村至双联村村公所通村道路硬化", category=JC, department=ROADS, kind=W, place="P2-SL",
        quantity=7, unit="公里", amount=880, origin="篇2",
        text="硬化青茶村至双联村村公所7公里通村道路,需投入资金880万元",
    ),
    SeedItem(
        code="P2-02", name="鹿池村至双联村四合头组烟基路", category=JC, department=ROADS, kind=W, place="P2-SL",
        quantity=12, unit="公里", amount=220, origin="篇2",
        text="修建鹿池村至双联村四合头组烟基路12公里,需投入资金220万元",
    ),
    SeedItem(
        code="P2-03", name="桥地坪组至田坝组通组公路硬化", category=JC, department=ROADS, kind=W, place="P2-SL",
        quantity=3, unit="公里", amount=50, origin="篇2",
        text="硬化桥地坪组至田坝组3公里通组公路,需投入50万元",
    ),
    SeedItem(
        code="P2-04", name="水碗坪组柑橘种植", category=CY, department=FARM, kind=G, place="P2-SL",
        quantity=400, unit="亩", illustrative=60, origin="篇2", text="在水碗坪组实施柑橘种植400亩",
    ),
    SeedItem(
        code="P2-05", name="水碗坪组金银花种植", category=CY, department=FARM, kind=G, place="P2-SL",
        quantity=500, unit="亩", illustrative=75, origin="篇2", text="在水碗坪组实施金银花种植500亩",
    ),
    SeedItem(
        code="P2-06", name="双联村5个组烤烟种植", category=CY, department=FARM, kind=G, place="P2-SL",
        quantity=None, unit="亩", origin="篇2", text="5个组实施烤烟种植20xx亩", doubt="数量原文掩去",
    ),
    SeedItem(
        code="P3-01", name="薛集村岗东水泥路", category=JC, department=ROADS, kind=W, place="HQ-XJ",
        quantity=None, unit="条", amount=50, origin="篇3",
        text="薛集村岗东水泥路建设,工程总投资50万", doubt="里程原文未列",
    ),
    SeedItem(
        code="P3-02", name="薛集村南小湖排灌站", category=JC, department=WATER, kind=W, place="HQ-XJ",
        quantity=None, unit="座", amount=50, origin="篇3",
        text="薛集村南小湖排灌站工程项目,总投资50万元,解决该村500亩农作物排灌用水问题", doubt="座数原文未列",
    ),
    SeedItem(
        code="P4-01", name="下龙井村省级重点村建设", category=JC, department=ROADS, kind=W, place="P4-XL",
        quantity=None, unit="项", amount=26.7, origin="篇4",
        funding={"省级（万元）": 15, "群众自筹（万元）": 11.7},
        text="该项目总投资26.7万元,其中省级扶贫资金15万元,群众自筹11.7万元(含群众投工投劳)",
        doubt="数量见分项；自筹含投工投劳，原文未分列",
    ),
)  # fmt: skip

#: item, name, quantity, unit, amount, words, doubt.
LINES = (
    ("P4-01", "硬化村庄道路5条", 2850, "平方米", 16.3, "投资16.3万元硬化村庄道路5条2850平方米", ""),
    ("P4-01", "新建蓄水池1个60立方米，铺设管道", 3.1, "公里", 9.3, "投资9.3万元新建蓄水池1个60立方米,铺设管道3.1公里", ""),
    ("P4-01", "改造中低产田地", 20, "亩", 0.8,
     "投资0.8万元,改造中低产田地20亩;种植经济林果核桃255亩,改良基本农田地25亩", "核桃与基本农田的金额原文未分列"),
    ("P4-01", "建标志碑", 1, "座", 0.3, "投资0.3万元建标志碑1座", ""),
)  # fmt: skip

#: The 38 sub-projects start in 28 villages: ten villages carry two each.
FIRST_YEAR_VILLAGES = 28


def first_year(*, category: dict[str, str], unit: dict[str, str], code: dict[str, str], origin: str) -> list[SeedItem]:
    """The 38 items of 篇1; category, unit and code of a measure by its name."""
    found = []
    for number, (name, measure, department, kind, quantity, text, illustrative) in enumerate(FIRST_YEAR, start=1):
        doubts = [PLACED]
        if quantity is None:
            doubts.append("数量原文掩去")
        if "l" in text:
            doubts.append("l读作1")
        if category[measure] == NH:
            doubts.append(HOUSEHOLD)
        found.append(
            SeedItem(
                code=f"P1-{number:02d}",
                name=name,
                category=category[measure],
                department=department,
                kind=kind,
                place=f"V{_village(number):02d}",
                measure=code[measure],
                quantity=quantity,
                unit=unit[measure],
                illustrative=illustrative,
                origin=origin,
                text=text,
                doubt="；".join(doubts),
            )
        )
    return found


def _village(number: int) -> int:
    """Spread 28 villages over all 45: the number of the n-th item's village."""
    turn = (number - 1) % FIRST_YEAR_VILLAGES
    return 1 + turn * 45 // FIRST_YEAR_VILLAGES

"""The sheets and columns of a plan workbook; docs/plan-workbook.md says the same for people.

Names are compared after full-width signs are made ordinary, so （万元） and (万元) are one column.
"""

from __future__ import annotations

PLAN, CATEGORIES, MEASURES = "计划", "资金分类", "任务"
AREAS, ITEMS, LINES = "区划", "项目", "分项"
SHEETS = (PLAN, CATEGORIES, MEASURES, AREAS, ITEMS, LINES)
#: A sheet for people, never read.
NOTES = "说明"

SOURCE_TEXT, DOUBT = "原文", "存疑"
CODE, NAME, CATEGORY, QUANTITY, UNIT, AMOUNT = "代码", "名称", "分类", "数量", "单位", "金额(万元)"
ORIGIN = "来源"

FIELD, CONTENT = "栏目", "内容"
TITLE, YEARS, START_YEAR, TOTAL = "计划名称", "计划年数", "起始年度", "总投资(万元)"
TOWNSHIPS, VILLAGES = "乡镇数", "村数"
FIRST_YEAR_ITEMS, FIRST_YEAR_VILLAGES = "首年项目数", "首年村数"
FIELDS_REQUIRED = (TITLE, ORIGIN, YEARS, START_YEAR, TOTAL)
#: What the plan says of itself and its rows must bear out; left out when it does not say.
FIELDS_COUNTED = (TOWNSHIPS, VILLAGES, FIRST_YEAR_ITEMS, FIRST_YEAR_VILLAGES)

SHARE = "占比(%)"
QUANTITY_ALL, QUANTITY_FIRST = "三年数量", "首年数量"
TEXT_ALL, TEXT_FIRST = "三年原文", "首年原文"
LEVEL, PARENT = "级别", "上级代码"
DEPARTMENT, KIND, YEAR, PLACE, MEASURE = "主管部门", "性质", "年度", "实施地", "任务"
ITEM_AMOUNT, ILLUSTRATIVE = "总金额(万元)", "示例金额(万元)"
ITEM = "项目"

#: Funding columns of an item and the kind of source each stands for.
FUNDING = {
    "中央(万元)": "central",
    "省级(万元)": "provincial",
    "市级(万元)": "city",
    "县级(万元)": "county",
    "部门帮扶(万元)": "department",
    "贷款贴息(万元)": "loan_interest_subsidy",
    "社会捐赠(万元)": "donation",
    "群众自筹(万元)": "self_raised",
    "投工投劳(万元)": "labour",
}

COLUMNS: dict[str, tuple[str, ...]] = {
    PLAN: (FIELD, CONTENT, SOURCE_TEXT, DOUBT),
    CATEGORIES: (NAME, AMOUNT, SHARE, SOURCE_TEXT, DOUBT),
    MEASURES: (
        CODE,
        NAME,
        CATEGORY,
        UNIT,
        QUANTITY_ALL,
        QUANTITY_FIRST,
        TEXT_ALL,
        TEXT_FIRST,
        DOUBT,
    ),
    AREAS: (CODE, NAME, LEVEL, PARENT, ORIGIN, DOUBT),
    ITEMS: (
        *(
            CODE,
            NAME,
            CATEGORY,
            DEPARTMENT,
            KIND,
            YEAR,
            PLACE,
            MEASURE,
            QUANTITY,
            UNIT,
            ITEM_AMOUNT,
            ILLUSTRATIVE,
        ),
        *FUNDING,
        *(ORIGIN, SOURCE_TEXT, DOUBT),
    ),
    LINES: (ITEM, NAME, QUANTITY, UNIT, AMOUNT, SOURCE_TEXT, DOUBT),
}

LEVELS = {"省": "province", "市": "city", "县": "county", "乡镇": "township", "村": "village"}
#: The plan's money categories; a project's category is one of them.
CATEGORY_NAMES = {
    "基础设施建设": "infrastructure",
    "产业培育": "industry",
    "社会事业建设": "social",
    "农户环境建设": "household",
}
KINDS = {"工程": "works", "货物": "goods", "服务": "services"}
DEPARTMENTS = {"交通运输": "roads", "水利": "water", "农业农村": "agriculture"}

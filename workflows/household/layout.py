"""The sheet and columns of a household workbook; docs/household-workbook.md says the same for people.

Names are compared after full-width signs are made ordinary, so （元） and (元) are one column.
"""

from __future__ import annotations

LIST = "名单"
#: A sheet for people, never read.
NOTES = "说明"

NUMBER, NAME, ID, MEMBERS = "序号", "姓名", "身份证号", "家庭人口"
BANK, ACCOUNT, STANDARD = "开户行", "银行卡号", "补助项目"
QUANTITY, UNIT, AMOUNT, ITEM = "数量", "单位", "金额(元)", "物资名称"
COLUMNS = (NUMBER, NAME, ID, MEMBERS, BANK, ACCOUNT, STANDARD, QUANTITY, UNIT, AMOUNT, ITEM)
#: A row so named adds up the amounts.
TOTAL = "合计"

#: Column -> the field of a line that it fills.
FIELDS = {
    NAME: "name", ID: "id_number", MEMBERS: "members", BANK: "bank", ACCOUNT: "account", STANDARD: "standard",
    QUANTITY: "quantity_milli", UNIT: "unit", AMOUNT: "amount_fen", ITEM: "item",
}  # fmt: skip

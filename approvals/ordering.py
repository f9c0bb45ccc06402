"""Rectification orders on the road: issued, answered item by item, judged, closed out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from approvals.demo.sheets import sheet
from approvals.flow import unit_behind
from approvals.traveller import Traveller
from workflows import vacancy
from workflows.models import Case, Rectification
from workflows.states import RectificationState

QUALITY, DELIVERY = "建设工程质量管理条例第二十八条", "政府采购法第四十一条"
#: What is found on the way, by what the project buys: the finding, the breach, what is to be done, and the article
#: that it violates.
FOUND = {
    "works": ("poor_quality", "局部工程质量不合格，现场未清理", ("返修不合格部位", "清理施工现场"), QUALITY),
    "goods": ("below_plan", "到货数量不足，缺随机配件", ("补齐未到货部分", "补齐随机配件"), DELIVERY),
    "services": ("below_plan", "服务次数不足，签到记录不全", ("补足服务次数", "补齐签到记录"), DELIVERY),
}


def finding(t: Traveller, *, to: str = "village", **other: Any) -> dict[str, Any]:
    """The form of an order about what was bought to the unit of a seat, with who answers for that unit."""
    unit = unit_behind(t.project, to)
    found, breach, demands, article = FOUND[t.project.work_kind]
    items = [{"demand": demand, "article": article} for demand in demands]
    return {"finding": found, "breach": breach, "items": items, "addressee_id": unit,
            "accountable_post_id": answers_for(t, unit)} | other  # fmt: skip


def answers_for(t: Traveller, unit: int | None) -> int | None:
    """The post of whoever leads a unit: the one granted last; none where nobody sits there."""
    held = vacancy.manned(timezone.localdate(t.at)).filter(unit=unit)
    return held.order_by("-id").values_list("pk", flat=True).first()


def rectify(t: Traveller, *, seat: str = "programme", to: str = "village", **other: Any) -> Case:
    """A finding on the way: the order that blocks acceptance."""
    return t.open(Rectification, seat=seat, data=finding(t, to=to, **other))


def close_order(t: Traveller, order: Case) -> None:
    """The addressee answers, somebody else verifies."""
    t.wait(2)
    t.do("acknowledge", on=order, seat="village")
    t.wait(6)
    t.try_in_vain("submit", on=order, seat="village", rule="Z-12", reason="整改完成。", data={"answers": {}})
    answer_order(t, order)
    addressee = t.who(order, None, seat="village")
    t.try_in_vain("verify", on=order, by=addressee, rule="O-01")
    t.wait(2)
    verify_order(t, order)


def answer_order(t: Traveller, order: Case, *, seat: str = "village") -> None:
    """Evidence for every item that is left, and what was done about it; read first, where that is still to do."""
    if order.typed().state == RectificationState.ISSUED:
        t.do("acknowledge", on=order, seat=seat)
    left = _left(order)
    for item in left:
        photo = sheet(
            name="整改照片", lines=(item.text, str(order.number), f"{item.pk} {t.at:%Y-%m-%d}"), suffix=".png"
        )
        t.do("prove", on=order, seat=seat, data={"item_id": item.pk}, files=[photo])
    answers = {item.pk: "已整改到位，附照片。" for item in left}
    t.do("submit", on=order, seat=seat, reason="整改完成。", data={"answers": answers})


def verify_order(t: Traveller, order: Case) -> Case:
    """Every item is rectified: closed out (销号)."""
    results = {item.pk: "done" for item in _left(order)}
    return t.do("verify", on=order, seat="discipline", reason="现场核查，问题已整改，同意销号。",
                data={"results": results})  # fmt: skip


def send_back(t: Traveller, order: Case, *verdicts: str, until: Mapping[int, dt.date] | None = None) -> Case:
    """A verdict for each item that is left; ``until``: how many of them, by their place, have a further date."""
    left = _left(order)
    results = {item.pk: verdict for item, verdict in zip(left, verdicts, strict=True)}
    days = {left[place].pk: day for place, day in (until or {}).items()}
    return t.do("send_back", on=order, seat="discipline", reason="现场核查，整改不到位。",
                data={"results": results, "until": days})  # fmt: skip


def _left(order: Case) -> list[Any]:
    typed = order.typed()
    assert isinstance(typed, Rectification)
    return list(typed.items_left)

"""A household batch on its way, whole: for the demo and the tests, by acts through the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from approvals import stops
from approvals.demo.sheets import sheet
from approvals.traveller import Traveller
from workflows import words
from workflows.household import rates
from workflows.household.example import made_up_account, made_up_identity
from workflows.household.months import Months
from workflows.models import Case, HouseholdBatch

NAMES = ("赵大山", "钱秀英", "孙小满", "李冬梅", "周长顺", "吴玉兰", "郑天佑", "王桂花")


def household(number: int, **facts: Any) -> dict[str, Any]:
    """A line of money for the household of that number, its amount still to be reckoned."""
    return {
        "kind": "money", "name": NAMES[number % len(NAMES)], "id_number": made_up_identity(number), "members": 4,
        "bank": "通江县农村信用联社", "account": made_up_account(number), "standard": "disabled_living",
        "quantity_milli": 1000,
    } | facts  # fmt: skip


def goods(number: int, **facts: Any) -> dict[str, Any]:
    """A line of goods for the household of that number."""
    return {
        "kind": "goods", "name": NAMES[number % len(NAMES)], "id_number": made_up_identity(number), "members": 4,
        "item": "化肥", "quantity_milli": 2000, "unit": "公斤", "amount_fen": 24_000,
    } | facts  # fmt: skip


def reckoned(t: Traveller, lines: Sequence[Mapping[str, Any]], months: Months) -> list[dict[str, Any]]:
    """The lines with the amounts that the project's rulebook gives them."""
    found = []
    for line in lines:
        due = rates.due_fen(t.project.book, line.get("standard", ""), line["quantity_milli"], months)
        found.append({"amount_fen": due, **line})
    return found


def open_batch(t: Traveller, *lines: Mapping[str, Any], months: tuple[str, str] = ("2026-03", "2026-03")) -> Case:
    """A batch with its list loaded."""
    batch = t.open(HouseholdBatch, seat="village", data={"first_month": months[0], "last_month": months[1]})
    return t.do("load_list", on=batch, seat="village", data={"lines": reckoned(t, lines, Months.read(*months))})


def publish(t: Traveller, batch: Case) -> None:
    """On the board for its full term."""
    t.do("publish", on=batch, seat="village")
    if "household" in t.project.book.notices:
        stops.run_notice(t, purpose="household", seat="village", about=batch)


def submit(t: Traveller, batch: Case) -> None:
    """With its papers, to the township."""
    t.papers("household_batch.submit", seat="village", on=batch)
    t.do("submit", on=batch, seat="village")


def check(t: Traveller, batch: Case) -> None:
    """Through township, department and finance."""
    t.do("check_township", on=batch, seat="township", reason="入户核实，人员、标准属实。")
    t.do("approve_department", on=batch, seat="department", reason="符合补助政策，同意。")
    t.do("check_finance", on=batch, seat="finance", reason="程序完备，公示无异议。")


def checked_batch(t: Traveller, *lines: Mapping[str, Any], **given: Any) -> Case:
    """A batch that waits for its payment to be ordered."""
    batch = open_batch(t, *lines, **given)
    publish(t, batch)
    submit(t, batch)
    check(t, batch)
    return batch


def order(t: Traveller, batch: Case) -> None:
    """One order to the bank for every line that is to be paid."""
    t.do("pay", on=batch, seat="finance")


def answers(t: Traveller, batch: Case, *, failed: Sequence[str] = (), only: int | None = None) -> list[dict[str, Any]]:
    """What the bank says to the orders on their way: paid but for the ``failed``, of people of these names."""
    found = []
    for line in batch.typed().bank_lines()[:only]:  # type: ignore[attr-defined]
        said: dict[str, Any] = {"order": line.order, "fen": line.fen, "paid": line.payee not in failed}
        if said["paid"]:
            said |= {"bank_reference": f"T{line.order[-9:]}", "paid_on": timezone.localdate(t.at)}
        else:
            said["reason"] = "账号与户名不符"
        found.append(said)
    return found


def answer(t: Traveller, batch: Case, **given: Any) -> None:
    """The bank's answers are entered."""
    t.wait(1)
    t.do("answer", on=batch, seat="finance", data={"answers": answers(t, batch, **given)})


def hand_out(t: Traveller, batch: Case, positions: str = "") -> None:
    """Goods are signed for, before two witnesses."""
    page = sheet(name=words.paper("receipt_sheet"), lines=(words.paper("receipt_sheet"), str(batch.number), positions))
    data = {"positions": positions, "handed_on": timezone.localdate(t.at), "distributor": "严正华", "cadre": "何忠诚"}
    t.do("record_receipts", on=batch, seat="village", data=data, files=[page])


def linger(t: Traveller) -> None:
    """A batch that the bank has paid in part, its goods not handed out yet; none where no rate is in force."""
    months = (f"{t.at:%Y-%m}", f"{t.at:%Y-%m}")
    if rates.due_fen(t.project.book, "disabled_living", 1000, Months.read(*months)) is None:
        return
    nursed = [household(n, standard="disabled_nursing") for n in range(13, 19)]
    batch = checked_batch(t, *(household(n) for n in range(1, 13)), *nursed, goods(19), goods(20), months=months)
    order(t, batch)
    answer(t, batch, failed=[NAMES[5]])

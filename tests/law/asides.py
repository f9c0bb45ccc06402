"""What a project may meet beside its road: an objection, households paid, a rectification, a refund."""

from __future__ import annotations

from approvals import payouts, stops
from approvals.traveller import Traveller
from funds import ledger


def object_and_answer(traveller: Traveller) -> None:
    """A notice with an objection that is answered, then voided so that the road's own can hang."""
    notice = stops.post_notice(traveller, purpose="plan")
    traveller.do("raise_objection", on=notice, seat="village", data={"text": "补助标准与公告不符"})
    objection = notice.objections.get()
    answer = {"objection_id": objection.pk, "upheld": True}
    traveller.do("answer", on=notice, seat="programme", reason="经核实情况属实。", data=answer)
    traveller.do("void", on=notice, seat="programme", reason="异议成立,重新公示。")


def pay_households(traveller: Traveller) -> None:
    """Lists of households on every way that the bank, an objection or goods may send them."""
    house, goods = payouts.household, payouts.goods
    disputed = payouts.open_batch(traveller, house(1), house(2))
    traveller.do("publish", on=disputed, seat="village")
    traveller.do("raise_objection", on=disputed, seat="village", data={"position": 1, "text": "已迁出本村"})
    verdict = {"objection_id": disputed.objections.get().pk, "verdict": "strike"}  # type: ignore[attr-defined]
    traveller.do("decide", on=disputed, seat="township", reason="情况属实。", data=verdict)
    traveller.do("recall", on=disputed, seat="village", reason="重新核对名单。")
    traveller.do("withdraw", on=disputed, seat="village", reason="并入下一批发放。")
    both = payouts.checked_batch(traveller, house(3), house(4), house(5), goods(6))
    payouts.order(traveller, both)
    payouts.answer(traveller, both, only=1)
    payouts.answer(traveller, both, failed=[payouts.NAMES[4], payouts.NAMES[5]])
    for _line in range(2):
        first = both.typed().failed.first()  # type: ignore[attr-defined]
        traveller.do("drop_line", on=both, seat="department", reason="已去世。", data={"position": first.position})
    payouts.hand_out(traveller, both)
    traveller.do("close", on=both, seat="township")
    for again in (True, False):
        money = payouts.checked_batch(traveller, house(7 + again))
        payouts.order(traveller, money)
        payouts.answer(traveller, money, failed=[payouts.NAMES[(7 + again) % 8]])
        if again:
            right = {"position": 1, "bank": "通江县农业银行", "account": "6228480400000012345"}
            traveller.do("correct_account", on=money, seat="village", reason="存折已换。", data=right)
            payouts.order(traveller, money)
            payouts.answer(traveller, money)
        else:
            traveller.do("drop_line", on=money, seat="department", reason="已去世。", data={"position": 1})
    mixed = payouts.checked_batch(traveller, house(9), goods(10))
    payouts.order(traveller, mixed)
    payouts.answer(traveller, mixed)
    kind = payouts.checked_batch(traveller, goods(11))
    for handed in (mixed, kind):
        payouts.hand_out(traveller, handed)
        traveller.do("close", on=handed, seat="township")


def through_rectification(traveller: Traveller) -> None:
    """A finding that interrupts the acceptance."""
    order = stops.rectify(traveller)
    traveller.do("send_to_rectify", seat="programme", reason="先整改,后验收。")
    stops.close_order(traveller, order)
    traveller.do("resume_acceptance", seat="programme", reason="已销号,恢复验收。")


def refund(traveller: Traveller) -> None:
    """The audit finds the works cheaper than what was paid for them; a part comes back."""
    paid = ledger.position(case_id=traveller.project.pk).spent_fen
    stops.hold_audit(traveller, audited_fen=paid - 100)
    traveller.do("pass_audit", seat="audit")
    traveller.do("receive_refund", seat="finance", reason="超付资金已缴回。", data={"amount_fen": 100})

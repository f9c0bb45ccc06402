"""Claims that lie half done in the demo county, so that every desk of the road has one."""

from __future__ import annotations

from approvals import stops
from approvals.traveller import Traveller
from workflows import tranches
from workflows.models import Claim

#: In order: the halt, and the act, office and opinion that lead from it to the next one.
ROAD = (
    ("draft", "submit", "village", ""),
    ("submitted", "check_township", "township", "现场核实属实。"),
    ("township_checked", "approve_department", "department", "工程量和质量符合要求。"),
    ("department_approved", "approve_finance", "finance", "凭证齐全，同意拨付。"),
)
#: Halts beyond the road: the notice has run and it can be paid, the order is out, the bank sent it back.
BEYOND = ("finance_approved", "paying", "payment_failed")


def leave(t: Traveller, *, halt: str) -> None:
    """Claim the tranche that is open where the project stands, and leave the claim at a halt."""
    ready = [d for d in tranches.drawn(t.project) if tranches.has_come(t.project, d.ceiling.tranche)]
    claim = stops.draw_up_claim(t, code=ready[-1].ceiling.tranche.code.value)
    assert claim is not None
    for here, act, seat, opinion in ROAD:
        if here == halt:
            return
        t.do(act, on=claim, seat=seat, reason=opinion)
        if act == "check_township":
            _cut(t, Claim.objects.get(pk=claim.pk))
    stops.run_notice(t, purpose="claim", about=claim)
    if halt != BEYOND[0]:
        t.do("pay", on=claim, seat="finance")
    if halt == BEYOND[-1]:
        t.wait(1)
        ordered = Claim.objects.get(pk=claim.pk)
        answer = {"order_number": ordered.order_number, "ordered_fen": ordered.ordered_fen}
        t.do("fail_payment", on=claim, seat="finance", reason="账号与户名不符，退票。", data=answer)


def _cut(t: Traveller, claim: Claim) -> None:
    """The department takes a twentieth off the first invoice."""
    bill = claim.bills[0]
    line = {"code": bill.code, "number": bill.number, "approved_fen": bill.amount_fen * 95 // 1_000_000 * 10_000,
            "cut_reason": "路肩土方未按图施工，不予认可"}  # fmt: skip
    t.do("cut", on=claim, seat="department", reason="部分工程量不予认可。", data={"cuts": [line]})

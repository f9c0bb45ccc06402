"""What a project may meet beside its road: an objection, households paid, a rectification, a refund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from approvals import auditing, payouts, road, stops
from approvals.demo.sheets import sheet
from approvals.traveller import Attempt, Step, Traveller
from audit.models import Entry
from funds import ledger
from tests.factories import fresh_application, official
from tests.law.survey import never_happened
from workflows.models import Claim, Complaint, LateEntry, RedFlag, SpecialAudit
from workflows.states import REVIEWING


def object_and_answer(traveller: Traveller) -> None:
    """A notice with objections of every outcome, the last of which voids it, so that the road's own can hang."""
    notice = stops.post_notice(traveller, purpose="plan")
    for text in ("补助标准与公告不符", "有人收受回扣", "项目不在本村"):
        traveller.do("raise_objection", on=notice, seat="village", data={"text": text})
    wrong, crime, right = (objection.pk for objection in notice.objections.all())
    dismissed = {"objection_id": wrong, "upheld": False}
    upheld = {"objection_id": right, "upheld": True, "stage": "village"}
    traveller.do("answer", on=notice, seat="programme", reason="标准与文件一致。", data=dismissed)
    referred = {"objection_id": crime, "referred_to": "discipline"}
    traveller.do("refer", on=notice, seat="programme", reason="问题线索移送。", data=referred)
    traveller.do("answer", on=notice, seat="programme", reason="经核实情况属实。", data=upheld)
    traveller.do("resubmit", seat="village", reason="已改正。")
    complaint = {"text": "工程偷工减料", "complainant": "村民李", "contact": "13900001111"}
    traveller.open(Complaint, seat="programme", data=complaint)
    take_up_a_flag(traveller)


def take_up_a_flag(traveller: Traveller) -> RedFlag:
    """A flag about the application, taken up by the auditors."""
    project = traveller.project
    row = Entry.objects.filter(case_id=project.pk).earliest("id").pk
    data = {"code": "RF-03", "key": f"case {project.pk}", "rows": [row]}
    return traveller.open(RedFlag, seat="audit", data=data)  # type: ignore[return-value]


def ask_late(traveller: Traveller, *, deed: str = "pass_township", seat: str = "township") -> LateEntry:
    """A desk asks to enter an act of the project that it did on paper ten minutes ago."""
    traveller.at += dt.timedelta(minutes=20)
    happened = timezone.localtime(traveller.at - dt.timedelta(minutes=10))
    data = {
        "deed": f"{traveller.project.pk} {deed}", "happened_on": happened.date(),
        "happened_time": f"{happened:%H:%M}", "why": "系统停机。",
    }  # fmt: skip
    scan = [sheet(name="会议纪要", lines=("会议纪要",))]
    return traveller.open(LateEntry, seat=seat, data=data, files=scan)  # type: ignore[return-value]


def enter_late(traveller: Traveller) -> None:
    """What was decided on paper is entered, approved by the superior."""
    late = ask_late(traveller)
    traveller.do("approve", on=late, seat="programme", reason="属实。")
    assert late.opened_by is not None
    traveller.enter_late(late, seat="township", by=late.opened_by, reason="同意。")


def uphold_at_every_level(watch: Callable[[Step | Attempt], None]) -> None:
    """A notice hung early, during the review; at each level an objection to it is upheld."""
    traveller = fresh_application()
    traveller.watch = watch
    for reached in road.whole_road(traveller):
        if reached not in REVIEWING:
            break
        untouched = traveller.project
        with never_happened():
            notice = stops.post_notice(traveller, purpose="plan")
            traveller.do("raise_objection", on=notice, seat="village", data={"text": "单价有误"})
            told = {"objection_id": notice.objections.get().pk, "upheld": True}
            traveller.do("answer", on=notice, seat="programme", reason="异议成立。", data=told)
        traveller.project = untouched


def cut_a_term(traveller: Traveller) -> None:
    """A notice whose term is cut, and one whose full term runs."""
    for verdict in ("grant_waiver", "refuse_waiver"):
        form = {"tranche": traveller.project.book.tranches[0].code.value, "amount_fen": 100}
        claim = traveller.open(Claim, seat="village", data=form | stops.payee("众兴建筑有限公司"))
        notice = stops.post_notice(traveller, purpose="claim", about=claim)
        traveller.do("ask_waiver", on=notice, seat="programme", reason="汛期将至。")
        traveller.do(verdict, on=notice, seat="leading_group", reason="研究决定。")


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


def audit_with_findings(traveller: Traveller) -> None:
    """An audit that found something, was answered, and led to an order and a referral; then it never happened."""
    with never_happened():
        audit = auditing.send_notice(traveller)
        row = audit.typed()
        assert isinstance(row, SpecialAudit)
        head = official(traveller, "audit", hand=1)
        traveller.do(
            "approve_at_once", on=audit, seat="audit", by=head, reason="涉嫌。", data={"special_case": "suspected"}
        )
        traveller.do("exchange_member", on=audit, seat="audit", reason="申请回避。", data={
            "leaves_id": row.team_now[0].pk, "joins_post_id": head.posts.get().pk})  # fmt: skip
    with never_happened():
        audit = auditing.thorough(traveller)
        auditing.refer(traveller, audit, finding=audit.typed().unsettled[0].pk)  # type: ignore[attr-defined]

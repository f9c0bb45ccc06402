"""The whole road of a project, leg by leg, as its rulebook lays it.

``manage.py walk`` and the demo both walk here. Time is moved by the traveller, never slept for.
"""

from __future__ import annotations

from collections.abc import Iterator

from approvals import measure, stops
from approvals.traveller import Traveller
from funds import ledger
from workflows import tranches
from workflows.models import Notice
from workflows.states import ProjectState as S


def whole_road(traveller: Traveller) -> Iterator[S]:
    """From the filed application to the closed project; yields the state after every leg.

    The rulebook decides the legs: levels of review, notices, route, tranches, order of the checks.
    """
    t = traveller
    t.papers("project.file", seat="village")
    yield from _review(t)
    yield from _notice_and_plan(t)
    yield from _procure(t)
    yield from _build(t)
    yield from _check(t)
    yield from _finish(t)


def _state(t: Traveller) -> S:
    return S(t.project.state)


def _review(t: Traveller) -> Iterator[S]:
    if "village_entry" in t.project.book.notices:
        stops.run_notice(t, purpose="village_entry", seat="village")
    t.do("file", seat="village")
    yield _state(t)
    while t.project.state in (S.FILED, S.JOINT_REVIEW, S.PIPELINE):
        t.wait(3)
        match t.project.state:
            case S.FILED:
                if "township_entry" in t.project.book.notices:
                    stops.run_notice(t, purpose="township_entry", seat="township")
                t.do("pass_township", seat="township", reason="资料属实，必要可行，同意上报。")
            case S.JOINT_REVIEW:
                for seat in t.project.book.review.joint_offices.value:
                    t.do("sign_joint", seat=seat, reason="符合规划和资金用途，同意。", data={"agrees": True})
                    t.wait(1)
                t.do("conclude_joint", seat="programme", reason="会审通过。")
            case _:
                t.do("admit", seat="leading_group", reason="同意入库。")
        yield _state(t)


def _notice_and_plan(t: Traveller) -> Iterator[S]:
    if "plan" in t.project.book.notices:
        t.try_in_vain("approve", seat="leading_group", rule="N-01", data={"sources": dict(t.sources)})
        stops.run_notice(t, purpose="plan")
    if t.sources:
        one, fen = next(iter(t.sources.items()))
        t.try_in_vain("approve", seat="leading_group", rule="M-01", data={"sources": {one: fen + 100}})
    t.do("approve", seat="leading_group", reason="同意立项，下达计划。", data={"sources": dict(t.sources)})
    if "allocation" in t.project.book.notices:
        stops.post_notice(t, purpose="allocation")
    yield _state(t)
    yield from _claims(t, "plan_issued")


def _procure(t: Traveller) -> Iterator[S]:
    t.wait(2)
    t.do("start_procurement", seat="procurement")
    yield _state(t)
    t.try_in_vain("sign_contract", seat="village", rule="T-13")
    stops.hold_tender(t)
    if "contractor" in t.project.book.notices:
        stops.run_notice(t, purpose="contractor")
    _close_what_hangs(t)
    t.papers("project.sign_contract", seat="village")
    t.do("sign_contract", seat="village")
    yield _state(t)
    t.wait(2)
    t.papers("project.start", seat="village")
    t.do("start", seat="village")
    yield _state(t)
    if t.project.book.sign_board:
        t.try_in_vain("complete", seat="village", rule="W-03")
        stops.post_board(t)


def _close_what_hangs(t: Traveller) -> None:
    """The notice of the allocation, which has hung since the plan was issued."""
    for hanging in t.project.family.filter(kind="notice", state="running", notice__purpose="allocation"):
        notice = hanging.typed()
        assert isinstance(notice, Notice)
        stops.close_notice(t, notice)


def _build(t: Traveller) -> Iterator[S]:
    t.wait(20)
    yield from _measure(t, permille=600)
    yield from _claims(t, "near_completion")
    t.wait(30)
    if measure.is_asked_for(t):
        t.try_in_vain("complete", seat="village", rule="G-09")
    yield from _measure(t, permille=1000)
    stops.count_labour(t)
    t.papers("project.complete", seat="village")
    t.do("complete", seat="village", reason="已按设计完工，自验合格。")
    yield _state(t)
    yield from _claims(t, "completed")


def _measure(t: Traveller, *, permille: int) -> Iterator[S]:
    """Measure the works where the rulebook has them measured, then claim what is paid by quantity."""
    if measure.is_asked_for(t):
        # Claims that close meanwhile would wait for the new year, and the measurement would grow old.
        stops.mind_the_year_end(t)
        measure.measure(t, permille=permille)
        yield _state(t)
        yield from _claims(t, "quantity")


def _claims(t: Traveller, trigger: str) -> Iterator[S]:
    """Claim each tranche whose trigger has just come, to its ceiling."""
    for tranche in t.project.book.tranches:
        if tranche.trigger.value == trigger and tranches.has_come(t.project, tranche):
            stops.claim_tranche(t, code=tranche.code.value)
            yield _state(t)


def _check(t: Traveller) -> Iterator[S]:
    t.wait(3)
    t.do("begin_checks", seat="programme")
    yield _state(t)
    while t.project.state in (S.UNDER_AUDIT, S.UNDER_ACCEPTANCE):
        if t.project.state == S.UNDER_AUDIT:
            stops.hold_audit(t)
            t.do("pass_audit", seat="audit")
            yield _state(t)
            yield from _claims(t, "audited")
        else:
            order = stops.rectify(t)
            t.try_in_vain("pass_acceptance", seat="programme", rule="X-02")
            stops.close_order(t, order)
            stops.hold_acceptance(t)
            t.do("pass_acceptance", seat="programme", reason="验收合格。")
            yield _state(t)
    yield from _claims(t, "accepted")


def _finish(t: Traveller) -> Iterator[S]:
    t.papers("project.hand_over", seat="village")
    if "acceptance" in t.project.book.notices:
        t.try_in_vain("hand_over", seat="village", rule="N-01")
        stops.run_notice(t, purpose="acceptance")
    t.do("hand_over", seat="village")
    yield _state(t)
    if _retained(t):
        t.try_in_vain("close", seat="finance", rule="M-05")
        t.wait(31 * t.project.book.retention.months.value)
        t.do("release_retention", seat="finance", reason="缺陷责任期满，无质量问题，退还质保金。")
    t.do("close", seat="finance", reason="资金已结清，资料已归档。")
    yield _state(t)


def _retained(t: Traveller) -> int:
    return ledger.position(case_id=t.project.pk).retained_fen

"""An order lapses, freezes a claim, is extended, closed and verified, and the claim goes through: all by the pages."""

from __future__ import annotations

import datetime as dt

from approvals import clockwork, stops
from tests.factories import project_at
from tests.journeys.clerk import Clerk
from tests.journeys.walker import Walker
from workflows.models import Case, Rectification
from workflows.states import ClaimState, RectificationState
from workflows.states import ProjectState as S


def let_lapse(t: Walker, order: Case) -> None:
    """Days pass with nobody acting; the clock looks once a day, the last time five days late."""
    last = order.typed().due_at
    assert last is not None
    while t.at <= last + dt.timedelta(days=5):
        t.at += dt.timedelta(days=1)
        clockwork.sweep(at=t.at)
    t.wait(0)


def standing(order: Case) -> Rectification:
    now = order.typed()
    assert isinstance(now, Rectification)
    return now


def test_an_order_lapses_freezes_a_claim_is_extended_closed_and_verified(clerk: Clerk) -> None:
    t = Walker.after(project_at(S.APPROVED), clerk=clerk)
    order = stops.rectify(t, seat="audit")
    t.do("acknowledge", on=order, seat="village")
    let_lapse(t, order)
    story = t.read(order, seat="village")
    for automatic in ("超时自动提醒", "超时自动上报"):
        assert automatic in story
    assert "逾期" in story

    claim = stops.draw_up_claim(t, code="start")
    assert claim is not None
    refused = t.why_not("submit", on=claim, seat="village")
    for said in ("Z-07", str(order.number), f"{standing(order).deadline}"):
        assert said in refused

    t.do("ask_extension", on=order, seat="village", reason="连日降雨，无法施工。", data={"working_days": 10})
    assert "Z-07" in t.why_not("submit", on=claim, seat="village")
    t.do("grant_extension", on=order, seat="discipline", reason="情况属实，同意延期。")
    assert standing(order).deadline > t.at.date()
    assert "逾期" not in t.read(order, seat="village")
    assert t.why_not("submit", on=claim, seat="village") == ""

    stops.answer_order(t, order)
    t.wait(1)
    verified = t.do("verify", on=order, seat="discipline", reason="现场核查，问题已整改，同意销号。",
                    data={"results": {item.pk: "done" for item in standing(order).items_left}})  # fmt: skip
    assert verified.state == RectificationState.VERIFIED
    assert t.do("submit", on=claim, seat="village").state == ClaimState.SUBMITTED
    hands = {step.act: step.person for step in t.steps if step.case == order.number}
    assert hands["rectification.verify"] not in (hands["rectification.open"], hands["rectification.submit"])

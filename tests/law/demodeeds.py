"""What people do in the demo county's year, so that the clock has something to watch; the rest is left to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from approvals import auditing, desks, stops
from approvals.traveller import Traveller
from audit.models import Entry
from workflows.law import Refused
from workflows.models import Case, Complaint, Project
from workflows.offices import outsider

Deed = Callable[[Traveller], object]


def _one(t: Traveller, kind: str, **more: object) -> Case:
    """The project's last case of a kind."""
    return t.project.family.filter(kind=kind, **more).latest("pk").typed()


def _refused(t: Traveller, name: str, *codes: str, on: Case | None = None) -> None:
    """The village's act is refused for these reasons and no other."""
    with pytest.raises(Refused) as told:
        t.do(name, on=on, seat="village")
    assert [one.code for one in told.value.refusals] == list(codes), str(told.value)


def _ask(t: Traveller, *, kind: str = "", seat: str, days: int) -> None:
    on = _one(t, kind) if kind else None
    t.do("ask_extension", on=on, seat=seat, reason="汛期道路中断。", data={"working_days": days})


def _grant(t: Traveller, *, kind: str = "") -> None:
    t.do("grant_extension", on=_one(t, kind) if kind else None, seat="programme", reason="情况属实。")


def _object(t: Traveller) -> None:
    said = {"text": "公示的工程量与实际不符。"}
    desks.take("raise_objection", on=_one(t, "notice"), by=outsider("public"), at=t.at, data=said)


def _answer(t: Traveller) -> None:
    notice = _one(t, "notice")
    told = {"objection_id": notice.objections.get().pk, "upheld": False}  # type: ignore[attr-defined]
    t.do("answer", on=notice, seat="programme", reason="经复核，工程量无误。", data=told)


def _complain(t: Traveller) -> None:
    desks.open_case(Complaint, by=outsider("public"), at=t.at, data={"text": "路面偷工减料。"}, root=t.project)


def _conclude(t: Traveller) -> None:
    found = {"founded": False}
    t.do("conclude", on=_one(t, "complaint"), seat="township", reason="经查不属实。", data=found)


def _file_claim_in_vain(t: Traveller, *codes: str) -> None:
    _refused(t, "submit", *codes, on=_one(t, "claim", state="draft"))


def _audit(t: Traveller) -> None:
    audit = _one(t, "special_audit")
    t.do("begin_fieldwork", on=audit, seat="audit")
    auditing.sign_sections(t, audit, days_between=0)
    t.do("draft", on=audit, seat="audit", reason="审定。", data={"audited_fen": 100})


def _send_back(t: Traveller) -> None:
    t.do("return_to", seat="township", data={"stage": "village"}, reason="预算明细与工程量不符。")


def _file_in_vain(t: Traveller) -> None:
    t.papers("project.file", seat="village")
    _refused(t, "file", "K-05")


#: Day, plan item, what is done about that project from ten o'clock on. One deed a project and day.
DEEDS: tuple[tuple[str, str, Deed], ...] = (
    ("2025-04-03", "P3-02", lambda t: stops.post_notice(t, purpose="plan")),
    ("2025-04-07", "P3-02", _object),
    ("2025-05-20", "P3-02", _answer),
    ("2025-06-18", "P3-02", lambda t: t.do("close", on=_one(t, "notice"), seat="programme")),
    ("2025-04-08", "P1-30", lambda t: _ask(t, seat="township", days=5)),
    ("2025-04-09", "P1-30", _grant),
    ("2025-04-10", "P1-02", _complain),
    ("2025-05-15", "P1-02", lambda t: t.do("accept", on=_one(t, "complaint"), seat="programme", reason="经办人病假。",
                                           data={"handler": "township"})),
    ("2025-07-01", "P1-02", lambda t: t.do("extend", on=_one(t, "complaint"), seat="leading_group",
                                           reason="案情复杂。", data={"days": 30})),
    ("2025-09-30", "P1-02", _conclude),
    ("2025-04-16", "P1-09", _audit),
    ("2025-05-06", "P2-02", stops.rectify),
    # The works were measured too long ago besides (G-08); more time for the order lifts its freeze at once.
    ("2025-06-25", "P2-02", lambda t: _file_claim_in_vain(t, "Z-07", "G-08")),
    ("2025-06-26", "P2-02", lambda t: _ask(t, kind="rectification", seat="village", days=20)),
    ("2025-06-27", "P2-02", lambda t: _grant(t, kind="rectification")),
    ("2025-06-30", "P2-02", lambda t: _file_claim_in_vain(t, "G-08")),
    ("2025-04-03", "P2-04", _send_back),
    ("2025-04-28", "P2-05", _file_in_vain),
    ("2025-05-12", "P2-04", lambda t: t.do("resubmit", seat="village", reason="已核实更正。")),
    ("2025-05-13", "P2-05", lambda t: t.do("file", seat="village")),
)  # fmt: skip


def of(day: dt.date) -> list[tuple[str, Deed]]:
    """Plan item and deed, of a day."""
    return [(item, deed) for on, item, deed in DEEDS if on == f"{day}"]


def do(item: str, deed: Deed, *, day: dt.date) -> None:
    """Do a deed whole, unless the record says that it was done before the plug was pulled."""
    project = Project.objects.get(plan_item__code=item)
    begun = timezone.make_aware(dt.datetime.combine(day, dt.time(10)))
    with transaction.atomic():
        entries = Entry.objects.filter(root_id=project.pk, happened_at__gte=begun)
        if not entries.exclude(post="clock").exists():
            deed(Traveller(at=begun, project=project, sources={}, probing=False))

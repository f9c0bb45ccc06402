"""Forty projects at every stage of the road, each brought there by acts through the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from approvals import desks, measure, payouts, road, stops
from approvals.demo import audits, claims, county
from approvals.demo import orders as demo_orders
from approvals.traveller import Traveller
from funds.models import Source
from workflows import calendar
from workflows.models import Acceptance, PlanItem, Project, Unit
from workflows.states import ProjectState as S

#: Off-ramps: the stage, the state it is left from, and the act that leaves.
OFF_RAMPS: dict[str, tuple[S, Callable[[Traveller], object]]] = {
    S.RETURNED: (S.FILED, lambda t: t.do("return_to", seat="township", data={"stage": "village"},
                                         reason="预算明细与工程量不符，请核实后重报。")),
    S.WITHDRAWN: (S.FILED, lambda t: t.do("withdraw", seat="village", reason="村民会议改议其他项目。")),
    S.REJECTED: (S.PIPELINE, lambda t: t.do("reject", seat="leading_group", reason="与年度规划重复，不予立项。")),
    S.SUSPENDED: (S.BUILDING, lambda t: t.do("suspend", seat="programme", reason="汛期暂停施工。")),
    S.TERMINATED: (S.BUILDING, lambda t: t.do("terminate", seat="leading_group", reason="选址塌方，终止并收回资金。")),
    S.RECTIFYING: (S.UNDER_ACCEPTANCE, lambda t: _rectify(t)),
}  # fmt: skip

#: Columns of the file that tell what went wrong, and all that make a walk longer.
FAULTS = ("order", "returns")
#: The column that lets a notice hang whose term runs: for visitors, who may object to it today.
HANGING = "notice"
LENGTHENING = ("measured", "unsigned", "progress_paid", "claim", "audit", *FAULTS)
#: A walk is first tried so long before its end, and again so that its last act comes so many days before: a holiday
#: more on its way must not make it late. It is kept where that act is off by no more than so many working days.
FIRST_TRY, AIM, OFF_MAX = dt.timedelta(days=300), dt.timedelta(days=4), 10
#: The same of one that is read by the day: the rungs of an order, counted in working days.
BY_THE_DAY_MAX = 5
TRIES = 8


def load(*, now: dt.datetime, tell: Callable[[str], None], leave_out: Container[str] = (), faults: bool = True) -> int:
    """Walk every project of ``projects.toml`` to its stage, so that its last act lies as far back as
    the file says. A load that was broken off goes on where it stood; returns how many were new.
    ``leave_out`` names stages whose projects are not wanted; ``faults``: with what went wrong in them on purpose,
    and with a notice for visitors to object to."""
    sources = county.sources_by_code()
    rows = [row for row in county.read("projects.toml")["projects"] if row["stage"] not in leave_out]
    if not faults:
        rows = [{name: value for name, value in row.items() if name not in (*FAULTS, HANGING)} for row in rows]
    lengths: dict[tuple[str, str], dt.timedelta] = {}
    known = set(Project.objects.values_list("plan_item__code", "title"))
    for n, row in enumerate(rows, 1):
        if (row["item"], row["name"]) in known:
            continue
        like = (row["stage"], _size(row))
        project, lengths[like] = _brought(row, sources, now=now, length=lengths.get(like, FIRST_TRY))
        tell(f"{n}/{len(rows)} {project.number} {project.title}: {project.state_label}")
    return len(rows) - sum((row["item"], row["name"]) in known for row in rows)


def _size(row: Mapping[str, Any]) -> str:
    """Projects of one route that are built and paid alike take equally long."""
    bought = row["grant_fen"] + row["self_raised_fen"]
    route = sum(bought >= step for step in (5_000_000, 20_000_000, 50_000_000, 400_000_000))
    return f"{route} {[row.get(name) for name in LENGTHENING]}"


def _brought(
    row: Mapping[str, Any], sources: Mapping[str, Source], *, now: dt.datetime, length: dt.timedelta
) -> tuple[Project, dt.timedelta]:
    """Walk to the stage in about so long, so that it has been left idle for as long as the file says.

    How long it takes depends on the weekends and holidays on the way: it is walked again from another day where the
    last act comes at a wrong time. Returns how long it took in the end, too.

    Raises:
        ValueError: from no day on does it come there in time.
    """
    end = now - dt.timedelta(days=row["idle_days"])
    for _try in range(TRIES):
        with transaction.atomic():
            traveller = _walk(row, sources, start=end - length)
            if traveller.at <= now and _off(traveller.at, end) <= (BY_THE_DAY_MAX if "order" in row else OFF_MAX):
                if HANGING in row:
                    _hang(traveller, purpose=row[HANGING], now=now)
                return traveller.project, length
            transaction.set_rollback(True)
        length += traveller.at + AIM - end
    raise ValueError(f"{row['name']} comes to {row['stage']} at no time about {end:%Y-%m-%d}")


def _off(at: dt.datetime, end: dt.datetime) -> int:
    """Working days between two moments, whichever is the earlier."""
    first, last = sorted(map(timezone.localdate, (at, end)))
    return calendar.elapsed(first, last, day_kind="working")


def _walk(row: Mapping[str, Any], sources: Mapping[str, Source], *, start: dt.datetime) -> Traveller:
    with transaction.atomic():
        traveller = _apply(row, sources, start=_morning(start))
        stage = S(row["stage"])
        leave, off_ramp = OFF_RAMPS.get(stage, (stage, None))
        if traveller.project.state != leave:
            for state in road.whole_road(traveller):
                if state == leave:
                    break
        for _n in range(row.get("returns", 0)):
            _return(traveller)
        if off_ramp is not None:
            off_ramp(traveller)
        else:
            _linger(traveller, stage, odd=int(row["item"].rpartition("-")[2]) % 2 == 1)
            _build(traveller, row)
            if "claim" in row:
                claims.leave(traveller, halt=row["claim"])
            if "audit" in row:
                audits.leave(traveller, halt=row["audit"])
            if "order" in row:
                demo_orders.leave(traveller, halt=row["order"])
    return traveller


def _morning(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at).replace(hour=9, minute=0, second=0, microsecond=0)


def _apply(row: Mapping[str, Any], sources: Mapping[str, Source], *, start: dt.datetime) -> Traveller:
    """Open the application and save its form."""
    unit = Unit.objects.get(code=row["unit"])
    person = county.hand(unit)
    item = PlanItem.objects.filter(code=row["item"]).first()
    opened = {"unit_id": unit.pk, "title": row["name"], "department": row["department"], "category": row["category"],
              "plan_item_id": item.pk if item else None}  # fmt: skip
    project = desks.open_case(Project, by=person, at=start, data=opened)
    parts = {sources[code].pk: fen for code, fen in row["grant_from"].items()}
    assert isinstance(project, Project)
    traveller = Traveller(at=start, project=project, sources=parts, probing=False)
    today = timezone.localdate(start)
    form = {name: row[name] for name in ("department", "category", "quantity_unit", "description", "benefit",
            "responsible", "grant_fen", "self_raised_fen", "labour_fen", "villagers_entitled",
            "villagers_present")}  # fmt: skip
    form |= {
        "title": row["name"], "work_kind": row["kind"], "quantity_milli": _milli(row["quantity"]),
        "starts_on": today + dt.timedelta(days=60), "ends_on": today + dt.timedelta(days=240), "resolution_on": today,
        "lines": [
            {"item": line["item"], "quantity_milli": _milli(line["quantity"]), "unit": line["unit"],
             "unit_price_fen": line["unit_price_fen"], "amount_fen": line["amount_fen"]}
            for line in row["lines"]
        ],
    }  # fmt: skip
    traveller.do("save_draft", seat="village", data=form)
    return traveller


def _milli(quantity: str) -> int:
    return int(Decimal(quantity) * 1000)


def _return(t: Traveller) -> None:
    t.do("return_to", seat="township", data={"stage": "village"}, reason="村民会议决议签名不全，请补正。")
    t.wait(2)
    t.do("resubmit", seat="village", reason="已补正，请复核。")
    t.wait(1)


def _rectify(t: Traveller) -> None:
    order = stops.rectify(t)
    t.do("send_to_rectify", seat="programme", reason="验收发现问题，限期整改。")
    t.do("acknowledge", on=order, seat="village")


def _hang(t: Traveller, *, purpose: str, now: dt.datetime) -> None:
    """A notice posted on the last working day before today, whenever the walk came there: its term runs still."""
    day = timezone.localdate(now) - dt.timedelta(days=1)
    while not calendar.is_working(day):
        day -= dt.timedelta(days=1)
    t.wait_until(day)
    stops.post_notice(t, purpose=purpose)


def _build(t: Traveller, row: Mapping[str, Any]) -> None:
    """What of the works is measured, and whether the progress tranche was claimed on it."""
    for permille in row.get("measured", ()):
        t.wait(20)
        measure.measure(t, permille=permille)
    if row.get("progress_paid"):
        for tranche in t.project.book.tranches:
            if tranche.trigger.value == "near_completion":
                stops.claim_tranche(t, code=tranche.code.value)
    if unsigned := row.get("unsigned"):
        t.wait(20)
        measure.draw_up(t, permille=unsigned)


def _linger(t: Traveller, stage: S, *, odd: bool) -> None:
    """Something lies half done where the project stands, as on any working day."""
    match stage:
        case S.JOINT_REVIEW if odd:
            t.do("sign_joint", seat="finance", data={"agrees": True}, reason="资金来源落实，同意。")
        case S.ON_NOTICE if odd:
            stops.post_notice(t, purpose="plan")
        case S.PROCURING if odd:
            stops.issue_tender(t)
        case S.BUILDING if t.project.category == "household":
            payouts.linger(t)
        case S.UNDER_ACCEPTANCE:
            t.open(Acceptance, seat="village", data={"done": t.project.description})
        case _:
            return

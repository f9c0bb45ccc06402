"""Forms that somebody may hand in: sensible ones for every act and opening, and nonsense for any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from hypothesis import strategies as st

from approvals import payouts
from audit.models import Entry
from tests.law.survey import FORMS as NEEDING_NOTHING
from workflows import superiors, vacancy
from workflows.household import rates
from workflows.models import Case
from workflows.rules.belated import enterable
from workflows.rules.noticing import ABOUT

Form = dict[str, Any]

FIRMS = ("巴山路桥建设有限公司", "众兴建筑有限公司", "红云水利工程有限公司")
NOTICE = {"text": "予以公示", "hotline": "0827-7221234", "address": "县扶贫开发办公室"}
INVOICE = {"code": "051002400111", "seller": FIRMS[0]}


#: What a notice may be for, by a small random number.
PURPOSES = ("plan", "contractor", "acceptance", "claim", "household", "allocation")


def _household(case: Any, n: int) -> Form:
    line = payouts.household(n)
    due = rates.due_fen(case.book, line["standard"], line["quantity_milli"], case.months)
    return line | {"amount_fen": due or 1}


def _objection(case: Any) -> int:
    """The first objection that waits for an answer, or none."""
    return next(iter(case.objections.filter(answered_at__isnull=True).values_list("pk", flat=True)), 0)


def _bids(case: Any) -> Form:
    price = case.budget_fen * 9 // 10
    return {"bids": [{"bidder": firm, "price_fen": price + n} for n, firm in enumerate(FIRMS)]}


def _day(at: dt.datetime, days: int) -> dt.date:
    return timezone.localdate(at) + dt.timedelta(days=days)


#: Act -> a form that may well be lawful, made of the case, the moment and a small random number.
SENSIBLE: dict[str, Callable[[Any, dt.datetime, int], Form]] = {
    "notice.post": lambda case, at, n: {
        "place": case.places[n % len(case.places)], "posted_on": _day(at, 0), "poster": "王小明"},
    "notice.answer": lambda case, at, n: {"objection_id": _objection(case), "upheld": n % 3 == 0},
    "notice.refer": lambda case, at, n: {"objection_id": _objection(case), "referred_to": "discipline"},
    "complaint.accept": lambda case, at, n: {"handler": ("township", "programme", "discipline")[n % 3]},
    "complaint.conclude": lambda case, at, n: {"founded": n % 2 == 0, "told_on": _day(at, 0)},
    "tender.issue": lambda case, at, n: {"bids_until": _day(at, 21 + n)},
    "tender.open_bids": lambda case, at, n: _bids(case),
    "tender.rank": lambda case, at, n: {"members": 5, "experts": 4, "candidates": list(FIRMS[: 1 + n % 3])},
    "tender.award": lambda case, at, n: {"winner": FIRMS[n % 2]},
    "tender.close": lambda case, at, n: {"contract_fen": case.budget_fen * 9 // 10, "signed_on": _day(at, 0)},
    "special_audit.exchange_member": lambda case, at, n: {
        "leaves_id": case.team_now[n % len(case.team_now)].pk if case.team_now else 0,
        "joins_post_id": _auditors(case, at)[n % len(_auditors(case, at))]["member_post_id"]},
    "special_audit.draft": lambda case, at, n: {"audited_fen": (case.root.project.contract_fen or 0) * (95 + n) // 100},
    "acceptance.conclude": lambda case, at, n: {"members": 5, "beneficiaries": n % 3, "grade": "good"},
    "household_batch.load_list": lambda case, at, n: {
        "lines": [_household(case, m) for m in range(n, n + 3)] + [payouts.goods(n + 9)][: n % 2]},
    "household_batch.decide": lambda case, at, n: {
        "objection_id": next(iter(case.objections.values_list("pk", flat=True)), 0),
        "verdict": ("dismiss", "strike", "change")[n % 3]} | ({"quantity_milli": 2000} if n % 3 == 2 else {}),
    "household_batch.answer": lambda case, at, n: {
        "answers": [
            {"order": line.order, "fen": line.fen, "paid": n % 3 > 0, "reason": "退票", "bank_reference": "T1",
             "paid_on": _day(at, 0)}
            for line in case.bank_lines()[: 1 + n]
        ] or [{"order": "H-1-1", "fen": 1, "paid": False}]},
    "household_batch.record_receipts": lambda case, at, n: {
        "handed_on": _day(at, 0), "distributor": "严正华", "cadre": ("何忠诚", "严正华")[n % 5 == 0]},
    "project.receive_refund": lambda case, at, n: {"amount_fen": max(1, case.refund_due_fen - n)},
}  # fmt: skip


def _auditors(case: Any, at: dt.datetime) -> list[Form]:
    """A team of whoever holds the first and the last post of each auditing office."""
    found: list[Form] = []
    for office in case.book.checks.audit_sections.value:
        held = vacancy.manned(timezone.localdate(at)).filter(unit=superiors.unit_at(office, case.area)).order_by("id")
        found += [{"member_post_id": pk, "leads": not found} for pk in list(held.values_list("pk", flat=True))[-1:]]
    return found


def _post_at(project: Any, at: dt.datetime, n: int) -> int | None:
    """Somebody's post at the project's unit, now and then nobody's."""
    held = vacancy.manned(timezone.localdate(at)).filter(unit=project.unit_id)
    return None if n % 5 == 4 else held.values_list("pk", flat=True).first()


def _late(project: Any, at: dt.datetime, n: int) -> Form:
    """An act of the family that could be done now, said to have happened soon after the last one."""
    rows = Case.objects.filter(Q(pk=project.pk) | Q(root_id=project.pk)).order_by("-pk")
    deeds = [f"{row.pk} {act.name}" for row in rows for act in enterable(row.typed())]
    last = Entry.objects.filter(root_id=project.pk).exclude(case_kind="late_entry").latest("happened_at").happened_at
    happened = timezone.localtime(last + dt.timedelta(minutes=1 + n))
    return {"deed": deeds[n % len(deeds)] if deeds else "1 x", "happened_on": happened.date(),
            "happened_time": f"{happened:%H:%M}", "why": "系统停机"}  # fmt: skip


#: Kind -> a form that opens such a case.
OPENINGS: dict[str, Callable[[Any, dt.datetime, int], Form]] = {
    "notice": lambda p, at, n: NOTICE | {
        "purpose": PURPOSES[n],
        "about_id": p.family.filter(kind=ABOUT[PURPOSES[n]]).values_list("pk", flat=True).last()
        if PURPOSES[n] in ABOUT else None},
    "complaint": lambda p, at, n: {"text": "偷工减料", "complainant": ("", "村民李")[n % 2]},
    "tender": lambda p, at, n: {"subject": p.title},
    "measurement": lambda p, at, n: {
        "measured_on": _day(at, 0),
        "quantities": {line.position: line.quantity_milli * min(5, 2 + n) // 5 for line in p.lines.all()}},
    "claim": lambda p, at, n: {
        "tranche": p.book.tranches[n % len(p.book.tranches)].code.value, "amount_fen": p.grant_fen // (n + 1),
        "payee": FIRMS[0], "bank": "演练银行", "account": "6228480000000001",
        "invoices": [INVOICE | {"number": f"{n:08d}", "issued_on": _day(at, 0), "amount_fen": p.grant_fen}]},
    "red_flag": lambda p, at, n: {
        "code": f"RF-{n + 1:02d}", "key": f"project {p.pk}",
        "rows": list(Entry.objects.filter(root_id=p.pk).order_by("id").values_list("pk", flat=True)[: n + 1])},
    "late_entry": lambda p, at, n: _late(p, at, n),
    "household_batch": lambda p, at, n: dict.fromkeys(("first_month", "last_month"), f"2026-{n + 3:02d}"),
    "special_audit": lambda p, at, n: {
        "scope": "资金使用情况", "period_from": _day(at, -90), "period_until": _day(at, -n), "team": _auditors(p, at)},
    "acceptance": lambda p, at, n: {"done": "全部完工"},
    "rectification": lambda p, at, n: {
        "finding": "poor_quality", "breach": "质量问题", "accountable_post_id": _post_at(p, at, n),
        "items": [{"demand": "修补路面", "article": "建设工程质量管理条例第二十八条"}]},
}  # fmt: skip

#: What no act wants: wrong names, wrong types, numbers out of bounds.
NONSENSE = st.dictionaries(
    st.sampled_from(["amount_fen", "agrees", "stage", "sources", "bids", "paper", "winner", "answers", "x"]),
    st.one_of(st.none(), st.integers(-(10**14), 10**14), st.text(max_size=5), st.lists(st.integers(), max_size=2)),
    max_size=3,
)


def form_for(act: str, case: Case, *, at: dt.datetime, n: int, sources: Mapping[int, int]) -> Form | None:
    """A sensible form for an act; ``None`` where it takes none."""
    if act == "project.approve":
        return {"sources": dict(sources)}
    if act in SENSIBLE:
        return SENSIBLE[act](case, at, n)
    return NEEDING_NOTHING[act](case) if act in NEEDING_NOTHING else None

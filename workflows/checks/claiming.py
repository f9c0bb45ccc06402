"""Checks of claims in time: what a tranche waits for has come, every office has approved, the papers' days agree."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows import words
from workflows.checks.catalogue import Found, check, found
from workflows.checks.family import Family, Row
from workflows.rulebook.schema import Tranche

TRANCHES = _("rulebook, tranches; Seven Systems no. 5 (报账制)")
#: Trigger of a tranche -> the act by which it comes; others come by degrees or by papers.
COMES_BY = {"plan_issued": "project.approve", "contract": "project.sign_contract", "near_completion": "project.start",
            "completed": "project.complete", "audited": "project.pass_audit"}  # fmt: skip
#: What sets the tranche, and the day of the application.
DRAWN_UP = ("claim.open", "claim.correct")
#: The offices that approve a claim, in their order.
APPROVALS = ("claim.check_township", "claim.approve_department", "claim.approve_finance")


def tranche_of(family: Family, row: Row) -> Tranche | None:
    """The tranche that a claim asks for at an entry of it, as the entry's edition has it."""
    drawn = family.last(*DRAWN_UP, case=row.case_id, before=row)
    code = drawn.text("tranche") if drawn else ""
    known = row.book.tranches if row.book else ()
    return next((tranche for tranche in known if tranche.code.value == code), None)


def came(family: Family, trigger: str, *, before: Row) -> Row | None:
    """The entry by which a trigger came, before another one."""
    if trigger == "accepted":
        return family.accepted(before=before)
    return family.first(COMES_BY[trigger]) if family.of(COMES_BY[trigger], before=before) else None


@check("CH-50", _("A claim follows what its tranche waits for; the final one follows acceptance"), TRANCHES,
       _("The tranche “%(tranche)s” was claimed on %(day)s; it waits for this, which had not come: %(trigger)s."),
       waiver=_("a county's rulebook with other tranches"))  # fmt: skip
def claim_follows_its_trigger(family: Family) -> Iterator[Found]:
    for submitted in family.of("claim.submit"):
        tranche = tranche_of(family, submitted)
        trigger = tranche.trigger.value if tranche else ""
        if tranche is None or (trigger != "accepted" and trigger not in COMES_BY):
            continue
        if came(family, trigger, before=submitted) is None:
            yield found(submitted, tranche=words.tranche(tranche.code.value), day=submitted.day,
                        trigger=words.trigger(trigger))  # fmt: skip


@check("CH-51", _("A claim is not dated before what it rests on"), _("会计法 art. 14; rulebook, tranches"),
       _("The application is dated %(applied)s; what the tranche waits for came on %(came)s."))  # fmt: skip
def application_follows_its_trigger(family: Family) -> Iterator[Found]:
    """Where the trigger never came, CH-50 says so; near completion the approval of the plan is what counts."""
    for submitted in family.of("claim.submit"):
        drawn, tranche = family.last(*DRAWN_UP, case=submitted.case_id, before=submitted), tranche_of(family, submitted)
        trigger = tranche.trigger.value if tranche else ""
        if drawn is None or trigger not in ("plan_issued", "completed", "accepted"):
            continue
        basis = came(family, trigger, before=submitted)
        applied = drawn.date("applied_on") or drawn.day
        if basis is not None and applied < basis.day:
            yield found(basis, drawn, submitted, applied=applied, came=basis.day)


@check("CH-52", _("The township's opinion follows the application"), _("会计法 art. 14; rulebook, claims (乡镇核实)"),
       _("The township's opinion is dated %(checked)s, the application %(applied)s."))  # fmt: skip
def opinion_follows_the_application(family: Family) -> Iterator[Found]:
    for row in family.of("claim.check_township"):
        drawn = family.last(*DRAWN_UP, case=row.case_id, before=row)
        applied = (drawn.date("applied_on") or drawn.day) if drawn else None
        checked = row.date("checked_on") or row.day
        if applied is not None and checked < applied:
            yield found(drawn, row, checked=checked, applied=applied)


@check("CH-53", _("Every office approves before the payment"), _("预算法实施条例 art. 57; rulebook, claims"),
       _("The payment was ordered on %(day)s; since the claim was handed in,"
         " this was not done before: %(missing)s."))  # fmt: skip
def offices_approve_before_payment(family: Family) -> Iterator[Found]:
    """In their order: township, department, finance; a returned claim goes through all of them again."""
    for pay in family.of("claim.pay"):
        step: Row | None = family.last("claim.submit", case=pay.case_id, before=pay)
        missing = [] if step else ["claim.submit"]
        for act in APPROVALS:
            done = family.of(act, case=pay.case_id, before=pay, after=step)
            if done:
                step = done[0]
            else:
                missing.append(act)
        if missing:
            told = words.listed(words.act(act) for act in missing)
            yield found(step, pay, day=pay.day, missing=told)


@check("CH-54", _("The bank pays after the order"), _("预算法实施条例 art. 66"),
       _("The bank paid on %(paid)s; the order is of %(ordered)s,"
         " and the answer was entered on %(entered)s."))  # fmt: skip
def bank_pays_after_the_order(family: Family) -> Iterator[Found]:
    for row in family.of("claim.confirm_payment"):
        order = family.last("claim.pay", case=row.case_id, before=row)
        paid = row.date("paid_on") or row.day
        if order is None or not order.day <= paid <= row.day:
            yield found(order, row, paid=paid, ordered=order.day if order else "—", entered=row.day)


@check("CH-55", _("Audit comes before the final settlement"), _("Seven Systems no. 6 (审计制); rulebook, tranches"),
       _("The tranche “%(tranche)s” is counted on the audited price and was claimed on %(day)s, before the audit."),
       waiver=_("a county's rulebook whose last tranche is counted on the contract"))  # fmt: skip
def audit_comes_before_settlement(family: Family) -> Iterator[Found]:
    for submitted in family.of("claim.submit"):
        tranche = tranche_of(family, submitted)
        audited = family.of("project.pass_audit", before=submitted)
        if tranche is not None and tranche.base.value == "audited" and not audited:
            late = family.first("project.pass_audit")
            yield found(submitted, late, tranche=words.tranche(tranche.code.value), day=submitted.day)

"""Checks of claims in money: payment ≤ approval ≤ tranche ≤ grant; the retention stays its term."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows import calendar, words
from workflows.checks.catalogue import Found, check, found
from workflows.checks.claiming import APPROVALS, DRAWN_UP, tranche_of
from workflows.checks.family import Family, Row
from workflows.checks.standing import RETURNING, spent_fen, standing

PLAN = _("预算法实施条例 art. 57: nothing without a plan, nothing above it")
#: What hands a claim or a household batch in, and what takes it back.
TAKING, FREEING = ("claim.submit", "household_batch.publish"), (
    "claim.return_claim", "claim.reject", "household_batch.recall", "household_batch.withdraw",
    "household_batch.return_batch", "household_batch.reject",
)  # fmt: skip
#: What says how much a case asks for.
SAYING = (*DRAWN_UP, "claim.submit", "claim.cut", "household_batch.publish", "household_batch.submit")


@check("CH-60", _("No payment is above what was approved"), PLAN,
       _("Ordered were %(ordered)s yuan; approved were %(approved)s yuan."))  # fmt: skip
def payment_is_within_the_approval(family: Family) -> Iterator[Found]:
    for pay in family.of("claim.pay"):
        least = None
        for row in family.of("claim.submit", "claim.cut", *APPROVALS, case=pay.case_id, before=pay):
            if row.act == "claim.submit" or least is None or _fen(row) < _fen(least):
                least = row
        if least is not None and least.amount_fen is not None and _fen(pay) > least.amount_fen:
            yield found(least, pay, ordered=yuan(_fen(pay)), approved=yuan(least.amount_fen))


@check("CH-61", _("The bank pays what was ordered"), _("预算法实施条例 art. 66"),
       _("Ordered were %(ordered)s yuan; %(paid)s yuan were paid."))  # fmt: skip
def bank_pays_what_was_ordered(family: Family) -> Iterator[Found]:
    for row in family.of("claim.confirm_payment"):
        order = family.last("claim.pay", case=row.case_id, before=row)
        paid = row.fen("ordered_fen") or row.amount_fen
        if order is not None and None not in (paid, order.amount_fen) and paid != order.amount_fen:
            yield found(order, row, ordered=yuan(_fen(order)), paid=yuan(paid or 0))


@check("CH-62", _("Claims stay within their tranche, the contract and the audited price"), PLAN,
       _("With this claim %(sum)s yuan were claimed; by the tranche “%(tranche)s” %(most)s yuan may be."),
       waiver=_("a county's rulebook with other tranches"))  # fmt: skip
def claims_stay_within_the_tranche(family: Family) -> Iterator[Found]:
    for submitted in family.of("claim.submit"):
        stood, tranche = standing(family, submitted), tranche_of(family, submitted)
        if stood is None or tranche is None or not stood.grant_fen:
            continue
        most = stood.ceilings.get(tranche.code.value)
        others = {row.case_id: row for row in _taking(family, submitted) if row.case_id != submitted.case_id}
        claimed = [row for row in others.values() if row.kind == "claim"]
        listed = sum(_asked(family, row, submitted) for row in others.values() if row.kind != "claim")
        total = _fen(submitted) + sum(_asked(family, row, submitted) for row in claimed)
        # Where the base is not fixed, as before the audit, CH-55 and CH-50 speak.
        if most is not None and total > (limit := max(0, min(most, stood.most_fen - listed))):
            yield found(*claimed, submitted, sum=yuan(total), most=yuan(limit),
                        tranche=words.tranche(tranche.code.value))  # fmt: skip


def _taking(family: Family, upto: Row) -> Iterator[Row]:
    """The entries by which other claims and batches have handed in and not taken back since."""
    last: dict[int, Row] = {}
    for row in family.of(*TAKING, *FREEING, before=upto):
        last[row.case_id] = row
    return (row for row in last.values() if row.act in TAKING)


def _asked(family: Family, taking: Row, upto: Row) -> int:
    """What a case asks for by its last word before an entry, less the lines struck off since."""
    said = family.last(*SAYING, case=taking.case_id, before=upto)
    struck = family.of("household_batch.drop_line", case=taking.case_id, before=upto)
    return (_fen(said) if said else 0) - sum(_fen(row) for row in struck)


@check("CH-63", _("Nothing is spent above the grant"), _("预算法 art. 13; Seven Systems no. 5"),
       _("With this payment %(spent)s yuan were paid or held back; the grant is %(grant)s yuan."))  # fmt: skip
def spending_stays_within_the_grant(family: Family) -> Iterator[Found]:
    for row in family.rows:
        if not row.money or not row.act.endswith((".confirm_payment", ".answer")):
            continue
        stood = standing(family, row)
        spent = spent_fen(family, row)
        if stood is not None and spent > stood.grant_fen > 0:
            yield found(row, spent=yuan(spent), grant=yuan(stood.grant_fen))


@check("CH-64", _("What was paid above the audited price is back at the end"),
       _("rulebook, refund (超付返还); Seven Systems no. 6 (审计制)"),
       _("The project was closed with %(spent)s yuan paid; the audited price is %(audited)s yuan."))  # fmt: skip
def closed_within_the_audited_price(family: Family) -> Iterator[Found]:
    for row in family.of("project.close"):
        stood, spent = standing(family, row), spent_fen(family, row)
        if stood is not None and stood.audited_fen is not None and spent > stood.audited_fen:
            back = [one for one in family.rows_before(row) if any(kind in RETURNING for kind, _fen in one.money)]
            audit = family.last("project.pass_audit", before=row)
            yield found(audit, *back, row, spent=yuan(spent), audited=yuan(stood.audited_fen))


@check("CH-65", _("The retention stays its term"), _("建设工程质量保证金管理办法 art. 10; rulebook, retention.months"),
       _("The retention was released on %(day)s; it had to stay until %(until)s."),
       waiver=_("project.repair_from_retention: a repair that the contractor did not make"))  # fmt: skip
def retention_stays_its_term(family: Family) -> Iterator[Found]:
    for row in family.of("project.release_retention"):
        accepted = family.accepted(before=row)
        if row.book is None:
            continue
        months = row.book.retention.months.value
        until = calendar.months_later(accepted.day, months=months) if accepted else None
        if until is None or row.day < until:
            yield found(accepted, row, day=row.day, until=until or "—")


def _fen(row: Row) -> int:
    return row.amount_fen or 0

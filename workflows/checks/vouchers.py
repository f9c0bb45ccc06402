"""Checks of invoices: in the contract's term, not older than the plan, enough of them, each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows.checks.catalogue import Found, check, found
from workflows.checks.claiming import DRAWN_UP
from workflows.checks.family import Family, Row, as_date, as_int
from workflows.checks.standing import standing
from workflows.lifecycles.claim_forms import InvoiceLine

VOUCHERS = _("会计法 art. 14; rulebook, papers")


def bills(family: Family, submitted: Row) -> tuple[Row | None, list[Mapping[str, Any]]]:
    """The entry that names the invoices of a claim as it was handed in, and its lines."""
    drawn = family.last(*DRAWN_UP, case=submitted.case_id, before=submitted)
    return drawn, drawn.lines("invoices") if drawn else []


def _key(line: Mapping[str, Any]) -> str:
    return InvoiceLine.key_of(str(line.get("code", "")), str(line.get("number", "")))


@check("CH-70", _("The contractor's invoices lie in the contract's term"),
       _("rulebook, vouchers.after_term_days_max; 会计法 art. 14"),
       _("Invoice %(invoice)s of the contractor is dated %(day)s; the contract's term is %(first)s to %(last)s."),
       waiver=_("rulebook, vouchers.after_term_days_max: the days for the settlement"))  # fmt: skip
def contractor_bills_in_term(family: Family) -> Iterator[Found]:
    for submitted in family.of("claim.submit"):
        contract = family.last("project.sign_contract", before=submitted)
        close = family.last("tender.close", before=contract) if contract else None
        award = family.last("tender.award", case=close.case_id, before=close) if close else None
        term = _term(family, submitted, close) if close else None
        drawn, lines = bills(family, submitted)
        for line in lines if term and award else ():
            day = as_date(line.get("issued_on"))
            if award and term and day and line.get("seller") == award.text("winner") and not term[0] <= day <= term[1]:
                yield found(close, drawn, submitted, invoice=_key(line), day=day, first=term[0], last=term[1])


def _term(family: Family, submitted: Row, close: Row) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that an invoice of the contractor may bear."""
    stood = standing(family, submitted)
    first, last = close.date("signed_on"), close.date("completes_on") or (stood.ends_on if stood else None)
    if stood is None or first is None or last is None:
        return None
    return first, last + dt.timedelta(days=stood.book.vouchers.after_term_days_max.value)


@check("CH-71", _("No invoice is older than the plan or younger than its claim"), VOUCHERS,
       _("Invoice %(invoice)s is dated %(day)s; the plan was issued on %(first)s,"
         " the claim handed in on %(last)s."))  # fmt: skip
def invoices_lie_in_the_projects_life(family: Family) -> Iterator[Found]:
    for submitted in family.of("claim.submit"):
        approval = family.first("project.approve")
        drawn, lines = bills(family, submitted)
        for line in lines if approval else ():
            day = as_date(line.get("issued_on"))
            if approval and day and not approval.day <= day <= submitted.day:
                yield found(approval, drawn, submitted, invoice=_key(line), day=day, first=approval.day,
                            last=submitted.day)  # fmt: skip


@check("CH-72", _("Invoices cover the claim"), VOUCHERS,
       _("The invoices come to %(sum)s yuan; the claim is %(amount)s yuan."))  # fmt: skip
def invoices_cover_the_claim(family: Family) -> Iterator[Found]:
    for submitted in family.of("claim.submit"):
        drawn, lines = bills(family, submitted)
        total = sum(as_int(line.get("amount_fen")) or 0 for line in lines)
        if submitted.amount_fen is not None and total < submitted.amount_fen:
            yield found(drawn, submitted, sum=yuan(total), amount=yuan(submitted.amount_fen))


@check("CH-73", _("An invoice is claimed once"), _("财政违法行为处罚处分条例 art. 6: double reimbursement"),
       _("Invoice %(invoice)s stands in two claims of this project."),
       waiver=_("claim.reject: a rejected claim frees its invoices"))  # fmt: skip
def invoices_are_claimed_once(family: Family) -> Iterator[Found]:
    first: dict[str, Row] = {}
    for submitted in family.of("claim.submit"):
        if family.of("claim.reject", case=submitted.case_id):
            continue
        for line in bills(family, submitted)[1]:
            before = first.setdefault(_key(line), submitted)
            if before.case_id != submitted.case_id:
                yield found(before, submitted, invoice=_key(line))

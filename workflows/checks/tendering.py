"""Checks of procurement in time: bid period, opening, candidates on notice, contract in its days, start after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows import calendar
from workflows.checks.catalogue import Found, check, found
from workflows.checks.family import Family, Row
from workflows.checks.standing import standing
from workflows.rulebook.schema import Periods

OTHER_ROUTE = _("a route of the rulebook that knows no such period")


def periods_of(family: Family, row: Row) -> Periods:
    """The periods of the route that the tender of an entry had to take; none where that is not known."""
    opened = family.first("tender.open", case=row.case_id)
    stood = standing(family, opened) if opened else None
    return (stood.periods if stood else None) or Periods()


@check("CH-20", _("Bidders have their days"), _("招标投标法 art. 24; 招标投标法实施条例 art. 16"),
       _("Documents were issued on %(issued)s for bids until %(until)s; the earliest lawful day was %(earliest)s."),
       waiver=OTHER_ROUTE)  # fmt: skip
def bid_period_is_kept(family: Family) -> Iterator[Found]:
    for issue in family.of("tender.issue"):
        until = issue.date("bids_until")
        periods = periods_of(family, issue)
        sale = periods.document_days_min.value if periods.document_days_min else 0
        kind = periods.document_day_kind.value if periods.document_day_kind else "calendar"
        bid = periods.bid_days_min.value if periods.bid_days_min else 0
        sold = calendar.add(issue.day, days=sale, day_kind=kind) if sale else issue.day
        earliest = max(sold, issue.day + dt.timedelta(days=bid))
        if until is not None and until < earliest:
            yield found(issue, issued=issue.day, until=until, earliest=earliest)


@check("CH-21", _("A late clarification puts the deadline off"), _("招标投标法 art. 23; 招标投标法实施条例 art. 21"),
       _("Documents were clarified on %(day)s, and bids closed on %(until)s already; %(earliest)s was the soonest."),
       waiver=OTHER_ROUTE)  # fmt: skip
def clarification_leaves_time(family: Family) -> Iterator[Found]:
    for clarified in family.of("tender.clarify"):
        least = periods_of(family, clarified).clarify_days_min
        until = clarified.date("bids_until")
        earliest = clarified.day + dt.timedelta(days=least.value if least else 0)
        if until is not None and until < earliest:
            yield found(clarified, day=clarified.day, until=until, earliest=earliest)


@check("CH-22", _("Bids are opened when their time is over"), _("招标投标法 art. 34"),
       _("The bids were opened on %(day)s; they could be handed in until %(until)s."))  # fmt: skip
def bids_are_opened_after_the_deadline(family: Family) -> Iterator[Found]:
    for opened in family.of("tender.open_bids"):
        said = family.last("tender.issue", "tender.clarify", case=opened.case_id, before=opened)
        until = said.date("bids_until") if said else None
        if until is not None and opened.day < until:
            yield found(said, opened, day=opened.day, until=until)


@check("CH-23", _("Candidates are on notice before the award (先公示后中标)"), _("招标投标法实施条例 art. 54"),
       _("The award was made on %(day)s; the candidates had to be on notice until %(until)s."),
       waiver=OTHER_ROUTE)  # fmt: skip
def candidates_hang_before_the_award(family: Family) -> Iterator[Found]:
    for award in family.of("tender.award"):
        days = periods_of(family, award).candidate_days_min
        if days is None:
            continue
        ranked = family.last("tender.rank", case=award.case_id, before=award)
        until = calendar.add(ranked.day, days=days.value, day_kind="calendar") if ranked else None
        if until is None or award.day <= until:
            yield found(ranked, award, day=award.day, until=until or "—")


@check("CH-24", _("The contract is signed after the award"), _("招标投标法 art. 46"),
       _("The contract bears the day %(signed)s; the award was made on %(award)s."))  # fmt: skip
def contract_follows_the_award(family: Family) -> Iterator[Found]:
    for close, award, signed in _contracts(family):
        if award is None or signed < award.day:
            yield found(award, close, signed=signed, award=award.day if award else "—")


@check("CH-25", _("The contract is signed within its days"), _("招标投标法 art. 46; 政府采购法 art. 46"),
       _("The contract was signed on %(signed)s; after the award that was possible until %(until)s."),
       waiver=OTHER_ROUTE)  # fmt: skip
def contract_is_signed_in_time(family: Family) -> Iterator[Found]:
    for close, award, signed in _contracts(family):
        days = periods_of(family, close).contract_days_max
        if award is None or days is None:
            continue
        until = calendar.add(award.day, days=days.value, day_kind="calendar")
        if signed > until:
            yield found(award, close, signed=signed, until=until)


def _contracts(family: Family) -> Iterator[tuple[Row, Row | None, dt.date]]:
    """Tenders that ended with a contract: the closing act, the award before it, the day on the contract."""
    for close in family.of("tender.close"):
        yield close, family.last("tender.award", case=close.case_id, before=close), close.date("signed_on") or close.day


@check("CH-26", _("The contract stands on a closed tender"), _("招标投标法 art. 46; Seven Systems no. 5"),
       _("The contract was signed on %(day)s, and no tender had come to its end before."))  # fmt: skip
def contract_stands_on_a_tender(family: Family) -> Iterator[Found]:
    for signed in family.of("project.sign_contract"):
        if not family.of("tender.close", before=signed):
            yield found(signed, day=signed.day)


@check("CH-27", _("Works start after the contract"), _("建筑法 art. 7; 民法典 art. 795"),
       _("The works started on %(day)s; the contract was signed on %(signed)s."))  # fmt: skip
def works_start_after_the_contract(family: Family) -> Iterator[Found]:
    for start in family.of("project.start"):
        contract, close = family.last("project.sign_contract", before=start), family.last("tender.close")
        signed = (close.date("signed_on") if close else None) or (contract.day if contract else None)
        if contract is None or (signed is not None and start.day < signed):
            yield found(close, start, day=start.day, signed=signed or "—")

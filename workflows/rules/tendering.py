"""Rules of procurement: route, legal periods, committee, award, contract."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.money import percent, yuan
from workflows import calendar
from workflows.cases import Case
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.project import Project
    from workflows.lifecycles.tender import Tender
    from workflows.rulebook.schema import Cited


@rule("T-01", _("招标投标法 art. 3; 政府采购法 art. 26"), _("The project is not at procurement."),
      remedy=_("The procurement office starts procurement first."))  # fmt: skip
def project_is_procuring(tender: Tender, call: Call) -> Verdict:
    return tender.root is not None and tender.root.state == "procuring"


@rule("T-02", _("招标投标法 art. 4: no splitting"), _("The project has a tender already: %(number)s."),
      remedy=_("Go on with that one, or declare it failed first."))  # fmt: skip
def no_other_tender(tender: Tender, call: Call) -> Verdict:
    other = Case.objects.filter(root_id=tender.root_id, kind="tender").exclude(state="failed").first()
    return other is None or Unmet(number=other.number)


@rule("T-03", _("招标投标法 art. 24; 招标投标法实施条例 art. 16"),
      _("Between issue and bid deadline there must be at least %(days)s days; the earliest deadline is %(earliest)s."),
      remedy=_("Set a later deadline."), reads_form=True)  # fmt: skip
def bid_period_is_long_enough(tender: Tender, call: Call) -> Verdict:
    earliest = tender.earliest_deadline(issued=timezone.localdate(call.at))
    days = (earliest - timezone.localdate(call.at)).days
    return call.data.bids_until >= earliest or Unmet(days=days, earliest=calendar.last_day(earliest))


@rule("T-04", _("招标投标法 art. 34"), _("The bids may be opened only when their deadline has come, on %(until)s."),
      remedy=_("Open them on that day."))  # fmt: skip
def bid_deadline_is_over(tender: Tender, call: Call) -> Verdict:
    until = tender.bids_until
    return until is None or timezone.localdate(call.at) >= until or Unmet(until=calendar.last_day(until))


@rule("T-05", _("招标投标法 art. 28"), _("Bidders: only %(count)s; at least %(needed)s are needed."),
      remedy=_("Declare the tender failed and tender again."), reads_form=True)  # fmt: skip
def enough_bidders(tender: Tender, call: Call) -> Verdict:
    needed = tender.periods.bidders_min.value if tender.periods.bidders_min else 1
    count = len({bid.bidder.strip() for bid in call.data.bids})
    return count >= needed or Unmet(count=count, needed=needed)


@rule("T-06", _("招标投标法 art. 37; 政府采购法 art. 38 and 40"),
      _("The committee must have at least %(members)s members, an odd number, two thirds of them experts."),
      remedy=_("Form the committee anew."), reads_form=True)  # fmt: skip
def committee_is_lawful(tender: Tender, call: Call) -> Verdict:
    periods, form = tender.periods, call.data
    least = periods.committee_min.value if periods.committee_min else 0
    odd = not (periods.committee_odd and periods.committee_odd.value) or form.members % 2 == 1
    share = periods.committee_expert_permille_min.value if periods.committee_expert_permille_min else 0
    # The rulebook gives two thirds as 666 permille; see its schema for why that is exact here.
    experts = form.experts <= form.members and form.experts * 1000 >= form.members * share
    return (form.members >= least and odd and experts) or Unmet(members=least)


@rule("T-07", _("招标投标法实施条例 art. 53"), _("Candidates must be bidders, each once, at most %(most)s."),
      remedy=_("Correct the ranking."), reads_form=True)  # fmt: skip
def candidates_are_bidders(tender: Tender, call: Call) -> Verdict:
    most = tender.periods.candidates_max.value if tender.periods.candidates_max else 10
    bidders = {bid["bidder"] for bid in tender.bids}
    named = call.data.candidates
    return (set(named) <= bidders and len(set(named)) == len(named) <= most) or Unmet(most=most)


@rule("T-08", _("招标投标法实施条例 art. 54"),
      _("The candidates must be on notice for at least %(days)s days, until %(until)s."),
      remedy=_("Award on the day after."))  # fmt: skip
def candidates_were_on_notice(tender: Tender, call: Call) -> Verdict:
    days = tender.periods.candidate_days_min
    if days is None or tender.ranked_on is None:
        return True
    until = calendar.add(tender.ranked_on, days=days.value, day_kind="calendar")
    return timezone.localdate(call.at) > until or Unmet(days=days.value, until=calendar.last_day(until))


@rule("T-09", _("招标投标法实施条例 art. 55"), _("The winner must be the first candidate, %(first)s."),
      remedy=_("Another candidate may win only if the first withdraws: declare this tender failed and rank again."),
      reads_form=True)  # fmt: skip
def winner_is_first(tender: Tender, call: Call) -> Verdict:
    first = tender.candidates[0] if tender.candidates else ""
    return call.data.winner == first or Unmet(first=first)


@rule("T-10", _("政府采购法 art. 36; 预算法 art. 13"), _("The winning price is above the budget of %(budget)s yuan."),
      remedy=_("Declare the tender failed, or have the plan changed first."), reads_form=True)  # fmt: skip
def award_within_budget(tender: Tender, call: Call) -> Verdict:
    price = next((bid["price_fen"] for bid in tender.bids if bid["bidder"] == call.data.winner), 0)
    return price <= tender.budget_fen or Unmet(budget=yuan(tender.budget_fen))


@rule("T-11", _("招标投标法 art. 46"), _("The contract must be signed between the award and %(until)s."),
      remedy=_("After that day declare the tender failed and tender again."), reads_form=True)  # fmt: skip
def contract_in_time(tender: Tender, call: Call) -> Verdict:
    """A contract is signed after its award, not in the future, and within the term the route has."""
    days, award = tender.periods.contract_days_max, tender.awarded_on
    assert award is not None
    today = timezone.localdate(call.at)
    until = min(today, calendar.add(award, days=days.value, day_kind="calendar")) if days else today
    return award <= call.data.signed_on <= until or Unmet(until=calendar.last_day(until))


@rule("T-18", _("民法典 art. 795: a construction contract names its term"),
      _("The works would end on %(day)s, before the contract is signed on %(signed)s."),
      remedy=_("Check the two dates."), reads_form=True)  # fmt: skip
def contract_runs_forward(tender: Tender, call: Call) -> Verdict:
    form = call.data
    in_order = form.completes_on is None or form.completes_on > form.signed_on
    return in_order or Unmet(day=form.completes_on, signed=form.signed_on)


@rule("T-12", _("招标投标法 art. 46: no contract against the award"),
      _("The contract may not exceed the award of %(award)s yuan, nor be nothing."),
      remedy=_("Correct the contract's price."), reads_form=True)  # fmt: skip
def contract_within_award(tender: Tender, call: Call) -> Verdict:
    return 0 < call.data.contract_fen <= (tender.award_fen or 0) or Unmet(award=yuan(tender.award_fen or 0))


@rule("T-13", _("招标投标法 art. 46; Seven Systems no. 5"), _("The project has no closed tender."),
      remedy=_("The procurement office takes the tender to its contract first."))  # fmt: skip
def tender_is_closed(project: Project, call: Call) -> Verdict:
    return project.family.filter(kind="tender", state="closed").exists()


@rule("T-14", _("招标投标法 art. 23; 招标投标法实施条例 art. 21"),
      _("A clarification comes %(days)s days before the bid deadline; the soonest deadline is %(earliest)s."),
      remedy=_("Put the deadline off at least until then."), reads_form=True)  # fmt: skip
def clarified_in_time(tender: Tender, call: Call) -> Verdict:
    """Otherwise the deadline is put off; never brought forward."""
    days = tender.periods.clarify_days_min.value if tender.periods.clarify_days_min else 0
    earliest = timezone.localdate(call.at) + dt.timedelta(days=days)
    earliest = max(earliest, tender.bids_until or earliest)
    return call.data.bids_until >= earliest or Unmet(days=days, earliest=calendar.last_day(earliest))


@rule("T-15", _("招标投标法实施条例 art. 26"),
      _("The bid bond may be at most %(most)s yuan, %(share)s of the budget."),
      remedy=_("Ask for a smaller bond."), reads_form=True)  # fmt: skip
def bid_bond_is_small(tender: Tender, call: Call) -> Verdict:
    return _bond_is_small(call.data.bid_bond_fen, tender.periods.bid_bond_permille_max, of_fen=tender.budget_fen)


@rule("T-16", _("招标投标法实施条例 art. 58"),
      _("The performance bond may be at most %(most)s yuan, %(share)s of the contract."),
      remedy=_("Ask for a smaller bond."), reads_form=True)  # fmt: skip
def performance_bond_is_small(tender: Tender, call: Call) -> Verdict:
    permille, asked = tender.periods.performance_bond_permille_max, call.data.performance_bond_fen
    return _bond_is_small(asked, permille, of_fen=call.data.contract_fen)


def _bond_is_small(asked_fen: int, permille_max: Cited[int] | None, *, of_fen: int) -> Verdict:
    """Where the route knows no limit, there is none."""
    if permille_max is None or asked_fen * 1000 <= of_fen * permille_max.value:
        return True
    return Unmet(most=yuan(of_fen * permille_max.value // 1000), share=percent(permille_max.value))


@rule("T-17", _("政府采购法 art. 49; rulebook, tender.added_quantity_permille_max"),
      _("More than %(most)s yuan, %(share)s of the contract, would be added to it."),
      remedy=_("Procure what is added anew."), reads_form=True)  # fmt: skip
def added_quantity_is_small(project: Project, call: Call) -> Verdict:
    """What is added to the plan once the contract is signed is added to the contract."""
    if not project.contract_fen:
        return True
    permille = project.book.tender.added_quantity_permille_max.value
    added = call.data.total_fen - sum(line.amount_fen for line in project.lines.all())
    most = project.contract_fen * permille // 1000
    return added * 1000 <= project.contract_fen * permille or Unmet(most=yuan(most), share=percent(permille))

"""Rules of the grant: sources make it up, growth stays small, nothing is left open at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds import ledger
from funds.models import Source
from funds.money import percent, yuan
from workflows import words
from workflows.calendar import months_later
from workflows.law import Call, Unmet, Verdict, rule
from workflows.states import ended

if TYPE_CHECKING:
    from workflows.lifecycles.project import Project


#: Kinds of case that take the grant's money.
PAID_FROM_THE_GRANT = ("claim", "household_batch")


@rule("M-01", _("预算法 art. 57; five unchangeds (五不变)"),
      _("The sources come to %(sum)s yuan; the grant is %(grant)s yuan."),
      remedy=_("Name sources that make up the grant exactly."), reads_form=True)  # fmt: skip
def sources_make_the_grant(project: Project, call: Call) -> Verdict:
    total = sum(call.data.sources.values())
    return total == project.grant_fen or Unmet(sum=yuan(total), grant=yuan(project.grant_fen))


@rule("M-13", _("五不变 (管理主体不变); 预算法 art. 13"),
      _("These sources belong to another county: %(names)s."),
      remedy=_("Name sources of the project's own county."), reads_form=True)  # fmt: skip
def sources_are_the_countys_own(project: Project, call: Call) -> Verdict:
    """Two counties on one installation use none of each other's money; whose there is none of is the ledger's."""
    foreign = Source.objects.filter(pk__in=call.data.sources).exclude(county__in=project.area.codes)
    names = [source.name for source in foreign]
    return not names or Unmet(names=words.listed(names))


@rule("M-14", _("五不变 (使用性质不变)"), _("Labour is counted from a source of labour of this county; this is none."),
      remedy=_("Have the finance bureau enter the labour with its rate first."), reads_form=True)  # fmt: skip
def labour_has_a_rate(project: Project, call: Call) -> Verdict:
    return labour_sources(project).filter(pk=call.data.source_id).exists()


@rule("M-15", _("村民一事一议筹资筹劳管理办法; application form"),
      _("The plan has labour worth %(planned)s yuan; with this, %(counted)s yuan would be counted."),
      remedy=_("Count at most what is left of it."), reads_form=True)  # fmt: skip
def labour_is_planned(project: Project, call: Call) -> Verdict:
    """Nothing below a fen is counted, and no more than was applied for."""
    worth = worth_fen(call)
    counted = ledger.position(case_id=project.pk).counted_fen + worth
    planned = worth > 0 and counted <= project.labour_fen
    return planned or Unmet(planned=yuan(project.labour_fen), counted=yuan(counted))


def labour_sources(project: Project) -> QuerySet[Source]:
    """The sources of labour of the project's county."""
    return Source.objects.filter(kind=Source.Kind.LABOUR, county__in=project.area.codes)


def worth_fen(call: Call) -> int:
    """What the days of the form count for at the source's rate, rounded down (舍去); nothing where it has none."""
    rate = Source.objects.filter(pk=call.data.source_id).values_list("rate_fen", flat=True).first()
    worth: int = call.data.days_milli * (rate or 0) // 1000
    return worth


@rule("M-02", _("rulebook, change.growth_permille_max"),
      _("The plan would grow by more than %(share)s, from %(old)s to %(new)s yuan."),
      remedy=_("Terminate and file anew, so that it is approved again."), reads_form=True)  # fmt: skip
def growth_is_small(project: Project, call: Call) -> Verdict:
    """Exactly the limit is within it; one fen more is not.

    Counted on the plan as approved, which its budget lines still say: several small changes do not
    add up to a large one that nobody approved.
    """
    permille = project.book.change.growth_permille_max.value
    old, new = sum(line.amount_fen for line in project.lines.all()), call.data.total_fen
    return new * 1000 <= old * (1000 + permille) or Unmet(share=percent(permille), old=yuan(old), new=yuan(new))


@rule("M-12", _("五不变: the grant stays what was approved"),
      _("The new total must cover the grant and the villagers' labour, %(least)s yuan."),
      remedy=_("A smaller grant is a new plan: terminate and file anew."), reads_form=True)  # fmt: skip
def contributions_stay(project: Project, call: Call) -> Verdict:
    """What a change moves is the self-raised part; it cannot fall below nothing."""
    least = project.grant_fen + project.labour_fen
    return call.data.total_fen >= least or Unmet(least=yuan(least))


@rule("M-06", _("rulebook, change.approver"), _("A change of plan is decided by: %(office)s."),
      remedy=_("Put it before that office."))  # fmt: skip
def approver_decides(project: Project, call: Call) -> Verdict:
    """The original approver is the leading group, who issued the plan."""
    named = project.book.change.approver.value
    office = "leading_group" if named == "original_approver" else named
    return call.seat.unit.office == office or Unmet(office=words.office(office))


@rule("M-03", _("rulebook, retention.months (缺陷责任期)"),
      _("The retention is held until %(until)s."), remedy=_("Release it after that day."))  # fmt: skip
def retention_is_due(project: Project, call: Call) -> Verdict:
    if project.accepted_at is None:
        return Unmet(until="—")
    until = months_later(timezone.localdate(project.accepted_at), months=project.book.retention.months.value)
    return timezone.localdate(call.at) >= until or Unmet(until=until)


@rule("M-04", _("预算法 art. 57"), _("Claims or household batches are still on their way: %(numbers)s."),
      remedy=_("Pay or reject them first."))  # fmt: skip
def no_claim_is_open(project: Project, call: Call) -> Verdict:
    open_claims = project.family.filter(kind__in=PAID_FROM_THE_GRANT).exclude(ended())
    numbers = list(open_claims.values_list("number", flat=True))
    return not numbers or Unmet(numbers=words.listed(numbers))


@rule("M-05", _("建设工程质量保证金管理办法 art. 10"), _("%(fen)s yuan are still retained."),
      remedy=_("Release the retention first."))  # fmt: skip
def nothing_is_retained(project: Project, call: Call) -> Verdict:
    held = ledger.position(case_id=project.pk).retained_fen
    return held == 0 or Unmet(fen=yuan(held))


@rule("M-07", _("rulebook, retention.then"), _("In this county the retention is not spent on repairs."),
      remedy=_("Have the contractor mend the defect."))  # fmt: skip
def retention_may_repair(project: Project, call: Call) -> Verdict:
    return project.book.retention.then.value == "repair"


@rule("M-08", _("建设工程质量保证金管理办法 art. 9"), _("%(asked)s yuan are asked for; %(held)s yuan are retained."),
      remedy=_("Claim the rest from the contractor."), reads_form=True)  # fmt: skip
def retention_suffices(project: Project, call: Call) -> Verdict:
    held = ledger.position(case_id=project.pk).retained_fen
    return call.data.amount_fen <= held or Unmet(asked=yuan(call.data.amount_fen), held=yuan(held))


@rule("M-09", _("rulebook, refund (超付返还)"), _("%(fen)s yuan are due as a refund; no more can be received."),
      remedy=_("Check the amount against the audited price."), reads_form=True)  # fmt: skip
def refund_is_due(project: Project, call: Call) -> Verdict:
    return call.data.amount_fen <= project.refund_due_fen or Unmet(fen=yuan(project.refund_due_fen))


@rule("M-10", _("rulebook, refund (超付返还)"), _("%(fen)s yuan paid above the audited price are due back by %(day)s."),
      remedy=_("Receive the refund first."))  # fmt: skip
def no_refund_is_due(project: Project, call: Call) -> Verdict:
    return project.refund_due_fen == 0 or Unmet(fen=yuan(project.refund_due_fen), day=project.refund_due_on)


@rule("M-11", _("村民一事一议筹资筹劳管理办法; application form"),
      _("The plan has %(planned)s yuan of self-raised money; %(paid)s yuan are in already."),
      remedy=_("Record at most what is left, or have the plan changed first."), reads_form=True)  # fmt: skip
def own_share_is_planned(project: Project, call: Call) -> Verdict:
    after = project.self_raised_in_fen + call.data.amount_fen
    return after <= project.self_raised_fen or Unmet(
        planned=yuan(project.self_raised_fen), paid=yuan(project.self_raised_in_fen)
    )

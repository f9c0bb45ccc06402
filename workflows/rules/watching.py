"""Rules of the clock: more time is asked for once, and granted from above; an overdue unit files nothing new."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.prepared import Prepared, Slot, day, number
from workflows import calendar, words
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.cases import Case

MORE_TIME = _("rulebook, clock; 信访工作条例 art. 34 in analogy: extended once, with approval and notice")


@rule("K-02", MORE_TIME, _("No term runs here, or more time was asked for before in this wait."),
      remedy=_("A term is extended once; do the act itself, or let the superior take it up."))  # fmt: skip
def term_can_be_extended(case: Case, call: Call) -> Verdict:
    return case.due_at is not None and not case.ended and case.asked_days is None and case.may_be_extended


@rule("K-03", MORE_TIME, _("At most %(most)s working days may be asked for."),
      remedy=_("Ask for fewer days."), reads_form=True)  # fmt: skip
def extension_is_allowed(case: Case, call: Call) -> Verdict:
    most = case.extension_days_max
    return call.data.working_days <= most or Unmet(most=most)


@rule("K-04", MORE_TIME, _("More time is asked for by those whose turn it is."),
      remedy=_("The office on whose desk the case lies asks."))  # fmt: skip
def desk_asks(case: Case, call: Call) -> Verdict:
    return call.seat.unit.office in {case.office(seat) for seat in case.seats()}


@rule("K-06", MORE_TIME, _("Nobody has asked for more time."),
      remedy=_("Nothing is to be decided; the term runs on."))  # fmt: skip
def more_time_was_asked_for(case: Case, call: Call) -> Verdict:
    return case.asked_days is not None


@rule("K-07", MORE_TIME, _("It is for the office above to decide: %(offices)s."),
      remedy=_("The superior of the office whose turn it is decides."))  # fmt: skip
def superior_decides(case: Case, call: Call) -> Verdict:
    above = case.deciders()
    return call.seat.unit.office in above or Unmet(offices=words.listed(words.office(one) for one in sorted(above)))


@rule("K-08", _("Seven Systems no. 7 (通报)"), _("The addressee has handed its evidence in; the delay is not its own."),
      remedy=_("Judge the evidence."))  # fmt: skip
def lapse_is_theirs(case: Case, call: Call) -> Verdict:
    """Nobody is criticised for what lies with another."""
    return case.lapse_is_theirs


#: The offices whose units file applications and claim money: only them a lapsed order freezes. On others it works by
#: the ladder alone (通报、挂牌督办、移送).
FILERS = ("village",)


def lapsed_orders(*, at: dt.datetime) -> QuerySet[Case]:
    """The orders that freeze their addressee's filings and claims (Z-07)."""
    return _lapsed(today=timezone.localdate(at))


def _lapsed(*, today: dt.date | Slot) -> QuerySet[Case]:
    from workflows.cases import Case

    late = Case.objects.filter(
        kind="rectification", rectification__deadline__lt=today, rectification__addressee__office__in=FILERS
    )
    # Evidence handed in in time has done what the addressee can do; the verdict is the verifier's.
    in_time = Q(state="submitted", rectification__submitted_on__lte=F("rectification__deadline"))
    return late.exclude(state="verified").exclude(in_time).order_by("rectification__deadline", "pk")


#: The first lapsed order to a unit.
_FIRST_LAPSED: Prepared[Case] = Prepared(
    lambda: (
        _lapsed(today=day("today")).filter(rectification__addressee=number("unit")).select_related("rectification")[:1]
    )
)


@rule("Z-07", _("Seven Systems no. 7 (限期整改)"),
      _("%(unit)s has let the rectification order %(number)s lapse; it was due on %(due)s."),
      remedy=_("Rectify it and have it verified, or have it extended; then filing and claims go on."))  # fmt: skip
def unit_has_no_lapsed_order(case: Case, call: Call) -> Verdict:
    """Computed at the moment of the act, never stored: an extension or the verification lifts it at once."""
    order: Any = _FIRST_LAPSED.first(today=timezone.localdate(call.at), unit=case.unit_id)
    return order is None or Unmet(
        unit=case.unit.name, number=order.number, due=calendar.last_day(order.rectification.deadline)
    )


@rule("K-05", _("rulebook, deadlines: effect freeze"),
      _("%(unit)s has let a term pass that freezes it: %(case)s, due on %(due)s."),
      remedy=_("Bring that case on first, or have its term extended."))  # fmt: skip
def unit_is_not_frozen(case: Case, call: Call) -> Verdict:
    """Computed at the moment of the act; nothing is asked where no term of the rulebook freezes."""
    freezing = [code for code, term in case.book.deadlines.items() if term.effect and term.effect.value == "freeze"]
    if not freezing:
        return True
    from workflows.cases import Case

    late = Case.objects.filter(unit_id=case.unit_id, due_at__lt=call.at, paused_at=None)
    for other in late.exclude(pk=case.pk).select_related("edition", "unit").order_by("due_at"):
        if other.overdue(at=call.at) and other.effect == "freeze" and "village" in other.typed().seats():
            return Unmet(
                unit=other.unit.name, case=f"{other.number} {other.title}", due=calendar.last_day(other.due_at)
            )
    return True

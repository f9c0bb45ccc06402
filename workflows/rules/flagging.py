"""Rules of an auditor's word on a red flag: about the record, by one at a time, something new, not about himself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from workflows.law import Call, Unmet, Verdict, rule
from workflows.states import RedFlagState

if TYPE_CHECKING:
    from workflows.lifecycles.red_flag import RedFlag

STANDARD = _("审计法 art. 43 (evidence)")
#: Entries asked for in one query: SQLite binds no more than some thousands.
AT_ONCE = 500


def _entries(rows: list[int], **asked: object) -> int:
    parts = (rows[n : n + AT_ONCE] for n in range(0, len(rows), AT_ONCE))
    return sum(Entry.objects.filter(pk__in=part, **asked).count() for part in parts)


@rule("V-01", STANDARD, _("The rows of the flag are not in the record, or none of them concerns this project."),
      remedy=_("Judge the flag from the page of red flags."), reads_form=True)  # fmt: skip
def rows_are_in_the_record(flag: RedFlag, call: Call) -> Verdict:
    here = _entries(flag.rows, root_id=flag.root_id)
    return here > 0 and _entries(flag.rows) == len(flag.rows)


@rule("V-02", STANDARD, _("%(number)s has taken this flag up already, and nobody has judged it yet."),
      remedy=_("Judge it there."), reads_form=True)  # fmt: skip
def nobody_is_judging_it(flag: RedFlag, call: Call) -> Verdict:
    other = type(flag).objects.filter(code=flag.code, key=flag.key, state=RedFlagState.RAISED).first()
    return other is None or Unmet(number=other.number)


@rule("V-03", STANDARD, _("%(number)s said the same of these entries already, and none has joined them since."),
      remedy=_("Leave that verdict as it stands."))  # fmt: skip
def says_something_new(flag: RedFlag, call: Call) -> Verdict:
    """New rows, or another mind: the last verdict was the other one."""
    others = type(flag).objects.filter(code=flag.code, key=flag.key).exclude(state=RedFlagState.RAISED)
    last = others.exclude(pk=flag.pk).order_by("-pk").first()
    if last is None or set(flag.rows) - set(last.rows):
        return True
    said = {"adopt": RedFlagState.ADOPTED, "dismiss": RedFlagState.DISMISSED}[call.act.name]
    return bool(last.state != said) or Unmet(number=last.number)


@rule("V-04", _("审计法 art. 15 (回避)"), _("Your own acts are among the rows of this flag."),
      remedy=_("A colleague who had no part in it judges it."))  # fmt: skip
def judges_no_act_of_his(flag: RedFlag, call: Call) -> Verdict:
    """Who lent his post acted, too."""
    hands = [call.by.pk] + ([call.seat.behalf.pk] if call.seat.behalf else [])
    mine = Q(actor_id__in=hands) | Q(behalf_id__in=hands)
    parts = (flag.rows[n : n + AT_ONCE] for n in range(0, len(flag.rows), AT_ONCE))
    return not any(Entry.objects.filter(mine, pk__in=part).exists() for part in parts)

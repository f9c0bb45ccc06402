"""Rules of every act: nothing back-dated, reasons given, hands separate, papers there, notices run."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from audit.prepared import Prepared, number, numbered, numbers, texts
from workflows import words
from workflows.cases import Case
from workflows.law import Call, Unmet, Verdict, rule


@rule("K-01", _("会计法 art. 9: only what really happened is recorded"),
      _("The act would lie before the case's last entry."),
      remedy=_("Enter it with today's date."))  # fmt: skip
def happens_after_the_last_entry(case: Case, call: Call) -> Verdict:
    """Nor before the last entry of the project that a sub-case belongs to, which knows of all its sub-cases.

    What is entered afterwards lies before entries made since, and is asked E-02 instead.
    """
    head = case.root or case
    return call.recorded >= max(case.touched_at, head.touched_at)


@rule("O-02", _("行政许可法 art. 38 in analogy: reasons must be given"),
      _("An opinion is needed for “%(act)s”."),
      remedy=_("Write the opinion or the reason."), reads_form=True)  # fmt: skip
def reason_is_given(case: Case, call: Call) -> Verdict:
    return not call.act.reason_required or bool(call.reason.strip()) or Unmet(act=call.act.label)


@rule("D-01", _("会计法 art. 25 and 35; rulebook, separation.pairs"),
      _("“%(done)s” on this project was done by your hand; “%(act)s” needs another one."),
      remedy=_("Hand the desk over to a colleague who has not acted in that role."))  # fmt: skip
def hands_are_separate(case: Case, call: Call) -> Verdict:
    """不相容岗位分离, for superusers too. Read from the record itself, so no second list can drift.

    A delegate and the person he stands for are one hand: what either did counts.
    """
    code = call.act.code(case.kind)
    pairs = case.book.separation.pairs.value
    against = {b for a, b in pairs if a == code} | {a for a, b in pairs if b == code}
    if not against:
        return True
    if call.by.outside:
        return True
    hands = [call.by.pk] + ([call.seat.behalf.pk] if call.seat.behalf else [])
    done = _done_by(len(hands), len(against)).rows(
        root=case.project_id, **numbered("hand", hands), **numbered("act", sorted(against))
    )
    return not done or Unmet(done=words.act(done[0][0]), act=call.act.label)


@lru_cache(maxsize=64)
def _done_by(hands: int, acts: int) -> Prepared[Entry]:
    """The acts among so many that so many hands have done on a project, the first first."""
    whose = numbers("hand", hands)
    mine = Q(actor_id__in=whose) | Q(behalf_id__in=whose)
    asked = Q(root_id=number("root"), act__in=texts("act", acts))
    return Prepared(lambda: Entry.objects.filter(mine & asked).order_by("id").values_list("act")[:1])


@rule("P-01", _("rulebook, papers"),
      _("Papers are missing for “%(act)s”: %(papers)s."),
      remedy=_("Attach them to the case, then try again."))  # fmt: skip
def papers_are_attached(case: Case, call: Call) -> Verdict:
    code = call.act.code(case.kind)
    needed = case.papers_for(code)
    if not needed:
        return True
    there = case.papers_there() if case.pk else set()
    missing = [paper for paper in needed if paper not in there]
    return not missing or Unmet(act=call.act.label, papers=words.listed(words.paper(p) for p in missing))


@rule("N-01", _("关于完善扶贫资金项目公告公示制度的指导意见 art. 4; rulebook, notices"),
      _("A public notice must have run its full term first: %(notices)s."),
      remedy=_("Open the notice, post it in every required place, and close it when its term has run."))  # fmt: skip
def notices_have_run(case: Case, call: Call) -> Verdict:
    """The gate names which notices are missing; a claim's or a batch's notice is about that very one.

    Of a batch only the notice that showed the list as it is now counts.
    """
    code = call.act.code(case.kind)
    needed = [kind for kind, notice in case.book.notices.items() if notice.gate.value == code]
    if not needed:
        return True
    closed = _notices_of(case).filter(state="closed")
    if case.kind == "household_batch":
        closed = closed.filter(notice__list_round=case.list_round)  # type: ignore[attr-defined]
    run = set(closed.values_list("notice__purpose", flat=True))
    missing = [kind for kind in needed if kind not in run]
    return not missing or Unmet(notices=words.listed(_why(case, kind) for kind in missing))


def _notices_of(case: Case) -> QuerySet[Case]:
    """The notices that may open a gate of the case: a claim's or a batch's own, otherwise the project's."""
    found = Case.objects.filter(root_id=case.project_id, kind="notice")
    return found.filter(notice__about=case.pk) if case.kind in ("claim", "household_batch") else found


def _why(case: Case, kind: str) -> str:
    """A missing notice by its name, and what it lacks: not opened, not posted, still running, objected to, void."""
    last = _notices_of(case).filter(notice__purpose=kind).order_by("-pk").first()
    said = last.typed().standing() if last is not None else gettext("not opened yet")  # type: ignore[attr-defined]
    return gettext("%(notice)s (%(said)s)") % {"notice": words.notice(kind), "said": said}


#: Judged for every act, before its own rules.
EVERYWHERE = (happens_after_the_last_entry, reason_is_given, hands_are_separate, papers_are_attached, notices_have_run)


@rule("O-03", _("county rule on review: return for correction"), _("The case lies on another office's desk."),
      remedy=_("Only the office whose turn it is decides."))  # fmt: skip
def at_this_desk(case: Case, call: Call) -> Verdict:
    """Several offices know the act; only the one whose turn it is may do it."""
    return call.seat.unit.office in {case.office(seat) for seat in case.seats()}

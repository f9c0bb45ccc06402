"""Checks of notices: every stage that is published has one, in every place, for its whole term, objections answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows import calendar, words
from workflows.checks.catalogue import Found, Severity, check, found
from workflows.checks.family import Family, Row, as_int
from workflows.lifecycles.notice_facts import PORTAL
from workflows.rulebook.publicity import Notice as Policy

NOTICES = _("关于完善扶贫资金项目公告公示制度的指导意见 art. 4; rulebook, notices")
#: Kinds of case whose notices are about that very case.
ABOUT_ITSELF = ("claim", "household_batch")
#: What settles an objection.
SETTLING = ("notice.answer", "notice.refer")


@check("CH-10", _("Every publicised stage has its notice first (公示)"), NOTICES,
       _("“%(act)s” waits for the notice “%(notice)s”; none had run its term before."),
       waiver=_("a county's rulebook that does not publish this stage (notices_dropped)"))  # fmt: skip
def gate_has_its_notice(family: Family) -> Iterator[Found]:
    for row in family.rows:
        for purpose, policy in row.book.notices.items() if row.book else ():
            if policy.gate.value == row.act and not _closed_before(family, row, purpose):
                yield found(row, act=words.act(row.act), notice=words.notice(purpose))


def _closed_before(family: Family, gate: Row, purpose: str) -> bool:
    about = gate.case_id if gate.kind in ABOUT_ITSELF else None
    return any(
        opened.text("purpose") == purpose
        and as_int(opened.data.get("about_id")) == about
        and family.of("notice.close", case=opened.case_id, before=gate)
        for opened in family.of("notice.open", before=gate)
    )


@check("CH-11", _("A notice hangs for its whole term"), NOTICES,
       _("The notice “%(notice)s” was closed on %(day)s; its term ran until %(until)s."),
       waiver=_("notice.grant_waiver: a shorter term, asked for by one and granted by another"))  # fmt: skip
def term_is_kept_in_full(family: Family) -> Iterator[Found]:
    for close in family.of("notice.close"):
        purpose, policy = _policy(family, close)
        start = family.first("notice.start", case=close.case_id)
        if policy is None or start is None:
            continue
        until = _last_day(family, start, close, policy)
        if close.day <= until:
            yield found(start, close, notice=words.notice(purpose), day=close.day, until=until)


def _policy(family: Family, row: Row) -> tuple[str, Policy | None]:
    """What the notice of an entry is for, and what the entry's edition says about such notices."""
    opened = family.first("notice.open", case=row.case_id)
    purpose = opened.text("purpose") if opened else ""
    return purpose, row.book.notices.get(purpose) if row.book else None  # type: ignore[call-overload]


def _last_day(family: Family, start: Row, close: Row, policy: Policy) -> dt.date:
    """The last day of a term: from the last posting, standing still while an objection is open, or cut."""
    days, kind = policy.days_min.value, policy.day_kind.value
    posted = [day for row in family.of("notice.post", case=start.case_id) if (day := row.date("posted_on"))]
    running = start.day if PORTAL in policy.places.value else max(posted, default=start.day)
    until = calendar.add(running, days=days, day_kind=kind)
    open_ones, paused = 0, None
    for row in family.of("notice.raise_objection", *SETTLING, "notice.grant_waiver", case=start.case_id, before=close):
        if row.act == "notice.raise_objection":
            open_ones, paused = open_ones + 1, paused or row.day
        elif row.act in SETTLING:
            open_ones -= 1
            if open_ones == 0 and paused is not None:
                day = calendar.goes_on(until, stopped=paused, on=row.day, day_kind=kind)
                until, paused = calendar.off_rest(day), None
        elif policy.waiver_days_min is not None:
            until = max(calendar.add(running, days=policy.waiver_days_min.value, day_kind=kind), row.day)
    return until


@check("CH-12", _("A notice hangs in every required place"), NOTICES,
       _("When the term of the notice “%(notice)s” began, no photo showed it here: %(places)s."))  # fmt: skip
def every_place_is_shown(family: Family) -> Iterator[Found]:
    for start in family.of("notice.start"):
        purpose, policy = _policy(family, start)
        posts = family.of("notice.post", case=start.case_id, before=start)
        shown = {row.text("place") for row in posts if row.files} | {PORTAL}
        missing = [place for place in policy.places.value if place not in shown] if policy else []
        if missing:
            places = words.listed(words.place(place) for place in missing)
            yield found(start, notice=words.notice(purpose), places=places)


@check("CH-13", _("Objections are answered before the notice is closed"),
       _("红河县扶贫开发项目资金公告公示管理办法 art. 9"),
       _("Objections left unanswered when the notice was closed: %(count)s."))  # fmt: skip
def objections_are_answered(family: Family) -> Iterator[Found]:
    for close in family.of("notice.close"):
        raised = family.of("notice.raise_objection", case=close.case_id, before=close)
        settled = family.of(*SETTLING, case=close.case_id, before=close)
        if len(raised) > len(settled):
            yield found(*raised, close, count=len(raised) - len(settled))


@check("CH-14", _("A shortened term is looked at"), _("rulebook, notices: waiver_days_min"),
       _("The term of the notice “%(notice)s” was cut: %(reason)s"), severity=Severity.NOTE,
       waiver=_("notice.grant_waiver: a shorter term, asked for by one and granted by another"))  # fmt: skip
def shortened_terms_are_shown(family: Family) -> Iterator[Found]:
    for granted in family.of("notice.grant_waiver"):
        asked = family.last("notice.ask_waiver", case=granted.case_id, before=granted)
        purpose, _known = _policy(family, granted)
        yield found(asked, granted, notice=words.notice(purpose), reason=(asked or granted).reason or "—")

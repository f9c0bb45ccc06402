"""Checks of special audit and acceptance: in the rulebook's order, notified, every section written, heard, held."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows import calendar, words
from workflows.checks.catalogue import Found, check, found
from workflows.checks.family import Family

#: Check of the rulebook -> the act that ends it, and the sub-case's act that it stands on.
ENDS = {"special_audit": ("project.pass_audit", "special_audit.conclude"),
        "acceptance": ("project.pass_acceptance", "acceptance.conclude")}  # fmt: skip


@check("CH-80", _("Audit and acceptance follow in the rulebook's order"),
       _("Seven Systems no. 6 (审计制); Seven Systems no. 7 (检查验收制); rulebook, checks.order"),
       _("“%(act)s” is recorded for %(day)s; “%(before)s” comes first, and had not been done."),
       waiver=_("rulebook, checks.order"))  # fmt: skip
def checks_follow_in_order(family: Family) -> Iterator[Found]:
    for passed, _held in ENDS.values():
        for row in family.of(passed):
            for name in row.book.checks.order.value if row.book else ():
                act, _held = ENDS[name]
                if act == row.act:
                    break
                if not family.of(act, before=row):
                    yield found(row, act=words.act(row.act), day=row.day, before=words.act(act))


@check("CH-81", _("What is passed was held"), _("Seven Systems no. 6 (审计制); Seven Systems no. 7 (检查验收制)"),
       _("“%(act)s” is recorded for %(day)s, and no report or acceptance had been concluded before."))  # fmt: skip
def what_is_passed_was_held(family: Family) -> Iterator[Found]:
    for passed, held in ENDS.values():
        for row in family.of(passed):
            if not family.of(held, before=row):
                yield found(row, act=words.act(row.act), day=row.day)


@check("CH-82", _("The auditee is notified in time"), _("审计法 art. 42"),
       _("The notice went out on %(notified)s, the fieldwork began on %(begun)s;"
         " the first day was %(until)s."))  # fmt: skip
def auditee_is_notified(family: Family) -> Iterator[Found]:
    for row in family.of("special_audit.begin_fieldwork"):
        notice = family.first("special_audit.open", case=row.case_id)
        if row.book is None or notice is None:
            continue
        days = row.book.checks.audit_notice_working_days_min.value
        until = calendar.add(notice.day, days=days, day_kind="working")
        if row.day < until:
            yield found(notice, row, notified=notice.day, begun=row.day, until=until)


@check("CH-83", _("Audit, finance and discipline each write their section"),
       _("Seven Systems no. 6: audit, finance and discipline jointly"),
       _("Sections in the draft that went out: %(count)s; the rulebook asks for %(needed)s."))  # fmt: skip
def every_section_is_written(family: Family) -> Iterator[Found]:
    for row in family.of("special_audit.draft"):
        sections = {one.unit_id: one for one in family.of("special_audit.sign_section", case=row.case_id, before=row)}
        needed = len(row.book.checks.audit_sections.value) if row.book else 0
        if len(sections) < needed:
            yield found(*sections.values(), row, count=len(sections), needed=needed)


@check("CH-84", _("The auditee is heard before the report"), _("审计法 art. 44; 审计法实施条例 art. 39"),
       _("The report is of %(day)s; the auditee had not replied, and could until %(until)s."))  # fmt: skip
def auditee_is_heard(family: Family) -> Iterator[Found]:
    for row in family.of("special_audit.conclude"):
        draft = family.last("special_audit.draft", case=row.case_id, before=row)
        if row.book is None or draft is None or family.of("special_audit.answer", case=row.case_id, before=row):
            continue
        days = row.book.checks.audit_reply_working_days_max.value
        until = calendar.add(draft.day, days=days, day_kind="working")
        if row.day <= until:
            yield found(draft, row, day=row.day, until=until)


@check("CH-85", _("Every level of acceptance is held"),
       _("Seven Systems no. 7 (检查验收制); rulebook, acceptance.levels"),
       _("The acceptance was concluded; of the %(needed)s levels below it had passed: %(count)s."),
       waiver=_("rulebook, acceptance.levels"))  # fmt: skip
def every_level_is_held(family: Family) -> Iterator[Found]:
    for row in family.of("acceptance.conclude"):
        passed = family.of("acceptance.pass_level", case=row.case_id, before=row)
        needed = len(row.book.acceptance.levels.value) - 1 if row.book else 0
        if len(passed) < needed:
            yield found(*passed, row, count=len(passed), needed=needed)

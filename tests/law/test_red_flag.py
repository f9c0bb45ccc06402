"""An auditor's word on a red flag: with a reason, about the record, not twice the same, not about himself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.template.loader import render_to_string

from audit.models import Entry
from tests.factories import official
from tests.law.stages import Stage, refused_by
from workflows import access, acts
from workflows.flags import verdicts
from workflows.flags.look import of_project
from workflows.flags.words import Hit
from workflows.models import Case, RedFlag
from workflows.states import ProjectState, RedFlagState


class RedFlags(Stage):
    state = ProjectState.PIPELINE

    def rows(self, count: int = 1) -> list[int]:
        found = Entry.objects.filter(case_id=self.t.project.pk).order_by("id")
        return list(found.values_list("pk", flat=True)[:count])

    def take_up(self, *, office: str = "audit", **data: Any) -> Case:
        form = {"code": "RF-03", "key": "case 1", "rows": self.rows()} | data
        return acts.open_case(RedFlag, by=official(self.t, office), at=self.t.at, root=self.t.project, data=form)

    def judge(self, verdict: str, *, by: str = "audit", reason: str = "情况属实。", **data: Any) -> Case:
        case = self.take_up(**data)
        return acts.perform(verdict, on=case, by=official(self.t, by), at=self.t.at, reason=reason)

    def test_an_adopted_flag_waits_for_the_special_audit(self) -> None:
        case = self.judge("adopt")
        assert case.state == RedFlagState.ADOPTED
        [adopted] = verdicts.adopted_flags(self.t.project.pk)
        assert (adopted.case_id, adopted.code, adopted.reason) == (case.pk, "RF-03", "情况属实。")

    def test_a_flag_that_is_only_taken_up_is_still_open(self) -> None:
        self.take_up()
        assert verdicts.all_verdicts() == {}

    def test_a_change_of_mind_is_another_verdict(self) -> None:
        self.judge("adopt")
        self.judge("dismiss", by="discipline", reason="已说明。")
        assert verdicts.adopted_flags(self.t.project.pk) == []
        [last] = verdicts.all_verdicts().values()
        assert (last.state, last.reason, last.rows) == ("dismissed", "已说明。", frozenset(self.rows()))

    def test_new_rows_may_be_judged_anew(self) -> None:
        self.judge("dismiss")
        assert self.judge("dismiss", rows=self.rows(2)).state == RedFlagState.DISMISSED

    def test_only_who_audits_learns_of_it(self) -> None:
        case = self.judge("adopt")
        for office, sees in (("village", False), ("township", False), ("programme", False), ("finance", False),
                             ("audit", True), ("discipline", True), ("auditor", True),
                             ("secadmin", False)):  # fmt: skip
            assert access.may_see(official(self.t, office), case, at=self.t.at) is sees, office

    @refused_by("O-01")
    def test_the_office_that_is_looked_at_judges_nothing(self) -> None:
        self.judge("dismiss", by="finance")

    @refused_by("O-01")
    def test_the_auditor_who_only_reads_takes_nothing_up(self) -> None:
        self.take_up(office="auditor")

    @refused_by("O-02")
    def test_a_verdict_without_a_reason(self) -> None:
        self.judge("dismiss", reason="  ")

    @refused_by("V-01")
    def test_a_flag_about_entries_that_are_not_there(self) -> None:
        self.take_up(rows=[*self.rows(), 10**9])

    @refused_by("V-01")
    def test_a_flag_about_another_projects_entries(self) -> None:
        other = Entry.objects.exclude(root_id=self.t.project.pk).earliest("id")
        self.take_up(rows=[other.pk])

    @refused_by("V-02")
    def test_a_flag_that_a_colleague_has_taken_up(self) -> None:
        self.take_up()
        self.take_up(office="discipline")

    @refused_by("V-03")
    def test_the_same_verdict_twice(self) -> None:
        self.judge("dismiss", rows=self.rows(2))
        self.judge("dismiss", rows=self.rows(1))

    @refused_by("V-04")
    def test_a_verdict_on_ones_own_act(self) -> None:
        own = Entry.objects.filter(case_id=self.take_up().pk).latest("id")
        self.judge("dismiss", key="case 2", rows=[own.pk])


def test_an_adopted_flag_says_in_the_list_which_finding_took_it_up_or_that_none_did() -> None:
    audit = SimpleNamespace(number="A2026-00007")
    finding = SimpleNamespace(audit=audit, audit_id=7)
    for one, told in ((finding, "A2026-00007"), (None, "尚无对应的专项审计发现")):
        shown = {"state": "adopted", "state_label": "已采纳", "joined": 0, "finding": one}
        assert told in render_to_string("inspection/standing.html", {"one": shown})


class Standings(Stage):
    """Where a flag stands once somebody has judged it."""

    state = ProjectState.FILED

    def hit(self) -> Hit:
        for _n in range(3):
            self.t.do("return_to", seat="township", reason="补正材料。", data={"stage": "village"})
            self.t.do("resubmit", seat="village", reason="已补正。")
        [found] = (hit for hit in of_project(self.t.project.pk, today=self.t.at.date()) if hit.flag.code == "RF-07")
        return found

    def test_a_verdict_holds_for_the_rows_that_it_saw(self) -> None:
        hit = self.hit()
        data = {"code": "RF-07", "key": hit.key, "rows": [row.id for row in hit.rows]}
        case = self.t.open(RedFlag, seat="audit", data=data)
        self.t.do("dismiss", on=case, seat="audit", reason="新任文书，已培训。")
        [now] = verdicts.standing([hit], verdicts.all_verdicts())
        assert (now.state, now.joined) == ("dismissed", 0)
        again = self.hit()
        [now] = verdicts.standing([again], verdicts.all_verdicts())
        assert (now.state, now.joined, again.key) == ("open", 3, hit.key)

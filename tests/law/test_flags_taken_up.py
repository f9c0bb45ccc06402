"""An adopted red flag becomes a finding of the special audit: once, of its own project, by who judges flags."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from approvals import audit_papers, auditing
from audit.journal import facts_of
from audit.models import Entry
from tests.desks.test_audit_pages import text
from tests.law.auditing import UnderAudit
from tests.law.stages import refused_by
from workflows.flags import taken
from workflows.models import AuditFinding, Case, RedFlag


class TakenUp(UnderAudit):
    def adopted(self, *, key: str = "case 1", verdict: str = "adopt") -> Case:
        rows = list(Entry.objects.filter(case_id=self.t.project.pk).order_by("id").values_list("pk", flat=True)[:1])
        flag = self.t.open(RedFlag, seat="audit", data={"code": "RF-03", "key": key, "rows": rows})
        return self.t.do(verdict, on=flag, seat="audit", reason="情况属实。")

    def record(self, audit: Case, number: str, *, office: str = "audit") -> AuditFinding:
        by = auditing.member(audit, office)
        self.t.do("record_finding", on=audit, seat=office, by=by, data=auditing.FINDING | {"flag_number": number})
        return audit.typed().found[-1]  # type: ignore[attr-defined, no-any-return]

    def left(self) -> list[str]:
        return [one.case_number for one in taken.left(self.t.project.pk)]

    def test_a_finding_takes_an_adopted_flag_up(self) -> None:
        flag, audit = self.adopted(), self.in_the_field()
        assert self.left() == [flag.number]
        finding = self.record(audit, str(flag.number))
        assert self.left() == []
        assert flag.typed().taken_by == finding  # type: ignore[attr-defined]

    def test_a_finding_that_is_withdrawn_gives_the_flag_back(self) -> None:
        flag, audit = self.adopted(), self.in_the_field()
        finding = self.record(audit, str(flag.number))
        by = auditing.member(audit, "audit")
        self.t.do("withdraw_finding", on=audit, seat="audit", by=by, reason="撤回。", data={"finding_id": finding.pk})
        assert self.left() == [flag.number]
        self.record(audit, str(flag.number))
        assert self.left() == []

    @refused_by("A-28")
    def test_a_flag_that_a_finding_has_taken_up(self) -> None:
        flag, audit = self.adopted(), self.in_the_field()
        self.record(audit, str(flag.number))
        self.record(audit, str(flag.number))

    @refused_by("A-28")
    def test_a_flag_that_was_dismissed(self) -> None:
        flag, audit = self.adopted(verdict="dismiss"), self.in_the_field()
        self.record(audit, str(flag.number))

    @refused_by("A-28")
    def test_a_number_that_is_no_flag_of_the_project(self) -> None:
        self.adopted()
        self.record(self.in_the_field(), str(self.t.project.number))

    @refused_by("A-28")
    def test_a_flag_named_by_the_office_that_pays(self) -> None:
        flag, audit = self.adopted(), self.in_the_field()
        self.record(audit, str(flag.number), office="finance")

    def report(self, audit: Case, **data: Any) -> None:
        auditing.sign_sections(self.t, audit)
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 40_000_000})
        auditing.wait_for_silence(self.t)
        self.t.do("conclude", on=audit, seat="audit", reason="出具报告。", data=data)

    @refused_by("A-29")
    def test_a_report_that_passes_over_an_adopted_flag(self) -> None:
        self.adopted()
        self.report(self.in_the_field())

    @refused_by("A-29")
    def test_a_report_with_nothing_but_blanks_for_a_reason(self) -> None:
        self.adopted()
        self.report(self.in_the_field(), flags_reason="  ")

    @refused_by("A-29")
    def test_a_report_whose_finding_on_the_flag_was_withdrawn(self) -> None:
        flag, audit = self.adopted(), self.in_the_field()
        finding = self.record(audit, str(flag.number))
        by = auditing.member(audit, "audit")
        self.t.do("withdraw_finding", on=audit, seat="audit", by=by, reason="撤回。", data={"finding_id": finding.pk})
        self.report(audit)

    def test_a_report_with_the_flag_among_its_findings_or_with_the_reason_why_it_is_not(self) -> None:
        flag, audit = self.adopted(), self.in_the_field()
        self.record(audit, str(flag.number))
        other = self.adopted(key="case 2")
        self.report(audit, flags_reason="经核实，退回系材料格式所致。")
        assert audit.typed().state == "reported"
        said = facts_of(Entry.objects.filter(act="special_audit.conclude").get())["data"]
        assert said == {"flags_reason": "经核实，退回系材料格式所致。"}
        paper = text(audit_papers.report, audit)
        assert "理由：经核实，退回系材料格式所致。" in paper
        # The second flag was passed over with that reason, the first stands among the findings.
        passed = paper.partition("未形成审计发现的疑点预警：")[2].partition("理由")[0]
        assert [number in passed for number in (str(flag.number), str(other.number))] == [False, True]

    def test_a_dismissed_flag_holds_nothing_up(self) -> None:
        self.adopted(verdict="dismiss")
        audit = self.in_the_field()
        self.report(audit)
        assert audit.typed().state == "reported"

    # The pages

    def page(self, name: str, *args: object, office: str = "audit", audit: Case | None = None) -> str:
        self.client.force_login(auditing.member(audit, office) if audit else self.official(office))
        answer = self.client.get(reverse(name, args=args))
        assert answer.status_code == 200
        return answer.content.decode()

    def test_it_is_seen_when_the_audit_is_opened_and_on_its_page_until_a_finding_takes_it_up(self) -> None:
        flag = self.adopted()
        assert str(flag.number) in self.page("open", self.t.project.pk, "special_audit")
        audit = self.in_the_field()
        assert "没有对应审计发现" in self.page("case", audit.pk)
        assert "没有对应审计发现" not in self.page("case", audit.pk, office="finance")
        self.record(audit, str(flag.number))
        assert "没有对应审计发现" not in self.page("case", audit.pk)
        assert str(audit.number) in self.page("case", flag.pk)

    def test_the_form_offers_it_to_who_reads_flags(self) -> None:
        flag, audit = self.adopted(), self.in_the_field()
        option = f'<option value="{flag.number}"'
        assert option in self.page("act", audit.pk, "record_finding", audit=audit)
        assert option not in self.page("act", audit.pk, "record_finding", office="finance", audit=audit)

"""The page and the papers of a special audit: what stands on them at each stage, and what may follow from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from unittest import mock

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from approvals import audit_papers, auditing, papers
from tests.law.stages import Stage
from tests.record.archival import breaches
from workflows.models import Case, Rectification, SpecialAudit
from workflows.states import ProjectState as S


def text(make: Callable[[SpecialAudit], bytes], audit: Case) -> str:
    """What is to be read on a paper."""

    def plain(template: str, context: dict[str, object]) -> bytes:
        return strip_tags(render_to_string(template, context).partition("</style>")[2]).encode()

    row = audit.typed()
    assert isinstance(row, SpecialAudit)
    with mock.patch.object(papers, "pdf", plain):
        return re.sub(r"\s+", " ", make(row).decode())


class PagesOfAnAudit(Stage):
    state = S.UNDER_AUDIT

    def page(self, case: Case, name: str = "case", *args: object, office: str = "audit") -> str:
        self.client.force_login(self.official(office))
        answer = self.client.get(reverse(name, args=[case.pk, *args]))
        assert answer.status_code == 200
        return answer.content.decode()

    def test_the_notice_names_the_team_and_the_days_before_it_begins(self) -> None:
        audit = auditing.send_notice(self.t)
        told = text(audit_papers.notice, audit)
        for office in ("audit", "finance", "discipline"):
            assert auditing.member(audit, office).name in told
        assert "3个工作日" in told

    def test_the_draft_shows_the_dissent_and_until_when_to_reply(self) -> None:
        audit = auditing.thorough(self.t, until="drafted")
        told = text(audit_papers.report, audit)
        assert auditing.DISSENT in told
        assert "持不同意见的部门：财政局" in told
        assert str(audit.typed().reply_until) in told  # type: ignore[attr-defined]
        assert "排水沟断面偏小" not in told

    def test_notice_and_report_are_as_archives_ask(self) -> None:
        audit = auditing.thorough(self.t, until="drafted").typed()
        assert isinstance(audit, SpecialAudit)
        for make in (audit_papers.notice, audit_papers.report):
            assert breaches(make(audit)) == []

    def test_there_is_no_report_before_the_draft(self) -> None:
        audit = auditing.send_notice(self.t)
        self.client.force_login(self.official("audit"))
        assert self.client.get(reverse("audit-report", args=[audit.pk])).status_code == 404
        assert self.client.get(reverse("audit-notice", args=[self.t.project.pk])).status_code == 404

    def test_the_report_shows_answers_responses_and_the_sample(self) -> None:
        audit = auditing.thorough(self.t)
        told = text(audit_papers.report, audit)
        for said in ("检测点靠近伸缩缝", "部分采纳", "K0+360处复测仍不足", auditing.SEED, auditing.DISSENT):
            assert said in told
        row = audit.typed()
        assert isinstance(row, SpecialAudit)
        assert audit_papers.report(row)[:5] == b"%PDF-"
        assert row.sampled[0].digest in told

    def test_silence_is_named_as_such_in_the_report(self) -> None:
        audit = auditing.send_notice(self.t)
        auditing.begin_fieldwork(self.t, audit)
        auditing.sign_sections(self.t, audit)
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 1})
        auditing.wait_for_silence(self.t)
        self.t.do("conclude", on=audit, seat="audit", reason="出具报告。")
        assert "视同无异议" in text(audit_papers.report, audit)

    def test_the_page_lists_what_is_open_and_an_order_begins_with_what_the_finding_says(self) -> None:
        audit = auditing.thorough(self.t)
        row = audit.typed()
        assert isinstance(row, SpecialAudit)
        first, second = row.unsettled
        address = f"{reverse('open', args=[self.t.project.pk, 'rectification'])}?finding={first.pk}"
        assert address in self.page(audit)
        assert address not in self.page(audit, office="village")
        self.client.force_login(self.official("audit"))
        form = self.client.get(address).content.decode()
        assert first.facts in form
        assert first.article in form
        data = {
            "finding": first.finding, "origin": "audit", "found_in": audit.pk, "audit_finding_id": first.pk,
            "breach": first.facts, "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0, "items-0-demand": "返工",
            "items-0-article": first.article, "accountable_post_id": self.official("village").posts.get().pk,
        }  # fmt: skip
        assert self.client.post(address, data).status_code == 302
        order = Rectification.objects.get()
        assert order.audit_finding == first
        assert str(order.number) in self.page(audit)
        assert [one.pk for one in audit.typed().unsettled] == [second.pk]  # type: ignore[attr-defined]

    def test_what_is_found_in_the_field_is_read_by_the_auditing_offices_alone_until_the_draft(self) -> None:
        audit = auditing.thorough(self.t, until="fieldwork")
        for office in ("audit", "finance", "discipline", "auditor"):
            assert "K0+300" in self.page(audit, office=office)
            assert auditing.DISSENT in self.page(audit, office=office)
        for office in ("village", "township", "programme"):
            assert "K0+300" not in self.page(audit, office=office)
            for case in (audit, self.t.project):
                assert auditing.DISSENT not in self.page(case, office=office)
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 1})
        assert "K0+300" in self.page(audit, office="village")
        assert auditing.DISSENT in self.page(audit, office="village")

    def test_every_form_of_the_audit_can_be_filled_in(self) -> None:
        audit = auditing.thorough(self.t, until="fieldwork")
        for name in ("draw_sample", "record_finding", "withdraw_finding", "add_note", "exchange_member"):
            assert "<form" in self.page(audit, "act", name)
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 1})
        assert "K0+300" in self.page(audit, "act", "answer", office="village")
        assert "K0+300" in self.page(audit, "act", "support", office="village")
        auditing.reply(self.t, audit)
        assert "检测点靠近伸缩缝" in self.page(audit, "act", "respond")

    def test_a_reply_and_the_response_to_it_are_sent_from_their_forms(self) -> None:
        audit = auditing.thorough(self.t, until="drafted")
        first, second = audit.typed().standing  # type: ignore[attr-defined]
        self.client.force_login(self.official("village"))
        self.send(audit, "answer", {f"replies-{first.pk}": "不实。", "reason": "有异议。"})
        self.client.force_login(self.official("audit"))
        self.send(audit, "respond", {f"responses-{first.pk}": "rejected", f"grounds-{first.pk}": "有照片为证。",
                                     "reason": "已研究。"})  # fmt: skip
        heard = audit.typed().standing[0]  # type: ignore[attr-defined]
        assert (heard.reply, heard.response, heard.grounds) == ("不实。", "rejected", "有照片为证。")
        assert second.reply == ""

    def send(self, audit: Case, name: str, data: dict[str, str]) -> None:
        """Fill in the form of an act, at the time of the audit."""
        shown = audit.typed().root.family_version  # type: ignore[union-attr]
        with mock.patch("approvals.views.acting.timezone.now", return_value=self.t.at + self.t.pace):
            answer = self.client.post(reverse("act", args=[audit.pk, name]), data | {"shown": str(shown)})
        assert answer.status_code == 302, answer.content.decode()

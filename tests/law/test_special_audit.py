"""A special audit until its draft: every rule of it refuses once, and nobody overwrites another."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils import timezone

from approvals import auditing
from audit import journal
from audit.models import Entry
from tests.law.auditing import UnderAudit
from tests.law.stages import refused_by
from workflows import sampling
from workflows.models import AuditFinding, Case, Opinion, Post, SpecialAudit
from workflows.states import SpecialAuditState


class UntilTheDraft(UnderAudit):
    @refused_by("A-01")
    def test_an_audit_concluded_without_a_report(self) -> None:
        self.t.do("pass_audit", seat="audit")

    @refused_by("A-02")
    def test_a_second_audit_beside_the_first(self) -> None:
        self.notify()
        self.notify()

    def test_fieldwork_waits_three_working_days(self) -> None:
        audit = self.notify()
        self.come_on(timezone.localdate(self.t.at) + dt.timedelta(days=7))
        self.t.do("begin_fieldwork", on=audit, seat="audit")
        assert audit.typed().state == SpecialAuditState.FIELDWORK

    @refused_by("A-03")
    def test_fieldwork_on_the_second_day_after_the_notice(self) -> None:
        audit = self.notify()
        self.come_on(timezone.localdate(self.t.at) + dt.timedelta(days=2))
        self.t.do("begin_fieldwork", on=audit, seat="audit")

    @refused_by("A-04")
    def test_a_draft_without_the_section_of_the_discipline_inspection(self) -> None:
        audit = self.in_the_field()
        self.sign(audit, "audit")
        self.sign(audit, "finance")
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 1})

    @refused_by("A-06")
    def test_a_second_section_of_the_same_office(self) -> None:
        audit = self.in_the_field()
        self.sign(audit, "finance")
        self.sign(audit, "finance")

    # The team

    def form(self, **other: Any) -> dict[str, Any]:
        return auditing.notice(self.t) | other

    def open(self, **other: Any) -> Case:
        return self.t.open(SpecialAudit, seat="audit", data=self.form(**other))

    def post(self, office: str, hand: int = 0) -> int:
        return Post.objects.get(person=self.official(office, hand)).pk

    @refused_by("A-07")
    def test_a_team_without_the_discipline_inspection(self) -> None:
        self.open(team=self.form()["team"][:2])

    @refused_by("A-07")
    def test_a_team_that_two_lead(self) -> None:
        self.open(team=[one | {"leads": True} for one in self.form()["team"]])

    @refused_by("A-07")
    def test_a_team_with_somebody_of_the_programme_office(self) -> None:
        self.open(team=[*self.form()["team"], {"member_post_id": self.post("programme", 1)}])

    @refused_by("A-08")
    def test_a_team_with_whoever_checked_the_claims(self) -> None:
        paid = Entry.objects.filter(root_id=self.t.project.pk, act="claim.pay").latest("seq")
        post = Post.objects.get(person=paid.actor_id)
        first, _finance, third = self.form()["team"]
        self.open(team=[first, {"member_post_id": post.pk}, third])

    @refused_by("A-25")
    def test_a_period_that_is_still_to_come(self) -> None:
        self.open(period_until=timezone.localdate(self.t.at) + dt.timedelta(days=1))

    @refused_by("A-23")
    def test_a_special_case_approved_by_whoever_sent_the_notice(self) -> None:
        audit = self.notify()
        self.t.do(
            "approve_at_once", on=audit, seat="audit", reason="涉嫌转移资金。", data={"special_case": "suspected"}
        )

    def test_a_special_case_begins_on_the_same_day(self) -> None:
        audit = self.notify()
        head = self.official("audit", 1)
        self.t.do("approve_at_once", on=audit, seat="audit", by=head, reason="涉嫌转移资金。",
                  data={"special_case": "suspected"})  # fmt: skip
        self.t.do("begin_fieldwork", on=audit, seat="audit")
        assert audit.typed().state == SpecialAuditState.FIELDWORK

    def exchange(self, audit: Case, *, leaves: int, joins: int) -> None:
        self.t.do("exchange_member", on=audit, seat="audit", reason="本人申请回避。",
                  data={"leaves_id": leaves, "joins_post_id": joins})  # fmt: skip

    @refused_by("A-22")
    def test_somebody_leaves_who_is_not_on_the_team(self) -> None:
        self.exchange(self.notify(), leaves=0, joins=self.post("audit", 1))

    def test_who_left_stays_on_the_list_and_signs_no_more(self) -> None:
        audit = self.in_the_field()
        member = audit.typed().team_now[0]  # type: ignore[attr-defined]
        self.exchange(audit, leaves=member.pk, joins=self.post("audit", 1))
        assert [one.left_reason for one in audit.typed().members if one.left_at] == ["本人申请回避。"]  # type: ignore[attr-defined]
        self.t.do("sign_section", on=audit, seat="audit", by=self.official("audit", 1), reason="未发现问题。",
                  data=auditing.IN_ORDER)  # fmt: skip

    @refused_by("A-09")
    def test_a_section_by_somebody_who_is_not_on_the_team(self) -> None:
        audit = self.in_the_field()
        self.t.do("sign_section", on=audit, seat="audit", by=self.official("audit", 1), reason="未发现问题。",
                  data=auditing.IN_ORDER)  # fmt: skip

    @refused_by("A-16")
    def test_a_note_before_the_section(self) -> None:
        audit = self.in_the_field()
        self.t.do("add_note", on=audit, seat="audit", reason="补充。", data=auditing.IN_ORDER)

    def test_a_dissent_stands_whatever_the_others_write_and_its_office_alone_amends_it(self) -> None:
        audit = self.in_the_field()
        auditing.sign_sections(self.t, audit, dissent="finance")
        assert [one.office for one in audit.typed().dissents] == ["finance"]  # type: ignore[attr-defined]
        self.t.do("add_note", on=audit, seat="audit", reason="不同意财政意见。", data=auditing.IN_ORDER)
        assert [one.office for one in audit.typed().dissents] == ["finance"]  # type: ignore[attr-defined]
        self.t.do("add_note", on=audit, seat="finance", by=auditing.member(audit, "finance"), reason="已核清。",
                  data=auditing.IN_ORDER)  # fmt: skip
        heard = audit.typed()
        assert isinstance(heard, SpecialAudit)
        assert not heard.dissents
        finance = next(one for one in heard.statements if one.office == "finance")
        assert (finance.section.text, [note.text for note in finance.notes]) == (auditing.DISSENT, ["已核清。"])

    # Samples

    def draw(self, audit: Case, **other: Any) -> None:
        form = {"population": "payments", "method": "simple", "size": 1, "seed": "20261101"} | other
        self.t.do("draw_sample", on=audit, seat="audit", reason="抽查。", data=form)

    @refused_by("A-18")
    def test_a_sample_larger_than_its_population(self) -> None:
        self.draw(self.in_the_field(), size=500)

    @refused_by("A-26")
    def test_a_sample_without_a_seed_before_any_checkpoint(self) -> None:
        self.draw(self.in_the_field(), seed="")

    def test_a_sample_can_be_drawn_again_from_what_the_record_says(self) -> None:
        audit = self.in_the_field()
        self.draw(audit)
        sample = audit.typed().sampled[0]  # type: ignore[attr-defined]
        said = journal.facts_of(Entry.objects.filter(act="special_audit.draw_sample").get())["data"]
        again = sampling.draw(sample.rows, method=said["method"], size=said["size"], seed=said["seed"])
        assert (list(again), sampling.digest(sample.rows)) == (said["drawn"], said["digest"])

    # Findings

    def withdraw(self, audit: Case, finding: AuditFinding, *, office: str) -> None:
        self.t.do("withdraw_finding", on=audit, seat=office, by=auditing.member(audit, office), reason="证据不足。",
                  data={"finding_id": finding.pk})  # fmt: skip

    @refused_by("A-17")
    def test_a_finding_withdrawn_by_another_office(self) -> None:
        audit = self.in_the_field()
        self.withdraw(audit, self.find(audit, "discipline"), office="audit")

    def test_a_withdrawn_finding_stays_with_its_reason(self) -> None:
        audit = self.in_the_field()
        self.withdraw(audit, self.find(audit), office="audit")
        (kept,) = audit.typed().found  # type: ignore[attr-defined]
        assert (kept.standing, kept.withdrawn_reason) == (False, "证据不足。")

    def test_an_older_audit_gets_a_section_of_each_opinion(self) -> None:
        audit = self.in_the_field()
        head = self.official("audit")
        Opinion.objects.create(
            case=audit, seat="audit", state="fieldwork", round_no=1, agrees=False, text="旧意见", person=head,
            post=head.posts.get(), at=self.t.at,
        )  # fmt: skip
        import_module("workflows.migrations.0016_special_audit").settle(apps, None)
        (section,) = audit.typed().written  # type: ignore[attr-defined]
        assert (section.office, section.note_no, section.agrees, section.text) == ("audit", 0, False, "旧意见")

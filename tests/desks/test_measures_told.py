"""What the clock does about an order that nobody puts right is told to whom it concerns, not only written down."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import override

from approvals import clockwork
from approvals.notify import alarm, postman
from approvals.notify.kinds import Kind, told
from approvals.notify.models import Notification
from audit.models import Entry
from tests.law.ordering import Ordered
from workflows.models import Person

LADDER = ["criticise", "list_for_supervision", "refer"]


class MeasuresAreTold(Ordered):
    def lapse(self) -> None:
        """A year passes, and nobody acts."""
        for _n in range(2):
            at = self.t.at + dt.timedelta(days=365)
            clockwork.sweep(at=at, tell=alarm.teller(at))

    def measures(self, person: Person) -> list[str]:
        rows = Notification.objects.filter(person=person, kind=Kind.MEASURE, case=self.order).order_by("pk")
        return [row.facts["act"] for row in rows]

    def test_addressee_and_issuer_hear_of_each_and_discipline_of_the_referral(self) -> None:
        self.lapse()
        assert self.now.referred_at is not None
        issuer = self.now.opened_by
        assert issuer is not None
        assert {office: self.measures(self.official(office)) for office in ("village", "discipline", "finance")} == {
            "village": LADDER, "discipline": ["refer"], "finance": [],
        }  # fmt: skip
        assert self.measures(issuer) == LADDER

    def test_a_later_measure_does_not_hide_the_ones_before_it(self) -> None:
        self.lapse()
        postman.tell(self.t.at + dt.timedelta(days=731))
        open_ones = Notification.objects.filter(person=self.official("village"), over_at__isnull=True)
        assert [row.facts["act"] for row in open_ones.filter(kind=Kind.MEASURE).order_by("pk")] == LADDER

    def test_after_a_standstill_one_reminder_is_told_and_every_other_rung(self) -> None:
        clockwork.sweep(at=self.t.at + dt.timedelta(days=365), tell=alarm.teller(self.t.at + dt.timedelta(days=365)))
        told_of = Notification.objects.filter(person=self.official("village"), case=self.order)
        assert told_of.filter(kind=Kind.REMINDER).count() == 1
        assert Entry.objects.filter(case_id=self.order.pk, act="rectification.remind").count() > 1
        assert self.measures(self.official("village")) == LADDER

    def test_the_message_names_the_measure_in_the_readers_language(self) -> None:
        self.lapse()
        self.client.force_login(self.official("discipline"))
        self.assertContains(self.client.get(reverse("notifications")), "超时自动移送纪检监察：办理时限已于")
        row = Notification.objects.filter(person=self.official("discipline"), kind=Kind.MEASURE).get()
        with override("en"):
            said = told(row.kind, case_kind="rectification", facts=row.facts, at=row.at)
        assert said.startswith("Automatic referral to discipline inspection: its term ended on ")

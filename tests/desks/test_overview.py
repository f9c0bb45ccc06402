"""The first page of the auditor's desk: the worst first, of his county only, each with its way on."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import fresh_application, official
from tests.law.stages import Stage
from workflows.models import Case
from workflows.states import ProjectState


class Overview(Stage):
    state = ProjectState.FILED

    def page(self, office: str = "auditor") -> Client:
        client = Client()
        client.force_login(official(self.t, office))
        return client

    def due(self, *, in_days: int) -> None:
        Case.objects.filter(pk=self.t.project.pk).update(due_at=timezone.now() + dt.timedelta(days=in_days))

    def test_an_auditor_comes_to_it_first(self) -> None:
        self.assertRedirects(self.page().get(reverse("queue")), reverse("inspection:overview"))

    def test_it_says_when_all_is_well(self) -> None:
        self.due(in_days=3)
        shown = self.page().get(reverse("inspection:overview"))
        assert (shown.context["flags_count"], shown.context["findings_count"], shown.context["late_count"]) == (0, 0, 0)

    def test_a_red_flag_leads_to_its_page(self) -> None:
        for _n in range(3):
            self.t.do("return_to", seat="township", reason="补正材料。", data={"stage": "village"})
            self.t.do("resubmit", seat="village", reason="已补正。")
        shown = self.page().get(reverse("inspection:overview"))
        one = next(one for one in shown.context["flags"] if one.hit.flag.code == "RF-07")
        self.assertContains(shown, reverse("inspection:flag", args=["RF-07", one.hit.print]))

    def test_what_is_overdue_names_its_desk(self) -> None:
        self.due(in_days=-3)
        shown = self.page().get(reverse("inspection:overview"))
        assert shown.context["late_count"] == 1
        self.assertContains(shown, str(self.t.project.number))

    def test_it_costs_no_more_than_other_pages(self) -> None:
        auditor = self.page()
        auditor.get(reverse("inspection:overview"))
        with CaptureQueriesContext(connection) as asked:
            auditor.get(reverse("inspection:overview"))
        assert len(asked) <= 20, [one["sql"][:90] for one in asked]

    def test_another_countys_matters_are_not_shown(self) -> None:
        other = Client()
        other.force_login(official(fresh_application(rulebook="henan-county"), "auditor"))
        self.due(in_days=-3)
        shown = other.get(reverse("inspection:overview"))
        self.assertNotContains(shown, str(self.t.project.number))

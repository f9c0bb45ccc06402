"""The timelines: of a project with its cases, and of a person's year, as the entries tell them."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from tests.desks.test_time_pages import PLANTED, plant
from tests.factories import fresh_application, official
from tests.law.stages import Stage
from workflows.states import ProjectState


class Timelines(Stage):
    state = ProjectState.BUILDING

    def setUp(self) -> None:
        self.client = Client()
        self.client.force_login(official(self.t, "auditor"))

    def test_every_case_of_the_project_has_a_lane_and_every_act_a_mark(self) -> None:
        root = self.t.project.pk
        page = self.client.get(reverse("inspection:timeline", args=[root]))
        lanes = page.context["picture"].lanes
        of_root = Entry.objects.filter(root_id=root)
        assert len(lanes) == of_root.values("case_id").distinct().count() > 1
        assert sum(len(lane.marks) for lane in lanes) == of_root.count()
        assert lanes[0].bars[-1].wait.ended is None
        self.assertNotContains(page, "style=")

    def test_a_sub_case_opens_the_timeline_of_its_project(self) -> None:
        root = self.t.project.pk
        sub = Entry.objects.filter(root_id=root).exclude(case_id=root).values_list("case_id", flat=True)[0]
        page = self.client.get(reverse("inspection:timeline", args=[sub]))
        assert page.context["root"] == root

    def test_the_overdue_part_begins_where_the_term_ends(self) -> None:
        plant()
        page = self.client.get(reverse("inspection:timeline", args=[900002]))
        [lane] = page.context["picture"].lanes
        filed = next(bar for bar in lane.bars if bar.wait.began.state_to == "filed")
        assert filed.wait.over
        assert filed.wait.due_on == dt.date(2025, 3, 17)
        assert float(filed.x) < float(filed.over_x) < float(filed.x) + float(filed.width)
        assert page.context["picture"].title == "工程900002"

    def test_it_also_holds_where_the_tables_have_lost_the_case(self) -> None:
        plant()
        for case_id in PLANTED:
            assert self.client.get(reverse("inspection:timeline", args=[case_id])).status_code == 200
        assert self.client.get(reverse("inspection:timeline", args=[999999])).status_code == 404

    def test_another_countys_project_is_not_shown(self) -> None:
        other = fresh_application(rulebook="henan-county").project.pk
        assert self.client.get(reverse("inspection:timeline", args=[other])).status_code == 404

    def test_a_persons_year_counts_every_entry_once(self) -> None:
        actor = self.t.project.opened_by_id
        year = timezone.localdate(Entry.objects.filter(actor_id=actor).latest("happened_at").happened_at).year
        page = self.client.get(reverse("inspection:person", args=[actor]))
        done = Entry.objects.filter(actor_id=actor, happened_at__year=year).count()
        assert page.context["year"] == year
        assert page.context["total"] == done > 0
        assert sum(square.count for square in page.context["squares"]) == done
        assert sum(count for _act, _name, count in page.context["acts"]) == done
        assert sum(row[2] for row in page.context["posts"]) == done
        address = reverse("inspection:person", args=[actor])
        assert self.client.get(address, {"year": year - 40}).status_code == 404
        assert self.client.get(reverse("inspection:person", args=[0])).status_code == 404

    def test_both_are_linked_from_the_record(self) -> None:
        entry = Entry.objects.filter(case_id=self.t.project.pk, actor_id__isnull=False).latest("id")
        self.assertContains(
            self.client.get(reverse("audit:entry", args=[entry.pk])),
            reverse("inspection:person", args=[entry.actor_id]),
        )
        self.assertContains(
            self.client.get(reverse("audit:case", args=[entry.case_id])),
            reverse("inspection:timeline", args=[entry.case_id]),
        )

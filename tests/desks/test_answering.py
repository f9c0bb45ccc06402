"""Who answered for what: told from the record and the posts as they were, whatever has happened to people since."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals import clockwork, desks, ordering
from approvals.traveller import Traveller
from audit.models import Entry
from tests.desks.pages import cost
from tests.factories import official, project_at
from tests.record.archival import breaches
from workflows import lapses, responsibility, statements
from workflows.lifecycles import KINDS, all_acts
from workflows.models import Complaint, Person, Post, Rectification
from workflows.offices import Office
from workflows.statements import Sums
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


def stages(t: Traveller) -> list[responsibility.Stage]:
    lying = desks.waiting_on(t.project.pk).select_related("unit")
    return responsibility.of_family(t.project.pk, waiting=[(t.project.pk, task.unit) for task in lying if task.unit])


def names(stage: responsibility.Stage) -> set[str]:
    return {post.person.name for post in stage.holders}


def copy_entries(entry: Entry, count: int) -> None:
    """So many more entries like this one, below the journal: only their number matters here."""
    first = Entry.objects.latest("id").pk
    fields = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    Entry.objects.bulk_create(
        Entry(**fields | {"id": first + n, "case_id": 10_000_000 + n, "hash": f"{n:064d}"}) for n in range(1, count + 1)
    )


class TestOfACase:
    def test_a_lapse_is_told_by_acts_that_the_clock_knows(self) -> None:
        by_clock = {act.name for machine in KINDS.values() for act in all_acts(machine) if "clock" in act.seats}
        assert set(responsibility.LATE) <= by_clock

    def test_every_wait_names_unit_holders_and_who_acted(self) -> None:
        t = project_at(S.JOINT_REVIEW)
        township = next(stage for stage in stages(t) if stage.state == S.FILED)
        assert township.until is not None
        assert township.unit_name == official(t, Office.TOWNSHIP).posts.get().unit.name
        assert township.actor_name in names(township)
        assert names(township) == {official(t, Office.TOWNSHIP, hand=hand).name for hand in (0, 1)}

    def test_what_waits_is_open_at_the_units_where_it_lies(self) -> None:
        t = project_at(S.JOINT_REVIEW)
        waiting = [stage for stage in stages(t) if stage.until is None]
        assert {stage.state for stage in waiting} == {S.JOINT_REVIEW}
        assert {stage.unit_id for stage in waiting} == {task.unit_id for task in desks.waiting_on(t.project.pk)}

    def test_a_transfer_changes_nothing_of_what_lies_behind_and_names_the_successor_for_what_waits(self) -> None:
        t = project_at(S.JOINT_REVIEW)
        day = timezone.localdate(t.at)
        before = {stage.state: names(stage) for stage in stages(t) if stage.until}
        post = official(t, Office.FINANCE).posts.get()
        Post.objects.filter(pk=post.pk).update(until=day)
        successor = Person.objects.create_user("successor", name="后任")
        Post.objects.create(person=successor, unit=post.unit, title="接任", since=day + dt.timedelta(days=1))
        assert {stage.state: names(stage) for stage in stages(t) if stage.until} == before
        (finance,) = [stage for stage in stages(t) if stage.until is None and stage.unit_id == post.unit_id]
        assert {post.person.name, "后任"} <= names(finance)
        assert all("后任" not in held for held in before.values())

    def test_a_lapse_that_the_clock_found_stands_at_its_stage(self) -> None:
        t = project_at(S.FILED)
        assert t.project.due_at is not None
        clockwork.sweep(at=t.project.due_at + dt.timedelta(days=40))
        (waiting,) = [stage for stage in stages(t) if stage.until is None]
        assert waiting.lapses >= 1

    def test_whoever_may_not_read_a_complaint_does_not_learn_of_it_here(self, client: Client) -> None:
        t = project_at(S.BUILDING)
        complaint = t.open(Complaint, seat="discipline", data={"text": "偷工减料"})
        for office, told in ((Office.DISCIPLINE, True), (Office.VILLAGE, False)):
            client.force_login(official(t, office))
            page = client.get(reverse("case-responsibility", args=[t.project.pk]))
            assert (str(complaint.number) in page.content.decode()) == told

    def test_the_page_asks_no_more_of_a_long_history_than_of_a_short_one(self, client: Client) -> None:
        costs = []
        for state in (S.FILED, S.BUILDING):
            t = project_at(state)
            client.force_login(official(t, Office.AUDITOR))
            address = reverse("case-responsibility", args=[t.project.pk])
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            costs.append(cost(asked))
        assert costs[1] <= costs[0] <= 20


def sums_of(person: Person) -> Sums:
    acts = responsibility.acts_of(person.pk)
    told = responsibility.statement(person.pk, acts=acts, since=None, until=None)
    late = lapses.of_person(person.pk, seen=Entry.objects.all(), since=None, until=None, today=dt.date.max)
    return statements.sums(
        person.pk, told.deeds, late=late, orders=Entry.objects.filter(act="rectification.open")
    )  # fmt: skip


class TestOfAPerson:
    def test_posts_and_acts_of_a_period(self) -> None:
        t = project_at(S.APPROVED)
        clerk = official(t, Office.PROGRAMME)
        told = responsibility.statement(clerk.pk, acts=responsibility.acts_of(clerk.pk), since=None, until=None)
        assert [post.person_id for post in told.posts] == [clerk.pk]
        assert told.count == responsibility.acts_of(clerk.pk).count() > 0
        assert {one.act for one in told.deeds} <= set(responsibility.acts_of(clerk.pk).values_list("act", flat=True))
        long_ago = dt.date(2001, 1, 1)
        none = responsibility.statement(clerk.pk, acts=responsibility.acts_of(0), since=long_ago, until=long_ago)
        assert (none.posts, none.count) == ([], 0)

    def test_himself_and_who_reads_the_record_and_nobody_else(self, client: Client) -> None:
        t = project_at(S.FILED)
        clerk = official(t, Office.TOWNSHIP)
        readers = {Office.TOWNSHIP, Office.AUDIT, Office.DISCIPLINE, Office.AUDITOR, Office.SECADMIN}
        for office in Office:
            client.force_login(official(t, office))
            expected = 200 if office in readers else 404
            for page in ("statement", "statement-csv", "statement-pdf"):
                assert client.get(reverse(page, args=[clerk.pk])).status_code == expected, (office, page)

    def test_the_page_narrows_to_a_period_and_refuses_one_that_runs_backwards(self, client: Client) -> None:
        t = project_at(S.FILED)
        clerk = official(t, Office.VILLAGE)
        client.force_login(clerk)
        page = reverse("statement", args=[clerk.pk])
        assert client.get(page).context["told"].count > 0
        assert client.get(page, {"until": "2001-01-01"}).context["told"].count == 0
        assert client.get(page, {"since": "2026-02-02", "until": "2026-01-01"}).status_code == 400
        for paper in ("statement-csv", "statement-pdf"):
            answer = client.get(reverse(paper, args=[clerk.pk]), {"since": "2026-02-02", "until": "2026-01-01"})
            assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")

    def test_it_sums_projects_cases_and_what_was_done_for_others_or_entered_late(self) -> None:
        t = project_at(S.APPROVED)
        clerk = official(t, Office.PROGRAMME)
        acts = responsibility.acts_of(clerk.pk)
        told = responsibility.statement(clerk.pk, acts=acts, since=None, until=None)
        rows = list(acts)
        assert told.projects == len({row.root_id for row in rows}) == 1
        assert told.cases == len({row.case_id for row in rows}) > 1
        assert (told.on_behalf, told.late) == (0, sum(row.late for row in rows))

    def test_it_sums_decisions_amounts_returns_lapses_and_orders(self) -> None:
        t = project_at(S.FILED)
        township = official(t, Office.TOWNSHIP)
        assert sums_of(township) == Sums(decisions=0, approved_fen=0, returned=0, overdue=0, orders=0)
        due = t.project.due_at
        assert due is not None
        for days in range(1, 40):
            clockwork.sweep(at=due + dt.timedelta(days=days))
        t.at = due + dt.timedelta(days=40)
        t.do("return_to", seat="township", data={"stage": "village"}, reason="请补正。", by=township)
        t.do("resubmit", seat="village", reason="已补正。")
        # Back in the same stage, in a new wait: what lapsed in the old one is not his a second time.
        t.do("pass_township", seat="township", reason="同意。", by=township)
        assert sums_of(township) == Sums(
            decisions=2, approved_fen=Entry.objects.get(act="project.pass_township").amount_fen or 0, returned=1,
            overdue=1, orders=0,
        )  # fmt: skip

    def test_it_names_the_orders_that_he_answered_for(self) -> None:
        t = project_at(S.BUILDING)
        order = ordering.rectify(t, to="township", seat="discipline").typed()
        assert isinstance(order, Rectification)
        assert order.accountable_post is not None
        assert sums_of(order.accountable_post.person).orders == 1
        assert sums_of(official(t, Office.PROGRAMME)).orders == 0

    def test_the_paper_is_a_pdf_and_the_same_for_the_same_record(self, client: Client) -> None:
        t = project_at(S.FILED)
        clerk = official(t, Office.VILLAGE)
        client.force_login(clerk)
        page = reverse("statement-pdf", args=[clerk.pk])
        first, second = client.get(page), client.get(page)
        assert first.headers["Content-Type"] == "application/pdf"
        assert first.content.startswith(b"%PDF")
        assert first.content == second.content
        assert breaches(first.content) == []

    def test_thousands_of_acts_cost_no_more_queries_than_a_few(self, client: Client) -> None:
        t = project_at(S.FILED)
        clerk = official(t, Office.VILLAGE)
        client.force_login(clerk)
        page = reverse("statement", args=[clerk.pk])
        client.get(page)
        costs = []
        for more in (0, 5000):
            entry = Entry.objects.filter(actor_id=clerk.pk).order_by("id").first()
            assert entry is not None
            copy_entries(entry, more)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            costs.append(cost(asked))
        assert costs[1] <= costs[0] <= 20

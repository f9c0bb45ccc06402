"""What passing a term brings: automatic acts, a freeze, and what happens where the law refuses the clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from approvals import auditing, clockwork, desks, stops
from approvals.public.serializer import criticisms
from approvals.traveller import Traveller
from tests.factories import MORNING, fresh_application, official, project_at
from tests.law import counties
from tests.law.stages import refused_by
from tests.law.test_clock import automatic, now
from workflows import acts, clock
from workflows.law import Refused
from workflows.models import Case, SpecialAudit
from workflows.offices import outsider
from workflows.openness import public_criticisms
from workflows.states import ProjectState as S
from workflows.states import SpecialAuditState

pytestmark = pytest.mark.django_db


class TestEffects:
    def county(self, tmp_path: Any, effect: str) -> str:
        given: Any = {"days": 5, "day_kind": "working", "effect": effect}
        return counties.rulebook(tmp_path, f"county-{effect}", **{"deadlines.returned": given})

    def returned(self, book: str) -> Traveller:
        t = project_at(S.FILED, rulebook=book)
        t.do("return_to", seat="township", reason="预算有误。", data={"stage": "village"})
        return t

    def test_an_application_not_resubmitted_is_withdrawn_where_the_county_says_so(self, tmp_path: Any) -> None:
        t = self.returned(self.county(tmp_path, "automatic"))
        clockwork.sweep(at=t.at + dt.timedelta(days=20))
        assert now(t).state == S.WITHDRAWN
        assert automatic(t.project)[-1][1] == "lapse"
        assert not desks.waiting_on(t.project.pk).exists()

    @refused_by("K-05")
    def test_a_term_that_freezes_bars_the_units_next_filing(self, tmp_path: Any) -> None:
        book = self.county(tmp_path, "freeze")
        t = self.returned(book)
        clockwork.sweep(at=t.at + dt.timedelta(days=20))
        assert "freeze" in [act for _day, act in automatic(t.project)]
        other = fresh_application(rulebook=book, at=t.at + dt.timedelta(days=21))
        other.papers("project.file", seat="village")
        other.do("file", seat="village")

    def test_a_term_that_brings_criticism_is_published_once_with_the_unit_that_lapsed(self, tmp_path: Any) -> None:
        given: Any = {"effect": "criticise"}
        book = counties.rulebook(tmp_path, "county-criticise", **{"deadlines.on_notice": given})
        t = project_at(S.ON_NOTICE, rulebook=book)
        due = t.project.due_at
        assert due is not None
        for days in (30, 60):
            clockwork.sweep(at=t.at + dt.timedelta(days=days))
        [told] = criticisms(public_criticisms(t.project))
        assert [act for _day, act in automatic(t.project)].count("criticise") == 1
        assert (told.number, told.deadline, told.rectified) == (t.project.number, timezone.localdate(due), False)
        assert told.unit == official(t, "programme").posts.get().unit.name
        page = Client().get(reverse("public:project", args=[t.project.number])).content.decode()
        assert 'id="criticism"' in page

    @refused_by("K-08")
    def test_nobody_is_criticised_while_the_evidence_lies_with_another(self) -> None:
        t = project_at(S.BUILDING)
        order = stops.rectify(t)
        t.do("acknowledge", on=order, seat="village")
        stops.answer_order(t, order)
        given = {"step": "after:10", "due_on": "2027-01-01"}
        acts.perform("criticise", on=order, by=outsider("clock"), at=t.at, data=given)

    def test_silence_on_the_draft_report_counts_as_no_objection(self) -> None:
        t = project_at(S.UNDER_AUDIT)
        audit = auditing.send_notice(t)
        t.wait(6)
        t.do("begin_fieldwork", on=audit, seat="audit")
        auditing.sign_sections(t, audit)
        t.do("draft", on=audit, seat="audit", reason="审定。", data={"audited_fen": 100})
        clockwork.sweep(at=t.at + dt.timedelta(days=30))
        heard = audit.typed()
        assert isinstance(heard, SpecialAudit)
        assert heard.silent
        assert heard.state == SpecialAuditState.DRAFTED


def test_an_act_that_the_law_refuses_is_passed_over_and_the_next_rung_still_comes() -> None:
    t = project_at(S.FILED)

    def do(name: str, **given: Any) -> Case:
        if name == "escalate":
            raise Refused([])
        return desks.take(name, **given)

    (row,) = clock.due(at=t.at + dt.timedelta(days=60), limit=9)
    clock.ring(row, at=t.at + dt.timedelta(days=60), do=do)
    assert [act for _day, act in automatic(t.project)] == ["remind", "pass_over", "remind"]


class TestCommand:
    def test_it_runs_for_now(self, capsys: Any) -> None:
        call_command("run_clock")
        assert capsys.readouterr().out

    def test_it_names_what_it_did_by_its_label_also_where_only_an_order_knows_the_act(self, capsys: Any) -> None:
        t = project_at(S.BUILDING, at=MORNING - dt.timedelta(days=300))
        stops.rectify(t)
        late = t.at + dt.timedelta(days=100)
        with translation.override("en"):
            call_command("run_clock", "--at", f"{timezone.localtime(late):%Y-%m-%dT%H:%M}")
        out = capsys.readouterr().out
        assert "Automatic public criticism: 1" in out
        assert "criticise" not in out

    @pytest.mark.parametrize("text", ["2999-01-01T08:00", "tomorrow", "2026-13-01T08:00"])
    def test_it_refuses_a_time_that_is_none_or_lies_ahead(self, text: str) -> None:
        with pytest.raises(CommandError):
            call_command("run_clock", "--at", text)

"""A request for more time: it reaches whoever decides on it, with all that he must know to decide."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals import asked, ordering
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import official, project_at
from workflows.models import Case
from workflows.offices import Office
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


def queue_of(t: Traveller, office: str) -> str:
    client = Client()
    client.force_login(official(t, office))
    return client.get(reverse("queue"), {"tab": "asked"}).content.decode()


def ask(t: Traveller, case: Case, *, seat: str) -> Case:
    return t.do("ask_extension", on=case, seat=seat, reason="连日降雨。", data={"working_days": 5})


def test_it_lies_before_the_superior_and_no_one_else() -> None:
    t = project_at(S.BUILDING)
    ask(t, t.project, seat="village")
    assert t.project.title in queue_of(t, "township")
    assert t.project.title not in queue_of(t, "programme")
    t.do("grant_extension", seat="township", reason="情况属实。")
    assert t.project.title not in queue_of(t, "township")


def test_desks_and_law_agree_on_who_decides() -> None:
    t = project_at(S.BUILDING)
    order = ordering.rectify(t, to="township", seat="discipline").typed()
    t.do("acknowledge", on=order, seat="township")
    cases = [ask(t, t.project, seat="village"), ask(t, order, seat="township")]
    for case in cases:
        found = [office for office in Office if asked.for_offices([office]).filter(process__case=case.pk).exists()]
        assert set(found) == case.deciders()


def test_the_form_says_how_many_days_why_and_until_when() -> None:
    t = project_at(S.BUILDING)
    ask(t, t.project, seat="village")
    client = Client()
    client.force_login(official(t, "township"))
    page = client.get(reverse("act", args=[t.project.pk, "grant_extension"])).content.decode()
    until = t.project.asked_until(at=timezone.now())
    assert f"<b>{until}" in page
    assert "连日降雨。" in page
    assert Entry.objects.get(case_id=t.project.pk, act="project.ask_extension").actor_name in page

"""What pages tell whom: whose signature counts, why a grant was refused, whom the demo logs in as first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone, translation

from approvals.views.login import demo_cast
from tests.factories import fresh_application, official, project_at
from workflows import seating, words
from workflows.models import Person, Post
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def test_a_signature_that_counted_is_of_no_earlier_round() -> None:
    t = project_at(S.PIPELINE)
    page = client_of(official(t, "programme")).get(f"/cases/{t.project.pk}/").content.decode()
    assert page.count('b-good">同意') == 3
    assert "前一轮" not in page


def test_several_offices_are_listed_as_the_readers_language_lists_them() -> None:
    t = project_at(S.JOINT_REVIEW)
    for language, comma in (("zh-hans", "、"), ("en", ", ")):
        with translation.override(language):
            assert seating.turn_of(t.project).count(comma) == len(t.project.seats()) - 1 > 0


def test_a_refused_grant_is_told_to_the_administrator_whose_page_has_no_form() -> None:
    t = project_at(S.FILED)
    finance = official(t, "finance")
    form = {"deed": "grant", "person": finance.pk, "unit": finance.posts.get().unit_id, "title": "兼任",
            "since": "2026-01-05"}  # fmt: skip
    response = client_of(official(t, "sysadmin")).post("/people/", form)
    assert response.status_code == 409
    assert "安全管理员" in response.content.decode().split("alert-danger")[1][:200]


def test_the_login_page_leads_with_the_accounts_that_the_demo_prints() -> None:
    t = project_at(S.FILED)
    township = official(t, "township").posts.get().unit
    printed = Person.objects.create_user("hanhaiyan", None, name="韩海燕")
    Post.objects.create(person=printed, unit=township, title="专干", since=dt.date(2020, 1, 1))
    (posts,) = [posts for office, posts in demo_cast(on=dt.date(2026, 1, 5)) if office == words.office("township")]
    assert len(posts) > 1
    assert posts[0].person == printed


def test_a_long_form_says_at_its_top_what_is_wrong_with_it() -> None:
    t = fresh_application()
    form = {"title": "", "grant_fen": "-5", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
            "lines-0-item": "路基", "lines-0-unit_price_fen": "x", "shown": str(t.project.family_version)}  # fmt: skip
    page = client_of(official(t, "village")).post(f"/cases/{t.project.pk}/edit/", form).content.decode()
    top = page.split('id="faults"')[1].split("</ul>")[0]
    for anchor in ("id_title", "id_grant_fen", "id_lines-0-unit_price_fen"):
        assert f'href="#{anchor}"' in top
        assert f'id="{anchor}"' in page


def test_whose_post_ended_while_the_page_was_open_is_told_so() -> None:
    t = project_at(S.FILED)
    reviewer = official(t, "township")
    client, address = client_of(reviewer), f"/cases/{t.project.pk}/acts/pass_township/"
    assert client.get(address).status_code == 200
    Post.objects.filter(person=reviewer).update(until=timezone.localdate() - dt.timedelta(days=1))
    response = client.post(address, {"shown": str(t.project.family_version), "reason": "同意上报。"})
    assert response.status_code == 404
    assert "您今日没有任职岗位" in response.content.decode()
    assert "您今日没有任职岗位" not in client_of(official(t, "finance")).get("/cases/999999/").content.decode()


def test_a_sub_case_that_the_law_would_refuse_is_no_button_and_says_why() -> None:
    t = project_at(S.ON_NOTICE)
    client, address = client_of(official(t, "programme")), f"/cases/{t.project.pk}/"
    page = client.get(address).content.decode()
    assert f"{address}open/notice/" in page
    assert f"{address}open/acceptance/" not in page
    why = page.split("申请验收")[1].split("</details>")[0]
    assert "X-04" in why
    form = client.get(f"{address}open/acceptance/").content.decode()
    assert "X-04" in form

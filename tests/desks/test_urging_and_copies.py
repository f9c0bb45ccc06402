"""催办, 抄送, 已阅: who may, how often, and what the others see of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import clockwork, desks
from approvals.models import WAITING, DeskTask
from approvals.notify import alarm, copying, urging
from approvals.notify.kinds import Kind
from approvals.notify.models import Copy, Mail, Notification, Urge
from approvals.traveller import Traveller
from tests.desks.accounts import cast
from tests.factories import official, project_at
from tests.journeys.clerk import clock_at
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def desk_of(t: Traveller) -> DeskTask:
    task: DeskTask = DeskTask.objects.get(process__case=t.project, status__in=WAITING)
    return task


# 催办


def test_the_village_urges_once_a_day_and_the_case_page_says_so() -> None:
    t = project_at(S.FILED)
    village, clerk = official(t, "village"), official(t, "township")
    before = t.project.entry_count
    urging.urge(t.project, by=village, at=t.at)
    with pytest.raises(urging.NotNow, match="今日已催办"):
        urging.urge(t.project, by=official(t, "village", hand=1), at=t.at + dt.timedelta(hours=2))
    urging.urge(t.project, by=village, at=t.at + dt.timedelta(days=1))
    assert Notification.objects.filter(kind="urged", person=clerk).count() == 2
    assert type(t.project).objects.get(pk=t.project.pk).entry_count == before
    with clock_at(t.at):
        page = client_of(clerk).get(reverse("case", args=[t.project.pk])).content.decode()
    assert "已催办2次" in page


def test_who_has_claimed_it_is_urged_alone() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    desks.claim(desk_of(t), by=clerk, at=t.at)
    urging.urge(t.project, by=official(t, "village"), at=t.at)
    assert [one.person for one in Notification.objects.filter(kind="urged")] == [clerk]


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("township", "本单位"), ("finance", "只有等待"), ("other village", "只有等待"), ("sysadmin", "只有等待"),
        ("programme", ""), ("village", ""),
    ],
)  # fmt: skip
def test_only_who_waits_for_a_case_or_stands_above_urges_it(who: str, refused: str) -> None:
    t = project_at(S.FILED)
    person: Any = cast(t)[who]
    lying = list(desks.waiting_on(t.project.pk).select_related("unit"))
    told = urging.why_not(t.project, lying, by=person, at=t.at)
    assert told.startswith(refused) if not refused else refused in told
    assert bool(told) == bool(refused)


def test_nobody_urges_a_case_that_has_ended() -> None:
    t = project_at(S.FILED)
    DeskTask.objects.update(status="DONE")
    with pytest.raises(urging.NotNow, match="已办结"):
        urging.urge(t.project, by=official(t, "village"), at=t.at)
    assert not Urge.objects.exists()


# 抄送, 已阅


def test_a_copy_is_read_and_the_sender_sees_when() -> None:
    t = project_at(S.FILED)
    village, head = official(t, "village"), official(t, "township", hand=1)
    with clock_at(t.at):
        sender, reader = client_of(village), client_of(head)
        address = reverse("copy", args=[t.project.pk])
        answer = sender.post(address, {"to": f"person-{head.pk}", "text": "请知悉"})
        assert answer.status_code == 302
        copy = Copy.objects.get()
        assert "请知悉" in reader.get(reverse("copies")).content.decode()
        assert "未阅" in sender.get(reverse("copies") + "?tab=by-me").content.decode()
        assert client_of(village).post(reverse("copy-read", args=[copy.pk])).status_code == 404
        reader.post(reverse("copy-read", args=[copy.pk]))
        assert "未阅" not in sender.get(address).content.decode()
    copy.refresh_from_db()
    assert copy.read_at == t.at
    assert Notification.objects.get(kind="copied").read_at == t.at


def test_two_clicks_send_one_copy() -> None:
    t = project_at(S.FILED)
    village, head = official(t, "village"), official(t, "township", hand=1)
    given: Any = {"by": village, "to": [head], "text": "请知悉"}
    assert copying.send(t.project, **given, at=t.at) == [head]
    assert copying.send(t.project, **given, at=t.at + dt.timedelta(seconds=1)) == []
    assert Copy.objects.count() == Notification.objects.filter(kind="copied").count() == 1


@pytest.mark.parametrize("who", ["other village", "other township", "supervision", "sysadmin", "retired"])
def test_nobody_is_sent_a_copy_of_what_he_may_not_see(who: str) -> None:
    t = project_at(S.FILED)
    people = cast(t)
    village, stranger = official(t, "village"), people[who]
    assert stranger is not None
    with pytest.raises(copying.NotForThem):
        copying.send(t.project, by=village, to=[official(t, "township"), stranger], text="请知悉", at=t.at)
    with clock_at(t.at):
        form = {"to": f"person-{stranger.pk}", "text": "请知悉"}
        assert client_of(village).post(reverse("copy", args=[t.project.pk]), form).status_code == 422
    assert not Copy.objects.exists()


def test_a_unit_is_copied_by_those_of_it_who_may_see() -> None:
    t = project_at(S.FILED)
    unit = official(t, "finance").posts.get().unit
    with clock_at(t.at):
        form = {"to": f"unit-{unit.pk}", "text": "请知悉"}
        assert client_of(official(t, "village")).post(reverse("copy", args=[t.project.pk]), form).status_code == 302
    assert {copy.to_id for copy in Copy.objects.all()} == set(unit.posts.values_list("person_id", flat=True))


# Pages


def test_messages_are_read_one_by_one_or_all_and_the_masthead_counts_them() -> None:
    t = project_at(S.FILED)
    village, clerk = official(t, "village"), official(t, "township")
    for day in range(3):
        urging.urge(t.project, by=village, at=t.at + dt.timedelta(days=day))
    with clock_at(t.at + dt.timedelta(days=3)):
        client = client_of(clerk)
        page = client.get(reverse("notifications")).content.decode()
        assert "3条未读" in page
        assert page.count("催办，请尽快办理") == 3
        first = Notification.objects.filter(person=clerk).earliest("at")
        assert client_of(village).post(reverse("notification-read", args=[first.pk])).status_code == 404
        answer = client.post(reverse("notification-read", args=[first.pk]), {"then": "case"})
        assert answer["Location"] == reverse("case", args=[t.project.pk])
        assert "2条未读" in client.get(reverse("notifications")).content.decode()
        client.post(reverse("notifications-read"))
        assert "条未读" not in client.get(reverse("notifications")).content.decode()
        assert "没有消息" in client.get(reverse("notifications") + "?kind=copied").content.decode()


def test_what_one_has_chosen_is_kept_and_followed() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    client = client_of(clerk)
    kinds = dict.fromkeys([kind.value for kind in Kind if kind != Kind.URGED], "none")
    form = {"email": "clerk@county.invalid", "language": "en", "urged": "once", **kinds}
    assert client.post(reverse("notification-settings"), form).status_code == 302
    assert client.post(reverse("notification-settings"), form | {"tray": "once"}).status_code == 422
    urging.urge(t.project, by=official(t, "village"), at=t.at)
    assert Notification.objects.get(person=clerk).channel == "once"
    assert 'value="clerk@county.invalid"' in client.get(reverse("notification-settings")).content.decode()


def test_the_delivery_log_says_nothing_of_any_case() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    mail = Mail.objects.create(
        person=clerk, queued_at=t.at, next_at=t.at, message_id="<1@x>", state="given_up",
        error="SMTPRecipientsRefused 550", address="clerk@county.invalid",
    )  # fmt: skip
    urging.urge(t.project, by=official(t, "village"), at=t.at)
    Notification.objects.update(mail=mail)
    # A mail that tells of nothing any more.
    Mail.objects.create(person=clerk, queued_at=t.at, next_at=t.at, message_id="<2@x>", state="dropped")
    page = client_of(official(t, "sysadmin")).get(reverse("mail-log")).content.decode()
    assert "None" not in page
    assert "SMTPRecipientsRefused 550" in page
    assert "催办" in page
    assert t.project.title not in page
    assert str(t.project.number) not in page


# The clock


def test_reminders_and_reports_of_the_clock_reach_the_desk_and_the_office_above_once() -> None:
    t = project_at(S.FILED)
    clerk, programme = official(t, "township"), official(t, "programme")
    assert t.project.due_at is not None
    at = t.project.due_at + dt.timedelta(days=30)
    for _round in range(2):
        clockwork.sweep(at=at, tell=alarm.teller(at))
    told = [(one.kind, one.key) for one in Notification.objects.filter(person=clerk)]
    assert {kind for kind, _key in told} == {"reminder"}
    assert len(told) == len(set(told))
    assert Notification.objects.filter(person=programme, kind="escalated").exists()
    assert not Notification.objects.filter(person=official(t, "finance")).exists()

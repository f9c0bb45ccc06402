"""Who is told what, once; and nobody mailed for the mere reason that he holds a post."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals import desks
from approvals.models import WAITING, DeskProcess, DeskTask
from approvals.notify import digest, letters, outbox, postman, settle
from approvals.notify.kinds import Channel, Kind
from approvals.notify.models import Mail, MailState, Notification, Preference
from approvals.traveller import Traveller
from tests.factories import MORNING, fresh_application, official, project_at
from workflows.models import Delegation, Person
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


def addressed(*people: Person) -> None:
    for person in people:
        person.email = f"{person.pk}@county.invalid"
        person.save()


def waiting_on(t: Traveller) -> DeskTask:
    task: DeskTask = DeskTask.objects.get(process__case=t.project, status__in=WAITING)
    return task


def told(person: Person) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("id").values_list("kind", flat=True))


def remind(t: Traveller, *people: Person, key: str = "before:3", **given: object) -> None:
    letters.direct(
        case=t.project, kind=Kind.REMINDER, key=key, at=MORNING, people=people, due="2026-03-05", **given,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_case_on_the_tray_is_told_once_to_whoever_sits_there() -> None:
    t = project_at(S.FILED)
    clerk, head = official(t, "township"), official(t, "township", hand=1)
    assert postman.tell(t.at) > 0
    assert told(clerk) == told(head) == ["tray"]
    assert postman.tell(t.at) == 0
    DeskTask.objects.update(told=False)
    assert postman.tell(t.at) > 0
    assert told(clerk) == ["tray"]


def test_who_has_claimed_it_is_told_alone() -> None:
    t = project_at(S.FILED)
    clerk, head = official(t, "township"), official(t, "township", hand=1)
    desks.claim(waiting_on(t), by=clerk, at=t.at)
    postman.tell(t.at)
    assert (told(clerk), told(head)) == (["laid"], [])


def test_the_borrower_of_a_post_is_told_in_the_lenders_place() -> None:
    t = project_at(S.FILED)
    clerk, stand_in = official(t, "township"), official(t, "finance")
    day = timezone.localdate(t.at)
    Delegation.objects.create(post=clerk.posts.get(), to=stand_in, since=day, until=day, reason="休假")
    postman.tell(t.at)
    assert (told(clerk), told(stand_in)) == ([], ["tray"])


def test_a_returned_case_comes_back_to_who_opened_it() -> None:
    t = project_at(S.FILED)
    township, village = official(t, "township"), official(t, "village")
    postman.tell(t.at)
    desks.take(
        "return_to", on=t.project, by=township, at=t.at, reason="补充材料", data={"stage": "village"},
        shown=type(t.project).objects.get(pk=t.project.pk).family_version,
    )  # fmt: skip
    postman.tell(t.at)
    assert told(village)[-1] == "returned"
    assert Notification.objects.filter(person=township, over_at__isnull=True).count() == 0


@pytest.mark.parametrize(("hand", "told_of"), [(1, 1), (0, 0)])
def test_who_opened_a_case_is_told_of_its_end_unless_he_ended_it_himself(hand: int, told_of: int) -> None:
    t = fresh_application()
    opener = official(t, "village")
    assert t.project.opened_by_id == opener.pk
    desks.take("withdraw", on=t.project, by=official(t, "village", hand=hand), at=t.at, reason="不再需要")
    postman.tell(t.at)
    ends = Notification.objects.filter(kind="decided")
    assert [(one.person_id, one.facts) for one in ends] == [(opener.pk, {"state": "withdrawn"})] * told_of
    assert not DeskProcess.objects.filter(told=False, status="DONE").exists()


def test_history_that_was_brought_in_is_told_to_nobody() -> None:
    t = fresh_application()
    desks.take("withdraw", on=t.project, by=official(t, "village", hand=1), at=t.at, reason="不再需要")
    postman.catch_up()
    postman.tell(t.at)
    assert not Notification.objects.filter(kind="decided").exists()


def test_what_has_moved_on_is_over_and_counts_no_more() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    postman.tell(t.at)
    DeskTask.objects.filter(pk=waiting_on(t).pk).update(status="DONE")
    postman.tell(t.at)
    assert Notification.objects.get(person=clerk).over_at == t.at


def test_the_postman_asks_no_more_for_many_desks_than_for_few() -> None:
    t = project_at(S.FILED)
    task = waiting_on(t)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            postman.tell(t.at)
        return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    few = cost()
    for _n in range(30):
        task.pk, task.told = None, False
        task.save()
    DeskTask.objects.update(told=False)
    assert cost() <= few <= 10


def test_nobody_is_mailed_at_once_for_what_lies_in_a_tray() -> None:
    t = project_at(S.FILED)
    everyone = list(Person.objects.all())
    addressed(*everyone)
    Preference.objects.bulk_create(Preference(person=p, kind=Kind.LAID, channel=Channel.ONCE) for p in everyone)
    postman.tell(t.at)
    assert outbox.gather(t.at) == 0
    assert not Mail.objects.exists()


def test_reminders_go_at_once_and_a_morning_of_them_is_one_mail() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    addressed(clerk)
    for key in ("before:3", "before:3", "before:1"):
        remind(t, clerk, key=key)
    assert told(clerk) == ["reminder", "reminder"]
    assert outbox.gather(MORNING) == 1
    assert outbox.gather(MORNING) == 0
    assert outbox.send(MORNING) == 1
    (sent,) = mail.outbox
    assert sent.to == [clerk.email]
    assert sent.body.count("/cases/") == 2
    assert "2026-03-05" in sent.body
    assert sent.extra_headers["Message-ID"] == Mail.objects.get().message_id
    assert outbox.send(MORNING) == 0


def test_what_was_read_meanwhile_is_not_mailed() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    addressed(clerk)
    remind(t, clerk)
    Notification.objects.update(read_at=MORNING)
    assert outbox.gather(MORNING) == 0


def test_without_an_address_or_a_mail_server_it_stands_in_the_app(settings: object) -> None:
    t = project_at(S.FILED)
    clerk, head = official(t, "township"), official(t, "township", hand=1)
    remind(t, clerk)
    addressed(head)
    settings.MAILS = False  # type: ignore[attr-defined]
    remind(t, head)
    assert set(Notification.objects.values_list("channel", flat=True)) == {Channel.NONE}
    assert digest.digests(MORNING) == 0


def test_a_mail_is_in_its_readers_language() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    addressed(clerk)
    remind(t, clerk)
    outbox.gather(MORNING)
    outbox.send(MORNING)
    assert "办理时限" in mail.outbox[0].body


# The daily mail


def test_the_digest_comes_once_a_working_day_and_lists_overdue_first() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    addressed(clerk)
    assert t.project.due_at is not None
    late = t.project.due_at + dt.timedelta(days=40)
    monday = late - dt.timedelta(days=late.weekday()) + dt.timedelta(days=7)
    monday = timezone.localtime(monday).replace(hour=7)
    assert digest.digests(monday) == 0
    assert digest.digests(monday.replace(hour=9)) == 1
    assert digest.digests(monday.replace(hour=10)) == 0
    assert outbox.send(monday.replace(hour=9)) == 1
    assert "逾期" in mail.outbox[0].subject
    assert t.project.title in mail.outbox[0].body
    saturday = monday.replace(hour=9) + dt.timedelta(days=5)
    assert digest.digests(saturday) == 0


def test_an_empty_digest_is_not_sent() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    addressed(clerk)
    assert digest.digests(MORNING) == 1
    for kind in Kind:
        Preference.objects.create(person=clerk, kind=kind, channel=Channel.NONE)
    assert outbox.send(MORNING) == 0
    assert Mail.objects.get().state == MailState.DROPPED
    assert mail.outbox == []


def test_all_of_the_tray_is_one_line_and_counts_as_one() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    for no in range(3):
        letters.post(
            [
                letters.Letter(
                    to=clerk, kind=Kind.TRAY, case_id=t.project.pk, key=f"desk {no}", facts={"state": "filed"}
                )
            ],
            at=t.at,
        )
    assert settle.unread(clerk) == 1
    client = Client()
    client.force_login(clerk)
    page = client.get(reverse("notifications")).content.decode()
    assert t.project.title not in page
    assert "?kind=tray" in page
    assert client.get(reverse("notifications"), {"kind": "tray"}).content.decode().count(t.project.title) == 3


def test_many_of_one_kind_are_one_line_and_few_are_not() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    for no in range(settle.FOLDED_FROM - 1):
        remind(t, clerk, key=f"{no}")
    assert settle.unread(clerk) == settle.FOLDED_FROM - 1
    remind(t, clerk, key="one more")
    assert settle.unread(clerk) == 1
    client = Client()
    client.force_login(clerk)
    assert t.project.title not in client.get(reverse("notifications")).content.decode()


def test_a_later_rung_of_the_same_desk_takes_the_place_of_the_one_before() -> None:
    t = project_at(S.FILED)
    clerk = official(t, "township")
    for step in ("before:3", "due", "after:3"):
        remind(t, clerk, key=step, task_id=waiting_on(t).pk)
    postman.tell(t.at)
    [left] = Notification.objects.filter(person=clerk, kind=Kind.REMINDER, over_at__isnull=True)
    assert "after:3" in left.key

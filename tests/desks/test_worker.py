"""The worker: several at once, killed in the middle, without a database, told to stop."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from approvals import worker
from approvals.models import DeskTask
from approvals.notify import digest, letters, outbox, postman
from approvals.notify.kinds import Kind
from approvals.notify.models import Mail, MailState, Notification
from approvals.traveller import Traveller
from tests.database import url
from tests.desks.postoffice import PostOffice, post_office
from tests.factories import MORNING, official, project_at
from workflows.models import Person
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def at_once(job: Callable[[], Any]) -> list[Any]:
    """A job done by several workers that start together."""
    start = Barrier(WORKERS)

    def work(_number: int) -> Any:
        try:
            start.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def addressed(first: int | None = None) -> list[Person]:
    people = list(Person.objects.order_by("pk")[:first])
    for person in people:
        person.email = f"{person.pk}@county.invalid"
    Person.objects.bulk_update(people, ["email"])
    return people


def reminded(t: Traveller, *people: Person, at: dt.datetime = MORNING) -> None:
    letters.direct(case=t.project, kind=Kind.REMINDER, key="1", at=at, people=people, due="2026-03-05")


def mailing_to(office: PostOffice, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", office.port


def test_four_workers_tell_each_once() -> None:
    t = project_at(S.FILED)
    told = at_once(lambda: postman.tell(t.at))
    assert sum(told) == DeskTask.objects.count()
    keys = list(Notification.objects.values_list("person_id", "key"))
    assert keys
    assert len(keys) == len(set(keys))
    assert not DeskTask.objects.filter(told=False).exists()


def test_four_workers_make_one_digest_a_person() -> None:
    project_at(S.FILED)
    addressed()
    made = at_once(lambda: digest.digests(MORNING))
    assert sorted(made)[:-1] == [0, 0, 0]
    assert max(made) == Mail.objects.count() > 0


def test_four_workers_send_each_mail_once(settings: LazySettings) -> None:
    t = project_at(S.FILED)
    people = addressed()
    reminded(t, *people)
    assert sum(at_once(lambda: outbox.gather(MORNING))) == len(people)
    with post_office() as office:
        mailing_to(office, settings)
        while sum(at_once(lambda: outbox.send(MORNING))):
            pass
    assert sorted(message["To"] for message in office.taken) == sorted(person.email for person in people)
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}


def test_a_mail_refused_for_good_is_given_up_and_another_is_tried_again(settings: LazySettings) -> None:
    t = project_at(S.FILED)
    addressed()
    gone, full = official(t, "township"), official(t, "village")
    reminded(t, gone, full)
    outbox.gather(MORNING)
    with post_office() as office:
        mailing_to(office, settings)
        office.refuses = {gone.email: "550 no such user", full.email: "452 mailbox full"}
        assert outbox.send(MORNING) == 0
        assert outbox.send(MORNING) == 0
        office.refuses = {}
        assert outbox.send(MORNING + outbox.WAITS[0]) == 1
    assert Mail.objects.get(person=gone).state == MailState.GIVEN_UP
    assert Mail.objects.get(person=gone).error == "SMTPRecipientsRefused 550"
    assert (Mail.objects.get(person=full).state, Mail.objects.get(person=full).tries) == (MailState.SENT, 2)


def test_what_fails_again_and_again_is_given_up(settings: LazySettings) -> None:
    t = project_at(S.FILED)
    addressed()
    full, at = official(t, "village"), MORNING
    reminded(t, full)
    outbox.gather(at)
    with post_office() as office:
        mailing_to(office, settings)
        office.refuses = {full.email: "452 mailbox full"}
        for wait in outbox.WAITS:
            outbox.send(at)
            assert Mail.objects.get().state == MailState.FAILED
            at += wait
        outbox.send(at)
    assert Mail.objects.get().state == MailState.GIVEN_UP
    assert Mail.objects.get().tries == len(outbox.WAITS) + 1


def test_without_the_mail_server_no_try_is_used_up(settings: LazySettings) -> None:
    t = project_at(S.FILED)
    addressed()
    reminded(t, official(t, "village"))
    outbox.gather(MORNING)
    with post_office() as office:
        mailing_to(office, settings)
    assert outbox.send(MORNING) == 0
    assert (Mail.objects.get().state, Mail.objects.get().tries) == (MailState.QUEUED, 0)


def test_neither_clock_nor_mail_waits_for_a_long_look(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, looking, rounds = Event(), Event(), []

    def look(_at: dt.datetime) -> int:
        looking.set()
        stop.wait(30)
        return 1

    def clock(_at: dt.datetime) -> int:
        assert looking.wait(30)
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        return 1

    monkeypatch.setattr(worker, "LONG_JOBS", {"looks": look})
    monkeypatch.setattr(worker, "JOBS", {"clock": clock})
    worker.work_on_both(every=0.1, stop=stop, tell=lambda _line: None)
    assert len(rounds) == 3


# Processes


def started(office: PostOffice, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "worker", "--settings", "tests.settings", *arguments]
    given = os.environ | {"DATABASE_URL": url(), "EMAIL_URL": office.url, "DIGEST_HOUR": "25"} | environment
    return subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_worker_killed_while_it_sends_loses_no_mail_and_the_second_copy_is_known() -> None:
    t = project_at(S.FILED)
    people = addressed(5)
    reminded(t, *people, at=timezone.now())
    with post_office() as office:
        office.answers.clear()
        with started(office) as process:
            assert office.holding.wait(60), process.communicate(timeout=1)
            process.kill()
            assert process.wait() == -signal.SIGKILL
        office.answers.set()
        held = Mail.objects.get(tries=1)
        assert held.state == MailState.QUEUED
        assert Mail.objects.filter(tries=0).count() == len(people) - 1
        # Nobody else touches it before the lease has ended.
        with started(office, "--once") as second:
            assert second.wait() == 0
        assert Mail.objects.filter(state=MailState.SENT).count() == len(people) - 1 == len(office.taken) - 1
        Mail.objects.filter(pk=held.pk).update(next_at=timezone.now())
        with started(office, "--once") as third:
            assert third.wait() == 0
    ids = [message["Message-ID"] for message in office.taken]
    assert len(ids) == len(people) + 1
    assert len(set(ids)) == len(people)
    assert ids.count(held.message_id) == 2
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}


def test_told_to_stop_it_ends_after_the_mail_it_is_at() -> None:
    t = project_at(S.FILED)
    reminded(t, *addressed(), at=timezone.now())
    with post_office() as office:
        office.answers.clear()
        with started(office) as process:
            assert office.holding.wait(60)
            process.send_signal(signal.SIGTERM)
            office.answers.set()
            said, _errors = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "已结束" in said
        assert len(office.taken) == Mail.objects.filter(state=MailState.SENT).count() > 0


# The loop


def test_it_waits_for_a_database_that_is_away_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, rounds = Event(), []

    def job(at: dt.datetime) -> int:
        rounds.append(at)
        if len(rounds) < 3:
            raise OperationalError("server closed the connection")
        stop.set()
        return 0

    monkeypatch.setattr(worker, "JOBS", {"one": job})
    monkeypatch.setattr(worker, "AWAY_SECONDS_MAX", 0.01)
    worker.work(every=0.01, stop=stop, now=lambda: MORNING, tell=lambda _line: None)
    assert rounds == [MORNING] * 3
    assert "does not answer" in caplog.text
    assert "answers again" in caplog.text


def test_one_jobs_fault_stops_no_other(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(at: dt.datetime) -> int:
        raise ValueError("a fault")

    monkeypatch.setattr(worker, "JOBS", {"broken": broken, "whole": lambda at: 2})
    assert worker.once(MORNING) == {"broken": -1, "whole": 2} | dict.fromkeys(worker.LONG_JOBS, 0)
    assert "a fault" in caplog.text
    with pytest.raises(CommandError):
        call_command("worker", "--once")


@pytest.mark.parametrize("wrong", ["0", "x", "99999"])
def test_a_senseless_pause_is_refused(wrong: str) -> None:
    with pytest.raises(CommandError):
        call_command("worker", "--every", wrong)

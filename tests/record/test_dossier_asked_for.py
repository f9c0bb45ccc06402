"""A dossier asked for on a page: made behind it, once, whole, and by the next worker where one was killed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals import worker
from approvals.inspection import dossier, requested
from approvals.models import DossierRequest
from approvals.traveller import Traveller
from audit.models import Access
from tests.desks.pages import browser_of
from tests.factories import official, project_at
from tests.record.dossiers import made
from workflows.offices import Office
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


@pytest.fixture
def t() -> Traveller:
    return project_at(S.FILED)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(requested, "_folder", lambda: tmp_path / "dossiers")
    return tmp_path / "dossiers"


def asked(t: Traveller) -> DossierRequest:
    return requested.ask(t.project, by=official(t, Office.AUDITOR), at=timezone.now())


def page(t: Traveller, auditor: Client) -> str:
    return auditor.get(reverse("inspection:dossier", args=[t.project.pk])).content.decode()


def test_the_auditor_asks_for_it_waits_and_takes_it(t: Traveller) -> None:
    auditor = browser_of(official(t, Office.AUDITOR))
    address, file = (reverse(f"inspection:dossier{what}", args=[t.project.pk]) for what in ("", "-zip"))
    assert address in auditor.get(reverse("case", args=[t.project.pk])).content.decode()
    assert auditor.get(file).status_code == 404
    auditor.post(address)
    waiting = auditor.get(address)
    assert waiting["Refresh"]
    assert file not in waiting.content.decode()
    assert worker.LONG_JOBS["dossiers"] is requested.make
    assert requested.make(timezone.now()) == 1
    ready = auditor.get(address)
    assert "Refresh" not in ready
    assert file in ready.content.decode()
    taken = auditor.get(file)
    assert b"".join(taken.streaming_content) == made(t.project.pk)  # type: ignore[attr-defined]
    assert Access.objects.filter(kind="export", case_id=t.project.pk).count() == 1
    assert requested.make(timezone.now()) == 0


@pytest.mark.parametrize(("office", "status"), [(Office.SECADMIN, 404), (Office.FINANCE, 403), (Office.VILLAGE, 403)])
def test_who_may_not_read_the_record_neither_asks_nor_takes(t: Traveller, office: Office, status: int) -> None:
    asked(t)
    requested.make(timezone.now())
    other = browser_of(official(t, office))
    for what in ("", "-zip"):
        address = reverse(f"inspection:dossier{what}", args=[t.project.pk])
        assert other.get(address).status_code == status
    assert other.post(reverse("inspection:dossier", args=[t.project.pk])).status_code == status
    assert DossierRequest.objects.count() == 1
    assert (
        reverse("inspection:dossier", args=[t.project.pk])
        not in other.get(reverse("case", args=[t.project.pk])).content.decode()
    )


def test_two_who_ask_at_once_wait_for_the_same(t: Traveller) -> None:
    first = asked(t)
    assert asked(t) == first
    requested.make(timezone.now())
    assert asked(t) != first


def test_a_worker_killed_in_the_middle_is_followed_by_another(
    t: Traveller, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, at = asked(t), timezone.now()

    def killed(root_id: int, out: Any) -> None:
        out.write(b"PK half of it")
        out.flush()
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(dossier, "write", killed)
        with pytest.raises(SystemExit):
            requested.make(at)
    row.refresh_from_db()
    assert requested.written_bytes(row) == 13
    assert requested.file_of(row) is None
    # While the lease lasts, the first may still be at work.
    assert requested.make(at + requested.LEASE - dt.timedelta(seconds=1)) == 0
    assert requested.make(at + requested.LEASE) == 1
    row.refresh_from_db()
    file = requested.file_of(row)
    assert file is not None
    assert file.read_bytes() == made(t.project.pk)


def test_who_comes_too_late_notes_nothing(t: Traveller) -> None:
    asked(t)
    late, at = DossierRequest.objects.get(), timezone.now()
    assert requested._taken(late, at)
    assert requested.make(at + requested.LEASE) == 1
    ready_at = DossierRequest.objects.get().ready_at
    assert not requested._note(late, ready_at=at)
    assert DossierRequest.objects.get().ready_at == ready_at


def test_what_cannot_be_made_is_given_up_and_said(t: Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    row, at = asked(t), timezone.now()

    def full(root_id: int, out: Any) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(dossier, "write", full)
        assert [requested.make(at) for _try in range(requested.TRIES_MAX + 1)] == [0] * (requested.TRIES_MAX + 1)
    row.refresh_from_db()
    assert row.given_up_at == at
    assert row.tries == requested.TRIES_MAX
    auditor = browser_of(official(t, Office.AUDITOR))
    assert 'role="alert"' in page(t, auditor)
    auditor.post(reverse("inspection:dossier", args=[t.project.pk]))
    assert requested.make(at) == 1


def test_where_no_worker_runs_the_page_says_so(t: Traveller) -> None:
    row = asked(t)
    auditor = browser_of(official(t, Office.AUDITOR))
    assert "manage.py worker" not in page(t, auditor)
    DossierRequest.objects.update(asked_at=row.asked_at - requested.IDLE)
    assert "manage.py worker" in page(t, auditor)


def test_it_is_cleared_away_when_its_days_are_over(t: Traveller, folder: Path) -> None:
    asked(t)
    at = timezone.now()
    requested.make(at)
    requested.make(at + requested.KEPT - dt.timedelta(seconds=1))
    assert len(list(folder.iterdir())) == 1
    requested.make(at + requested.KEPT)
    assert not list(folder.iterdir())
    assert not DossierRequest.objects.exists()

"""Forms that our pages do not send: without the version, with broken lines, for acts of others, with many files."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from approvals.forms.filing import FilingForm
from approvals.forms.plain import TextField
from audit.models import Entry
from tests.factories import fresh_application, official, project_at
from workflows import files
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize("quoted", [{}, {"shown": ""}, {"shown": "abc"}, {"shown": "-1"}])
def test_a_form_that_quotes_no_version_decides_nothing(quoted: dict[str, str]) -> None:
    t = project_at(S.FILED)
    entries = Entry.objects.count()
    address = f"/cases/{t.project.pk}/acts/pass_township/"
    response = client_of(official(t, "township")).post(address, {"reason": "同意上报。"} | quoted)
    assert response.status_code == 409
    assert "同意上报。" in response.content.decode()
    assert Entry.objects.count() == entries


def test_a_draft_that_quotes_no_version_is_not_saved() -> None:
    t = fresh_application()
    entries = Entry.objects.count()
    client = client_of(official(t, "village"))
    form = {"title": "改名", "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    assert client.post(f"/cases/{t.project.pk}/edit/", form).status_code == 409
    assert Entry.objects.count() == entries


def test_the_form_of_others_acts_is_not_shown() -> None:
    t = project_at(S.ON_NOTICE)
    address = f"/cases/{t.project.pk}/acts/approve/"
    page = client_of(official(t, "village")).get(address).content.decode()
    assert "sources-" not in page
    assert 'name="shown"' not in page
    assert "sources-" in client_of(official(t, "leading_group")).get(address).content.decode()


@pytest.mark.parametrize("text", ["一行\n又一行", "一行\r又一行"])
def test_a_line_of_text_is_one_line(text: str) -> None:
    with pytest.raises(ValidationError):
        TextField().clean(text)


def test_as_many_files_as_the_fields_take_reach_them() -> None:
    form = FilingForm(fresh_application().project)
    assert files.COUNT_MAX * len(form.uploads()) <= settings.DATA_UPLOAD_MAX_NUMBER_FILES

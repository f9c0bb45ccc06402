"""The access log: logins, refusals, personal data read, files taken out; by nobody removable."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from audit import access
from audit.access import Access, Kind
from tests.factories import official, project_at
from tests.record.test_pages import holder
from workflows.offices import Office
from workflows.secrecy import Secret
from workflows.states import ProjectState

pytestmark = pytest.mark.django_db

LOG, EXPORT = reverse("audit:access"), reverse("audit:access-export")


def lines() -> list[tuple[str, str, str]]:
    """What stands in the log: kind, person, detail."""
    return list(Access.objects.order_by("id").values_list("kind", "person_name", "detail"))


class TestTheDoor:
    def test_who_comes_in_and_leaves_is_written_down_with_his_address(self, client: Client) -> None:
        person = holder(Office.FINANCE)
        person.set_password("correct horse battery")
        person.save()
        given = {"username": person.username, "password": "correct horse battery"}
        client.post(reverse("login"), given, REMOTE_ADDR="10.1.2.3")
        client.post(reverse("logout"), REMOTE_ADDR="10.1.2.3")
        assert lines() == [("login", str(person), ""), ("logout", str(person), "")]
        assert set(Access.objects.values_list("address", flat=True)) == {"10.1.2.3"}

    def test_a_wrong_password_is_written_down_under_the_name_it_was_tried_for(self, client: Client) -> None:
        person = holder(Office.FINANCE)
        client.post(reverse("login"), {"username": person.username, "password": "wrong"})
        assert lines() == [("failed", str(person), "")]

    def test_what_was_typed_for_a_name_that_none_bears_is_kept_nowhere(self, client: Client) -> None:
        client.post(reverse("login"), {"username": "MyPassw0rd!", "password": "x"})
        assert lines() == [("failed", "", "")]
        (row,) = Access.objects.values()
        assert "MyPassw0rd!" not in str(row)

    def test_a_lockout_is_written_down(self, client: Client, settings: Any) -> None:
        person = holder(Office.FINANCE)
        for _attempt in range(settings.LOGIN_FAILURES_OF_NAME_AT_ADDRESS_MAX):
            client.post(reverse("login"), {"username": person.username, "password": "wrong"})
        assert ("locked", str(person), "") in lines()


class TestRefusals:
    def test_a_page_without_the_right(self, client: Client) -> None:
        client.force_login(person := holder(Office.FINANCE))
        assert client.get(reverse("audit:search")).status_code == 403
        assert lines()[-1] == ("refused", str(person), "")
        with translation.override("en"):
            assert Access.objects.latest("id").told == "no right to this page"

    def test_a_case_of_others_by_its_address(self, client: Client) -> None:
        client.force_login(holder(Office.VILLAGE))
        assert client.get(reverse("case", args=[4711])).status_code == 404
        row = Access.objects.latest("id")
        assert (row.kind, row.case_id, row.asked, row.status) == ("refused", 4711, "GET /cases/4711/", 404)

    def test_a_number_that_no_case_can_bear_is_refused_and_written_down_all_the_same(self, client: Client) -> None:
        client.force_login(holder(Office.VILLAGE))
        assert client.get(f"/cases/{10**20}/").status_code == 404
        row = Access.objects.latest("id")
        assert (row.kind, row.case_id, row.asked) == ("refused", None, f"GET /cases/{10**20}/")

    def test_an_act_that_the_law_refuses_with_the_rules_that_refused(self, client: Client) -> None:
        traveller = project_at(ProjectState.FILED)
        project = traveller.project
        client.force_login(official(traveller, "finance"))
        client.post(reverse("act", args=[project.pk, "pass_township"]), {"shown": project.family_version})
        row = Access.objects.latest("id")
        assert (row.kind, row.status, row.case_id) == ("refused", 409, project.pk)
        assert "O-01" in row.detail.split()

    def test_an_address_that_is_none_refuses_nobody(self, client: Client) -> None:
        client.force_login(holder(Office.FINANCE))
        assert client.get("/favicon.gif").status_code == 404
        assert "refused" not in {kind for kind, _person, _detail in lines()}

    def test_a_stranger_without_a_login_leaves_no_line(self, client: Client) -> None:
        client.get(reverse("case", args=[4711]))
        client.get(reverse("audit:search"))
        assert lines() == []


class TestPersonalData:
    def test_what_is_opened_is_counted_and_what_is_shown_masked_is_not(self) -> None:
        sealed = Secret.of("6217001234567890")
        with access.reading() as counted:
            assert str(sealed) == "****7890"
            assert not counted
            sealed.open()
        assert counted == {"sealed": 1}

    def test_outside_of_a_request_nothing_is_counted(self) -> None:
        assert Secret.of("6217001234567890").open() == "6217001234567890"
        assert lines() == []


class TestTheLog:
    @pytest.mark.parametrize("office", list(Office))
    def test_the_auditor_and_the_security_administrator_read_it(self, client: Client, office: Office) -> None:
        client.force_login(holder(office))
        may = office in (Office.AUDITOR, Office.SECADMIN)
        for page in (LOG, EXPORT):
            assert client.get(page).status_code == (200 if may else 403), page

    def test_a_file_taken_out_is_written_down_with_what_was_asked(self, client: Client) -> None:
        client.force_login(person := holder(Office.AUDITOR))
        client.get(EXPORT, {"person": "李明", "kind": "login"})
        assert lines()[-1] == ("export", str(person), "person=李明&kind=login")

    def test_a_null_character_in_the_question_does_not_stop_the_log(self, client: Client) -> None:
        client.force_login(person := holder(Office.AUDITOR))
        client.get(reverse("audit:export"), {"act": "", "person": "李\0明"})
        client.get(EXPORT, {"nothing": "\0"})
        assert lines()[-1] == ("export", str(person), "nothing=")

    def test_it_is_found_by_person_kind_and_day(self, client: Client) -> None:
        client.force_login(holder(Office.AUDITOR))
        days = [dt.datetime(2026, 3, day, 9, tzinfo=dt.UTC) for day in (1, 2, 3)]
        for at, (name, kind) in zip(days, itertools.cycle([("李明", Kind.EXPORT), ("王芳", Kind.LOGIN)])):
            access.note(kind, at=at, person_name=name)
        found = client.get(LOG, {"person": "李明", "kind": "export", "since": "2026-03-02", "until": "2026-03-03"})
        assert [event.at.day for event in found.context["page"].rows] == [3]
        assert client.get(LOG, {"since": "2026-03-03", "until": "2026-03-02"}).status_code == 400

    def test_the_same_queries_for_ten_lines_and_for_a_thousand(self, client: Client) -> None:
        client.force_login(holder(Office.AUDITOR))
        at = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
        # The session remembers once a minute that he is still there.
        client.get(LOG)
        costs = []
        for count in (10, 1000):
            Access.objects.bulk_create(Access(kind="login", at=at, person_name="李明") for _ in range(count))
            with CaptureQueriesContext(connection) as asked:
                client.get(LOG)
            costs.append(len(asked))
        assert costs[0] == costs[1] <= 12

    @pytest.mark.parametrize("sql", ["UPDATE audit_access SET person_name = 'x'", "DELETE FROM audit_access"])
    def test_nobody_changes_or_removes_a_line(self, sql: str) -> None:
        access.note(Kind.LOGIN, at=dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC), person_name="李明")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert len(lines()) == 1

"""Two counties on one installation: one's auditor reads nothing of the other's record, the province's reads both."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.inspection import requested
from approvals.inspection import urls as inspection_urls
from approvals.traveller import Traveller
from audit import checkpoints, takeout
from audit import urls as audit_urls
from audit.access import Access, Kind
from audit.models import Entry
from audit.saved import SavedSearch
from funds.vouchers import OPENED
from tests.factories import MORNING, official, project_at
from workflows.models import Area, Person, Post, Unit
from workflows.offices import Level, Office
from workflows.reach import Reach
from workflows.states import ProjectState

pytestmark = pytest.mark.django_db

#: Addresses of something of one county: another's auditor is told that it is not there.
NAMED = ("audit:entry", "audit:proof", "audit:case", "inspection:asof-case", "inspection:compare",
         "inspection:timeline", "inspection:person", "inspection:dossier", "inspection:dossier-zip", "statement",
         "statement-csv")  # fmt: skip
#: What is there for nobody by these arguments, or for its owner alone.
ABSENT = ("inspection:flag", "audit:saved-change", "audit:saved-drop", "audit:saved-new")
#: Pages and files that tell of cases, people or money: there the province finds both counties.
TELLING = ("audit:search", "audit:export", "audit:export-as", "audit:access", "audit:access-export", "inspection:asof",
           "inspection:asof-csv", "inspection:asof-money", "inspection:time-stage",
           "inspection:time-stage-csv")  # fmt: skip


def with_dossier(t: Traveller) -> Traveller:
    """The same, its dossier made and waiting to be taken."""
    requested.ask(t.project, by=official(t, "auditor"), at=MORNING)
    assert requested.make(MORNING) == 1
    return t


@pytest.fixture
def near() -> Traveller:
    return with_dossier(project_at(ProjectState.FILED))


@pytest.fixture
def far() -> Traveller:
    """A project of another county: with an entry under a checkpoint, a login, and a shared search."""
    t = project_at(ProjectState.FILED, rulebook="henan-county")
    checkpoints.make(timezone.now())
    Access.objects.create(kind=Kind.LOGIN, at=MORNING, person_id=t.project.opened_by_id, person_name=code(t))
    reader = official(t, "auditor")
    SavedSearch.objects.create(owner_id=reader.pk, owner_name=reader.name, name=code(t), query="late=on", shared=True)
    return with_dossier(t)


@pytest.fixture
def above(near: Traveller, far: Traveller) -> Person:
    """The auditor of the province in which both lie."""
    province = Area.plant(code="P", name="省", level=Level.PROVINCE)
    Area.objects.filter(path__startswith="/W").update(path=Concat(Value("/P"), F("path")))
    unit = Unit.objects.create(code="P-auditor", name="省审计厅", office=Office.AUDITOR, area=province)
    person = Person.objects.create_user("province", None, name="省审计员")
    Post.objects.create(person=person, unit=unit, title="审计员", since=MORNING.date())
    Access.objects.create(kind=Kind.LOGIN, at=MORNING, person_id=near.project.opened_by_id, person_name=code(near))
    return person


def code(t: Traveller) -> str:
    """The code of its county, which every unit, post and account of the county bears."""
    return Unit.objects.get(pk=t.project.unit_id).code.partition("-")[0]


def asked(t: Traveller) -> Iterator[tuple[str, str]]:
    """Every address of the record's pages with what belongs to a county: name and address."""
    entry = Entry.objects.filter(case_id=t.project.pk).latest("id")
    owner = official(t, "auditor").pk
    given: dict[str, Any] = {
        "entry_id": entry.pk, "case_id": t.project.pk, "pk": t.project.pk, "person_id": t.project.opened_by_id,
        "search_id": SavedSearch.objects.filter(owner_id=owner).values_list("pk", flat=True).first() or 0,
        "size": Entry.objects.count(), "kind": "project", "state": "filed", "suffix": "pnml", "code": "RF-01",
        "print": "0" * 64,
    }  # fmt: skip
    for space in (audit_urls, inspection_urls):
        for one in space.urlpatterns:
            name = f"{space.app_name}:{one.name}"
            if name == "audit:export-as":
                yield from ((name, reverse(name, args=[form])) for form in takeout.FORMATS)
            else:
                yield name, reverse(name, kwargs={key: given[key] for key in one.pattern.converters})
    yield from ((name, reverse(name, args=[t.project.opened_by_id])) for name in ("statement", "statement-csv"))


def shown(client: Client, address: str) -> tuple[int, bytes]:
    """What an address answers, files in it unpacked."""
    answer = client.get(address)
    body = b"".join(map(bytes, answer))
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(map(packed.read, packed.namelist()))
    return answer.status_code, body


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def tells_of(t: Traveller, body: bytes) -> bool:
    """Whether a county, its people or its cases are named."""
    return any(mark.encode() in body for mark in (code(t), code(t).lower(), str(t.project.number)))


def test_no_page_and_no_file_tells_a_countys_auditor_of_another_county(near: Traveller, far: Traveller) -> None:
    client = logged_in(official(near, "auditor"))
    for name, address in asked(far):
        status, body = shown(client, address)
        assert not tells_of(far, body.replace(address.encode(), b"")), address
        assert (status == 404) == (name in (*NAMED, "inspection:flag")), (address, status)


def test_the_provinces_auditor_reads_both(near: Traveller, far: Traveller, above: Person) -> None:
    client = logged_in(above)
    for t in (near, far):
        for name, address in asked(t):
            status, body = shown(client, address)
            assert status == 200 or name in ABSENT, (address, status)
            assert name not in TELLING or tells_of(t, body), address
    assert code(far) in client.get(reverse("audit:search")).content.decode()


def test_a_register_of_all_counties_shows_each_its_own_acts(near: Traveller, far: Traveller) -> None:
    opened = Entry.objects.filter(act=OPENED)
    assert opened.count() == 2
    for own, other in ((near, far), (far, near)):
        client = logged_in(official(own, "audit"))
        page = client.get(reverse("audit:case", args=[opened[0].case_id]))
        units = {row.unit_id for row in page.context["page"].rows}
        assert units == {Unit.objects.get(code=f"{code(own)}-finance").pk}
        for form in takeout.FORMATS:
            assert not tells_of(other, shown(client, reverse("audit:export-as", args=[form]))[1])


def test_the_access_log_has_what_was_done_to_ones_own_cases_by_whomever(near: Traveller, far: Traveller) -> None:
    stranger = official(far, "auditor")
    assert logged_in(stranger).get(reverse("audit:case", args=[near.project.pk])).status_code == 404
    log = Reach(official(near, "auditor"), right="audit.view_access", at=near.at).accesses()
    assert [row.person_id for row in log if row.person_id == stranger.pk] == [stranger.pk]
    assert not log.filter(kind=Kind.LOGIN, person_id=far.project.opened_by_id).exists()


def test_who_holds_no_post_of_the_record_reads_nothing(near: Traveller) -> None:
    for person in (Person.objects.create_superuser("root", None, name="超级用户"), official(near, "village")):
        reach = Reach(person, at=near.at)
        assert not reach.entries().exists()
        assert not reach.accesses().exists()
        assert not reach.knows(official(near, "finance"))


def test_an_entry_whose_project_is_lost_is_found_by_every_reader(near: Traveller, far: Traveller) -> None:
    entry = Entry.objects.filter(case_id=near.project.pk).latest("id")
    entry.pk, entry.case_id, entry.root_id, entry.hash, entry._state.adding = None, 900001, 900001, "f" * 64, True
    entry.save()
    for t in (near, far):
        assert Reach(official(t, "auditor"), at=near.at).entries().filter(root_id=900001).count() == 1

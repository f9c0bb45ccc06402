"""Under the cases: an edition of the rulebook and a person's name, altered behind lifted triggers, are named."""

from __future__ import annotations

import json

import pytest
from django.db import connection, models
from django.utils import translation

from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import fresh_application
from tests.guards import lifted
from workflows import kept_names
from workflows.editions import Edition
from workflows.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def t() -> Traveller:
    return fresh_application()


def found() -> list[str]:
    with translation.override("en"):
        return list(kept_names.differences())


def change(model: type[models.Model], pk: int, **columns: object) -> None:
    # PostgreSQL lifts no trigger of a table about which something is still to be decided.
    connection.check_constraints()
    with lifted():
        models.QuerySet(model).filter(pk=pk).update(**columns)


def test_nothing_is_found_while_nothing_is_altered(t: Traveller) -> None:
    assert found() == []


def test_a_number_of_a_rulebook_in_force(t: Traveller) -> None:
    edition = t.project.edition
    book = json.loads(edition.content)
    book["title"] += "。"
    change(Edition, edition.pk, content=json.dumps(book))
    assert found() == [f"workflows_edition {edition.pk} ({edition}): the rulebook is not that of its digest"]


def test_a_rulebook_that_is_none(t: Traveller) -> None:
    edition = t.project.edition
    change(Edition, edition.pk, content="[]")
    assert found() == [f"workflows_edition {edition.pk} ({edition}): the rulebook cannot be read"]


def test_from_when_an_edition_is_in_force(t: Traveller) -> None:
    edition = t.project.edition
    change(Edition, edition.pk, effective_from="2001-01-01")
    assert [line.partition(": ")[2] for line in found()] == ["columns differ from the rulebook: effective_from"]


def test_the_name_of_who_acted(t: Traveller) -> None:
    last = Entry.objects.filter(actor_id__gt=0).latest("pk")
    change(Person, last.actor_id or 0, name="张三")
    assert found() == [
        f"{last.case_number} #{last.seq} workflows_person {last.actor_id}:"
        f" name is 张三, the record says {last.actor_name}"
    ]

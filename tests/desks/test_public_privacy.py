"""Cases full of personal data in every text that anybody can fill in: none of it leaves, in no form.

The numbers go straight into the tables, below the door: a text that the forms would refuse today may have come in
yesterday.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse

from approvals import payouts, stops
from approvals.public import serializer
from approvals.public.masking import hotline, said
from approvals.traveller import Traveller
from tests.desks.test_money_paper import told
from tests.factories import project_at
from tests.guards import lifted
from workflows.models import Criticism, HouseholdLine, Notice, Rectification
from workflows.states import ProjectState as S

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "public-data.md"
#: An identity number, a mobile, an account, a card, an address: as clerks write them.
PERSONAL = ("513721198502284117", "13812345678", "6228480402564890018", "2310400109024588123", "zhangsan@example.com")
WRITTEN = (
    "户主身份证513721198502284117，电话13812345678。", "卡号6228 4804 0256 4890 018",
    "５１３７２１１９８５０２２８４１１７",
    "138-1234-5678", "+86 138 1234 5678", "51372119850228411x", "账号2310400109024588123", "5137\u200b21198502284117",
    "zhangsan@example.com", "513721850228411",
)  # fmt: skip
HARMLESS = (
    "硬化村道路5.4公里，投资1,404万元", "川财农〔2026〕12号", "2026-03-02 至 2026-04-01", "0827-7221234",
    "（0827）7221234",
    "P2026-00012", "规模12800平方米，受益2870户", "288,204.00元",
)  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_a_number_that_names_somebody_is_hidden_however_it_is_written(text: str) -> None:
    left = "".join(char for char in said(text) if char.isdigit())
    assert not left
    assert "***" in said(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_names_nobody_stays_as_it_is(text: str) -> None:
    assert said(text) == text


def test_a_hotline_may_be_called_and_nothing_else() -> None:
    assert hotline("12317") == "12317"
    assert hotline("08277221234") == "08277221234"
    assert hotline("13812345678") == "13812345678"
    for text in ("513721198502284117", "6228480402564890018", "zhang@example.com"):
        assert hotline(text) == "***"


def public_types() -> Iterator[Any]:
    for name, one in vars(serializer).items():
        if name.startswith("Public") and is_dataclass(one):
            yield one


def test_what_may_leave_is_a_closed_list_and_each_field_is_explained() -> None:
    document = DOCUMENT.read_text()
    for one in public_types():
        for field in fields(one):
            assert f"`{field.name}`" in document, f"{one.__name__}.{field.name}"


def test_nothing_that_leaves_holds_a_row_of_the_database() -> None:
    for one in public_types():
        for hint in get_type_hints(one).values():
            for kind in get_args(hint) or (hint,):
                assert not (isinstance(kind, type) and issubclass(kind, models.Model)), one.__name__


def far_on() -> Traveller:
    """A project that has come far, with a household list that hangs."""
    t = project_at(S.BUILDING)
    batch = payouts.open_batch(t, payouts.household(1), payouts.household(2))
    t.do("publish", on=batch, seat="village")
    stops.post_notice(t, purpose="household", seat="village", about=batch)
    order = stops.rectify(t)
    Rectification.objects.filter(pk=order.pk).update(listed_at=t.at, listing_public=True)
    Criticism.objects.create(case=order, unit=t.project.unit, state=order.state, due_on=t.at.date(), at=t.at)
    return t


#: The free texts that the public site is made of.
SHOWN = {
    "Area.name", "Case.title", "Evidence.poster", "HouseholdLine.name", "Notice.address", "Notice.hotline",
    "Notice.text", "Project.benefit", "Project.contractor", "Project.description", "Project.quantity_unit",
    "Project.responsible", "Rectification.breach", "Source.name", "Unit.name",
}  # fmt: skip
#: Texts that say what a row is; without them there would be nothing to show.
KEPT = frozenset({"paper", "media_type", "sha256", "county", "path"})


def stuff(model: type[models.Model]) -> Iterator[str]:
    """Personal data into each free text of a table; which texts took it."""
    for field in model._meta.local_fields:
        plain = type(field) in (models.CharField, models.TextField) and not field.choices
        if plain and not field.unique and not field.primary_key and field.name not in KEPT:
            longest = field.max_length or 4000
            fitting = [text for text in (" ".join(PERSONAL), *PERSONAL) if len(text) <= longest]
            if fitting and _stuffed(model, field.name, fitting[0]):
                yield f"{model.__name__}.{field.name}"


def _stuffed(model: type[models.Model], name: str, text: str) -> bool:
    """Whether the table took the text; a check or a key of it may not."""
    try:
        with transaction.atomic():
            model._default_manager.update(**{name: text})
    except IntegrityError:
        return False
    return True


def pages(number: str) -> Iterator[tuple[str, str]]:
    """Every public address about a project, and all that it says."""
    notices = [one.number for one in Notice.objects.all()]
    asked: list[tuple[str, list[str], str]] = [
        ("home", [], ""), ("home", [], "?past"), ("supervision", [], ""),
        ("projects", [], ""), ("projects-csv", [], ""),
        ("projects-json", [], ""), ("notices-json", [], ""), ("project", [number], ""), ("project-json", [number], ""),
        ("board", [number], ""), ("complain", [number], ""),
        *(("notice", [str(one)], "") for one in notices), *(("object", [str(one)], "") for one in notices),
    ]  # fmt: skip
    for name, args, query in asked:
        answer = Client().get(reverse(f"public:{name}", args=args) + query)
        assert answer.status_code == 200, name
        content = b"".join(answer)
        yield f"{name} {args}", told(content) if name == "board" else content.decode()


@pytest.mark.django_db
def test_no_personal_data_leaves_whatever_stands_in_the_tables() -> None:
    t = far_on()
    number, took = str(t.project.number), set[str]()
    # PostgreSQL touches no trigger of a table for which it still has something to check.
    connection.check_constraints()
    with lifted():
        for model in apps.get_models():
            if model._meta.app_label in ("workflows", "funds"):
                took.update(stuff(model))
        for one in Notice.objects.all():
            Notice.objects.filter(pk=one.pk).update(said=dict.fromkeys(one.fields, " ".join(PERSONAL)))
        connection.check_constraints()
    assert took >= SHOWN, SHOWN - took
    seen = 0
    for page, text in pages(number):
        assert not [one for one in PERSONAL if one[-8:] in text], page
        seen += "***" in text
    assert seen >= 12


@pytest.mark.django_db
def test_households_are_masked_as_on_the_board_and_gone_when_the_notice_has_run() -> None:
    t = far_on()
    notice = Notice.objects.get(purpose="household")
    address = reverse("public:notice", args=[notice.number])
    hanging = Client().get(address).content.decode()
    for line in HouseholdLine.objects.all():
        assert line.public_name in hanging
        assert line.name not in hanging
        assert str(line.id_number) not in hanging
        assert line.id_number.open()[-8:] not in hanging
        assert str(line.account) not in hanging
    stops.close_notice(t, notice)
    run = Client().get(address).content.decode()
    assert not [line for line in HouseholdLine.objects.all() if line.public_name in run]

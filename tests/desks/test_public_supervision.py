"""What everybody reads of criticisms and orders under supervision: what was published, and when it is lifted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import clockwork, ordering
from approvals.demo.orders import let_lapse
from approvals.traveller import Traveller
from tests.factories import project_at
from tests.law import counties
from workflows.models import Case, Rectification
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


def listed(rulebook: str = "default") -> tuple[Traveller, Case]:
    """An order that lapsed until it was listed."""
    t = project_at(S.BUILDING, rulebook=rulebook)
    order = ordering.rectify(t)
    t.do("acknowledge", on=order, seat="village")
    let_lapse(t, order, until="list_for_supervision")
    return t, order


def read(name: str, *args: Any) -> str:
    return Client().get(reverse(f"public:{name}", args=args)).content.decode()


def test_a_listed_order_stands_on_its_project_and_among_all_until_it_is_lifted() -> None:
    t, order = listed()
    for page in (read("supervision"), read("project", t.project.number)):
        assert page.count(str(order.number)) == 2  # criticised, and listed
        assert "已整改0项，共2项" in page
    ordering.answer_order(t, order)
    ordering.verify_order(t, order)
    assert "解除挂牌" in read("supervision")


def test_where_the_rulebook_does_not_publish_listings_only_the_criticism_is_read(tmp_path: Path) -> None:
    book = counties.rulebook(tmp_path, "county-quiet", rectification={"publish_listing": False})
    _t, order = listed(book)
    assert Rectification.objects.get(pk=order.pk).listed_at is not None
    page = read("supervision")
    assert page.count(str(order.number)) == 1
    assert "没有挂牌督办" in page


def test_an_order_that_runs_is_nobody_elses_business() -> None:
    t = project_at(S.BUILDING)
    order = ordering.rectify(t)
    clockwork.sweep(at=t.at)
    assert str(order.number) not in read("supervision") + read("project", t.project.number)

"""Every date that was computed from the calendar of working days is shown by one helper, with its mark.

A year whose holidays are not published yet is counted by weekdays; its days are provisional (暂定) and say so.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import ordering
from approvals.demo.orders import let_lapse
from tests.factories import official, project_at
from workflows import calendar
from workflows.lifecycles.complaint import Complaint
from workflows.models import Rectification
from workflows.states import ProjectState as S

TEMPLATES = Path(__file__).parents[2] / "templates"
#: What terms are called where they are computed; what somebody enters (a bid deadline, a further date) is none.
COMPUTED = ("due_at", "due_on", "deadline", "last_day", "runs_until", "reply_until", "board_due_on")
ENTERED = ("item.due_on",)
SHOWN = re.compile(r"\b((?:\w+\.)*(?:" + "|".join(COMPUTED) + r"))\|(\w+)")
BARE = re.compile(r"\{\{ ?(?:\w+\.)+(?:" + "|".join(COMPUTED) + r") ?\}\}")


def shown() -> list[tuple[str, str, str]]:
    """Template, date, filter: every place at which one of these dates is put into a page or a paper."""
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert not BARE.search(text), f"{path.name} shows a last day without a filter"
        found += [(path.name, name, how) for name, how in SHOWN.findall(text) if name not in ENTERED]
    return found


def test_every_template_shows_a_last_day_by_the_one_helper() -> None:
    assert [place for place in shown() if place[2] == "date"] == []


@pytest.mark.parametrize("page", ["complaint.html", "rectification.html", "listings.html", "criticisms.html",
                                  "home.html", "notice.html", "receipt.html", "orders.html", "order.html"])  # fmt: skip
def test_the_pages_about_terms_are_among_them(page: str) -> None:
    assert page in {name for name, _date, how in shown() if how == "last_day"}


@pytest.mark.django_db
def test_pages_mark_what_was_counted_by_a_guess(monkeypatch: Any) -> None:
    t = project_at(S.BUILDING)
    order = ordering.rectify(t).typed()
    assert isinstance(order, Rectification)
    day = calendar.last_day(order.deadline)
    inspector = Client()
    inspector.force_login(official(t, "discipline"))
    pages = [reverse("case", args=[order.pk]), reverse("orders")]
    assert not any(f"{day}（暂定）" in inspector.get(page).content.decode() for page in pages)
    monkeypatch.setattr(calendar, "published", lambda day: day < dt.date(2000, 1, 1))
    for page in pages:
        assert f"{day}（暂定）" in inspector.get(page).content.decode(), page


@pytest.mark.django_db
def test_public_lists_and_complaints_mark_it_too(monkeypatch: Any) -> None:
    t = project_at(S.BUILDING)
    order = ordering.rectify(t)
    t.do("acknowledge", on=order, seat="village")
    let_lapse(t, order, until="list_for_supervision")
    complaint = t.open(Complaint, seat="discipline", data={"text": "偷工减料"}).typed()
    monkeypatch.setattr(calendar, "published", lambda day: day < dt.date(2000, 1, 1))
    listed = Client().get(reverse("public:supervision")).content.decode()
    assert listed.count("（暂定）") == 2
    inspector = Client()
    inspector.force_login(official(t, "discipline"))
    assert "（暂定）" in inspector.get(reverse("case", args=[complaint.pk])).content.decode()

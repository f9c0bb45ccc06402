"""A project being built with an order on it: what tests of orders begin with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import clockwork, ordering
from audit import journal
from audit.models import Entry
from tests.law.stages import Stage
from workflows import calendar
from workflows.models import Person, Rectification
from workflows.states import ProjectState as S


class Ordered(Stage):
    """An order of two items, acknowledged."""

    state = S.BUILDING
    order: Rectification

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.order = ordering.rectify(cls.t)  # type: ignore[assignment]
        cls.t.do("acknowledge", on=cls.order, seat="village")

    @property
    def now(self) -> Rectification:
        """The order as it stands."""
        row = self.order.typed()
        assert isinstance(row, Rectification)
        return row

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.t.at)

    def overdue(self, days: int) -> dt.date:
        """The day so many working days after the deadline."""
        return calendar.add(self.now.deadline, days=days, day_kind="working")

    def come(self, day: dt.date, *, sweeping: bool = True) -> None:
        """Let days pass until nine o'clock of a day; the clock looks every day."""
        while self.today < day:
            later = timezone.localtime(self.t.at) + dt.timedelta(days=1)
            self.t.at = later.replace(hour=9, minute=0)
            if sweeping:
                clockwork.sweep(at=self.t.at)

    def rungs(self) -> list[tuple[dt.date, str, str]]:
        """What the clock did to the order: day, act, step."""
        rows = Entry.objects.filter(case_id=self.order.pk, actor_id=None).order_by("seq")
        return [
            (timezone.localdate(row.happened_at), row.act.partition(".")[2], journal.facts_of(row)["data"]["step"])
            for row in rows
        ]

    def first(self) -> Any:
        """The first item."""
        return self.now.items.all()[0]

    def newcomer(self) -> Person:
        """Somebody new in the county."""
        count = Person.objects.count()
        return Person.objects.create_user(f"newcomer-{count}", name=f"新人{count}")

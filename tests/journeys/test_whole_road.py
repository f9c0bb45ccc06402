"""A project travels from application to the archive, every act of it clicked in Chromium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from approvals import road
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import fresh_application
from tests.journeys.clerk import Clerk, clock_at
from workflows.lifecycles import KINDS
from workflows.models import Case, Person
from workflows.states import ProjectState as S


@dataclass(kw_only=True)
class Walker(Traveller):
    """A traveller who does everything by the pages."""

    clerk: Clerk

    def take(self, name: str, *, on: Case, by: Person, **given: Any) -> Case:
        with clock_at(self.at):
            self._fill(reverse("act", args=[on.pk, name]), on, by=by, **given)
        return self._after(on.typed(), name, by)

    def begin(self, kind: type[Case], *, by: Person, data: Mapping[str, Any]) -> Case:
        name = next(name for name, machine in KINDS.items() if machine is kind)
        with clock_at(self.at):
            self._fill(reverse("open", args=[self.project.pk, name]), self.project, by=by, data=data)
        return self._after(Case.objects.filter(root=self.project).latest("pk").typed(), "open", by)

    def _fill(self, path: str, case: Case, *, by: Person, data: Mapping[str, Any] | None, **given: Any) -> None:
        """From the case's page by the link to a form, filled in and sent."""
        self.clerk.log_in(by)
        self.clerk.visit("case", case.pk)
        self.clerk.follow(path)
        self.clerk.fill(data or {}, **given)
        self.clerk.submit()

    def _after(self, done: Case, name: str, person: Person) -> Case:
        """Where the pages led: back to the case, with the act in the record and nothing complained of."""
        expected = self.clerk.address + reverse("case", args=[done.pk])
        assert self.clerk.chrome.current_url.partition("#")[0] == expected, self.clerk.text()
        assert self.clerk.complaints() == []
        entry = Entry.objects.filter(case_id=done.pk).latest("seq")
        assert (entry.act, entry.actor_id) == (f"{done.kind}.{name}", person.pk), self.clerk.text()
        return done


def test_from_application_to_the_archive_by_mouse_and_keyboard(clerk: Clerk) -> None:
    drawn_up = fresh_application()
    walker = Walker(at=drawn_up.at, project=drawn_up.project, sources=drawn_up.sources, probing=False, clerk=clerk)
    for _state in road.whole_road(walker):
        pass
    assert walker.project.state == S.CLOSED
    assert len(walker.steps) > 60

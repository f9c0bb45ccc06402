"""A project travels from application to the archive, every act of it clicked in Chromium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from approvals import road
from approvals.traveller import Step, Traveller
from audit.models import Entry
from tests.factories import fresh_application
from tests.journeys.clerk import Clerk, clock_at
from workflows.law import StoredFile
from workflows.models import Case, Person
from workflows.states import ProjectState as S


@dataclass(kw_only=True)
class Walker(Traveller):
    """A traveller who does everything by the pages."""

    clerk: Clerk

    def do(
        self,
        name: str,
        *,
        seat: str,
        on: Case | None = None,
        reason: str = "",
        data: Mapping[str, Any] | None = None,
        files: Sequence[StoredFile] = (),
        by: Person | None = None,
    ) -> Case:
        case = (on or self.project).typed()
        person = by or self.who(case, name, seat=seat)
        self.at += self.pace
        with clock_at(self.at):
            self.clerk.log_in(person)
            self.clerk.visit("case", case.pk)
            self.clerk.follow(reverse("act", args=[case.pk, name]))
            self.clerk.fill(data or {}, files=files, reason=reason)
            self.clerk.submit()
        return self._after(case, name, person, seat)

    def open(self, kind: type[Case], *, seat: str, data: Mapping[str, Any]) -> Case:
        person = self.who(self.project, None, seat=seat)
        self.at += self.pace
        name = kind._meta.model_name or ""
        known = {"specialaudit": "special_audit"}
        with clock_at(self.at):
            self.clerk.log_in(person)
            self.clerk.visit("case", self.project.pk)
            self.clerk.follow(reverse("open", args=[self.project.pk, known.get(name, name)]))
            self.clerk.fill(data)
            self.clerk.submit()
        return self._after(Case.objects.filter(root=self.project).latest("pk"), "open", person, seat)

    def _after(self, case: Case, name: str, person: Person, seat: str) -> Case:
        """Where the pages led: back to the case, with the act in the record and nothing complained of."""
        done = case.typed()
        expected = self.clerk.address + reverse("case", args=[done.pk])
        assert self.clerk.chrome.current_url.partition("#")[0] == expected, self.clerk.text()
        assert self.clerk.complaints() == []
        entry = Entry.objects.filter(case_id=done.pk).latest("seq")
        assert (entry.act, entry.actor_id) == (f"{done.kind}.{name}", person.pk), self.clerk.text()
        step = Step(
            case=done.number or "", act=entry.act, actor=person.name, person=person, post=entry.post, desk=seat,
            state_from=entry.state_from, state_to=entry.state_to, at=self.at, hash=entry.hash,
            amount_fen=entry.amount_fen,
        )  # fmt: skip
        self.steps.append(step)
        self._refresh()
        return done


def test_from_application_to_the_archive_by_mouse_and_keyboard(clerk: Clerk) -> None:
    drawn_up = fresh_application()
    walker = Walker(at=drawn_up.at, project=drawn_up.project, sources=drawn_up.sources, probing=False, clerk=clerk)
    for _state in road.whole_road(walker):
        pass
    assert walker.project.state == S.CLOSED
    assert len(walker.steps) > 60

"""A traveller who does everything by the pages, and reads on them what is refused him."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from selenium.webdriver.common.by import By

from approvals.traveller import Traveller
from audit.models import Entry
from tests.journeys.clerk import Clerk, clock_at
from workflows.lifecycles import KINDS, spec_of
from workflows.models import Case, Person


@dataclass(kw_only=True)
class Walker(Traveller):
    """A traveller who does everything by the pages."""

    clerk: Clerk

    @classmethod
    def after(cls, t: Traveller, *, clerk: Clerk) -> Walker:
        """Goes on where another traveller stands."""
        return cls(at=t.at, project=t.project, sources=t.sources, probing=False, clerk=clerk)

    def take(self, name: str, *, on: Case, by: Person, **given: Any) -> Case:
        with clock_at(self.at):
            self._fill(reverse("act", args=[on.pk, name]), on, by=by, **given)
        return self._after(on.typed(), name, by)

    def begin(self, kind: type[Case], *, by: Person, data: Mapping[str, Any], **given: Any) -> Case:
        name = next(name for name, machine in KINDS.items() if machine is kind)
        with clock_at(self.at):
            self._fill(reverse("open", args=[self.project.pk, name]), self.project, by=by, data=data)
        return self._after(Case.objects.filter(root=self.project).latest("pk").typed(), "open", by)

    def why_not(self, name: str, *, on: Case, seat: str) -> str:
        """What the case's page says about an act that one may not do now; empty where it has a button."""
        case = on.typed()
        with clock_at(self.at):
            self.clerk.log_in(self.who(case, name, seat=seat))
            self.clerk.visit("case", case.pk)
        button = f'#acts a[href="{reverse("act", args=[case.pk, name])}"]'
        if self.clerk.chrome.find_elements(By.CSS_SELECTOR, button):
            return ""
        label = str(spec_of(type(case), name).label)
        path = f"//*[@id='acts']//details[summary[starts-with(normalize-space(), '{label} ')]]"
        barred = self.clerk.chrome.find_element(By.XPATH, path)
        self.clerk.unfold(barred)
        return barred.text

    def read(self, case: Case, *, seat: str) -> str:
        """All that the case's page says to somebody of an office."""
        with clock_at(self.at):
            self.clerk.log_in(self.who(case.typed(), None, seat=seat))
            self.clerk.visit("case", case.pk)
        return self.clerk.text()

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

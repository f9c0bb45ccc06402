"""How far who reads the record reads: his area and what lies below, by the posts that give him the right.

A province's auditor reads all of its counties, a county's auditor his own; who holds no such post reads nothing. One
law for every page and file of the record: they ask here for what they then narrow further.

It is asked the other way round, for what is surely another area's: were an entry's project or unit lost from its table,
every reader would still find the entry, instead of nobody.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from audit.access import Access
from audit.models import Entry
from audit.saved import SavedSearch
from audit.views import RIGHT
from workflows.cases import Case
from workflows.offices import READERS, Area, Level, Person, Post, Seat, Unit


class Reach:
    """What one person reads on a day by one of the rights of :data:`READERS`."""

    def __init__(self, reader: Person, *, right: str = RIGHT, at: dt.datetime) -> None:
        self.reader = reader
        seats = Seat.of(reader, on=timezone.localdate(at))
        self.paths = sorted({seat.unit.area.path for seat in seats if seat.unit.office in READERS[right]})

    def entries(self) -> QuerySet[Entry]:
        """The entries of the projects inside; of a register, which belongs to no project, those by units inside."""
        if not self.paths:
            return Entry.objects.none()
        # Asked of each entry that is looked at: a page looks at few, however many projects there are.
        elsewhere = Q(root_id__gte=1) & Q(Exists(self.foreign_projects().filter(pk=OuterRef("root_id"))))
        by_others = Q(root_id__lt=1, unit_id__in=Unit.objects.exclude(self._inside("area__")).values("pk"))
        return Entry.objects.exclude(elsewhere).exclude(by_others)

    def foreign_projects(self) -> QuerySet[Case]:
        """The projects outside, found by their areas: where there are none it costs nothing."""
        outside = Area.objects.exclude(self._inside("")).values("pk")
        # `iexact` only because SQLite would otherwise go through all projects by the index of kinds.
        return Case.objects.filter(kind__iexact="project", area_id__in=outside)

    def accesses(self) -> QuerySet[Access]:
        """What people of the area did, whatever page they asked for; and what anybody did to a case of the area."""
        if not self.paths:
            return Access.objects.none()
        ours = Case.objects.filter(self._inside("area__")).values("pk")
        return Access.objects.exclude(Q(person_id__in=self._strangers()) & ~Q(case_id__isnull=False, case_id__in=ours))

    def searches(self) -> QuerySet[SavedSearch]:
        """His own, and the shared ones of people of the area."""
        own = Q(owner_id=self.reader.pk)
        if not self.paths:
            return SavedSearch.objects.filter(own)
        return SavedSearch.objects.filter(own | Q(shared=True) & ~Q(owner_id__in=self._strangers()))

    def townships(self) -> QuerySet[Area]:
        """The townships of the area."""
        return Area.objects.filter(self._inside(""), level=Level.TOWNSHIP)

    def knows(self, person: Person) -> bool:
        """Whether a person is or was one of the area's, or nobody's."""
        return bool(self.paths) and not self._strangers().filter(person=person).exists()

    def _strangers(self) -> QuerySet[Post, Any]:
        """The people who only ever held posts outside."""
        here = Post.objects.filter(self._inside("unit__area__")).values("person_id")
        return Post.objects.exclude(person_id__in=here).values("person_id")

    def _inside(self, area: str) -> Q:
        inside = Q(pk__in=[])
        for path in self.paths:
            inside |= Q(**{f"{area}path__startswith": path})
        return inside

"""Who acts: areas, units, posts, people and delegations (县、乡、村三级主体).

Areas form a tree (province, city, county, township, village); units stand in areas; a person
holds a post in a unit from a date to a date; a delegation lends a post for a period and every act
records on whose behalf it was done. People are retired, never deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from audit.prepared import Prepared, Slot, day, number
from workflows.areas import Area as Area
from workflows.areas import Level as Level


class Office(models.TextChoices):
    """What a unit is for. The office decides which desks its posts may sit at."""

    VILLAGE = "village", _("Village project unit")
    TOWNSHIP = "township", _("Township government")
    PROGRAMME = "programme", _("County programme office")
    FINANCE = "finance", _("Finance bureau")
    ROADS = "roads", _("Transport bureau")
    WATER = "water", _("Water bureau")
    AGRICULTURE = "agriculture", _("Agriculture bureau")
    LEADING_GROUP = "leading_group", _("Leading group")
    PROCUREMENT = "procurement", _("Procurement office")
    SUPERVISION = "supervision", _("Supervision engineer")
    AUDIT = "audit", _("Audit bureau")
    DISCIPLINE = "discipline", _("Discipline inspection")
    AUDITOR = "auditor", _("Auditor (read-only)")
    SYSADMIN = "sysadmin", _("System administrator")
    SECADMIN = "secadmin", _("Security administrator")


#: The competent departments (主管部门): a project's category names one of them.
DEPARTMENTS = (Office.ROADS, Office.WATER, Office.AGRICULTURE)

#: 三员分立: administrators administer, they decide nothing (GB/T 22239-2019 8.1.5).
ADMINISTRATORS = (Office.SYSADMIN, Office.SECADMIN)

#: Who acts without an account: the clock, and anybody from the street.
OUTSIDERS = {"clock": _("Automatic on expiry"), "public": _("The public")}

#: Offices that may read every history.
INSPECTORS = (Office.AUDIT, Office.DISCIPLINE, Office.AUDITOR, Office.SECADMIN)

#: Who may read what of the record, by Django's name of the permission.
READERS = {"audit.view_entry": INSPECTORS, "audit.view_access": (Office.AUDITOR, Office.SECADMIN)}


class Unit(models.Model):
    """A unit of an office in an area: the village committee, the finance bureau of a county."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    office = models.CharField(max_length=20, choices=Office.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="units")
    legal_representative = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(office__in=Office.values), name="unit_office_known")
        ]
        verbose_name = _("unit")

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Makes people. A superuser has every administrator's page and no vote."""

    def create_user(self, username: str, password: str | None = None, **facts: object) -> Person:
        person = Person(username=username, **facts)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, username: str, password: str | None = None, **facts: object) -> Person:
        return self.create_user(username, password, is_superuser=True, **facts)


class Person(AbstractBaseUser):
    """One human being with one account; what he may do follows from the posts he holds."""

    username = models.CharField(_("account"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    email = models.EmailField(blank=True)
    retired_on = models.DateField(null=True, blank=True)
    is_superuser = models.BooleanField(default=False)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def outside(self) -> bool:
        """Whether he acts without an account, as one of :data:`OUTSIDERS`."""
        return self._state.adding

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """A retired person keeps his history and loses his login."""
        return self.serves(on=timezone.localdate())

    def serves(self, *, on: dt.date) -> bool:
        """Whether he has not retired by a day."""
        return self.retired_on is None or self.retired_on > on

    @classmethod
    def serving(cls, on: dt.date | Slot, prefix: str = "") -> Q:
        """The condition that the person serves on a day."""
        return Q(**{f"{prefix}retired_on__isnull": True}) | Q(**{f"{prefix}retired_on__gt": on})

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Refuse: history names people for good (终身追责). Retire them instead."""
        raise PermissionDenied(_("People are retired, never deleted."))

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """The Django permissions in use: reading the record and its access log, by post, never by superuser flag."""
        offices = READERS.get(perm)
        if offices is None or not self.is_active:
            return False
        seats = Seat.of(self, on=timezone.localdate())
        return any(seat.unit.office in offices for seat in seats)

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        """All of several permissions, as Django's decorators ask."""
        return all(self.has_perm(perm, obj) for perm in perms)


def outsider(name: str) -> Person:
    """One of :data:`OUTSIDERS` as the actor of an act: no row, no account, no post."""
    with translation.override(settings.LANGUAGE_CODE):
        return Person(username=name, name=str(OUTSIDERS[name]))


class Period(models.Model):
    """Valid from a day to a day, both included; ``until`` empty means still."""

    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def on(cls, day: dt.date | Slot, prefix: str = "") -> Q:
        """The condition that the period contains ``day``."""
        ended = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})
        return Q(**{f"{prefix}since__lte": day}) & ended


class Post(Period):
    """A person's post (岗位) in a unit, from a date to a date."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=40)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["unit_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="post_period_forward"
            ),
            # An administrator cannot give himself a post, whatever the page or the script.
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("person")), name="post_not_granted_to_self"
            ),
        ]
        verbose_name = _("post")

    def __str__(self) -> str:
        return f"{self.unit.name} {self.title}"

    @property
    def held_until(self) -> dt.date | None:
        """The last day on which it was held: until its end, or until its holder retired; none where neither is set."""
        retired = self.person.retired_on
        ends = [self.until, retired - dt.timedelta(days=1) if retired else None]
        return min((day for day in ends if day), default=None)


class Delegation(Period):
    """A post lent for a period (代理): its acts say on whose behalf they were done."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_held")
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__isnull=False), name="delegation_has_an_end"),
        ]
        verbose_name = _("delegation")


class Seat:
    """A post as one person may use it on a day: his own, or lent to him."""

    __slots__ = ("behalf", "post", "unit")

    def __init__(self, *, post: Post, person: Person) -> None:
        self.post = post
        self.unit = post.unit
        self.behalf = None if post.person_id == person.pk else post.person

    @classmethod
    def of(cls, person: Person, *, on: dt.date) -> list[Seat]:
        """Every seat of ``person`` on a day, own posts first; one query. Nobody lends what he has left."""
        if person.outside:
            unit = Unit(code=person.username, name="", office=person.username, area=Area(path="/"))
            return [cls(post=Post(person=person, unit=unit), person=person)]
        if not person.serves(on=on):
            return []
        known = _REMEMBERED.get()
        if known is None:
            return cls._asked(person, on=on)
        if (person.pk, on) not in known:
            known[person.pk, on] = cls._asked(person, on=on)
        return list(known[person.pk, on])

    @classmethod
    def _asked(cls, person: Person, *, on: dt.date) -> list[Seat]:
        seats = [cls(post=post, person=person) for post in _HELD.all(person=person.pk, on=on)]
        # Who administers decides nothing: beside an administrator's post his others rest.
        administers = [seat for seat in seats if seat.unit.office in ADMINISTRATORS]
        return sorted(administers or seats, key=lambda seat: seat.behalf is not None)

    @property
    def code(self) -> str:
        """The post as the record names it: office, unit code and title; an outsider has none."""
        if self.post.person.outside:
            return self.unit.office
        return f"{self.unit.office}@{self.unit.code} {self.post.title}"


#: What was asked while a page is read; ``None`` outside, and always when an act is done.
_REMEMBERED: ContextVar[dict[tuple[int, dt.date], list[Seat]] | None] = ContextVar("seats", default=None)


@contextmanager
def seats_remembered() -> Iterator[None]:
    """Ask for a person's seats once: for pages that are only read. An act asks the database itself, every time."""
    token = _REMEMBERED.set({})
    try:
        yield
    finally:
        _REMEMBERED.reset(token)


def _posts_held() -> models.QuerySet[Post]:
    """A person's posts on a day, and those lent to him by people who still serve."""
    on, person = day("on"), number("person")
    lent = Delegation.objects.filter(Period.on(on), to=person).values("post_id")
    lent_by_who_serves = Q(pk__in=lent) & Person.serving(on, "person__")
    held = Post.objects.filter(Period.on(on) & (Q(person=person) | lent_by_who_serves))
    return held.select_related("unit__area", "person").order_by("id")


_HELD = Prepared(_posts_held)

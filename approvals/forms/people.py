"""The register's forms: a post granted, ended, lent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from approvals.forms.plain import DayField, TextField
from workflows.models import Person, Post, Unit
from workflows.offices import Period
from workflows.superiors import superior_of

CHOOSE = _("please choose")
#: What an account may be called: it stands in the record and is typed by hand.
ACCOUNT_NAME = RegexValidator(r"^[A-Za-z0-9._-]+\Z", _("Letters, digits, dot, hyphen and underscore only."))


def _date(label: Any, *, required: bool = True) -> DayField:
    return DayField(label=label, required=required)


class GrantForm(forms.Form):
    """A post for a person in a unit, from a day, perhaps to a day."""

    person = forms.ModelChoiceField(
        Person.objects.filter(retired_on__isnull=True).order_by("username"), label=_("Person"), empty_label=CHOOSE
    )
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Unit"), empty_label=CHOOSE)
    title = TextField(label=_("Post"), max_length=40)
    since = _date(_("From"))
    until = _date(_("Until (empty: open)"), required=False)


class EndForm(forms.Form):
    """The last day of a post."""

    post = forms.ModelChoiceField(Post.objects.select_related("unit", "person"), widget=forms.HiddenInput)
    until = _date(_("Last day"))


class LendForm(forms.Form):
    """A post lent to somebody for a period."""

    post = forms.ModelChoiceField(
        Post.objects.select_related("unit", "person"), label=_("Post to lend"), empty_label=CHOOSE
    )
    to = forms.ModelChoiceField(
        Person.objects.filter(retired_on__isnull=True).order_by("username"), label=_("To"), empty_label=CHOOSE
    )
    since = _date(_("From"))
    until = _date(_("Until"))
    reason = TextField(label=_("Reason"), max_length=200)


class StandInForm(LendForm):
    """One's own post lent for a period to somebody of the same place or of the unit above it.

    A village with one clerk lends to the township's. Who reviews may not have filed: the rules of separation count
    both as one hand and refuse the borrower the review of what he has filed as a stand-in.
    """

    def __init__(self, data: Any, *, person: Person, at: dt.datetime) -> None:
        super().__init__(data)
        today = timezone.localdate(at)
        mine = Post.objects.filter(Period.on(today), person=person).select_related("unit__area")
        there = Post.objects.filter(Period.on(today), unit__area__in=mine.values("unit__area"))
        above = [unit.pk for post in mine if (unit := superior_of(post.unit)) is not None]
        higher = Post.objects.filter(Period.on(today), unit__in=above)
        people = Person.objects.filter(Q(posts__in=there) | Q(posts__in=higher), retired_on__isnull=True).exclude(
            pk=person.pk
        )
        self.fields["post"].queryset = mine  # type: ignore[attr-defined]
        self.fields["to"].queryset = people.distinct().order_by("username")  # type: ignore[attr-defined]


#: What becomes of a post when its holder leaves, beside the number of who follows.
KEEPS, NOBODY = "keeps", "nobody"


class LeavingForm(forms.Form):
    """The last day, and for each post who follows, that nobody does, or that he keeps it."""

    until = _date(_("Last day"))
    reason = TextField(label=_("Reason"), max_length=200)

    def __init__(self, data: Any = None, *, posts: Sequence[Post], by: Person) -> None:
        super().__init__(data)
        self.posts = {f"post-{post.pk}": post for post in posts}
        leavers = {post.person_id for post in posts} | {by.pk}
        people = Person.objects.filter(retired_on__isnull=True).exclude(pk__in=leavers).order_by("username")
        self.people = {str(person.pk): person for person in people}
        chosen = [(pk, f"{person.name} ({person.username})") for pk, person in self.people.items()]
        for name, post in self.posts.items():
            options = [("", CHOOSE), (NOBODY, _("nobody: it climbs to the unit above")), (KEEPS, _("he keeps it"))]
            self.fields[name] = forms.ChoiceField(label=str(post), choices=[*options, *chosen])

    @property
    def successors(self) -> dict[Post, Person | None]:
        """Post -> who follows, or None where nobody does; posts that he keeps are left out."""
        chosen = {post: self.cleaned_data[name] for name, post in self.posts.items()}
        return {post: self.people.get(given) for post, given in chosen.items() if given != KEEPS}


class AccountForm(forms.Form):
    """A new account: what one logs in with, and whose it is."""

    username = TextField(label=_("Log-in name"), min_length=2, max_length=40, validators=[ACCOUNT_NAME])
    name = TextField(label=_("Name of the person"), max_length=40)


class RetireForm(forms.Form):
    """From which day on an account is closed."""

    person = forms.ModelChoiceField(Person.objects.all(), widget=forms.HiddenInput)
    on = _date(_("Closed from"))


class LanguageForm(forms.Form):
    """The language of an account's mails."""

    person = forms.ModelChoiceField(Person.objects.all(), widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)


class PersonForm(forms.Form):
    """One account."""

    person = forms.ModelChoiceField(Person.objects.all(), widget=forms.HiddenInput)

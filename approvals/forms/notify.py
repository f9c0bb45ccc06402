"""What one chooses about messages, and whom one sends a copy."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from approvals.forms.plain import TextField
from approvals.notify.kinds import Kind, channels, usual
from approvals.notify.letters import preferences
from approvals.notify.models import MailLanguage, Preference
from approvals.notify.writing import language_of
from workflows import accounts
from workflows.models import Person, Unit


class SettingsForm(forms.Form):
    """The address, the language of mails, and for each kind how it leaves the app."""

    email = forms.EmailField(
        label=_("Address for mail"), required=False, max_length=254,
        help_text=_("Without an address nothing is mailed; the messages stand here."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)

    def __init__(self, data: Any = None, *, person: Person) -> None:
        self.person = person
        chosen = preferences([person.pk])
        start = {kind.value: chosen.get((person.pk, kind), usual(kind)) for kind in Kind}
        super().__init__(data, initial={"email": person.email, "language": language_of(person)} | start)
        for kind in Kind:
            offered = [(channel.value, channel.label) for channel in channels(kind)]
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=offered, widget=forms.RadioSelect)

    @property
    def kinds(self) -> list[forms.BoundField]:
        """The fields of the kinds, in their order."""
        return [self[kind.value] for kind in Kind]

    @transaction.atomic
    def save(self, *, at: dt.datetime) -> None:
        """Keep the choice: what is told from now on follows it."""
        given = self.cleaned_data
        accounts.change_address(by=self.person, email=given["email"], at=at)
        MailLanguage.objects.update_or_create(person=self.person, defaults={"language": given["language"]})
        Preference.objects.bulk_create(
            [Preference(person=self.person, kind=kind.value, channel=given[kind.value]) for kind in Kind],
            update_conflicts=True, unique_fields=["person", "kind"], update_fields=["channel"],
        )  # fmt: skip


class CopyForm(forms.Form):
    """To whom, and the line that goes with it."""

    to = forms.ChoiceField(label=_("Sent to"))
    text = TextField(label=_("Remark"), max_length=200)

    def __init__(self, data: Any = None, *, around: list[tuple[Unit, list[Person]]], but: Person) -> None:
        super().__init__(data)
        groups: list[Any] = [("", _("please choose"))]
        for unit, people in around:
            options: list[Any] = [(f"person-{person.pk}", person.name) for person in people if person.pk != but.pk]
            if len(options) > 1:
                options.insert(0, (f"unit-{unit.pk}", _("everybody at this unit's desks")))
            if options:
                groups.append((unit.name, options))
        self.fields["to"].choices = groups  # type: ignore[attr-defined]

"""What anybody may fill in: an objection, a complaint, the code of a receipt. No name is ever demanded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from approvals.forms.plain import TextField

OBJECTION_LENGTH_MAX, COMPLAINT_LENGTH_MAX = 2000, 4000


class Said(forms.Form):
    """Text, and who says it if he wants to."""

    text = TextField(
        label=_("What you want to say"), min_length=2, max_length=OBJECTION_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    name = TextField(
        label=_("Your name"), required=False, max_length=40, help_text=_("May be left empty."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    contact = TextField(
        label=_("How to reach you"), required=False, max_length=120,
        help_text=_("May be left empty. Only the office that answers you can read it."),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )  # fmt: skip
    #: A field that no person sees. What fills it in is a machine; a browser that did is told so.
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200,
                              widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))  # fmt: skip
    ticket = forms.CharField(max_length=400, widget=forms.HiddenInput)

    def clean_website(self) -> str:
        """Nothing, or a refusal."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("The field that nobody sees was filled in. Empty it, and send again."))
        return ""

    @property
    def shown(self) -> list[Any]:
        """The fields that a person sees."""
        return [self[name] for name in ("text", "name", "contact")]


class Complained(Said):
    """The same, with more room."""

    text = TextField(
        label=_("What you want to say"), min_length=2, max_length=COMPLAINT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip


class ReceiptForm(forms.Form):
    """The code that somebody was given."""

    code = TextField(
        label=_("Code of your receipt"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip

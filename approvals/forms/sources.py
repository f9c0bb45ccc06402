"""The finance bureau's forms: a source of funds entered, its money received, carried over, returned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.build import MilliField
from approvals.forms.plain import TextField
from funds.forms import YuanField
from funds.ledger import Labour
from funds.models import DAYS_MILLI_MAX, RATE_FEN_MAX, Source
from workflows.words import PURPOSES

YEARS = (1949, 2999)


class SourceForm(forms.Form):
    """The document that gives the money. Labour says days, rate and the rate's document; money says an amount."""

    name = TextField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Source.Kind.choices)
    document_number = TextField(label=_("Document number"), max_length=80)
    year = forms.IntegerField(label=_("Year"), min_value=YEARS[0], max_value=YEARS[1])
    amount_fen = YuanField(
        label=_("Amount"), required=False, help_text=_("In yuan, or as in 12.5万. Leave it empty for labour.")
    )
    manager = TextField(label=_("Manager (unchanged)"), max_length=120)
    channel = TextField(label=_("Channel (unchanged)"), max_length=120)
    purpose = forms.ChoiceField(label=_("Purpose (unchanged)"), choices=list(PURPOSES.items()))
    nature = TextField(label=_("Nature (unchanged)"), max_length=120)
    procedure = TextField(label=_("Approval procedure (unchanged)"), max_length=120)
    days_milli = MilliField(
        label=_("Days of labour"), required=False, milli_min=1, milli_max=DAYS_MILLI_MAX,
        help_text=_("For labour only: days, at most three decimals."),
    )  # fmt: skip
    rate_fen = YuanField(label=_("What a day counts for (yuan)"), required=False, fen_max=RATE_FEN_MAX)
    rate_document = TextField(label=_("Document that sets the rate"), required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        """Labour is counted, money has an amount: one of them, whole, and nothing of the other."""
        given = super().clean() or self.cleaned_data
        counted = ("days_milli", "rate_fen", "rate_document")
        labour = given.get("kind") == Source.Kind.LABOUR
        wanted, barred = (counted, ("amount_fen",)) if labour else (("amount_fen",), counted)
        for name in wanted:
            if name in given and given[name] in (None, ""):
                self.add_error(name, _("This must be filled in for this kind of source."))
        for name in barred:
            if given.get(name) not in (None, ""):
                self.add_error(name, _("This stays empty for this kind of source."))
        return given

    def facts(self) -> dict[str, Any]:
        """As :func:`workflows.treasury.open_source` takes them."""
        facts = dict(self.cleaned_data)
        labour = Labour(**{name: facts.pop(name) for name in Labour.__slots__})
        if facts["kind"] == Source.Kind.LABOUR:
            return facts | {"labour": labour}
        return facts


class MoveForm(forms.Form):
    """How much of a source's own money moves, and why."""

    def __init__(self, data: Any = None, *, fen_max: int, reason: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["fen"] = YuanField(label=_("Amount"), fen_max=fen_max)
        area = forms.Textarea(attrs={"rows": 3, "maxlength": 200})
        self.fields["reason"] = TextField(label=_("Reason"), required=reason, max_length=200, widget=area)

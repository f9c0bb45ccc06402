"""Searching the record: what an auditor may ask."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import BinaryField, BooleanField, F, Func, Q, QuerySet, Value
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from audit import said
from audit.labels import label
from audit.models import Entry
from audit.periods import PeriodForm

WORDS_CHARS_MAX, YUAN_DIGITS_MAX = 100, 16
#: Names that a question may fit; one that fits more fits so many entries that the newest are soon found.
NAMES_MAX = 500
#: Post of the outsider that acts when a term is over.
CLOCK = "clock"
#: Questions that are asked seldom: they open behind one line.
FURTHER = ("post", "unit", "kind", "amount_from", "amount_to", "moment", "late", "automatic")
ANY = ("", _("any"))


class Holds(Func):
    """Whether the payload has these bytes in it, on either engine; it need not be text that anybody can read."""

    output_field = BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Payload first."""
        return self.as_sql(compiler, connection, template="(INSTR(%(expressions)s) > 0)")

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Bytes first."""
        turned = Func(*reversed(self.get_source_expressions()), arg_joiner=" IN ", output_field=BooleanField())
        return turned.as_sql(compiler, connection, template="(POSITION(%(expressions)s) > 0)")


class SearchForm(PeriodForm):
    """Every field narrows; all may stay empty."""

    words = forms.CharField(label=_("Words in the entry"), max_length=WORDS_CHARS_MAX, required=False)
    case = forms.CharField(label=_("Case number or title"), max_length=100, required=False)
    person = forms.CharField(label=_("Person"), max_length=100, required=False)
    act = forms.ChoiceField(label=_("Act"), required=False)
    post = forms.CharField(label=_("Post"), max_length=100, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind of case"), required=False)
    amount_from = forms.DecimalField(label=_("Amount from (yuan)"), required=False, max_digits=YUAN_DIGITS_MAX,
                                     decimal_places=2)  # fmt: skip
    amount_to = forms.DecimalField(label=_("Amount to (yuan)"), required=False, max_digits=YUAN_DIGITS_MAX,
                                   decimal_places=2)  # fmt: skip
    moment = forms.ChoiceField(label=_("The days count by"), required=False, choices=[
        ("", _("when it happened")), ("recorded_at", _("when it was recorded")),
    ])  # fmt: skip
    late = forms.BooleanField(label=_("Only late entries"), required=False)
    automatic = forms.BooleanField(label=_("Only automatic acts"), required=False)
    root = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["words", "case", "person", "act", "since", "until"])
        acts = _acts_done()
        by_kind = [(kind, list(codes)) for kind, codes in groupby(acts, key=lambda act: act.partition(".")[0])]
        self._offer("act", [(label("kind", kind), [(a, label("act", a)) for a in codes]) for kind, codes in by_kind])
        self._offer("kind", [(kind, label("kind", kind)) for kind, _codes in by_kind])
        for field in self.fields.values():
            if isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "form-check-input"

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *choices]

    def clean(self) -> dict[str, Any]:
        """Refuse amounts that run backwards, for the same reason as periods."""
        asked = super().clean()
        low, high = asked.get("amount_from"), asked.get("amount_to")
        if low is not None and high is not None and high < low:
            raise ValidationError(_("The amount ends before it begins."))
        return asked

    @property
    def first(self) -> list[BoundField]:
        """The fields that always show."""
        return [field for field in self.visible_fields() if field.name not in FURTHER]

    @property
    def further(self) -> list[BoundField]:
        """The fields behind the line."""
        return [field for field in self.visible_fields() if field.name in FURTHER]

    @property
    def asks_further(self) -> bool:
        """Whether one of those is filled in, or wrong."""
        return any(self.data.get(name) for name in FURTHER)

    def found(self, within: QuerySet[Entry]) -> QuerySet[Entry]:
        """The entries asked for of those ``within``, in no particular order; none while the question is faulty."""
        if not self.is_valid():
            return Entry.objects.none()
        asked = self.cleaned_data
        found = within.filter(_of_whom(asked), _of_what(asked))
        for word in asked["words"].split():
            # As the payload's canonical JSON writes it.
            octets = json.dumps(word, ensure_ascii=False)[1:-1].encode()
            found = found.filter(said.holding(word), Holds(F("payload"), Value(octets, output_field=BinaryField())))
        return self.within(found, asked["moment"] or "happened_at")


def _acts_done() -> list[str]:
    return _all("act")


def _all(column: str) -> list[str]:
    """Every word of a column: from one to the next along its index, however many entries there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE done(word) AS (SELECT min({column}) FROM audit_entry UNION ALL"  # noqa: S608 - ours alone
            f" SELECT (SELECT min({column}) FROM audit_entry e WHERE e.{column} > done.word) FROM done"
            " WHERE done.word IS NOT NULL) SELECT word FROM done WHERE word IS NOT NULL"
        )
        return [word for (word,) in cursor.fetchall()]


def _named(column: str, asked: str) -> Q:
    """The entries in whose column the signs stand, in capitals or not."""
    names = [name for name in _all(column) if asked.casefold() in name.casefold()]
    return Q(**{f"{column}__in": names} if len(names) <= NAMES_MAX else {f"{column}__icontains": asked})


def _of_whom(asked: dict[str, Any]) -> Q:
    found = Q()
    if asked["person"]:
        found &= _named("actor_name", asked["person"]) | _named("behalf_name", asked["person"])
    if asked["post"]:
        found &= _named("post", asked["post"])
    if asked["unit"]:
        found &= _named("unit_name", asked["unit"])
    if asked["automatic"]:
        found &= Q(actor_id=None, post=CLOCK)
    return found


def _of_what(asked: dict[str, Any]) -> Q:
    found = Q()
    if asked["case"]:
        found &= said.holding(asked["case"])
        found &= Q(case_number__icontains=asked["case"]) | Q(case_title__icontains=asked["case"])
    if asked["act"]:
        found &= Q(act=asked["act"])
    if asked["kind"]:
        found &= Q(case_kind=asked["kind"])
    if asked["root"] is not None:
        found &= Q(root_id=asked["root"])
    if asked["amount_from"] is not None:
        found &= Q(amount_fen__gte=_fen(asked["amount_from"]))
    if asked["amount_to"] is not None:
        found &= Q(amount_fen__lte=_fen(asked["amount_to"]))
    if asked["late"]:
        found &= Q(late=True)
    return found


def _fen(yuan: Decimal) -> int:
    return int(yuan.scaleb(2))

"""The form of one act: its fields, its tables, the opinion and the files, cleaned into what the door takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.forms.build import MilliField, field_for, row_model
from approvals.forms.choices import Choices, answered, bill, findings, items, responses, sources, verdicts
from approvals.forms.labels import HELP, LABELS
from approvals.forms.plain import DayField, TextField
from funds.forms import YuanField
from workflows import files as store
from workflows.law import Data, StoredFile
from workflows.models import BudgetLine

#: Tables whose rows are given: none is added, none taken away, and the fields that name a row stay as they are.
GIVEN = {"cuts": ("code", "number")}
#: Forms with one field for each source of money, item of an order, line of the bill or finding of an audit.
BY_KEY = ("sources", "answers", "quantities", "results", "until", "replies", "responses", "grounds")
#: A verdict on each, and under each what goes with it.
PAIRS = (("results", "until"), ("responses", "grounds"))
#: What only the public site fills in.
NOT_HERE = ("receipt",)
#: Blank rows offered at first and added by "more rows".
ROWS_BLANK = 3
ROWS_MAX = 60


class ManyFilesInput(forms.FileInput):
    """Takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads, each checked by what it contains, then kept under its digest."""

    widget = ManyFilesInput
    wide = True

    def clean(self, data: Any, initial: Any = None) -> Any:
        given: list[UploadedFile[bytes]] = [one for one in (data or []) if one]
        if not given:
            super().clean(None, initial)
            return []
        if len(given) > store.COUNT_MAX:
            raise forms.ValidationError(_("At most %(count)s files at once."), params={"count": store.COUNT_MAX})
        kept: list[StoredFile] = []
        wrong: list[str] = []
        for upload in given:
            try:
                kept.append(store.store(upload))
            except store.BadFile as refused:
                wrong.append(str(refused))
        if wrong:
            raise forms.ValidationError(wrong)
        return kept


def files_field(*, label: Any, required: bool = False) -> FilesField:
    """An upload control that names what it takes."""
    return FilesField(
        label=label,
        required=required,
        help_text=_("PDF, JPG, PNG or XLSX, at most 20 MB each."),
        widget=ManyFilesInput(attrs={"accept": ",".join(store.MEDIA_TYPES), "multiple": True}),
    )


class Table:
    """A table of the form: one formset, one row a line."""

    def __init__(self, name: str, model: type[Data], *, data: Any, initial: list[Any], case: Any) -> None:
        fields = {key: field_for(key, info, case=case) for key, info in model.model_fields.items()}
        self.given = name in GIVEN
        for key in GIVEN.get(name, ()):
            fields[key].widget.attrs["readonly"] = True
        for field in fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2
        row = type("Row", (forms.Form,), fields)
        blank = 0 if self.given else ROWS_BLANK if initial else ROWS_BLANK + 1
        factory: Any = formset_factory(
            row, extra=blank, max_num=ROWS_MAX, absolute_max=ROWS_MAX, validate_max=True, can_delete=not self.given
        )
        self.name, self.label, self.help = name, LABELS.get(name, name), HELP.get(name, "")
        self.formset: BaseFormSet[Any] = factory(data, prefix=name, initial=initial or None)
        self.formset.error_messages["too_many_forms"] = _("At most %(num)d rows.")
        self.formset.error_messages["missing_management_form"] = _("The table did not arrive whole; reload the page.")

    @property
    def heads(self) -> list[Any]:
        """The column heads."""
        return [field.label for name, field in self.formset.empty_form.fields.items() if name != "DELETE"]

    def rows(self) -> list[dict[str, Any]]:
        """The rows that were filled in."""
        kept = [form.cleaned_data for form in self.formset.forms if form.has_changed() or form.initial]
        return [{k: v for k, v in row.items() if k != "DELETE"} for row in kept if row and not row.get("DELETE")]


def with_more_rows(data: Any) -> Any:
    """The same request with more blank rows in the table whose button was pressed."""
    more = data.copy()
    total = f"{more['more']}-TOTAL_FORMS"
    # A number longer than any count of rows is the formset's to refuse.
    if (count := str(more.get(total, ""))).isdecimal() and len(count) < 4:
        more[total] = str(min(int(count) + ROWS_BLANK, ROWS_MAX))
    return more


class ActForm:
    """Fields, tables, opinion and files of one act."""

    def __init__(
        self,
        takes: type[Data] | None,
        *,
        case: Any,
        request: HttpRequest | None = None,
        initial: Mapping[str, Any] | None = None,
        offered: Mapping[str, Choices] | None = None,
        reason: bool | None = None,
    ) -> None:
        """``request`` binds the form; ``reason`` asks for an opinion: must, may, or ``None`` not at all."""
        data = request.POST if request is not None else None
        if data is not None and data.get("more"):
            data = with_more_rows(data)
        start = dict(initial or {})
        self.keyed: dict[str, dict[str, Any]] = {}
        self.tables: list[Table] = []
        #: The lines of the bill: name of the field, line, thousandths signed before.
        self.bill: list[tuple[str, BudgetLine, int]] = []
        fields: dict[str, forms.Field] = {}
        for name, info in takes.model_fields.items() if takes is not None else ():
            if name in NOT_HERE:
                continue
            if name in BY_KEY and row_model(info) is None:
                fields |= self._by_key(name, case)
            elif (model := row_model(info)) is not None:
                self.tables.append(Table(name, model, data=data, initial=start.get(name, []), case=case))
            else:
                fields[name] = field_for(name, info, case=case, offered=offered)
        if takes is not None and "paper" in takes.model_fields:
            fields["files"] = files_field(label=_("Files"), required=True)
        if reason is not None:
            area = forms.Textarea(attrs={"rows": 3, "maxlength": 2000})
            fields["reason"] = TextField(label=_("Opinion"), required=reason, max_length=2000, widget=area)
        made = type("Fields", (forms.Form,), fields | {"field_order": self._order()})
        self.form: forms.Form = made(data, _uploads(request), initial=start)

    def _by_key(self, name: str, case: Any) -> dict[str, forms.Field]:
        """One field for each source of money, each item of an order, or each line of the bill."""
        made: dict[str, forms.Field] = {}
        keys: dict[str, Any] = {}
        if name == "sources":
            for number, label, left_fen in sources(case):
                keys[f"sources-{number}"] = number
                made[f"sources-{number}"] = YuanField(label=label, required=False, fen_min=0, fen_max=left_fen)
        elif name == "quantities":
            for line, signed, milli in bill(case):
                field = f"quantities-{line.position}"
                keys[field] = line.position
                made[field] = MilliField(label=f"{line.item} ({line.unit})", initial=milli)
                self.bill.append((field, line, signed))
        elif name in ("results", "responses"):
            asked = items(case) if name == "results" else findings(case, answered=True)
            told = answered(case) if name == "results" else {}
            for number, text in asked:
                keys[f"{name}-{number}"] = number
                offered = verdicts() if name == "results" else responses()
                made[f"{name}-{number}"] = verdict = forms.ChoiceField(
                    label=text, choices=offered, help_text=told.get(number, "")
                )
                verdict.first = True  # type: ignore[attr-defined]
        elif name == "until":
            for number, text in items(case):
                keys[f"until-{number}"] = number
                label = _("Further date: %(item)s") % {"item": text}
                made[f"until-{number}"] = DayField(label=label, required=False)
        else:
            asked = items(case) if name == "answers" else findings(case)
            if name == "grounds":
                replied = dict(findings(case, answered=True))
                asked = [(number, text) for number, text in asked if number in replied]
            shown = _("Grounds: %(item)s") if name == "grounds" else "%(item)s"
            for number, text in asked:
                keys[f"{name}-{number}"] = number
                made[f"{name}-{number}"] = TextField(
                    label=shown % {"item": text}, max_length=1000, required=False,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )  # fmt: skip
        self.keyed[name] = keys
        return made

    def _order(self) -> list[str]:
        """Each item's further date stands under its verdict, as the grounds under a response; all else as it comes."""
        return [
            f"{name}-{number}" for pair in PAIRS for number in self.keyed.get(pair[1], {}).values() for name in pair
        ]  # fmt: skip

    def loose(self) -> list[BoundField]:
        """The fields that stand by themselves, not in a table."""
        in_table = {field for field, _line, _signed in self.bill}
        return [one for one in self.form if one.name not in in_table]

    def measured(self) -> list[tuple[BudgetLine, int, BoundField]]:
        """The bill's lines, each with what was signed before and the field for what is done now."""
        return [(line, signed, self.form[field]) for field, line, signed in self.bill]

    def is_valid(self) -> bool:
        """Whether everything is filled in rightly; all parts are judged, so all faults show at once."""
        return all([self.form.is_valid(), *(table.formset.is_valid() for table in self.tables)])

    def faults(self) -> list[dict[str, str]]:
        """What is wrong, by label and place on the page; a long form says so at its top. Empty while unjudged."""
        found = [(one, str(one.label)) for one in self.form if one.errors]
        for table in self.tables:
            for n, row in enumerate(table.formset.forms, 1):
                found += [(one, f"{table.label} {n} · {one.label}") for one in row if one.errors]
        return [{"anchor": one.id_for_label or one.auto_id, "label": label} for one, label in found]

    def quiet(self) -> None:
        """Show what was typed without finding fault: only more rows were asked for."""
        self.form.errors.clear()
        for table in self.tables:
            for row in table.formset.forms:
                row.errors.clear()

    @property
    def reason(self) -> str:
        return str(self.form.cleaned_data.get("reason", "")).strip()

    @property
    def files(self) -> list[StoredFile]:
        return list(self.form.cleaned_data.get("files") or [])

    def payload(self) -> dict[str, Any]:
        """What the act takes; what was left empty is left out, so that the model's default holds."""
        keyed = {field for keys in self.keyed.values() for field in keys}
        skip = keyed | {"reason", "files"}
        given = {k: v for k, v in self.form.cleaned_data.items() if k not in skip and v not in (None, "")}
        for name, keys in self.keyed.items():
            values = {number: self.form.cleaned_data.get(field) for field, number in keys.items()}
            given[name] = {number: value for number, value in values.items() if value}
        return given | {table.name: table.rows() for table in self.tables}

    def blame(self, problems: Mapping[str, str]) -> None:
        """Show what the act's own model found wrong, next to the field where there is one."""
        for path in problems:
            name = path.split(".")[0]
            known = name if name in self.form.fields else None
            self.form.add_error(known, _("This entry is not accepted; check its length and its form."))


def _uploads(request: HttpRequest | None) -> dict[str, Any] | None:
    """Every upload of each name, not the last one alone."""
    return None if request is None else {name: request.FILES.getlist(name) for name in request.FILES}

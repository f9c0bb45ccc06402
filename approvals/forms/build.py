"""Form fields made from the fields of an act's data: one place where a type becomes a control.

The names say the unit: ``_fen`` is money, ``_milli`` thousandths of a quantity. What a control lets
through the act's own model checks again.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from pydantic.fields import FieldInfo

from approvals.forms.choices import BY_CASE, IN_WORDS, Choices
from approvals.forms.labels import HELP, HELP_REQUIRED, LABELS, SHAPES, VERDICTS
from approvals.forms.plain import DayField, TextField
from funds.forms import YuanField
from workflows.law import Data

#: From this length on a text gets more than one line.
LONG_TEXT = 300


class MilliField(forms.DecimalField):
    """A quantity with up to three decimals, kept as whole thousandths."""

    def __init__(self, *, milli_min: int = 0, milli_max: int = 10**12, **kwargs: Any) -> None:
        super().__init__(
            min_value=Decimal(milli_min) / 1000,
            max_value=Decimal(milli_max) / 1000,
            decimal_places=3,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number * 1000)

    def prepare_value(self, value: Any) -> Any:
        if type(value) is not int:
            return value
        return f"{Decimal(value) / 1000:f}".rstrip("0").rstrip(".") if value % 1000 else str(value // 1000)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(str(data or "").strip()) if initial in (None, "") else self.prepare_value(initial) != data


class LinesField(TextField):
    """Several texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(self, *, lines: Mapping[str, Any], each: Mapping[str, Any], **kwargs: Any) -> None:
        """``lines`` bounds how many there may be, ``each`` how long one may be, both as :func:`limits` reads them."""
        super().__init__(**kwargs)
        self.lines, self.each = lines, each

    def clean(self, value: Any) -> Any:
        found = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(found) > (most := self.lines.get("max_length", len(found))):
            raise forms.ValidationError(_("At most %(most)s lines."), params={"most": most})
        for number, line in enumerate(found, start=1):
            least, most = self.each.get("min_length", 1), self.each.get("max_length", len(line))
            if not least <= len(line) <= most:
                said = _("Line %(number)s must have between %(least)s and %(most)s characters.")
                raise forms.ValidationError(said, params={"number": number, "least": least, "most": max(most, least)})
        return found

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value


def limits(info: FieldInfo) -> dict[str, Any]:
    """The bounds that the model sets, by name: ge, gt, le, min_length, max_length, pattern."""
    found: dict[str, Any] = {}
    # Of ``Annotated[str, …] | None`` they stand inside.
    for mark in (*info.metadata, *FieldInfo.from_annotation(_given(info.annotation)).metadata):
        for name in ("ge", "gt", "le", "min_length", "max_length", "pattern"):
            value = getattr(mark, name, None)
            if value is not None:
                found[name] = value
    return found


def _given(annotation: Any) -> Any:
    """Without ``| None``."""
    if get_origin(annotation) in (Union, types.UnionType):
        return next(kind for kind in get_args(annotation) if kind is not type(None))
    return annotation


def bare(annotation: Any) -> Any:
    """The type itself, without ``| None`` and without bounds."""
    kind = _given(annotation)
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def row_model(info: FieldInfo) -> type[Data] | None:
    """The model of a table's rows; ``None`` where the field is no table."""
    kind = bare(info.annotation)
    first = get_args(kind)[0] if get_origin(kind) is tuple else None
    return first if isinstance(first, type) and issubclass(first, Data) else None


def field_for(name: str, info: FieldInfo, *, case: Any, offered: Mapping[str, Choices] | None = None) -> forms.Field:
    """The control for one field of an act's data; ``offered`` overrides what may be chosen."""
    kind, bound = bare(info.annotation), limits(info)
    common: dict[str, Any] = {
        "label": LABELS.get(name, name),
        "help_text": (HELP | HELP_REQUIRED if info.is_required() else HELP).get(name, ""),
        "required": info.is_required(),
    }
    if name in VERDICTS:
        return _verdict(name, common)
    if offered and name in offered:
        return _choice(offered[name], whole=kind is int, common=common)
    if name in BY_CASE and not _fixed(kind):
        return _choice(BY_CASE[name](case), whole=kind is int, common=common)
    if get_origin(kind) is Literal:
        return _literal(name, kind, info, common)
    if get_origin(kind) is tuple:
        return LinesField(lines=bound, each=limits(FieldInfo.from_annotation(get_args(kind)[0])), **common)
    if kind is int:
        return _integer(name, bound, common)
    if kind is bool:
        return forms.BooleanField(**common | {"required": False})
    if kind is dt.date:
        return DayField(**common)
    return _text(name, bound, common)


def _fixed(kind: Any) -> bool:
    return get_origin(kind) is Literal and len(get_args(kind)) == 1


def _verdict(name: str, common: dict[str, Any]) -> forms.Field:
    return forms.TypedChoiceField(
        choices=VERDICTS[name], coerce=lambda value: value == "True", widget=forms.RadioSelect, **common
    )


def _choice(choices: list[tuple[Any, str]], *, whole: bool, common: dict[str, Any]) -> forms.Field:
    if common["required"] and len(choices) != 1:
        choices = [("", str(_("please choose"))), *choices]
    return forms.TypedChoiceField(choices=choices, coerce=int if whole else str, empty_value=None, **common)


def _literal(name: str, kind: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    if _fixed(kind):
        return forms.CharField(widget=forms.HiddenInput, initial=get_args(kind)[0], required=False)
    names = IN_WORDS.get(name, {})
    choices = [(code, names.get(code, code)) for code in get_args(kind)]
    initial = None if info.is_required() else info.default
    if not info.is_required() and initial is None:
        choices.insert(0, ("", "—"))
    return _choice(choices, whole=False, common=common | {"initial": initial})


def _integer(name: str, bound: dict[str, Any], common: dict[str, Any]) -> forms.Field:
    least = bound["gt"] + 1 if "gt" in bound else bound.get("ge")
    if name == "fen" or name.endswith("_fen"):
        return YuanField(fen_min=0 if least is None else least, **common)
    if name.endswith("_milli"):
        return MilliField(milli_min=least or 0, milli_max=bound.get("le", 10**12), **common)
    return forms.IntegerField(min_value=least, max_value=bound.get("le"), **common)


def _text(name: str, bound: dict[str, Any], common: dict[str, Any]) -> forms.Field:
    longest = bound.get("max_length")
    widget = forms.Textarea(attrs={"rows": 4}) if longest and longest >= LONG_TEXT else forms.TextInput()
    field = TextField(min_length=bound.get("min_length"), max_length=longest, widget=widget, **common)
    if "pattern" in bound:
        field.validators.append(
            RegexValidator(bound["pattern"], SHAPES.get(name, _("Only letters, digits and hyphens.")))
        )
    return field

"""A form field in which people write yuan or 万元 and the program reads fen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from funds.money import FEN_MAX, AmountRefused, parse, yuan


class YuanField(forms.Field):
    """Cleans to an int of fen, or None where nothing was entered and the field is not required."""

    widget = forms.TextInput
    default_error_messages = {
        "too_small": _("The amount must be at least %(limit)s yuan."),
        "too_large": _("The amount must be at most %(limit)s yuan."),
    }

    def __init__(self, *, fen_min: int = 1, fen_max: int = FEN_MAX, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fen_min, self.fen_max = fen_min, fen_max

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Not type=number: it would refuse 12.5万 and spell large amounts with exponents.
        return {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        if value is None or type(value) is int:
            return value
        if not str(value).strip():
            return None
        try:
            return parse(str(value))
        except AmountRefused as refused:
            raise ValidationError(str(refused), code="invalid") from refused

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and value < self.fen_min:
            raise self._beyond("too_small", self.fen_min)
        if value is not None and value > self.fen_max:
            raise self._beyond("too_large", self.fen_max)

    def prepare_value(self, value: Any) -> Any:
        return yuan(value) if type(value) is int else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _beyond(self, code: str, fen: int) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"limit": yuan(fen)})

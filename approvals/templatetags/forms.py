"""One look for every form field: label, control, help, what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

register = template.Library()
#: A longer label, such as a finding in full, takes the whole width.
LABEL_MAX = 40


@register.inclusion_tag("desks/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A labelled field; errors are tied to it for those who cannot see them."""
    widget = bound.field.widget
    group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return {
        "field": bound,
        "control": control(bound),
        "group": group,
        "tick": isinstance(widget, forms.CheckboxInput),
        "first": getattr(bound.field, "first", False),
        "wide": isinstance(widget, forms.Textarea)
        or getattr(bound.field, "wide", False)
        or len(str(bound.label)) > LABEL_MAX,
    }


@register.simple_tag
def control(bound: BoundField) -> str:
    """The bare control, dressed for its kind."""
    widget = bound.field.widget
    attrs: dict[str, Any] = {}
    if isinstance(widget, forms.RadioSelect):
        # Django gives the class to the group and to each of its buttons alike.
        attrs["class"] = "choices"
    elif isinstance(widget, forms.CheckboxInput):
        attrs["class"] = "form-check-input"
    elif isinstance(widget, forms.Select):
        attrs["class"] = "form-select"
    else:
        attrs["class"] = "form-control"
    if bound.errors:
        attrs["aria-invalid"] = "true"
        attrs["aria-describedby"] = f"{bound.auto_id}_wrong"
    return bound.as_widget(attrs=attrs)

"""What the validator found, in words a clerk can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]


def explain(error: ErrorDetails) -> tuple[Path, str]:
    """The path of a validation error and its message in the reader's language."""
    # A key of a table that is not in its vocabulary is reported below "[key]".
    bad_key = error["loc"][-1:] == ("[key]",)
    path = error["loc"][:-1] if bad_key else error["loc"]
    context = error.get("ctx", {})
    if bad_key:
        return path, _unknown_key(context)
    return path, _message(error["type"], context=context, fallback=error["msg"])


def _unknown_key(context: Mapping[str, Any]) -> str:
    expected = context.get("expected")
    if not expected:
        return _("unknown key")
    return _("unknown key; known: %(names)s") % {"names": _names(expected)}


def _message(kind: str, *, context: Mapping[str, Any], fallback: str) -> str:
    match kind:
        case "missing":
            return _("is missing")
        case "extra_forbidden":
            return _("unknown key")
        case "literal_error":
            return _("must be one of: %(names)s") % {"names": _names(context["expected"])}
        case "int_type":
            return _("must be a whole number")
        case "bool_type":
            return _("must be true or false")
        case "string_type":
            return _("must be text in quotes")
        case "string_too_short":
            return _("must not be empty")
        case "string_pattern_mismatch":
            return _("must be a day of the year such as 12-31")
        case "greater_than_equal":
            return _("must be at least %(number)s") % {"number": context["ge"]}
        case "less_than_equal":
            return _("must be at most %(number)s") % {"number": context["le"]}
        case "tuple_type":
            return _("must be a list in square brackets")
        case "dict_type" | "model_type" | "model_attributes_type":
            return _("must be a table: { value = ..., article = ..., source = ... }")
        case _ if kind.startswith("date"):
            return _("must be a date such as 2026-01-01")
    return fallback


def _names(expected: str) -> str:
    """Pydantic's `'a', 'b' or 'c'` as `a, b, c`."""
    return expected.replace("'", "").replace(" or ", ", ")

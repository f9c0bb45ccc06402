"""A session that ended while a form was filled in: log in, and go on with what was typed.

What was sent is handed back with the page that asks who it is, and comes back in its form after the log-in; nothing is
done before the form's own button is pressed again. Files cannot be handed back: a browser lets nobody choose them.
"""

from __future__ import annotations

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve

#: Pages whose form comes back as it stands when it is asked for ``more``.
FORMS = frozenset(
    {"act", "copy", "edit", "inspection:flag", "late-enter", "open", "project-new", "source-act", "source-new"}
)
FORBIDDEN = 403


def leads_to_form(path: str) -> bool:
    """Whether a form stands at the address that can be handed what was typed."""
    try:
        return resolve(path).view_name in FORMS
    except Resolver404:
        return False


def asked(request: HttpRequest, form: Form) -> bool:
    """Whether the form is only asked for as it was typed; then it finds no fault with it."""
    again = bool(request.POST.get("more"))
    if again:
        form.errors.clear()
    return again


def typed(request: HttpRequest) -> str:
    """What was sent, for a hidden field."""
    sent = request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    return sent.urlencode()


def go_on(request: HttpRequest, *, target: str, kept: str, status: int = 200) -> HttpResponse | None:
    """The page that leads back to the form with what was typed; ``None`` where nothing was kept for it."""
    if not kept or not leads_to_form(target):
        return None
    fields = [(name, value) for name, values in QueryDict(kept).lists() for value in values if name != "more"]
    return render(request, "again.html", {"target": target, "fields": fields}, status=status)

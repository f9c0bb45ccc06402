"""Accounts: the system administrator opens, unlocks and retires them; a first password is set by its holder alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.addresses import absolute
from approvals.forms.people import AccountForm, LanguageForm, PersonForm, RetireForm
from approvals.notify.models import MailLanguage
from approvals.views.acting import CONFLICT, UNPROCESSABLE
from approvals.views.common import holder_of, word_of
from workflows import accounts as law
from workflows.models import Person
from workflows.offices import Office
from workflows.register import NotAllowed

PAGE_ROWS = 50


def _open(*, by: Person, at: dt.datetime, username: str, name: str) -> Person:
    """The account, ready for its link."""
    return law.open_account(by=by, username=username, name=name, at=at)


def _link(*, by: Person, at: dt.datetime, person: Person) -> Person:
    law.forget_password(by=by, person=person, at=at)
    return person


@transaction.atomic
def _unlock(*, by: Person, at: dt.datetime, person: Person) -> None:
    law.enter("unlock", by=by, person=person, at=at)
    reset(username=person.username)


@transaction.atomic
def _language(*, by: Person, at: dt.datetime, person: Person, language: str) -> None:
    law.enter("set_language", by=by, person=person, at=at, language=language)
    MailLanguage.objects.update_or_create(person=person, defaults={"language": language})


def _retire(*, by: Person, at: dt.datetime, person: Person, on: dt.date) -> None:
    law.retire(by=by, person=person, on=on, at=at)


#: Which form was sent -> its class, and what it does; what answers a person gives him a link.
DEEDS: dict[str, tuple[Any, Callable[..., Person | None]]] = {
    "open": (AccountForm, _open),
    "link": (PersonForm, _link),
    "unlock": (PersonForm, _unlock),
    "language": (LanguageForm, _language),
    "retire": (RetireForm, _retire),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account: opened, unlocked, retired, given a link. No post is given or taken here."""
    at = timezone.now()
    by = holder_of(Office.SYSADMIN, request, at=at)
    new, status = AccountForm(), 200
    deed = request.POST.get("deed", "")
    if request.method == "POST" and deed in DEEDS:
        form_class, do = DEEDS[deed]
        form = form_class(request.POST)
        if form.is_valid():
            try:
                linked = do(by=by, at=at, **form.cleaned_data)
            except NotAllowed as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
            else:
                if linked is not None:
                    # Shown once: the link is nowhere kept, and a new one makes it void.
                    return render(request, "desks/first_link.html", {"person": linked, "link": link_for(linked)})
                messages.success(request, _("Entered, and written into the record."))
                return redirect("accounts")
        else:
            status = UNPROCESSABLE
        if deed == "open":
            new = form
        else:
            messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    context = {"new": new, "page": _page(request), "today": timezone.localdate(at)}
    return render(request, "desks/accounts.html", context | {"locked": _locked(), "me": by}, status=status)


def link_for(person: Person) -> str:
    """The address at which its holder sets the account's password, once and within settings.PASSWORD_RESET_TIMEOUT."""
    number = urlsafe_base64_encode(force_bytes(person.pk))
    return absolute("first-password", number, default_token_generator.make_token(person))


def _locked() -> set[str]:
    """Accounts at which log-ins have failed of late and count against them."""
    return set(AccessAttempt.objects.filter(username__isnull=False).values_list("username", flat=True).distinct())


def _page(request: HttpRequest) -> Any:
    found = Person.objects.order_by("username").select_related("mail_language")
    if word := word_of(request.GET.get("q"), longest=40):
        found = found.filter(Q(name__icontains=word) | Q(username__icontains=word))
    return Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))


class FirstPassword(PasswordResetConfirmView):
    """Setting a password by the link: only its holder ever knows it."""

    template_name = "first_password.html"
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> Any:
        """Whose link it is; nobody's where he has retired."""
        person = super().get_user(uidb64)
        return person if person is not None and person.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer = super().form_valid(form)
            law.password_set(by=form.user, at=timezone.now())
        messages.success(self.request, _("The password is set. Log in with it."))
        return answer

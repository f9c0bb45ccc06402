"""Logging in; in the demo, and only there, as anybody with one click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST

from approvals.demo import county
from approvals.views import again
from approvals.views.common import word_of
from workflows import words
from workflows.models import Person, Post
from workflows.offices import Office, Period


class Login(LoginView):
    """The log-in page."""

    template_name = "login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"cast": cast(), "kept": self.request.POST.get("kept", "")}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        kept = self.request.POST.get("kept", "")
        return again.go_on(self.request, target=self.get_redirect_url(), kept=kept) or answer


def cast() -> list[tuple[str, list[Post]]]:
    """Whom the demo logs in with one click; elsewhere nobody."""
    return demo_cast(on=timezone.localdate()) if settings.DEMO else []


def demo_cast(*, on: dt.date) -> list[tuple[str, list[Post]]]:
    """The people of the demo county by office, in the order of the road, the printed account first; one query."""
    order, shown = list(Office), county.login_names()
    posts = Post.objects.filter(Period.on(on), person__retired_on__isnull=True)
    found = sorted(
        posts.select_related("person", "unit"),
        key=lambda post: (
            order.index(Office(post.unit.office)),
            post.person.username not in shown,
            post.unit.code,
            post.pk,
        ),
    )
    by_office = groupby(found, key=lambda post: post.unit.office)
    return [(words.office(office), list(people)) for office, people in by_office]


@require_POST
def login_as(request: HttpRequest) -> HttpResponse:
    """Become anybody, without a password. Routed in the demo alone, and refused elsewhere again."""
    if not settings.DEMO:
        raise Http404
    person = get_object_or_404(Person, username=word_of(request.POST.get("username"), longest=150))
    if not person.is_active:
        raise Http404
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    target = target if safe else settings.LOGIN_REDIRECT_URL
    return again.go_on(request, target=target, kept=request.POST.get("kept", "")) or redirect(target)


def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many failed attempts."""
    return render(request, "locked.html", status=429)


# A form that outlived its session (approvals.views.again)


class AgainMiddleware:
    """In place of the way to the log-in page, that page with what was sent to a form by a person logged out since."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "POST" or not again.leads_to_form(request.path):
            return response
        to_log_in = response.headers.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?")
        return ask(request) if to_log_in and again.typed(request) else response


def ask(request: HttpRequest) -> HttpResponse:
    """The log-in page with what was typed."""
    context = {"form": AuthenticationForm(request), "next": request.path, "kept": again.typed(request), "cast": cast()}
    return render(request, Login.template_name, context, status=again.FORBIDDEN)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of ours whose token is stale, for the person has logged in since, comes back; any other is refused."""
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not ours or not again.leads_to_form(request.path):
        return csrf_failure(request, reason)
    if not request.user.is_authenticated:
        return ask(request)
    kept = again.typed(request)
    return again.go_on(request, target=request.path, kept=kept, status=again.FORBIDDEN) or csrf_failure(request, reason)

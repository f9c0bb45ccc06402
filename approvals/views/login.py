"""Logging in; in the demo, and only there, as anybody with one click."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from approvals.demo import county
from approvals.views.common import word_of
from workflows import words
from workflows.models import Person, Post
from workflows.offices import Office, Period


class Login(LoginView):
    """The log-in page."""

    template_name = "login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cast = demo_cast(on=timezone.localdate()) if settings.DEMO else []
        return super().get_context_data(**kwargs) | {"cast": cast}


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
    return redirect(target if safe else settings.LOGIN_REDIRECT_URL)


def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many failed attempts."""
    return render(request, "locked.html", status=429)

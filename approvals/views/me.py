"""One's own posts: what one holds, what is lent to one, and lending one's own while away (代理)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from approvals.forms.people import StandInForm
from approvals.views.acting import CONFLICT, UNPROCESSABLE
from approvals.views.common import officer
from workflows import register
from workflows.models import Delegation, Person
from workflows.offices import Period


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_posts(request: HttpRequest) -> HttpResponse:
    """My posts and those lent to me; lending one of mine for a period, with a reason."""
    at, person = timezone.now(), officer(request)
    form, status = StandInForm(request.POST or None, person=person, at=at), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                register.lend_post(by=person, at=at, **form.cleaned_data)
            except register.NotAllowed as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
            else:
                messages.success(request, _("Lent. What is done with the post will say on whose behalf."))
                return redirect("my-posts")
        else:
            status = UNPROCESSABLE
    return render(request, "desks/my_posts.html", {"form": form} | _shown(person, at=at), status=status)


def _shown(person: Person, *, at: Any) -> dict[str, Any]:
    today = timezone.localdate(at)
    loans = Delegation.objects.select_related("post__unit", "post__person", "to").order_by("-since", "-pk")
    return {
        "today": today,
        "posts": person.posts.filter(Period.on(today)).select_related("unit"),
        "loans": loans.filter(Q(post__person=person) | Q(to=person)),
        "me": person,
    }


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """End a loan of one's own post, from tomorrow on."""
    at, person = timezone.now(), officer(request)
    loan = get_object_or_404(Delegation, pk=pk, post__person=person)
    try:
        register.take_back(by=person, delegation=loan, at=at)
    except register.NotAllowed as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Taken back; today is its last day."))
    return redirect("my-posts")

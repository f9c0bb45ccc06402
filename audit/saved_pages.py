"""Keeping, renaming, sharing and dropping one's own searches: by POST, and nothing but those."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.saved import OWN_MAX, SavedSearch
from audit.search import SearchForm
from audit.views import RIGHT, only_with


class NameForm(forms.Form):
    """What a search is called, and who sees it."""

    name = forms.CharField(label=gettext_lazy("Name of the search"), max_length=60)
    shared = forms.BooleanField(label=gettext_lazy("Shared with the other readers"), required=False)


@only_with(RIGHT, "POST")
def save(request: HttpRequest) -> HttpResponse:
    """Keep what the search page asked, under a name that none of one's own has yet."""
    query, form = asked(request.POST.get("query", "")), NameForm(request.POST)
    owner_id = request.user.pk or 0
    own = SavedSearch.objects.filter(owner_id=owner_id)
    if not query:
        return _back(request, "", wrong=_("There is nothing to save: the search asks nothing, or is not valid."))
    if not form.is_valid():
        return _back(request, query, wrong=_("Give the search a name of at most 60 characters."))
    if own.count() >= OWN_MAX:
        return _back(request, query, wrong=_("You have %(n)s searches; delete one first.") % {"n": OWN_MAX})
    one = SavedSearch(owner_id=owner_id, owner_name=str(request.user), query=query, **form.cleaned_data)
    return _kept(request, one)


@only_with(RIGHT, "POST")
def change(request: HttpRequest, search_id: int) -> HttpResponse:
    """Rename one's own, or share it or no longer."""
    one, form = _own(request, search_id), NameForm(request.POST)
    if not form.is_valid():
        return _back(request, one.query, wrong=_("Give the search a name of at most 60 characters."))
    one.name, one.shared = form.cleaned_data["name"], form.cleaned_data["shared"]
    return _kept(request, one)


@only_with(RIGHT, "POST")
def drop(request: HttpRequest, search_id: int) -> HttpResponse:
    """Delete one's own."""
    one = _own(request, search_id)
    one.delete()
    return _back(request, "", done=_("%(name)s was deleted.") % {"name": one.name})


def asked(query: str) -> str:
    """What of a query the search page understands, in one order; "" where that is nothing or faulty."""
    given = QueryDict(query[:4000])
    form = SearchForm(given)
    if not form.is_valid():
        return ""
    kept = QueryDict(mutable=True)
    for name in form.fields:
        if given.get(name):
            kept[name] = given[name]
    text = kept.urlencode()
    return text if len(text) <= 1000 else ""


def _kept(request: HttpRequest, one: SavedSearch) -> HttpResponse:
    """The database says whether the name is free: two windows may save at once."""
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        return _back(request, one.query, wrong=_("You have a search of that name."))
    return _back(request, one.query, done=_("Saved as %(name)s.") % {"name": one.name})


def _own(request: HttpRequest, search_id: int) -> SavedSearch:
    one = SavedSearch.objects.filter(pk=search_id, owner_id=request.user.pk or 0).first()
    if one is None:
        raise Http404
    return one


def _back(request: HttpRequest, query: str, *, done: str = "", wrong: str = "") -> HttpResponse:
    if wrong:
        messages.error(request, wrong)
    else:
        messages.success(request, done)
    return redirect(reverse("audit:search") + (f"?{query}" if query else ""))

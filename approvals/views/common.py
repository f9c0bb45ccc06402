"""What every page needs: who asks, which case, which version of it he was shown."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows import access
from workflows.models import Case, Person


def officer(request: HttpRequest) -> Person:
    """The person who is logged in; only behind ``login_required``."""
    assert isinstance(request.user, Person)
    return request.user


def the_case(request: HttpRequest, pk: int) -> Case:
    """The case as its own class.

    Raises:
        Http404: there is none, or it does not concern the person: the two look the same from outside.
    """
    row = access.visible(officer(request), at=timezone.now()).filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such case, or it does not concern your posts."))
    return row.typed()


def version_of(case: Case) -> int:
    """The version of the project that a page about ``case`` shows and a decision must quote."""
    return (case.root if case.root is not None else case).family_version

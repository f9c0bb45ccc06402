"""What the checks find in the record of a county, read anew whenever somebody looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.common import officer
from audit import export
from audit.models import Entry
from audit.periods import PeriodForm
from audit.views import readers_only
from workflows import access, checks
from workflows.checks import CHECKS, Finding, Severity
from workflows.models import Area, Case, Person
from workflows.reach import Reach

PAGE_ROWS, CHUNK = 50, 1000
#: So many projects are read for one answer, those that were acted on last; `manage.py checks` reads all.
PROJECTS_MAX = 500
#: Severity -> how its badge looks.
LOOKS = {Severity.BREACH: "b-over", Severity.WARNING: "b-soon", Severity.NOTE: "b-calm"}
GRAVE_FIRST = list(reversed(Severity))


class ChecksForm(PeriodForm):
    """Every field narrows; all may stay empty. The period is that of the last entry a finding rests on."""

    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), required=False, choices=[("", gettext_lazy("any")), *Severity.choices]
    )
    check = forms.ChoiceField(label=gettext_lazy("Check"), required=False)
    township = forms.ModelChoiceField(
        label=gettext_lazy("Township"), required=False, empty_label=gettext_lazy("any"), to_field_name="code",
        queryset=Area.objects.none(),
    )  # fmt: skip

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, township = self.fields["check"], self.fields["township"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(township, forms.ModelChoiceField)
        township.queryset = reach.townships()
        field.choices = [("", _("any")), *((code, f"{code} {one.title}") for code, one in CHECKS.items())]

    def asked(self) -> list[checks.Check]:
        """The checks to make."""
        severity, code = self.cleaned_data["severity"], self.cleaned_data["check"]
        return [one for one in CHECKS.values() if severity in ("", one.severity) and code in ("", one.code)]


@dataclass(kw_only=True)
class Answer:
    """Everything found, the gravest and newest first, and how many projects were read for it."""

    findings: list[Finding] = field(default_factory=list)
    projects: int = 0
    #: There are more projects than are read for one answer.
    more: bool = False

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Look, name and number of each severity."""
        return [
            (LOOKS[one], str(one.label), sum(f.check.severity == one for f in self.findings)) for one in GRAVE_FIRST
        ]


@readers_only
def listing(request: HttpRequest) -> HttpResponse:
    """All findings at once, with the entries behind each."""
    form, answer = _answer(request.GET, officer(request), at=timezone.now())
    page = Paginator(answer.findings, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "answer": answer, "page": page, "projects_max": PROJECTS_MAX, "checks": len(CHECKS)}
    return render(request, "inspection/checks.html", context, status=200 if form.is_valid() else 400)


@readers_only
def download(request: HttpRequest) -> HttpResponseBase:
    """The same findings as CSV, all of them."""
    form, answer = _answer(request.GET, officer(request), at=timezone.now())
    if not form.is_valid():
        return listing(request)
    head = (_("Severity"), _("Code"), _("Check"), _("Project"), _("Finding"), _("Day"), _("Entries behind it"),
            _("Article"), _("Waiver path"))  # fmt: skip
    name = _("checks-%s.csv") % timezone.localdate().isoformat()
    return export.answer(export.table(head, _cells(answer.findings)), name=name)


def _cells(findings: list[Finding]) -> Iterator[tuple[str, ...]]:
    for one in findings:
        check = one.check
        yield (
            str(check.severity.label), check.code, str(check.title), one.project, one.text, one.on.isoformat(),
            one.where, str(check.article), str(check.waiver),
        )  # fmt: skip


def seen_by(reader: Person, *, at: dt.datetime, projects_max: int | None = None) -> Answer:
    """Everything that the page finds for a reader who asks for nothing in particular."""
    return _answer(QueryDict(), reader, at=at, projects_max=projects_max)[1]


def of_project(root_id: int) -> list[Finding]:
    """What the checks find in one project's record, the gravest first."""
    return _in_order(checks.examine(checks.family(root_id)))


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (GRAVE_FIRST.index(one.check.severity), -one.on.toordinal()))


def _answer(
    asked: QueryDict, reader: Person, *, at: dt.datetime, projects_max: int | None = None
) -> tuple[ChecksForm, Answer]:
    reach = Reach(reader, at=at)
    form, answer = ChecksForm(asked, reach=reach), Answer()
    if not form.is_valid():
        return form, answer
    projects_max = PROJECTS_MAX if projects_max is None else projects_max
    roots = list(islice(_roots(form, reader, reach, at=at), projects_max + 1))
    answer.more = len(roots) > projects_max
    since, until = form.days()
    for family in checks.families(roots[:projects_max]):
        answer.projects += 1
        found = checks.examine(family, checks=form.asked())
        answer.findings += [
            one for one in found if (since is None or one.on >= since) and (until is None or one.on <= until)
        ]
    answer.findings = _in_order(answer.findings)
    return form, answer


def _roots(form: ChecksForm, reader: Person, reach: Reach, *, at: dt.datetime) -> Iterator[int]:
    """The projects that the form leaves, the last acted on first.

    Of another county's the reader sees none; of one whose row is lost every reader of the record sees the entries.
    """
    projects = Case.objects.filter(kind="project")
    township = form.cleaned_data["township"]
    rows: QuerySet[Entry] = form.within(reach.entries().filter(root_id__gt=0), "happened_at")
    if township is not None:
        rows = rows.filter(root_id__in=projects.filter(area__path__startswith=township.path).values("pk"))
    project = projects.filter(pk=OuterRef("root_id"))
    seen_by_him = access.visible(reader, at=at).filter(pk=OuterRef("root_id"))
    # Asked of each entry on the way back, which are few, and not of every project.
    hidden = Exists(project) & ~Exists(seen_by_him)
    shown = rows.exclude(hidden).order_by("-id").values_list("root_id", flat=True)
    # Back from the newest entry, and no further than there are projects to read.
    seen: set[int] = set()
    for root in shown.iterator(chunk_size=CHUNK):
        if root not in seen:
            seen.add(root)
            yield root

"""The page of the red flags: what the record shows, what became of it, and an auditor's word on it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals import desks
from approvals.inspection import looks
from approvals.views.acting import CONFLICT, UNPROCESSABLE, naming
from approvals.views.common import number_of, officer, word_of
from audit import export
from audit.models import Entry
from audit.views import RIGHT, only_with, readers_only
from workflows import access, acts
from workflows.flags import FLAGS, deaths, taken, verdicts
from workflows.flags.look import look
from workflows.flags.look import of_project as look_at
from workflows.flags.verdicts import Standing
from workflows.flags.words import Hit, KeptHit
from workflows.law import Refused
from workflows.models import Case, Person, RedFlag
from workflows.reach import Reach

PAGE_ROWS, ROWS_SHOWN = 25, 100
STATES = (verdicts.OPEN, verdicts.ADOPTED, verdicts.DISMISSED)
#: The acts that judge a flag.
VERDICTS = ("adopt", "dismiss")
#: The last look of this process, by the record's last entry and the day: nothing else can change what it finds.
_LAST: dict[str, Any] = {}


def raised(*, today: dt.date) -> Sequence[Hit | KeptHit]:
    """Every flag: of a long record as the worker last kept them, else as of now.

    Looked for once, until the record has another entry.
    """
    if looks.long():
        return looks.flags()
    head = Entry.objects.order_by("-id").values_list("id", "hash").first()
    key = (head, today)
    if _LAST.get("key") != key:
        _LAST.update(key=key, hits=look(today=today, deaths=deaths.register()))
    hits: list[Hit] = _LAST["hits"]
    return hits


def seen_by(person: Person, *, at: dt.datetime) -> list[Standing]:
    """The flags that concern no project of another county than the reader's, with what became of each."""
    hits = raised(today=timezone.localdate(at))
    foreign = set(Reach(person, at=at).foreign_projects().values_list("pk", flat=True))
    own = [hit for hit in hits if foreign.isdisjoint(hit.roots)]
    return _standing(own, verdicts.all_verdicts())


def _standing(hits: Sequence[Hit | KeptHit], known: dict[tuple[str, str], verdicts.Verdict]) -> list[Standing]:
    roots = {one.root_id for one in known.values() if one.state == verdicts.ADOPTED}
    return verdicts.standing(hits, known, taken.taken_up(roots) if roots else {})


def asked_for(found: Iterable[Standing], asked: QueryDict) -> Iterator[Standing]:
    """Narrowed by flag, township, unit, year, project, and where it stands."""
    unit, root = word_of(asked.get("unit"), longest=80), number_of(asked.get("project"))
    year, township = number_of(asked.get("year")), number_of(asked.get("township"))
    for one in found:
        hit = one.hit
        wanted = (
            asked.get("flag") in (None, "", hit.flag.code),
            asked.get("state") in (None, "", one.state),
            year in (None, hit.year),
            township in (None, hit.township[0]),
            not unit or unit in hit.unit[1],
            root is None or root in hit.roots,
        )
        if all(wanted):
            yield one


def of_project(person: Person, case: Case, *, at: dt.datetime) -> list[Standing]:
    """What a project's own page shows of it to who reads the record: the flags of its own entries, and verdicts."""
    if case.kind != "project" or not person.has_perm(RIGHT):
        return []
    hits = look_at(case.pk, today=timezone.localdate(at), deaths=deaths.register())
    return _standing(hits, verdicts.of_root(case.pk)) if hits else []


@readers_only
def flags(request: HttpRequest) -> HttpResponse:
    """The flags raised, by kind with their numbers, narrowed as the reader asks."""
    at, person = timezone.now(), officer(request)
    seen = seen_by(person, at=at)
    page = Paginator(list(asked_for(seen, request.GET)), PAGE_ROWS).get_page(request.GET.get("page"))
    still = Counter(one.hit.flag.code for one in seen if one.state == verdicts.OPEN)
    total = Counter(one.hit.flag.code for one in seen)
    context = {
        "page": page, "asked": request.GET, "states": [(code, _label(code)) for code in STATES],
        "kinds": [(flag, total[flag.code], still[flag.code]) for flag in FLAGS.values()],
        "years": sorted({one.hit.year for one in seen}, reverse=True),
        "townships": sorted({one.hit.township for one in seen if one.hit.township[0]}, key=lambda pair: pair[1]),
        "counts": Counter(one.state for one in seen), "looked": looks.told(at),
    }  # fmt: skip
    return render(request, "inspection/flags.html", context)


def _label(code: str) -> str:
    return {verdicts.OPEN: _("open"), verdicts.ADOPTED: _("Adopted"), verdicts.DISMISSED: _("Dismissed")}[code]


@readers_only
def flags_csv(request: HttpRequest) -> HttpResponseBase:
    """The same flags as CSV."""
    at = timezone.now()
    rows = asked_for(seen_by(officer(request), at=at), request.GET)
    return export.answer(export.table(heads(), lines(rows)), name=f"flags-{timezone.localdate(at).isoformat()}.csv")


def heads() -> tuple[str, ...]:
    """The columns of the table of flags."""
    return (_("Flag"), _("Name"), _("Severity"), _("What it shows"), _("Unit"), _("Township"), _("Year"),
            _("Stands"), _("Reason"), _("By"), _("Finding of the special audit"), _("Entries"),
            _("Fingerprint"))  # fmt: skip


def lines(found: Iterable[Standing]) -> Iterator[list[str | int]]:
    """A line a flag; its entries by their numbers in the record."""
    for one in found:
        hit, last = one.hit, one.verdict
        yield [
            hit.flag.code, str(hit.flag.name), severity(hit.flag.severity), str(hit), hit.unit[1], hit.township[1],
            hit.year, one.state_label, last.reason if last else "", last.actor_name if last else "",
            f"{one.finding.audit.number} · {one.finding}" if one.finding else "",
            " ".join(map(str, hit.ids)), hit.print,
        ]  # fmt: skip


def severity(code: str) -> str:
    """How grave a flag is, in words."""
    return {"grave": _("grave"), "serious": _("serious"), "notable": _("worth a look")}[code]


@only_with(RIGHT, "GET", "HEAD", "POST")
def flag(request: HttpRequest, code: str, print: str) -> HttpResponse:
    """One flag: what it means, what may be innocent, the rows behind it, and the verdict.

    The address names the rows by their fingerprint: a page that showed fewer than there are now is not judged by.
    """
    at, person = timezone.now(), officer(request)
    context: dict[str, Any]
    found = (one for one in seen_by(person, at=at) if (one.hit.flag.code, one.hit.print) == (code, print))
    one = next(found, None)
    if one is None:
        gone = _("There is no such flag any more; new rows may have joined it.")
        if not (wrote := request.POST.get("reason", "")):
            raise Http404(gone)
        context = {"why": gone, "flags": code, "wrote": wrote}
        return render(request, "desks/too_late.html", context, status=CONFLICT)
    root = _root(one.hit)
    refusals = acts.why_not_open(RedFlag, root=root, by=person, at=at) if root is not None else []
    context = {
        "one": one, "root": root, "refusals": [], "may_judge": root is not None and not refusals, "barred": refusals,
        "rows": one.hit.rows[:ROWS_SHOWN], "more": max(0, len(one.hit.rows) - ROWS_SHOWN), "reason": "", "verdict": "",
        "severity": severity(one.hit.flag.severity), "live": access.visible(person, at=at),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "inspection/flag.html", context)
    return _judge(request, one, root, context, at=at)


def _root(hit: Hit | KeptHit) -> Case | None:
    """The project of its newest row; none where its table has lost it, which `audit verify` reports."""
    return Case.objects.filter(pk=hit.rows[-1].root_id, kind="project").first()


def _judge(
    request: HttpRequest, one: Standing, root: Case | None, context: dict[str, Any], *, at: dt.datetime
) -> HttpResponse:
    person, reason, verdict = officer(request), request.POST.get("reason", "").strip(), request.POST.get("verdict", "")
    context |= {"reason": reason, "verdict": verdict}
    if root is None:
        raise Http404
    if request.POST.get("more"):
        return render(request, "inspection/flag.html", context)
    if verdict not in VERDICTS:
        context["wrong"] = _("Choose whether to adopt or to dismiss it.")
        return render(request, "inspection/flag.html", context, status=UNPROCESSABLE)
    data = {"code": one.hit.flag.code, "key": one.hit.key, "rows": one.hit.ids}
    try:
        with transaction.atomic():
            taken = desks.open_case(RedFlag, by=person, at=at, root=root.typed(), data=data)
            done = desks.take(verdict, on=taken, by=person, at=at, reason=reason)
    except Refused as refused:
        context["refusals"] = list(refused.refusals)
        return naming(context["refusals"], render(request, "inspection/flag.html", context, status=CONFLICT))
    messages.success(request, _("%(number)s: %(state)s.") % {"number": done.number, "state": done.state_label})
    return redirect(reverse("inspection:flags"))

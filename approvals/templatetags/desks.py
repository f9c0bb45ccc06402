"""What the desks' pages say in many places: masthead, terms, badges, quantities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.template import RequestContext
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _

from approvals import terms
from approvals.notify import settle
from audit import journal
from audit.models import Entry
from funds.money import percent
from workflows import access, calendar, vacancy, words
from workflows.models import Case, Rectification
from workflows.offices import ADMINISTRATORS, Office, Person, Seat
from workflows.secrecy import Secret
from workflows.states import ENDS

register = template.Library()
register.filter(percent)

#: Where the address leads to, for the masthead.
PLACES = {
    "queue": "queue", "bulk": "queue", "people": "people", "leaving": "people",
    "accounts": "accounts", "money": "money", "money-csv": "money", "source": "money", "source-csv": "money",
    "source-new": "money", "source-act": "money", "payments": "payments", "payment-file": "payments",
    "notifications": "notifications", "notification-settings": "notifications", "mail-log": "accounts",
    "copies": "notifications", "orders": "orders", "order-paper": "orders", "order-closing": "orders",
    "vacant": "people", "my-posts": "", "statement": "",
}  # fmt: skip
#: Packages of pages under another's place in the masthead.
SHELVES = {"inspection": "audit"}
#: States whose badge is not the calm one.
GOOD = frozenset({"closed", "paid", "passed", "signed", "verified", "reported", "accepted", "handed_over", "answered"})
BACK = frozenset({"returned", "rejected", "withdrawn", "terminated", "suspended", "rectifying", "void", "failed",
                  "payment_failed", "struck", "declined", "referred"})  # fmt: skip


def place(match: ResolverMatch) -> str:
    """Which entry of the masthead an address stands under."""
    return SHELVES.get(match.namespace, match.namespace) or PLACES.get(match.url_name or "", "projects")


@register.inclusion_tag("desks/masthead.html", takes_context=True)
def masthead(context: RequestContext) -> dict[str, Any]:
    """Who is logged in, as what, and where he may go, and how many messages wait; two queries."""
    request = context.get("request")
    if request is None:
        return {}
    person = getattr(request, "user", None)
    other = "en" if (get_language() or "zh-hans").startswith("zh") else settings.LANGUAGE_CODE
    shown: dict[str, Any] = {
        "other_language": other,
        "other_language_name": get_language_info(other)["name_local"],
        "path": request.get_full_path() if request.method == "GET" else "/",
        "csrf_token": context.get("csrf_token"),
    }
    if not isinstance(person, Person):
        return shown
    seats = Seat.of(person, on=timezone.localdate())
    offices = {Office(seat.unit.office) for seat in seats}
    match = request.resolver_match
    return shown | {
        "person": person,
        "seats": seats,
        "works_cases": bool(offices - {*ADMINISTRATORS, Office.AUDITOR}),
        "sees_cases": bool(offices - {*ADMINISTRATORS}),
        "reads_money": access.reads_money(seats),
        "reads_record": person.has_perm("audit.view_entry"),
        "pays": Office.FINANCE in offices,
        "unread": settle.unread(person),
        "keeps_accounts": Office.SYSADMIN in offices,
        "keeps_register": bool(offices & {*ADMINISTRATORS}),
        "here": "" if match is None else place(match),
    }


@register.simple_tag
def term(due_at: dt.datetime | None, at: dt.datetime, case: Case | None = None) -> terms.Badge:
    """How long until, or since, a deadline: a badge's look and words."""
    return terms.badge(due_at, at, case=case)


@register.filter
def last_day(day: dt.date | None) -> str:
    """The last day of a term as every page and paper shows it; empty where there is none."""
    return calendar.last_day(day)


@register.filter
def look(state: str) -> str:
    """The badge of a state: calm, good, or off the road."""
    return "b-good" if state in GOOD else "b-back" if state in BACK else "b-calm"


@register.filter
def ended(kind: str, state: str) -> bool:
    """Whether nothing waits for anybody in that state."""
    return state in ENDS[kind]


@register.filter
def aside(said: object) -> str:
    """Something said in brackets, as the reader's language sets them; nothing where there is nothing to say."""
    return pgettext("aside", " (%s)") % said if said not in (None, "") else ""


@register.filter
def word(code: str, table: str) -> str:
    """A code as the reader reads it: ``{{ file.paper|word:"paper" }}``."""
    known = {"paper": words.paper, "place": words.place, "notice": words.notice, "route": words.route,
             "stage": words.stage, "trigger": words.trigger, "act": words.act,
             "tranche": words.tranche, "base": words.base, "field": words.notice_field,
             "referral": words.referral, "office": words.office}  # fmt: skip
    return known[table](code)


@register.simple_tag(takes_context=True)
def informant(context: RequestContext, sealed: Secret) -> str:
    """Who objects or complains, or how to reach him: readable only for offices that look into it."""
    reads = access.reads_informants(context["request"].user, at=timezone.now())
    return sealed.open() if reads else _("sealed")


@register.filter
def lapsed(order: Rectification, at: dt.datetime) -> bool:
    """Whether a rectification order freezes its addressee's filings and claims now."""
    return order.freezes(at=at)


@register.inclusion_tag("desks/facts/accountable.html")
def accountable(order: Rectification, at: dt.datetime) -> dict[str, Any]:
    """Who answers for an order, and who does now: whoever the post has passed to; vacant, whom the work climbs to."""
    on, unit = timezone.localdate(at), order.addressee
    since = None if order.ended else order.vacant_since(on=on)
    sitting = order.posts_at_addressee(on=on) if since else []
    empty = since is not None and not sitting
    above = next(iter(vacancy.climbing([(unit.office, unit.area)], on=on).values()), None) if empty else None
    passed = order.holders(on=on)
    return {"case": order, "passed": passed, "since": since, "sitting": sitting, "empty": empty, "above": above}


@register.filter
def next_rung(case: Case) -> str:
    """What the clock does to a case when it looks at it next, in words."""
    ahead = case.ladder()[case.alarm_no :]
    return words.act(f"{case.kind}.{ahead[0].act}") if ahead else "—"


@register.inclusion_tag("desks/more_time.html")
def more_time(case: Case) -> dict[str, Any]:
    """What was asked for, by whom and why, and to which day it would lead: for whoever decides on it."""
    entry = Entry.objects.filter(case_id=case.pk, act__endswith=".ask_extension").order_by("seq").last()
    if entry is None or case.asked_days is None:
        return {}
    return {"case": case, "asked": entry, "until": case.asked_until(at=timezone.now()),
            "reason": journal.facts_of(entry)["reason"]}  # fmt: skip


@register.simple_tag
def standard(case: Any, code: str) -> str:
    """The name of a standard of the case's own rulebook."""
    return str(case.standard_name(code))


@register.filter
def milli(thousandths: int | None) -> str:
    """Thousandths as a quantity without idle zeros: 1234500 -> 1,234.5."""
    if thousandths is None:
        return "—"
    whole, part = divmod(thousandths, 1000)
    return f"{whole:,}" + f".{part:03d}".rstrip("0").rstrip(".")


@register.filter
def of(table: Mapping[Any, Any], key: Any) -> Any:
    """What a table has under a key: ``{{ standings|of:row.pk }}``; nothing where it has none."""
    return table.get(key)


@register.filter
def kilobytes(size_bytes: int) -> str:
    """A file's size in whole kB, at least one."""
    return f"{max(1, round(size_bytes / 1024)):,} kB"

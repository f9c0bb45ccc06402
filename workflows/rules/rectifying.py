"""Rules of rectification orders: answered and proved item by item, judged item by item, by other hands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows import addressees, calendar, superiors, vacancy, words
from workflows.cases import Case
from workflows.law import Call, Unmet, Verdict, rule
from workflows.offices import Unit
from workflows.rules.checks import RECTIFY

if TYPE_CHECKING:
    from workflows.lifecycles.rectification import Rectification


@rule("Z-01", RECTIFY, _("An order goes out once the plan is issued, to a project that has not ended."),
      remedy=_("Return or reject the application instead."))  # fmt: skip
def project_is_running(order: Rectification, call: Call) -> Verdict:
    project = order.root.project  # type: ignore[union-attr]
    return project.approved_at is not None and not project.ended


@rule("Z-19", RECTIFY, _("An order goes to a unit that had a part in the project, or stands above one: %(units)s."),
      remedy=_("Choose the unit that bears the failing."), reads_form=True)  # fmt: skip
def addressee_had_a_part(order: Rectification, call: Call) -> Verdict:
    """Read from the record: who never acted on the project and stands above nobody who did bears no failing in it."""
    assert order.root is not None
    # Its own unit has had a part since it opened the application.
    if order.addressee_id == order.root.unit_id:
        return True
    able = addressees.candidates(order.root)
    return order.addressee_id in {unit.pk for unit in able} or Unmet(units=words.listed(unit.name for unit in able))


@rule("Z-20", RECTIFY, _("%(unit)s orders neither itself nor who stands above it."),
      remedy=_("Report it to the office above, or to discipline inspection, which issues the order."),
      reads_form=True)  # fmt: skip
def addressee_is_not_above_the_issuer(order: Rectification, call: Call) -> Verdict:
    unit, ordered = call.seat.unit, Unit.objects.select_related("area").filter(pk=order.addressee_id).first()
    return ordered is None or addressees.may_order(unit, ordered) or Unmet(unit=unit.name)


@rule("Z-02", RECTIFY, _("Items have no evidence yet: %(items)s."),
      remedy=_("Enter for each item what was done and attach the rectification report."), reads_form=True)  # fmt: skip
def every_item_is_answered(order: Rectification, call: Call) -> Verdict:
    missing = [item.text for item in order.items_left if not call.data.answers.get(item.pk, "").strip()]
    return not missing or Unmet(items=words.listed(missing))


@rule("Z-03", RECTIFY, _("The verifier must not belong to the addressee, hold a post there, or answer for the order."),
      remedy=_("Another office verifies."))  # fmt: skip
def verifier_is_not_the_addressee(order: Rectification, call: Call) -> Verdict:
    """A delegate and whom he stands for are one hand, here and below."""
    hands = hands_of(call)
    post = order.accountable_post
    if call.seat.unit.pk == order.addressee_id or (post is not None and post.person_id in hands):
        return False
    there = order.posts_at_addressee(on=timezone.localdate(call.at))
    return not any(held.person_id in hands for held in there)


@rule("Z-17", RECTIFY, _("%(unit)s stands under the addressee: nobody judges his own superior."),
      remedy=_("An office that is not under the addressee verifies."))  # fmt: skip
def verifier_is_not_under_the_addressee(order: Rectification, call: Call) -> Verdict:
    unit = call.seat.unit
    return not superiors.stands_under(unit, order.addressee) or Unmet(unit=unit.name)


@rule("Z-18", RECTIFY, _("Your hand was in the answer: “%(act)s” on this order."),
      remedy=_("A colleague who had no part in it verifies."))  # fmt: skip
def verifier_had_no_hand_in_the_answer(order: Rectification, call: Call) -> Verdict:
    """Read from the record, so that neither a transfer nor a delegation since then hides it."""
    hands = hands_of(call)
    done = (entry for entry in order.answering if entry.actor_id in hands or entry.behalf_id in hands)
    first = next(done, None)
    return first is None or Unmet(act=words.act(first.act))


def hands_of(call: Call) -> list[int]:
    """Who acts, and for whom."""
    return [call.by.pk] + ([call.seat.behalf.pk] if call.seat.behalf else [])


@rule("Z-06", RECTIFY, _("The order belongs to another unit."), remedy=_("The addressee answers it."))  # fmt: skip
def is_the_addressee(order: Rectification, call: Call) -> Verdict:
    return call.seat.unit.pk == order.addressee_id


#: Where a finding may be made. Not a complaint: the addressee reads the order, and who complained stays hidden.
FOUND_IN = ("acceptance", "special_audit")


@rule("Z-08", RECTIFY, _("The finding comes from a case of another project, or of a kind that an order does not name."),
      remedy=_("Name an acceptance or a special audit of this project, or none."), reads_form=True)  # fmt: skip
def origin_is_of_this_project(order: Rectification, call: Call) -> Verdict:
    about = call.data.found_in
    return about is None or Case.objects.filter(pk=about, root_id=order.root_id, kind__in=FOUND_IN).exists()


@rule("Z-09", RECTIFY, _("These items are not judged as rectified: %(items)s."),
      remedy=_("Close the order only when every item is rectified; otherwise send it back."),
      reads_form=True)  # fmt: skip
def every_item_is_rectified(order: Rectification, call: Call) -> Verdict:
    left = [item.text for item in order.items_left if call.data.results.get(item.pk) != "done"]
    return not left or Unmet(items=words.listed(left))


@rule("Z-10", RECTIFY, _("Every open item needs a verdict, and one at least must be left to rectify."),
      remedy=_("Judge each item; where all are rectified, verify and close out."), reads_form=True)  # fmt: skip
def something_is_left(order: Rectification, call: Call) -> Verdict:
    found = [call.data.results.get(item.pk) for item in order.items_left]
    return None not in found and any(one != "done" for one in found)


@rule("Z-11", RECTIFY, _("Evidence belongs to one item of this order that is still open, as exactly one file."),
      remedy=_("Choose an open item and attach one file."), reads_form=True)  # fmt: skip
def evidence_is_for_an_open_item(order: Rectification, call: Call) -> Verdict:
    return len(call.files) == 1 and call.data.item_id in {item.pk for item in order.items_left}


@rule("Z-12", RECTIFY, _("Items have no file as evidence yet: %(items)s."),
      remedy=_("Attach a photo or paper for each of these items first."))  # fmt: skip
def every_item_is_proved(order: Rectification, call: Call) -> Verdict:
    proved = set(order.items.filter(evidence__round_no=order.rounds).values_list("pk", flat=True))
    bare = [item.text for item in order.items_left if item.pk not in proved]
    return not bare or Unmet(items=words.listed(bare))


@rule("Z-13", RECTIFY, _("Every item that is being rectified needs a further date, and no other: %(items)s."),
      remedy=_("Set the day by which each item judged as being rectified must be done."),
      reads_form=True)  # fmt: skip
def further_dates_are_set(order: Rectification, call: Call) -> Verdict:
    results, until = call.data.results, call.data.until
    known = {item.pk: item.text for item in order.items_left}
    wrong = [text for pk, text in known.items() if (results.get(pk) == "continuing") != (pk in until)]
    return not (wrong or until.keys() - known.keys()) or Unmet(items=words.listed(wrong or ["?"]))


@rule("Z-14", RECTIFY, _("A further date lies after today and by %(last)s at the latest."),
      remedy=_("Set an earlier day; the rulebook says how far an item may be put off."), reads_form=True)  # fmt: skip
def further_dates_are_allowed(order: Rectification, call: Call) -> Verdict:
    last = last_further_date(order, today=timezone.localdate(call.at))
    allowed = all(timezone.localdate(call.at) < day <= last for day in call.data.until.values())
    return allowed or Unmet(last=calendar.last_day(last))


def last_further_date(order: Rectification, *, today: dt.date) -> dt.date:
    """The latest further date; a rulebook older than further dates grants as much as an extension."""
    policy = order.book.rectification
    days = policy.continue_working_days_max or policy.extension_working_days_max
    return calendar.add(today, days=days.value, day_kind="working")


@rule("Z-15", RECTIFY, _("No further date is left for: %(items)s; the rulebook allows %(most)s."),
      remedy=_("Judge it as rectified or as not rectified."), reads_form=True)  # fmt: skip
def item_may_be_continued(order: Rectification, call: Call) -> Verdict:
    most = order.book.rectification.continuations_max
    if most is None:
        return True
    over = [item.text for item in order.items_left if item.pk in call.data.until and item.continued >= most.value]
    return not over or Unmet(items=words.listed(over), most=most.value)


@rule("Z-16", RECTIFY, _("The accountable person must hold a post at the addressee on that day."),
      remedy=_("Choose who answers for the order; only where nobody holds a post there may it be left open."),
      reads_form=True)  # fmt: skip
def accountable_person_holds_a_post(order: Rectification, call: Call) -> Verdict:
    held = vacancy.manned(timezone.localdate(call.at)).filter(unit_id=order.addressee_id)
    named = call.data.accountable_post_id
    return held.filter(pk=named).exists() if named is not None else not held.exists()

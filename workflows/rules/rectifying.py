"""Rules of rectification orders: answered and proved item by item, judged item by item, by other hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from workflows import words
from workflows.cases import Case
from workflows.law import Call, Unmet, Verdict, rule
from workflows.rules.checks import RECTIFY

if TYPE_CHECKING:
    from workflows.lifecycles.rectification import Rectification


@rule("Z-01", RECTIFY, _("An order goes out once the plan is issued, to a project that has not ended."),
      remedy=_("Return or reject the application instead."))  # fmt: skip
def project_is_running(order: Rectification, call: Call) -> Verdict:
    project = order.root.project  # type: ignore[union-attr]
    return project.approved_at is not None and not project.ended


@rule("Z-02", RECTIFY, _("Items have no evidence yet: %(items)s."),
      remedy=_("Enter for each item what was done and attach the rectification report."), reads_form=True)  # fmt: skip
def every_item_is_answered(order: Rectification, call: Call) -> Verdict:
    missing = [item.text for item in order.items_left if not call.data.answers.get(item.pk, "").strip()]
    return not missing or Unmet(items=words.listed(missing))


@rule("Z-03", RECTIFY, _("The verifier must not belong to the addressee nor have submitted the evidence."),
      remedy=_("Another office verifies."))  # fmt: skip
def verifier_is_not_the_addressee(order: Rectification, call: Call) -> Verdict:
    return call.seat.unit.pk != order.addressee_id and call.by.pk != order.submitted_by_id


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

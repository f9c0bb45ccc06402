"""Checks of rectification orders: closed out item by item, each with evidence, before the project goes on."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows import words
from workflows.checks.catalogue import Found, check, found
from workflows.checks.family import Family, as_int

RECTIFY = _("Seven Systems no. 7 (限期整改); rulebook, rectification")


@check("CH-90", _("An order is closed with every item rectified"), RECTIFY,
       _("The order was closed out; of its items (%(items)s) were rectified: %(done)s."))  # fmt: skip
def every_item_is_rectified(family: Family) -> Iterator[Found]:
    for verified in family.of("rectification.verify"):
        issued = family.first("rectification.open", case=verified.case_id)
        items = len(issued.lines("items")) if issued else 0
        done = _rectified(family, verified.case_id)
        if len(done) < items:
            yield found(issued, verified, done=len(done), items=items)


@check("CH-91", _("Every item that is closed has its evidence"), RECTIFY,
       _("Item %(item)s was closed out, and no file shows how it was put right."))  # fmt: skip
def every_closed_item_has_evidence(family: Family) -> Iterator[Found]:
    for verified in family.of("rectification.verify"):
        proofs = family.of("rectification.prove", case=verified.case_id, before=verified)
        proved = {as_int(row.data.get("item_id")) for row in proofs if row.files}
        for number, item in enumerate(sorted(_rectified(family, verified.case_id)), 1):
            if item not in proved:
                yield found(verified, item=number)


def _rectified(family: Family, case: int) -> set[int]:
    """The items of an order that some verdict calls rectified."""
    verdicts = family.of("rectification.send_back", "rectification.verify", case=case)
    return {
        int(item)
        for row in verdicts
        for item, verdict in row.table("results").items()
        if verdict == "done" and item.isdecimal()
    }


@check("CH-92", _("Nothing is left to rectify when the project is accepted or closed"), RECTIFY,
       _("“%(act)s” is recorded for %(day)s; orders not closed out then: %(count)s."))  # fmt: skip
def orders_are_closed_before_the_end(family: Family) -> Iterator[Found]:
    for row in family.of("project.pass_acceptance", "project.close"):
        issued = family.of("rectification.open", before=row)
        open_ones = [one for one in issued if not family.of("rectification.verify", case=one.case_id, before=row)]
        if open_ones:
            yield found(*open_ones, row, act=words.act(row.act), day=row.day, count=len(open_ones))

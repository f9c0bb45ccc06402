"""Checks of the road to approval: every level of review, by the office that holds it, before the plan is issued."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows import words
from workflows.checks.catalogue import Found, check, found
from workflows.checks.family import Family

#: Level of the rulebook -> the act that passes it.
PASSES = {"township": "project.pass_township", "joint": "project.conclude_joint", "leading_group": "project.admit"}


@check("CH-15", _("Every level of review comes before the approval"),
       _("Seven Systems no. 2 (报批制); rulebook, review.levels"),
       _("The plan was issued without this review before it: %(level)s."),
       waiver=_("a county's rulebook with fewer levels"))  # fmt: skip
def review_comes_before_approval(family: Family) -> Iterator[Found]:
    for approval in family.of("project.approve"):
        for level in approval.book.review.levels.value if approval.book else ():
            if not family.of(PASSES[level], before=approval):
                yield found(approval, level=words.act(PASSES[level]))


@check("CH-16", _("Nothing runs before the plan is issued"), _("预算法实施条例 art. 57: nothing without a plan"),
       _("“%(act)s” is recorded, and no plan had been issued before."))  # fmt: skip
def plan_comes_first(family: Family) -> Iterator[Found]:
    begun = ("project.start_procurement", "project.sign_contract", "project.start", "claim.submit",
             "household_batch.publish")  # fmt: skip
    for row in family.of(*begun):
        if not family.of("project.approve", before=row):
            yield found(row, act=words.act(row.act))

"""Rules of a project's checks and of its acceptance; those of an audit itself stand in two files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from workflows import words
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.acceptance import Acceptance
    from workflows.lifecycles.project import Project

RECTIFY = _("Seven Systems no. 7 (限期整改); rulebook, rectification")


@rule("A-01", _("Seven Systems no. 6 (审计制)"), _("The special audit of this project has not reported."),
      remedy=_("The audit bureau takes the special audit to its report first."))  # fmt: skip
def audit_is_reported(project: Project, call: Call) -> Verdict:
    return project.family.filter(kind="special_audit", state="reported").exists()


@rule("X-01", _("Seven Systems no. 7 (检查验收制)"), _("No acceptance of this project has passed."),
      remedy=_("Hold the acceptance first."))  # fmt: skip
def acceptance_is_passed(project: Project, call: Call) -> Verdict:
    return project.family.filter(kind="acceptance", state="passed").exists()


@rule("X-02", RECTIFY, _("Rectification orders are not verified yet: %(numbers)s."),
      remedy=_("Each order must be verified by somebody other than its addressee."))  # fmt: skip
def nothing_left_to_rectify(project: Project, call: Call) -> Verdict:
    left = project.family.filter(kind="rectification").exclude(state="verified")
    numbers = list(left.values_list("number", flat=True))
    return not numbers or Unmet(numbers=words.listed(numbers))


@rule("X-03", RECTIFY, _("No rectification order is open."), remedy=_("Issue the order first."))  # fmt: skip
def order_is_open(project: Project, call: Call) -> Verdict:
    return project.family.filter(kind="rectification").exclude(state="verified").exists()


@rule("X-04", _("Seven Systems no. 7"), _("The project is not under acceptance, or an acceptance is open already."),
      remedy=_("Go on with the acceptance that is open."))  # fmt: skip
def project_is_under_acceptance(acceptance: Acceptance, call: Call) -> Verdict:
    project = acceptance.root
    held = project.family.filter(kind="acceptance").exclude(state="failed")  # type: ignore[union-attr]
    return project.state == "under_acceptance" and not held.exists()  # type: ignore[union-attr]


@rule("X-05", _("rulebook, acceptance; 河南省扶贫开发条例 art. 48"),
      _("The acceptance group must have %(least)s to %(most)s members, with beneficiaries among them."),
      remedy=_("Form the group anew; invite representatives of those who benefit."), reads_form=True)  # fmt: skip
def group_is_lawful(acceptance: Acceptance, call: Call) -> Verdict:
    policy, form = acceptance.book.acceptance, call.data
    least, most = policy.members_min.value, policy.members_max.value
    odd = not policy.members_odd.value or form.members % 2 == 1
    heard = not policy.beneficiaries_required.value or form.beneficiaries >= 1
    return (least <= form.members <= most and odd and heard) or Unmet(least=least, most=most)


@rule("X-06", _("rulebook, acceptance.levels"), _("This is the last level of acceptance; its result is final."),
      remedy=_("Pass or fail the acceptance as a whole."))  # fmt: skip
def a_level_follows(acceptance: Acceptance, call: Call) -> Verdict:
    return len(acceptance.levels_left) > 1


@rule("X-07", _("rulebook, acceptance.levels"), _("Other levels of acceptance come first or after: %(levels)s."),
      remedy=_("Each level passes in its turn."))  # fmt: skip
def last_level_is_reached(acceptance: Acceptance, call: Call) -> Verdict:
    left = acceptance.levels_left
    return len(left) == 1 or Unmet(levels=words.listed(words.level(level) for level in left))

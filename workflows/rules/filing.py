"""Rules of filing and review: what an application must say, and that it adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows import words
from workflows.cases import Case
from workflows.law import Call, Unmet, Verdict, rule
from workflows.states import ProjectState

if TYPE_CHECKING:
    from workflows.lifecycles.project import Project

ONE_FORM = _("county rule on project funds: application form")


@rule("F-01", ONE_FORM, _("The application is not complete: %(fields)s."),
      remedy=_("Fill these in and save the draft, then file."))  # fmt: skip
def form_is_complete(project: Project, call: Call) -> Verdict:
    missing = [label for name, label in words.FILING_FIELDS.items() if not getattr(project, name)]
    return not missing or Unmet(fields=words.listed(missing))


@rule("F-02", _("预算法实施条例 art. 57: no payment without a budget"),
      _("The budget lines add up to %(lines)s yuan, but grant, self-raised funds and labour to %(sum)s yuan."),
      remedy=_("Correct the lines or the contributions until both sums are equal."))  # fmt: skip
def budget_adds_up(project: Project, call: Call) -> Verdict:
    lines = sum(line.amount_fen for line in project.lines.all())
    return lines == project.total_fen > 0 or Unmet(lines=yuan(lines), sum=yuan(project.total_fen))


@rule("F-03", _("村民委员会组织法 art. 26"),
      _("The village assembly was not quorate: %(present)s of %(entitled)s present, %(needed)s needed."),
      remedy=_("Hold the assembly again and enter its resolution."))  # fmt: skip
def village_decided(project: Project, call: Call) -> Verdict:
    """More than half of the adults entitled, who decide by a majority of those present."""
    if not project.villagers_entitled:
        return True
    needed = project.villagers_entitled // 2 + 1
    if project.villagers_present >= needed:
        return True
    return Unmet(present=project.villagers_present, entitled=project.villagers_entitled, needed=needed)


@rule("F-04", _("county rule on project funds: term of the works"),
      _("The works would end before they start."), remedy=_("Correct the two dates."))  # fmt: skip
def dates_are_in_order(project: Project, call: Call) -> Verdict:
    return not (project.starts_on and project.ends_on) or project.starts_on <= project.ends_on


@rule("J-01", _("county rule on joint review (会审)"), _("Your office has already signed in this round."),
      remedy=_("Wait until the others have signed."))  # fmt: skip
def signs_once(project: Project, call: Call) -> Verdict:
    return project.seat_of(call) in project.unsigned()


@rule("J-02", _("county rule on joint review (会审)"), _("Signatures are still missing: %(offices)s."),
      remedy=_("Every office of the joint review signs before it is concluded."))  # fmt: skip
def all_have_signed(project: Project, call: Call) -> Verdict:
    left = project.unsigned()
    return not left or Unmet(offices=words.listed(words.office(project.office(seat)) for seat in left))


@rule("J-03", _("county rule on joint review (会审)"), _("An office dissents: %(offices)s."),
      remedy=_("Return the project to a named stage, or reject it."))  # fmt: skip
def nobody_dissents(project: Project, call: Call) -> Verdict:
    against = [opinion.seat for opinion in project.signatures() if not opinion.agrees]
    return not against or Unmet(offices=words.listed(words.office(project.office(seat)) for seat in against))


@rule("R-01", _("county rule on review: return for correction"),
      _("The project can be returned only to a stage it has passed: %(stages)s."),
      remedy=_("Choose one of these stages."), reads_form=True)  # fmt: skip
def stage_lies_behind(project: Project, call: Call) -> Verdict:
    stages = project.stages_behind()
    return call.data.stage in stages or Unmet(stages=words.listed(words.stage(s) for s in stages))


#: The article of a project's return while its plan hangs.
UPHELD = _("红河县扶贫开发项目资金公告公示管理办法 art. 9 (异议成立)")


@rule("R-02", UPHELD, _("The plan is on notice or its notice has run: %(number)s."),
      remedy=_("Void the notice first; what was published must not be changed behind it."))  # fmt: skip
def plan_does_not_hang(project: Project, call: Call) -> Verdict:
    if project.state != ProjectState.ON_NOTICE:
        return True
    hanging = Case.objects.filter(root_id=project.pk, kind="notice", notice__purpose="plan").exclude(state="void")
    number = hanging.values_list("number", flat=True).first()
    return number is None or Unmet(number=number)

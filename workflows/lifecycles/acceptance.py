"""The acceptance of one completed project (检查验收), level by level as the rulebook orders."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import law
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Data, Opening, act
from workflows.rules import checks as rules
from workflows.rules.everywhere import at_this_desk
from workflows.states import AcceptanceState as S

#: Level of the rulebook -> the seat that holds it.
SEATS = {"implementer": "village", "village": "village", "township": "township", "county": "programme"}
GRADES = {"good": _("good"), "passed": _("passed"), "failed": _("failed")}


class Requested(Data):
    """The request for acceptance: what was really built."""

    done: Annotated[str, Field(min_length=2, max_length=1000)]


class Found(Data):
    """What the group is and what it found."""

    members: Annotated[int, Field(ge=1, le=99)]
    beneficiaries: Annotated[int, Field(ge=0, le=99)]
    grade: Literal["good", "passed"] = "passed"


class Acceptance(Case):
    """One acceptance, with its levels, its group and its grade."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    done = models.TextField()
    levels_passed = models.PositiveSmallIntegerField(default=0)
    members = models.PositiveSmallIntegerField(null=True)
    beneficiaries = models.PositiveSmallIntegerField(null=True)
    grade = models.CharField(max_length=10, choices=list(GRADES.items()), blank=True)

    letter: ClassVar[str] = "X"
    opening: ClassVar[Opening] = Opening(
        label=_("Request acceptance"), article=_("建设工程质量管理条例 art. 16; rulebook, acceptance"),
        seats=("village", "programme"), takes=Requested, rules=(rules.project_is_under_acceptance,),
    )  # fmt: skip

    class Meta:
        verbose_name = _("acceptance")

    @classmethod
    def begin(cls, form: Requested, *, root: Case | None) -> Acceptance:
        return cls(kind="acceptance", state=S.REQUESTED, title=root.title if root else "", done=form.done)

    @property
    def levels_left(self) -> tuple[str, ...]:
        """The levels that have not passed yet, the one whose turn it is first."""
        return tuple(self.book.acceptance.levels.value[self.levels_passed :])

    def seats(self) -> tuple[str, ...]:
        return () if self.ended else (SEATS[self.levels_left[0]],)

    @act(source=(S.REQUESTED, S.LOWER_PASSED), target=S.LOWER_PASSED, by=("village", "township", "programme"),
         reason_required=True, label=_("Pass this level"), article=_("rulebook, acceptance.levels (自验、初验)"),
         rules=(at_this_desk, rules.a_level_follows))  # fmt: skip
    def pass_level(self, call: Call) -> None:
        self.put(levels_passed=self.levels_passed + 1)

    @act(source=(S.REQUESTED, S.LOWER_PASSED), target=S.PASSED, by=("village", "township", "programme"), takes=Found,
         reason_required=True, label=_("Pass"), article=_("Seven Systems no. 7 (检查验收制)"),
         rules=(at_this_desk, rules.last_level_is_reached, rules.group_is_lawful))  # fmt: skip
    def conclude(self, call: Call) -> None:
        self.put(members=call.data.members, beneficiaries=call.data.beneficiaries, grade=call.data.grade)

    @act(source=(S.REQUESTED, S.LOWER_PASSED), target=S.FAILED, by=("village", "township", "programme"),
         reason_required=True, tone="back", label=_("Fail"), article=_("Seven Systems no. 7 (限期整改)"),
         rules=(at_this_desk,))  # fmt: skip
    def fail(self, call: Call) -> None:
        self.put(grade="failed")

    @act(source=(S.REQUESTED, S.LOWER_PASSED), by=("village", "township", "programme"), any_time=True, takes=law.Paper,
         tone="note", label=_("Attach a file"), article=_("建设工程质量管理条例 art. 16"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

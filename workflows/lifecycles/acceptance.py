"""The acceptance of one completed project (检查验收): township first where the rulebook says so."""

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
from workflows.states import AcceptanceState as S

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
    """One acceptance, with its group and grade."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    done = models.TextField()
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

    def seats(self) -> tuple[str, ...]:
        if self.ended:
            return ()
        township_first = "township" in self.book.acceptance.levels.value
        return ("township",) if self.state == S.REQUESTED and township_first else ("programme",)

    @act(source=S.REQUESTED, target=S.TOWNSHIP_PASSED, by="township", reason_required=True,
         label=_("Pass the township acceptance"), article=_("rulebook, acceptance.levels (乡镇初验)"))  # fmt: skip
    def pass_township(self, call: Call) -> None:
        """The county's group comes next."""

    @act(source=(S.REQUESTED, S.TOWNSHIP_PASSED), target=S.PASSED, by="programme", takes=Found, reason_required=True,
         label=_("Pass"), article=_("seven systems, no. 7 (检查验收制)"),
         rules=(rules.township_level_passed, rules.group_is_lawful))  # fmt: skip
    def conclude(self, call: Call) -> None:
        self.put(members=call.data.members, beneficiaries=call.data.beneficiaries, grade=call.data.grade)

    @act(source=(S.REQUESTED, S.TOWNSHIP_PASSED), target=S.FAILED, by=("township", "programme"), reason_required=True,
         tone="back", label=_("Fail"), article=_("seven systems, no. 7 (限期整改)"))  # fmt: skip
    def fail(self, call: Call) -> None:
        self.put(grade="failed")

    @act(source=(S.REQUESTED, S.TOWNSHIP_PASSED), by=("village", "township", "programme"), any_time=True,
         takes=law.Paper,
         tone="note", label=_("Attach a file"), article=_("建设工程质量管理条例 art. 16"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

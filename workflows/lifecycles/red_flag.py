"""A red flag that an auditor takes up: adopted or dismissed, with a reason, about the rows that he saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows.cases import Case
from workflows.law import Call, Data, Opening, act
from workflows.rules import flagging as rules
from workflows.states import RedFlagState as S

if TYPE_CHECKING:
    from workflows.lifecycles.audit_rows import AuditFinding

DESK = ("audit", "discipline")
EVIDENCE = _("审计法 art. 43 (evidence)")
#: As many rows as one entry can say and one page can show.
ROWS_MAX = 20_000


class Raised(Data):
    """Which flag, over which group, about which entries of the record."""

    code: Annotated[str, Field(pattern=r"^RF-\d{2}$")]
    key: Annotated[str, Field(min_length=1, max_length=200)]
    rows: Annotated[tuple[int, ...], Field(min_length=1, max_length=ROWS_MAX)]


class RedFlag(Case):
    """A red flag that an auditor took up, filed under the project of its newest row. A change of mind is another."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    code = models.CharField(max_length=8)
    key = models.CharField(max_length=200)
    rows = models.JSONField(default=list)

    letter: ClassVar[str] = "F"
    opening: ClassVar[Opening] = Opening(
        label=_("Take up a red flag"), article=EVIDENCE, seats=DESK, takes=Raised,
        rules=(rules.rows_are_in_the_record, rules.nobody_is_judging_it),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(code="") & ~Q(key=""), name="red_flag_named")]
        verbose_name = _("red flag")

    @classmethod
    def begin(cls, form: Raised, *, root: Case | None) -> RedFlag:
        return cls(
            kind="red_flag", state=S.RAISED, title=root.title if root else "", code=form.code, key=form.key,
            rows=sorted(set(form.rows)),
        )  # fmt: skip

    @property
    def flag_name(self) -> str:
        """The flag's name; one that is looked for no more by its code."""
        from workflows.flags import FLAGS

        return str(FLAGS[self.code].name) if self.code in FLAGS else self.code

    @property
    def taken_by(self) -> AuditFinding | None:
        """The finding of a special audit that took it up."""
        from workflows.flags.taken import taken_up

        return taken_up([self.project_id]).get(str(self.number))

    def seats(self) -> tuple[str, ...]:
        return () if self.ended else ("audit",)

    @act(source=S.RAISED, target=S.ADOPTED, by=DESK, any_time=True, reason_required=True, label=_("Adopt the flag"),
         article=EVIDENCE, rules=(rules.says_something_new, rules.judges_no_act_of_his))  # fmt: skip
    def adopt(self, call: Call) -> None:
        """It becomes a finding of the special audit."""

    @act(source=S.RAISED, target=S.DISMISSED, by=DESK, any_time=True, reason_required=True, tone="back",
         label=_("Dismiss the flag"), article=EVIDENCE,
         rules=(rules.says_something_new, rules.judges_no_act_of_his))  # fmt: skip
    def dismiss(self, call: Call) -> None:
        """It stays visible as dismissed, until new rows join it."""

"""The project: from the village's application to the archive (立项—实施—验收—移交—归档)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from funds import ledger
from workflows import law
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Opening, act
from workflows.lifecycles.forms import Application, Board, Grant, Opened, Return, Sign
from workflows.lifecycles.project_facts import CHECKS, LEVELS, RUNNING
from workflows.lifecycles.project_money import ProjectMoney
from workflows.offices import Unit
from workflows.rules import audit_findings, building, checks, filing, funding, measuring, noticing, tendering, watching
from workflows.rules.everywhere import at_this_desk
from workflows.states import RETURNABLE, REVIEWING
from workflows.states import ProjectState as S
from workflows.watch import Rings

LIVE = tuple(s for s in S if s not in (S.CLOSED, S.WITHDRAWN, S.REJECTED, S.TERMINATED))


class Project(ProjectMoney):
    """A project of the county's plan."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)

    has_root: ClassVar[bool] = False
    beside_it = ("plan_item",)
    AUTOMATIC: ClassVar = {S.RETURNED: "lapse"}
    letter: ClassVar[str] = "P"
    opening: ClassVar[Opening] = Opening(
        label=_("Open an application"), article=_("村民委员会组织法 art. 28"), seats=("village",), takes=Opened
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(grant_fen__gte=0, self_raised_fen__gte=0, labour_fen__gte=0), name="project_money_positive"
            ),
            models.CheckConstraint(
                condition=Q(audited_fen__isnull=True) | Q(audited_fen__gte=0), name="project_audited_positive"
            ),
        ]
        verbose_name = _("project")

    @classmethod
    def begin(cls, form: Opened, *, root: Case | None) -> Project:
        unit = Unit.objects.select_related("area").get(pk=form.unit_id)
        return cls(
            kind="project", state=S.DRAFT, title=form.title, unit=unit, area=unit.area,
            department=form.department, category=form.category, plan_item_id=form.plan_item_id,
        )  # fmt: skip

    # Application and review

    @act(source=(S.DRAFT, S.RETURNED), by="village", takes=Application, tone="note",
         label=_("Save the application"), article=filing.ONE_FORM, rules=(at_this_desk,))  # fmt: skip
    def save_draft(self, call: Call) -> None:
        facts = call.data.model_dump(exclude={"lines"})
        self.put(**facts)
        self.lines.all().delete()
        BudgetLine.objects.bulk_create(
            BudgetLine(project=self, position=n, **line.model_dump()) for n, line in enumerate(call.data.lines, 1)
        )

    @act(source=LIVE, by=law.ANY_SEAT, takes=law.Paper, tone="note", any_time=True,
         label=_("Attach a file"), article=_("会计档案管理办法 art. 6"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

    @act(source=S.DRAFT, target=GET_STATE(lambda p, call: p.level_after(None), states=list(LEVELS.values())),
         by="village", label=_("File the application"),
         article=_("村民委员会组织法 art. 28; Seven Systems no. 2 (报批制)"),
         rules=(filing.form_is_complete, filing.budget_adds_up, filing.village_decided,
                filing.dates_are_in_order, watching.unit_has_no_lapsed_order,
                watching.unit_is_not_frozen))  # fmt: skip
    def file(self, call: Call) -> None:
        call.amount_fen = self.grant_fen

    @act(source=S.FILED, target=GET_STATE(lambda p, call: p.level_after("township"),
                                          states=[S.JOINT_REVIEW, S.PIPELINE, S.ON_NOTICE]),
         by="township", reason_required=True, bulk=True, rules=(filing.budget_adds_up,),
         label=_("Pass the township review"), article=_("rulebook, review.levels (乡镇审核)"))  # fmt: skip
    def pass_township(self, call: Call) -> None:
        call.amount_fen = self.grant_fen

    @act(source=S.JOINT_REVIEW, by=("programme", "finance", "department"), takes=Sign, reason_required=True, bulk=True,
         tone="sign", label=_("Sign the joint review"), article=_("rulebook, review.joint_offices (会审)"),
         rules=(filing.signs_once,))  # fmt: skip
    def sign_joint(self, call: Call) -> None:
        self.sign(call, seat=self.seat_of(call))

    @act(source=S.JOINT_REVIEW, target=GET_STATE(lambda p, call: p.level_after("joint"), states=[S.PIPELINE,
         S.ON_NOTICE]),
         by="programme", reason_required=True, bulk=True, label=_("Conclude the joint review"),
         article=_("rulebook, review.joint_offices (会审)"), rules=(filing.all_have_signed,
         filing.nobody_dissents))  # fmt: skip
    def conclude_joint(self, call: Call) -> None:
        call.amount_fen = self.grant_fen

    @act(source=S.PIPELINE, target=S.ON_NOTICE, by="leading_group", reason_required=True, bulk=True,
         label=_("Admit to the pipeline"), article=_("rulebook, review.levels (入库审定)"))  # fmt: skip
    def admit(self, call: Call) -> None:
        call.amount_fen = self.grant_fen

    @act(source=RETURNABLE, target=S.RETURNED,
         by=("township", "programme", "finance", "department", "leading_group"), takes=Return, reason_required=True,
         tone="back", label=_("Return to an earlier stage"),
         article=_("county rule on review: return for correction (退回)"),
         rules=(at_this_desk, filing.stage_lies_behind, filing.plan_does_not_hang))  # fmt: skip
    def return_to(self, call: Call) -> None:
        self.returned_to, self.resume_state = call.data.stage, self.state

    @act(source=RETURNABLE, target=S.RETURNED, by="programme", any_time=True, takes=Return, reason_required=True,
         tone="back", label=_("Return upon an upheld objection"), article=filing.UPHELD,
         rules=(filing.stage_lies_behind, noticing.objection_was_upheld))  # fmt: skip
    def send_back(self, call: Call) -> None:
        """The answer that upholds an objection brings it about, at whoever's desk the project lies."""
        self.returned_to, self.resume_state = call.data.stage, self.state

    @act(source=S.RETURNED, target=GET_STATE(lambda p, call: p.resume_state, states=list(RETURNABLE)),
         by=("village", "township", "programme"), reason_required=True, label=_("Resubmit"),
         article=_("county rule on review: straight back to the one who returned it"),
         rules=(at_this_desk, filing.form_is_complete, filing.budget_adds_up, filing.village_decided,
         filing.dates_are_in_order))  # fmt: skip
    def resubmit(self, call: Call) -> None:
        call.amount_fen = self.grant_fen

    @act(source=S.RETURNED, target=S.WITHDRAWN, by="clock", takes=Rings, tone="back", any_time=True,
         label=_("Automatic withdrawal, not resubmitted in time"),
         article=_("rulebook, deadlines.returned"))  # fmt: skip
    def lapse(self, call: Call) -> None:
        """Only where the rulebook says ``automatic``; the village may apply anew."""

    @act(source=(*REVIEWING, S.DRAFT, S.RETURNED, S.ON_NOTICE), target=S.WITHDRAWN, by="village", any_time=True,
         reason_required=True, tone="back", label=_("Withdraw"),
         article=_("county rule on review: the applicant may withdraw (撤回)"))  # fmt: skip
    def withdraw(self, call: Call) -> None:
        """Before approval nothing is reserved, so nothing is released."""

    @act(source=(S.JOINT_REVIEW, S.PIPELINE, S.ON_NOTICE), target=S.REJECTED, by=("programme", "leading_group"),
         reason_required=True, tone="back", label=_("Reject"), article=_("rulebook, review.levels (不予立项)"),
         rules=(at_this_desk,))  # fmt: skip
    def reject(self, call: Call) -> None:
        """The application ends here; the record keeps why."""

    # Approval and works

    @act(source=S.ON_NOTICE, target=S.APPROVED, by="leading_group", takes=Grant, reason_required=True,
         label=_("Approve and issue the plan"), article=_("预算法 art. 52; Seven Systems no. 2 (批复)"),
         rules=(funding.sources_make_the_grant, funding.sources_are_the_countys_own))  # fmt: skip
    def approve(self, call: Call) -> None:
        self.put(approved_at=call.at)
        call.amount_fen = self.grant_fen
        call.transfers += ledger.reserve(
            case_id=self.pk, purpose=self.category, parts=call.data.sources, key=f"{self.number}/reserve", at=call.at
        )

    @act(source=S.APPROVED, target=S.PROCURING, by="procurement", label=_("Start procurement"), bulk=True,
         article=_("招标投标法 art. 3; 政府采购法 art. 26"))  # fmt: skip
    def start_procurement(self, call: Call) -> None:
        call.amount_fen = self.grant_fen + self.self_raised_fen

    @act(source=S.PROCURING, target=S.CONTRACTED, by="village", label=_("Sign the contract"),
         article=_("招标投标法 art. 46"), rules=(tendering.tender_is_closed,))  # fmt: skip
    def sign_contract(self, call: Call) -> None:
        tender = self.family.filter(kind="tender", state="closed").latest("id").tender
        self.put(
            contractor=tender.winner, contract_fen=tender.contract_fen, contract_from=tender.signed_on,
            contract_until=tender.completes_on or self.ends_on,
        )  # fmt: skip
        call.amount_fen = tender.contract_fen

    @act(source=S.CONTRACTED, target=S.BUILDING, by="village", label=_("Start the works"),
         article=_("建筑法 art. 7; sign-board at the site"))  # fmt: skip
    def start(self, call: Call) -> None:
        self.put(started_on=timezone.localdate(call.at))

    @act(source=S.BUILDING, by="village", takes=Board, tone="note", label=_("Record the sign-board"),
         article=building.BOARD, rules=(building.board_is_shown, building.late_board_is_explained))  # fmt: skip
    def post_board(self, call: Call) -> None:
        attach(self, call)
        self.put(board_posted_on=call.data.posted_on)

    @act(source=S.BUILDING, target=S.COMPLETED, by="village", reason_required=True, label=_("Report completion"),
         article=_("建设工程质量管理条例 art. 16"),
         rules=(building.board_stands, measuring.no_measurement_is_open, measuring.works_are_measured))  # fmt: skip
    def complete(self, call: Call) -> None:
        self.put(completed_at=call.at)

    # Checks

    @act(source=S.COMPLETED, target=GET_STATE(lambda p, call: p.check_after(None), states=list(CHECKS.values())),
         by="programme", bulk=True, label=_("Begin the checks"), article=_("rulebook, checks.order"))  # fmt: skip
    def begin_checks(self, call: Call) -> None:
        """Special audit or acceptance first, as the rulebook orders."""

    @act(source=S.UNDER_AUDIT, target=GET_STATE(lambda p, call: p.check_after("special_audit"),
                                                states=[S.UNDER_ACCEPTANCE, S.ACCEPTED]),
         by="audit", label=_("Conclude the audit"), article=_("审计法 art. 45; Seven Systems no. 6 (审计制)"),
         rules=(checks.audit_is_reported,))  # fmt: skip
    def pass_audit(self, call: Call) -> None:
        report = self.family.filter(kind="special_audit", state="reported").latest("id").specialaudit
        self.put(audited_fen=report.audited_fen)
        self.reckon_refund(call)
        if self.check_after("special_audit") == S.ACCEPTED:
            self.put(accepted_at=call.at)
        call.amount_fen = report.audited_fen

    @act(source=S.UNDER_ACCEPTANCE, target=GET_STATE(lambda p, call: p.check_after("acceptance"),
                                                     states=[S.UNDER_AUDIT, S.ACCEPTED]),
         by="programme", reason_required=True, label=_("Pass the acceptance"),
         article=_("Seven Systems no. 7 (检查验收制); rulebook, acceptance"),
         rules=(checks.acceptance_is_passed, checks.nothing_left_to_rectify,
                audit_findings.findings_are_dealt_with))  # fmt: skip
    def pass_acceptance(self, call: Call) -> None:
        self.put(accepted_at=call.at)

    @act(source=S.UNDER_ACCEPTANCE, target=S.RECTIFYING, by="programme", reason_required=True, tone="back",
         label=_("Send into rectification"), article=_("Seven Systems no. 7 (限期整改)"),
         rules=(checks.order_is_open,))  # fmt: skip
    def send_to_rectify(self, call: Call) -> None:
        """Acceptance waits until the orders are verified."""

    @act(source=S.RECTIFYING, target=S.UNDER_ACCEPTANCE, by="programme", reason_required=True,
         label=_("Resume acceptance"), article=_("Seven Systems no. 7 (整改销号)"),
         rules=(checks.nothing_left_to_rectify,))  # fmt: skip
    def resume_acceptance(self, call: Call) -> None:
        """All orders are verified; acceptance is held again."""

    @act(source=S.ACCEPTED, target=S.HANDED_OVER, by="village", label=_("Hand over the asset"),
         article=_("河南省扶贫开发条例 art. 48 (确权移交)"))  # fmt: skip
    def hand_over(self, call: Call) -> None:
        """Title and upkeep go to the village; the handover list is a paper of the act."""

    @act(source=S.HANDED_OVER, target=S.CLOSED, by="finance", reason_required=True, label=_("Close the project"),
         article=_("预算法 art. 42; archive rules (归档)"),
         rules=(funding.no_claim_is_open, funding.nothing_is_retained, funding.no_refund_is_due,
                checks.nothing_left_to_rectify, audit_findings.findings_are_dealt_with))  # fmt: skip
    def close(self, call: Call) -> None:
        call.transfers += ledger.release(case_id=self.pk, key=f"{self.number}/close", at=call.at)
        call.amount_fen = sum(t.fen for t in call.transfers)

    # Off the road

    @act(source=RUNNING, target=S.SUSPENDED, by=("programme", "leading_group"), any_time=True, reason_required=True,
         tone="back", label=_("Suspend"), article=_("rulebook, offices (暂停)"))  # fmt: skip
    def suspend(self, call: Call) -> None:
        self.resume_state = self.state
        self.hold(call)

    @act(source=S.SUSPENDED, target=GET_STATE(lambda p, call: p.resume_state, states=list(RUNNING)),
         by=("programme", "leading_group"), reason_required=True, label=_("Resume"),
         article=_("rulebook, offices (恢复)"))  # fmt: skip
    def resume(self, call: Call) -> None:
        """Back to where it stood, with the days that were left."""

    @act(source=(*RUNNING, S.SUSPENDED, S.COMPLETED, S.RECTIFYING), target=S.TERMINATED, by="leading_group",
         any_time=True, reason_required=True, tone="back", label=_("Terminate and recover the money"),
         article=_("财政违法行为处罚处分条例 art. 6 and 9 (终止收回)"),
         rules=(funding.no_claim_is_open,))  # fmt: skip
    def terminate(self, call: Call) -> None:
        call.transfers += ledger.recover(case_id=self.pk, key=f"{self.number}/recover", at=call.at)
        call.amount_fen = sum(t.fen for t in call.transfers)


class BudgetLine(models.Model):
    """A line of the project's budget, in fen; the lines make the total."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=80)
    quantity_milli = models.BigIntegerField()
    unit = models.CharField(max_length=12)
    unit_price_fen = models.BigIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "position"], name="budget_line_position"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0, quantity_milli__gt=0), name="budget_line_positive"),
        ]

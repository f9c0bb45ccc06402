"""The facts of a project and the questions about them: sums, route, whose turn, what comes next."""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.db import models

from audit.prepared import Prepared, number, text
from workflows import calendar
from workflows.cases import Case, Opinion
from workflows.law import Call
from workflows.offices import DEPARTMENTS
from workflows.planning import PlanItem
from workflows.rulebook.codes import Kind
from workflows.states import ProjectState as S
from workflows.words import CATEGORIES, WORK_KINDS

#: Review level of the rulebook -> the state in which the project waits for it.
LEVELS = {"township": S.FILED, "joint": S.JOINT_REVIEW, "leading_group": S.PIPELINE}
#: Check of the rulebook -> its state.
CHECKS = {"special_audit": S.UNDER_AUDIT, "acceptance": S.UNDER_ACCEPTANCE}

#: From the plan's issue to the end of the works.
RUNNING = (S.APPROVED, S.PROCURING, S.CONTRACTED, S.BUILDING)

#: Whose turn it is where the state alone says it.
SEATS: dict[S, tuple[str, ...]] = {
    S.DRAFT: ("village",),
    S.FILED: ("township",),
    S.PIPELINE: ("leading_group",),
    S.APPROVED: ("procurement",),
    S.PROCURING: ("procurement",),
    S.CONTRACTED: ("village",),
    S.BUILDING: ("village",),
    S.COMPLETED: ("programme",),
    S.UNDER_AUDIT: ("audit",),
    S.UNDER_ACCEPTANCE: ("programme",),
    S.ACCEPTED: ("village",),
    S.HANDED_OVER: ("finance",),
    S.SUSPENDED: ("programme",),
    S.RECTIFYING: ("programme",),
    S.CLOSED: (),
    S.WITHDRAWN: (),
    S.REJECTED: (),
    S.TERMINATED: (),
}


SIGNED = Prepared(lambda: Opinion.objects.filter(case_id=number("case"), state=text("state"), round_no=number("round")))


class ProjectFacts(Case):
    """What a project is, where, how much and from what; the questions that its acts ask."""

    plan_item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, null=True, related_name="projects")
    category = models.CharField(max_length=20, choices=list(CATEGORIES.items()))
    work_kind = models.CharField(max_length=10, choices=list(WORK_KINDS.items()), default="works")
    quantity_milli = models.BigIntegerField(default=0)
    quantity_unit = models.CharField(max_length=12, blank=True)
    description = models.TextField(blank=True)
    benefit = models.TextField(blank=True)
    responsible = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    grant_fen = models.BigIntegerField(default=0)
    self_raised_fen = models.BigIntegerField(default=0)
    labour_fen = models.BigIntegerField(default=0)
    self_build = models.BooleanField(default=False)
    resolution_on = models.DateField(null=True)
    villagers_entitled = models.PositiveIntegerField(default=0)
    villagers_present = models.PositiveIntegerField(default=0)
    approved_at = models.DateTimeField(null=True)
    started_on = models.DateField(null=True)
    board_posted_on = models.DateField(null=True)
    completed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    contractor = models.CharField(max_length=80, blank=True)
    contract_fen = models.BigIntegerField(null=True)
    contract_from = models.DateField(null=True)
    contract_until = models.DateField(null=True)
    audited_fen = models.BigIntegerField(null=True)
    #: Of the self-raised funds, what the township has seen paid in.
    self_raised_in_fen = models.BigIntegerField(default=0)
    #: Paid above the audited price and not back yet, and until when it must be back.
    refund_due_fen = models.BigIntegerField(default=0)
    refund_due_on = models.DateField(null=True)
    #: How much of the quantities is done, weighed by the amounts of the budget's lines (形象进度).
    done_permille = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    # Properties

    @property
    def total_fen(self) -> int:
        """Grant, self-raised funds and labour at its rate, in fen."""
        return self.grant_fen + self.self_raised_fen + self.labour_fen

    @property
    def route(self) -> str:
        """How it must be procured, by amount and kind (工程招标规模标准); labour is not bought."""
        bought = self.grant_fen + self.self_raised_fen
        kind = cast("Kind", self.work_kind)
        return self.book.route(kind=kind, amount_fen=bought, self_build=self.self_build)

    @property
    def billing_term(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day that an invoice of the contractor may bear; ``None`` without a contract."""
        if self.contract_from is None or self.contract_until is None:
            return None
        settling = dt.timedelta(days=self.book.vouchers.after_term_days_max.value)
        return self.contract_from, self.contract_until + settling

    @property
    def board_due_on(self) -> dt.date | None:
        """The last day to put up the sign-board; ``None`` where the rulebook asks for none or nothing is built yet."""
        board = self.book.sign_board
        if board is None or self.started_on is None:
            return None
        return calendar.add(self.started_on, days=board.post_days_max.value, day_kind="calendar")

    def seats(self) -> tuple[str, ...]:
        match self.state:
            case S.JOINT_REVIEW:
                return self.unsigned() or ("programme",)
            case S.ON_NOTICE:
                return ("leading_group",) if self.notice_run("plan") else ("programme",)
            case S.RETURNED:
                return (self.returned_to,)
            case _:
                return SEATS[S(self.state)]

    def seat_of(self, call: Call) -> str:
        """The seat of the joint review the actor sits on."""
        office = call.seat.unit.office
        return "department" if office in DEPARTMENTS else office

    def signatures(self) -> list[Opinion]:
        """The opinions that count in this round: agreement outlasts a return, a dissent is asked anew after it."""
        signed = SIGNED.all(case=self.pk, state=self.state, round=self.round_no)
        return [opinion for opinion in signed if opinion.agrees or opinion.at >= self.state_since]

    def unsigned(self) -> tuple[str, ...]:
        """Seats of the joint review that have not signed in this round."""
        signed = {opinion.seat for opinion in self.signatures()}
        return tuple(seat for seat in self.book.review.joint_offices.value if seat not in signed)

    @property
    def objected(self) -> bool:
        """Whether an objection to a notice of its own is open: nobody can bring it on before that is answered."""
        open_ones = self.family.filter(notice__objections__answered_at=None, notice__objections__isnull=False)
        return open_ones.filter(kind="notice", notice__about=None).exists()

    def arm(self, *, at: dt.datetime) -> None:
        """Resumed, the stage's own term goes on; with an objection open it stands still at once."""
        if self.door is None or self.door.act.name != "resume":
            super().arm(at=at)
            return
        self.take_up_held(at=at)
        if self.objected:
            self.pause(at)

    def pause(self, at: dt.datetime) -> None:
        """How long it may be suspended no objection prolongs."""
        if self.state != S.SUSPENDED:
            super().pause(at)

    def notice_run(self, purpose: str) -> bool:
        """Whether the notice of that purpose has run, or the rulebook asks for none."""
        if purpose not in self.book.notices:
            return True
        return self.family.filter(kind="notice", state="closed", notice__purpose=purpose).exists()

    def stages_behind(self) -> tuple[str, ...]:
        """The stages a return from here may name."""
        passed = [seat for seat, state in (("township", S.FILED), ("programme", S.JOINT_REVIEW)) if self._past(state)]
        return ("village", *passed)

    def _past(self, state: S) -> bool:
        road = [*(LEVELS[level] for level in self.book.review.levels.value), S.ON_NOTICE]
        return state in road and self.state in road and road.index(state) < road.index(S(self.state))

    def level_after(self, level: str | None) -> S:
        """The state of the review level after ``level``; on notice after the last."""
        levels = list(self.book.review.levels.value)
        rest = levels[levels.index(level) + 1 :] if level else levels  # type: ignore[arg-type]
        return LEVELS[rest[0]] if rest else S.ON_NOTICE

    def check_after(self, check: str | None) -> S:
        """The state of the check after ``check``, in the rulebook's order; accepted after the last."""
        order = list(self.book.checks.order.value)
        rest = order[order.index(check) + 1 :] if check else order  # type: ignore[arg-type]
        return CHECKS[rest[0]] if rest else S.ACCEPTED

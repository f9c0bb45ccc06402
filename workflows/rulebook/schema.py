"""The shape of a rulebook.

Every policy value is a `Cited`. Units stand last in the name: `_fen` is 1/100 yuan, `_permille` is
1/1000, `_days` are calendar days unless a `day_kind` or `_working_days` says otherwise. `_min` and
`_max` include the number itself.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StrictStr

from workflows.rulebook import codes
from workflows.rulebook.cited import ENGINE_DEFAULT, Cited, Frozen, Path, Text, cited_leaves
from workflows.rulebook.flags import Flags
from workflows.rulebook.late import Late
from workflows.rulebook.orders import Rectification
from workflows.rulebook.publicity import Complaints, Notice, Objections, SignBoard
from workflows.rulebook.terms import Clock, Count, Term

__all__ = [
    "ENGINE_DEFAULT",
    "Cited",
    "Clock",
    "Frozen",
    "Notice",
    "Path",
    "Rulebook",
    "Rung",
    "Standard",
    "Term",
    "Text",
    "Tranche",
    "cited_leaves",
]  # fmt: skip

#: At most 10^13 fen, as in the ledger.
Fen = Annotated[StrictInt, Field(ge=0, le=10**13)]
Permille = Annotated[StrictInt, Field(ge=0, le=1000)]
MonthDay = Annotated[StrictStr, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Review(Frozen):
    """The levels a filed project passes, in order; `leading_group` admits it to the pipeline."""

    levels: Cited[tuple[codes.ReviewLevel, ...]]
    joint_offices: Cited[tuple[codes.JointOffice, ...]]


class Thresholds(Frozen):
    """From this contract amount (inclusive) on, open tender."""

    works: Cited[Fen]
    goods: Cited[Fen]
    services: Cited[Fen]


class Rung(Frozen):
    """One step of the ladder below the open-tender threshold: [from_fen, to_fen)."""

    kind: Cited[codes.Kind]
    from_fen: Cited[Fen]
    to_fen: Cited[Fen] | None = None
    route: Cited[codes.Route]

    def holds(self, *, kind: codes.Kind, amount_fen: int) -> bool:
        below = self.to_fen is None or amount_fen < self.to_fen.value
        return self.kind.value == kind and self.from_fen.value <= amount_fen and below


class Periods(Frozen):
    """Legal periods and numbers of one route; what is absent, the route does not require."""

    document_days_min: Cited[Count] | None = None
    document_day_kind: Cited[codes.DayKind] | None = None
    clarify_days_min: Cited[Count] | None = None
    bid_days_min: Cited[Count] | None = None
    bidders_min: Cited[Count] | None = None
    committee_min: Cited[Count] | None = None
    #: Two thirds are 666: no committee below 500 members passes 666 without passing 2/3.
    committee_expert_permille_min: Cited[Permille] | None = None
    committee_odd: Cited[StrictBool] | None = None
    candidates_max: Cited[Count] | None = None
    candidate_days_min: Cited[Count] | None = None
    contract_days_max: Cited[Count] | None = None
    bid_bond_permille_max: Cited[Permille] | None = None
    performance_bond_permille_max: Cited[Permille] | None = None


class Tender(Frozen):
    open_tender_fen_min: Thresholds
    ladder: tuple[Rung, ...]
    #: Up to this total (inclusive) a village may build for itself; absent: it may not.
    self_build_fen_max: Cited[Fen] | None = None
    added_quantity_permille_max: Cited[Permille]
    periods: dict[codes.Route, Periods]


class Progress(Frozen):
    """Works are measured and signed before they are paid by progress or reported complete (工程计量).

    Goods and services are not built, so that nothing here concerns them.
    """

    #: Whether payment by progress and completion wait for the supervision engineer's signature.
    signature_required: Cited[StrictBool]
    #: A claim by progress quotes a measurement of at most so many calendar days ago.
    measured_within_days_max: Cited[Count]
    #: How much must be measured and signed before completion is reported.
    completion_permille_min: Cited[Permille]
    #: Calendar days in which the supervision engineer signs or returns.
    sign_days_max: Cited[Count]
    #: Spending may run ahead of the works by so much (inclusive) before the project is flagged.
    deviation_permille_max: Cited[Permille]


class Tranche(Frozen):
    """A part of the grant that may be claimed once `trigger` has come.

    Either `ceiling_permille`, which is cumulative (all claims so far, this tranche included, of
    `base`), or `share_permille`, which comes on top of what the tranches before allow.
    """

    code: Cited[Text]
    trigger: Cited[codes.Trigger]
    #: For `quantity` and `self_raised`: how much of the quantities or of the own share; absent: all.
    at_permille: Cited[Permille] | None = None
    ceiling_permille: Cited[Permille] | None = None
    share_permille: Cited[Permille] | None = None
    base: Cited[codes.Base]
    #: Papers this tranche needs beside those of `claim.submit`.
    papers: Cited[tuple[codes.Paper, ...]] | None = None

    @property
    def part(self) -> str:
        """The name of the field that says its part."""
        return "ceiling_permille" if self.ceiling_permille is not None else "share_permille"

    def upto_permille(self, before: int) -> int:
        """What all claims may come to by then, where the tranches before allow ``before``."""
        if self.ceiling_permille is not None:
            return self.ceiling_permille.value
        return before + (self.share_permille.value if self.share_permille else 0)


class Retention(Frozen):
    permille_max: Cited[Permille]
    months: Cited[Count]
    base: Cited[codes.Base]
    then: Cited[codes.Then]


class Refund(Frozen):
    """An overpayment that the audit finds comes back within so many calendar days."""

    days_max: Cited[Count]


class Vouchers(Frozen):
    """An invoice of the contractor may be dated so many calendar days after the contract's term, for the settlement."""

    after_term_days_max: Cited[Count]


class Checks(Frozen):
    order: Cited[tuple[codes.Check, ...]]
    audit_sections: Cited[tuple[codes.AuditOffice, ...]]
    audit_notice_working_days_min: Cited[Count]
    audit_reply_working_days_max: Cited[Count]
    #: Acts of the project that wait until every finding of the audit has led to something.
    audit_findings_gate: Cited[tuple[codes.FindingsGate, ...]] | None = None


class Acceptance(Frozen):
    levels: Cited[tuple[codes.AcceptanceLevel, ...]]
    members_min: Cited[Count]
    members_max: Cited[Count]
    members_odd: Cited[StrictBool]
    beneficiaries_required: Cited[StrictBool]


class Change(Frozen):
    """Growth over the plan up to `growth_permille_max` (inclusive) needs no new approval."""

    growth_permille_max: Cited[Permille]
    approver: Cited[codes.Approver]


class Standard(Frozen):
    """A rate of a subsidy to households (补助标准): so many fen for each unit, each month or once.

    A code may stand several times, each time for other days; both ends are included.
    """

    code: Cited[Text]
    title: Cited[Text]
    rate_fen: Cited[Annotated[StrictInt, Field(gt=0, le=10**9)]]
    unit: Cited[codes.PerUnit]
    every: Cited[codes.Every]
    from_day: Cited[date]
    until_day: Cited[date] | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_day.value <= day and (self.until_day is None or day <= self.until_day.value)


class YearEnd(Frozen):
    """The last day (MM-DD) on which a claim of the year may be handed in, and how long money may be carried over."""

    claims_close: Cited[MonthDay]
    #: Carried over and unused for so many years in a row, money is surplus and goes back.
    carried_years_max: Cited[Count]


class Separation(Frozen):
    """Pairs of acts that may not meet in one hand on one project."""

    pairs: Cited[tuple[tuple[codes.Act, codes.Act], ...]]


class Rulebook(Frozen):
    """One edition of one county's rules; a case is pinned to it when it opens."""

    name: Text
    title: Text
    edition: Text
    effective_from: date
    inherits: Text | None = None

    review: Review
    papers: dict[codes.Act, Cited[tuple[codes.Paper, ...]]]
    #: Kinds of the default book this county does not publish.
    notices_dropped: Cited[tuple[codes.NoticeKind, ...]]
    notices: dict[codes.NoticeKind, Notice]
    #: Absent from editions older than answers in time.
    objections: Objections | None = None
    complaints: Complaints | None = None
    sign_board: SignBoard | None = None
    tender: Tender
    #: Absent from editions older than measurements: nothing was measured under them.
    progress: Progress | None = None
    tranches: tuple[Tranche, ...]
    standards: tuple[Standard, ...] = ()
    retention: Retention
    refund: Refund
    vouchers: Vouchers
    checks: Checks
    acceptance: Acceptance
    rectification: Rectification
    change: Change
    year_end: YearEnd
    #: Absent from editions older than the clock, the red flags, late entries: they say nothing there.
    clock: Clock | None = None
    flags: Flags | None = None
    late: Late | None = None
    deadlines: dict[codes.TimedState, Term]
    separation: Separation

    @cached_property
    def sha256(self) -> str:
        """Digest of the whole merged content, so that an edition cannot change unnoticed."""
        content = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    def route(self, *, kind: codes.Kind, amount_fen: int, self_build: bool = False) -> codes.Route:
        """The way to procure a contract of `amount_fen` fen.

        `self_build` is the village's wish to build for itself; it is granted for works up to
        `tender.self_build_fen_max`. Exactly the threshold already tenders: 必须招标的工程项目规定
        第五条 says "以上", which includes the number.
        """
        if amount_fen < 0:
            raise ValueError("amount_fen must not be negative")
        own_hands_max = self.tender.self_build_fen_max
        may_self_build = own_hands_max is not None and amount_fen <= own_hands_max.value
        if self_build and kind == "works" and may_self_build:
            return "self_build"
        threshold: Cited[int] = getattr(self.tender.open_tender_fen_min, kind)
        if amount_fen >= threshold.value:
            return "open_tender"
        return next(rung.route.value for rung in self.tender.ladder if rung.holds(kind=kind, amount_fen=amount_fen))

"""The tender (招标采购): its route follows from amount and kind, its periods from the law."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, law
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Data, Opening, act
from workflows.lifecycles.forms import Fen
from workflows.rulebook.schema import Periods
from workflows.rules import tendering as rules
from workflows.states import TenderState as S
from workflows.words import ROUTES


class Opened(Data):
    """The subject of the procurement."""

    subject: Annotated[str, Field(min_length=2, max_length=200)]


class Issued(Data):
    """The documents' issue: the bid deadline and the bond asked for."""

    bids_until: dt.date
    bid_bond_fen: Fen = 0


class Clarified(Data):
    """A clarification or change of the documents: the bid deadline, the old one or a later one."""

    bids_until: dt.date


class Bid(Data):
    """One bid: who and how much."""

    bidder: Annotated[str, Field(min_length=2, max_length=80)]
    price_fen: Fen


class BidsOpened(Data):
    """What was found when the bids were opened."""

    bids: Annotated[tuple[Bid, ...], Field(max_length=40)]


class Ranked(Data):
    """The committee's work: its members and the candidates in their order."""

    members: Annotated[int, Field(ge=0, le=99)]
    experts: Annotated[int, Field(ge=0, le=99)]
    candidates: Annotated[
        tuple[Annotated[str, Field(min_length=2, max_length=80)], ...], Field(min_length=1, max_length=10)
    ]


class Awarded(Data):
    """The winner; another than the first needs a reason."""

    winner: Annotated[str, Field(min_length=2, max_length=80)]


class Contracted(Data):
    """The contract's price, dates and performance bond; without a day of its own the works end as planned."""

    contract_fen: Fen
    signed_on: dt.date
    completes_on: dt.date | None = None
    performance_bond_fen: Fen = 0


class Tender(Case):
    """One procurement of a project."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    route = models.CharField(max_length=20, choices=list(ROUTES.items()))
    budget_fen = models.BigIntegerField()
    subject = models.CharField(max_length=200)
    issued_on = models.DateField(null=True)
    bids_until = models.DateField(null=True)
    bid_bond_fen = models.BigIntegerField(default=0)
    bids = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    ranked_on = models.DateField(null=True)
    winner = models.CharField(max_length=80, blank=True)
    award_fen = models.BigIntegerField(null=True)
    awarded_on = models.DateField(null=True)
    contract_fen = models.BigIntegerField(null=True)
    signed_on = models.DateField(null=True)
    completes_on = models.DateField(null=True)
    performance_bond_fen = models.BigIntegerField(default=0)

    letter: ClassVar[str] = "T"
    opening: ClassVar[Opening] = Opening(
        label=_("Open a tender"), article=_("必须招标的工程项目规定 art. 5; rulebook, tender"), seats=("procurement",),
        takes=Opened, rules=(rules.project_is_procuring, rules.no_other_tender),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(budget_fen__gte=0), name="tender_budget_positive"),
            models.CheckConstraint(
                condition=Q(contract_fen__isnull=True) | Q(contract_fen__lte=models.F("award_fen")),
                name="contract_within_award",
            ),
        ]
        verbose_name = _("tender")

    @classmethod
    def begin(cls, form: Opened, *, root: Case | None) -> Tender:
        """The route is not chosen: it follows from the project's amount and kind."""
        project = root
        return cls(
            kind="tender", state=S.PREPARED, title=project.title, subject=form.subject,  # type: ignore[union-attr]
            route=project.route, budget_fen=project.grant_fen + project.self_raised_fen,  # type: ignore[union-attr]
        )  # fmt: skip

    @property
    def periods(self) -> Periods:
        """The legal periods of its route; a route without an entry has none."""
        return self.book.tender.periods.get(self.route) or Periods()  # type: ignore[call-overload]

    def earliest_deadline(self, *, issued: dt.date) -> dt.date:
        """The first day on which bids may close: the documents' sale and the time to bid have passed."""
        periods = self.periods
        sale = periods.document_days_min.value if periods.document_days_min else 0
        kind = periods.document_day_kind.value if periods.document_day_kind else "calendar"
        bid = periods.bid_days_min.value if periods.bid_days_min else 0
        sold = calendar.add(issued, days=sale, day_kind=kind) if sale else issued
        return max(sold, issued + dt.timedelta(days=bid))

    def seats(self) -> tuple[str, ...]:
        return () if self.ended else ("procurement",)

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        days = self.periods.contract_days_max
        if self.state == S.AWARDED and days is not None:
            return calendar.term_end(at, days=days.value, day_kind="calendar")
        if self.state == S.ISSUED and self.bids_until:
            return calendar.end_of(self.bids_until)
        return None

    @act(source=S.PREPARED, target=S.ISSUED, by="procurement", takes=Issued, label=_("Issue the documents"),
         article=_("招标投标法 art. 24; 招标投标法实施条例 art. 16"),
         rules=(rules.bid_period_is_long_enough, rules.bid_bond_is_small))  # fmt: skip
    def issue(self, call: Call) -> None:
        form = call.data
        self.put(issued_on=timezone.localdate(call.at), bids_until=form.bids_until, bid_bond_fen=form.bid_bond_fen)

    @act(source=S.ISSUED, by="procurement", takes=Clarified, reason_required=True, tone="note",
         label=_("Clarify the documents"), article=_("招标投标法 art. 23; 招标投标法实施条例 art. 21"),
         rules=(rules.clarified_in_time,))  # fmt: skip
    def clarify(self, call: Call) -> None:
        """The clarification is the reason; its paper is attached to the tender."""
        self.put(bids_until=call.data.bids_until)
        self.rearm(at=call.at)

    @act(source=S.ISSUED, target=S.OPENED, by="procurement", takes=BidsOpened, label=_("Open the bids"),
         article=_("招标投标法 art. 28 and 34"), rules=(rules.bid_deadline_is_over, rules.enough_bidders))  # fmt: skip
    def open_bids(self, call: Call) -> None:
        self.put(bids=[bid.model_dump() for bid in call.data.bids])

    @act(source=S.OPENED, target=S.RANKED, by="procurement", takes=Ranked, reason_required=True,
         label=_("Publish the candidates"), article=_("招标投标法 art. 37; 招标投标法实施条例 art. 53 and 54"),
         rules=(rules.committee_is_lawful, rules.candidates_are_bidders))  # fmt: skip
    def rank(self, call: Call) -> None:
        self.put(candidates=list(call.data.candidates), ranked_on=timezone.localdate(call.at))

    @act(source=S.RANKED, target=S.AWARDED, by="procurement", takes=Awarded, reason_required=True,
         label=_("Award"), article=_("招标投标法实施条例 art. 54 and 55"),
         rules=(rules.candidates_were_on_notice, rules.winner_is_first, rules.award_within_budget))  # fmt: skip
    def award(self, call: Call) -> None:
        price = next(bid["price_fen"] for bid in self.bids if bid["bidder"] == call.data.winner)
        self.put(winner=call.data.winner, award_fen=price, awarded_on=timezone.localdate(call.at))
        call.amount_fen = price

    @act(source=S.AWARDED, target=S.CLOSED, by="procurement", takes=Contracted, label=_("Close with the contract"),
         article=_("招标投标法 art. 46; 招标投标法实施条例 art. 57"),
         rules=(rules.contract_in_time, rules.contract_runs_forward, rules.contract_within_award,
                rules.performance_bond_is_small))  # fmt: skip
    def close(self, call: Call) -> None:
        form = call.data
        self.put(
            contract_fen=form.contract_fen, signed_on=form.signed_on, completes_on=form.completes_on,
            performance_bond_fen=form.performance_bond_fen,
        )  # fmt: skip
        call.amount_fen = call.data.contract_fen

    @act(source=(S.PREPARED, S.ISSUED, S.OPENED, S.RANKED, S.AWARDED), target=S.FAILED, by="procurement",
         reason_required=True, tone="back", label=_("Declare it failed"),
         article=_("招标投标法 art. 28 (重新招标)"))  # fmt: skip
    def fail(self, call: Call) -> None:
        """A new tender starts anew."""

    @act(source=(S.PREPARED, S.ISSUED, S.OPENED, S.RANKED, S.AWARDED), by="procurement", takes=law.Paper, tone="note",
         any_time=True, label=_("Attach a file"), article=_("政府采购法 art. 42"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

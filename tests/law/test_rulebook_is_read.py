"""No number stands in a rulebook that nothing reads: whoever sets it must see it obeyed."""

from __future__ import annotations

import datetime as dt
import sys
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pydantic import BaseModel

from approvals import ordering, payouts, road, stops
from approvals.notify import hearing
from approvals.traveller import Traveller
from funds import ledger
from funds.models import Source
from tests.factories import fresh_application, official, walk_on
from tests.law import asides, counties, flagging
from tests.law.survey import never_happened
from workflows import acts, progress, standstill, treasury
from workflows.flags.look import look
from workflows.models import Claim, Complaint, LateEntry, Project, Tender
from workflows.offices import outsider
from workflows.rulebook import load as rulebooks
from workflows.rulebook import schema
from workflows.rulebook.schema import Cited, Rulebook, cited_leaves
from workflows.states import ProjectState as S

Pattern = tuple[str, ...]

#: The loader itself obeys it: the notices that it names are not in the merged book.
OBEYED_ON_LOADING = {("notices_dropped",)}
#: The book's own questions, asked for the rules; whatever else it does is no reading.
ASKED = {"route", "holds", "holds_on", "upto_permille"}
TRANCHES = (
    {"code": "start", "trigger": "plan_issued", "ceiling_permille": 400, "base": "grant"},
    {"code": "own", "trigger": "self_raised", "at_permille": 500, "share_permille": 100, "base": "grant",
     "papers": ["invoice"]},
    {"code": "progress", "trigger": "near_completion", "ceiling_permille": 800, "base": "grant"},
    {"code": "final", "trigger": "accepted", "ceiling_permille": 1000, "base": "audited"},
)  # fmt: skip


def leaves(model: type[BaseModel], path: Pattern = ()) -> Iterator[Pattern]:
    """Every policy value that a rulebook may hold; ``*`` stands for a row or a code."""
    for name, field in model.model_fields.items():
        yield from _below(field.annotation, (*path, name))


def _below(kind: Any, path: Pattern) -> Iterator[Pattern]:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        yield from _below(next(one for one in inner if one is not type(None)), path)
    elif origin is tuple:
        yield from _below(inner[0], (*path, "*"))
    elif origin is dict:
        yield from _below(inner[1], (*path, "*"))
    elif isinstance(kind, type) and issubclass(kind, Cited):
        yield path
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from leaves(kind, path)


def pattern(path: schema.Path) -> Pattern:
    """The place in the schema of a value of a book."""
    keyed = 2 if path[:2] == ("tender", "periods") else 1 if path[0] in ("papers", "notices", "deadlines") else -1
    return tuple("*" if isinstance(part, int) or n == keyed else part for n, part in enumerate(path))


class Readers:
    """Remembers which values of the rulebooks the law asked for."""

    def __init__(self) -> None:
        # The values are kept: the number of one that is gone would soon be another's.
        self.seen: dict[int, Cited[Any]] = {}

    def note(self, value: Cited[Any], asker: types.FrameType) -> None:
        module, asked = asker.f_globals["__name__"], set(asker.f_code.co_qualname.split("."))
        by_the_law = module.startswith("workflows.") and not module.startswith("workflows.rulebook")
        if by_the_law or (module == schema.__name__ and asked & ASKED):
            self.seen[id(value)] = value

    def patterns(self, book: Rulebook) -> set[Pattern]:
        return {pattern(path) for path, value in cited_leaves(book) if id(value) in self.seen}


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Readers:
    found = Readers()

    def reading(value: Cited[Any], name: str) -> Any:
        if name == "value":
            found.note(value, sys._getframe(1))
        return object.__getattribute__(value, name)

    monkeypatch.setattr(Cited, "__getattribute__", reading)
    return found


@pytest.fixture
def county_of_everything(tmp_path: Path) -> str:
    """A rulebook that gives every value the schema knows."""
    return counties.rulebook(
        tmp_path, "everything", tranches=TRANCHES, tender={"self_build_fen_max": 200_000_000},
        sign_board={"post_days_max": 10}, **{"notices.plan": {"post_days_max": 10}},
    )  # fmt: skip


def test_the_schema_is_walked_whole() -> None:
    found = set(leaves(Rulebook))
    assert ("tender", "periods", "*", "clarify_days_min") in found
    assert ("tranches", "*", "papers") in found
    assert ("papers", "*") in found
    assert {pattern(path) for path, _value in cited_leaves(rulebooks.load("default"))} <= found


@pytest.mark.django_db
def test_every_value_of_a_rulebook_is_read_by_the_law(readers: Readers, county_of_everything: str) -> None:
    traveller = fresh_application(rulebook=county_of_everything, specimen=3)
    book = traveller.project.book
    assert {pattern(path) for path, _value in cited_leaves(book)} == set(leaves(Rulebook))
    traveller.watch = lambda step: _clarify(traveller) if step.act == "tender.issue" else None
    for state in road.whole_road(traveller):
        if aside := ASIDE.get(state):
            aside(traveller)
        if state == S.HANDED_OVER:
            break
    _refund_what_the_audit_cuts(fresh_application(rulebook=county_of_everything))
    _enter_late(fresh_application(rulebook=county_of_everything))
    for kind in ("goods", "services"):
        assert Project(edition=traveller.project.edition, work_kind=kind, grant_fen=1).route == "direct_contract"
    _look_for_flags(traveller)
    _empty_the_line(traveller)
    assert sorted(set(leaves(Rulebook)) - readers.patterns(book) - OBEYED_ON_LOADING) == []


@pytest.mark.django_db
def test_a_value_that_nobody_asked_for_would_be_found(readers: Readers, county_of_everything: str) -> None:
    traveller = fresh_application(rulebook=county_of_everything, specimen=3)
    unread = set(leaves(Rulebook)) - readers.patterns(traveller.project.book)
    assert ("rectification", "extensions_max") in unread
    assert ("tender", "periods", "*", "clarify_days_min") in unread


# What the straight road has no need of.


def _look_for_flags(t: Traveller) -> None:
    below = t.project.book.tender.open_tender_fen_min.works.value
    deaths = flagging.plant_everything(flagging.Journal(str(t.project.edition)), below=below)
    assert look(today=dt.date(2029, 1, 1), deaths=deaths)


def _empty_the_line(t: Traveller) -> None:
    assert standstill.idle_draft_days(t.project.book)
    assert hearing.of_county(t.project, t.project.area, on=timezone.localdate(t.at))


def _clarify(t: Traveller) -> None:
    tender = t.project.family.get(kind="tender").typed()
    assert isinstance(tender, Tender)
    t.do("clarify", on=tender, seat="procurement", reason="以设计图为准。", data={"bids_until": tender.bids_until})


def _approved(t: Traveller) -> None:
    if t.project.asked_days is None:
        t.do("ask_extension", seat="procurement", reason="等待施工图。", data={"working_days": 1})
    if not t.project.family.filter(kind="household_batch").exists():
        t.do("withdraw", on=payouts.open_batch(t, payouts.household(1)), seat="village", reason="改批发放。")


def _speak_up(t: Traveller) -> None:
    """What people say, and a term cut; none of it stays."""
    with never_happened():
        asides.cut_a_term(t)
        claim = t.project.family.filter(kind="claim", state="draft").latest("pk")
        notice = t.project.family.get(notice__about=claim).typed()
        t.do("raise_objection", on=notice, seat="village", data={"text": "金额有误"})
        complaint = t.open(Complaint, seat="programme", data={"text": "偷工减料"})
        t.do("accept", on=complaint, seat="programme", data={"handler": "discipline"})
        t.do("extend", on=complaint, seat="leading_group", reason="案情复杂。", data={"days": 30})


def _while_building(t: Traveller) -> None:
    _speak_up(t)
    t.do("change", seat="leading_group", reason="增加错车道。", data={"total_fen": t.project.total_fen})
    claim = t.open(Claim, seat="village", data={"tranche": "own", "amount_fen": 100, "payee": t.project.contractor})
    assert acts.why_not("submit", on=claim.typed(), by=official(t, "village"), at=t.at)
    assert progress.of(t.project, ledger.position(case_id=t.project.pk), book=t.project.book).limit_permille is not None
    source = Source.objects.get(pk=next(iter(t.sources)))
    with pytest.raises(ledger.NotIdle):
        treasury.lapse(source=source, fen=1, by=official(t, "finance"), at=t.at, reason="收回")


def _under_acceptance(t: Traveller) -> None:
    order = stops.rectify(t)
    t.do("ask_extension", on=order, seat="village", reason="连续降雨。", data={"working_days": 5})
    t.do("grant_extension", on=order, seat="programme", reason="情况属实。")
    late = {"step": "after:20", "due_on": t.at.date()}
    acts.perform("list_for_supervision", on=order, by=outsider("clock"), at=t.at, data=late)
    t.do("acknowledge", on=order, seat="village")
    stops.answer_order(t, order)
    later = timezone.localdate(t.at) + dt.timedelta(days=1)
    ordering.send_back(t, order, "continuing", "continuing", until={0: later, 1: later})
    stops.answer_order(t, order)
    ordering.verify_order(t, order)


def _handed_over(t: Traveller) -> None:
    finance = official(t, "finance")
    assert acts.why_not("repair_from_retention", on=t.project, by=finance, at=t.at) == []
    assert [refusal.code for refusal in acts.why_not("release_retention", on=t.project, by=finance, at=t.at)] == [
        "M-03"
    ]


def _enter_late(t: Traveller) -> None:
    walk_on(t, until=lambda state: state == S.FILED)
    asides.enter_late(t)
    assert LateEntry(edition=t.project.edition, asking="leading_group").approving == "discipline"


def _refund_what_the_audit_cuts(t: Traveller) -> None:
    walk_on(t, until=lambda state: state == S.UNDER_AUDIT)
    stops.hold_audit(t, audited_fen=100)
    t.do("pass_audit", seat="audit")
    assert t.project.refund_due_fen > 0


ASIDE: dict[S, Callable[[Traveller], None]] = {
    S.APPROVED: _approved, S.BUILDING: _while_building, S.UNDER_ACCEPTANCE: _under_acceptance,
    S.HANDED_OVER: _handed_over,
}  # fmt: skip

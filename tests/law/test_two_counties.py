"""Two counties on one installation: neither sees, moves or spends the other's money."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from approvals import stops
from approvals.demo.county import FOUNDED
from approvals.forms import choices
from funds import ledger
from funds.models import ANY_PURPOSE, Source
from funds.vouchers import differences
from tests.factories import official
from tests.guards import lifted
from tests.law.stages import Stage, refused_by
from workflows import access, treasury
from workflows.law import Stale
from workflows.models import Area, Person, Post, Unit
from workflows.offices import Level, Office
from workflows.register import NotAllowed
from workflows.states import ProjectState as S

FACTS: dict[str, Any] = {
    "kind": "provincial", "manager": "省财政厅", "channel": "省—市—县财政", "purpose": ANY_PURPOSE,
    "nature": "财政专项资金", "procedure": "县统一审查立项",
}  # fmt: skip


class NextDoor(Stage):
    """A project on notice, and the finance clerk of the county next door with a source of his own."""

    state = S.ON_NOTICE
    clerk: Person
    foreign: Source

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        area = Area.plant(code="NEXT", name="邻县", level=Level.COUNTY)
        unit = Unit.objects.create(code="NEXT-finance", name="邻县财政局", office=Office.FINANCE, area=area)
        cls.clerk = Person.objects.create_user("next-door", None, name="邻县经办")
        Post.objects.create(person=cls.clerk, unit=unit, title="经办", since=FOUNDED)
        cls.foreign = cls.opened("邻县专项资金")
        treasury.receive(source=cls.foreign, by=cls.clerk, at=cls.t.at)

    @classmethod
    def opened(cls, name: str) -> Source:
        grant_fen = cls.t.project.grant_fen
        return treasury.open_source(
            **FACTS,
            name=name,
            document_number="邻〔2026〕1号",
            year=2026,
            amount_fen=grant_fen,
            by=cls.clerk,
            at=cls.t.at,
        )

    def approve(self, sources: dict[int, int]) -> None:
        stops.run_notice(self.t, purpose="plan")
        self.t.do("approve", seat="leading_group", reason="同意立项", data={"sources": sources})

    @refused_by("M-13")
    def test_a_grant_from_the_county_next_door(self) -> None:
        self.approve({self.foreign.pk: self.t.project.grant_fen})

    @refused_by("M-13")
    def test_one_fen_of_the_grant_from_the_county_next_door(self) -> None:
        ((own, fen),) = self.t.sources.items()
        self.approve({own: fen - 1, self.foreign.pk: 1})

    def test_only_the_countys_own_sources_are_offered(self) -> None:
        assert [number for number, _name, _left in choices.sources(self.t.project)] == list(self.t.sources)

    def test_neither_sees_the_others_sources(self) -> None:
        own = official(self.t, "finance")
        assert list(access.sources(own, at=self.t.at).values_list("pk", flat=True)) == list(self.t.sources)
        assert list(access.sources(self.clerk, at=self.t.at)) == [self.foreign]
        for person, source in ((own, self.foreign.pk), (self.clerk, next(iter(self.t.sources)))):
            client = Client()
            client.force_login(person)
            for route, args in (("source", [source]), ("source-act", [source, "receive"])):
                assert client.get(reverse(route, args=args)).status_code == 404
            shown = client.get(reverse("money"), {"on": "2036-01-01"}).content.decode()
            assert reverse("source", args=[source]) not in shown

    def test_neither_moves_the_others_money(self) -> None:
        for move in (treasury.give_back, treasury.carry_over, treasury.lapse):
            with pytest.raises(NotAllowed, match="其他县区"):
                move(source=self.foreign, by=official(self.t, "finance"), at=self.t.at, fen=1, reason="x")

    def test_two_counties_may_have_got_the_same_document(self) -> None:
        own = Source.objects.get(pk=next(iter(self.t.sources)))
        given = {name: getattr(own, name) for name in ("name", "document_number", "year", "amount_fen")}
        treasury.open_source(**FACTS, **given, by=self.clerk, at=self.t.at)
        with pytest.raises(ledger.EnteredBefore):
            treasury.open_source(**FACTS, **given, by=official(self.t, "finance"), at=self.t.at)

    def test_the_same_document_twice_is_refused_below_the_program_too(self) -> None:
        again = Source.objects.get(pk=self.foreign.pk)
        again.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)

    def test_a_source_never_changes_counties(self) -> None:
        taken = "UPDATE funds_source SET county = 'MINE' WHERE county = 'NEXT'"
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(taken)
        connection.check_constraints()
        with lifted(), connection.cursor() as cursor:
            cursor.execute(taken)
            connection.check_constraints()
        assert [line for line in differences() if ": county is MINE;" in line and "says NEXT" in line] != []

    def test_a_page_that_was_overtaken_moves_nothing(self) -> None:
        shown = treasury.version_of(self.foreign)
        given: dict[str, Any] = {"source": self.foreign, "by": self.clerk, "reason": "上缴", "fen": 1, "shown": shown}
        treasury.give_back(**given, at=self.t.at + dt.timedelta(days=1))
        with pytest.raises(Stale):
            treasury.give_back(**given, at=self.t.at + dt.timedelta(days=1))
        assert treasury.version_of(self.foreign) == shown + 1

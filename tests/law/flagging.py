"""A journal of invented projects, written entry by entry: what a red flag looks for is planted in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import journal
from audit.models import Entry
from workflows.flags import Hit, look
from workflows.household import prints
from workflows.rulebook import load as rulebooks
from workflows.rulebook.flags import Flags

VILLAGE, TOWN = (5, "双联村委会"), (20, "城关镇政府")
FINANCE, PURCHASING = (30, "县财政局"), (40, "县政府采购办公室")
#: A Tuesday morning in spring, an ordinary working day.
TUESDAY = dt.datetime(2026, 3, 3, 9, 30, tzinfo=timezone.get_default_timezone())


def limits() -> Flags:
    """The default book's parameters: the tests stand at their edges, whatever they are."""
    found = rulebooks.load("default").flags
    assert found is not None
    return found


def moment(year: int, month: int, day: int, hour: int = 9) -> dt.datetime:
    """The county's time."""
    return dt.datetime(year, month, day, hour, tzinfo=timezone.get_default_timezone())


class Journal:
    """Appends entries as the door would; the tables of the cases stay empty, for no flag reads them."""

    def __init__(self, edition: str = "default") -> None:
        self.edition = edition
        self.last: dict[int, Entry] = {}
        self.roots: dict[int, int] = {}

    def project(self, *, unit: tuple[int, str] = VILLAGE, town: tuple[int, str] = TOWN, fen: int = 10_000_000,
                kind: str = "works", on: dt.datetime = TUESDAY) -> int:  # fmt: skip
        """An application that the township has passed; its number."""
        root = self.case("project", at=on, unit=unit, data={"unit_id": unit[0], "title": "道路硬化"}, to="draft")
        form = {"work_kind": kind, "grant_fen": fen, "self_raised_fen": 0}
        self.say(root, "save_draft", at=on, unit=unit, data=form)
        self.say(root, "file", at=on + dt.timedelta(minutes=5), unit=unit, amount=fen, to="filed")
        self.say(root, "pass_township", at=on + dt.timedelta(hours=2), unit=town, by=2, to="joint_review")
        return root

    def case(self, kind: str, *, root: int | None = None, to: str, **facts: Any) -> int:
        """A new case, by its opening; its number."""
        number = 1000 + len(self.roots)
        self.roots[number] = root or number
        self.say(number, "open", kind=kind, to=to, **facts)
        return number

    def say(self, case: int, act: str, *, at: dt.datetime, by: int | None = 1, unit: tuple[int, str] = FINANCE,
            kind: str = "", to: str = "", data: Any = None, amount: int | None = None,
            money: Any = (), late: dt.timedelta | None = None) -> Entry:  # fmt: skip
        """One entry; without a state the case stays where it is."""
        before = self.last.get(case)
        kind = kind or (before.case_kind if before else "")
        stood = before.state_to if before else ""
        fact = journal.Fact(
            case_id=case, case_number=f"{kind[0].upper()}2026-{case:05d}", case_title="道路硬化", case_kind=kind,
            root_id=self.roots[case], act=f"{kind}.{act}", actor_id=by, actor_name=f"干部{by}",
            post="village@v" if unit == VILLAGE else "office@o",
            unit_id=unit[0], unit_name=unit[1], behalf_id=None, behalf_name="", state_from=stood,
            state_to=to or stood, edition=self.edition, reason="同意", happened_at=at,
            recorded_at=at + (late or dt.timedelta()), late=late is not None,
            amount_fen=amount, data=data or {}, files=[], money=money,
        )  # fmt: skip
        with transaction.atomic():
            self.last[case] = journal.record(
                fact, seq=before.seq + 1 if before else 1, prev=before.hash if before else ""
            )
        return self.last[case]

    def award(self, root: int, winner: str, *, at: dt.datetime = TUESDAY) -> Entry:
        """A tender of the project and its award."""
        tender = self.case("tender", root=root, at=at, unit=PURCHASING, to="ranked")
        return self.say(tender, "award", at=at + dt.timedelta(days=1), unit=PURCHASING, by=9,
                        data={"winner": winner}, to="awarded")  # fmt: skip

    def payment(self, root: int, fen: int, *, at: dt.datetime = TUESDAY, payee: str = "甲公司",
                hands: tuple[int, int] = (7, 8)) -> Entry:  # fmt: skip
        """A claim that was checked by one of finance and ordered by another."""
        claim = self.case("claim", root=root, at=at, unit=VILLAGE, data={"payee": payee}, to="draft")
        self.say(claim, "submit", at=at, amount=fen, unit=VILLAGE, to="submitted")
        self.say(claim, "approve_finance", at=at + dt.timedelta(hours=1), by=hands[0], to="finance_approved")
        return self.say(claim, "pay", at=at + dt.timedelta(hours=2), by=hands[1], amount=fen, to="paying")

    def listing(self, root: int, *numbers: str, months: tuple[str, str] = ("2026-01", "2026-12"),
                standard: str = "relief") -> int:  # fmt: skip
        """A household list that hangs; its batch."""
        batch = self.case("household_batch", root=root, at=TUESDAY, unit=VILLAGE, to="draft",
                          data={"first_month": months[0], "last_month": months[1]})  # fmt: skip
        lines = [{"standard": standard, "id_number": number} for number in numbers]
        self.say(batch, "load_list", at=TUESDAY, unit=VILLAGE, data={"prints": prints.of_lines(lines)})
        self.say(batch, "publish", at=TUESDAY, unit=VILLAGE, to="on_notice")
        return batch


def plant_everything(journal: Journal, *, below: int) -> dict[str, dt.date]:
    """A sign of every flag that compares; the register of deaths that goes with it."""
    identity, first = "513721196001010013", journal.project(fen=below - 1)
    order = journal.case("rectification", root=first, at=TUESDAY, to="issued", data={"deadline": "2026-03-01"})
    assert order
    for n in range(limits().hands_payments_min.value):
        root = journal.project(fen=below - 1)
        journal.award(root, "甲公司")
        journal.payment(first if n else root, 100)
        journal.listing(root, identity)
    journal.say(first, "start", at=TUESDAY, late=dt.timedelta(days=2))
    held = [{"kind": "reserve", "debit": "S1:unallocated", "credit": f"S1:P{first}:reserved", "fen": 5, "key": "k"}]
    journal.say(first, "approve", at=TUESDAY, money=held, to="approved")
    return dict.fromkeys(prints.of_number(identity), dt.date(2025, 1, 1))


def raised(*, today: dt.date = dt.date(2026, 6, 1), **more: Any) -> dict[str, list[Hit]]:
    """The flags of the record, by code."""
    found: dict[str, list[Hit]] = {}
    for hit in look.look(today=today, **more):
        found.setdefault(hit.flag.code, []).append(hit)
        assert "%(" not in str(hit)
        assert hit.rows
    return found


def rows(hit: Hit) -> list[int]:
    """The entries behind a flag."""
    return [row.id for row in hit.rows]

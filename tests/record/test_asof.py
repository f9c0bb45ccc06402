"""Versions of a case from entries alone: late entries, old entries, altered ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.journal import record, timestamp
from audit.models import Entry
from tests.record.cases import AT, fact, write
from workflows.asof import balances, cases, listing
from workflows.asof.fold import Version, fold
from workflows.asof.moment import Basis, Moment

DAY = dt.timedelta(days=1)


def append(seq: int, **changes: Any) -> Entry:
    """One more entry of case 7."""
    last = Entry.objects.filter(case_id=changes.get("case_id", 7)).order_by("seq").last()
    with transaction.atomic():
        return record(fact(**changes), seq=seq, prev=last.hash if last else "")


def filed_then_admitted_and_a_board_entered_afterwards() -> None:
    """Filed on the first day; on the fifth a change of the second day is written down afterwards."""
    append(1, outcome={"case": {"grant_fen": 100, "contractor": ""}}, state_from="", state_to="draft")
    append(2, happened_at=AT + 3 * DAY, recorded_at=AT + 3 * DAY, state_from="draft", state_to="filed",
           outcome={"case": {"grant_fen": 300}}, case_title="改名后")  # fmt: skip
    append(3, happened_at=AT + DAY, recorded_at=AT + 5 * DAY, late=True, act="project.save_draft",
           state_from="filed", state_to="filed", outcome={"case": {"grant_fen": 200, "contractor": "张三"}},
           case_title="改名后")  # fmt: skip


def at(days: int, basis: Basis) -> Version:
    moment = Moment.right_after(AT + days * DAY, basis=basis)
    return cases.version(cases.entries_of(7), case_id=7, moment=moment)


@pytest.mark.django_db
def test_a_late_entry_counts_by_what_happened_from_its_day_and_is_marked() -> None:
    filed_then_admitted_and_a_board_entered_afterwards()
    version = at(2, Basis.HAPPENED)
    assert (version.state, version.title) == ("draft", "双联村道路硬化")
    assert {name: said.value for name, said in version.row.items()} == {"grant_fen": 200, "contractor": "张三"}
    assert [entry.seq for entry in version.late] == [3]
    # What happened later, though it was recorded earlier, stands above it.
    assert at(6, Basis.HAPPENED).row["grant_fen"].value == 300


@pytest.mark.django_db
def test_by_what_was_recorded_nobody_knew_of_it_before() -> None:
    filed_then_admitted_and_a_board_entered_afterwards()
    version = at(2, Basis.RECORDED)
    assert (version.state, version.row["grant_fen"].value, version.late) == ("draft", 100, [])
    version = at(6, Basis.RECORDED)
    assert (version.state, version.row["grant_fen"].value, len(version.late)) == ("filed", 200, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("basis", Basis)
def test_the_list_says_the_same_as_the_case(basis: Basis) -> None:
    filed_then_admitted_and_a_board_entered_afterwards()
    for days in range(7):
        (line,) = listing.Listed(kind="project", moment=Moment.right_after(AT + days * DAY, basis=basis))
        version = at(days, basis)
        assert version.since is not None
        assert (line.state, line.title, line.since.pk, line.late, line.amounts["grant_fen"]) == (
            version.state, version.title, version.since.pk, len(version.late), version.row["grant_fen"].value,
        )  # fmt: skip


@pytest.mark.django_db
def test_an_old_entry_says_what_its_form_asked_for_and_is_marked_so() -> None:
    write(7, count=1)
    said = at(0, Basis.HAPPENED).row["grant_fen"]
    assert (said.value, said.asked) == (15_000_000, True)


@pytest.mark.django_db
def test_an_entry_altered_into_nonsense_is_named_and_the_others_are_told() -> None:
    write(7, count=2)
    entries = cases.entries_of(7)
    entries[0].payload = b'{"data":5,"files":[],"money":[]}'
    version = fold(entries, case_id=7)
    assert (version.unreadable, version.entries) == ([entries[0]], 2)


KINDS = st.sampled_from([("reserve", "unallocated", "reserved"), ("pay", "reserved", "paid"),
                         ("retain", "reserved", "retained")])  # fmt: skip


@given(st.lists(st.tuples(KINDS, st.integers(1, 10**9), st.booleans()), max_size=12))
def test_a_transfer_and_its_reversal_leave_nothing_whatever_lies_between(moves: list[Any]) -> None:
    made, taken_back = [], []
    for (kind, leaves, enters), fen, undone in moves:
        debit, credit = (f"S7:{'' if one == 'unallocated' else 'P41:'}{one}" for one in (leaves, enters))
        made.append({"kind": kind, "debit": debit, "credit": credit, "fen": fen})
        if undone:
            taken_back.append({"kind": kind, "debit": credit, "credit": debit, "fen": fen})
    kept = [one for one, (_kind, _fen, undone) in zip(made, moves, strict=True) if not undone]
    assert balances.standing([*made, *taken_back]).figures == balances.standing(kept).figures


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 3)), max_size=10))
def test_a_fold_to_the_end_is_what_was_said_last_of_each_field(said: list[tuple[int, int, int]]) -> None:
    entries = [
        Entry(id=number, case_id=7, root_id=7, seq=number, state_from="a", state_to="a", happened_at=AT + day * DAY,
              recorded_at=AT + max(day, number) * DAY, payload=_said(value, field))
        for number, (day, value, field) in enumerate(said, 1)
    ]  # fmt: skip
    for basis, order in ((Basis.RECORDED, "id"), (Basis.HAPPENED, "happened_at")):
        told = cases.version(entries, case_id=7, moment=Moment.right_after(AT + 99 * DAY, basis=basis))
        last: dict[str, int] = {}
        for entry in sorted(entries, key=lambda entry: (getattr(entry, order), entry.pk)):
            _day, value, field = said[entry.pk - 1]
            last[f"f{field}"] = value
        assert {name: one.value for name, one in told.row.items()} == last


ACT = st.tuples(
    st.sampled_from([7, 8, 9]), st.integers(0, 9), st.integers(0, 9), st.booleans(),
    st.sampled_from(["draft", "filed", "approved"]),
    st.dictionaries(st.sampled_from(["grant_fen", "contract_fen"]), st.none() | st.integers(0, 99), max_size=2),
    st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=2),
)  # fmt: skip


@pytest.mark.django_db(transaction=True)
@settings(max_examples=25, deadline=None)
@given(st.lists(ACT, max_size=14), st.integers(0, 12), st.sampled_from(Basis))
def test_the_list_is_at_any_moment_what_the_entries_fold_to(acts: list[Any], days: int, basis: Basis) -> None:
    moment = Moment.right_after(AT + days * DAY, basis=basis)
    with transaction.atomic():
        told = _entered(acts)
        expected = {pk: cases.version(entries, case_id=pk, moment=moment) for pk, entries in told.items()}
        there = {case_id: version for case_id, version in expected.items() if version.there}
        listed = listing.Listed(kind="project", moment=moment)
        assert {line.case_id: _of_line(line) for line in listed} == {pk: _of_version(one) for pk, one in there.items()}
        assert dict(listed.states) == Counter(line.state for line in listed)
        assert listed.amounts == {
            name: sum(line.amounts.get(name) or 0 for line in listed) for name in listing.AMOUNTS["project"]
        }
        whole = balances.standing([fact for version in there.values() for fact in version.money])
        assert listed.money == whole
        for state in ("draft", "filed"):
            narrowed = listing.Listed(kind="project", moment=moment, state=state)
            assert [line.case_id for line in narrowed] == [line.case_id for line in listed if line.state == state]
        late = listing.Listed(kind="project", moment=moment, late=True)
        assert [line.case_id for line in late] == [line.case_id for line in listed if line.late]
        assert [line.case_id for line in listed[0:2]] == [line.case_id for line in listed][:2]
        transaction.set_rollback(True)


def _entered(acts: list[Any]) -> dict[int, list[Entry]]:
    """Acts on three cases, some of them entered afterwards."""
    told: dict[int, list[Entry]] = {}
    recorded = AT
    for case_id, happened, more, late, state, amounts, money in acts:
        own = told.setdefault(case_id, [])
        recorded = max(recorded, AT + happened * DAY) + (more * DAY if late else 0 * DAY)
        before = own[-1].state_to if own else ""
        facts = {
            "case_id": case_id, "root_id": case_id, "case_number": f"P{case_id}", "case_title": f"第{more}版",
            "state_from": before, "state_to": before if late and before else state, "late": late,
            "happened_at": AT + happened * DAY if late or not own else recorded, "recorded_at": recorded,
            "outcome": {"case": amounts}, "money": [_transfer(case_id, back, fen) for back, fen in money],
        }  # fmt: skip
        own.append(record(fact(**facts), seq=len(own) + 1, prev=own[-1].hash if own else ""))
    return told


def _transfer(case_id: int, back: bool, fen: int) -> dict[str, Any]:
    debit, credit = "S7:unallocated", f"S7:P{case_id}:reserved"
    return {"kind": "reserve", "debit": credit if back else debit, "credit": debit if back else credit, "fen": fen}


def _of_line(line: listing.Line) -> tuple[Any, ...]:
    said = {name: fen for name, fen in line.amounts.items() if fen is not None}
    return line.state, line.since.pk, line.title, line.late, said, line.money


def _of_version(version: Version) -> tuple[Any, ...]:
    said = {name: one.value for name, one in version.row.items() if one.value is not None}
    since = version.since or version.last
    assert since is not None
    return since.state_to, since.pk, version.title, len(version.late), said, balances.standing(version.money)


def _said(value: int, field: int) -> bytes:
    return f'{{"data":{{}},"files":[],"money":[],"outcome":{{"case":{{"f{field}":{value}}}}}}}'.encode()


@pytest.mark.django_db
def test_a_list_takes_the_same_queries_for_one_case_and_for_three_hundred() -> None:
    write(1, count=3)
    few = _queries()
    for case_id in range(2, 300):
        write(case_id, count=1, case_number=f"P2026-{case_id:05d}")
    assert _queries() == few == 4


def _queries() -> int:
    with CaptureQueriesContext(connection) as asked:
        list(listing.Listed(kind="project", moment=Moment.right_after(AT + 9 * DAY)))
    return len(asked)


def test_a_moment_names_the_day_that_it_ends() -> None:
    assert Moment.end_of(dt.date(2026, 3, 2)).day == dt.date(2026, 3, 2)
    assert timestamp(Moment.end_of(dt.date(2026, 3, 2)).before) == "2026-03-02T16:00:00.000000Z"

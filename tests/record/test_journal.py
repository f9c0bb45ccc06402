from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from audit.chain import GENESIS, NotCanonical, canonical, digest, link
from audit.journal import NoTransaction, facts_of, record
from audit.models import AppendOnly, Entry
from tests.record.cases import AT, fact, write


@pytest.mark.django_db
def test_an_entry_holds_every_fact_of_the_act() -> None:
    entry = Entry.objects.get(pk=record(fact(), seq=1, prev=GENESIS).pk)
    payload = bytes(entry.payload)
    facts = facts_of(entry)
    assert canonical(facts) == payload
    assert entry.hash == link(prev=GENESIS, payload=payload)
    assert facts["seq"] == 1
    assert facts["prev_hash"] == GENESIS
    assert facts["unit_name"] == entry.unit_name == "双联村委会"
    assert facts["happened_at"] == "2026-03-02T09:30:00.000000Z"
    assert facts["data"] == {"grant_fen": 15_000_000, "self_raised_fen": 11_700_000}
    assert facts["data_sha256"] == digest(canonical(facts["data"]))
    assert facts["files"] == [{"name": "决议.pdf", "sha256": "ab" * 32}]
    assert entry.happened_at == AT
    assert entry.amount_fen == 26_700_000


@pytest.mark.django_db
def test_the_same_moment_reads_the_same_whatever_zone_it_was_told_in() -> None:
    beijing = AT.astimezone(dt.timezone(dt.timedelta(hours=8)))
    entry = record(fact(happened_at=beijing), seq=1, prev="")
    assert facts_of(entry)["happened_at"] == "2026-03-02T09:30:00.000000Z"


@pytest.mark.django_db
def test_recording_costs_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        record(fact(), seq=1, prev="")


@pytest.mark.django_db(transaction=True)
def test_recording_outside_the_acts_transaction_is_refused() -> None:
    with pytest.raises(NoTransaction):
        record(fact(), seq=1, prev="")
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_entry() -> None:
    def act() -> None:
        with transaction.atomic():
            record(fact(), seq=1, prev="")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        act()
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_two_acts_cannot_take_the_same_number() -> None:
    first, _second = write(7, count=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        record(fact(reason="again"), seq=2, prev=first.hash)


@pytest.mark.django_db
@pytest.mark.parametrize(("seq", "prev"), [(2, GENESIS), (1, "11" * 32), (0, GENESIS)])
def test_only_the_first_entry_follows_nothing(seq: int, prev: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record(fact(), seq=seq, prev=prev)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"data": {"price": 12.5}}, NotCanonical),
        ({"money": [{"at": AT}]}, NotCanonical),
        ({"happened_at": AT.replace(tzinfo=None)}, ValueError),
    ],
)
def test_facts_without_a_single_form_are_refused(changes: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        record(fact(**changes), seq=1, prev="")


@pytest.mark.django_db
def test_the_orm_says_early_that_the_record_stays() -> None:
    (entry,) = write(7, count=1)
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(act="project.approve"),
        lambda: Entry.objects.bulk_update([entry], ["act"]),
    ):
        with pytest.raises(AppendOnly):
            attempt()

"""Sources of older books find their county in the record, and are guarded again afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from audit import immutability
from audit.journal import record
from funds.locks import GUARDED
from tests.record.cases import fact
from workflows.models import Area, Unit
from workflows.offices import Level

BEFORE, AFTER = ("funds", "0002_ways"), ("funds", "0003_county")


def migrated(target: tuple[str, str]) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def older(transactional_db: None) -> Iterator[Apps]:
    """The books as they were before a source had a county."""
    latest = [leaf for leaf in MigrationExecutor(connection).loader.graph.leaf_nodes() if leaf[0] == "funds"]
    yield migrated(BEFORE)
    MigrationExecutor(connection).migrate(latest)


def test_a_source_belongs_to_the_county_of_the_unit_that_entered_it(older: Apps) -> None:
    area = Area.plant(code="511921", name="通江县", level=Level.COUNTY)
    unit = Unit.objects.create(code="CZJ", name="财政局", office="finance", area=area)
    facts = {"manager": "-", "channel": "-", "purpose": "any", "nature": "-", "procedure": "-", "year": 2026}
    sources = older.get_model("funds", "Source").objects
    known, unknown = (
        sources.create(name=n, kind="county", document_number=n, amount_fen=1, **facts) for n in ("known", "unknown")
    )
    opened = fact(case_id=-1, root_id=-1, act="sources.open_source", unit_id=unit.pk, data={"source": known.pk})
    with transaction.atomic():
        record(opened, seq=1, prev="")
    found = migrated(AFTER).get_model("funds", "Source").objects
    assert dict(found.values_list("pk", "county")) == {known.pk: "511921", unknown.pk: "—"}
    assert immutability.missing(connection, *GUARDED) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        found.filter(pk=known.pk).update(county="511922")

"""`audit verify` watches every trigger that guards a table, whichever room the table belongs to."""

from __future__ import annotations

import pytest
from django.db import connection

from audit.immutability import Columns
from audit.models import GUARDED as RECORD
from funds.locks import GUARDED as MONEY
from tests.journeys.tampering import SQLITE, added_trigger, altered_trigger, dropped, report, sql
from workflows.locks import GUARDED as CASES

pytestmark = pytest.mark.django_db

TABLES = sorted(one.table if isinstance(one, Columns) else one for one in (*RECORD, *MONEY, *CASES))
LISTED = (
    "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    if SQLITE
    else "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
)


def test_no_table_is_guarded_that_nobody_watches() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LISTED)
        assert sorted(table for (table,) in cursor.fetchall()) == TABLES


def test_nobody_complains_while_all_of_them_stand() -> None:
    assert report()[0] == 0


@pytest.mark.parametrize("kind", ["update", "delete", "replace" if SQLITE else "truncate"])
@pytest.mark.parametrize("table", TABLES)
def test_a_trigger_dropped_is_named(table: str, kind: str) -> None:
    dropped(f"{table}_no_{kind}", table)
    code, said = report()
    assert f"trigger {table}_no_{kind} is missing" in said
    assert code == 1


@pytest.mark.parametrize("table", TABLES)
def test_a_trigger_that_lets_everything_pass_is_named(table: str) -> None:
    altered_trigger(table)
    code, said = report()
    assert f"{table}_no_update" in said
    assert code == 1


@pytest.mark.parametrize("table", TABLES)
def test_a_trigger_too_many_is_named(table: str) -> None:
    added_trigger(table)
    code, said = report()
    assert "swallow is none of ours" in said
    assert code == 1


@pytest.mark.skipif(SQLITE, reason="PostgreSQL only")
@pytest.mark.parametrize("mode", ["DISABLE", "ENABLE", "ENABLE REPLICA"])
@pytest.mark.parametrize("table", TABLES)
def test_a_trigger_switched_off_is_named(table: str, mode: str) -> None:
    sql(f"ALTER TABLE {table} {mode} TRIGGER {table}_no_update")
    assert f"{table}_no_update" in report()[1]

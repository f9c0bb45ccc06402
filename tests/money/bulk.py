"""Very many lawful transfers in a moment."""

from __future__ import annotations

from django.db import connection

from funds.models import Source

#: Each of `projects` other projects gets `turns` reserves of one fen and gives as many back.
BULK_ACCOUNTS = """
    INSERT INTO funds_account (code, source_id, case_id, kind, debits_fen, credits_fen)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {projects})
    SELECT 'S{source}:P' || ({first} + i) || ':reserved', {source}, {first} + i, 'reserved', {turns}, {turns} FROM n
"""
BULK_TRANSFERS = """
    INSERT INTO funds_transfer (kind, source_id, debit_id, credit_id, fen, key, case_id, happened_at, recorded_at, memo)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {projects} * {turns})
    SELECT '{kind}', {source}, {debit}, {credit}, 1, '{kind} {first} ' || i, {first} + 1 + i / {turns},
           '2026-03-03 04:00:00', '2026-03-03 04:00:00', '' FROM n
"""


def others(source: Source, *, transfers: int, first: int = 1000) -> None:
    """So many lawful transfers on other projects, written below the ledger because it would take minutes."""
    turns = 10
    given = {"source": source.pk, "projects": transfers // turns // 2, "turns": turns, "first": first}
    free, held = f"'S{source.pk}:unallocated'", f"'S{source.pk}:P' || ({first + 1} + i / {turns}) || ':reserved'"
    with connection.cursor() as cursor:
        cursor.execute(BULK_ACCOUNTS.format(**given))
        cursor.execute(BULK_TRANSFERS.format(kind="reserve", debit=free, credit=held, **given))
        cursor.execute(BULK_TRANSFERS.format(kind="release", debit=held, credit=free, **given))
        turnover = f"debits_fen = debits_fen + {transfers // 2}, credits_fen = credits_fen + {transfers // 2}"
        cursor.execute(f"UPDATE funds_account SET {turnover} WHERE code = {free}")
        cursor.execute("ANALYZE")

"""How the database means to answer a query."""

from __future__ import annotations

from django.db import connection


def plan(sql: str) -> str:
    """The plan of a query as sent, line by line; small tables are taken for long ones."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        else:
            # Only the way is asked for: what a scan of a few rows would cost says nothing of a million.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())

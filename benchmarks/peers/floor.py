"""Raw SQL: one guarded UPDATE and one INSERT an act. Nothing that keeps a trail can be quicker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.steps import STEPS, Step
from workflows.models import Person

INSERT = "INSERT INTO peers_paper (title, state) VALUES (%s, %s) RETURNING id"
MOVE = "UPDATE peers_paper SET state = %s WHERE id = %s AND state = %s"
LOG = "INSERT INTO peers_trail (paper_id, act, by_id, source, target, at) VALUES (%s, %s, %s, %s, %s, %s)"


def walk(people: Mapping[str, Person]) -> Iterator[Step]:
    """One case along the path; yields after every act."""
    pk, before = 0, ""
    for step in STEPS:
        with transaction.atomic(), connection.cursor() as cursor:
            if before:
                cursor.execute(MOVE, [step.state, pk, before])
                assert cursor.rowcount == 1
            else:
                cursor.execute(INSERT, ["road", step.state])
                pk = cursor.fetchone()[0]
            cursor.execute(LOG, [pk, step.act, people[step.by].pk, before, step.state, timezone.now()])
        before = step.state
        yield step

"""Fundtrail with everything on: rules, separation of duties, money, desks, record, triggers."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from approvals import desks
from approvals.demo import county
from benchmarks.steps import STEPS, Step
from funds.models import ANY_PURPOSE, Source
from workflows import treasury
from workflows.models import Case, Person, Project, Unit

#: The peers walk no sub-cases and hang up no papers, so here the county asks for none on this path.
BOOK = """
name = "bench"
title = "Benchmark"
edition = "1"
effective_from = 2015-01-01
inherits = "default"
[papers]
"project.file" = { value = [], source = "Fundtrail default, to be set by the county" }
[notices_dropped]
value = ["village_entry", "township_entry", "plan", "contractor", "claim", "acceptance"]
source = "Fundtrail default, to be set by the county"
"""
SPECIMEN = county.SPECIMENS[0]
#: The act of a joint signature is one and the same for the three offices.
SIGNING = ("sign_programme", "sign_finance", "sign_department")


def prepare() -> tuple[dict[str, Person], Source]:
    """A county that works by BOOK: its people by office, and money enough for any run."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "bench.toml"
        book.write_text(BOOK)
        village = county.rehearsal(str(book))
    prefix = village.code.removesuffix("-village")
    units = Unit.objects.filter(code__startswith=f"{prefix}-")
    people = {str(unit.office): county.hand(unit) for unit in units}
    finance, at = people["finance"], timezone.now()
    source = treasury.open_source(
        name="bench", kind=Source.Kind.PROVINCIAL, manager="-", channel="-", purpose=ANY_PURPOSE, nature="-",
        procedure="-", document_number="1", year=2026, amount_fen=10**13, by=finance, at=at,
    )  # fmt: skip
    treasury.receive(source=source, by=finance, at=at)
    return people, source


def walk(people: Mapping[str, Person], source: Source) -> Iterator[Step]:
    """One project along the path; yields after every act."""
    village = people["village"].posts.get().unit
    at = timezone.now()
    form = county.application(SPECIMEN, title="road", at=at)
    data: dict[str, dict[str, Any]] = {
        "save_draft": form,
        "sign_joint": {"agrees": True},
        "approve": {"sources": {source.pk: SPECIMEN.grant_fen}},
    }
    case: Case | None = None
    for step in STEPS:
        at += dt.timedelta(seconds=1)
        if case is None:
            opened = {"unit_id": village.pk, "title": "road", "department": "roads"}
            case = desks.open_case(Project, by=people[step.by], at=at, data=opened)
        else:
            name = "sign_joint" if step.act in SIGNING else step.act
            case = desks.take(name, on=case, by=people[step.by], at=at, reason="ok", data=data.get(name))
        assert case.state == step.state, (step, case.state)
        yield step

"""The demo county and the walk's rehearsal county: areas, units, people, posts, sources of money."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

from django.db import transaction
from django.utils import timezone

from approvals import desks
from approvals.traveller import Traveller
from funds.models import ANY_PURPOSE, Source
from workflows import treasury
from workflows.calendar import months_later
from workflows.models import Area, County, Edition, Person, Post, Project, Unit
from workflows.offices import Level, Office
from workflows.plan import store, workbook

#: Posts and rulebook of invented counties are in force since long before any invented act.
FOUNDED = dt.date(2015, 1, 5)


def read(name: str) -> dict[str, Any]:
    """A data file of this folder."""
    return tomllib.loads((files("approvals.demo") / name).read_text(encoding="utf-8"))


def found_demo(*, today: dt.date, rulebook: str = "default") -> None:
    """The plan's areas and items, the cast, and the sources of money as of ``today``; once."""
    with transaction.atomic():
        with as_file(files("workflows.plan") / "seed-plan.xlsx") as path:
            store.store(plan=workbook.read(path))
        cast = read("cast.toml")
        areas = {area.code: area for area in Area.objects.all()}
        units = {}
        for row in cast["units"]:
            area = areas[row.pop("area")]
            units[row["code"]] = Unit.objects.create(area=area, **row)
        for row in cast["people"]:
            _hire(username=row["username"], name=row["name"], unit=units[row["unit"]], title=row["title"])
        County.objects.create(area=units["XMB"].area, edition=Edition.adopt(rulebook), since=FOUNDED)
        # The oldest first: a register is written forward.
        for row in sorted(read("sources.toml")["sources"], key=lambda row: -row["months_ago"]):
            day = months_later(today, months=-row["months_ago"])
            _endow(row | {"year": day.year}, by=hand(units["CZJ"]), on=day)


def is_founded() -> bool:
    """Whether the demo's cast is there."""
    return Unit.objects.filter(code="XMB").exists()


def login_names() -> set[str]:
    """The accounts that stand for their offices, one each."""
    return {row["username"] for row in read("cast.toml")["people"] if row.get("login")}


def logins() -> list[tuple[Person, Office]]:
    """One account an office, for the demo's login page."""
    posts = Post.objects.filter(person__username__in=login_names()).select_related("person", "unit").order_by("id")
    order = list(Office)
    found = [(post.person, Office(post.unit.office)) for post in posts]
    return sorted(found, key=lambda pair: order.index(pair[1]))


def _hire(*, username: str, name: str, unit: Unit, title: str) -> Person:
    person = Person.objects.create_user(username, None, name=name)
    Post.objects.create(person=person, unit=unit, title=title, since=FOUNDED)
    return person


def _endow(row: Mapping[str, Any], *, by: Person, on: dt.date = FOUNDED) -> Source:
    facts = {name: value for name, value in row.items() if name not in ("code", "months_ago")}
    at = timezone.make_aware(dt.datetime.combine(on, dt.time(9)))
    source = treasury.open_source(by=by, at=at, **facts)
    treasury.receive(source=source, by=by, at=at)
    return source


def hand(unit: Unit) -> Person:
    """Somebody with a post in the unit, the same one each time."""
    return Post.objects.filter(unit=unit).select_related("person").order_by("id")[0].person


@dataclass(frozen=True, kw_only=True, slots=True)
class Specimen:
    """A project the walk may file."""

    title: str
    department: str
    quantity_milli: int
    unit: str
    grant_fen: int
    self_raised_fen: int
    labour_fen: int


SPECIMENS = (
    Specimen(title="通村道路硬化工程", department="roads", quantity_milli=3_000, unit="公里", grant_fen=45_000_000,
             self_raised_fen=3_000_000, labour_fen=2_000_000),
    Specimen(title="小湖排灌站工程", department="water", quantity_milli=1_000, unit="座", grant_fen=48_500_000,
             self_raised_fen=0, labour_fen=1_500_000),
    Specimen(title="柑橘示范园工程", department="agriculture", quantity_milli=400_000, unit="亩", grant_fen=80_000_000,
             self_raised_fen=20_000_000, labour_fen=10_000_000),
    Specimen(title="通乡公路改造工程", department="roads", quantity_milli=7_000, unit="公里", grant_fen=400_000_000,
             self_raised_fen=0, labour_fen=0),
    Specimen(title="饮水安全供水点工程", department="water", quantity_milli=4_000, unit="处", grant_fen=15_000_000,
             self_raised_fen=0, labour_fen=3_099_900),
)  # fmt: skip


def rehearsal(rulebook: str) -> Unit:
    """A small county that works by ``rulebook``, and its village unit; found once, then reused.

    Raises:
        RulebookError: the rulebook is not in order.
    """
    edition = Edition.adopt(rulebook)
    code = f"W{edition.sha256[:8]}"
    village = Unit.objects.filter(code=f"{code}-village").select_related("area").first()
    if village is not None:
        return village
    with transaction.atomic():
        county = Area.plant(code=code, name=f"{edition.book.title}演练县", level=Level.COUNTY)
        town = Area.plant(code=f"{code}T", name="演练乡", level=Level.TOWNSHIP, parent=county)
        home = Area.plant(code=f"{code}V", name="演练村", level=Level.VILLAGE, parent=town)
        places = {Office.VILLAGE: home, Office.TOWNSHIP: town}
        for number, office in enumerate(Office):
            area = places.get(office, county)
            unit = Unit.objects.create(
                code=f"{code}-{office}", name=f"{area.name}{office.label}", office=office, area=area
            )
            # Of the finance bureau one checks, one pays, and a third one audits.
            for hand in (1, 2, 3)[: 3 if office == Office.FINANCE else 2]:
                person = f"{code}-{office}-{hand}".lower()
                name = "赵钱孙李周吴郑王冯陈褚卫"[number % 12] + "甲乙丙"[hand - 1]
                title = ("经办", "负责人", "监督")[hand - 1]
                _hire(username=person, name=f"{office.label}{name}", unit=unit, title=title)
        County.objects.create(area=county, edition=edition, since=FOUNDED)
    return Unit.objects.select_related("area").get(code=f"{code}-village")


def traveller(*, rulebook: str, at: dt.datetime, chance: random.Random, specimen: int | None = None) -> Traveller:
    """A traveller with a fresh application drawn up in the rehearsal county, its money received."""
    unit = rehearsal(rulebook)
    kind = SPECIMENS[chance.randrange(len(SPECIMENS)) if specimen is None else specimen]
    person = hand(unit)
    opened = {"unit_id": unit.pk, "title": f"{unit.area.name}{kind.title}", "department": kind.department}
    project = desks.open_case(Project, by=person, at=at, data=opened)
    with transaction.atomic():
        source = _endow(
            {
                "name": f"{project.number} 专项资金", "kind": "provincial", "manager": "省财政厅",
                "channel": "省—市—县财政",
                "purpose": ANY_PURPOSE, "nature": "财政专项资金", "procedure": "县统一审查立项",
                "document_number": f"演练〔{at.year}〕{project.pk}号", "year": at.year, "amount_fen": kind.grant_fen,
            },
            by=hand(Unit.objects.get(code=unit.code.replace("-village", "-finance"))),
        )  # fmt: skip
    assert isinstance(project, Project)
    walker = Traveller(at=at, project=project, sources={source.pk: kind.grant_fen})
    walker.began(by=person)
    walker.do("save_draft", seat="village", data=application(kind, title=opened["title"], at=at))
    return walker


def application(kind: Specimen, *, title: Any, at: dt.datetime) -> dict[str, Any]:
    """The filing form of a specimen, with a budget that adds up."""
    today = timezone.localdate(at)
    total = kind.grant_fen + kind.self_raised_fen + kind.labour_fen
    fees = total * 4 // 100
    each = (total - fees) * 1000 // kind.quantity_milli
    return {
        "title": title, "department": kind.department, "quantity_milli": kind.quantity_milli,
        "quantity_unit": kind.unit,
        "description": f"{kind.title}{kind.quantity_milli / 1000:g}{kind.unit}", "benefit": "方便群众生产生活,带动增收",
        "responsible": "赵甲", "starts_on": today + dt.timedelta(days=90), "ends_on": today + dt.timedelta(days=300),
        "grant_fen": kind.grant_fen, "self_raised_fen": kind.self_raised_fen, "labour_fen": kind.labour_fen,
        "resolution_on": today, "villagers_entitled": 320, "villagers_present": 240,
        "lines": [
            {"item": kind.title, "quantity_milli": kind.quantity_milli, "unit": kind.unit, "unit_price_fen": each,
             "amount_fen": total - fees},
            {"item": "勘察设计与监理费", "quantity_milli": 1000, "unit": "项", "unit_price_fen": fees,
             "amount_fen": fees},
        ],
    }  # fmt: skip


def sources_by_code() -> dict[str, Source]:
    """The demo's sources by the code that its projects name."""
    rows = {row["code"]: row for row in read("sources.toml")["sources"]}
    stored = {source.name: source for source in Source.objects.all()}
    return {code: stored[row["name"]] for code, row in rows.items()}

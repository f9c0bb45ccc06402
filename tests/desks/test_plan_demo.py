"""The demo's data: it adds up, points to the plan, and leaves someone at every stage."""

from __future__ import annotations

from collections import Counter

import pytest

from approvals.demo import audits
from approvals.demo.orders import HALTS
from tests import demo_county as data
from workflows.offices import Office
from workflows.plan import seed, workbook
from workflows.plan.model import Plan
from workflows.states import ProjectState


@pytest.fixture(scope="module")
def plan() -> Plan:
    return workbook.read(seed.SEED_PLAN)


@pytest.mark.parametrize("project", data.projects(), ids=lambda project: project.item)
def test_a_project_s_money_adds_up(project: data.DemoProject) -> None:
    total_fen = project.grant_fen + project.self_raised_fen + project.labour_fen
    assert sum(line.amount_fen for line in project.lines) == total_fen > 0
    assert sum(project.grant_from.values()) == project.grant_fen
    for line in project.lines:
        assert line.quantity_milli * line.unit_price_fen == line.amount_fen * 1000


@pytest.mark.parametrize("project", data.projects(), ids=lambda project: project.item)
def test_a_project_says_what_the_plan_says(plan: Plan, project: data.DemoProject) -> None:
    item = next(each for each in plan.items if each.code == project.item)
    unit = next(each for each in data.units() if each.code == project.unit)
    total_fen = project.grant_fen + project.self_raised_fen + project.labour_fen
    assert total_fen == (item.illustrative_fen if project.illustrative else item.amount_fen)
    assert (project.category, project.department, project.kind, unit.area) == (
        item.category,
        item.department,
        item.kind,
        item.area,
    )
    assert item.quantity is None or item.quantity * 1000 == project.quantity_milli


def test_the_village_road_project_keeps_its_own_contribution() -> None:
    project = next(each for each in data.projects() if each.item == "P4-01")
    assert (project.grant_fen, project.self_raised_fen) == (15_000_000, 11_700_000)


def test_about_forty_projects_stand_at_every_stage() -> None:
    stages = Counter(project.stage for project in data.projects())
    assert set(stages) == set(ProjectState.values)
    assert 38 <= stages.total() <= 45


def test_an_order_stands_at_every_halt() -> None:
    assert sorted(project.order for project in data.projects() if project.order) == sorted(HALTS)


def test_a_special_audit_stands_at_every_halt() -> None:
    assert sorted(project.audit for project in data.projects() if project.audit) == sorted(audits.HALTS)


def test_no_source_grants_more_than_it_has() -> None:
    granted: Counter[str] = Counter()
    for project in data.projects():
        granted.update(project.grant_from)
    for source in data.sources():
        assert granted.pop(source.code) <= source.amount_fen
    assert not granted


def test_one_account_per_office_is_offered_and_deciders_come_in_two() -> None:
    office = {unit.code: unit.office for unit in data.units()}
    offered = Counter(office[person.unit] for person in data.people() if person.login)
    assert offered == Counter(Office.values)
    hands = Counter(office[person.unit] for person in data.people())
    for needed in ("programme", "finance", "roads", "water", "agriculture", "audit"):
        assert hands[needed] >= 2, needed


def test_everybody_has_a_unit_in_an_area_of_the_plan(plan: Plan) -> None:
    areas = {area.code: area.level for area in plan.areas}
    units = {unit.code: unit for unit in data.units()}
    assert len(units) == len(data.units())
    assert len({person.username for person in data.people()}) == len(data.people())
    assert {person.unit for person in data.people()} == set(units)
    for unit in units.values():
        if unit.office in ("village", "township"):
            assert areas[unit.area] == unit.office
        assert unit.area in areas


def test_every_project_has_its_village_and_township(plan: Plan) -> None:
    townships = {unit.area for unit in data.units() if unit.office == "township"}
    units = {unit.code: unit for unit in data.units()}
    for project in data.projects():
        assert units[project.unit].office == "village"
        assert plan.place(units[project.unit].area)["township"].code in townships


def test_money_is_granted_only_for_its_source_s_purpose() -> None:
    purposes = {source.code: source.purpose for source in data.sources()}
    for project in data.projects():
        assert {purposes[code] for code in project.grant_from} == {project.category}

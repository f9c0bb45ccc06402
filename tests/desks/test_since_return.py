"""A returned application: the village reads why, the reviewer what was changed since, from the record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from approvals.changes import Changed, since_return
from approvals.demo.sheets import sheet
from approvals.traveller import Traveller
from approvals.views.acting import starts_with
from tests.factories import official, project_at
from workflows.law import StoredFile
from workflows.lifecycles.forms import Application
from workflows.models import BudgetLine
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db
REASON = "预算明细与工程量不符,请核实后重报。"


@pytest.fixture
def returned() -> Traveller:
    traveller = project_at(S.JOINT_REVIEW)
    traveller.do("return_to", seat="finance", data={"stage": "village"}, reason=REASON)
    return traveller


def form_of(traveller: Traveller, **other: Any) -> dict[str, Any]:
    """The application as it stands, but for some of its fields."""
    start = starts_with(Application, traveller.project)
    names = ("item", "quantity_milli", "unit", "unit_price_fen", "amount_fen")
    start["lines"] = [{name: line[name] for name in names} for line in start["lines"]]
    return start | other


def save(traveller: Traveller, **other: Any) -> None:
    traveller.do("save_draft", seat="village", data=form_of(traveller, **other))


def attach(traveller: Traveller, paper: str, text: str) -> StoredFile:
    page = sheet(name=text, lines=(text,))
    traveller.do("attach", seat="village", data={"paper": paper}, files=[page])
    return page


def page(traveller: Traveller, office: str, *, edit: bool = False) -> str:
    client = Client()
    client.force_login(official(traveller, office))
    address = f"/cases/{traveller.project.pk}/"
    response = client.get(address + "edit/" if edit else address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_application_that_was_never_returned_shows_no_changes() -> None:
    traveller = project_at(S.FILED)
    assert since_return(traveller.project) is None
    assert 'id="since-return"' not in page(traveller, "township")


def test_the_village_reads_the_reason_and_the_stage_before_anything_else(returned: Traveller) -> None:
    case, form = page(returned, "village"), page(returned, "village", edit=True)
    for shown, below in ((case, 'class="two"'), (form, "data-budget")):
        assert "在“会审”环节退回" in shown
        assert REASON in shown
        assert "退回后尚未改动" in shown
        assert shown.index('id="since-return"') < shown.index(below)


def test_a_field_that_was_changed_is_shown_before_and_after(returned: Traveller) -> None:
    save(returned, responsible="钱乙", benefit="新增受益群众三百二十户")
    found = since_return(returned.project)
    assert found is not None
    assert found.fields == [
        Changed(name="绩效目标和效益", before="方便群众生产生活,带动增收", after="新增受益群众三百二十户"),
        Changed(name="负责人", before="赵甲", after="钱乙"),
    ]
    assert not found.lines
    assert not found.papers


def test_the_budget_is_compared_line_by_line(returned: Traveller) -> None:
    lines = form_of(returned)["lines"]
    works, fees = lines
    dearer = works | {"amount_fen": works["amount_fen"] - 100_000}
    signs = {"item": "标志标牌", "quantity_milli": 2500, "unit": "块", "unit_price_fen": 40_000, "amount_fen": 100_000}
    save(returned, lines=[signs, dearer, fees])
    found = since_return(returned.project)
    assert found is not None
    added, changed = found.lines
    assert added == Changed(name="标志标牌", before="", after="2.5块 × 400.00 = 1,000.00")
    assert changed.name == works["item"]
    assert changed.before != changed.after
    save(returned, lines=[works, fees])
    back = since_return(returned.project)
    assert back is not None
    assert back.nothing
    save(returned, lines=[works])
    less = since_return(returned.project)
    assert less is not None
    (removed,) = less.lines
    assert (removed.name, removed.after) == (fees["item"], "")


def test_two_lines_of_one_item_are_told_apart(returned: Traveller) -> None:
    works, fees = form_of(returned)["lines"]
    save(returned, lines=[works, fees, fees])
    found = since_return(returned.project)
    assert found is not None
    assert [(line.name, bool(line.before)) for line in found.lines] == [(fees["item"], False)]


def test_a_paper_is_new_or_a_new_version_by_its_digest(returned: Traveller) -> None:
    old = returned.project.attachments.get(paper="village_resolution")
    again = attach(returned, "village_resolution", "重新召开村民会议的决议")
    design = attach(returned, "design_document", "施工图")
    returned.do(
        "attach", seat="village", data={"paper": "village_resolution"},
        files=[StoredFile(name=old.name, sha256=old.sha256, size_bytes=old.size_bytes, media_type=old.media_type)],
    )  # fmt: skip
    found = since_return(returned.project)
    assert found is not None
    assert [(paper.sha256, paper.replaces) for paper in found.papers] == [
        (again.sha256, (old.sha256,)),
        (design.sha256, ()),
    ]


def test_the_reviewer_sees_it_after_the_resubmission_until_the_review_is_over(returned: Traveller) -> None:
    save(returned, responsible="钱乙")
    returned.do("resubmit", seat="village", reason="已按意见修改。")
    shown = page(returned, "finance")
    assert "在“会审”环节退回后的改动" in shown
    assert "<del>赵甲</del>" in shown
    assert "<ins>钱乙</ins>" in shown
    for seat in returned.project.book.review.joint_offices.value:
        returned.do("sign_joint", seat=seat, reason="同意。", data={"agrees": True})
    returned.do("conclude_joint", seat="programme", reason="会审通过。")
    assert since_return(returned.project) is not None
    returned.do("admit", seat="leading_group", reason="同意入库。")
    assert since_return(returned.project) is None


def test_a_second_return_begins_a_new_comparison(returned: Traveller) -> None:
    save(returned, responsible="钱乙")
    returned.do("resubmit", seat="village", reason="已按意见修改。")
    returned.do("return_to", seat="programme", data={"stage": "village"}, reason="效益目标仍不明确。")
    save(returned, benefit="新增受益群众三百二十户")
    found = since_return(returned.project)
    assert found is not None
    assert (found.reason, [one.name for one in found.fields]) == ("效益目标仍不明确。", ["绩效目标和效益"])


def test_it_is_read_from_the_record_and_not_from_the_tables(returned: Traveller) -> None:
    save(returned, responsible="钱乙")
    BudgetLine.objects.filter(project=returned.project).delete()
    returned.project.responsible = "孙丙"
    found = since_return(returned.project)
    assert found is not None
    assert [(one.before, one.after) for one in found.fields] == [("赵甲", "钱乙")]
    assert not found.lines

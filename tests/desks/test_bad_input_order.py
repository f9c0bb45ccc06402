"""Whose act it is comes first, then the form; and a form's key opens no door to another's case."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from approvals.ordering import finding
from approvals.traveller import Traveller
from tests.desks.pages import Page, browser_of, everything
from tests.factories import fresh_application, official, project_at
from tests.law.test_uploads import a_pdf
from workflows import acts
from workflows.acts import BadForm
from workflows.law import NOT_NOW, NOT_YOURS, Refused
from workflows.lifecycles import KINDS
from workflows.models import Case, Person, Project
from workflows.states import ProjectState as S


def codes(refused: Refused) -> list[str]:
    return [refusal.code for refusal in refused.refusals]


@pytest.mark.django_db
def test_at_the_door_a_malformed_form_is_nobodys_fault_but_the_entitleds() -> None:
    t = project_at(S.JOINT_REVIEW)
    wrong: dict[str, Any] = {"agrees": "perhaps", "surplus": 1}
    with pytest.raises(Refused) as told:
        acts.perform("sign_joint", on=t.project, by=official(t, "village"), at=t.at, data=wrong)
    assert codes(told.value) == [NOT_YOURS.code]
    with pytest.raises(Refused) as told:
        acts.perform("approve", on=t.project, by=official(t, "leading_group"), at=t.at, data=wrong)
    assert codes(told.value) == [NOT_NOW.code]
    with pytest.raises(BadForm):
        acts.perform("sign_joint", on=t.project, by=official(t, "finance"), at=t.at, data=wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(
    # Every office may ask to enter something late.
    "kind",
    sorted(KINDS.keys() - {"project", "late_entry"}),
)
def test_a_malformed_opening_by_another_office_is_told_whose_it_is(kind: str) -> None:
    t = fresh_application()
    with pytest.raises(Refused) as told:
        acts.open_case(KINDS[kind], by=official(t, "leading_group"), at=t.at, data={"surplus": 1}, root=t.project)
    assert codes(told.value) == [NOT_YOURS.code]


@pytest.mark.django_db
def test_a_malformed_application_for_anothers_village_is_refused() -> None:
    t = fresh_application()
    form = {"unit_id": t.project.unit_id, "title": "别村的项目"}
    with pytest.raises(Refused) as told:
        acts.open_case(Project, by=official(t, "township"), at=t.at, data=form)
    assert codes(told.value) == [NOT_YOURS.code]


#: Address of a form, and an office whose form it is not.
NOT_THEIRS = {
    "an act": ("act", "return_to", "village", {"stage": "the moon"}),
    "a file": ("act", "attach", "auditor", {"paper": "unknown"}),
    "an opening": ("open", "rectification", "village", {"finding": "unknown"}),
    "the application": ("edit", None, "township", {"title": "x" * 500, "grant_fen": "-1"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", NOT_THEIRS)
def test_on_the_page_who_may_not_is_told_so_and_not_what_is_wrong_with_the_form(what: str, tmp_path: Path) -> None:
    t = project_at(S.FILED)
    route, name, office, form = NOT_THEIRS[what]
    address = reverse(route, args=[t.project.pk, *([name] if name else [])])
    browser = browser_of(official(t, office))
    before, kept = everything(), _kept_files()
    upload = tmp_path / "决议.pdf"
    upload.write_bytes(a_pdf(Author="来自别处"))
    with upload.open("rb") as file:
        page = Page(browser.post(address, form | {"files": file}))
    assert page.status == 409
    assert NOT_YOURS.code in " ".join(page.alerts())
    assert len(page.alerts()) == 1, page.alerts()
    assert everything() == before
    assert _kept_files() == kept, "a stranger's file is not kept"


def _kept_files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def opened(t: Traveller, by: Person, key: str) -> Case:
    form = {"unit_id": t.project.unit_id, "title": "新开项目"}
    return acts.open_case(Project, by=by, at=t.at, data=form, key=key)


@pytest.mark.django_db
def test_anothers_key_opens_a_new_case_and_shows_nothing_of_his() -> None:
    t, key = fresh_application(), str(uuid.uuid4())
    alice, bob = official(t, "village"), official(t, "village", hand=1)
    hers, his = opened(t, alice, key), opened(t, bob, key)
    assert hers.pk != his.pk
    assert (hers.opened_by, his.opened_by) == (alice, bob)
    assert opened(t, alice, key).pk == hers.pk


@pytest.mark.django_db
def test_whoever_may_not_open_gets_nothing_for_anothers_key() -> None:
    t, key = fresh_application(), str(uuid.uuid4())
    opened(t, official(t, "village"), key)
    with pytest.raises(Refused) as told:
        opened(t, official(t, "township"), key)
    assert codes(told.value) == [NOT_YOURS.code]


@pytest.mark.django_db
def test_a_key_sent_with_another_kind_or_another_project_opens_a_case_of_its_own() -> None:
    one, two, key = project_at(S.APPROVED), project_at(S.APPROVED, specimen=1), str(uuid.uuid4())
    programme = official(one, "programme")
    notice = {"purpose": "contractor", "text": "公示", "hotline": "0827-7221234", "address": "县扶贫开发办公室"}
    at = max(one.at, two.at)
    found = [
        acts.open_case(KINDS[kind], by=programme, at=at, data=data, root=t.project, key=key).pk
        for kind, data, t in (
            ("rectification", finding(one), one),
            ("notice", notice, one),
            ("rectification", finding(two), two),
        )
    ]
    assert len(set(found)) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "\x00", "x" * 100_000, "'; --", "键\U0001f511"])
def test_a_tampered_key_is_a_key_like_any_other(key: str) -> None:
    t = fresh_application()
    clerk, form = official(t, "village"), {"unit_id": t.project.unit_id, "title": "新开项目", "department": "roads",
                                           "category": "infrastructure", "open_key": key}  # fmt: skip
    browser = browser_of(clerk)
    answers = [browser.post(reverse("project-new"), form) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer["Location"] for answer in answers}) == (1 if key else 2)

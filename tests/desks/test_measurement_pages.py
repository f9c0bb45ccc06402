"""Measurements on the pages: filled in beside the bill, signed, and the money that runs ahead of them shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals import measure, stops
from approvals.traveller import Traveller
from tests.desks.pages import LANGUAGES, Page, browser_of, strange
from tests.factories import official, project_at
from tests.journeys.clerk import clock_at
from workflows.models import Measurement, Project
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


@pytest.fixture
def t() -> Traveller:
    return project_at(S.BUILDING)


def opening(t: Traveller) -> str:
    return reverse("open", args=[t.project.pk, "measurement"])


def page(t: Traveller, office: str, path: str, language: str = "zh-hans") -> Page:
    with clock_at(t.at):
        response = browser_of(official(t, office), language).get(path)
    assert response.status_code == 200
    return Page(response)


def text(shown: Page) -> str:
    return " ".join(" ".join(shown.words()).split())


def test_the_form_begins_with_what_was_signed_last_beside_the_bill(t: Traveller) -> None:
    measure.measure(t, permille=500)
    shown = page(t, "village", opening(t), "en")
    assert [shown.typed(f"quantities-{n}") for n in (1, 2)] == ["1.5", "0.5"]
    cells = [[" ".join("".join(cell.itertext()).split()) for cell in row.findall("td")] for row in shown.all("tr")]
    assert [row[1:3] for row in cells if row] == [["3 公里", "1.5 公里"], ["1 项", "0.5 项"]]


def test_a_correction_begins_with_what_it_corrects(t: Traveller) -> None:
    measure.measure(t, permille=500)
    draft = measure.draw_up(t, permille=700, submit=False)
    shown = page(t, "village", reverse("act", args=[draft.pk, "correct"]))
    assert [shown.typed(f"quantities-{n}") for n in (1, 2)] == ["2.1", "0.7"]
    assert "1.5 公里" in text(shown)


def test_what_is_typed_is_stored_to_the_thousandth_and_a_refusal_keeps_it(t: Traveller) -> None:
    browser, today = browser_of(official(t, "village")), f"{t.at:%Y-%m-%d}"
    with clock_at(t.at):
        form = {"measured_on": today, "quantities-1": "3.301", "quantities-2": "0"}
        refused = Page(browser.post(opening(t), form))
        assert refused.status == 409
        assert "G-05" in text(refused)
        assert refused.typed("quantities-1") == "3.301"
        empty = Page(browser.post(opening(t), form | {"quantities-1": ""}))
        assert (empty.status, bool(empty.faults("quantities-1"))) == (422, True)
        taken = browser.post(opening(t), form | {"quantities-1": "1.234"})
    assert taken.status_code == 302
    assert Measurement.objects.get().quantities == {1: 1_234, 2: 0}


def test_the_project_shows_each_line_each_measurement_and_who_signed(t: Traveller) -> None:
    first = measure.measure(t, permille=300)
    second = measure.measure(t, permille=650)
    signer = second.typed().signed_by  # type: ignore[attr-defined]
    shown = text(page(t, "programme", reverse("case", args=[t.project.pk]), "en"))
    for words in (str(first.number), str(second.number), signer.name, "1.95 公里", "65%", "-35%", "flagged above 30%"):
        assert words in shown
    assert "money ahead of the works" not in shown


def test_a_project_whose_money_runs_ahead_carries_a_badge_and_is_found_by_it(t: Traveller) -> None:
    measure.measure(t, permille=400)
    listed = reverse("projects")
    assert "No project matches" in text(page(t, "programme", f"{listed}?deviation=1", "en"))
    assert "works 40%" in text(page(t, "programme", listed, "en"))
    stops.claim_tranche(t, code="progress")
    shown = text(page(t, "programme", f"{listed}?deviation=1", "en"))
    assert str(t.project.number) in shown
    assert "money 40% ahead" in shown
    assert "money ahead of the works" in text(page(t, "programme", reverse("case", args=[t.project.pk]), "en"))


def test_a_project_that_is_not_measured_shows_no_progress_of_works(t: Traveller) -> None:
    Project.objects.filter(pk=t.project.pk).update(work_kind="goods")
    assert page(t, "programme", reverse("case", args=[t.project.pk])).by_id("works") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_speak_the_readers_language(t: Traveller, language: str) -> None:
    measure.measure(t, permille=400)
    stops.claim_tranche(t, code="progress")
    waiting = measure.draw_up(t, permille=500)
    for office, path in (
        ("village", reverse("case", args=[t.project.pk])),
        ("supervision", reverse("case", args=[waiting.pk])),
        ("supervision", reverse("act", args=[waiting.pk, "sign_off"])),
        ("village", opening(t)),
        ("supervision", reverse("projects")),
    ):
        shown = page(t, office, path, language)
        # Names, units and articles are Chinese to every reader; what the page itself calls things is not.
        heads = [one.text or "" for one in shown.all("h1", "h2", "th", "dt", "label", "caption", "button")]
        assert {found for head in heads if (found := strange(head, language))} <= names(t), path


def names(t: Traveller) -> set[str]:
    """What is called so in every language: the project, its budget's items, and the language's own name."""
    return {t.project.title, "简体中文", *t.project.lines.values_list("item", flat=True)}


def test_a_supervision_engineer_sees_no_application_and_from_the_start_of_the_works_all(t: Traveller) -> None:
    early = project_at(S.PROCURING)
    signer = official(early, "supervision")
    answers = [
        browser_of(signer).get(reverse("case", args=[traveller.project.pk])).status_code for traveller in (early, t)
    ]
    assert answers == [404, 200]

"""Every form of every act and opening, wrong in every field: it is told, in one's language, and nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import pytest
from django import forms
from django.urls import reverse
from django.utils.translation import override

from approvals import payouts, stops
from approvals.forms.actform import ActForm, FilesField
from approvals.forms.build import LinesField, MilliField, field_for
from approvals.traveller import Traveller
from approvals.views.acting import OWN_PAGES
from funds.forms import YuanField
from tests.desks.pages import LANGUAGES, Page, browser_of, everything, strange
from tests.factories import official, project_at
from tests.law import asides
from workflows import acts
from workflows.law import Data
from workflows.lifecycles import KINDS, claim_forms
from workflows.models import Case, Complaint
from workflows.offices import OUTSIDERS
from workflows.states import ProjectState as S

DIGITS = "9" * 5000
HTML = "<script>alert(1)</script>"
TEMPLATE = "{{ settings.SECRET_KEY }}{% debug %}"
SQL = "'; DROP TABLE workflows_case; --"

#: Kind of control -> what no such control accepts, whatever its bounds.
WRONG: dict[str, tuple[str, ...]] = {
    "amount": ("-1", "一百元", "1.234", "1e309", "10" * 15, "NaN", "Infinity", "1,23", "1 000", "0x10", "十二万",
               "12.5亿", "9" * 41, "１２３４５６７８９０１２３４", "12.3456789万", "+5", "1\x002", DIGITS, HTML,
               TEMPLATE, SQL),
    "quantity": ("-1", "三公里", "1.2345", "1e309", "10" * 15, "NaN", "Infinity", "0x10", "1\x002", DIGITS, HTML, SQL),
    "number": ("-1", "1.5", "三", "1e3", "NaN", "9" * 30, "1\x002", DIGITS, HTML, SQL),
    "date": ("2026-02-30", "0000-01-01", "0001-01-01", "9999-12-31", "明天", "2026-13-01", "99999-01-01", "31.31.2026",
             "-1", "2026-03-02T09:00", "2026-03-02\x00", DIGITS, HTML, SQL),
    "choice": ("unknown", "-1", "99999999", "9" * 30, "1\x002", DIGITS, HTML, SQL),
    "text": ("\x00", "路\x00面", "路\x07面", "路\u202e面", "路\u2066面", "路\ufffd面", "长" * 100_000),
}  # fmt: skip


def kind_of(control: forms.Field) -> str | None:
    """Which row of WRONG the control is tried with; a tick box and a hidden constant take anything for yes or no."""
    kinds = {YuanField: "amount", MilliField: "quantity", forms.IntegerField: "number", forms.DateField: "date"}
    for field, kind in (kinds | {forms.ChoiceField: "choice", LinesField: "text"}).items():
        if isinstance(control, field):
            return kind
    plain = isinstance(control, forms.CharField) and not isinstance(control.widget, forms.HiddenInput)
    return "text" if plain else None


def controls(form: ActForm) -> dict[str, str]:
    """The name of every control of the form -> its kind; of a table the first row's."""
    found = dict(form.form.fields)
    for table in form.tables:
        row = table.formset.empty_form.fields
        found |= {f"{table.name}-0-{name}": field for name, field in row.items() if name != "DELETE"}
    assert all(kind_of(field) or isinstance(field, forms.BooleanField | FilesField) or field.widget.is_hidden
               for field in found.values())  # fmt: skip
    return {name: kind for name, field in found.items() if (kind := kind_of(field)) is not None}


def rows_of_tables(form: ActForm) -> dict[str, str]:
    return {f"{t.name}-{what}": count for t in form.tables for what, count in
            (("TOTAL_FORMS", "1"), ("INITIAL_FORMS", "0"))}  # fmt: skip


def tries(form: ActForm) -> Iterator[dict[str, str]]:
    """Forms with something wrong in every control at once, until every control has had all its wrongs."""
    kinds = controls(form)
    for values in zip_longest(*(WRONG[kind] for kind in kinds.values())):
        yield {name: value for name, value in zip(kinds, values, strict=True) if value is not None}


#: Who opens the acts on cases that not everybody sees.
READERS = {"complaint": ("programme",), "red_flag": ("audit", "discipline")}


def every_form(t: Traveller) -> Iterator[tuple[str, str, ActForm]]:
    """Address, office whose it is, and the form: all acts of the family, and all openings."""
    family = [t.project, *(one.typed() for one in Case.objects.filter(root=t.project))]
    assert {case.kind for case in family} == set(KINDS)
    for case in {one.kind: one for one in family}.values():
        for act in acts.all_acts(type(case)):
            if act.name in OWN_PAGES or set(act.seats) <= OUTSIDERS.keys():
                continue
            asks = True if act.reason_required else None if act.tone == "note" else False
            address = reverse("act", args=[case.pk, act.name])
            # Whom a complaint or a flag is about does not see it.
            sees = READERS.get(case.kind, act.seats)
            seat = next(seat for seat in (*sees, *act.seats) if seat in act.seats)
            yield address, str(case.office(seat)), ActForm(act.takes, case=case, reason=asks)
    for kind, machine in KINDS.items():
        # A flag is opened from its own page, which knows the entries behind it.
        if kind not in ("project", "red_flag"):
            opening = machine.opening
            address = reverse("open", args=[t.project.pk, kind])
            yield address, opening.seats[0], ActForm(opening.takes, case=t.project)
    yield (
        reverse("edit", args=[t.project.pk]),
        "village",
        ActForm(acts.spec_of(type(t.project), "save_draft").takes, case=t.project),
    )


def told(page: Page, typed: dict[str, str], *, language: str) -> list[str]:
    """What the page fails to say, or says in another language."""
    missing = [f"{name} took {value[:40]!r}" for name, value in typed.items() if not page.faults(name)]
    foreign = [text for name in typed if strange(text := page.faults(name), language)]
    kept = {name: page.typed(name) for name in typed}
    lost = [
        f"{name} lost {typed[name][:40]!r}, has {there[:40]!r}"
        for name, there in kept.items()
        if there is not None and "\x00" not in typed[name] and there != typed[name]
    ]
    return missing + foreign + lost


@pytest.mark.django_db
def test_every_field_of_every_form_says_what_is_wrong_and_nothing_is_changed() -> None:
    t = project_at(S.ACCEPTED)
    stops.rectify(t)
    payouts.open_batch(t, payouts.household(1))
    t.open(Complaint, seat="programme", data={"text": "偷工减料"})
    asides.take_up_a_flag(t)
    asides.ask_late(t, deed="hand_over", seat="village")
    faulty: list[str] = []
    forms_sent = 0
    for n, (address, office, form) in enumerate(every_form(t)):
        browsers = [browser_of(official(t, office), language) for language in LANGUAGES]
        before = everything()
        for m, typed in enumerate(tries(form)):
            language = LANGUAGES[(n + m) % 2]
            answer = browsers[(n + m) % 2].post(address, rows_of_tables(form) | typed)
            page = Page(answer)
            forms_sent += 1
            said = told(page, typed, language=language)
            faulty += [f"{address} {office} {page.status} {language}: {one}" for one in said]
            if page.status != 422:
                faulty.append(f"{address} {office} {page.status} {typed} {page.alerts()}")
            assert not page.all("script")[1:], "what was typed must not run"
        assert everything() == before, address
    assert not faulty, "\n".join(faulty[:60])
    assert forms_sent > 500


@pytest.mark.parametrize("form", [claim_forms.Opened, claim_forms.Payee])
def test_what_comes_of_leaving_a_field_empty_is_said_only_where_that_may_be(form: type[Data]) -> None:
    field = field_for("account", form.model_fields["account"], case=None)
    with override("en"):
        assert ("Left empty" in str(field.help_text)) == (not field.required)

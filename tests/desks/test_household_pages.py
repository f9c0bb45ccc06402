"""The pages of a household batch: loaded by workbook, faults by cell, searched by name, numbers masked."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from approvals import payouts
from approvals.traveller import Traveller
from tests.desks.pages import LANGUAGES, Page, browser_of, stored_words
from tests.factories import official, project_at
from workflows.household import example, layout
from workflows.household.months import Months
from workflows.models import Case, HouseholdBatch
from workflows.states import ProjectState as S

MARCH = Months.read("2026-03", "2026-03")


@pytest.fixture
def t(db: None) -> Traveller:
    return project_at(S.APPROVED)


def uploaded(t: Traveller, **cells: Any) -> SimpleUploadedFile:
    """The example workbook with some cells changed."""
    book = load_workbook(io.BytesIO(example.workbook(book=t.project.book, months=MARCH, examples=True)))
    for cell, value in cells.items():
        book[layout.LIST][cell] = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("名单.xlsx", out.getvalue())


def opened(t: Traveller) -> Case:
    return t.open(HouseholdBatch, seat="village", data={"first_month": "2026-03", "last_month": "2026-03"})


def test_the_village_loads_its_list_and_finds_a_household_by_name(t: Traveller) -> None:
    batch = opened(t)
    village = browser_of(official(t, "village"))
    address = reverse("household-load", args=[batch.pk])
    assert village.get(reverse("act", args=[batch.pk, "load_list"]))["Location"] == address
    assert village.post(address, {"workbook": uploaded(t)}).status_code == 302
    assert batch.typed().lines.count() == 5  # type: ignore[attr-defined]
    page = Page(village.get(reverse("household-lines", args=[batch.pk]), {"q": "秀英"}))
    said = " ".join(page.words())
    assert "钱秀英" in said
    assert "赵大山" not in said
    assert f"****{example.made_up_identity(2)[-4:]}" in said
    assert example.made_up_identity(2) not in said


def test_a_faulty_workbook_is_told_by_cell_and_loads_nothing(t: Traveller) -> None:
    batch = opened(t)
    village = browser_of(official(t, "village"), "en")
    wrong = uploaded(t, C2=example.made_up_identity(1)[:-1] + "0", J3=1, F4=6228480400000000001)
    answer = village.post(reverse("household-load", args=[batch.pk]), {"workbook": wrong})
    assert answer.status_code == 422
    said = " ".join(Page(answer).words())
    for cell in ("名单!C2", "名单!J3", "名单!F4"):
        assert cell in said
    assert not batch.typed().lines.exists()  # type: ignore[attr-defined]


@pytest.mark.parametrize("office", ["township", "finance", "programme"])
def test_only_the_village_loads_the_list(t: Traveller, office: str) -> None:
    batch = opened(t)
    other = browser_of(official(t, office))
    answer = other.post(reverse("household-load", args=[batch.pk]), {"workbook": uploaded(t)})
    assert answer.status_code == 409
    assert not batch.typed().lines.exists()  # type: ignore[attr-defined]


def test_what_is_no_workbook_is_refused_kindly(t: Traveller) -> None:
    batch = opened(t)
    village = browser_of(official(t, "village"))
    address = reverse("household-load", args=[batch.pk])
    for name, content in (("名单.xls", b"x"), ("名单.xlsx", b"PK nonsense"), ("名单.xlsx", b"")):
        assert village.post(address, {"workbook": SimpleUploadedFile(name, content)}).status_code == 422
    assert village.post(address, {}).status_code == 422
    assert village.get(reverse("household-load", args=[t.project.pk])).status_code == 404


def test_the_blank_workbook_is_read_back_with_what_was_typed_into_it(t: Traveller) -> None:
    batch = opened(t)
    village = browser_of(official(t, "village"))
    answer = village.get(reverse("household-blank", args=[batch.pk]))
    book = load_workbook(io.BytesIO(b"".join(answer)))
    standard = "农村困难残疾人生活补贴"
    row = [1, "赵大山", example.made_up_identity(1), 3, "信用社", example.made_up_account(1), standard, 1, None, 50]
    for at, value in enumerate(row, 1):
        book[layout.LIST].cell(2, at).value = value
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("名单.xlsx", out.getvalue())
    assert village.post(reverse("household-load", args=[batch.pk]), {"workbook": upload}).status_code == 302


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_batch_reads_in_the_language_chosen(t: Traveller, language: str) -> None:
    batch = payouts.checked_batch(t, payouts.household(1), payouts.household(2), payouts.goods(3))
    payouts.order(t, batch)
    payouts.answer(t, batch, failed=["孙小满"])
    village, finance = (
        browser_of(official(t, "village"), language),
        browser_of(official(t, "finance", hand=1), language),
    )
    notice, on_board = batch.notices.get(), [re.escape(line.public_name) for line in batch.typed().lines.all()]  # type: ignore[attr-defined]
    known = re.compile("|".join([stored_words().pattern, *on_board]))
    for name in ("household-lines", "household-board", "household-load"):
        page = Page(village.get(reverse(name, args=[batch.pk])))
        assert page.status == 200
        assert page.in_other_language(language, data=known) == set()
    acts = ("record_receipts", "correct_account", "drop_line", "answer", "pay", "close", "decide", "raise_objection")
    addresses = [reverse("act", args=[batch.pk, act]) for act in acts]
    addresses += [reverse("case", args=[pk]) for pk in (batch.pk, notice.pk, t.project.pk)]
    addresses += [reverse("open", args=[t.project.pk, "household_batch"]), reverse("queue")]
    for address in addresses:
        page = Page(finance.get(address))
        assert page.status == 200
        # Laws are called by their Chinese names in English, too.
        assert language == "en" or page.in_other_language(language, data=known) == set()


def test_the_board_hides_a_character_of_each_name(t: Traveller) -> None:
    batch = payouts.open_batch(t, payouts.household(0), payouts.household(3))
    said = " ".join(Page(browser_of(official(t, "village")).get(reverse("household-board", args=[batch.pk]))).words())
    assert "赵*山" in said
    assert "赵大山" not in said


def test_finance_enters_the_banks_answers_by_hand(t: Traveller) -> None:
    batch = payouts.checked_batch(t, payouts.household(1), payouts.household(2))
    payouts.order(t, batch)
    finance = browser_of(official(t, "finance"))
    address = reverse("act", args=[batch.pk, "answer"])
    page = Page(finance.get(address))
    form = {"answers-TOTAL_FORMS": "2", "answers-INITIAL_FORMS": "2", "shown": page.typed("shown") or ""}
    for n in range(2):
        form |= {f"answers-{n}-{name}": page.typed(f"answers-{n}-{name}") or "" for name in ("order", "fen")}
    form |= {"answers-0-paid": "on", "answers-0-bank_reference": "T1", "answers-0-paid_on": f"{t.at:%Y-%m-%d}"}
    form["answers-1-reason"] = "账号与户名不符"
    answer = finance.post(address, form)
    assert answer.status_code == 302, [" ".join(Page(answer).words())]
    assert batch.typed().state == "payment_failed"

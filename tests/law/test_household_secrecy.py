"""A batch goes through everything; no identity number and no account is left in the clear anywhere but at the bank."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from approvals import payouts
from audit.models import Entry
from tests.desks.pages import browser_of
from tests.factories import official
from tests.law.householding import FIRST, HouseholdStage, goods, household
from workflows.household import example, layout
from workflows.household.compare import elsewhere
from workflows.household.lines import ListLine
from workflows.household.months import Months
from workflows.models import HouseholdBatch, HouseholdLine, Person
from workflows.secrecy import fingerprint, masked

NUMBERS = [example.made_up_identity(n) for n in (1, 2, 3)] + [example.made_up_account(n) for n in (1, 2)]
RIGHT = "6228480499999912345"


class Everywhere(HouseholdStage):
    @pytest.fixture(autouse=True)
    def _listen(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        self.log = caplog

    def test_no_number_is_left_in_the_clear_anywhere_but_at_the_bank(self) -> None:
        batch = self._through_everything()
        for place, text in self._places(batch):
            for number in (*NUMBERS, RIGHT):
                assert number not in text, (place, number)

    def test_the_bank_alone_gets_them(self) -> None:
        batch = self.ordered()
        opened = [line.account.open() for line in self.now(batch).bank_lines()]
        assert opened == [example.made_up_account(n) for n in (1, 2)]

    def test_the_record_proves_later_which_numbers_were_meant(self) -> None:
        batch = self.batch()
        entry = Entry.objects.get(case_id=batch.pk, act="household_batch.load_list")
        told = json.loads(bytes(entry.octets))["data"]
        whole = "\n".join(f"{example.made_up_identity(n)} {example.made_up_account(n)}" for n in (1, 2))
        assert told["numbers_print"] == fingerprint(whole)
        assert told["list_sha256"] == self.now(batch).list_sha256
        returned = self.returned()
        self._correct(returned)
        told = json.loads(bytes(Entry.objects.filter(act="household_batch.correct_account").latest("id").octets))[
            "data"
        ]
        assert (told["account"], told["account_print"]) == (masked(RIGHT), fingerprint(RIGHT))

    def test_an_error_about_a_line_does_not_show_its_numbers(self) -> None:
        line = ListLine(**payouts.reckoned(self.t, [household(1)], Months.read("2026-03", "2026-03"))[0])
        with pytest.raises(ValueError, match="ListLine") as told:
            ListLine.model_validate(line.model_dump() | {"members": "many", "account": RIGHT + "!"})
        for number in (*NUMBERS, RIGHT):
            assert number not in repr(line) + str(line) + str(told.value)

    def test_a_number_cannot_be_stored_unsealed(self) -> None:
        line = self.now(self.batch()).lines.get(position=1)
        with pytest.raises(TypeError, match="sealed"):
            HouseholdLine.objects.filter(pk=line.pk).update(id_number=example.made_up_identity(9))

    def test_after_a_change_of_keys_people_are_still_found_and_numbers_still_open(self) -> None:
        batch = self.published()
        with override_settings(FIELD_KEYS=["newest", *settings.FIELD_KEYS]):
            assert self._is_found_twice()
            call_command("reseal", stdout=io.StringIO())
        with override_settings(FIELD_KEYS=["newest"]):
            assert self.now(batch).lines.get(position=1).id_number.open() == example.made_up_identity(1)
            assert self._is_found_twice()

    def _is_found_twice(self) -> bool:
        months = Months.read("2026-03", "2026-03")
        line = ListLine(**payouts.reckoned(self.t, [household(1)], months)[0])
        return bool(elsewhere([line], months=months, but=None))

    def _through_everything(self) -> HouseholdBatch:
        """By the pages where numbers are typed, by acts elsewhere."""
        village = browser_of(official(self.t, "village"))
        opened = self.t.open(
            HouseholdBatch, seat="village", data={"first_month": "2026-03", "last_month": "2026-03"}
        )  # fmt: skip
        for upload in (self._upload(wrong=True), self._upload(wrong=False)):
            village.post(reverse("household-load", args=[opened.pk]), {"workbook": upload})
        # The page's clock is the real one.
        self.t.at = timezone.now()
        batch: Any = opened.typed()
        assert batch.lines.count() == 3
        payouts.publish(self.t, batch)
        self.decide(batch, self.objection(batch), "dismiss")
        payouts.submit(self.t, batch)
        payouts.check(self.t, batch)
        payouts.order(self.t, batch)
        payouts.answer(self.t, batch, failed=[FIRST])
        self._correct(batch)
        payouts.order(self.t, batch)
        payouts.answer(self.t, batch)
        self.sign(batch)
        self.t.do("close", on=batch, seat="township")
        return batch  # type: ignore[no-any-return]

    def _upload(self, *, wrong: bool) -> SimpleUploadedFile:
        months = Months.read("2026-03", "2026-03")
        book = load_workbook(io.BytesIO(example.workbook(book=self.t.project.book, months=months, examples=False)))
        for n, line in enumerate(payouts.reckoned(self.t, [household(1), household(2), goods(3)], months), 2):
            money = line["kind"] == "money"
            row = [n - 1, line["name"], line["id_number"], 4, line.get("bank"), line.get("account"),
                   "农村困难残疾人生活补贴" if money else None, 1 if money else 2, line.get("unit"),
                   line["amount_fen"] // 100, line.get("item")]  # fmt: skip
            for at, value in enumerate(row, 1):
                book[layout.LIST].cell(n, at).value = value
        if wrong:
            book[layout.LIST]["H2"] = NUMBERS[0]
        out = io.BytesIO()
        book.save(out)
        return SimpleUploadedFile("名单.xlsx", out.getvalue())

    def _correct(self, batch: HouseholdBatch) -> None:
        right = {"position": 1, "bank": "农业银行", "account": RIGHT}
        self.t.do("correct_account", on=batch, seat="village", reason="存折已换。", data=right)

    def _places(self, batch: HouseholdBatch) -> list[tuple[str, str]]:
        """Everything that is stored, recorded, shown, exported or logged, as text."""
        places = [("log", self.log.text)]
        for model in apps.get_models():
            if model._meta.managed:
                with connection.cursor() as cursor:
                    cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                    rows = [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
                places.append((model._meta.db_table, repr(rows)))
        readers = [official(self.t, office) for office in ("village", "finance", "township", "auditor", "discipline")]
        for person in readers:
            places += self._pages(person, batch)
        return places

    def _pages(self, person: Person, batch: HouseholdBatch) -> list[tuple[str, str]]:
        cases = [batch.pk, self.t.project.pk, *batch.notices.values_list("pk", flat=True)]
        names = ("household-lines", "household-board", "household-load", "household-blank")
        addresses = [reverse(name, args=[batch.pk]) for name in names]
        addresses += [reverse(name, args=[pk]) for name in ("case", "audit:case") for pk in cases]
        acts = ("raise_objection", "answer", "correct_account", "drop_line", "record_receipts", "load_list")
        addresses += [reverse("act", args=[batch.pk, act]) for act in acts]
        addresses += [reverse("audit:search"), reverse("audit:export"), reverse("queue"), reverse("projects")]
        addresses += [reverse("audit:entry", args=[pk]) for pk in Entry.objects.values_list("pk", flat=True)]
        browser = browser_of(person)
        return [(address, b"".join(browser.get(address)).decode("utf-8", "replace")) for address in addresses]

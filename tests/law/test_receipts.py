"""Receipts: given once, kept as a digest, followed by whoever holds the code and by nobody else."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from approvals import desks, stops
from audit import journal
from audit.models import Entry
from tests.law.stages import Stage, refused_by
from workflows import receipts
from workflows.models import Complaint, Notice, Objection
from workflows.offices import outsider
from workflows.states import ProjectState as S

CALLER = {"objector": "村民李", "contact": "13900001111", "text": "补助标准与公告不符"}


def test_a_code_is_read_as_it_was_meant() -> None:
    code = receipts.issue()
    assert receipts.well_formed(code)
    assert receipts.digest(code.lower().replace("-", " ")) == receipts.digest(code)
    assert receipts.digest(code.replace("0", "O").replace("1", "l")) == receipts.digest(code)


def test_codes_do_not_repeat_and_nonsense_is_none() -> None:
    assert len({receipts.issue() for _n in range(1000)}) == 1000
    for nonsense in ("", "1234", "U" * 16, "７" * 16, "x" * 400):
        assert not receipts.well_formed(nonsense)


class FromOutside(Stage):
    state = S.ON_NOTICE

    def object(self, code: str) -> Notice:
        notice = stops.post_notice(self.t, purpose="plan")
        data = CALLER | {"receipt": code}
        desks.take("raise_objection", on=notice, by=outsider("public"), at=self.t.at, data=data)
        return notice

    def complain(self, code: str) -> Complaint:
        data = {"text": "偷工减料", "complainant": "村民李", "contact": "13900001111", "receipt": code}
        case = desks.open_case(Complaint, by=outsider("public"), at=self.t.at, root=self.t.project, data=data)
        assert isinstance(case, Complaint)
        return case

    def test_an_objection_is_followed_from_its_receipt_to_its_answer(self) -> None:
        code = receipts.issue()
        notice = self.object(code)
        told = receipts.find(code.lower())
        assert told is not None
        assert (told.kind, told.received_at, told.answer, told.answered_at) == ("objection", self.t.at, "", None)
        objection = {"objection_id": notice.objections.get().pk, "upheld": False}
        self.t.do("answer", on=notice, seat="programme", reason="标准与文件一致。", data=objection)
        told = receipts.find(code)
        assert told is not None
        assert (told.answer, told.answered_at) == ("标准与文件一致。", self.t.at)
        assert told.state_words != ""

    def test_a_complaint_is_followed_by_its_receipt(self) -> None:
        code = receipts.issue()
        case = self.complain(code)
        told = receipts.find(code)
        assert told is not None
        assert (told.kind, told.number, told.received_at) == ("complaint", case.number, self.t.at)
        assert told.due_on is not None
        assert told.due_on > timezone.localdate(self.t.at)

    def test_another_code_and_no_code_find_nothing(self) -> None:
        self.object("")
        assert receipts.find("") is None
        assert receipts.find(receipts.issue()) is None

    def test_neither_name_nor_contact_nor_code_stands_readable_anywhere(self) -> None:
        code = receipts.issue()
        notice = self.object(code)
        case = self.complain(other := receipts.issue())
        for entry in Entry.objects.filter(case_id__in=[notice.pk, case.pk]):
            payload = str(journal.facts_of(entry))
            for secret in ("村民李", "13900001111", code, other):
                assert secret not in payload
        with connection.cursor() as cursor:
            for table, columns in (
                (Complaint, "complainant, contact, receipt_sha256"),
                (Objection, "contact, receipt_sha256"),
            ):
                cursor.execute(f"SELECT {columns} FROM {table._meta.db_table}")
                row = str(cursor.fetchall())
                assert "13900001111" not in row
                assert receipts.plain(code) not in row
        assert Complaint.objects.get(pk=case.pk).contact.open() == "13900001111"

    def test_a_stranger_is_nobody_in_the_register_and_the_public_in_the_record(self) -> None:
        case = self.complain("")
        assert case.opened_by is None
        entry = Entry.objects.get(case_id=case.pk)
        assert (entry.actor_id, entry.post) == (None, "public")

    @refused_by("N-21")
    def test_a_code_that_somebody_made_up(self) -> None:
        self.object("1234-5678")

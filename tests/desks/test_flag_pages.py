"""The page of red flags: who reads it, what it opens, and an auditor's word from it."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from approvals.views import again
from audit.access import Access
from audit.models import Entry
from tests.factories import fresh_application, official
from tests.law.stages import Stage
from workflows.models import RedFlag
from workflows.states import ProjectState

REASON = "三次退回，须核实原因。"


class FlagPages(Stage):
    state = ProjectState.FILED

    def setUp(self) -> None:
        for _n in range(3):
            self.t.do("return_to", seat="township", reason="补正材料。", data={"stage": "village"})
            self.t.do("resubmit", seat="village", reason="已补正。")

    def by(self, office: str) -> Client:
        client = Client()
        client.force_login(official(self.t, office))
        return client

    def address(self) -> str:
        page = self.by("auditor").get(reverse("inspection:flags"), {"flag": "RF-07"})
        [one] = page.context["page"].object_list
        return reverse("inspection:flag", args=["RF-07", one.hit.print])

    def test_it_opens_the_entries_behind_it(self) -> None:
        page = self.by("auditor").get(self.address())
        behind = Entry.objects.filter(act="project.return_to")
        assert behind.count() == 3
        for entry in behind:
            self.assertContains(page, reverse("audit:entry", args=[entry.pk]))
        self.assertNotContains(page, "<textarea")

    def test_audit_adopts_it_from_its_page(self) -> None:
        audit, address = self.by("audit"), self.address()
        self.assertContains(audit.get(address), "<textarea")
        done = audit.post(address, {"verdict": "adopt", "reason": REASON}, follow=True)
        assert done.status_code == 200
        flag = RedFlag.objects.get()
        assert (flag.state, flag.code, flag.root_id, len(flag.rows)) == ("adopted", "RF-07", self.t.project.pk, 3)
        assert flag.opened_by == official(self.t, "audit")
        page = audit.get(address)
        self.assertContains(page, REASON)
        twice = audit.post(address, {"verdict": "adopt", "reason": REASON})
        self.assertContains(twice, "V-03", status_code=409)
        assert RedFlag.objects.count() == 1

    def test_what_is_missing_is_said_on_the_page(self) -> None:
        audit, address = self.by("audit"), self.address()
        self.assertContains(audit.post(address, {"verdict": "adopt", "reason": " "}), "O-02", status_code=409)
        unsure = audit.post(address, {"verdict": "perhaps", "reason": REASON})
        self.assertContains(unsure, REASON, status_code=422)
        assert not RedFlag.objects.exists()

    def test_who_only_reads_judges_nothing(self) -> None:
        page = self.by("auditor").get(self.address())
        self.assertNotContains(page, "<textarea")
        # ... and reads whose it is to judge, in place of the form.
        self.assertContains(page, "O-01")
        told = self.by("auditor").post(self.address(), {"verdict": "dismiss", "reason": REASON})
        self.assertContains(told, "O-01", status_code=409)

    def test_new_rows_have_a_new_address(self) -> None:
        before = self.address()
        self.setUp()
        assert self.by("audit").get(before).status_code == 404
        told = self.by("audit").post(before, {"verdict": "dismiss", "reason": REASON})
        self.assertContains(told, REASON, status_code=409)
        assert not RedFlag.objects.exists()

    def test_what_was_typed_comes_back_with_the_verdict_that_was_chosen(self) -> None:
        typed = {"verdict": "dismiss", "reason": REASON}
        assert again.leads_to_form(self.address())
        for more, status in (({"more": "again"}, 200), ({"verdict": "perhaps"}, 422), ({"reason": " "}, 409)):
            page = self.by("audit").post(self.address(), typed | more)
            assert page.status_code == status
            assert page.context["verdict"] == (typed | more)["verdict"]
            self.assertContains(page, " checked", count="verdict" not in more, status_code=status)
        assert not RedFlag.objects.exists()

    def test_another_countys_flags_are_not_shown(self) -> None:
        address = self.address()
        elsewhere = Client()
        elsewhere.force_login(official(fresh_application(rulebook="henan-county"), "auditor"))
        assert elsewhere.get(address).status_code == 404
        self.assertNotContains(elsewhere.get(reverse("inspection:flags")), self.t.project.title)

    def test_the_table_narrows(self) -> None:
        auditor, root = self.by("auditor"), self.t.project.pk
        for asked, found in (({"flag": "RF-07", "state": "open"}, 1), ({"flag": "RF-07", "state": "adopted"}, 0),
                             ({"project": root}, 1), ({"project": root + 1}, 0), ({"unit": "不存在"}, 0),
                             ({"year": 1999}, 0), ({"township": "x"}, 1)):  # fmt: skip
            page = auditor.get(reverse("inspection:flags"), asked)
            assert len([one for one in page.context["page"] if one.hit.flag.code == "RF-07"]) == found, asked

    def test_the_table_is_taken_away_and_that_is_written_down(self) -> None:
        answer = self.by("auditor").get(reverse("inspection:flags-csv"))
        lines = b"".join(answer).decode("utf-8-sig").splitlines()
        [line] = [line for line in lines if "RF-07" in line]
        for entry in Entry.objects.filter(act="project.return_to"):
            assert str(entry.pk) in line
        assert Access.objects.filter(kind="export", asked__contains="flags.csv").exists()

    def test_who_may_read_the_record_sees_them_on_the_projects_page(self) -> None:
        address = reverse("case", args=[self.t.project.pk])
        self.assertContains(self.by("auditor").get(address), "RF-07")
        for office in ("village", "township", "programme", "finance"):
            self.assertNotContains(self.by(office).get(address), "RF-07")

    def test_the_village_learns_nothing_of_a_verdict(self) -> None:
        self.by("audit").post(self.address(), {"verdict": "adopt", "reason": REASON})
        number = str(RedFlag.objects.get().number)
        for route in ("case", "case-responsibility"):
            address = reverse(route, args=[self.t.project.pk])
            self.assertNotContains(self.by("village").get(address), number)
            self.assertContains(self.by("audit").get(address), number)

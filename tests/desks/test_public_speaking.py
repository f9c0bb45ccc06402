"""Whoever has no account objects, complains and follows his receipt; machines and shouting do not get in his way."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from approvals import stops
from approvals.public import tickets
from approvals.public.knocks import Knock
from audit.models import Entry
from tests.journeys.clerk import clock_at
from tests.law.stages import Stage
from workflows import receipts
from workflows.models import Complaint, Notice, Objection
from workflows.states import NoticeState
from workflows.states import ProjectState as S

SAID = {"text": "名单里有一户已不住在本村。", "name": "", "contact": ""}
CODE = re.compile(r'<p class="code" id="code">([0-9A-Z-]+)</p>')


class ANoticeThatRuns(Stage):
    """A project on notice, and a stranger with a telephone."""

    state = S.ON_NOTICE

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.notice = stops.post_notice(cls.t, purpose="plan")
        cls.form = reverse("public:object", args=[cls.notice.number])
        cls.complaint = reverse("public:complain", args=[cls.t.project.number])

    notice: Notice
    form: str
    complaint: str

    def setUp(self) -> None:
        clock = clock_at(self.t.at + dt.timedelta(hours=1))
        clock.__enter__()
        self.addCleanup(clock.__exit__, None, None, None)

    def ticket(self, client: Client, form: str) -> str:
        [found] = re.findall(r'name="ticket" value="([^"]+)"', client.get(form).content.decode())
        return str(found)

    def say(self, form: str, client: Client | None = None, **said: str) -> Any:
        client = client or Client()
        given = {**SAID, "website": "", "ticket": "", **said}
        return client.post(form, {**given, "ticket": given["ticket"] or self.ticket(client, form)})

    def code(self, answer: Any) -> str:
        [found] = CODE.findall(answer.content.decode())
        return str(found)

    def follow(self, code: str) -> Any:
        return Client().post(reverse("public:receipt"), {"code": code})

    def test_anybody_objects_gets_a_code_once_and_follows_it_to_the_answer(self) -> None:
        page = Client().get(reverse("public:notice", args=[self.notice.number])).content.decode()
        assert self.form in page
        answer = self.say(self.form)
        assert "no-store" in answer["Cache-Control"]
        code, said = self.code(answer), Objection.objects.get()
        assert said.text == SAID["text"]
        assert code.encode() not in b"".join(bytes(entry.payload) for entry in Entry.objects.all())
        assert said.state_words in self.follow(code.lower().replace("-", " ")).content.decode()
        self.t.wait(1)
        self.t.do("answer", on=self.notice, seat="programme", reason="经核实，该户仍在本村居住。",
                  data={"objection_id": said.pk, "upheld": False})  # fmt: skip
        assert "经核实，该户仍在本村居住。" in self.follow(code).content.decode()
        assert not mail.outbox

    def test_a_character_that_nobody_sees_is_refused_in_words_that_say_which(self) -> None:
        for sign, code in (("\x00", "U+0000"), ("\u202e", "U+202E")):
            answer = self.say(self.form, text=f"资金{sign}不对")
            assert (answer.status_code, code in answer.content.decode()) == (422, True)

    def test_the_record_says_that_it_was_the_public_and_not_who(self) -> None:
        self.say(self.form, name="张大山", contact="13812345678")
        entry = Entry.objects.latest("id")
        assert (entry.act, entry.actor_id, entry.actor_name) == ("notice.raise_objection", None, "群众")
        assert "张大山" not in str(vars(entry))
        assert "13812345678" not in str(vars(entry))
        public = Client().get(reverse("public:notice", args=[self.notice.number])).content.decode()
        assert SAID["text"] not in public
        assert "张大山" not in public
        assert "收到1件" in public

    def test_whoever_sends_the_same_form_twice_has_said_it_once(self) -> None:
        for form in (self.form, self.complaint):
            client = Client()
            ticket = self.ticket(client, form)
            first, second = self.say(form, client, ticket=ticket), self.say(form, client, ticket=ticket)
            assert self.code(first) == self.code(second)
        assert (Objection.objects.count(), Complaint.objects.count()) == (1, 1)

    def test_anybody_complains_about_a_public_project_and_follows_it(self) -> None:
        code = self.code(self.say(self.complaint, name="张大山", contact="13812345678"))
        told = Complaint.objects.get()
        assert (told.root_id, told.complainant.open(), told.opened_by) == (self.t.project.pk, "张大山", None)
        page = self.follow(code).content.decode()
        assert str(told.number) in page
        assert "张大山" not in page

    def test_after_its_last_day_the_form_says_why_not_and_where_else(self) -> None:
        assert self.notice.runs_until is not None
        client = Client()
        ticket = self.ticket(client, self.form)
        late = dt.datetime.combine(self.notice.runs_until + dt.timedelta(days=1), dt.time(9))
        with clock_at(timezone.make_aware(late)):
            assert Client().get(self.form).status_code == 200
            refused = self.say(self.form, client, ticket=ticket)
            assert refused.status_code == 409
            assert "0827-7221234" in refused.content.decode()
            assert self.complaint in refused.content.decode()
            page = Client().get(reverse("public:notice", args=[self.notice.number])).content.decode()
            assert self.form not in page
        assert not Objection.objects.exists()

    def listed(self, query: str = "") -> bool:
        page = Client().get(reverse("public:home") + query).content.decode()
        return reverse("public:notice", args=[self.notice.number]) in page

    def test_a_notice_is_listed_as_running_to_its_last_day_and_no_longer_though_nobody_has_closed_it(self) -> None:
        assert self.notice.runs_until is not None
        for days, runs in ((0, True), (1, False)):
            evening = dt.datetime.combine(self.notice.runs_until + dt.timedelta(days=days), dt.time(23))
            with clock_at(timezone.make_aware(evening)):
                assert (self.listed(), self.listed("?past")) == (runs, not runs)

    def test_one_that_an_objection_holds_stays_listed_as_long_as_it_is_held(self) -> None:
        self.say(self.form)
        with clock_at(self.t.at + dt.timedelta(days=90)):
            assert (self.listed(), self.listed("?past")) == (True, False)

    def test_the_office_sees_an_objection_of_the_night_under_its_own_day(self) -> None:
        night = timezone.localtime(self.t.at + dt.timedelta(days=1)).replace(hour=1)
        with clock_at(night):
            self.say(self.form)
            browser = Client()
            browser.force_login(self.official("programme"))
            page = browser.get(reverse("act", args=[self.notice.pk, "answer"])).content.decode()
        assert f"{night:%Y-%m-%d} {SAID['text']}" in page

    def test_the_gate_holds_while_the_stranger_waits_for_an_answer(self) -> None:
        self.say(self.form)
        held = Notice.objects.get(pk=self.notice.pk)
        assert held.state == NoticeState.RUNNING
        assert held.paused_since is not None
        page = Client().get(reverse("public:notice", args=[self.notice.number])).content.decode()
        assert "公示期暂停计算" in page

    def test_what_fills_in_the_hidden_field_is_told_so_and_not_heard(self) -> None:
        refused = self.say(self.form, website="http://example.com")
        assert refused.status_code == 422
        assert "隐藏栏" in refused.content.decode()
        assert not Objection.objects.exists()

    def test_a_ticket_of_another_form_or_of_yesterday_is_exchanged_and_nothing_is_lost(self) -> None:
        other = tickets.ticket(self.notice.pk + 1)
        answer = self.say(self.form, ticket=other)
        assert answer.status_code == 422
        assert SAID["text"] in answer.content.decode()
        [new] = re.findall(r'name="ticket" value="([^"]+)"', answer.content.decode())
        assert new != other
        assert self.say(self.form, ticket=new).status_code == 200

    def test_one_address_does_not_shout_others_down(self) -> None:
        with self.settings(PUBLIC_SAYS_OF_ADDRESS_HOUR_MAX=2, PUBLIC_SAYS_ABOUT_CASE_DAY_MAX=3):
            loud = [self.say(self.form).status_code for _n in range(4)]
            assert loud == [200, 200, 429, 429]
            other = Client(REMOTE_ADDR="192.0.2.7")
            assert [self.say(self.form, other).status_code for _n in range(2)] == [200, 429]
        assert not Knock.objects.filter(digest__contains="127").filter(digest__contains=".").exists()
        assert {len(one.digest) for one in Knock.objects.all()} == {64}
        with clock_at(self.t.at + dt.timedelta(days=2)):
            assert self.say(self.form).status_code in (200, 409)
        assert Knock.objects.count() <= 2

    def test_empty_or_endless_text_is_not_taken(self) -> None:
        assert self.say(self.form, text=" ").status_code == 422
        assert self.say(self.form, text="长" * 2001).status_code == 422
        assert self.say(self.complaint, text="长" * 2001).status_code == 200

    def test_a_code_that_nobody_was_given_leads_nowhere(self) -> None:
        for code in ("", "0000-0000-0000-0000", receipts.issue(), "<script>", "x" * 41):
            assert self.follow(code).status_code == 422

    def test_only_with_the_forms_own_cookie(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(self.form, SAID).status_code == 403


def test_a_ticket_makes_a_well_formed_code_and_always_the_same(settings: Settings) -> None:
    mine = tickets.ticket(7)
    code = tickets.code(mine, about=7)
    assert receipts.well_formed(code)
    assert code == tickets.code(mine, about=7) != tickets.code(tickets.ticket(7), about=7)

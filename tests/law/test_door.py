"""One door: who may come in and on which day, and that there is no other way."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from audit.models import Entry
from tests.factories import fresh_application
from tests.law.stages import Stage, refused_by
from workflows import accounts, acts, register
from workflows.cases import PastTheDoor
from workflows.law import Refused
from workflows.lifecycles import KINDS
from workflows.models import Area, Case, Delegation, Person, Post, Project, Unit
from workflows.offices import Level, Office
from workflows.states import ProjectState as S


class AtTheTownship(Stage):
    """A filed application, waiting for the township."""

    state = S.FILED

    def today(self) -> dt.date:
        return timezone.localdate(self.t.at)

    def newcomer(self, name: str = "新来") -> Person:
        return Person.objects.create_user(f"new-{Person.objects.count()}", None, name=name)

    def unit(self, office: str) -> Unit:
        return Unit.objects.get(posts__person=self.official(office))

    def employ(self, office: str, *, since: int = -9, until: int | None = None) -> Person:
        """Somebody new with a post, its days counted from today."""
        person, days = self.newcomer(), dt.timedelta(days=1)
        last = None if until is None else self.today() + until * days
        Post.objects.create(
            person=person, unit=self.unit(office), title="经办", since=self.today() + since * days, until=last
        )
        return person

    def lend(self, *, to: Person, since: int = 0, until: int = 0) -> Delegation:
        """The township clerk lends his post."""
        clerk, days = self.official("township"), dt.timedelta(days=1)
        return register.lend_post(
            by=clerk, post=clerk.posts.get(), to=to, since=self.today() + since * days,
            until=self.today() + until * days, reason="外出学习", at=self.t.at,
        )  # fmt: skip

    def passed_by(self, person: Person) -> None:
        self.t.do("pass_township", seat="township", by=person, reason="同意上报。")
        assert self.t.project.state == S.JOINT_REVIEW


class PastTheDoors(AtTheTownship):
    def stands(self) -> bool:
        return bool(Project.objects.get(pk=self.t.project.pk).state == S.FILED)

    def test_a_state_cannot_be_assigned(self) -> None:
        with pytest.raises(AttributeError):
            self.t.project.state = S.APPROVED
        assert self.stands()

    def test_a_case_cannot_be_saved(self) -> None:
        self.t.project.grant_fen = 1
        with pytest.raises(PastTheDoor):
            self.t.project.save()
        assert Project.objects.get(pk=self.t.project.pk).grant_fen > 1

    def test_the_case_that_an_act_returned_cannot_be_saved_either(self) -> None:
        done = self.t.do("pass_township", seat="township", reason="同意")
        done.title = "改名"
        with pytest.raises(PastTheDoor):
            done.save()

    def test_a_case_cannot_be_made_without_being_opened(self) -> None:
        form = {"kind": "project", "state": S.APPROVED, "area": self.t.project.area, "unit": self.t.project.unit}
        with pytest.raises(PastTheDoor):
            Project.objects.create(**form)

    def test_a_transition_called_by_itself_does_nothing(self) -> None:
        with pytest.raises(TransitionNotAllowed):
            self.t.project.pass_township(None)
        assert self.stands()
        assert self.t.project.state == S.FILED

    def test_a_row_changed_below_the_door_is_told_by_the_record(self) -> None:
        call_command("audit", "verify", stdout=io.StringIO())
        Case.objects.filter(pk=self.t.project.pk).update(state=S.APPROVED)
        out = io.StringIO()
        with pytest.raises(SystemExit) as told:
            call_command("audit", "verify", stdout=out)
        assert told.value.code == 1
        assert str(self.t.project.pk) in out.getvalue()

    def test_there_is_no_admin_site(self) -> None:
        assert not apps.is_installed("django.contrib.admin")

    def test_a_refused_act_leaves_no_trace(self) -> None:
        before = (Entry.objects.count(), Case.objects.values_list("family_version", "touched_at").get())
        with pytest.raises(Refused):
            self.t.do("pass_township", seat="township", reason="")
        assert (Entry.objects.count(), Case.objects.values_list("family_version", "touched_at").get()) == before


class Offices(AtTheTownship):
    @refused_by("O-01")
    def test_a_superuser_without_a_post(self) -> None:
        self.passed_by(Person.objects.create_superuser("root", None, name="超级用户"))

    def test_administrators_and_the_auditor_decide_nothing_at_all(self) -> None:
        for office in (Office.SYSADMIN, Office.SECADMIN, Office.AUDITOR):
            person = self.official(office)
            for act in acts.all_acts(Project):
                codes = {r.code for r in acts.why_not(act.name, on=self.t.project, by=person, at=self.t.at)}
                assert codes in ({"O-01"}, {"S-01"}), (office, act.name)

    def test_administrators_and_the_auditor_open_nothing(self) -> None:
        forms: dict[str, dict[str, Any]] = {
            "project": {"unit_id": self.t.project.unit_id, "title": "新项目"},
            "rectification": {
                "finding": "off_purpose",
                "breach": "挪用",
                "items": [{"demand": "退回", "article": "预算法第五十七条"}],
            },
            "notice": {"purpose": "plan", "text": "公示", "hotline": "0827-7221234", "address": "县政府"},
            "complaint": {"text": "偷工减料"},
            "late_entry": {
                "deed": f"{self.t.project.pk} pass_township",
                "happened_on": "2026-03-02",
                "happened_time": "09:30",
                "why": "停电",
            },
            "red_flag": {"code": "RF-01", "key": "unit 1", "rows": [1]},
            "tender": {"subject": "道路"},
            "special_audit": {"scope": "全部", "period_from": "2026-01-01", "period_until": "2026-02-01", "team": []},
            "acceptance": {"done": "全部"},
            "measurement": {"measured_on": "2026-03-02", "quantities": {1: 0}},
            "household_batch": {"first_month": "2026-03", "last_month": "2026-03"},
            "claim": {"tranche": "start", "amount_fen": 1, "payee": "某某"},
        }
        assert forms.keys() == KINDS.keys()
        for office in (Office.SYSADMIN, Office.SECADMIN, Office.AUDITOR):
            for kind, form in forms.items():
                root = None if kind == "project" else self.t.project
                with pytest.raises(Refused) as told:
                    acts.open_case(KINDS[kind], by=self.official(office), at=self.t.at, data=form, root=root)
                assert [r.code for r in told.value.refusals] == ["O-01"]

    @refused_by("O-01")
    def test_the_township_of_another_county(self) -> None:
        elsewhere = fresh_application(rulebook="henan-county")
        code = Unit.objects.get(pk=elsewhere.project.unit_id).code.removesuffix("-village")
        self.passed_by(Unit.objects.get(code=f"{code}-township").posts.order_by("id")[0].person)

    @refused_by("O-01")
    def test_the_neighbouring_village(self) -> None:
        town = self.unit("township").area
        area = Area.plant(code="NEXT", name="邻村", level=Level.VILLAGE, parent=town)
        unit = Unit.objects.create(code="NEXT", name="邻村村委会", office=Office.VILLAGE, area=area)
        neighbour = self.newcomer()
        Post.objects.create(person=neighbour, unit=unit, title="经办", since=dt.date(2020, 1, 1))
        self.t.do("withdraw", seat="village", by=neighbour, reason="撤回")


class Days(AtTheTownship):
    def test_a_post_counts_on_its_first_day(self) -> None:
        self.passed_by(self.employ("township", since=0))

    @refused_by("O-01")
    def test_a_post_that_begins_tomorrow(self) -> None:
        self.passed_by(self.employ("township", since=1))

    def test_a_post_counts_on_its_last_day(self) -> None:
        self.passed_by(self.employ("township", until=0))

    @refused_by("O-01")
    def test_a_post_that_ended_yesterday(self) -> None:
        self.passed_by(self.employ("township", until=-1))

    @refused_by("O-01")
    def test_somebody_who_retires_today(self) -> None:
        person = self.employ("township")
        accounts.retire(by=self.official("sysadmin"), person=person, on=self.today(), at=self.t.at)
        self.passed_by(Person.objects.get(pk=person.pk))

    def test_somebody_who_retires_tomorrow(self) -> None:
        person = self.employ("township")
        tomorrow = self.today() + dt.timedelta(days=1)
        accounts.retire(by=self.official("sysadmin"), person=person, on=tomorrow, at=self.t.at)
        self.passed_by(Person.objects.get(pk=person.pk))


class Delegations(AtTheTownship):
    def test_a_delegate_acts_on_somebodys_behalf_and_the_record_says_so(self) -> None:
        delegate = self.newcomer("代办")
        self.lend(to=delegate)
        self.passed_by(delegate)
        entry = Entry.objects.get(act="project.pass_township")
        assert (entry.actor_id, entry.behalf_id) == (delegate.pk, self.official("township").pk)

    @refused_by("O-01")
    def test_a_delegation_that_ended_yesterday(self) -> None:
        delegate, post, days = self.newcomer(), self.official("township").posts.get(), dt.timedelta(days=1)
        since, until = self.today() - 5 * days, self.today() - days
        Delegation.objects.create(post=post, to=delegate, since=since, until=until, reason="外出学习")
        self.passed_by(delegate)

    @refused_by("O-01")
    def test_a_delegation_that_begins_tomorrow(self) -> None:
        delegate = self.newcomer()
        self.lend(to=delegate, since=1, until=5)
        self.passed_by(delegate)

    @refused_by("O-01")
    def test_a_delegation_of_somebody_who_has_left(self) -> None:
        delegate, clerk = self.newcomer(), self.official("township")
        self.lend(to=delegate, until=30)
        accounts.retire(by=self.official("sysadmin"), person=clerk, on=self.today(), at=self.t.at)
        self.passed_by(delegate)

    def test_a_lent_post_cannot_be_lent_on(self) -> None:
        delegate = self.newcomer()
        post = self.lend(to=delegate, until=30).post
        with pytest.raises(register.NotAllowed):
            register.lend_post(
                by=delegate, post=post, to=self.newcomer(), since=self.today(), until=self.today(), reason="转委托",
                at=self.t.at,
            )  # fmt: skip

    def test_a_post_cannot_be_lent_to_its_holder_nor_backwards(self) -> None:
        with pytest.raises(register.NotAllowed):
            self.lend(to=self.official("township"))
        with pytest.raises(register.NotAllowed):
            self.lend(to=self.newcomer(), since=1, until=0)


class Administrators(AtTheTownship):
    def grant(self, *, by: Person, to: Person) -> Post:
        return register.grant_post(
            by=by, person=to, unit=self.unit("township"), title="经办", since=self.today(), until=None, at=self.t.at
        )

    def test_nobody_grants_himself_a_post(self) -> None:
        for office in (Office.SYSADMIN, Office.SECADMIN, Office.AUDITOR, Office.TOWNSHIP):
            with pytest.raises(register.NotAllowed):
                self.grant(by=self.official(office), to=self.official(office))

    def test_nobody_has_himself_granted_a_post_by_his_own_delegate(self) -> None:
        chief, delegate = self.official("secadmin"), self.newcomer()
        register.lend_post(
            by=chief, post=chief.posts.get(), to=delegate, since=self.today(), until=self.today(), reason="出差",
            at=self.t.at,
        )  # fmt: skip
        with pytest.raises(register.NotAllowed):
            self.grant(by=delegate, to=chief)
        assert self.grant(by=delegate, to=self.newcomer()).granted_by == delegate

    def test_the_database_itself_refuses_a_post_granted_to_oneself(self) -> None:
        me = self.official("secadmin")
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.create(person=me, unit=self.unit("township"), title="经办", since=self.today(), granted_by=me)

    def test_only_the_security_administrator_grants(self) -> None:
        with pytest.raises(register.NotAllowed):
            self.grant(by=self.official("sysadmin"), to=self.newcomer())

    def test_every_grant_end_and_loan_stands_in_the_record(self) -> None:
        post = self.grant(by=self.official("secadmin"), to=self.newcomer())
        register.end_post(by=self.official("secadmin"), post=post, until=self.today(), at=self.t.at)
        self.lend(to=self.newcomer())
        acts_of_register = list(Entry.objects.filter(case_id=0).order_by("seq").values_list("act", flat=True))
        assert acts_of_register == ["register.grant_post", "register.end_post", "register.lend_post"]

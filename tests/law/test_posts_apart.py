"""三员分立: who administers, or reads as auditor, holds no other office's post and decides nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from approvals import desks
from tests.law.stages import Stage, refused_by
from workflows import accounts, register
from workflows.models import Person, Post, Unit
from workflows.states import ProjectState as S


class PostsApart(Stage):
    state = S.FILED

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.t.at)

    def unit(self, office: str) -> Unit:
        return Unit.objects.get(posts__person=self.official(office), office=office)

    def grant(self, person: Person, office: str, *, since: int = 0, until: int | None = None) -> Post:
        """A post of the office from a day to a day, counted from today."""
        ends = None if until is None else self.today + dt.timedelta(days=until)
        return register.grant_post(
            by=self.official("secadmin"), person=person, unit=self.unit(office), title="兼任",
            since=self.today + dt.timedelta(days=since), until=ends, at=self.t.at,
        )  # fmt: skip

    def test_an_administrator_gets_no_deciding_post(self) -> None:
        with pytest.raises(register.NotAllowed):
            self.grant(self.official("sysadmin"), "finance")

    def test_who_decides_gets_no_administrators_post(self) -> None:
        with pytest.raises(register.NotAllowed):
            self.grant(self.official("finance"), "sysadmin")

    def test_nobody_is_two_of_the_three(self) -> None:
        with pytest.raises(register.NotAllowed):
            self.grant(self.official("auditor"), "sysadmin")

    def test_a_deciding_post_is_not_lent_to_an_administrator(self) -> None:
        post = self.official("finance").posts.get()
        with pytest.raises(register.NotAllowed):
            register.lend_post(
                by=self.official("secadmin"), post=post, to=self.official("sysadmin"), since=self.today,
                until=self.today, reason="代理", at=self.t.at,
            )  # fmt: skip

    def test_one_after_the_other_is_no_matter(self) -> None:
        newcomer = Person.objects.create_user("newcomer", None, name="新来")
        self.grant(newcomer, "finance", until=9)
        assert self.grant(newcomer, "sysadmin", since=10).pk

    def test_two_deciding_posts_are_no_matter(self) -> None:
        assert self.grant(self.official("finance"), "programme").pk

    @refused_by("O-01")
    def test_a_deciding_post_that_came_past_the_register_rests(self) -> None:
        administrator = self.official("sysadmin")
        Post.objects.create(person=administrator, unit=self.unit("township"), title="兼任", since=dt.date(2020, 1, 1))
        desks.take("pass_township", on=self.t.project, by=administrator, at=self.t.at, reason="同意")

    def test_an_end_does_not_lengthen_a_post(self) -> None:
        newcomer = Person.objects.create_user("newcomer", None, name="新来")
        post = self.grant(newcomer, "finance", until=9)
        with pytest.raises(register.NotAllowed):
            self.end(post, 10)
        self.end(post, 8)
        post.refresh_from_db()
        assert post.until == self.today + dt.timedelta(days=8)

    def end(self, post: Post, days: int) -> None:
        day = self.today + dt.timedelta(days=days)
        register.end_post(by=self.official("secadmin"), post=post, until=day, at=self.t.at)

    def test_nothing_is_back_dated(self) -> None:
        keeper, clerk, other = self.official("secadmin"), self.official("finance"), self.official("township")
        post, yesterday = clerk.posts.get(), self.today - dt.timedelta(days=1)
        with pytest.raises(register.NotAllowed, match="不得倒签"):
            self.grant(other, "water", since=-1)
        with pytest.raises(register.NotAllowed, match="不得倒签"):
            register.end_post(by=keeper, post=post, until=yesterday - dt.timedelta(days=1), at=self.t.at)
        with pytest.raises(register.NotAllowed, match="不得倒签"):
            register.lend_post(
                by=keeper, post=post, to=other, since=yesterday, until=self.today, reason="代理", at=self.t.at
            )
        with pytest.raises(register.NotAllowed, match="不得倒签"):
            accounts.retire(by=self.official("sysadmin"), person=clerk, on=yesterday, at=self.t.at)

    def test_the_same_post_is_not_granted_twice(self) -> None:
        newcomer = Person.objects.create_user("newcomer", None, name="新来")
        self.grant(newcomer, "finance", until=9)
        with pytest.raises(register.NotAllowed, match="已担任"):
            self.grant(newcomer, "finance", since=9)
        assert self.grant(newcomer, "finance", since=10).pk

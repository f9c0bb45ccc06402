"""不相容岗位分离: what one hand has done, the same hand does not review, approve or pay.

A traveller walks the whole road. Before each act that is one half of a pair, whoever did the other
half gets every post he could wish for and tries it: himself, by a delegation, for somebody who did
it, as superuser, at a desk and in bulk. D-01 must refuse him; the road then goes on by clean hands.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

from approvals import desks, road
from approvals.traveller import Traveller
from tests.factories import fresh_application
from tests.law import asides
from tests.law.stages import Stage, refused_by
from tests.law.survey import never_happened
from workflows import acts
from workflows.law import Refused
from workflows.models import Case, Delegation, Person, Post, Unit
from workflows.rulebook import load as rulebooks
from workflows.states import ProjectState as S

LONG_AGO, LATER = dt.date(2020, 1, 1), dt.date(2035, 1, 1)


@dataclass(kw_only=True)
class Grasping(Traveller):
    """A traveller whose people try to do both halves of every pair."""

    tried: set[tuple[str, str]] = field(default_factory=set)

    def do(self, name: str, *, seat: str, on: Case | None = None, **given: Any) -> Case:
        case = (on or self.project).typed()
        code = f"{case.kind}.{name}"
        for first, second in self.project.book.separation.pairs.value:
            if code in (first, second) and (first, second) not in self.tried:
                other = second if code == first else first
                for step in self.steps:
                    if step.act == other:
                        self.tried.add((first, second))
                        self._grasp(name, case=case, seat=seat, hand=step.person, given=given)
                        break
        return super().do(name, seat=seat, on=on, **given)

    def _grasp(self, name: str, *, case: Case, seat: str, hand: Person, given: dict[str, Any]) -> None:
        clean = self.who(case, name, seat=seat)
        post = Post.objects.filter(person=clean, unit__office=case.office(seat)).get()
        for way in (own_post, lent_to_him, lent_by_him, superuser):
            with never_happened():
                by = way(hand=hand, post=post)
                self._refused(name, case=case, by=by, given=given)

    def _refused(self, name: str, *, case: Case, by: Person, given: dict[str, Any]) -> None:
        how = {"reason": "同意", "data": None} | given
        for entrance in (acts.perform, desks.take):
            with pytest.raises(Refused) as told, never_happened():
                entrance(name, on=case, by=by, at=self.at + self.pace, **how)
            codes = {refusal.code for refusal in told.value.refusals}
            # Who submitted the evidence may not verify it by rules of their own, too.
            assert "D-01" in codes <= {"D-01", "Z-03", "Z-18"}
        assert "D-01" in {refusal.code for refusal in acts.why_not(name, on=case, by=by, at=self.at + self.pace)}
        shown = (case.root or case).family_version
        bulk = {"reason": how["reason"], "data": how["data"] or {}}
        (outcome,) = desks.take_each(name, on=[(case, shown)], by=by, at=self.at + self.pace, **bulk)
        assert not outcome.done
        assert "D-01" in outcome.text


def own_post(*, hand: Person, post: Post) -> Person:
    """He is given a second post in the office that does the other half."""
    Post.objects.create(person=hand, unit=post.unit, title="兼任", since=LONG_AGO)
    return hand


def lent_to_him(*, hand: Person, post: Post) -> Person:
    """The post of a clean colleague is lent to him."""
    Delegation.objects.create(post=post, to=hand, since=LONG_AGO, until=LATER, reason="代理")
    return hand


def lent_by_him(*, hand: Person, post: Post) -> Person:
    """He has a second post and sends a stranger in his place."""
    second = Post.objects.create(person=hand, unit=post.unit, title="兼任", since=LONG_AGO)
    stranger = Person.objects.create_user("stranger", None, name="代办人")
    Delegation.objects.create(post=second, to=stranger, since=LONG_AGO, until=LATER, reason="代理")
    return stranger


def superuser(*, hand: Person, post: Post) -> Person:
    """He is superuser besides."""
    Person.objects.filter(pk=hand.pk).update(is_superuser=True)
    return own_post(hand=Person.objects.get(pk=hand.pk), post=post)


@pytest.mark.django_db
def test_no_pair_of_the_rulebook_meets_in_one_hand_by_any_entrance() -> None:
    plain = fresh_application()
    grasping = Grasping(**{f.name: getattr(plain, f.name) for f in dataclasses.fields(plain)})
    # Probing, his bank returns a payment, and somebody corrects the account.
    grasping.probing = True
    for reached in road.whole_road(grasping):
        if reached == S.APPROVED and not grasping.project.family.filter(kind="household_batch").exists():
            asides.pay_households(grasping)
        if reached == S.BUILDING and ("notice.ask_waiver", "notice.grant_waiver") not in grasping.tried:
            with never_happened():
                asides.cut_a_term(grasping)
    assert grasping.project.state == S.CLOSED
    pairs = rulebooks.load("default").separation.pairs.value
    assert grasping.tried == {(first, second) for first, second in pairs}


class AtTheTownship(Stage):
    state = S.FILED

    def filer(self) -> Person:
        return next(step.person for step in self.t.steps if step.act == "project.file")

    @refused_by("D-01")
    def test_the_villages_clerk_who_reviews_his_own_application_at_the_township(self) -> None:
        township = Unit.objects.get(posts__person=self.official("township"))
        Post.objects.create(person=self.filer(), unit=township, title="兼任", since=LONG_AGO)
        self.t.do("pass_township", seat="township", by=self.filer(), reason="同意")

    def test_a_colleague_of_the_filer_who_has_acted_in_no_other_role_may_review(self) -> None:
        colleague = self.official("village", 1)
        assert colleague != self.filer()
        township = Unit.objects.get(posts__person=self.official("township"))
        Post.objects.create(person=colleague, unit=township, title="兼任", since=LONG_AGO)
        self.t.do("pass_township", seat="township", by=colleague, reason="同意")
        assert self.t.project.state == S.JOINT_REVIEW

"""Where a test of a rule begins: a project that has just reached a state, and an act that must be refused.

``@refused_by("C-04")`` stands over a test that ends with an unlawful act. The act must be refused by
that rule and no other: then the test fails as soon as somebody drops the rule or weakens it.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import pytest
from django.test import TestCase

from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import official, project_at
from workflows.law import RULES, Refused
from workflows.models import Case, Person
from workflows.states import ProjectState

#: Code -> the tests that saw it refuse.
WITNESSES: defaultdict[str, list[str]] = defaultdict(list)


def refused_by(*codes: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The test ends with an act that exactly these rules refuse, each with its article."""

    def judge(test: Callable[..., None]) -> Callable[..., None]:
        for code in codes:
            WITNESSES[code].append(f"{test.__module__}.{test.__qualname__}")

        @functools.wraps(test)
        def judged(*args: Any, **given: Any) -> None:
            with pytest.raises(Refused) as told:
                test(*args, **given)
            assert sorted(refusal.code for refusal in told.value.refusals) == sorted(codes), str(told.value)
            for refusal in told.value.refusals:
                assert refusal.article
                assert refusal.text
                assert "%(" not in f"{refusal.article}{refusal.text}{refusal.remedy}"
                if refusal.code in RULES:
                    assert refusal.article == str(RULES[refusal.code].article)
                    assert refusal.remedy
            every_case_stands_where_its_record_says()

        return judged

    return judge


def every_case_stands_where_its_record_says(cases: Iterable[Case] | None = None) -> None:
    """Nothing moved that was not entered; all cases where none are named."""
    cases = list(Case.objects.all() if cases is None else cases)
    entered = Entry.objects.filter(case_id__in=[case.pk for case in cases]).order_by("seq")
    # Of each case the last one stays.
    last = {case: heads for case, *heads in entered.values_list("case_id", "seq", "hash", "state_to")}
    for case in cases:
        assert [case.entry_count, case.entry_head, case.state] == last[case.pk]


class Stage(TestCase):
    """Every test of the class begins with a project in ``state``, and is undone at its end."""

    state: ClassVar[ProjectState]
    rulebook: ClassVar[str] = "default"
    specimen: ClassVar[int] = 0
    t: Traveller

    @classmethod
    def setUpTestData(cls) -> None:
        cls.t = project_at(cls.state, rulebook=cls.rulebook, specimen=cls.specimen)

    def official(self, office: str, hand: int = 0) -> Person:
        """One of an office's two people."""
        return official(self.t, office, hand=hand)

"""No rule without a test that saw it refuse, alone or beside those named with it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

import tests.law
from tests.law.stages import WITNESSES, refused_by
from workflows.law import RULES, Refusal, Refused


def test_every_rule_has_a_test_that_saw_it_refuse() -> None:
    for module in iter_modules(tests.law.__path__, "tests.law."):
        import_module(module.name)
    assert [f"{code}: no test under tests/law has @refused_by({code!r})" for code in RULES if not WITNESSES[code]] == []


@pytest.mark.django_db
@pytest.mark.parametrize("codes", [(), ("C-05",), ("C-04", "C-05"), ("C-04", "C-04")])
def test_a_witness_that_saw_something_else_fails(codes: tuple[str, ...]) -> None:
    def act() -> None:
        if codes:
            raise Refused([Refusal(code=code, article="第一条", text="不予办理", remedy="补正") for code in codes])

    before = {code: list(tests) for code, tests in WITNESSES.items()}
    try:
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            refused_by("C-04")(act)()
    finally:
        WITNESSES.clear()
        WITNESSES.update(before)

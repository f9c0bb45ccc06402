"""An act or state a rulebook names is one the machines have, or its rule would never apply."""

from __future__ import annotations

import re
from typing import get_args

from django.apps import apps

from workflows.cases import Case
from workflows.rulebook import codes
from workflows.states import STATES
from workflows.timed import BARE_KINDS


def test_every_act_a_rulebook_may_name_is_an_act_of_a_machine() -> None:
    known: set[str] = set()
    for model in apps.get_models():
        if issubclass(model, Case) and model is not Case:
            kind = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
            acts = (name for name in dir(model) if hasattr(getattr(model, name, None), "_django_fsm"))
            known |= {f"{kind}.{name}" for name in (*acts, "open")}
    assert set(get_args(codes.Act)) <= known


def test_every_state_with_a_term_is_a_state_of_a_machine() -> None:
    known = {state.value for kind in BARE_KINDS for state in STATES[kind]}
    known |= {f"{kind}.{state.value}" for kind, states in STATES.items() for state in states}
    assert set(codes.TIMED_STATES) <= known

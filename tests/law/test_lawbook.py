"""The law is whole, and its document says what the code says."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from workflows import lawbook, lawgraph
from workflows.law import RULES, Rule
from workflows.lifecycles import KINDS, all_acts
from workflows.states import STATES, NoticeState

LAW = Path(__file__).resolve().parents[2] / "docs" / "law.md"


def test_every_machine_is_whole_and_every_rule_is_used_and_says_why() -> None:
    assert lawgraph.faults() == []


def test_the_document_is_what_the_code_says() -> None:
    call_command("law", "--check")


def test_a_stale_document_is_told_and_left_alone(tmp_path: Path) -> None:
    stale = tmp_path / "law.md"
    stale.write_text("once upon a time")
    with pytest.raises(SystemExit) as told:
        call_command("law", "--check", out=stale)
    assert told.value.code == 1
    assert stale.read_text() == "once upon a time"
    call_command("law", out=stale)
    call_command("law", "--check", out=stale)


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_is_opened_in_the_first_state_of_its_kind(kind: str) -> None:
    found = re.search(r"state=S\.(\w+)", inspect.getsource(KINDS[kind].begin))
    assert found is not None
    assert STATES[kind][found[1]] == lawgraph.beginning(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_act_and_rule_of_a_machine_stands_in_the_document(kind: str) -> None:
    text = LAW.read_text()
    machine = KINDS[kind]
    names = [f"`{act.code(kind)}`" for act in (machine.opening.act, *all_acts(machine))]
    names += [f"`{state}`" for state in STATES[kind].values]
    names += [f"[{rule.code}](#{rule.code.lower()})" for step in lawgraph.steps(machine) for rule in step.act.rules]
    assert [name for name in names if name not in text] == []


def test_every_link_in_the_document_leads_somewhere() -> None:
    text = LAW.read_text()
    anchors = set(re.findall(r'<a id="([^"]+)">', text))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors
    files = set(re.findall(r"\]\((\.\./[^)#]+)\)", text))
    assert [path for path in files if not (LAW.parent / path).is_file()] == []


def a_rule(**facts: object) -> Rule:
    return replace(RULES["F-01"], **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (a_rule(code="Q-01"), "no act and no opening uses it"),
        (a_rule(code="Q-01", article=" "), "no article"),
        (a_rule(code="Q-01", refusal=""), "no refusal"),
        (a_rule(code="Q-01", remedy=""), "no remedy"),
        (a_rule(code="Q-01", holds=lambda case, call: True), "its function has no name"),
    ],
)
def test_a_rule_without_use_or_reason_is_named(rule: Rule, fault: str) -> None:
    assert f"Q-01: {fault}" in list(lawgraph.of_rule(rule))


def test_a_state_that_nobody_reaches_or_leaves_is_named() -> None:
    known = [step for step in lawgraph.steps(KINDS["notice"]) if step.act.name != "start"]
    told = set(lawgraph.of_machine("notice", known))
    assert told == {"notice: no act leads to running", "notice: no act leads to closed"}
    known = [step for step in lawgraph.steps(KINDS["notice"]) if step.sources == ("prepared",)]
    assert "notice: no act leads on from running" in set(lawgraph.of_machine("notice", known))


def test_an_act_after_the_end_is_named() -> None:
    (close,) = [step for step in lawgraph.steps(KINDS["notice"]) if step.act.name == "close"]
    again = replace(close, sources=("running", "closed"))
    assert "notice.close: may be done after the end" in set(lawgraph.of_machine("notice", [again]))


def test_an_act_that_may_stay_must_say_that_it_lingers() -> None:
    (answer,) = [step for step in lawgraph.steps(KINDS["household_batch"]) if step.act.name == "answer"]
    assert not [f for f in lawgraph.of_machine("household_batch", [answer]) if "stay" in f]
    hasty = replace(answer, act=replace(answer.act, lingers=False))
    told = set(lawgraph.of_machine("household_batch", [hasty]))
    assert "household_batch.answer: may choose to stay where it is" in told


def test_both_languages_stand_side_by_side_with_their_placeholders_in_braces() -> None:
    assert lawbook.both("%(days)s days") == "{days} days"
    assert lawbook.in_language(NoticeState.CLOSED.label, "en") == "Closed, term run"

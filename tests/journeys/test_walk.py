"""``manage.py walk``: the whole road on the command line, under every shipped rulebook."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from approvals import stops
from approvals.traveller import Traveller
from audit.models import Entry
from workflows.models import Case
from workflows.rulebook.load import shipped

STEP = {"act", "actor", "post", "desk", "from", "to", "at", "hash"}
ATTEMPT = {"act", "actor", "rule", "article"}


def walk(**options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("walk", json=True, stdout=out, **options)
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


@pytest.mark.django_db
@pytest.mark.parametrize("rulebook", shipped())
@pytest.mark.parametrize("seed", [1, 7])
def test_a_project_goes_from_application_to_closed(rulebook: str, seed: int) -> None:
    told = walk(rulebook=rulebook, seed=seed)
    assert told["case"] == Case.objects.get(kind="project").number
    assert told["rulebook"].startswith(rulebook)
    first, last = told["steps"][0], told["steps"][-1]
    assert (first["act"], last["act"], last["to"]) == ("project.open", "project.close", "closed")
    assert all(set(step) >= STEP and step["actor"] and step["desk"] for step in told["steps"])
    assert len(told["refused"]) >= 20
    for attempt in told["refused"]:
        assert set(attempt) >= ATTEMPT
        assert attempt["rule"]
        assert attempt["article"]
    assert [step["hash"] for step in told["steps"]] == list(
        Entry.objects.filter(case_id__gt=0).order_by("id").values_list("hash", flat=True)
    )
    drawn = told["tranches"]
    assert sum(line["paid_fen"] + line["retained_fen"] for line in drawn) == sum(line["claimed_fen"] for line in drawn)
    assert told["money"]["paid_fen"] == sum(line["claimed_fen"] for line in drawn) > 0
    call_command("audit", "verify", stdout=io.StringIO())
    call_command("funds", "verify", stdout=io.StringIO())


@pytest.mark.django_db
def test_the_same_seed_walks_the_same_way_and_another_seed_another() -> None:
    first, again, other = (walk(seed=seed) for seed in (3, 3, 4))

    def way(told: dict[str, Any]) -> list[tuple[str, str, str]]:
        return [(step["act"], step["to"], step["at"]) for step in told["steps"]]

    assert way(first) == way(again)
    assert way(first) != way(other)


@pytest.mark.django_db
def test_it_fails_if_what_must_be_refused_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def close_early(t: Traveller, **given: Any) -> Any:
        notice = stops.post_notice(t, **given)
        # What is lawful by then stands for a hole in the law.
        t.wait(60)
        t.try_in_vain("attach", on=notice, seat="programme", rule="N-06", data={"paper": "other"})
        return t.do("close", on=notice, seat="programme")

    monkeypatch.setattr(stops, "run_notice", close_early)
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("walk", stdout=io.StringIO(), stderr=said)
    assert ended.value.code == 1
    assert "N-06" in said.getvalue()


@pytest.mark.django_db
def test_the_lines_say_who_did_what_and_what_was_refused_in_chinese() -> None:
    out = io.StringIO()
    call_command("walk", stdout=out)
    told = out.getvalue()
    lines = told.splitlines()
    assert sum("✗" in line for line in lines) >= 20
    assert "!!" not in told
    assert "已支付" in lines[-1]
    assert "质保金0.00元" in lines[-1]
    assert all(max(line) >= "\u4e00" for line in lines)


@pytest.mark.django_db
def test_an_unknown_rulebook_is_named_with_those_that_there_are() -> None:
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("walk", rulebook="nowhere", stdout=io.StringIO(), stderr=said)
    assert ended.value.code == 1
    assert "qingyuan" in said.getvalue()

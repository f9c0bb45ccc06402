"""Each check of works, claims, vouchers, audit, rectification and papers finds what was planted for it, and no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from approvals import road
from tests.factories import fresh_application
from tests.law.journals import WITNESSES, Story, finds, lawful
from workflows import checks
from workflows.checks import CHECKS
from workflows.rulebook import load

pytestmark = pytest.mark.django_db


def test_the_lawful_road_gives_no_finding_at_all() -> None:
    assert checks.examine(lawful().family) == []


@pytest.mark.parametrize("rulebook", load.shipped())
def test_no_countys_road_gives_a_finding(rulebook: str) -> None:
    """Other levels, tranches, routes and orders of the checks, each by the edition that its entries name."""
    traveller = fresh_application(rulebook=rulebook, specimen=1)
    for _state in road.whole_road(traveller):
        pass
    assert [finding.text for finding in checks.examine(checks.family(traveller.project.pk))] == []


def test_the_edition_that_the_entries_name_decides() -> None:
    """What one edition allows contradicts another that kept the retention for three years."""
    story = lawful()
    book = story.rows[0].book
    assert book is not None
    months = book.retention.months.model_copy(update={"value": 36})
    stricter = book.model_copy(update={"retention": book.retention.model_copy(update={"months": months})})
    assert story.findings("CH-65") == []
    assert [finding.check.code for finding in checks.examine(story.under(stricter).family)] == ["CH-65"]


def test_every_check_has_seen_a_planted_case() -> None:
    from tests.law import test_checks_of_the_road

    assert test_checks_of_the_road
    assert set(WITNESSES) == set(CHECKS)


def test_a_record_that_says_nothing_is_no_reason_to_stumble() -> None:
    """Every form is empty, every amount gone, as a careless import may leave it."""
    story = lawful()
    bare = [replace(row, data={}, files=(), money=(), amount_fen=None, actor_id=None) for row in story.rows]
    assert checks.examine(Story(story.root_id, tuple(bare)).family)


def before(story: Story, act: str, nth: int = -1, *, days: int = 1) -> str:
    return (story.row(act, nth).day - dt.timedelta(days=days)).isoformat()


def invoices(story: Story, nth: int, **facts: Any) -> list[dict[str, Any]]:
    return [{**line, **facts} for line in story.row("claim.open", nth).data["invoices"]]


# Works


@finds("CH-40", "special_audit.open", times=4)
def test_works_were_checked_that_nobody_reported_complete(story: Story) -> Story:
    return story.without("project.complete")


@finds("CH-41", "measurement.open", "measurement.sign_off")
def test_more_was_measured_than_the_bill_has(story: Story) -> Story:
    return story.altered("measurement.open", data={"quantities": {"1": 7_701, "2": 1_000}})


def test_what_may_be_added_is_no_finding() -> None:
    story = lawful().altered("measurement.open", data={"quantities": {"1": 7_700, "2": 1_000}})
    assert story.findings("CH-41") == []


@finds("CH-42", "measurement.sign_off", "measurement.sign_off")
def test_less_was_measured_than_before(story: Story) -> Story:
    return story.altered("measurement.open", data={"quantities": {"1": 7_000, "2": 1}})


@finds("CH-43", "measurement.sign_off", "project.complete")
def test_completion_was_reported_of_half_the_works(story: Story) -> Story:
    return story.without("measurement.sign_off")


@finds("CH-44", "claim.confirm_payment")
def test_payment_ran_ahead_of_the_quantities(story: Story) -> Story:
    return story.without("measurement.sign_off", 0)


# Claims in time


@finds("CH-50", "claim.submit")
def test_the_final_claim_came_before_the_acceptance(story: Story) -> Story:
    return story.without("project.pass_acceptance")


@finds("CH-51", "project.pass_acceptance", "claim.open", "claim.submit")
def test_an_application_is_older_than_the_acceptance(story: Story) -> Story:
    return story.altered("claim.open", data={"applied_on": before(story, "project.pass_acceptance")})


@finds("CH-52", "claim.open", "claim.check_township")
def test_the_townships_opinion_is_older_than_the_application(story: Story) -> Story:
    return story.altered("claim.check_township", data={"checked_on": before(story, "claim.open")})


@finds("CH-53", "claim.approve_finance", "claim.pay")
def test_a_claim_was_paid_without_the_department(story: Story) -> Story:
    return story.without("claim.approve_department")


@finds("CH-54", "claim.pay", "claim.confirm_payment")
def test_the_bank_paid_before_it_was_told_to(story: Story) -> Story:
    return story.altered("claim.confirm_payment", data={"paid_on": before(story, "claim.pay")})


@finds("CH-55", "claim.submit")
def test_the_final_settlement_came_before_the_audit(story: Story) -> Story:
    return story.without("project.pass_audit")


# Claims in money


@finds("CH-60", "claim.submit", "claim.pay")
def test_more_was_paid_than_approved(story: Story) -> Story:
    return story.altered("claim.pay", amount_fen=10**9)


@finds("CH-60", "claim.cut", "claim.pay")
def test_a_cut_was_not_kept_to(story: Story) -> Story:
    cut = story.added("claim.cut", after="claim.check_township")
    return cut.altered("claim.cut", amount_fen=100)


@finds("CH-61", "claim.pay", "claim.confirm_payment")
def test_the_bank_paid_another_amount(story: Story) -> Story:
    return story.altered("claim.confirm_payment", data={"ordered_fen": 1})


@finds("CH-62", "claim.submit", "claim.submit", times=2)
def test_a_claim_exceeds_its_tranche(story: Story) -> Story:
    """Eight tenths of four million may be claimed while it is built."""
    return story.altered("claim.submit", 1, amount_fen=200_000_001).altered("claim.open", 1, amount_fen=200_000_000)


@finds("CH-63", "claim.confirm_payment")
def test_more_was_spent_than_granted(story: Story) -> Story:
    return story.altered("claim.confirm_payment", money=(("settle", 400_000_000),))


@finds("CH-64", "project.pass_audit", "project.close")
def test_an_overpayment_never_came_back(story: Story) -> Story:
    return story.altered("project.pass_audit", amount_fen=1_000_000)


@finds("CH-65", "project.pass_acceptance", "project.release_retention")
def test_the_retention_was_released_early(story: Story) -> Story:
    return story.moved("project.release_retention", days=-60)


# Vouchers


@finds("CH-70", "tender.close", "claim.open", "claim.submit")
def test_the_contractor_billed_before_the_contract(story: Story) -> Story:
    seller = story.row("tender.award").data["winner"]
    lines = invoices(story, -1, seller=seller, issued_on=before(story, "project.sign_contract", days=60))
    return story.altered("claim.open", data={"invoices": lines[:1]}).altered(
        "tender.close", data={"signed_on": before(story, "project.sign_contract", days=1)}
    )


@finds("CH-71", "project.approve", "claim.open", "claim.submit")
def test_an_invoice_is_older_than_the_plan(story: Story) -> Story:
    return story.altered("claim.open", data={"invoices": invoices(story, -1, issued_on="2026-01-05")[:1]})


@finds("CH-72", "claim.open", "claim.submit")
def test_invoices_do_not_cover_the_claim(story: Story) -> Story:
    return story.altered("claim.open", data={"invoices": []})


@finds("CH-73", "claim.submit", "claim.submit")
def test_an_invoice_was_claimed_twice(story: Story) -> Story:
    return story.altered("claim.open", data={"invoices": invoices(story, 0)[:1]})


# Audit and acceptance


@finds("CH-80", "project.pass_acceptance")
def test_acceptance_came_before_the_audit(story: Story) -> Story:
    return story.moved("project.pass_audit", days=90)


@finds("CH-81", "project.pass_acceptance")
def test_an_acceptance_was_passed_that_nobody_held(story: Story) -> Story:
    return story.without("acceptance.conclude")


@finds("CH-82", "special_audit.open", "special_audit.begin_fieldwork")
def test_the_auditors_came_unannounced(story: Story) -> Story:
    wait = story.row("special_audit.begin_fieldwork").day - story.row("special_audit.open").day
    return story.moved("special_audit.begin_fieldwork", days=1 - wait.days)


@finds("CH-83", "special_audit.sign_section", "special_audit.sign_section", "special_audit.draft")
def test_an_office_wrote_no_section(story: Story) -> Story:
    return story.without("special_audit.sign_section", 0)


@finds("CH-84", "special_audit.draft", "special_audit.conclude")
def test_the_report_did_not_wait_for_the_auditee(story: Story) -> Story:
    wait = story.row("special_audit.conclude").day - story.row("special_audit.draft").day
    return story.moved("special_audit.conclude", days=3 - wait.days)


@finds("CH-85", "acceptance.conclude")
def test_the_township_never_looked(story: Story) -> Story:
    return story.without("acceptance.pass_level")


# Rectification and papers


@finds("CH-90", "rectification.open", "rectification.verify")
def test_an_order_was_closed_with_an_item_left(story: Story) -> Story:
    results = story.row("rectification.verify").data["results"]
    return story.altered("rectification.verify", data={"results": {**results, min(results): "not_done"}})


@finds("CH-91", "rectification.verify")
def test_an_item_was_closed_on_its_word(story: Story) -> Story:
    return story.without("rectification.prove")


@finds("CH-92", "rectification.open", "project.pass_acceptance", times=2)
def test_a_project_was_accepted_with_an_order_open(story: Story) -> Story:
    return story.without("rectification.verify")


@finds("CH-95", "project.sign_contract")
def test_the_contract_is_not_in_the_record(story: Story) -> Story:
    contract = [row.data["paper"] for row in story.rows if row.act == "project.attach"].index("contract")
    return story.altered("project.attach", contract, files=("not a digest",))

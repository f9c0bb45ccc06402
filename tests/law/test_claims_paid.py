"""Paying a claim: ordered, returned, ordered again, paid; the books and the record follow to the fen."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from approvals import measure, stops
from audit.journal import facts_of
from audit.models import Entry
from funds import ledger
from tests.factories import fresh_application, project_at, walk_on
from tests.law.claiming import ClaimStage
from workflows.models import Claim
from workflows.secrecy import fingerprint
from workflows.states import ClaimState
from workflows.states import ProjectState as S

ACCOUNT = "2310400109024588123"


class AtApproval(ClaimStage):
    state = S.APPROVED

    def position(self) -> ledger.Position:
        return ledger.position(case_id=self.t.project.pk)

    def returned(self) -> Claim:
        """A claim whose first order the bank has sent back."""
        claim = self.order()
        data = {"order_number": claim.order_number, "ordered_fen": claim.ordered_fen}
        return self.t.do("fail_payment", on=claim, seat="finance", data=data, reason="账号不符")  # type: ignore[return-value]

    def test_an_order_is_spent_for_nothing_else_until_the_bank_answers(self) -> None:
        before = self.position()
        claim = self.order()
        assert claim.state == ClaimState.PAYING
        assert claim.order_number == f"{claim.number}-1"
        assert claim.ordered_fen == 97_000
        assert claim.retained_fen == 3_000
        assert self.position().ordered_fen == 97_000
        assert self.position().reserved_fen == before.reserved_fen - 97_000
        assert self.position().paid_fen == self.position().retained_fen == 0

    def test_the_retention_is_held_back_with_the_banks_receipt(self) -> None:
        claim = self.order()
        paid = self.t.do("confirm_payment", on=claim, seat="finance", data=self.receipt(claim))
        assert paid.state == ClaimState.PAID
        assert self.position().paid_fen == 97_000
        assert self.position().retained_fen == 3_000
        assert self.position().ordered_fen == 0
        entry = Entry.objects.filter(case_id=claim.pk).latest("seq")
        assert {fact["kind"]: fact["fen"] for fact in facts_of(entry)["money"]} == {"settle": 97_000, "retain": 3_000}

    def test_what_the_bank_sends_back_is_reserved_again(self) -> None:
        before = self.position()
        claim = self.returned()
        assert claim.state == ClaimState.PAYMENT_FAILED
        assert self.position() == before

    def test_the_second_order_has_a_number_of_its_own_and_goes_to_the_corrected_account(self) -> None:
        claim = self.returned()
        corrected = stops.payee("众兴建筑有限公司", account="2310400109024588132")
        self.t.do("correct_payee", on=claim, seat="village", data=corrected, reason="更正账号")
        again = self.t.do("pay", on=claim, seat="finance")
        assert isinstance(again, Claim)
        assert again.order_number == f"{claim.number}-2"
        assert again.account.open() == "2310400109024588132"
        assert again.retained_fen == 3_000
        self.t.do("confirm_payment", on=again, seat="finance", data=self.receipt(again))
        assert self.position().paid_fen == 97_000
        assert self.position().retained_fen == 3_000

    def test_a_returned_payment_can_end_with_the_claim_rejected(self) -> None:
        claim = self.returned()
        assert self.t.do("reject", on=claim, seat="finance", reason="收款人已注销").state == ClaimState.REJECTED

    def test_two_orders_at_once_share_the_retention_to_the_fen(self) -> None:
        self.approve(first := self.draw_up(self.invoice("1"), fen=33))
        self.approve(second := self.draw_up(self.invoice("2"), fen=34))
        ordered = [self.t.do("pay", on=claim, seat="finance") for claim in (first, second)]
        assert [claim.retained_fen for claim in ordered if isinstance(claim, Claim)] == [0, 2]

    def test_the_account_number_stands_nowhere_unsealed(self) -> None:
        claim = self.order()
        with connection.cursor() as cursor:
            cursor.execute("SELECT account FROM workflows_claim WHERE case_ptr_id = %s", [claim.pk])
            (stored,) = cursor.fetchone()
        assert ACCOUNT not in stored
        assert not any(ACCOUNT.encode() in bytes(entry.octets) for entry in Entry.objects.all())
        opening = facts_of(Entry.objects.get(case_id=claim.pk, seq=1))["data"]
        assert opening["account"] == "****8123"
        assert opening["account_print"] == fingerprint(ACCOUNT)
        assert str(claim.typed().account) == "****8123"  # type: ignore[attr-defined]

    def test_the_database_refuses_an_account_that_is_not_sealed(self) -> None:
        claim = self.draw_up()
        with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE workflows_claim SET account = %s WHERE case_ptr_id = %s", [ACCOUNT, claim.pk])


@pytest.mark.django_db
def test_a_walk_with_a_returned_payment_ends_with_every_fen_where_it_belongs() -> None:
    t = fresh_application()
    t.probing = True
    walk_on(t, until=lambda reached: reached == S.HANDED_OVER)
    claims = Claim.objects.filter(root=t.project.pk)
    assert {claim.state for claim in claims} == {ClaimState.PAID}
    assert max(claim.orders_count for claim in claims) == 2
    stands = ledger.position(case_id=t.project.pk)
    assert stands.paid_fen == sum(claim.ordered_fen for claim in claims)
    assert stands.retained_fen == sum(claim.retained_fen for claim in claims)


@pytest.mark.django_db
def test_the_audit_counts_what_an_order_on_its_way_will_have_retained() -> None:
    t = project_at(S.BUILDING)
    measure.measure(t, permille=1000)
    claim = stops.claim_tranche(t, code="progress", pay=False)
    assert claim is not None
    ordered = t.do("pay", on=claim, seat="finance")
    t.papers("project.complete", seat="village")
    t.do("complete", seat="village", reason="已完工")
    t.wait(3)
    t.do("begin_checks", seat="programme")
    spent_fen = sum(one.amount_fen for one in Claim.objects.filter(root=t.project.pk))
    stops.hold_audit(t, audited_fen=spent_fen - 100)
    t.do("pass_audit", seat="audit")
    assert isinstance(ordered, Claim)
    assert ordered.retained_fen > 0
    assert t.project.refund_due_fen == 100

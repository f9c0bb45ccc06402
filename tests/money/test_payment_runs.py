"""Files for the bank: each order in one file, for who pays alone; results entered once, whatever happens meanwhile."""

from __future__ import annotations

import csv
import io
import signal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals import payrun, stops
from audit.journal import facts_of
from audit.models import Entry
from funds import books, ledger
from funds.models import Transfer
from funds.vouchers import differences
from tests import forked
from tests.database import url
from tests.desks.pages import Page, browser_of
from tests.factories import official, project_at
from tests.law.claiming import ClaimStage
from tests.law.householding import HouseholdStage
from workflows import register
from workflows.models import Claim, PaymentFile, PaymentLine, Person
from workflows.payments import bankfile, runs
from workflows.register import NotAllowed
from workflows.states import ClaimState
from workflows.states import ProjectState as S

HEAD = ",".join(bankfile.BACK)
ACCOUNT = "2310400109024588123"


def results(*rows: tuple[Any, ...]) -> bytes:
    """The bank's file."""
    return "\r\n".join([HEAD, *(",".join(map(str, row)) for row in rows)]).encode()


class Paying(ClaimStage):
    """The head of the finance bureau's desk pays; the clerk has approved."""

    state = S.APPROVED

    def setUp(self) -> None:
        self.payer = official(self.t, "finance", hand=1)

    def ordered(self, count: int = 3, *, since: int = 0) -> list[Claim]:
        claims = []
        for number in range(since, since + count):
            self.approve(claim := self.draw_up(self.invoice(str(number)), fen=100_000))
            claims.append(self.t.do("pay", on=claim, seat="finance", by=self.payer))
        return claims  # type: ignore[return-value]

    def make(self) -> PaymentFile:
        return runs.make(by=self.payer, at=self.t.at)

    def enter(self, content: bytes, by: Person | None = None) -> list[tuple[str, str]]:
        entered = payrun.enter_results(content, by=by or self.payer, at=self.t.at)
        return [(outcome.result.order, outcome.mark) for outcome in entered]

    def paid(self, claim: Claim) -> tuple[Any, ...]:
        return claim.order_number, "970.00", "成功", "", f"R{claim.pk}", self.today()

    def failed(self, claim: Claim) -> tuple[Any, ...]:
        return claim.order_number, "970.00", "失败", "账号与户名不符", "", ""

    # Out

    def test_a_file_holds_the_payers_own_orders_each_once(self) -> None:
        claims = self.ordered()
        file = self.make()
        rows = list(csv.reader(io.StringIO(runs.take_out(file, by=self.payer, at=self.t.at).decode("utf-8-sig"))))
        assert [row[0] for row in rows[1:]] == [claim.order_number for claim in claims]
        assert {row[3] for row in rows[1:]} == {f"\t{ACCOUNT}"}
        assert file.total_fen == 3 * 97_000
        with pytest.raises(NotAllowed):
            self.make()
        self.ordered(1, since=3)
        assert self.make().lines.count() == 1

    def test_the_bank_gets_the_file_that_the_record_names(self) -> None:
        self.ordered()
        file = self.make()
        entry = Entry.objects.get(act="payments.make_file")
        assert facts_of(entry)["data"]["sha256"] == file.sha256 == bankfile_digest(file)
        runs.take_out(file, by=self.payer, at=self.t.at)
        assert Entry.objects.filter(act="payments.take_out_file").count() == 1

    def test_who_has_not_ordered_them_neither_sends_nor_opens_them(self) -> None:
        self.ordered()
        clerk = official(self.t, "finance")
        with pytest.raises(NotAllowed):
            runs.make(by=clerk, at=self.t.at)
        file = self.make()
        with pytest.raises(NotAllowed):
            runs.take_out(file, by=clerk, at=self.t.at)
        with pytest.raises(NotAllowed):
            runs.make(by=official(self.t, "programme"), at=self.t.at)

    def test_who_stands_in_for_the_payer_sends_them_and_the_record_says_for_whom(self) -> None:
        self.ordered()
        post = self.payer.posts.get()
        stand_in = Person.objects.create_user("stand-in", None, name="替班")
        register.lend_post(by=self.payer, post=post, to=stand_in, since=self.today(), until=self.today(),
                           reason="出差", at=self.t.at)  # fmt: skip
        file = runs.make(by=stand_in, at=self.t.at)
        assert (file.made_by, file.behalf) == (stand_in, self.payer)
        assert runs.take_out(file, by=self.payer, at=self.t.at)
        assert Entry.objects.get(act="payments.make_file").behalf_name == self.payer.name

    def test_accounts_lie_sealed_and_in_no_entry(self) -> None:
        self.ordered()
        file = self.make()
        runs.take_out(file, by=self.payer, at=self.t.at)
        assert {str(line.account) for line in file.lines.all()} == {"****8123"}
        assert not any(ACCOUNT.encode() in bytes(entry.octets) for entry in Entry.objects.all())

    # Back

    def test_each_line_is_entered_by_itself_and_the_failed_one_paid_again(self) -> None:
        first, second, third = self.ordered()
        self.make()
        assert self.enter(results(self.paid(first), self.failed(second))) == [
            (first.order_number, "entered"), (second.order_number, "entered"),
        ]  # fmt: skip
        assert [claim.typed().state for claim in (first, second, third)] == [
            ClaimState.PAID, ClaimState.PAYMENT_FAILED, ClaimState.PAYING,
        ]  # fmt: skip
        reason = facts_of(Entry.objects.filter(case_id=second.pk).latest("seq"))["reason"]
        assert reason == "账号与户名不符"
        data = stops.payee("众兴建筑有限公司", account="2310400109024588132")
        self.t.do("correct_payee", on=second, seat="village", data=data, reason="更正账号")
        again = self.t.do("pay", on=second, seat="finance", by=self.payer)
        file = self.make()
        assert [line.order for line in file.lines.all()] == [f"{second.number}-2"]
        assert self.enter(results(self.paid(again))) == [(f"{second.number}-2", "entered")]  # type: ignore[arg-type]
        stands = ledger.position(case_id=self.t.project.pk)
        assert (stands.paid_fen, stands.ordered_fen) == (2 * 97_000, 97_000)

    def test_the_same_file_twice_changes_nothing(self) -> None:
        first, second, _third = self.ordered()
        self.make()
        content = results(self.paid(first), self.failed(second))
        self.enter(content)
        before = Entry.objects.count(), Transfer.objects.count()
        assert {mark for _order, mark in self.enter(content)} == {"known"}
        assert (Entry.objects.count(), Transfer.objects.count()) == before

    def test_an_old_file_does_not_touch_the_order_given_since(self) -> None:
        (claim,) = self.ordered(1)
        self.make()
        content = results(self.failed(claim))
        self.enter(content)
        self.t.do("pay", on=claim, seat="finance", by=self.payer)
        assert self.enter(content) == [(claim.order_number, "known")]
        assert claim.typed().state == ClaimState.PAYING

    def test_what_contradicts_the_books_is_refused_and_the_rest_entered(self) -> None:
        first, second, third = self.ordered()
        self.make()
        self.enter(results(self.paid(first)))
        wrong = (second.order_number, "970.01", "成功", "", "R", self.today())
        unknown = ("C2026-99999-1", "970.00", "成功", "", "R", self.today())
        assert [mark for _order, mark in self.enter(results(self.failed(first), wrong, unknown, self.paid(third)))] == [
            "refused", "refused", "refused", "entered",
        ]  # fmt: skip
        assert second.typed().state == ClaimState.PAYING
        assert books.verify().wrong == list(differences()) == []

    def test_a_day_of_payment_in_the_future_is_refused_by_the_law(self) -> None:
        (claim,) = self.ordered(1)
        self.make()
        late = (*self.paid(claim)[:5], "2031-01-01")
        (outcome,) = payrun.enter_results(results(late), by=self.payer, at=self.t.at)
        assert outcome.mark == "refused"
        assert "C-13" in outcome.text

    def test_an_order_that_went_into_no_file_is_not_answered_by_one(self) -> None:
        (claim,) = self.ordered(1)
        assert self.enter(results(self.paid(claim))) == [(claim.order_number, "refused")]
        assert claim.typed().state == ClaimState.PAYING

    # On the page

    def test_the_pages_show_no_account_and_give_the_file_to_the_payer_alone(self) -> None:
        self.ordered()
        with at(self.t.at):
            clerk, payer = browser_of(official(self.t, "finance")), browser_of(self.payer)
            assert payer.post(reverse("payment-make")).status_code == 302
            file = PaymentFile.objects.get()
            for client in (clerk, payer):
                for address in (reverse("payments"), reverse("payment-file", args=[file.pk])):
                    answer = client.get(address)
                    assert answer.status_code == 200
                    assert ACCOUNT not in answer.content.decode()
            refused = clerk.post(reverse("payment-take-out", args=[file.pk]))
            assert refused.status_code == 409
            assert ACCOUNT not in refused.content.decode()
            assert ACCOUNT in payer.post(reverse("payment-take-out", args=[file.pk])).content.decode()
            assert payer.post(reverse("payment-make")).status_code == 302
        assert PaymentFile.objects.count() == 1

    def test_a_file_of_results_with_faults_is_refused_whole_by_row_and_column(self) -> None:
        first, _second, _third = self.ordered()
        self.make()
        good = ",".join(map(str, self.paid(first)))
        content = f"{HEAD}\r\n{good}\r\nX,1.234,成功,,,昨天".encode()
        with at(self.t.at):
            upload = io.BytesIO(content)
            upload.name = "back.csv"
            page = Page(browser_of(self.payer).post(reverse("payments"), {"results": upload}))
        assert page.status == 422
        assert "3" in page.faults("results")
        assert first.typed().state == ClaimState.PAYING


class PayingHouseholds(HouseholdStage):
    """The lines of a household batch go out and come back like claims, each by itself."""

    def test_a_batch_is_sent_as_one_file_answered_in_parts_and_its_failed_line_sent_again(self) -> None:
        batch = self.ordered()
        entry = Entry.objects.get(case_id=batch.pk, act="household_batch.pay")
        person = Person.objects.get(name=entry.actor_name, posts__unit__name=entry.unit_name)
        file = runs.make(by=person, at=self.t.at)
        first, second = (line.order for line in file.lines.all())
        assert (first, second) == (f"{batch.number}-1-1", f"{batch.number}-2-1")
        content = runs.take_out(file, by=person, at=self.t.at).decode("utf-8-sig")
        assert all(str(one["account"]) in content for one in self.two())
        day = timezone.localdate(self.t.at)
        answers = results((first, "50.00", "失败", "账号与户名不符", "", ""), (second, "50.00", "成功", "", "R2", day))
        entered = payrun.enter_results(answers, by=person, at=self.t.at)
        assert [outcome.mark for outcome in entered] == ["entered", "entered"], entered
        assert self.now(batch).state == "payment_failed"
        assert {one.mark for one in payrun.enter_results(answers, by=person, at=self.t.at)} == {"known"}
        right = {"position": 1, "bank": "通江县农业银行", "account": "6228480400000012345"}
        self.t.do("correct_account", on=batch, seat="village", reason="存折已换。", data=right)
        self.t.do("pay", on=batch, seat="finance", by=person)
        again = runs.make(by=person, at=self.t.at)
        assert [line.order for line in again.lines.all()] == [f"{batch.number}-1-2"]
        late = results((f"{batch.number}-1-2", "50.00", "成功", "", "R3", day))
        assert [one.mark for one in payrun.enter_results(late, by=person, at=self.t.at)] == ["entered"]
        assert self.now(batch).state == "paid"
        assert books.verify().wrong == list(differences()) == []


def bankfile_digest(file: PaymentFile) -> str:
    import hashlib

    return hashlib.sha256(file.content()).hexdigest()


def at(moment: Any) -> Any:
    """The server's clock stands at a moment."""
    from tests.journeys.clerk import clock_at

    return clock_at(moment)


@pytest.mark.django_db(transaction=True)
def test_entering_results_killed_again_and_again_pays_each_order_once(tmp_path: Any) -> None:
    t = project_at(S.APPROVED)
    stage = Paying("ordered")
    Paying.t = t
    stage.setUp()
    claims = stage.ordered(12)
    stage.make()
    content = results(*(stage.paid(claim) for claim in claims))
    file = tmp_path / "back.csv"
    file.write_bytes(content)
    entering = "tests.money.payrun", "enter", str(stage.payer.pk), str(file), t.at.isoformat()
    for lines in (2, 5):
        with forked.Forked(*entering, url=url()) as process:
            for said, _line in enumerate(process, start=1):
                if said == lines:
                    process.kill()
            assert process.wait() == -signal.SIGKILL
        stands = ledger.position(case_id=t.project.pk)
        assert stands.paid_fen + stands.ordered_fen == 12 * 97_000
        assert 0 < stands.paid_fen < 12 * 97_000
        assert books.verify().wrong == list(differences()) == []
    forked.run(*entering, url=url())
    assert ledger.position(case_id=t.project.pk).paid_fen == 12 * 97_000
    assert Transfer.objects.filter(kind="settle").count() == Transfer.objects.filter(kind="order").count() == 12
    assert PaymentLine.objects.count() == 12
    assert books.verify().wrong == list(differences()) == []

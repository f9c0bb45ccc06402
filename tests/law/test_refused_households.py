"""What a household batch is refused for, up to the payment: the list, the board, the grant, paid twice."""

from __future__ import annotations

import datetime as dt

from approvals import payouts, stops
from tests.law.claiming import ClaimStage
from tests.law.householding import HouseholdStage, goods, household
from tests.law.stages import refused_by
from workflows.household.example import made_up_identity
from workflows.models import HouseholdBatch, HouseholdLine, PaidMonth
from workflows.states import ProjectState as S


class BeforeTheList(HouseholdStage):
    @refused_by("H-01")
    def test_months_lie_in_one_year_one_after_the_other(self) -> None:
        self.t.open(HouseholdBatch, seat="village", data={"first_month": "2026-12", "last_month": "2027-01"})

    @refused_by("H-05")
    def test_an_empty_list_is_not_published(self) -> None:
        data = {"first_month": "2026-03", "last_month": "2026-03"}
        batch = self.t.open(HouseholdBatch, seat="village", data=data)
        self.t.do("publish", on=batch, seat="village")


class BeforeThePlan(HouseholdStage):
    state = S.ON_NOTICE

    @refused_by("C-01")
    def test_nothing_is_listed_before_the_plan_is_issued(self) -> None:
        self.batch()


class TheList(HouseholdStage):
    @refused_by("H-02")
    def test_an_identity_number_has_the_right_check_sign(self) -> None:
        wrong = made_up_identity(1)[:-1] + ("1" if made_up_identity(1)[-1] != "1" else "2")
        self.batch(household(1, id_number=wrong))

    @refused_by("H-02")
    def test_an_amount_is_the_standard_times_the_quantity(self) -> None:
        self.batch(household(1, amount_fen=50_01))

    @refused_by("H-02")
    def test_nobody_stands_twice_under_one_standard(self) -> None:
        self.batch(household(1), household(2, id_number=made_up_identity(1)))

    @refused_by("H-02")
    def test_a_standard_is_one_of_the_rulebook_s(self) -> None:
        self.batch(household(1, standard="free_beer", amount_fen=1))

    @refused_by("H-02")
    def test_no_more_people_are_paid_for_than_the_household_has(self) -> None:
        self.batch(household(1, members=2, quantity_milli=3000))

    @refused_by("H-02")
    def test_half_a_person_is_not_paid_for(self) -> None:
        self.batch(household(1, quantity_milli=500))

    @refused_by("H-02")
    def test_money_goes_to_an_account(self) -> None:
        self.batch(household(1, account=""))

    @refused_by("H-02")
    def test_goods_say_what_they_are(self) -> None:
        self.batch(goods(1, item=""))

    @refused_by("H-03")
    def test_nobody_is_listed_whom_another_batch_pays_for_the_month(self) -> None:
        self.elsewhere()
        self.batch()

    def test_another_standard_or_another_month_is_no_second_payment(self) -> None:
        self.elsewhere()
        self.batch(household(1, standard="disabled_nursing"))
        self.batch(household(1), months=("2026-04", "2026-04"))

    def test_rejected_and_struck_lines_free_their_people(self) -> None:
        batch = self.hung()
        payouts.submit(self.t, batch)
        self.t.do("reject", on=batch, seat="township", reason="不符合条件。")
        second = self.published()
        self.decide(second, self.objection(second), "strike")
        assert self.now(self.batch(household(1))).lines.count() == 1

    @refused_by("H-06")
    def test_a_list_never_exceeds_what_the_grant_leaves(self) -> None:
        grant = self.t.project.grant_fen
        one = household(1, members=50, quantity_milli=50_000, standard="rural_dibao")
        many = [one | {"id_number": made_up_identity(n)} for n in range(1, grant // (50 * 38_500) + 2)]
        self.published(*many)


class OnTheBoard(HouseholdStage):
    @refused_by("N-01")
    def test_the_notice_runs_its_full_term(self) -> None:
        batch = self.published()
        self.t.papers("household_batch.submit", seat="village", on=batch)
        self.t.do("submit", on=batch, seat="village")

    @refused_by("P-01")
    def test_the_villages_resolution_is_attached(self) -> None:
        batch = self.batch()
        payouts.publish(self.t, batch)
        self.t.do("submit", on=batch, seat="village")

    @refused_by("H-07")
    def test_an_open_objection_blocks(self) -> None:
        batch = self.hung()
        self.objection(batch)
        self.t.do("submit", on=batch, seat="village")

    @refused_by("H-08")
    def test_an_objection_is_to_a_line_that_is_there(self) -> None:
        self.objection(self.published(), 3)

    @refused_by("H-09")
    def test_an_objection_is_decided_once(self) -> None:
        batch = self.published()
        objection = self.objection(batch)
        self.decide(batch, objection, "dismiss")
        self.decide(batch, objection, "strike")

    @refused_by("H-10")
    def test_a_changed_line_is_as_lawful_as_a_listed_one(self) -> None:
        batch = self.published()
        self.decide(batch, self.objection(batch), "change", quantity_milli=5000)

    @refused_by("H-10")
    def test_a_changed_line_has_another_quantity(self) -> None:
        batch = self.published()
        self.decide(batch, self.objection(batch), "change")

    @refused_by("N-01")
    def test_after_an_upheld_objection_the_notice_runs_anew(self) -> None:
        batch = self.hung()
        self.decide(batch, self.objection(batch), "change", quantity_milli=2000)
        assert self.now(batch).amount_fen == 150_00
        self.t.do("submit", on=batch, seat="village")

    def test_then_the_new_list_hangs_and_is_submitted(self) -> None:
        batch = self.hung()
        self.decide(batch, self.objection(batch), "strike")
        stops.run_notice(self.t, purpose="household", seat="village", about=batch)
        self.t.do("submit", on=batch, seat="village")
        assert self.now(batch).amount_fen == 50_00

    @refused_by("N-15")
    def test_the_notice_of_a_list_that_was_changed_cannot_close(self) -> None:
        batch = self.published()
        notice = self.notice(batch)
        self.decide(batch, self.objection(batch), "strike")
        self.t.wait_until(notice.runs_until + dt.timedelta(days=1))
        self.t.do("close", on=notice, seat="programme")

    @refused_by("N-03")
    def test_a_household_notice_names_its_batch(self) -> None:
        self.published()
        stops.post_notice(self.t, purpose="household")

    def test_a_list_taken_back_unchanged_need_not_hang_again(self) -> None:
        batch = self.hung()
        self.t.do("recall", on=batch, seat="village", reason="核对。")
        self.t.do("publish", on=batch, seat="village")
        assert self.t.do("submit", on=batch, seat="village").state == "submitted"

    @refused_by("N-01")
    def test_a_list_loaded_anew_must_hang_again(self) -> None:
        batch = self.hung()
        self.t.do("recall", on=batch, seat="village", reason="更正。")
        self.load(batch, household(1))
        self.t.do("publish", on=batch, seat="village")
        self.t.do("submit", on=batch, seat="village")


class BetweenTwoBatches(HouseholdStage):
    @refused_by("H-04")
    def test_every_desk_asks_again_whether_somebody_is_paid_elsewhere(self) -> None:
        batch = self.hung()
        # Loaded before the first one was published, so that neither knew of the other.
        HouseholdBatch.objects.filter(pk=batch.pk).update(state="draft")
        other = self.elsewhere()
        HouseholdBatch.objects.filter(pk=batch.pk).update(state="on_notice")
        assert other.number
        self.t.do("submit", on=batch, seat="village")

    @refused_by("H-04")
    def test_the_database_itself_knows_no_second_payment_for_a_month(self) -> None:
        batch = self.checked()
        line = self.now(batch).lines.get(position=1)
        PaidMonth.objects.create(
            line=line, id_number_print=line.id_number_print, standard=line.standard, month=dt.date(2026, 3, 1)
        )
        payouts.order(self.t, batch)

    @refused_by("H-11")
    def test_finance_pays_the_list_that_was_published_and_no_other(self) -> None:
        batch = self.checked()
        HouseholdLine.objects.filter(batch=batch.pk, position=1).update(name="顶替人")
        payouts.order(self.t, batch)

    @refused_by("D-01")
    def test_who_checks_does_not_pay(self) -> None:
        batch = self.checked()
        checker = next(step.person for step in reversed(self.t.steps) if step.act == "household_batch.check_finance")
        self.t.do("pay", on=batch, seat="finance", by=checker)

    @refused_by("C-04")
    def test_claims_and_batches_together_never_exceed_the_grant(self) -> None:
        self.published()
        # All of the grant but a hundred yuan, in the list's own words; the lines themselves do not matter here.
        HouseholdBatch.objects.update(amount_fen=self.t.project.grant_fen - 100_00)
        ceiling = 100_00
        claimant = ClaimStage()
        claimant.t = self.t
        claimant.submit(claimant.draw_up(fen=ceiling + 1))

    @refused_by("M-04")
    def test_a_project_does_not_end_while_a_batch_is_open(self) -> None:
        self.ordered()
        self.t.do("terminate", seat="leading_group", reason="终止。")

    def test_the_rate_of_each_month_is_the_one_in_force_on_its_first_day(self) -> None:
        batch = self.batch(household(1, standard="rural_dibao"), months=("2026-05", "2026-07"))
        assert self.now(batch).amount_fen == 385_00 + 470_00 + 470_00

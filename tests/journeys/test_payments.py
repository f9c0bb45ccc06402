"""A day at the payer's desk, in Chromium: ordered together, sent as one file, the bank's answer entered."""

from __future__ import annotations

from django.urls import reverse
from selenium.webdriver.common.by import By

from approvals import stops
from funds.money import yuan
from tests.factories import official, project_at
from tests.journeys.clerk import Clerk, clock_at
from workflows.models import Claim, PaymentFile
from workflows.payments import bankfile
from workflows.states import ClaimState
from workflows.states import ProjectState as S

ACCOUNT = "2310400109024588123"


def test_two_claims_are_ordered_sent_answered_and_the_failed_one_is_ready_to_be_paid_again(clerk: Clerk) -> None:
    travellers = [project_at(S.APPROVED, specimen=n) for n in range(2)]
    claims = [stops.claim_tranche(t, code="start", pay=False) for t in travellers]
    payer = official(travellers[0], "finance", hand=1)
    with clock_at(max(t.at for t in travellers)):
        clerk.log_in(payer)
        clerk.visit("queue")
        clerk.chrome.find_element(By.CSS_SELECTOR, "[data-ticks]").click()
        clerk.submit(button='button[form="bulk"], #bulk button')
        clerk.click("下达付款")
        clerk.submit(button='button[name="decide"]')
        assert {claim.typed().state for claim in claims if claim} == {ClaimState.PAYING}
        clerk.visit("payments")
        assert "2 笔" in clerk.text()
        clerk.click("生成支付文件")
        file = PaymentFile.objects.get()
        assert clerk.chrome.current_url.endswith(reverse("payment-file", args=[file.pk]))
        assert ACCOUNT not in clerk.chrome.page_source
        assert not clerk.scrolls_sideways()
        paid, failed = file.lines.all()
        answer = clerk.folder / "回执.csv"
        rows = [
            ",".join(bankfile.BACK),
            f"{paid.order},{yuan(paid.fen).replace(',', '')},成功,,R1,{file.made_at:%Y-%m-%d}",
            f"{failed.order},{yuan(failed.fen).replace(',', '')},失败,账号与户名不符,,",
        ]
        answer.write_text("\r\n".join(rows), encoding="gb18030")
        clerk.visit("payments")
        clerk.upload("results", [answer])
        clerk.submit(button="main form[enctype] button")
        told = [row.text for row in clerk.chrome.find_elements(By.CSS_SELECTOR, "section[role=status] tbody tr")]
        assert len(told) == 2
        assert all("已登记" in row for row in told)
        assert "账号与户名不符" in told[1]
    states = {claim.pk: claim.typed().state for claim in Claim.objects.all()}
    assert states == {paid.case_id: ClaimState.PAID, failed.case_id: ClaimState.PAYMENT_FAILED}
    assert clerk.complaints() == []

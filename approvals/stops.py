"""The stops on the road: a notice, a tender, a claim, an audit, an order, an acceptance, each whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import auditing
from approvals.demo.sheets import sheet
from approvals.ordering import answer_order as answer_order
from approvals.ordering import close_order as close_order
from approvals.ordering import rectify as rectify
from approvals.traveller import Traveller
from funds.ledger import Labour
from funds.models import ANY_PURPOSE
from funds.money import yuan
from workflows import treasury, words
from workflows.lifecycles.acceptance import SEATS as ACCEPTANCE_SEATS
from workflows.models import Acceptance, Case, Claim, Notice, Project, Tender


def post_notice(t: Traveller, *, purpose: str, seat: str = "programme", about: Case | None = None) -> Notice:
    """A notice posted in every place, its term running."""
    text = f"现将“{t.project.title}”予以公示，接受群众监督。"
    data = {"purpose": purpose, "about_id": about.pk if about else None, "text": text, "hotline": "0827-7221234",
            "address": "县扶贫开发办公室"}  # fmt: skip
    notice = t.open(Notice, seat=seat, data=data)
    boards = notice.typed().places_missing()  # type: ignore[attr-defined]
    if boards:
        t.try_in_vain("start", on=notice, seat="programme", rule="N-05")
    for place in boards:
        lines = (words.place(place), str(notice.number), t.project.title)
        photo = sheet(name=words.place(place), lines=lines, suffix=".png")
        posted = {"place": place, "posted_on": timezone.localdate(t.at), "poster": "王小明"}
        t.do("post", on=notice, seat=seat, data=posted, files=[photo])
    return t.do("start", on=notice, seat="programme")  # type: ignore[return-value]


def run_notice(t: Traveller, *, purpose: str, seat: str = "programme", about: Case | None = None) -> Notice:
    """A notice from its posting to its closing; closed too early first, in vain."""
    return close_notice(t, post_notice(t, purpose=purpose, seat=seat, about=about))


def close_notice(t: Traveller, notice: Notice) -> Notice:
    """Too early first, in vain; then on the day after its term."""
    assert notice.runs_until is not None
    if timezone.localdate(t.at) <= notice.runs_until:
        t.try_in_vain("close", on=notice, seat="programme", rule="N-06")
    t.wait_until(notice.runs_until + dt.timedelta(days=1))
    return t.do("close", on=notice, seat="programme")  # type: ignore[return-value]


def issue_tender(t: Traveller) -> Tender:
    """A tender by the route that amount and kind prescribe, its documents issued."""
    tender = t.open(Tender, seat="procurement", data={"subject": t.project.title}).typed()
    assert isinstance(tender, Tender)
    today = timezone.localdate(t.at)
    days = _bid_days(tender, on=today)
    if days:
        soon = {"bids_until": today + dt.timedelta(days=days - 1)}
        t.try_in_vain("issue", on=tender, seat="procurement", rule="T-03", data=soon)
    lawful = {"bids_until": today + dt.timedelta(days=max(days, 3))}
    return t.do("issue", on=tender, seat="procurement", data=lawful)  # type: ignore[return-value]


def _bid_days(tender: Tender, *, on: dt.date) -> int:
    return (tender.earliest_deadline(issued=on) - on).days


def _firms(t: Traveller) -> tuple[str, ...]:
    """The bidders, the winner first; another one wins the next project, as in a county where nothing is arranged."""
    firms = ("巴山路桥建设有限公司", "通江县众兴建筑有限公司", "红云水利工程有限公司", "诺水河园林有限公司")
    turn = Project.objects.filter(pk__lt=t.project.pk).count() % len(firms)
    return firms[turn:] + firms[:turn]


def hold_tender(t: Traveller) -> Tender:
    """The whole procurement of the project."""
    tender = issue_tender(t)
    days, periods = _bid_days(tender, on=timezone.localdate(t.at)), tender.periods
    if days:
        t.try_in_vain("open_bids", on=tender, seat="procurement", rule="T-04", data={"bids": []})
    t.wait(max(days, 3))
    needed = periods.bidders_min.value if periods.bidders_min else 1
    price = tender.budget_fen * 96 // 100
    firms = _firms(t)
    bids = [{"bidder": firm, "price_fen": price + n * 100_000} for n, firm in enumerate(firms[: max(needed, 1)])]
    if needed > 1:
        t.try_in_vain("open_bids", on=tender, seat="procurement", rule="T-05", data={"bids": bids[:-1]})
    t.do("open_bids", on=tender, seat="procurement", data={"bids": bids})
    least = periods.committee_min.value if periods.committee_min else 1
    if least > 1:
        few = {"members": least - 1, "experts": least - 1, "candidates": [firms[0]]}
        t.try_in_vain("rank", on=tender, seat="procurement", rule="T-06", data=few)
    committee = {"members": least, "experts": least, "candidates": [firms[0]]}
    ranked = t.do("rank", on=tender, seat="procurement", data=committee, reason="经评审，推荐第一候选人。")
    if periods.candidate_days_min:
        t.try_in_vain("award", on=ranked, seat="procurement", rule="T-08", data={"winner": firms[0]})
        t.wait(periods.candidate_days_min.value + 4)
    t.wait(1)
    t.do("award", on=tender, seat="procurement", data={"winner": firms[0]}, reason="公示无异议，确定中标人。")
    t.wait(5)
    over = {"contract_fen": price + 1, "signed_on": timezone.localdate(t.at)}
    t.try_in_vain("close", on=tender, seat="procurement", rule="T-12", data=over)
    today = timezone.localdate(t.at)
    lawful = {"contract_fen": price, "signed_on": today, "completes_on": today + dt.timedelta(days=180)}
    return t.do("close", on=tender, seat="procurement", data=lawful)  # type: ignore[return-value]


def post_board(t: Traveller) -> None:
    """The sign-board at the site, on the day of the start."""
    board = sheet(name=words.place("site_board"), lines=(t.project.title, str(t.project.contractor)), suffix=".png")
    t.do("post_board", seat="village", data={"posted_on": timezone.localdate(t.at)}, files=[board])


def count_labour(t: Traveller) -> None:
    """The villagers' labour, entered by the finance bureau with its rate and counted by the township when done."""
    rate_fen = 10_000
    labour = Labour(
        days_milli=t.project.labour_fen * 1000 // rate_fen, rate_fen=rate_fen, rate_document="县定额〔2026〕3号"
    )
    if not labour.days_milli:
        return
    clerk = t.who(t.project, None, seat="finance")
    source = treasury.open_source(
        name=f"{t.project.number} 投工投劳", kind="labour", manager="村民委员会", channel="一事一议", nature="投工投劳",
        purpose=ANY_PURPOSE, procedure="村民会议决议", document_number=f"村议〔{t.at.year}〕{t.project.pk}号",
        year=t.at.year, labour=labour, by=clerk, at=t.at,
    )  # fmt: skip
    treasury.receive(source=source, by=clerk, at=t.at)
    done = {"source_id": source.pk, "days_milli": labour.days_milli}
    more = done | {"days_milli": labour.days_milli + 1000}
    t.try_in_vain("count_labour", seat="township", rule="M-15", data=more)
    t.do("count_labour", seat="township", reason="出工登记属实。", data=done)


def draw_up_claim(t: Traveller, *, code: str) -> Claim | None:
    """A claim of all that its tranche leaves, ready to be submitted; a yuan too much first, in vain."""
    ceiling = _ceiling(t, code)
    if ceiling <= 0:
        return None
    mind_the_year_end(t)
    today = timezone.localdate(t.at)
    seller = t.project.contractor or "通江县众兴建筑有限公司"
    invoice = {"code": "051002400111", "number": f"{t.project.pk:05d}{len(t.steps):03d}", "issued_on": today,
               "seller": seller, "amount_fen": ceiling + 100}  # fmt: skip
    form = {"tranche": code, "amount_fen": ceiling, "invoices": [invoice]} | payee(seller)
    claim = t.open(Claim, seat="village", data=form | ({"amount_fen": ceiling + 1} if t.probing else {}))
    attach_invoices(t, claim)
    t.papers("claim.submit", seat="village", on=claim)
    if t.probing:
        t.try_in_vain("submit", on=claim, seat="village", rule="C-04")
        t.do("correct", on=claim, seat="village", data=form)
    return claim  # type: ignore[return-value]


def claim_tranche(t: Traveller, *, code: str, pay: bool = True) -> Claim | None:
    """A claim of one tranche through its four hands."""
    claim = draw_up_claim(t, code=code)
    if claim is None:
        return None
    t.do("submit", on=claim, seat="village")
    filer = t.who(claim, "submit", seat="village")
    t.try_in_vain("check_township", on=claim, by=filer, rule="O-01")
    t.do("check_township", on=claim, seat="township", reason="现场核实属实。")
    t.do("approve_department", on=claim, seat="department", reason="工程量和质量符合要求。")
    t.do("approve_finance", on=claim, seat="finance", reason="凭证齐全,同意拨付。")
    reviewer = t.steps[-1].person
    if "claim" in t.project.book.notices:
        t.try_in_vain("pay", on=claim, seat="finance", rule="N-01")
        run_notice(t, purpose="claim", about=claim)
    t.try_in_vain("pay", on=claim, by=reviewer, rule="D-01")
    if pay:
        pay_by_bank(t, claim)
    return claim


def attach_invoices(t: Traveller, claim: Case) -> None:
    """The scan of every invoice that has none yet; without them it cannot be submitted."""
    bills = {bill.key: bill for bill in claim.typed().unfiled_bills}  # type: ignore[attr-defined]
    for key, bill in bills.items():
        scan = sheet(name=f"发票{bill.number}", lines=("发票", key, bill.seller, yuan(bill.amount_fen), str(claim)))
        t.do("attach_invoice", on=claim, seat="village", data={"invoice": key}, files=[scan])


def payee(name: str, *, account: str = "2310400109024588123") -> dict[str, str]:
    """Whom a claim pays, with an account made up for him."""
    return {"payee": name, "bank": "通江县农村信用联社", "account": account}


def pay_by_bank(t: Traveller, claim: Case) -> None:
    """The order, and the bank's answer; for a probing traveller it comes back the first time."""
    t.do("pay", on=claim, seat="finance")
    if t.probing and not any(step.act == "claim.fail_payment" for step in t.steps):
        t.wait(1)
        t.do("fail_payment", on=claim, seat="finance", reason="账号与户名不符，退票。", data=_answer(claim))
        t.do("correct_payee", on=claim, seat="village", reason="经核对，更正收款账号。",
             data=payee(claim.typed().payee, account="2310400109024588132"))  # type: ignore[attr-defined]  # fmt: skip
        t.do("pay", on=claim, seat="finance")
    t.wait(1)
    receipt = {"bank_reference": f"{claim.pk:08d}", "paid_on": timezone.localdate(t.at)}
    t.try_in_vain("confirm_payment", on=claim, seat="finance", rule="C-12",
                  data=receipt | _answer(claim, more_fen=1))  # fmt: skip
    t.do("confirm_payment", on=claim, seat="finance", data=receipt | _answer(claim))


def _answer(claim: Case, *, more_fen: int = 0) -> dict[str, Any]:
    """What the bank says about the claim's last order."""
    ordered = claim.typed()
    assert isinstance(ordered, Claim)
    return {"order_number": ordered.order_number, "ordered_fen": ordered.ordered_fen + more_fen}


def _ceiling(t: Traveller, code: str) -> int:
    probe = Claim(root=t.project, edition=t.project.edition, tranche=code, amount_fen=1)
    probe.root_id = t.project.pk
    return probe.ceiling_fen


def mind_the_year_end(t: Traveller) -> None:
    """Claims close at the rulebook's day; a late one waits for the new year."""
    month, day = map(int, t.project.book.year_end.claims_close.value.split("-"))
    today = timezone.localdate(t.at)
    if today > dt.date(today.year, month, day):
        t.wait_until(dt.date(today.year + 1, 1, 4))


def hold_audit(t: Traveller, *, audited_fen: int | None = None) -> Case:
    """The special audit: notice, fieldwork, three sections, draft, silence, report."""
    t.try_in_vain("pass_audit", seat="audit", rule="A-01")
    audit = auditing.send_notice(t)
    auditing.begin_fieldwork(t, audit)
    drafted = {"audited_fen": audited_fen or auditing.price(t)}
    t.try_in_vain("draft", on=audit, seat="audit", rule="A-04", data=drafted)
    auditing.sign_sections(t, audit)
    t.do("draft", on=audit, seat="audit", reason="核减签证不实部分。", data=drafted)
    t.try_in_vain("conclude", on=audit, seat="audit", rule="A-05")
    auditing.wait_for_silence(t)
    return t.do("conclude", on=audit, seat="audit", reason="被审计单位逾期未答复，视为无异议。")


def hold_acceptance(t: Traveller) -> Case:
    """Township and county acceptance as the rulebook orders."""
    t.try_in_vain("pass_acceptance", seat="programme", rule="X-01")
    acceptance = t.open(Acceptance, seat="village", data={"done": f"完成{t.project.description or t.project.title}"})
    *lower, last = (ACCEPTANCE_SEATS[level] for level in t.project.book.acceptance.levels.value)
    for seat in lower:
        t.wait(3)
        t.do("pass_level", on=acceptance, seat=seat, reason="本级验收合格。")
    t.papers("acceptance.conclude", seat=last, on=acceptance)
    policy = t.project.book.acceptance
    small = {"members": max(1, policy.members_min.value - 1), "beneficiaries": 0}
    t.try_in_vain("conclude", on=acceptance, seat=last, rule="X-05", data=small)
    group = {"members": policy.members_min.value, "beneficiaries": 1, "grade": "good"}
    t.wait(3)
    return t.do("conclude", on=acceptance, seat=last, reason="数量属实，质量合格。", data=group)

"""Checks of procurement in money: contract ≤ award ≤ budget, the award is the first candidate's bid."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows.checks.catalogue import Found, check, found
from workflows.checks.family import Family, Row, as_int
from workflows.checks.standing import standing


@check("CH-30", _("The award is within the budget"), _("政府采购法 art. 36; 预算法 art. 13"),
       _("The award of %(award)s yuan is above the budget of %(budget)s yuan."),
       waiver=_("project.change: a change of plan that was allowed before"))  # fmt: skip
def award_is_within_the_budget(family: Family) -> Iterator[Found]:
    """The budget is that with which the tender was opened: bidders were not told another."""
    for award in family.of("tender.award"):
        stood = standing(family, family.first("tender.open", case=award.case_id) or award)
        if stood is not None and award.amount_fen is not None and award.amount_fen > stood.bought_fen > 0:
            yield found(award, award=yuan(award.amount_fen), budget=yuan(stood.bought_fen))


@check("CH-31", _("The contract is within the award"), _("招标投标法 art. 46: no contract against the award"),
       _("The contract of %(contract)s yuan is above the award of %(award)s yuan."))  # fmt: skip
def contract_is_within_the_award(family: Family) -> Iterator[Found]:
    for close in family.of("tender.close"):
        award = family.last("tender.award", case=close.case_id, before=close)
        price, limit = close.fen("contract_fen"), award.amount_fen if award else None
        if price is not None and limit is not None and price > limit:
            yield found(award, close, contract=yuan(price), award=yuan(limit))


@check("CH-32", _("The project's contract is the tender's"), _("招标投标法 art. 46: no contract against the award"),
       _("The project's contract is of %(signed)s yuan, its tender's of %(agreed)s yuan."))  # fmt: skip
def contract_is_the_tenders(family: Family) -> Iterator[Found]:
    for signed in family.of("project.sign_contract"):
        close = family.last("tender.close", before=signed)
        agreed = close.fen("contract_fen") if close else None
        if agreed is not None and signed.amount_fen not in (None, agreed):
            yield found(close, signed, signed=yuan(signed.amount_fen or 0), agreed=yuan(agreed))


@check("CH-33", _("The first candidate wins, at the price of his bid"),
       _("招标投标法实施条例 art. 55; 招标投标法 art. 46"),
       _("The award went to %(winner)s for %(price)s yuan; first was %(first)s, whose bid was %(bid)s yuan."),
       waiver=_("tender.fail: a first candidate who withdraws ends the tender"))  # fmt: skip
def first_candidate_wins_at_his_price(family: Family) -> Iterator[Found]:
    for award in family.of("tender.award"):
        ranked = family.last("tender.rank", case=award.case_id, before=award)
        opened = family.last("tender.open_bids", case=award.case_id, before=award)
        first = _first(ranked)
        bids = {str(bid.get("bidder")): as_int(bid.get("price_fen")) for bid in opened.lines("bids")} if opened else {}
        winner, bid = award.text("winner"), bids.get(first)
        if first and (winner != first or (bid is not None and award.amount_fen not in (None, bid))):
            price = yuan(award.amount_fen) if award.amount_fen is not None else "—"
            told = yuan(bid) if bid is not None else "—"
            yield found(opened, ranked, award, winner=winner, price=price, first=first, bid=told)


def _first(ranked: Row | None) -> str:
    candidates = ranked.data.get("candidates") if ranked else None
    return str(candidates[0]) if isinstance(candidates, list) and candidates else ""
